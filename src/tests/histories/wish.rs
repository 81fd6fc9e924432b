//! The configuration of a history: a few values that edits change, written out as YAML, and what a panel
//! must hold once it is applied.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{prelude::*, sample::select};
use serde_json::{Map, Value, json};

use super::table::Tables;

/// Codes of items, each beside another that it may be renamed to.
const CODES: [&str; 6] = ["55227", "55228", "3541", "3542", "4601", "4602"];
const PERIODS: [(&str, &str); 3] = [("1m", "1"), ("3m", "3"), ("12m", "12")];
const PRUNES: [&str; 5] = [
    "enumeration-item",
    "enumeration-item/ENUMERATION",
    "period-mapping",
    "period-mapping/PROCESSOR",
    "resource/vds-start",
];
const CHANGES: [(&str, &str); 3] = [("allowed", "off"), ("forbidden", "on"), ("up_only", "uponly")];
pub(super) const NO_PANEL: &str = "nopanel";

/// What the configuration says; numbers stand for texts.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    url: u8,
    login: u8,
    title: u8,
    /// Whether these two go by their second name by now.
    processor_renamed: bool,
    enumeration_renamed: bool,
    /// A second processor, and whether it points to the first.
    server: Option<bool>,
    /// By code: number of the name, and the earlier code.
    items: BTreeMap<&'static str, (u8, Option<&'static str>)>,
    default: &'static str,
    change: usize,
    prices: BTreeMap<&'static str, Price>,
    /// Whether a second tariff plan offers the items too.
    second: bool,
    /// By sold period and tie to the tariff plan.
    mappings: BTreeMap<(usize, bool), usize>,
    prune: BTreeSet<&'static str>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Price {
    Free,
    Off,
    Sold { monthly: u8, yearly: Option<u8>, euro: bool },
}

