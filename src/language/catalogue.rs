//! The Russian catalogues, in gettext's format, which translators have tools for.

use std::{collections::BTreeMap, sync::LazyLock};

use polib::message::MessageView;

use super::Language;

macro_rules! catalogues {
    ($($module:literal)+) => {
        [$(($module, include_str!(concat!("../../data/ru/", $module, ".po")))),+]
    };
}

/// The catalogues by the module of the crate whose sentences they have.
#[rustfmt::skip]
pub(super) const RUSSIAN: &[(&str, &str)] = &catalogues!(
    "apply" "billmgr" "capture" "check" "cli" "codes" "commands" "config" "dialect" "doctor"
    "export" "forge" "format" "guard" "journal" "kinds" "licence" "model" "net" "news"
    "notify" "plan" "pool" "reconcile" "report" "rollback" "saved" "schema" "simulate" "source"
    "terminal" "upstream" "wire"
);

/// What Russian asks the number for: one (1, 21), few (2-4, 22), many (0, 5-20).
const FORMS: usize = 3;

/// Translations by context and English text.
type Sentences = BTreeMap<(String, String), Vec<String>>;

static SENTENCES: LazyLock<Sentences> = LazyLock::new(|| {
    let catalogues =
        RUSSIAN.iter().filter_map(|(_, text)| polib::po_file::parse_from_reader(text.as_bytes()).ok());
    catalogues.flat_map(|catalogue| catalogue.messages().filter_map(sentence).collect::<Vec<_>>()).collect()
});

fn sentence(message: &dyn MessageView) -> Option<((String, String), Vec<String>)> {
    let forms = match message.msgstr_plural() {
        Ok(forms) => forms.clone(),
        Err(_) => vec![message.msgstr().ok()?.to_owned()],
    };
    let key = (message.msgctxt().unwrap_or_default().to_owned(), message.msgid().to_owned());
    forms.iter().all(|form| !form.is_empty()).then_some((key, forms))
}

/// The translation of a sentence; nothing where English is spoken.
pub(crate) fn translated(context: &str, text: &str) -> Option<&'static str> {
    match Language::spoken() {
        Language::English => None,
        Language::Russian => forms(context, text)?.first().map(String::as_str),
    }
}

/// The same for a sentence with a number in it.
pub(crate) fn translated_plural(one: &str, number: impl TryInto<u64>) -> Option<&'static str> {
    match Language::spoken() {
        Language::English => None,
        // A number that is too large for this ends in "many" like most.
        Language::Russian => {
            let form = number.try_into().map_or(FORMS - 1, form);
            forms("", one)?.get(form).map(String::as_str)
        }
    }
}

fn forms(context: &str, text: &str) -> Option<&'static Vec<String>> {
    SENTENCES.get(&(context.to_owned(), text.to_owned()))
}

/// Which form a number asks for, as in CLDR's plural rules for Russian:
/// <https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html#ru>
pub(super) fn form(number: u64) -> usize {
    match (number % 10, number % 100) {
        (1, 0..=10 | 12..) => 0,
        (2..=4, 0..=11 | 15..) => 1,
        _ => 2,
    }
}
