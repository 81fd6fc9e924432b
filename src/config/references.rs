//! What refers to what: the checks that no schema can make and that need no panel.
//!
//! They run over the trees, not over the types, so that a fault in one place does not hide those in
//! others: what has the wrong shape was reported before and is passed over here. Names that may also be
//! live objects are left to the check against the panel.

mod costs;
mod ids;
mod prices;
mod processors;

use super::merge::Merged;
use crate::source::fault::Fault;

/// Runs all checks. Where files are missing (`complete` is false), what they hold is not taken for absent.
pub(super) fn check(merged: &Merged<'_>, complete: bool) -> Vec<Fault> {
    let mut faults = Vec::new();
    processors::check(merged, &mut faults);
    prices::check(merged, &mut faults);
    ids::check(merged, &mut faults);
    prices::mappings(merged, &mut faults);
    costs::check(merged, &mut faults);
    if complete {
        prices::prune(merged, &mut faults);
    }
    faults
}
