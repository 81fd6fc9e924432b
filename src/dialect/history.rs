//! The columns of a tariff plan's history, of which the documentation gives the meanings and not the names.

use super::{ColumnNames, Unknown};
use crate::{language::t, model::Name, wire::Column};

/// The columns that are surely what they are taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HistoryColumns {
    pub(crate) date: Option<String>,
    pub(crate) user: Option<String>,
    pub(crate) ip: Option<String>,
    pub(crate) function: Option<String>,
    pub(crate) description: Option<String>,
}

impl HistoryColumns {
    pub(crate) fn of(list: &str, columns: &[Column], own: &ColumnNames) -> Result<Self, Unknown> {
        let find = |words: &[&str], fixed: Option<&Name>, setting: &str| {
            if let Some(fixed) = fixed {
                // One that is named and not there is an error like any other of the dialect.
                return super::column(
                    list,
                    columns,
                    &t!("a column of the history"),
                    Some(fixed),
                    &[],
                    setting,
                );
            }
            let fits = |column: &&Column| begins_a_word(column.label.as_deref().unwrap_or_default(), words);
            let mut found = columns.iter().filter(fits);
            let first = found.next();
            Ok(first.filter(|_| found.next().is_none()).map(|column| column.name.clone()))
        };
        Ok(Self {
            date: find(&["date", "дата"], own.history_date.as_ref(), "history_date")?,
            user: find(&["user", "пользовател"], own.history_user.as_ref(), "history_user")?,
            ip: find(&["ip"], own.history_ip.as_ref(), "history_ip")?,
            function: find(&["function", "функци"], own.history_function.as_ref(), "history_function")?,
            description: find(
                &["descri", "описани"],
                own.history_description.as_ref(),
                "history_description",
            )?,
        })
    }
}

/// Whether a word of the label begins so: `Description` is not about an IP.
fn begins_a_word(label: &str, beginnings: &[&str]) -> bool {
    let label = label.to_lowercase();
    let mut words = label.split(|ch: char| !ch.is_alphanumeric());
    words.any(|word| beginnings.iter().any(|beginning| word.starts_with(beginning)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(labels: &[(&str, &str)]) -> Vec<Column> {
        let column = |(name, label): &(&str, &str)| Column {
            name: (*name).to_owned(),
            kind: String::new(),
            label: Some((*label).to_owned()),
        };
        labels.iter().map(column).collect()
    }

    #[test]
    fn only_what_is_sure_is_taken() {
        let own = ColumnNames::default();
        let list = columns(&[
            ("a", "Date"),
            ("b", "User"),
            ("ip", "IP-address"),
            ("d", "Description"),
            ("c", "User's role"),
        ]);
        let found = HistoryColumns::of("x", &list, &own).unwrap();
        assert_eq!(found.date.as_deref(), Some("a"));
        assert_eq!(found.user, None, "two might be meant");
        assert_eq!(found.ip.as_deref(), Some("ip"));
        assert_eq!(found.function, None);
        let own = ColumnNames { history_user: "b".parse().ok(), ..ColumnNames::default() };
        assert_eq!(HistoryColumns::of("x", &list, &own).unwrap().user.as_deref(), Some("b"));
        let own = ColumnNames { history_user: "z".parse().ok(), ..ColumnNames::default() };
        assert!(HistoryColumns::of("x", &list, &own).is_err());
    }
}
