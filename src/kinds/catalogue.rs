//! What the configuration refers to and does not manage: tariff plans, product types, data centres,
//! providers, currencies, processing modules.

use std::collections::BTreeMap;

use super::{ConfigSpec, KindError, Scope, Site, Snapshot, table::Table};
use crate::{
    dialect::{Unknown, func},
    language::{later, t, told},
    model::{self, Name},
    wire::{Choice, Form, Row},
};

/// Something that exists on the panel and goes by an id and several names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entry {
    pub(crate) id: String,
    /// The name people see first, then internal and other names.
    pub(crate) names: Vec<String>,
    /// Name of the provider and product type it belongs to, as the list shows them.
    pub(crate) provider: Option<String>,
    pub(crate) product_type: Option<String>,
}

impl Entry {
    pub(crate) fn shown(&self) -> &str {
        self.names.first().map_or(&self.id, |name| name)
    }

    fn goes_by(&self, key: &str) -> bool {
        self.id == key || self.names.iter().any(|name| name == key)
    }
}

/// The references of one panel; a part that nobody asked for is empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Catalogue {
    pub(crate) tariffs: Vec<Entry>,
    pub(crate) product_types: Vec<Entry>,
    pub(crate) providers: Vec<Entry>,
    pub(crate) data_centres: Vec<Entry>,
    /// Ids of currencies by ISO code.
    pub(crate) currencies: BTreeMap<String, u32>,
    /// Processing modules by the product type they are offered for; `*` for those seen on live processors.
    pub(crate) modules: BTreeMap<String, Vec<Choice>>,
}

/// A reference that names nothing, or several things.
#[derive(Clone, Debug)]
pub(crate) struct Missing {
    pub(crate) message: String,
    pub(crate) help: String,
}

impl Catalogue {
    /// The id of the one tariff plan that goes by this key.
    pub(crate) fn tariff_id(&self, key: &str) -> Option<&str> {
        find(later!("tariff plan"), &self.tariffs, key).ok().map(|entry| entry.id.as_str())
    }

    /// What the configuration calls the tariff plans that it prices, by id.
    pub(crate) fn keys_of_tariffs(&self, spec: &ConfigSpec) -> BTreeMap<String, String> {
        let keys = spec.prices.keys().map(Name::as_str);
        keys.filter_map(|key| Some((self.tariff_id(key)?.to_owned(), key.to_owned()))).collect()
    }

    pub(crate) fn iso(&self, currency: u32) -> Option<&str> {
        self.currencies.iter().find(|(_, id)| **id == currency).map(|(iso, _)| iso.as_str())
    }
}

/// The one entry that goes by `key`; otherwise what is near.
pub(crate) fn find<'a>(what: &'static str, entries: &'a [Entry], key: &str) -> Result<&'a Entry, Missing> {
    let found: Vec<&Entry> = entries.iter().filter(|entry| entry.goes_by(key)).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(Missing {
            message: t!("the panel has no {what} `{key}`", what = told(what), key = key),
            help: near(key, entries.iter().flat_map(|entry| entry.names.iter().map(String::as_str))),
        }),
        many => Err(Missing {
            message: t!(
                "the panel has {many} {what}s that go by `{key}`",
                many = many.len(),
                what = told(what),
                key = key
            ),
            help: t!(
                "name it by id: {names}",
                names = many
                    .iter()
                    .map(|entry| format!("{} (\"{}\")", entry.id, entry.shown()))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        }),
    }
}

/// What to do about a name that nothing has: the nearest ones, or all of few.
pub(crate) fn near<'a>(key: &str, names: impl Iterator<Item = &'a str>) -> String {
    model::near(
        key,
        names,
        &t!("the panel has"),
        &t!("there is none on this panel, or this account may not see them"),
    )
}

