//! What the JSON Schema refused, in words for the person who wrote it.
//!
//! The validator knows keywords; people know money, periods and names. The pattern or the definition at
//! fault tells which is meant. An unknown key is reported by the validator on the mapping around it and
//! underlined here itself; of alternatives, the one that fits the value speaks.

use std::ops::Range;

use jsonschema::error::{TypeKind, ValidationError, ValidationErrorKind as Kind};
use serde_json::Value;

use super::{
    codes,
    fault::{Fault, Place, nearest, pointer, shown, steps},
    load::At,
    secrets::is_secret_key,
    suggest,
    tree::{Found, NodeRef, Shape, Tree},
};
use crate::{
    kinds::Prune,
    model::{Money, Name, Period, SecretSource, URL_PATTERN},
};

/// Turns one error of the validator into faults.
pub(super) fn explain(file: usize, tree: &Tree, schema: &Value, error: &ValidationError<'_>) -> Vec<Fault> {
    let path = steps(error.instance_path().as_str());
    let found = tree.walk(path.iter().map(String::as_str));
    let site = Site { file, found, path: &path, schema, keyword: error.schema_path().as_str() };
    if matches!(found.value.shape(), Shape::Null) {
        return vec![site.no_value()];
    }
    if site.in_secret() {
        return vec![site.bad_secret()];
    }
    match error.kind() {
        Kind::Type { kind } => vec![site.wrong_type(kind)],
        Kind::AdditionalProperties { unexpected } => {
            unexpected.iter().map(|key| site.unexpected(key)).collect()
        }
        Kind::Required { property } => vec![site.missing(property.as_str().unwrap_or_default())],
        Kind::Enum { options } => vec![site.not_a_choice(options)],
        Kind::Constant { .. } => vec![site.version()],
        Kind::Pattern { pattern } => vec![site.bad_text(pattern)],
        Kind::MinLength { .. } | Kind::MaxLength { .. } => vec![site.bad_text(Name::PATTERN)],
        Kind::PropertyNames { error } => vec![site.bad_key(error.instance().as_str().unwrap_or_default())],
        Kind::MinProperties { .. } | Kind::MinItems { .. } => vec![site.nothing_listed()],
        Kind::UniqueItems => site.listed_twice(),
        Kind::Minimum { limit } => vec![site.out_of_range(&format!("at least {limit}"))],
        Kind::Maximum { limit } => vec![site.out_of_range(&format!("at most {limit}"))],
        Kind::AnyOf { context } => match fitting(error, context) {
            Some(branch) => branch.iter().flat_map(|error| explain(file, tree, schema, error)).collect(),
            None => vec![site.no_alternative()],
        },
        _ => vec![site.fault(At::Value, codes::INVALID, error.masked().to_string())],
    }
}

/// The alternative whose type is that of the value.
fn fitting<'e>(
    error: &ValidationError<'_>,
    context: &'e [Vec<ValidationError<'static>>],
) -> Option<&'e [ValidationError<'static>]> {
    let other_type = |inner: &ValidationError<'_>| {
        matches!(inner.kind(), Kind::Type { .. }) && inner.instance_path() == error.instance_path()
    };
    context.iter().find(|branch| !branch.iter().any(other_type)).map(Vec::as_slice)
}

/// The bytes to underline for an entry.
pub(super) fn mark(found: Found<'_>, at: At) -> Range<usize> {
    let value = found.value.span();
    match (found.key, at) {
        (Some(key), At::Key) => key.span(),
        (Some(key), At::Value) if value.is_empty() || is_block(found.value) => key.span(),
        _ => value,
    }
}

/// A collection over several lines: underlining its first one would point at something else.
fn is_block(value: NodeRef<'_>) -> bool {
    let text = value.tree.text.get(value.span()).unwrap_or_default();
    let collection = matches!(value.shape(), Shape::List(_) | Shape::Map(_));
    collection && (!text.starts_with(['{', '[']) || text.trim_end().contains('\n'))
}

/// A place in the document and the keyword of the schema that it breaks.
#[derive(Clone, Copy)]
struct Site<'a> {
    file: usize,
    found: Found<'a>,
    path: &'a [String],
    schema: &'a Value,
    keyword: &'a str,
}

impl<'a> Site<'a> {
    fn fault(&self, at: At, code: &'static str, message: String) -> Fault {
        let path = pointer(self.path.iter().map(String::as_str));
        Fault::new(self.file, mark(self.found, at), code, message).at(path)
    }

