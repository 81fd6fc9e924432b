//! Licence codes and currency rates.

use crate::{
    codes::is_shipped,
    config::merge::Merged,
    language::t,
    source::{
        codes,
        fault::{Fault, pointer, shown},
    },
};

pub(super) fn check(merged: &Merged<'_>, faults: &mut Vec<Fault>) {
    products(merged, faults);
    rates(merged, faults);
}

/// The shipped table says what its codes are; of others somebody has to.
fn products(merged: &Merged<'_>, faults: &mut Vec<Fault>) {
    for (&code, entry) in &merged.codes {
        if is_shipped(code) || entry.value.get("product").is_some() {
            continue;
        }
        let message = t!("the shipped table has no code `{name}`, so it needs a product", name = shown(code));
        let fault = Fault::new(entry.file, entry.key.span(), codes::NO_PRODUCT, message)
            .at(pointer(["codes", code]))
            .label(t!("not in the shipped table"));
        faults.push(fault.help(t!("add `product: ...`, or correct the code")));
    }
}

fn rates(merged: &Merged<'_>, faults: &mut Vec<Fault>) {
    let Some(entry) = merged.once.get("rates") else { return };
    let Some(per) = entry.value.get("per") else { return };
    for (currency, values) in per.entries() {
        let code = currency.key_text();
        let Some((key, _)) = values.entry(code) else { continue };
        let message = t!("`{name}` has a rate to itself", name = shown(code));
        let fault = Fault::new(entry.file, key.span(), codes::SAME_CURRENCY, message)
            .at(pointer(["rates", "per", code, code]))
            .label(t!("the same currency"));
        faults.push(fault.help(t!("remove it: one of a currency is always one of it")));
    }
}
