//! What a fresh licence server holds: an account, and a catalogue in two currencies.
//!
//! The codes are public (vendor pages on reselling); the costs are made up, since no dated public wholesale list
//! is known.

use super::super::super::store::{Row, Store, row};

/// Code, name, and the costs of a month and a year in RUB and in EUR.
const SOLD: [(u64, &str, [&str; 4]); 4] = [
    (55227, "ispmanager lite", ["250.00", "2500.00", "3.00", "30.00"]),
    (55228, "ispmanager pro", ["480.00", "4800.00", "6.00", "60.00"]),
    (55229, "ispmanager host", ["900.00", "9000.00", "11.00", "110.00"]),
    (55230, "ispmanager business", ["1900.00", "19000.00", "23.00", "230.00"]),
];

/// Codes that are known and sold no more; their costs are those of the last price list.
const RETIRED: [(u64, &str, [&str; 4]); 2] = [
    (3541, "ISPmanager Lite", ["250.00", "2500.00", "4.00", "40.00"]),
    (4601, "ISPmanager Business", ["750.00", "7500.00", "12.00", "120.00"]),
];

const TRIALS: [(u64, &str); 2] = [(55239, "ispmanager trial"), (55240, "ispmanager business trial")];

/// Fills an empty store.
pub(crate) fn fill(store: &mut Store, first: u64, balance: &str, currency: &str) {
    let account = [("name", "provider"), ("balance", balance), ("currency", currency)];
    store.put("account", 1, row(account));
    store.put("currency", 1, row([("iso", currency), ("name", currency), ("active", "on")]));
    store.start_after("soft", first);
    for (code, name, costs) in SOLD {
        store.put("tariff", code, tariff(name, costs));
    }
    for (code, name, costs) in RETIRED {
        let mut retired = tariff(name, costs);
        retired.insert("active".to_owned(), "off".to_owned());
        store.put("tariff", code, retired);
    }
    for (code, name) in TRIALS {
        let trial = [("name", name), ("active", "on"), ("-100.RUB", "0.00"), ("-100.EUR", "0.00")];
        store.put("tariff", code, row(trial));
    }
    nodes(store, 55230, "55236", ["950.00", "9500.00", "11.50", "115.00"]);
    nodes(store, 4601, "4602", ["750.00", "7500.00", "12.00", "120.00"]);
}

const COSTS: [&str; 4] = ["1.RUB", "12.RUB", "1.EUR", "12.EUR"];

fn tariff(name: &str, costs: [&str; 4]) -> Row {
    let mut tariff = row([("name", name), ("active", "on")]);
    tariff.extend(COSTS.iter().zip(costs).map(|(key, cost)| ((*key).to_owned(), cost.to_owned())));
    tariff
}

/// Gives a code an add-on that counts nodes, the first of them included.
fn nodes(store: &mut Store, code: u64, addon: &str, each: [&str; 4]) {
    store.set("tariff", code, "addon", addon);
    store.set("tariff", code, "included", "1");
    for (key, cost) in COSTS.iter().zip(each) {
        store.set("tariff", code, &format!("node.{key}"), cost);
    }
}
