//! What a fresh panel holds.

use std::fmt;
use std::str::FromStr;

use super::auth::ADMIN;
use super::dialect::Dialect;
use super::entities::{customparam, prices};
use super::hostile::{UnknownWord, find};
use super::store::{Row, Store, row};

/// What a fresh panel holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seed {
    /// Reference data only: currencies, product types, a provider, data centres.
    #[default]
    Empty,
    /// A hosting provider with tariff plans, processors, an enumeration and resources of its own.
    Hosting,
}

impl Seed {
    pub const ALL: [Self; 2] = [Self::Empty, Self::Hosting];
}

impl fmt::Display for Seed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Empty => "empty",
            Self::Hosting => "hosting",
        })
    }
}

impl FromStr for Seed {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        find(&Self::ALL, word)
    }
}

/// Fills an empty store.
pub(crate) fn fill(store: &mut Store, dialect: &Dialect, seed: Seed) {
    for table in ["processing", "enumeration", "enumerationitem", "pricelist", "item_price", "customparam"] {
        store.start_after(table, dialect.first_id(table));
    }
    let types = reference(store, dialect);
    if seed == Seed::Hosting {
        hosting(store, dialect, &types);
    }
}

/// Ids of the product types.
struct Types {
    vds: String,
    dedic: String,
    vds_disk: String,
    vds_software: String,
    rub: u64,
    eur: u64,
}

fn reference(store: &mut Store, dialect: &Dialect) -> Types {
    let [rub, eur] = dialect.currency_ids();
    let currency = |iso, name, name_ru, symbol| {
        row([("iso", iso), ("name", name), ("name_ru", name_ru), ("symbol", symbol), ("active", "on")])
    };
    store.put("currency", rub, currency("RUB", "Russian ruble", "Российский рубль", "₽"));
    store.put("currency", eur, currency("EUR", "Euro", "Евро", "€"));
    let rub_text = rub.to_string();
    store.insert(
        "project",
        row([
            ("name", "Northern Hosting"),
            ("name_ru", "Северный хостинг"),
            ("currency", &rub_text),
            ("site", "https://hosting.example.com"),
            ("billurl", "https://my.hosting.example.com/billmgr"),
        ]),
    );
    let support = store.insert("department", row([("name", "Support"), ("name_ru", "Поддержка")]));
    store.insert("department", row([("name", "Sales"), ("name_ru", "Продажи")]));
    let support = support.to_string();
    for (name, name_ru) in [("Moscow", "Москва"), ("Falkenstein", "Фалькенштайн")] {
        let centre = [("name", name), ("name_ru", name_ru), ("department", &support)];
        store.insert("datacenter", row(centre));
    }
    store.start_after("itemtype", dialect.first_id("itemtype"));
    types(store, dialect, rub, eur)
}

fn types(store: &mut Store, dialect: &Dialect, rub: u64, eur: u64) -> Types {
    let product = |store: &mut Store, intname, name, name_ru| {
        let mut fresh = named(intname, name, name_ru);
        for period in &prices::PERIODS {
            fresh.insert(period.stem.to_owned(), "on".to_owned());
        }
        store.insert("itemtype", fresh).to_string()
    };
    product(store, "soft", "ISPsystem licenses", "Лицензии ISPsystem");
    let vds = product(store, "vds", "Virtual private servers", "Виртуальные серверы");
    let dedic = product(store, "dedic", "Dedicated servers", "Выделенные серверы");
    let panel = dialect.panel_type_intname.as_str();
    let mut addons = Vec::new();
    for parent in [&vds, &dedic] {
        for (intname, name, name_ru) in [
            ("disc", "Disk space", "Дисковое пространство"),
            ("addsoft", "Additional software", "Дополнительное ПО"),
            (panel, "Control panel (license)", "Лицензия на панель управления"),
        ] {
            let mut addon = named(intname, name, name_ru);
            addon.insert("parent".to_owned(), parent.clone());
            addons.push(store.insert("itemtype", addon).to_string());
        }
    }
    Types { vds_disk: addons[0].clone(), vds_software: addons[1].clone(), vds, dedic, rub, eur }
}

fn named(intname: &str, name: &str, name_ru: &str) -> Row {
    row([
        ("intname", intname),
        ("name", name),
        ("name_ru", name_ru),
        ("orderpriority", "10"),
        ("extra_hidden", "h1"),
        ("extra_visible", "v1"),
    ])
}

/// Tariff plans: internal name, names, product type, monthly price in both currencies.
const PLANS: [(&str, &str, &str, &str, &str, &str); 6] = [
    ("vds-start", "VDS Start", "VDS Старт", "vds", "350.00", "4.50"),
    ("vds-pro", "VDS Pro", "VDS Про", "vds", "790.00", "9.90"),
    ("vds-max", "VDS Max", "VDS Макс", "vds", "1590.00", "18.90"),
    ("vds-ssd", "VDS SSD", "VDS SSD", "vds", "990.00", "12.00"),
    ("dedic-e3", "Dedicated E3", "Выделенный E3", "dedic", "5900.00", "69.00"),
    ("dedic-e5", "Dedicated E5", "Выделенный E5", "dedic", "9900.00", "119.00"),
];

