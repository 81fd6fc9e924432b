//! The unfriendly habits of a real panel.

use billform::sandbox::{ADMIN, Hostile};

use crate::harness::{Bench, SMALL, in_parallel};

/// All but the one that a careful tool stops at.
fn passable() -> Vec<Hostile> {
    Hostile::ALL.into_iter().filter(|mode| *mode != Hostile::StoredFilter).collect()
}

#[test]
fn each_habit_alone_is_coped_with() {
    in_parallel(passable(), |mode| {
        for auth in ["authinfo", "session"] {
            let bench = Bench::new().hostile_sandbox(31, &[mode]).config(SMALL).env("BILLFORM_AUTH", auth);
            bench.settle();
        }
    });
}

#[test]
fn all_habits_together_are_coped_with() {
    in_parallel([32, 33, 34], |seed| {
        Bench::new().hostile_sandbox(seed, &passable()).config(SMALL).settle();
    });
    Bench::new().hostile_sandbox(35, &passable()).example("hosting").settle();
}

#[test]
fn an_export_copes_with_all_habits() {
    let bench = Bench::new().hostile_sandbox(36, &passable()).config(SMALL);
    bench.settle();
    bench.run("export --out exported").exits(0);
    bench.run("plan exported --detailed-exitcode").exits(0);
}

#[test]
fn a_stored_filter_is_refused_and_the_way_out_is_told() {
    in_parallel([vec![Hostile::StoredFilter], Hostile::ALL.to_vec()], |modes| {
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
    let lists = [("processing", "name", "vm6"), ("enumeration", "intname", "backup"), ("pricelist", "name", "VDS")];
    in_parallel(lists, |(list, column, text)| {
        let bench = Bench::new().sandbox(38).config(SMALL);
        bench.settle();
        bench.panel().set_filter(ADMIN, list, &[(column, text)]);
        bench.run("plan config").exits(9).says("filter").says(list);
        bench.panel().set_filter(ADMIN, list, &[(column, "")]);
        bench.in_sync();
    });
}
