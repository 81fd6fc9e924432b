//! The names that no public record gives: whatever the panel calls things, they are found there.

use crate::harness::{Bench, SMALL, in_parallel};

#[test]
fn a_small_configuration_holds_in_any_dialect() {
    in_parallel(100..124, |seed| {
        Bench::new().sandbox(seed).config(SMALL).settle();
    });
}

#[test]
fn the_hosting_example_holds_in_any_dialect() {
    in_parallel(200..204, |seed| {
        let bench = Bench::new().sandbox(seed).example("hosting");
        bench.settle();
        bench.run("export --out exported --quiet").exits(0);
        bench.run("plan exported --detailed-exitcode --quiet").exits(0);
    });
}
