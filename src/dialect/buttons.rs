//! Functions found through the buttons of a list.

use super::find::{Unknown, contains_any};
use crate::{
    language::{later, t, told},
    wire::Button,
};

/// What a button is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Edit,
    Delete,
    Enable,
    Disable,
    Prices,
}

impl Role {
    /// Names of buttons in recorded toolbars; «Цены» is the label the vendor's guide gives.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Edit => &["edit"],
            Self::Delete => &["delete"],
            Self::Enable => &["resume", "enable"],
            Self::Disable => &["suspend", "disable"],
            Self::Prices => &["price", "prices"],
        }
    }

    fn labels(self) -> &'static [&'static str] {
        match self {
            Self::Edit => &["edit", "изменить"],
            Self::Delete => &["delete", "удалить"],
            Self::Enable => &["enable", "turn on", "switch on", "resume", "включить", "up"],
            Self::Disable => {
                &["disable", "turn off", "switch off", "suspend", "выключить", "отключить", "down"]
            }
            Self::Prices => &["prices", "цены"],
        }
    }

    fn what(self) -> &'static str {
        told(match self {
            Self::Edit => later!("Edit"),
            Self::Delete => later!("Delete"),
            Self::Enable => later!("Enable"),
            Self::Disable => later!("Disable"),
            Self::Prices => later!("Prices"),
        })
    }
}

/// The function behind the one button of that role: by name, else by the last part of its function,
/// else by label.
pub(crate) fn button<'a>(
    list: &str,
    toolbar: &'a [Button],
    role: Role,
    setting: Option<&str>,
) -> Result<&'a Button, Unknown> {
    let by_name: Vec<&Button> =
        toolbar.iter().filter(|button| role.names().contains(&button.name.as_str())).collect();
    let by_label: Vec<&Button> = toolbar
        .iter()
        .filter(|button| {
            let label = button.label.as_deref().unwrap_or_default();
            // A whole word: "up" is also in "Group".
            role.labels().iter().any(|part| contains_word(label, part))
        })
        .collect();
    for found in [by_name, by_label] {
        match distinct(&found).as_slice() {
            [] => {}
            [one] => return Ok(one),
            many => {
                let why =
                    t!("the list `{list}` has several buttons \"{what}\"", list = list, what = role.what());
                return Err(Unknown::new(why, many.iter().map(|button| shown(button)).collect(), setting));
            }
        }
    }
    let why =
        t!("the list `{list}` has no button \"{what}\" for this account", list = list, what = role.what());
    Err(Unknown::new(why, toolbar.iter().map(shown).collect(), setting))
}

/// The same function may stand behind several buttons; that is no ambiguity.
fn distinct<'a>(buttons: &[&'a Button]) -> Vec<&'a Button> {
    let mut out: Vec<&Button> = Vec::new();
    for button in buttons {
        if out.iter().all(|known| known.func != button.func) {
            out.push(button);
        }
    }
    out
}

fn shown(button: &Button) -> String {
    match &button.label {
        Some(label) => format!("{} (\"{label}\")", button.func),
        None => button.func.clone(),
    }
}

fn contains_word(label: &str, part: &str) -> bool {
    let words = label.to_lowercase();
    words == part
        || contains_any(&words, &[part])
            && words.split(|ch: char| !ch.is_alphanumeric()).any(|word| part.split(' ').next() == Some(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, func: &str, label: &str) -> Button {
        Button {
            name: name.to_owned(),
            func: func.to_owned(),
            kind: String::new(),
            label: Some(label.to_owned()),
            hint: None,
            hide: Vec::new(),
            show: Vec::new(),
        }
    }

    #[test]
    fn a_button_is_found_by_name_then_by_label() {
        let bar =
            [named("edit", "a.edit", "Edit"), named("x9", "a.q", "Prices"), named("grp", "a.g", "Group")];
        assert_eq!(button("a", &bar, Role::Prices, None).unwrap().func, "a.q");
        assert!(button("a", &bar, Role::Enable, None).is_err(), "`Group` is not `up`");
    }

    #[test]
    fn two_buttons_of_one_label_are_refused_with_both() {
        let bar = [named("x", "a.x", "Prices"), named("y", "a.y", "Цены")];
        let unknown = button("a", &bar, Role::Prices, Some("functions: {item_prices: NAME}")).unwrap_err();
        assert_eq!(unknown.candidates.len(), 2);
        assert!(unknown.help().contains("functions: {item_prices: NAME}"));
    }
}
