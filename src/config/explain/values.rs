//! Faults of text and numbers: money, periods, addresses and choices, with what was likely meant.

use serde_json::Value;

use super::{Site, listed};
use crate::{
    config::suggest,
    kinds::{COST_PLUS, Pattern, Prune},
    language::t,
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
        let message =
            t!("`{written}` is a number here, and money must be text: floats lose money", written = written);
        let help = match suggest::money(self.written()) {
            Some(amount) if amount == self.written() => t!("quote it: \"{amount}\"", amount = amount),
            Some(amount) => t!("quote it, as plain digits: \"{amount}\"", amount = amount),
            None => t!("write it in quotes, with digits only: \"350.00\""),
        };
        self.fault(At::Value, codes::UNQUOTED_MONEY, message).label(t!("a float, without quotes")).help(help)
    }

    pub(super) fn unquoted(&self) -> Fault {
        let name = self.name();
        let is = self.what();
        if self.path.last().is_some_and(|key| is_secret_key(key)) {
            let message = t!("{name} must be text, and this is {is} without quotes", name = name, is = is);
            return self.fault(At::Value, codes::UNQUOTED, message).help(t!("quote it"));
        }
        let written = shown(self.written());
        let message = t!(
            "{name} must be text, and `{written}` without quotes is {is}",
            name = name,
            written = written,
            is = is
        );
        self.fault(At::Value, codes::UNQUOTED, message)
            .label(t!("no quotes"))
            .help(t!("quote it: \"{written}\"", written = written))
    }

    pub(super) fn version(&self) -> Fault {
        let message = t!("version `{text}` of the format is not known", text = shown(self.written()));
        self.fault(At::Value, codes::VERSION, message)
            .label(t!("must be 1"))
            .help(t!("write `version: 1`, without quotes; a newer version needs a newer billform"))
    }

    pub(super) fn not_a_choice(&self, options: &Value) -> Fault {
        let options: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let text = self.text();
        let fault = if self.definition() == "ItemPrice" {
            let message = t!(
                "`{text}` is not a price: write `free`, `off`, `cost_plus`, or prices by currency",
                text = shown(text)
            );
            self.fault(At::Value, codes::BAD_CHOICE, message).label(t!("not a price"))
        } else {
            let message = t!("{name} cannot be `{text}`", name = self.name(), text = shown(text));
            self.fault(At::Value, codes::BAD_CHOICE, message).label(t!("not one of the choices"))
        };
        let refusal =
            ["no", "none", "never", "disabled", "n", "n/a", "нет"].contains(&text.to_lowercase().as_str());
        match (nearest(text, options.iter().copied()), suggest::money(text)) {
            (None, None) if refusal && options.contains(&"off") => fault.help(t!("did you mean `off`?")),
            (Some(option), _) => fault.help(t!("did you mean `{near}`?", near = option)),
            (None, Some(amount)) if self.definition() == "ItemPrice" => fault.help(price_help(&amount)),
            _ => fault.help(t!("one of {list}", list = listed(&options))),
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
            _ => self.fault(
                At::Value,
                codes::INVALID,
                t!("{name} cannot be `{quoted}`", name = self.name(), quoted = quoted),
            ),
        }
    }

    pub(super) fn bad_money(&self, text: &str) -> Fault {
        let none = if self.definition() == "Amount" {
            t!(", `none` for no price, or `cost_plus`")
        } else {
            String::new()
        };
        let message = t!("`{text}` is not an amount of money", text = shown(text));
        let fault = self.fault(At::Value, codes::BAD_MONEY, message).label(t!("not an amount"));
        match (suggest::money(text), nearest(text, ["none", COST_PLUS])) {
            (Some(amount), _) => fault.help(t!("did you mean \"{near}\"?", near = amount)),
            (None, Some(word)) if !none.is_empty() => fault.help(t!("did you mean `{near}`?", near = word)),
            _ => fault.help(t!(
                "write digits with at most four decimals after a dot, like \"350.00\"{none}",
                none = none
            )),
        }
    }

    pub(super) fn bad_prune(&self, text: &str) -> Fault {
        let (kind, parent) = text.split_once('/').map_or((text, None), |(kind, parent)| (kind, Some(parent)));
        let kinds: Vec<&str> = Prune::KINDS.iter().map(|(kind, _)| *kind).collect();
        let fault = self.fault(
            At::Value,
            codes::BAD_PRUNE,
            t!("`{text}` is not a kind whose objects can be deleted", text = shown(text)),
        );
        let fault = fault.label(t!("not such a kind"));
        match (kinds.contains(&kind), nearest(kind, kinds.iter().copied()), parent) {
            (true, _, Some("")) => fault.help(t!("write the parent after the slash, or drop the slash")),
            (true, _, Some(_)) if !Prune::KINDS.contains(&(kind, true)) => {
                fault.help(t!("`{kind}` has no parents: write it alone", kind = kind))
            }
            (false, Some(near), Some(parent)) => {
                fault.help(t!("did you mean `{near}/{text}`?", near = near, text = shown(parent)))
            }
            (false, Some(near), None) => fault.help(t!("did you mean `{near}`?", near = near)),
            _ => fault.help(t!("one of {list}; or `KIND/PARENT` for one parent only", list = listed(&kinds))),
        }
    }

    pub(super) fn bad_object(&self, text: &str) -> Fault {
        let message = t!("`{text}` names no object", text = shown(text));
        let fault = self.fault(At::Value, codes::BAD_OBJECT, message).label(t!("not KIND/KEY"));
        let (kind, key) = text.split_once('/').unwrap_or((text, ""));
        match (Pattern::KINDS.contains(&kind), nearest(kind, Pattern::KINDS.iter().copied())) {
            (true, _) => {
                fault.help(t!("write the key after the slash, or `{kind}/*` for all of them", kind = kind))
            }
            (false, Some(near)) => {
                let key = if key.is_empty() { "*" } else { key };
                fault.help(t!("did you mean `{near}/{text}`?", near = near, text = shown(key)))
            }
            (false, None) => {
                fault.help(t!("write KIND/KEY; the kinds are {list}", list = listed(Pattern::KINDS)))
            }
        }
    }

    pub(super) fn bad_percent(&self, text: &str) -> Fault {
        self.fault(At::Value, codes::BAD_PERCENT, t!("`{text}` is not a percentage", text = shown(text)))
            .label(t!("not a percentage"))
            .help(t!("write digits and a percent sign, like `30%` or `12.5%`"))
    }

    pub(super) fn bad_chance(&self, text: &str) -> Fault {
        self.fault(At::Value, codes::BAD_PERCENT, t!("`{text}` is not a chance", text = shown(text)))
            .label(t!("not from 0% to 100%"))
            .help(t!("write digits and a percent sign, from `0%` to `100%`, like `8%` or `0.5%`"))
    }

    pub(super) fn bad_date(&self, text: &str) -> Fault {
        let message = t!("`{text}` is not a date", text = shown(text));
        let fault = self.fault(At::Value, codes::BAD_DATE, message).label(t!("not a date"));
        match suggest::date(text) {
            Some(date) => fault.help(t!("did you mean `{near}`?", near = date)),
            None => fault.help(t!("write a day that exists as year, month and day, like 2026-11-01")),
        }
    }

    pub(super) fn bad_rate(&self, text: &str) -> Fault {
        let message = t!("`{text}` is not a rate", text = shown(text));
        let fault = self.fault(At::Value, codes::BAD_RATE, message).label(t!("not a rate"));
        match suggest::rate(text) {
            Some(rate) => fault.help(t!("did you mean \"{near}\"?", near = rate)),
            None => fault.help(t!(
                "write digits with at most eight decimals after a dot, more than zero, like \"98.50\""
            )),
        }
    }

    pub(super) fn bad_host(&self, text: &str) -> Fault {
        let message = t!("`{text}` is not the name of a host", text = shown(text));
        let fault = self.fault(At::Value, codes::BAD_HOST, message).label(t!("not a host"));
        match suggest::host(text) {
            Some(host) => fault.help(t!("did you mean `{near}`?", near = host)),
            None => {
                fault.help(t!("write the name alone, without `https://` and path: api-eu.ispmanager.com"))
            }
        }
    }

    pub(super) fn bad_url(&self, text: &str) -> Fault {
        let fault = self
            .fault(At::Value, codes::BAD_URL, t!("{name} is not the address of a panel", name = self.name()))
            .label(t!("not such an address"));
        if text.contains('@') {
            return fault.help(t!("leave the login out of the address: it has fields of its own"));
        }
        if text.contains(['?', '#']) {
            return fault.help(t!(
                "end the address before the `?` or `#`: it is printed in plans, and must hold no secrets"
            ));
        }
        if !text.contains("://") && !text.contains(char::is_whitespace) && text.contains('.') {
            return fault.help(t!("did you mean `https://{text}`?", text = shown(text)));
        }
        fault.help(t!("write it in full: `https://bill.example.com/billmgr`"))
    }

    pub(super) fn out_of_range(&self, limit: &str) -> Fault {
        let message = t!("{name} must be {limit}", name = self.name(), limit = limit);
        let fault = self.fault(At::Value, codes::OUT_OF_RANGE, message).label(t!("out of range"));
        match self.definition() {
            "Parameter" => fault.help(t!("quote it: the panel takes the digits as text")),
            _ => fault.help(t!("write a whole number of {limit}, or leave the key out", limit = limit)),
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
                let message = t!(
                    "{name} must be a period or a list of periods, and this is {what}",
                    name = name,
                    what = self.what()
                );
                self.fault(At::Value, codes::WRONG_TYPE, message)
                    .label(t!("periods belong here"))
                    .help(t!("write `1m`, or a list like `[1m, 3m, 6m]`"))
            }
            ("Amount" | "MoneyBy", Shape::Number(_)) => self.unquoted_money(),
            ("Amount", _) => self.no_amount(&t!("an amount, `none` or `cost_plus`")),
            ("MoneyBy", _) => self.no_amount(&t!("an amount, or amounts by currency")),
            (_, Shape::Number(text)) => {
                let amount = suggest::money(text).unwrap_or_else(|| "350.00".to_owned());
                let message = t!("the price of {name} needs a currency and a period", name = name);
                self.fault(At::Value, codes::WRONG_TYPE, message)
                    .label(t!("a bare number"))
                    .help(price_help(&amount))
            }
            _ => {
                let message = t!(
                    "{name} must be `free`, `off`, `cost_plus`, or prices by currency, and this is {what}",
                    name = name,
                    what = self.what()
                );
                self.fault(At::Value, codes::WRONG_TYPE, message)
                    .label(t!("not a price"))
                    .help(price_help("350.00"))
            }
        }
    }
}

impl Site<'_> {
    fn no_amount(&self, wanted: &str) -> Fault {
        let message = t!(
            "{name} must be {wanted}, and this is {what}",
            name = self.name(),
            wanted = wanted,
            what = self.what()
        );
        let fault = self.fault(At::Value, codes::WRONG_TYPE, message).label(t!("not an amount"));
        fault.help(t!("write digits in quotes, like \"350.00\""))
    }
}

fn price_help(amount: &str) -> String {
    t!("write the currency and the period: {{RUB: {{1m: \"{amount}\"}}}}", amount = amount)
}
