//! Periods and price fields: `<stem><currencyId>` as recorded (2.2).

use super::super::core::Cx;
use super::super::form::{Choice, Control, Field};
use super::super::label::{Label, label};
use super::super::store::{Row, cell};

/// A period: the stem of its price field, its id, its name.
pub(crate) struct Period {
    pub(crate) stem: &'static str,
    pub(crate) id: &'static str,
    pub(crate) label: Label,
}

const fn period(stem: &'static str, id: &'static str, en: &'static str, ru: &'static str) -> Period {
    Period { stem, id, label: label(en, ru) }
}

/// The periods that have a price field on every form.
pub(crate) static PERIODS: [Period; 6] = [
    period("monthly", "1", "Monthly", "Месяц"),
    period("quarterly", "3", "Quarterly", "Три месяца"),
    period("semiannual", "6", "Semiannual", "Полгода"),
    period("annually", "12", "Annually", "Год"),
    period("biennial", "24", "Biennial", "Два года"),
    period("triennial", "36", "Triennial", "Три года"),
];

/// The periods only some forms have.
static RARE: [Period; 2] =
    [period("day", "-50", "Daily", "День"), period("lifetime", "0", "Lifetime", "Вечная")];

/// Options of a period select: ids of billmanager-api 2.1.
pub(crate) fn period_options() -> Vec<Choice> {
    let one = |id: &str, en, ru| Choice::new(id, label(en, ru));
    vec![
        one("-100", "Trial", "Пробный период"),
        one("-50", "Day", "День"),
        one("1", "Month", "Месяц"),
        one("3", "Three months", "Три месяца"),
        one("6", "Half a year", "Полгода"),
        one("12", "Year", "Год"),
        one("24", "Two years", "Два года"),
        one("36", "Three years", "Три года"),
        one("0", "Lifetime", "Вечная"),
    ]
}

/// Which price fields a form has.
#[derive(Clone, Copy)]
pub(crate) struct Grid {
    /// Day and lifetime beside the usual periods.
    pub(crate) rare: bool,
    /// A flag per price that stops the sale for that period.
    pub(crate) disable: bool,
    /// The statistics price.
    pub(crate) stat: bool,
}

/// The price fields of a form, for every active currency.
pub(crate) fn fields(cx: &Cx<'_>, grid: Grid) -> Vec<Field> {
    let currencies = cx.store.rows("currency");
    let active = currencies.filter(|(_, row)| cell(row, "active") != "off");
    let mut fields = Vec::new();
    for (id, row) in active {
        let iso = cell(row, "iso");
        let rare = RARE.iter().filter(|_| grid.rare);
        for period in PERIODS.iter().chain(rare) {
            let caption = period.label.tail(&format!(", {iso}"));
            fields.push(price(period.stem, id, caption.clone()));
            if grid.disable {
                let stop = Label::owned(
                    format!("Do not sell: {}", caption.get(super::super::label::Lang::En)),
                    format!("Не продавать: {}", caption.get(super::super::label::Lang::Ru)),
                );
                let (name, key) =
                    (format!("disable_{}{id}", period.stem), format!("disable_{}.{id}", period.stem));
                fields.push(Field::flag(name, &key, stop).page("prices"));
            }
        }
        let setup = label("Setup fee", "Плата за установку").tail(&format!(", {iso}"));
        fields.push(price("setup", id, setup));
        if grid.stat {
            let stat = label("Per unit by statistics", "За единицу по статистике");
            fields.push(price("stat", id, stat.tail(&format!(", {iso}"))));
        }
    }
    fields
}

fn price(stem: &str, currency: u64, caption: Label) -> Field {
    let (name, key) = (format!("{stem}{currency}"), format!("{stem}.{currency}"));
    Field::new(name, &key, Control::Money, caption).page("prices")
}

/// The price a list shows: display text, in the first currency that has one.
pub(crate) fn display(cx: &Cx<'_>, row: &Row) -> String {
    for (id, currency) in cx.store.rows("currency") {
        let text = cell(row, &format!("monthly.{id}"));
        if !text.is_empty() {
            return format!("{text} {}", cell(currency, "iso"));
        }
    }
    String::new()
}

/// The stem of a period's price field; a trial has none.
pub(crate) fn stem(id: &str) -> Option<&'static str> {
    let known = PERIODS.iter().chain(&RARE).find(|period| period.id == id);
    known.map(|period| period.stem)
}