    /// The name of the value in messages.
    fn name(&self) -> String {
        match (self.found.key, self.path.len()) {
            (Some(key), _) => format!("`{}`", shown(key.key_text())),
            (None, 0) => "the file".to_owned(),
            (None, _) => "this entry".to_owned(),
        }
    }

    /// The definition of the schema the keyword belongs to.
    fn definition(&self) -> &'a str {
        let name = self.keyword.rsplit_once("/$defs/").map_or("", |(_, name)| name);
        name.split('/').next().unwrap_or_default()
    }

    /// The schema the keyword belongs to.
    fn subschema(&self) -> Option<&'a Value> {
        let (parent, _) = self.keyword.rsplit_once('/')?;
        self.schema.pointer(parent)
    }

    /// The keys that the schema of a closed mapping lists.
    fn fields(&self) -> Vec<&'a str> {
        let properties =
            self.subschema().and_then(|schema| schema.get("properties")).and_then(Value::as_object);
        properties.into_iter().flat_map(|fields| fields.keys().map(String::as_str)).collect()
    }

    /// The description of a field, up to the end of its first sentence.
    fn described(&self, field: &str) -> Option<&'a str> {
        let field = self.subschema()?.get("properties")?.get(field)?;
        let text = field.get("description")?.as_str()?;
        let end = [". ", ".\n", "; ", ": "].iter().filter_map(|end| text.find(end)).min();
        Some(text[..end.unwrap_or(text.len())].trim_end_matches('.'))
    }

    fn written(&self) -> &'a str {
        self.found.value.tree.text.get(self.found.value.span()).unwrap_or_default()
    }

    fn text(&self) -> &'a str {
        self.found.value.text().unwrap_or_default()
    }

    /// Whether the value is, or is in, the description of where a secret comes from.
    fn in_secret(&self) -> bool {
        let last = self.path.last().map(String::as_str);
        let before = self.path.len().checked_sub(2).map(|index| self.path[index].as_str());
        self.definition() == "SecretSource"
            || (matches!(last, Some("env" | "file")) && before.is_some_and(is_secret_key))
    }

    fn no_value(&self) -> Fault {
        let help = match self.definition() {
            "Amount" => "write an amount like \"350.00\", or `none` for no price",
            _ if self.found.key.is_none() && self.path.is_empty() => "write at least `version: 1`",
            _ if self.found.key.is_none() => "remove the empty entry",
            _ => "write a value after the colon, or leave the key out",
        };
        self.fault(At::Key, codes::NO_VALUE, format!("{} has no value", self.name()))
            .help(help)
            .label("no value")
    }

    /// Whatever stands where a secret is described is taken for the secret itself, and not repeated.
    fn bad_secret(&self) -> Fault {
        let inner = self.path.last().is_some_and(|step| step == "env" || step == "file");
        let depth = self.path.len() - usize::from(inner && self.path.len() > 1);
        let name = self.path.get(depth.wrapping_sub(1)).map_or("password", String::as_str);
        let advice = format!(
            "write `{name}: {{env: VARIABLE}}` or `{name}: {{file: path}}` and keep the secret itself out of the file"
        );
        let is_map = matches!(self.found.value.shape(), Shape::Map(_));
        let (code, message, label, help) = if inner {
            (
                codes::BAD_SECRET,
                "this is not a place a secret can be read from",
                "not shown",
                "`env` takes the name of a variable (letters, digits, underscores), `file` a path".to_owned(),
            )
        } else if is_map {
            (codes::BAD_SECRET, "a secret comes from one place: `env` or `file`", "one of the two", advice)
        } else {
            (
                codes::LITERAL_SECRET,
                "a secret is written into the configuration",
                "not shown: it would live in Git",
                advice,
            )
        };
        let mut fault = self.fault(At::Value, code, message.to_owned()).label(label).help(help);
        fault.secret = !is_map;
        fault
    }

    fn wrong_type(&self, kind: &TypeKind) -> Fault {
        if self.path == ["version"] {
            return self.version();
        }
        match (self.definition(), self.found.value.shape()) {
            ("Amount" | "Money", Shape::Number(_)) => self.unquoted_money(),
            ("Period", Shape::Number(_)) => self.bad_period(At::Value, self.written()),
            (_, Shape::Number(_) | Shape::Flag(_)) if self.wants(kind, "string") => self.unquoted(),
            _ => {
                let (name, is) = (self.name(), self.what());
                let expected = expected(kind);
                let fault = self.fault(
                    At::Value,
                    codes::WRONG_TYPE,
                    format!("{name} must be {expected}, and this is {is}"),
                );
                fault.label(format!("{expected} belongs here")).help(self.shape_help(kind))
            }
        }
    }

    fn wants(&self, kind: &TypeKind, wanted: &str) -> bool {
        type_names(kind).iter().any(|name| name == wanted)
    }

    fn shape_help(&self, kind: &TypeKind) -> String {
        let name = self.path.last().map_or("key", String::as_str);
        match type_names(kind).first().map(String::as_str) {
            _ if type_names(kind).len() > 1 => "write one value, as the panel's own form holds it".to_owned(),
            _ if self.definition() == "LocalName" => {
                let text = self.found.value.text().map_or("...".to_owned(), shown);
                format!("name the language: `{name}: {{en: {text}}}`")
            }
            _ if self.path.is_empty() => {
                "write fields without indentation: `version: 1`, `processors:` and so on".to_owned()
            }
            Some("object") => format!("write fields below `{name}`, indented, each as `field: value`"),
            Some("array") => format!("write a list: `{name}: [...]`, or one `- ` line for each entry"),
            Some("integer") => "write digits only, without quotes".to_owned(),
            Some("boolean") => "write `true` or `false`, without quotes".to_owned(),
            _ => "see `billform schema` for the format".to_owned(),
        }
    }

    fn what(&self) -> &'static str {
        match self.found.value.shape() {
            Shape::Null => "nothing",
            Shape::Flag(_) => "a boolean",
            Shape::Number(text) if text.contains('.') => "a decimal",
            Shape::Number(_) => "a number",
            Shape::Text(_) => "text",
            Shape::List(_) => "a list",
            Shape::Map(_) => "a mapping",
        }
    }

    fn unquoted_money(&self) -> Fault {
        let written = shown(self.written());
        let message = format!("`{written}` is a number here, and money must be text: floats lose money");
        let help = match suggest::money(self.written()) {
            Some(amount) if amount == self.written() => format!("quote it: \"{amount}\""),
            Some(amount) => format!("quote it, as plain digits: \"{amount}\""),
            None => "write it in quotes, with digits only: \"350.00\"".to_owned(),
        };
        self.fault(At::Value, codes::UNQUOTED_MONEY, message).label("a float, without quotes").help(help)
    }

    fn unquoted(&self) -> Fault {
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

    fn version(&self) -> Fault {
        let message = format!("version `{}` of the format is not known", shown(self.written()));
        self.fault(At::Value, codes::VERSION, message)
            .label("must be 1")
            .help("write `version: 1`, without quotes; a newer version needs a newer billform")
    }

    fn missing(&self, field: &str) -> Fault {
        let place = if self.path.is_empty() { "the file".to_owned() } else { self.name() };
        let fault = self.fault(At::Value, codes::MISSING_FIELD, format!("{place} has no `{field}`"));
        let fault = fault.label(format!("`{field}` is missing"));
        match (field, self.described(field)) {
            ("version", _) => fault.help("add `version: 1`; every file says it"),
            (_, Some(text)) => fault.help(format!("add `{field}`: {}", lower_first(text))),
            (_, None) => fault.help(format!("add `{field}`")),
        }
    }

    fn unexpected(&self, key: &str) -> Fault {
        let site = self.child(key);
        let patterns =
            self.subschema().and_then(|schema| schema.get("patternProperties")).and_then(Value::as_object);
        match patterns.and_then(|patterns| patterns.keys().next()).map(String::as_str) {
            Some("^[A-Z]{3}$") => site.bad_currency(key),
            Some("^[a-z]{2}$") => site.bad_language(key),
            Some(Name::PATTERN) => site.bad_name(At::Key),
            Some(_) => site.bad_period(At::Key, key),
            None => site.unknown_field(key, &self.fields()),
        }
    }

    /// The site of an entry of this mapping.
    fn child(&self, key: &str) -> Child<'a> {
        let path: Vec<String> = self.path.iter().cloned().chain([key.to_owned()]).collect();
        let found = match self.found.value.entry(key) {
            Some((key, value)) => Found { depth: path.len(), key: Some(key), value },
            None => self.found,
        };
        Child { file: self.file, found, path }
    }

    fn bad_key(&self, key: &str) -> Fault {
        self.child(key).bad_name(At::Key)
    }

    fn bad_period(&self, at: At, text: &str) -> Fault {
        Child { file: self.file, found: self.found, path: self.path.to_vec() }.bad_period(at, text)
    }

    fn not_a_choice(&self, options: &Value) -> Fault {
        let options: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let text = self.text();
        let fault = if self.definition() == "ItemPrice" {
            let message =
                format!("`{}` is not a price: write `free`, `off`, or prices by currency", shown(text));
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

    fn bad_text(&self, pattern: &str) -> Fault {
        let text = self.text();
        let quoted = shown(text);
        match (self.definition(), pattern) {
            ("Amount" | "Money", _) => self.bad_money(text),
            (_, Period::PATTERN) => self.bad_period(At::Value, text),
            ("Prune", _) => self.bad_prune(text),
            (_, URL_PATTERN) => self.bad_url(text),
            (_, Name::PATTERN) => {
                Child { file: self.file, found: self.found, path: self.path.to_vec() }.bad_name(At::Value)
            }
            (_, SecretSource::ENV_PATTERN) => self.bad_secret(),
            _ => self.fault(At::Value, codes::INVALID, format!("{} cannot be `{quoted}`", self.name())),
        }
    }

    fn bad_money(&self, text: &str) -> Fault {
        let none = if self.definition() == "Amount" { ", or `none` for no price" } else { "" };
        let message = format!("`{}` is not an amount of money", shown(text));
        let fault = self.fault(At::Value, codes::BAD_MONEY, message).label("not an amount");
        match (suggest::money(text), nearest(text, ["none"])) {
            (Some(amount), _) => fault.help(format!("did you mean \"{amount}\"?")),
            (None, Some(_)) if !none.is_empty() => fault.help("did you mean `none`?"),
            _ => fault
                .help(format!("write digits with at most four decimals after a dot, like \"350.00\"{none}")),
        }
    }

    fn bad_prune(&self, text: &str) -> Fault {
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

    fn bad_url(&self, text: &str) -> Fault {
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

    fn nothing_listed(&self) -> Fault {
        let (what, help) = match self.definition() {
            "ItemPrice" => ("no currency", "write `free`, `off`, or prices like {RUB: {1m: \"350.00\"}}"),
            "PricesByPeriod" => {
                ("no period", "write prices like {1m: \"350.00\"}, or leave the currency out")
            }
            "LocalName" => ("no language", "write at least one, like {en: ...}"),
            "Sold" => ("no period", "write the periods, like [1m, 3m]"),
            _ => ("nothing in it", "write an entry, or leave the key out"),
        };
        self.fault(At::Value, codes::NOTHING_LISTED, format!("{} has {what}", self.name()))
            .label("empty")
            .help(help)
    }

    fn listed_twice(&self) -> Vec<Fault> {
        let entries: Vec<_> = self.found.value.elements().collect();
        let twice = entries.iter().enumerate().filter_map(|(later, entry)| {
            let text = entry.text()?;
            let first = entries[..later].iter().find(|first| first.text() == Some(text))?;
            let path = pointer(self.path.iter().map(String::as_str).chain([later.to_string().as_str()]));
            let fault = Fault::new(
                self.file,
                entry.span(),
                codes::LISTED_TWICE,
                format!("`{}` is listed twice", shown(text)),
            );
            let fault = fault.at(path).label("again here").help("remove one of the two");
            Some(fault.other(Place::new(self.file, first.span()), "first here"))
        });
        twice.collect()
    }

    fn out_of_range(&self, limit: &str) -> Fault {
        let message = format!("{} must be {limit}", self.name());
        let fault = self.fault(At::Value, codes::OUT_OF_RANGE, message).label("out of range");
        match self.definition() {
            "Parameter" => fault.help("quote it: the panel takes the digits as text"),
            _ => fault.help(format!("write a whole number of {limit}, or leave the key out")),
        }
    }

    /// A value whose type fits no alternative.
    fn no_alternative(&self) -> Fault {
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
            (_, Shape::Number(text)) => {
                let amount = suggest::money(text).unwrap_or_else(|| "350.00".to_owned());
                let message = format!("the price of {name} needs a currency and a period");
                self.fault(At::Value, codes::WRONG_TYPE, message)
                    .label("a bare number")
                    .help(price_help(&amount))
            }
            _ => {
                let message = format!(
                    "{name} must be `free`, `off`, or prices by currency, and this is {}",
                    self.what()
                );
                self.fault(At::Value, codes::WRONG_TYPE, message)
                    .label("not a price")
                    .help(price_help("350.00"))
            }
        }
    }
}

/// An entry of a mapping, or a value taken on its own.
struct Child<'a> {
    file: usize,
    found: Found<'a>,
    path: Vec<String>,
}

impl Child<'_> {
    fn fault(&self, at: At, code: &'static str, message: String) -> Fault {
        let path = pointer(self.path.iter().map(String::as_str));
        Fault::new(self.file, mark(self.found, at), code, message).at(path)
    }

    fn unknown_field(&self, key: &str, known: &[&str]) -> Fault {
        let fault = self
            .fault(At::Key, codes::UNKNOWN_FIELD, format!("unknown field `{}`", shown(key)))
            .label("not part of the format");
        match nearest(key, known.iter().copied()) {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault.help(format!("the fields here are {}", listed(known))),
        }
    }

    fn bad_currency(&self, key: &str) -> Fault {
        let fault = self
            .fault(At::Key, codes::BAD_CURRENCY, format!("`{}` is not a currency code", shown(key)))
            .label("not a currency");
        if key.parse::<Period>().is_ok() || key == "setup" {
            return fault.help(format!("name the currency first: {{RUB: {{{key}: ...}}}}"));
        }
        match suggest::currency(key) {
            Some(code) => fault.help(format!("did you mean `{code}`?")),
            None => fault.help("write the three capital letters of the ISO code, like RUB or EUR"),
        }
    }

    fn bad_language(&self, key: &str) -> Fault {
        let fault = self
            .fault(At::Key, codes::BAD_LANGUAGE, format!("`{}` is not a language code", shown(key)))
            .label("not a language");
        let short: String = key.to_lowercase().chars().take(2).collect();
        if short.len() == 2 && short.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return fault.help(format!("did you mean `{short}`? The code has two small letters"));
        }
        fault.help("write two small letters, like en or ru")
    }

    fn bad_period(&self, at: At, text: &str) -> Fault {
        let fault = self
            .fault(at, codes::BAD_PERIOD, format!("`{}` is not a period", shown(text)))
            .label("not a period");
        match suggest::period(text).map(|period| period.to_string()) {
            Some(period) => fault.help(format!("did you mean `{period}`?")),
            None => match nearest(text, ["setup", "trial", "day", "lifetime"]) {
                Some(near) if at == At::Key || near != "setup" => {
                    fault.help(format!("did you mean `{near}`?"))
                }
                _ => fault.help("write months like `1m`, `12m`, or one of `trial`, `day`, `lifetime`"),
            },
        }
    }

    fn bad_name(&self, at: At) -> Fault {
        let what = if at == At::Key { "this key" } else { "this name" };
        let text = match (at, self.found.key) {
            (At::Key, Some(key)) => key.key_text(),
            _ => self.found.value.text().unwrap_or_default(),
        };
        let why = if text.is_empty() {
            "is empty"
        } else if text.chars().count() > Name::MAX_CHARS {
            "is longer than 255 characters"
        } else if text.trim_matches(|ch: char| ch.is_whitespace() || ch == '\u{feff}').len() < text.len() {
            "begins or ends with a blank"
        } else {
            "holds a control character or a line break"
        };
        let fault = self.fault(at, codes::BAD_NAME, format!("{what} {why}")).label(why);
        fault.help("a name has 1 to 255 characters, no control characters, and no blank at either end")
    }
}

fn type_names(kind: &TypeKind) -> Vec<String> {
    match kind {
        TypeKind::Single(kind) => vec![kind.to_string()],
        TypeKind::Multiple(kinds) => kinds.iter().map(|kind| kind.to_string()).collect(),
    }
}

fn expected(kind: &TypeKind) -> String {
    let words: Vec<_> = type_names(kind)
        .iter()
        .map(|name| match name.as_str() {
            "string" => "text",
            "integer" => "a whole number",
            "number" => "a number",
            "boolean" => "a boolean",
            "array" => "a list",
            "object" => "a mapping",
            _ => "nothing",
        })
        .collect();
    match words.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => words.concat(),
    }
}

fn price_help(amount: &str) -> String {
    format!("write the currency and the period: {{RUB: {{1m: \"{amount}\"}}}}")
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(chars).collect()
}
