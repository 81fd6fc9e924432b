//! Finding a column of a list by its label, or doing without it.

use super::{Unknown, find::contains_any};
use crate::{language::t, model::Name, wire::Column};

/// Columns that are on record as something else.
const ATTESTED: [&str; 10] = [
    "id",
    "name",
    "licname",
    "ip",
    "pricelist",
    "pricelist_name",
    "period",
    "status",
    "createdate",
    "expiredate",
];

/// The column that the configuration names, which must be there; else the only one whose label has a word of
/// each group. Where several or none do, that is not known: a column is read, and nothing hangs on it but what
/// is told.
pub(crate) fn column(
    list: &str,
    columns: &[Column],
    what: &str,
    fixed: Option<&Name>,
    words: &[&[&str]],
    setting: &str,
) -> Result<Option<String>, Unknown> {
    if let Some(fixed) = fixed {
        if columns.iter().any(|column| column.name == fixed.as_str()) {
            return Ok(Some(fixed.as_str().to_owned()));
        }
        let why = t!(
            "the list `{list}` has no column `{fixed}`, which `dialect` names as {what}",
            list = list,
            fixed = fixed,
            what = what
        );
        let setting = format!("columns: {{{setting}: NAME}}");
        return Err(Unknown::new(why, columns.iter().map(shown).collect(), Some(&setting)));
    }
    let fits = |column: &&Column| {
        let label = column.label.as_deref().unwrap_or_default();
        !ATTESTED.contains(&column.name.as_str()) && words.iter().all(|group| contains_any(label, group))
    };
    let mut found = columns.iter().filter(fits);
    let first = found.next();
    Ok(first.filter(|_| found.next().is_none()).map(|column| column.name.clone()))
}

fn shown(column: &Column) -> String {
    match &column.label {
        Some(label) => format!("{} (\"{label}\")", column.name),
        None => column.name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, column};

    fn list(columns: &[(&str, &str)]) -> Vec<Column> {
        let column = |(name, label): &(&str, &str)| Column {
            name: (*name).to_owned(),
            kind: String::new(),
            label: Some((*label).to_owned()),
        };
        columns.iter().map(column).collect()
    }

    const WORDS: &[&[&str]] = &[&["key", "ключ"], &["chang", "измен"]];

    #[test]
    fn the_only_column_that_fits_is_taken() {
        let find = |columns: &[(&str, &str)]| column("soft", &list(columns), "", None, WORDS, "").unwrap();
        assert_eq!(find(&[("a", "License key"), ("b", "Last key change")]), Some("b".to_owned()));
        assert_eq!(find(&[("b", "Последнее изменение ключа")]), Some("b".to_owned()));
        assert_eq!(find(&[("a", "Key changed"), ("b", "Last key change")]), None);
        assert_eq!(find(&[("name", "Key changed")]), None);
    }

    #[test]
    fn a_column_that_is_named_must_be_there() {
        let columns = list(&[("a", "A")]);
        let find = |name: &str| column("soft", &columns, "", name.parse().ok().as_ref(), WORDS, "x");
        assert_eq!(find("a").unwrap(), Some("a".to_owned()));
        assert_eq!(find("b").unwrap_err().candidates, ["a (\"A\")"]);
    }
}