/// Reads the references that `scope` needs.
pub(crate) async fn read(site: &Site, scope: Scope<'_>, snapshot: &mut Snapshot) -> Result<(), KindError> {
    let needs = Needs::of(scope);
    if needs.processors {
        snapshot.catalogue.product_types = entries(site, snapshot, func::PRODUCT_TYPES).await?;
    }
    if needs.providers {
        snapshot.catalogue.providers = entries(site, snapshot, func::PROVIDERS).await?;
    }
    if needs.data_centres {
        snapshot.catalogue.data_centres = data_centres(site, snapshot).await?;
    }
    if needs.tariffs {
        snapshot.catalogue.tariffs = tariffs(site, scope, snapshot).await?;
    }
    if needs.currencies {
        snapshot.catalogue.currencies = currencies(site, snapshot).await?;
    }
    Ok(())
}

struct Needs {
    processors: bool,
    providers: bool,
    data_centres: bool,
    tariffs: bool,
    currencies: bool,
}

impl Needs {
    fn of(scope: Scope<'_>) -> Self {
        let Scope::Config(spec) = scope else {
            return Self {
                processors: true,
                providers: true,
                data_centres: true,
                tariffs: true,
                currencies: true,
            };
        };
        Self {
            processors: !spec.processors.is_empty(),
            providers: spec.prices.values().any(|tariff| tariff.provider.is_some()),
            data_centres: spec.processors.values().any(|processor| processor.data_centre.is_some()),
            tariffs: !wanted_tariffs(spec).is_empty(),
            currencies: !spec.prices.is_empty(),
        }
    }
}

fn wanted_tariffs(spec: &ConfigSpec) -> Vec<&str> {
    let tied = spec.period_mappings.values().flatten().filter_map(|mapping| mapping.tariff.as_ref());
    spec.prices.keys().chain(tied).map(Name::as_str).collect()
}

async fn entries(site: &Site, snapshot: &mut Snapshot, list: &str) -> Result<Vec<Entry>, KindError> {
    Ok(site.list(snapshot, list, &[]).await?.rows.iter().map(entry).collect())
}

fn entry(row: &Row) -> Entry {
    let cell = |name: &str| row.get(name).filter(|text| !text.is_empty()).map(str::to_owned);
    // The shown text and, where it was translated, the text behind it: people may write either.
    let shown = |name: &str| row.shown(name).filter(|text| !text.is_empty()).map(str::to_owned);
    let mut names: Vec<String> =
        [cell("name"), cell("intname"), shown("name"), cell("iso")].into_iter().flatten().collect();
    names.dedup();
    Entry { id: row.id.clone(), names, provider: shown("project"), product_type: shown("itemtype_name") }
}

const TARIFFS: Table = Table { list: func::TARIFFS, form: func::TARIFF_EDIT };

/// Tariff plans, with their internal names where the configuration uses one that the list does not show.
async fn tariffs(site: &Site, scope: Scope<'_>, snapshot: &mut Snapshot) -> Result<Vec<Entry>, KindError> {
    let listing = TARIFFS.list(site, snapshot, None).await?;
    let mut tariffs: Vec<Entry> = listing.rows.iter().map(entry).collect();
    let missing = match scope {
        Scope::Config(spec) => {
            wanted_tariffs(spec).into_iter().any(|key| !tariffs.iter().any(|tariff| tariff.goes_by(key)))
        }
        Scope::Everything => false,
    };
    if missing {
        let rows = TARIFFS.forms(site, None, listing.rows, |_| true).await?;
        let forms: Vec<Form> = rows.into_iter().filter_map(|(_, form)| form).collect();
        snapshot.tariff_form = forms.first().cloned();
        for (tariff, form) in tariffs.iter_mut().zip(forms) {
            let names =
                form.fields.iter().filter(|field| field.name == "intname" || field.name.starts_with("name"));
            for name in names.filter_map(|field| field.value.clone()).filter(|name| !name.is_empty()) {
                if !tariff.names.contains(&name) {
                    tariff.names.push(name);
                }
            }
        }
    }
    Ok(tariffs)
}

