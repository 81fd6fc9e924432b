//! The unfriendly habits of a real panel.

use billform::sandbox::{ADMIN, Hostile};

use crate::harness::{Bench, SMALL, all_at_once};

/// All but the one that a careful tool stops at.
fn passable() -> Vec<Hostile> {
    Hostile::ALL.into_iter().filter(|mode| *mode != Hostile::StoredFilter).collect()
}

/// Those of them that do not make a client wait for seconds.
fn quick() -> Vec<Hostile> {
    let slow = [Hostile::LongRequest, Hostile::RequestInProcess];
    passable().into_iter().filter(|mode| !slow.contains(mode)).collect()
}

#[test]
fn each_habit_alone_is_coped_with() {
    all_at_once(passable(), |mode| {
        Bench::new().hostile_sandbox(31, &[mode]).config(SMALL).settle();
    });
}

#[test]
fn a_session_that_dies_is_opened_again() {
    let bench = Bench::new().hostile_sandbox(31, &[Hostile::SessionExpiry]);
    bench.config(SMALL).env("BILLFORM_AUTH", "session").settle();
}

#[test]
fn all_habits_together_are_coped_with() {
    let (all, quick) = (passable(), quick());
    all_at_once([(32, &all), (33, &quick), (34, &quick), (35, &quick)], |(seed, modes)| {
        Bench::new().hostile_sandbox(seed, modes).config(SMALL).settle();
    });
    let bench = Bench::new().hostile_sandbox(36, &quick).example("hosting");
    bench.settle();
    bench.run("export --out exported").exits(0);
    bench.run("plan exported --detailed-exitcode").exits(0);
}

#[test]
fn a_stored_filter_is_refused_and_the_way_out_is_told() {
    all_at_once([vec![Hostile::StoredFilter], Hostile::ALL.to_vec()], |modes| {
        let bench = Bench::new().hostile_sandbox(37, &modes).config(SMALL);
        let before = bench.state();
        for command in ["plan config", "drift config", "apply config --yes", "export"] {
            bench.run(command).exits(9).says("filter");
        }
        assert_eq!(bench.state(), before);
    });
}

#[test]
fn a_filter_on_each_list_that_is_read_is_noticed() {
    let lists =
        [("processing", "name", "vm6"), ("enumeration", "intname", "backup"), ("pricelist", "name", "VDS")];
    all_at_once(lists, |(list, column, text)| {
        let bench = Bench::new().sandbox(38).config(SMALL);
        bench.settle();
        bench.panel().set_filter(ADMIN, list, &[(column, text)]);
        bench.run("plan config").exits(9).says("filter").says(list);
        bench.panel().set_filter(ADMIN, list, &[(column, "")]);
        bench.in_sync();
    });
}
