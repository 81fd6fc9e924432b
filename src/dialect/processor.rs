//! Fields of a processor's form.

use super::{
    Dialect, Found, Sign, Unknown,
    find::{Wanted, normal, shown_choice},
};
use crate::{
    language::t,
    model::Name,
    wire::{Choice, Control, Field, Form},
};

/// Ids of the panel's processors, by which selects of processors are recognised.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) processors: Vec<String>,
    /// Those among them whose module can be a licence server, as far as it can be told.
    pub(crate) licence_servers: Vec<String>,
}

impl Dialect {
    pub(crate) fn processor_url<'f>(&self, form: &'f Form) -> Result<Found<'f>, Unknown> {
        let wanted = Wanted {
            what: t!("the address of the remote panel"),
            fixed: self.spec.fields.processor_url.as_ref().map(Name::as_str),
            names: &["url"],
            labels: &["url", "address", "адрес"],
            setting: "processor_url",
        };
        wanted.field(form, |field| field.control == Control::Text && !field.secret())
    }

    pub(crate) fn processor_username<'f>(&self, form: &'f Form) -> Result<Found<'f>, Unknown> {
        let wanted = Wanted {
            what: t!("the login on the remote panel"),
            fixed: self.spec.fields.processor_username.as_ref().map(Name::as_str),
            names: &["username", "login", "user"],
            labels: &["username", "user name", "login", "логин", "имя пользователя"],
            setting: "processor_username",
        };
        wanted.field(form, |field| field.control == Control::Text && !field.secret())
    }

    pub(crate) fn processor_password<'f>(&self, form: &'f Form) -> Result<Found<'f>, Unknown> {
        let wanted = Wanted {
            what: t!("the password on the remote panel"),
            fixed: self.spec.fields.processor_password.as_ref().map(Name::as_str),
            names: &["password"],
            labels: &["password", "пароль"],
            setting: "processor_password",
        };
        wanted.field(form, Field::secret)
    }

    pub(crate) fn processor_data_centre<'f>(&self, form: &'f Form) -> Result<Found<'f>, Unknown> {
        let wanted = Wanted {
            what: t!("the data centre"),
            fixed: self.spec.fields.processor_data_centre.as_ref().map(Name::as_str),
            names: &["datacenter"],
            labels: &["data cent", "datacent", "дата-центр", "датацентр", "дата центр"],
            setting: "processor_data_centre",
        };
        wanted.field(form, |field| field.control == Control::Select)
    }

    /// The select whose options are licence processors. Its name is on no record, so it is known by its
    /// label and by what it offers: processors, and where the label says nothing, licence servers only.
    pub(crate) fn processor_licence_server<'f>(
        &self,
        form: &'f Form,
        known: &Known,
    ) -> Result<Found<'f>, Unknown> {
        let offers = |field: &Field, ids: &[String]| {
            let mut real = field.choices.iter().filter(|choice| !is_unset(choice));
            field.control == Control::Select
                && !field.readonly
                && real.all(|choice| ids.contains(&choice.key))
        };
        let wanted = Wanted {
            what: t!("the licence server"),
            fixed: self.spec.fields.processor_licence_server.as_ref().map(Name::as_str),
            names: &[],
            labels: &["licen", "лиценз"],
            setting: "processor_licence_server",
        };
        let by_label = wanted.field(form, |field| offers(field, &known.processors));
        let only_servers = |field: &&Field| {
            field.choices.iter().any(|choice| !is_unset(choice)) && offers(field, &known.licence_servers)
        };
        let fitting: Vec<&Field> = form.fields.iter().filter(only_servers).collect();
        match (by_label, fitting.as_slice()) {
            (Ok(found), _) => Ok(found),
            (Err(_), &[field]) => Ok(Found::new(field, Sign::Options)),
            (Err(unknown), _) => Err(unknown),
        }
    }

    /// The module's internal name for what the configuration calls it: the name itself, or the only
    /// option whose label is spelt so.
    pub(crate) fn module<'c>(&self, wanted: &str, choices: &'c [Choice]) -> Result<&'c str, Unknown> {
        let alias = self.spec.modules.iter().find(|(alias, _)| alias.as_str() == wanted);
        let name = alias.map_or(wanted, |(_, name)| name.as_str());
        let exact = choices.iter().find(|choice| choice.key == name);
        let loose: Vec<&Choice> = choices
            .iter()
            .filter(|choice| normal(&choice.label) == normal(name) || stem(&choice.key) == normal(name))
            .collect();
        match (exact, loose.as_slice()) {
            (Some(choice), _) => Ok(&choice.key),
            (None, [choice]) => Ok(&choice.key),
            (None, found) => {
                let why = if found.is_empty() {
                    t!("the panel offers no processing module `{name}` here", name = name)
                } else {
                    t!("several processing modules could be `{name}`", name = name)
                };
                let candidates = if found.is_empty() {
                    choices.iter().map(shown_choice).collect()
                } else {
                    found.iter().map(|c| shown_choice(c)).collect()
                };
                Err(Unknown::new(why, candidates, Some(&format!("modules: {{{wanted}: NAME}}"))))
            }
        }
    }
}

/// Whether an option stands for "not set".
pub(super) fn is_unset(choice: &Choice) -> bool {
    matches!(choice.key.as_str(), "" | "null" | "0" | "-1")
}

/// Internal names of modules begin with `pm` and may end in a file extension (`pmregistrar.php`).
fn stem(key: &str) -> String {
    let head = key.split('.').next().unwrap_or(key);
    normal(head.strip_prefix("pm").unwrap_or(head))
}
