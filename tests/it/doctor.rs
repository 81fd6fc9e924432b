//! `doctor`: what can be managed on a panel, and what stands in the way.

use billform::sandbox::{CLIENT, Hostile};
use serde_json::Value;

use crate::harness::{Bench, SEED, SMALL};

#[test]
fn a_panel_in_order_is_said_to_be_so_and_nothing_is_written() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.run("doctor").exits(0).says("none was found");
    bench.settle();
    let before = bench.state();
    bench.panel().clear_requests();
    let run = bench.run("doctor").exits(0).says("access level 29").says("Every kind can be managed");
    for kind in ["processor", "enumeration-item", "price", "period-mapping"] {
        assert!(run.stdout.lines().any(|line| line.contains("ok") && line.contains(kind)), "{run}");
    }
    bench.run("doctor -v").exits(0).says("currency RUB").says("period mapping of");
    assert_eq!(bench.writes(), 0);
    assert_eq!(bench.state(), before);
    let json = bench.run("doctor --format json").exits(0).json();
    let schema: Value = bench.run("schema doctor").exits(0).json();
    let schema = jsonschema::validator_for(&schema).unwrap();
    assert!(schema.is_valid(&json), "{:?}", schema.iter_errors(&json).next());
}

#[test]
fn a_list_with_a_stored_filter_fails_its_kind_only() {
    let bench = Bench::new().hostile_sandbox(SEED, &[Hostile::StoredFilter]);
    bench.run("doctor").exits(9).says("FAILED").says("filter").says("access level 29");
}

#[test]
fn an_account_that_is_no_administrator_fails() {
    let bench = Bench::new().sandbox(SEED).env("BILLFORM_USER", CLIENT);
    bench.run("doctor").exits(7).says("access level 16").says("use an administrator's account");
}

#[test]
fn a_name_that_cannot_be_told_comes_with_the_line_that_settles_it() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    let text = "version: 1\ndialect: {fields: {processor_url: nothing_here}}\n";
    bench.write("wrong.yaml", text);
    let run = bench.run("doctor wrong.yaml").exits(4);
    // The other kinds were looked at all the same.
    run.says("missing").says("fields: {processor_url: NAME}").says("price");
}