fn hosting(store: &mut Store, dialect: &Dialect, types: &Types) {
    let (manual, vm6) = processors(store, dialect, types);
    let mut plans = Vec::new();
    for (intname, name, name_ru, kind, rub, eur) in PLANS {
        let (kind, processor) = if kind == "vds" { (&types.vds, &vm6) } else { (&types.dedic, &manual) };
        let mut plan = named(intname, name, name_ru);
        plan.extend(row([
            ("itemtype", kind),
            ("project", "1"),
            ("processingmodule", processor),
            ("active", "on"),
            ("access", "null"),
            ("chargestoped", "on"),
        ]));
        for (currency, monthly, yearly) in [(types.rub, rub, 10), (types.eur, eur, 11)] {
            plan.insert(format!("monthly.{currency}"), monthly.to_owned());
            plan.insert(format!("annually.{currency}"), times(monthly, yearly));
        }
        plans.push(store.insert("pricelist", plan).to_string());
    }
    foreign(store, dialect, types, &plans[0]);
    store.set("pricelist", plans[5].parse().unwrap_or_default(), "active", "off");
}

/// A price times a whole number, in minor units.
fn times(price: &str, factor: u64) -> String {
    let minor = price.replace('.', "").parse::<u64>().unwrap_or_default() * factor;
    format!("{}.{:02}", minor / 100, minor % 100)
}

fn processors(store: &mut Store, dialect: &Dialect, types: &Types) -> (String, String) {
    let common = [
        ("datacenter", "1"),
        ("department", "1"),
        ("orderpriority", "10"),
        ("active", "on"),
        ("extra_hidden", "h1"),
        ("extra_visible", "v1"),
    ];
    let mut manual = row(common);
    manual.extend(row([("name", "Manual work"), ("module", "pmauto"), ("itemtype", &types.dedic)]));
    let manual = store.insert("processing", manual);
    let mut vm6 = row(common);
    vm6.extend(row([
        ("name", "vm6-falkenstein"),
        ("module", "pmvmmgr6"),
        ("itemtype", &types.vds),
        ("url", "https://vm6.hosting.example.com"),
        ("username", "billing"),
        ("password", "seeded-vm6-password"),
        ("licence_server", "null"),
        ("ippool", "1"),
        ("use_recipes", "on"),
    ]));
    let vm6 = store.insert("processing", vm6);
    customparam::create_fixed(store, &dialect.limit_param, manual, "pmauto");
    customparam::create_fixed(store, &dialect.limit_param, vm6, "pmvmmgr6");
    let owner = vm6.to_string();
    let reserve = [("processing", owner.as_str()), ("param", "pmvmmgr6Reserve"), ("value", "203.0.113.10")];
    store.insert("customparam", row(reserve));
    (manual.to_string(), vm6.to_string())
}

/// What the provider has besides licences: a client must leave all of it alone.
fn foreign(store: &mut Store, dialect: &Dialect, types: &Types, plan: &str) {
    let backup = store.insert("enumeration", named("backup", "Backup depth", "Глубина резервных копий"));
    let backup = backup.to_string();
    let mut items = Vec::new();
    for (intname, name, name_ru) in
        [("none", "No backups", "Без копий"), ("week", "One week", "Неделя"), ("month", "One month", "Месяц")]
    {
        let mut item = named(intname, name, name_ru);
        item.insert("enumeration".to_owned(), backup.clone());
        items.push(store.insert("enumerationitem", item).to_string());
    }
    let common = [
        ("pricelist", plan),
        ("billtype", "2"),
        ("manualname", "off"),
        ("restrictclientchange", "off"),
        ("chargestoped", "on"),
        ("orderpriority", "10"),
        ("active", "on"),
        ("extra_hidden", "h1"),
        ("extra_visible", "v1"),
    ];
    let mut disk = row(common);
    disk.extend(row([("itemtype", &types.vds_disk), ("addontype", "2"), ("addonlimit", "20")]));
    disk.insert(format!("monthly.{}", types.rub), "12.00".to_owned());
    store.insert("resource", disk);
    let mut depth = row(common);
    depth.extend(row([
        ("itemtype", &types.vds_software),
        ("addontype", "3"),
        ("enumeration", &backup),
        ("enumerationitem", &items[0]),
    ]));
    let depth = store.insert("resource", depth);
    super::entities::item_price::sync(store, dialect, depth);
    for id in store.ids_where("item_price", "resource", &depth.to_string()) {
        store.set("item_price", id, &format!("monthly.{}", types.rub), "90.00");
    }
}

/// The administrator's stored filters of `stored-filter`: each hides some rows of a list.
pub(crate) fn store_filters(store: &mut Store) {
    for (list, column, value) in
        [("processing", "name", "vm6"), ("enumeration", "intname", "backup"), ("pricelist", "name", "VDS")]
    {
        store.set_filter(ADMIN, list, row([(column, value)]));
    }
}