/// One edit of the configuration.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    Url(u8),
    Login(u8),
    Title(u8),
    RenameProcessor,
    RenameEnumeration,
    Server(Option<bool>),
    Item(&'static str, Option<u8>),
    RenameItem(&'static str),
    Default(&'static str),
    Change(usize),
    Price(&'static str, Option<Price>),
    Second(bool),
    Mapping(usize, bool, Option<usize>),
    Prune(&'static str, bool),
}

fn price() -> impl Strategy<Value = Price> {
    let sold = (1_u8..9, prop::option::of(1_u8..9), any::<bool>());
    prop_oneof![
        Just(Price::Free),
        Just(Price::Off),
        sold.prop_map(|(monthly, yearly, euro)| Price::Sold { monthly, yearly, euro }),
    ]
}

pub(super) fn edit() -> impl Strategy<Value = Edit> {
    let code = || select(&CODES[..]);
    prop_oneof![
        1 => (0_u8..4).prop_map(Edit::Url),
        1 => (0_u8..4).prop_map(Edit::Login),
        1 => (0_u8..4).prop_map(Edit::Title),
        1 => Just(Edit::RenameProcessor),
        1 => Just(Edit::RenameEnumeration),
        1 => prop::option::of(any::<bool>()).prop_map(Edit::Server),
        3 => (code(), prop::option::of(0_u8..4)).prop_map(|(code, name)| Edit::Item(code, name)),
        1 => code().prop_map(Edit::RenameItem),
        1 => code().prop_map(Edit::Default),
        1 => (0..CHANGES.len()).prop_map(Edit::Change),
        3 => (code(), prop::option::of(price())).prop_map(|(code, price)| Edit::Price(code, price)),
        1 => any::<bool>().prop_map(Edit::Second),
        3 => (0..PERIODS.len(), any::<bool>(), prop::option::of(0..PERIODS.len()))
            .prop_map(|(sold, tied, bought)| Edit::Mapping(sold, tied, bought)),
        3 => (select(&PRUNES[..]), prop::bool::weighted(0.8)).prop_map(|(rule, on)| Edit::Prune(rule, on)),
    ]
}

/// The other code of a pair.
fn twin(code: &str) -> &'static str {
    let at = CODES.iter().position(|other| *other == code).unwrap_or(0);
    CODES[at ^ 1]
}

impl Wish {
    /// An object of every kind, and not many more.
    pub(super) fn new() -> Self {
        Self {
            url: 0,
            login: 0,
            title: 0,
            processor_renamed: false,
            enumeration_renamed: false,
            server: None,
            items: BTreeMap::from([(NO_PANEL, (0, None)), ("55227", (1, None))]),
            default: NO_PANEL,
            change: 2,
            prices: BTreeMap::from([
                (NO_PANEL, Price::Free),
                ("55227", Price::Sold { monthly: 3, yearly: Some(4), euro: false }),
            ]),
            second: false,
            mappings: BTreeMap::from([((0, true), 2), ((1, false), 2)]),
            prune: BTreeSet::new(),
        }
    }

    pub(super) fn edit(&mut self, edit: &Edit) {
        match *edit {
            Edit::Url(url) => self.url = url,
            Edit::Login(login) => self.login = login,
            Edit::Title(title) => self.title = title,
            Edit::RenameProcessor => self.processor_renamed = !self.processor_renamed,
            Edit::RenameEnumeration => self.enumeration_renamed = !self.enumeration_renamed,
            Edit::Server(server) => self.server = server,
            Edit::Item(code, Some(name)) => {
                self.items.values_mut().filter(|item| item.1 == Some(code)).for_each(|item| item.1 = None);
                self.items.insert(code, (name, None));
            }
            Edit::Item(code, None) => self.drop_item(code),
            Edit::RenameItem(code) => {
                let new = twin(code);
                let Some((name, _)) = self.items.get(code).copied() else { return };
                let price = self.prices.get(code).copied();
                self.drop_item(code);
                self.items.insert(new, (name, Some(code)));
                self.prices.extend(price.map(|price| (new, price)));
            }
            Edit::Default(code) if self.items.contains_key(code) => self.default = code,
            Edit::Default(_) => self.default = NO_PANEL,
            Edit::Change(change) => self.change = change,
            Edit::Price(code, Some(price)) if self.items.contains_key(code) => {
                self.prices.insert(code, price);
            }
            Edit::Price(code, _) => drop(self.prices.remove(code)),
            Edit::Second(second) => self.second = second,
            Edit::Mapping(sold, tied, Some(bought)) => drop(self.mappings.insert((sold, tied), bought)),
            Edit::Mapping(sold, tied, None) => drop(self.mappings.remove(&(sold, tied))),
            Edit::Prune(rule, true) => drop(self.prune.insert(rule)),
            Edit::Prune(rule, false) => drop(self.prune.remove(rule)),
        }
    }

    fn drop_item(&mut self, code: &str) {
        self.items.remove(code);
        self.prices.remove(code);
        if self.default == code {
            self.default = NO_PANEL;
        }
    }

    fn url(&self) -> String {
        format!("https://licences-{}.example.com/billmgr", self.url)
    }

    fn login(&self) -> String {
        format!("provider-{}", self.login)
    }

    fn title(&self) -> String {
        format!("Control panel {}", self.title)
    }

    /// The present name and the other one.
    fn processor(&self) -> (&'static str, &'static str) {
        let names = ("licences", "Licence server B");
        if self.processor_renamed { (names.1, names.0) } else { names }
    }

    fn enumeration(&self) -> (&'static str, &'static str) {
        let names = ("panel", "panel-2");
        if self.enumeration_renamed { (names.1, names.0) } else { names }
    }

    pub(super) fn has_item(&self, code: &str) -> bool {
        self.items.contains_key(code)
    }

    /// Whether the period mapping of that panel's period is described.
    pub(super) fn has_mapping(&self, sold: &str, tied: bool) -> bool {
        let index = PERIODS.iter().position(|(_, id)| *id == sold);
        index.is_some_and(|index| self.mappings.contains_key(&(index, tied)))
    }

    /// Whether something of that kind may be deleted.
    pub(super) fn prunes(&self, kind: &str) -> bool {
        self.prune.iter().any(|rule| rule.split('/').next() == Some(kind))
    }

    fn price(price: Price) -> Value {
        match price {
            Price::Free => json!("free"),
            Price::Off => json!("off"),
            Price::Sold { monthly, yearly, euro } => {
                let mut rub = Map::from_iter([("1m".to_owned(), json!(format!("{monthly}00.00")))]);
                rub.extend(yearly.map(|yearly| ("12m".to_owned(), json!(format!("{yearly}000.50")))));
                let mut all = Map::from_iter([("RUB".to_owned(), Value::Object(rub))]);
                all.extend(euro.then(|| ("EUR".to_owned(), json!({"1m": format!("{monthly}.99")}))));
                Value::Object(all)
            }
        }
    }

    /// As YAML, of which JSON is a part.
    pub(super) fn text(&self) -> String {
        let ((processor, earlier), (enumeration, before)) = (self.processor(), self.enumeration());
        let password = json!({"env": "LICENCE_PASSWORD"});
        let mut processors = Map::from_iter([(
            "licences".to_owned(),
            json!({
                "name": processor, "renamed_from": earlier, "product_type": "soft", "module": "billmanager",
                "url": self.url(), "username": self.login(), "password": password,
            }),
        )]);
        if let Some(points) = self.server {
            let mut server = json!({
                "product_type": "vds", "module": "vmmanager6", "url": "https://vm.example.com",
                "username": self.login(), "password": password,
            });
            if points {
                server["licence_server"] = json!("licences");
            }
            processors.insert("vds-msk".to_owned(), server);
        }
        let items = self.items.iter().map(|(code, (name, earlier))| {
            let mut item = json!({"name": {"en": item_name(code, *name)}});
            if let Some(earlier) = earlier {
                item["renamed_from"] = json!(earlier);
            }
            ((*code).to_owned(), item)
        });
        let described = json!({
            "renamed_from": before, "name": {"en": self.title(), "ru": "Панель"}, "items": Map::from_iter(items),
        });
        let resource = json!({
            "enumeration": enumeration, "default": self.default, "billing": "by_order",
            "client_change": CHANGES[self.change].0,
        });
        let prices = self.prices.iter().map(|(code, price)| ((*code).to_owned(), Self::price(*price)));
        let mut tariffs = Map::from_iter([(
            "vds-start".to_owned(),
            json!({"resource": resource, "items": Map::from_iter(prices)}),
        )]);
        if self.second {
            let plan = json!({"resource": resource, "items": {NO_PANEL: "free"}});
            tariffs.insert("vds-pro".to_owned(), plan);
        }
        let mappings = self.mappings.iter().map(|((sold, tied), bought)| {
            let mut mapping = json!({"sold": PERIODS[*sold].0, "bought": PERIODS[*bought].0});
            if *tied {
                mapping["tariff"] = json!("vds-start");
            }
            mapping
        });
        let rule = |rule: &&str| rule.replace("ENUMERATION", enumeration).replace("PROCESSOR", "licences");
        json!({
            "version": 1,
            "processors": processors,
            "enumerations": {enumeration: described},
            "prices": tariffs,
            "period_mappings": {"licences": mappings.collect::<Vec<_>>()},
            "prune": self.prune.iter().map(rule).collect::<Vec<_>>(),
        })
        .to_string()
    }

    /// What of the wish the panel does not hold. Says nothing of what else there is.
    pub(super) fn missing(&self, tables: &Tables) -> Vec<String> {
        let mut missing = Vec::new();
        let (login, url, title) = (self.login(), self.url(), self.title());
        let mut want = |table: &str, key: &[(&str, &str)], cells: &[(&str, &str)]| -> String {
            let found = tables.find(table, key);
            let [id] = found.as_slice() else {
                missing.push(format!("{table} {key:?}: {} rows", found.len()));
                return "none".to_owned();
            };
            for (column, value) in cells {
                let now = tables.cell(table, *id, column);
                if now != *value {
                    missing.push(format!("{table} {key:?}: `{column}` is `{now}`, not `{value}`"));
                }
            }
            id.to_string()
        };
        let name = self.processor().0;
        let server = want("processing", &[("name", name)], &[("url", &url), ("username", &login)]);
        if let Some(points) = self.server {
            let pointer = ("licence_server", server.as_str());
            let cells = [("url", "https://vm.example.com"), ("username", &login), pointer];
            want("processing", &[("name", "vds-msk")], &cells[..if points { 3 } else { 2 }]);
        }
        let name = self.enumeration().0;
        let enumeration =
            want("enumeration", &[("intname", name)], &[("name", &title), ("name_ru", "Панель")]);
        let mut ids = BTreeMap::new();
        for (code, (name, _)) in &self.items {
            let key = [("enumeration", enumeration.as_str()), ("intname", code)];
            ids.insert(*code, want("enumerationitem", &key, &[("name", &item_name(code, *name))]));
        }
        for tariff in ["vds-start", "vds-pro"].into_iter().take(if self.second { 2 } else { 1 }) {
            let plan = tables.id("pricelist", "intname", tariff);
            let resource = want(
                "resource",
                &[("pricelist", &plan), ("enumeration", &enumeration)],
                &[
                    ("enumerationitem", &ids[self.default]),
                    ("billtype", "2"),
                    ("restrictclientchange", CHANGES[self.change].1),
                ],
            );
            let only = BTreeMap::from([(NO_PANEL, Price::Free)]);
            for (code, price) in if tariff == "vds-start" { &self.prices } else { &only } {
                let key = [("resource", resource.as_str()), ("enumerationitem", ids[code].as_str())];
                let cells = cells(*price, tables);
                let cells: Vec<_> =
                    cells.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                want("item_price", &key, &cells);
            }
        }
        let plan = tables.id("pricelist", "intname", "vds-start");
        for ((sold, tied), bought) in &self.mappings {
            let tie = if *tied { ("tariff", plan.as_str()) } else { ("bind", "off") };
            let key = [("processing", server.as_str()), ("source", PERIODS[*sold].1), tie];
            want("customparam", &key, &[("target", PERIODS[*bought].1)]);
        }
        missing
    }
}

fn item_name(code: &str, number: u8) -> String {
    format!("Item {code} number {number}")
}

/// The cells of a price's row.
fn cells(price: Price, tables: &Tables) -> Vec<(String, String)> {
    let of = |stem: &str, iso: &str| format!("{stem}.{}", tables.id("currency", "iso", iso));
    let on = ("active".to_owned(), "on".to_owned());
    match price {
        Price::Off => vec![("active".to_owned(), "off".to_owned())],
        Price::Free => {
            let zero = |stem, iso| (of(stem, iso), "0.00".to_owned());
            vec![on, zero("monthly", "RUB"), zero("annually", "EUR")]
        }
        Price::Sold { monthly, yearly, euro } => {
            let mut cells = vec![on, (of("monthly", "RUB"), format!("{monthly}00.00"))];
            cells.extend(yearly.map(|yearly| (of("annually", "RUB"), format!("{yearly}000.50"))));
            cells.extend(euro.then(|| (of("monthly", "EUR"), format!("{monthly}.99"))));
            cells
        }
    }
}
