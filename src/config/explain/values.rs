//! Faults of text and numbers: money, periods, addresses and choices, with what was likely meant.

use serde_json::Value;

use super::{Site, listed};
use crate::{
    config::suggest,
    kinds::{COST_PLUS, Pattern, Prune},
    model::{Name, Period, SecretSource, URL_PATTERN},
    source::{
        At, codes,
        fault::{Fault, nearest, shown},
        secrets::is_secret_key,
        tree::Shape,
    },
};

impl Site<'_> {
    pub(super) fn unquoted_money(&self) -> Fault {
        let written = shown(self.written());
        let message = format!("`{written}` is a number here, and money must be text: floats lose money");
        let help = match suggest::money(self.written()) {
            Some(amount) if amount == self.written() => format!("quote it: \"{amount}\""),
            Some(amount) => format!("quote it, as plain digits: \"{amount}\""),
            None => "write it in quotes, with digits only: \"350.00\"".to_owned(),
        };
        self.fault(At::Value, codes::UNQUOTED_MONEY, message).label("a float, without quotes").help(help)
    }

    pub(super) fn unquoted(&self) -> Fault {
        let name = self.name();
        let is = self.what();
        if self.path.last().is_some_and(|key| is_secret_key(key)) {
            let message = format!("{name} must be text, and this is {is} without quotes");
            return self.fault(At::Value, codes::UNQUOTED, message).help("quote it");
        }
        let written = shown(self.written());
        let message = format!("{name} must be text, and `{written}` without quotes is {is}");
        self.fault(At::Value, codes::UNQUOTED, message)
            .label("no quotes")
            .help(format!("quote it: \"{written}\""))
    }

    pub(super) fn version(&self) -> Fault {
        let message = format!("version `{}` of the format is not known", shown(self.written()));
        self.fault(At::Value, codes::VERSION, message)
            .label("must be 1")
            .help("write `version: 1`, without quotes; a newer version needs a newer billform")
    }

    pub(super) fn not_a_choice(&self, options: &Value) -> Fault {
        let options: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let text = self.text();
        let fault = if self.definition() == "ItemPrice" {
            let message = format!(
                "`{}` is not a price: write `free`, `off`, `cost_plus`, or prices by currency",
                shown(text)
            );
            self.fault(At::Value, codes::BAD_CHOICE, message).label("not a price")
        } else {
            let message = format!("{} cannot be `{}`", self.name(), shown(text));
            self.fault(At::Value, codes::BAD_CHOICE, message).label("not one of the choices")
        };
        let refusal =
            ["no", "none", "never", "disabled", "n", "n/a", "нет"].contains(&text.to_lowercase().as_str());
        match (nearest(text, options.iter().copied()), suggest::money(text)) {
            (None, None) if refusal && options.contains(&"off") => fault.help("did you mean `off`?"),
            (Some(option), _) => fault.help(format!("did you mean `{option}`?")),
            (None, Some(amount)) if self.definition() == "ItemPrice" => fault.help(price_help(&amount)),
            _ => fault.help(format!("one of {}", listed(&options))),
        }
    }

    pub(super) fn bad_text(&self, pattern: &str) -> Fault {
        let text = self.text();
        let quoted = shown(text);
        match (self.definition(), pattern) {
            ("Amount" | "Money", _) => self.bad_money(text),
            (_, Period::PATTERN) => self.bad_period(At::Value, text),
            ("Prune", _) => self.bad_prune(text),
            ("Pattern", _) => self.bad_object(text),
            ("Percent", _) => self.bad_percent(text),
            ("Chance", _) => self.bad_chance(text),
            ("Date", _) => self.bad_date(text),
            ("Rate", _) => self.bad_rate(text),
            ("Host", _) => self.bad_host(text),
            ("Currency", _) => self.alone().bad_currency(At::Value, text),
            ("CheckCode", _) => self.alone().bad_check(At::Value, text),
            (_, URL_PATTERN) => self.bad_url(text),
            (_, Name::PATTERN) => self.alone().bad_name(At::Value),
            (_, SecretSource::ENV_PATTERN) => self.bad_secret(),
            _ => self.fault(At::Value, codes::INVALID, format!("{} cannot be `{quoted}`", self.name())),
        }
    }

    pub(super) fn bad_money(&self, text: &str) -> Fault {
        let none = if self.definition() == "Amount" { ", `none` for no price, or `cost_plus`" } else { "" };
        let message = format!("`{}` is not an amount of money", shown(text));
        let fault = self.fault(At::Value, codes::BAD_MONEY, message).label("not an amount");
        match (suggest::money(text), nearest(text, ["none", COST_PLUS])) {
            (Some(amount), _) => fault.help(format!("did you mean \"{amount}\"?")),
            (None, Some(word)) if !none.is_empty() => fault.help(format!("did you mean `{word}`?")),
            _ => fault
                .help(format!("write digits with at most four decimals after a dot, like \"350.00\"{none}")),
        }
    }

    pub(super) fn bad_prune(&self, text: &str) -> Fault {
        let (kind, parent) = text.split_once('/').map_or((text, None), |(kind, parent)| (kind, Some(parent)));
        let kinds: Vec<&str> = Prune::KINDS.iter().map(|(kind, _)| *kind).collect();
        let fault = self.fault(
            At::Value,
            codes::BAD_PRUNE,
            format!("`{}` is not a kind whose objects can be deleted", shown(text)),
        );
        let fault = fault.label("not such a kind");
        match (kinds.contains(&kind), nearest(kind, kinds.iter().copied()), parent) {
            (true, _, Some("")) => fault.help("write the parent after the slash, or drop the slash"),
            (true, _, Some(_)) if !Prune::KINDS.contains(&(kind, true)) => {
                fault.help(format!("`{kind}` has no parents: write it alone"))
            }
            (false, Some(near), Some(parent)) => {
                fault.help(format!("did you mean `{near}/{}`?", shown(parent)))
            }
            (false, Some(near), None) => fault.help(format!("did you mean `{near}`?")),
            _ => fault.help(format!("one of {}; or `KIND/PARENT` for one parent only", listed(&kinds))),
        }
    }

    pub(super) fn bad_object(&self, text: &str) -> Fault {
        let message = format!("`{}` names no object", shown(text));
        let fault = self.fault(At::Value, codes::BAD_OBJECT, message).label("not KIND/KEY");
        let (kind, key) = text.split_once('/').unwrap_or((text, ""));
        match (Pattern::KINDS.contains(&kind), nearest(kind, Pattern::KINDS.iter().copied())) {
            (true, _) => fault.help(format!("write the key after the slash, or `{kind}/*` for all of them")),
            (false, Some(near)) => {
                let key = if key.is_empty() { "*" } else { key };
                fault.help(format!("did you mean `{near}/{}`?", shown(key)))
            }
            (false, None) => fault.help(format!("write KIND/KEY; the kinds are {}", listed(Pattern::KINDS))),
        }
    }

    pub(super) fn bad_percent(&self, text: &str) -> Fault {
        self.fault(At::Value, codes::BAD_PERCENT, format!("`{}` is not a percentage", shown(text)))
            .label("not a percentage")
            .help("write digits and a percent sign, like `30%` or `12.5%`")
    }

    pub(super) fn bad_chance(&self, text: &str) -> Fault {
        self.fault(At::Value, codes::BAD_PERCENT, format!("`{}` is not a chance", shown(text)))
            .label("not from 0% to 100%")
            .help("write digits and a percent sign, from `0%` to `100%`, like `8%` or `0.5%`")
    }

    pub(super) fn bad_date(&self, text: &str) -> Fault {
        let message = format!("`{}` is not a date", shown(text));
        let fault = self.fault(At::Value, codes::BAD_DATE, message).label("not a date");
        match suggest::date(text) {
            Some(date) => fault.help(format!("did you mean `{date}`?")),
            None => fault.help("write a day that exists as year, month and day, like 2026-11-01"),
        }
    }

    pub(super) fn bad_rate(&self, text: &str) -> Fault {
        let message = format!("`{}` is not a rate", shown(text));
        let fault = self.fault(At::Value, codes::BAD_RATE, message).label("not a rate");
        match suggest::rate(text) {
            Some(rate) => fault.help(format!("did you mean \"{rate}\"?")),
            None => fault
                .help("write digits with at most eight decimals after a dot, more than zero, like \"98.50\""),
        }
    }

    pub(super) fn bad_host(&self, text: &str) -> Fault {
        let message = format!("`{}` is not the name of a host", shown(text));
        let fault = self.fault(At::Value, codes::BAD_HOST, message).label("not a host");
        match suggest::host(text) {
            Some(host) => fault.help(format!("did you mean `{host}`?")),
            None => fault.help("write the name alone, without `https://` and path: api-eu.ispmanager.com"),
        }
    }

    pub(super) fn bad_url(&self, text: &str) -> Fault {
        let fault = self
            .fault(At::Value, codes::BAD_URL, format!("{} is not the address of a panel", self.name()))
            .label("not such an address");
        if text.contains('@') {
            return fault.help("leave the login out of the address: it has fields of its own");
        }
        if text.contains(['?', '#']) {
            return fault.help(
                "end the address before the `?` or `#`: it is printed in plans, and must hold no secrets",
            );
        }
        if !text.contains("://") && !text.contains(char::is_whitespace) && text.contains('.') {
            return fault.help(format!("did you mean `https://{}`?", shown(text)));
        }
        fault.help("write it in full: `https://bill.example.com/billmgr`")
    }

    pub(super) fn out_of_range(&self, limit: &str) -> Fault {
        let message = format!("{} must be {limit}", self.name());
        let fault = self.fault(At::Value, codes::OUT_OF_RANGE, message).label("out of range");
        match self.definition() {
            "Parameter" => fault.help("quote it: the panel takes the digits as text"),
            _ => fault.help(format!("write a whole number of {limit}, or leave the key out")),
        }
    }

    pub(super) fn bad_period(&self, at: At, text: &str) -> Fault {
        self.alone().bad_period(at, text)
    }

    /// A value whose type fits no alternative.
    pub(super) fn no_alternative(&self) -> Fault {
        let name = self.name();
        match (self.definition(), self.found.value.shape()) {
            ("Sold", Shape::Number(text)) => self.bad_period(At::Value, text),
            ("Sold", _) => {
                let message =
                    format!("{name} must be a period or a list of periods, and this is {}", self.what());
                self.fault(At::Value, codes::WRONG_TYPE, message)
                    .label("periods belong here")
                    .help("write `1m`, or a list like `[1m, 3m, 6m]`")
            }
            ("Amount" | "MoneyBy", Shape::Number(_)) => self.unquoted_money(),
            ("Amount", _) => self.no_amount("an amount, `none` or `cost_plus`"),
            ("MoneyBy", _) => self.no_amount("an amount, or amounts by currency"),
            (_, Shape::Number(text)) => {
                let amount = suggest::money(text).unwrap_or_else(|| "350.00".to_owned());
                let message = format!("the price of {name} needs a currency and a period");
                self.fault(At::Value, codes::WRONG_TYPE, message)
                    .label("a bare number")
                    .help(price_help(&amount))
            }
            _ => {
                let message = format!(
                    "{name} must be `free`, `off`, `cost_plus`, or prices by currency, and this is {}",
                    self.what()
                );
                self.fault(At::Value, codes::WRONG_TYPE, message)
                    .label("not a price")
                    .help(price_help("350.00"))
            }
        }
    }
}

impl Site<'_> {
    fn no_amount(&self, wanted: &str) -> Fault {
        let message = format!("{} must be {wanted}, and this is {}", self.name(), self.what());
        let fault = self.fault(At::Value, codes::WRONG_TYPE, message).label("not an amount");
        fault.help("write digits in quotes, like \"350.00\"")
    }
}

fn price_help(amount: &str) -> String {
    format!("write the currency and the period: {{RUB: {{1m: \"{amount}\"}}}}")
}