/// No document names the list of data centres; its name follows the family pattern of `datacenter.edit`.
async fn data_centres(site: &Site, snapshot: &mut Snapshot) -> Result<Vec<Entry>, KindError> {
    let fixed = site.dialect.spec.functions.data_centres.as_ref().map(Name::as_str);
    let list = fixed.unwrap_or(func::DATA_CENTRES_GUESS);
    match site.list(snapshot, list, &[]).await {
        Ok(listing) => Ok(listing.rows.iter().map(entry).collect()),
        Err(error) if fixed.is_some() || !error.is_unknown_function() => Err(error),
        Err(_) => {
            // The same names stand as options on the form of any processor.
            let processors = site.reader.list(func::PROCESSORS, &[]).await?;
            let Some(row) = processors.rows.first() else { return Ok(Vec::new()) };
            let form = site.reader.form(func::PROCESSOR_EDIT, &[("elid", &row.id)]).await?;
            let field = site.dialect.processor_data_centre(&form)?;
            let names = field.choices.iter().filter(|choice| choice.key != "null");
            Ok(names
                .map(|choice| Entry {
                    id: choice.key.clone(),
                    names: vec![choice.label.clone()],
                    ..Entry::default()
                })
                .collect())
        }
    }
}

/// Ids of currencies: from `dialect`, from the list of currencies, or from labels of price fields.
async fn currencies(site: &Site, snapshot: &mut Snapshot) -> Result<BTreeMap<String, u32>, KindError> {
    let spec = &site.dialect.spec;
    if !spec.currencies.is_empty() {
        return Ok(spec.currencies.iter().map(|(iso, id)| (iso.as_str().to_owned(), *id)).collect());
    }
    let fixed = spec.functions.currencies.as_ref().map(Name::as_str);
    let list = fixed.unwrap_or(func::CURRENCIES_GUESS);
    match site.list(snapshot, list, &[]).await {
        Ok(listing) => {
            let found: BTreeMap<String, u32> = listing.rows.iter().filter_map(currency).collect();
            if found.is_empty() && !listing.rows.is_empty() {
                let why = t!("the list `{list}` shows no ISO codes of currencies", list = list);
                return Err(Unknown::new(why, Vec::new(), Some("currencies: {RUB: ID}")).into());
            }
            Ok(found)
        }
        Err(error) if fixed.is_some() || !error.is_unknown_function() => Err(error),
        Err(_) => currencies_of_tariff(site, snapshot).await,
    }
}

fn currency(row: &Row) -> Option<(String, u32)> {
    let iso =
        ["iso", "code", "name"].into_iter().filter_map(|column| row.get(column)).find(|text| is_iso(text))?;
    Some((iso.to_owned(), row.id.parse().ok()?))
}

fn is_iso(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Price fields carry the id in their name and, in their label, the currency's code.
async fn currencies_of_tariff(
    site: &Site,
    snapshot: &mut Snapshot,
) -> Result<BTreeMap<String, u32>, KindError> {
    let unknown = |candidates: Vec<String>| {
        let why = t!("the ids of the panel's currencies are not to be found");
        KindError::from(Unknown::new(why, candidates, Some("currencies: {RUB: ID}")))
    };
    // Whoever needs currencies needs prices, and has read the tariff plans for them.
    let Some(tariff) = snapshot.catalogue.tariffs.first() else { return Err(unknown(Vec::new())) };
    let form = match snapshot.tariff_form.take() {
        Some(form) => form,
        None => site.reader.form(func::TARIFF_EDIT, &[("elid", &tariff.id)]).await?,
    };
    let mut found = BTreeMap::new();
    let mut seen = Vec::new();
    for field in &form.fields {
        let stem = field.name.trim_end_matches(|ch: char| ch.is_ascii_digit());
        let (Ok(id), Some(label)) = (field.name[stem.len()..].parse::<u32>(), &field.label) else { continue };
        seen.push(format!("{} (\"{label}\")", field.name));
        let mut codes = label.split(|ch: char| !ch.is_ascii_alphabetic()).filter(|word| is_iso(word));
        if let (Some(iso), None) = (codes.next(), codes.next())
            && found.insert(iso.to_owned(), id).is_some_and(|other| other != id)
        {
            return Err(unknown(seen));
        }
    }
    if found.is_empty() { Err(unknown(seen)) } else { Ok(found) }
}
