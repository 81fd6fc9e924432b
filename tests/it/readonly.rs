//! Commands that only read, and how often they do.

use std::collections::BTreeMap;

use billform::sandbox::RequestRecord;

use crate::harness::{Bench, SEED, SMALL};

#[test]
fn no_command_but_apply_writes() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    let untouched = bench.state();
    bench.run("plan config").exits(0);
    bench.run("drift config").exits(2);
    bench.run("export").exits(0);
    bench.run("apply config").exits(4);
    assert_eq!(bench.writes(), 0);
    assert_eq!(bench.state(), untouched);
    bench.settle();
    let applied = bench.state();
    bench.panel().clear_requests();
    bench.change("350.00", "360.00");
    bench.run("plan config").exits(0);
    bench.run("drift config").exits(2);
    bench.run("export").exits(0);
    assert_eq!(bench.writes(), 0);
    assert_eq!(bench.state(), applied);
}

/// What a request asks for, without who asks and how it is to be answered.
fn question(request: &RequestRecord) -> String {
    const ASIDE: [&str; 6] = ["func", "authinfo", "auth", "out", "lang", "sfrom"];
    let rest = request.params.iter().filter(|(name, _)| !ASIDE.contains(&name.as_str()));
    let mut rest: Vec<String> = rest.map(|(name, value)| format!("{name}={value}")).collect();
    rest.sort();
    format!("{} {}", request.func, rest.join(" "))
}

#[test]
fn a_plan_asks_nothing_twice() {
    for seed in [SEED, 8, 21] {
        let bench = Bench::new().sandbox(seed).example("hosting");
        bench.settle();
        bench.panel().clear_requests();
        bench.in_sync();
        let mut asked: BTreeMap<String, usize> = BTreeMap::new();
        for request in bench.panel().requests() {
            *asked.entry(question(&request)).or_default() += 1;
        }
        let total: usize = asked.values().sum();
        let twice: Vec<_> = asked.iter().filter(|(_, times)| **times > 1).collect();
        assert!(twice.is_empty(), "dialect {seed}: {twice:#?}\nof {total}: {asked:#?}");
    }
}
