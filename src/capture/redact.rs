//! From what a panel answered to what may be recorded of it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    looks::{code, kept_token, length, named, period, phrase, serial, state, word},
    mask::Masks,
    table::{Class, VENDOR_WORDS, class},
};
use crate::{billmgr::Heard, dialect::func, wire::Node};

/// Attributes that describe the interface.
const SHAPES: [&str; 21] = [
    "align",
    "check",
    "convert",
    "depend",
    "disabled",
    "func",
    "hide",
    "key",
    "mgr",
    "multiple",
    "name",
    "private",
    "readonly",
    "required",
    "setvalues",
    "show",
    "sort",
    "title",
    "type",
    "value",
    "wizard",
];

/// What is known of all answers while they are gone through one by one.
pub(super) struct Redactor {
    masks: Masks,
    /// Ids of the rows of recorded lists.
    serials: BTreeSet<String>,
    /// Selects and secrets, by the function that was asked for the form.
    selects: BTreeMap<String, BTreeSet<String>>,
    /// Those among the selects that offer lengths of time.
    periods: BTreeMap<String, BTreeSet<String>>,
    secrets: BTreeMap<String, BTreeSet<String>>,
}

/// What the metadata of one document says.
#[derive(Default)]
struct Shape {
    key: Option<String>,
    /// Names that captions belong to.
    named: BTreeSet<String>,
    /// Cells that conditions of buttons compare with: column and text.
    states: BTreeSet<(String, String)>,
}

impl Redactor {
    pub(super) fn new(heard: &[&Heard]) -> Self {
        let mut new = Self {
            masks: Masks::default(),
            serials: BTreeSet::new(),
            selects: BTreeMap::new(),
            periods: BTreeMap::new(),
            secrets: BTreeMap::new(),
        };
        for read in heard {
            new.learn(&read.func, &read.answer);
        }
        new
    }

    fn learn(&mut self, func: &str, doc: &Node) {
        let key = shape(doc).key;
        let ids = doc.all("elem").filter_map(|elem| {
            let cell = elem.child(key.as_deref()?)?;
            Some(cell.attr("orig").unwrap_or(&cell.text).trim().to_owned())
        });
        self.serials.extend(ids.filter(|id| serial(id)));
        let selects = doc.all("slist").filter_map(|list| list.attr("name")).map(str::to_owned);
        self.selects.entry(func.to_owned()).or_default().extend(selects);
        let periods = doc.all("slist").filter(|list| offers_periods(list));
        let periods = periods.filter_map(|list| list.attr("name")).map(str::to_owned);
        self.periods.entry(func.to_owned()).or_default().extend(periods);
        if let Some(metadata) = doc.child("metadata") {
            learn_secrets(metadata, self.secrets.entry(func.to_owned()).or_default());
        }
        if let Some(inner) = doc.child("doc") {
            self.learn(func, inner);
        }
    }

    /// The parameters and the answer of one read.
    pub(super) fn read(&mut self, read: &Heard) -> (BTreeMap<String, String>, Node) {
        let params = read.params.iter().filter(|(name, _)| named(name));
        let params =
            params.map(|(name, value)| (name.clone(), self.value(&read.func, name, value))).collect();
        let answer = match read.func.as_str() {
            "whoami" => self.whoami(&read.answer),
            func => self.document(func, &read.answer),
        };
        (params, answer)
    }

    fn document(&mut self, func: &str, doc: &Node) -> Node {
        let shape = shape(doc);
        let mut out = head(doc);
        for child in &doc.children {
            match child.name.as_str() {
                "metadata" => out.children.push(metadata(child)),
                "messages" => out.children.push(messages(child, &shape)),
                "slist" => out.children.push(self.options(func, child)),
                "elem" => out.children.push(self.row(func, &shape, child)),
                "doc" => out.children.push(self.document(func, child)),
                "error" => out.children.push(self.error(child)),
                "ok" => out.children.push(Node::new("ok")),
                "filter" => out.children.push(self.filter(child)),
                "p_cnt" | "p_num" | "p_elems" | "p_order" | "p_sort" => {
                    out.children.push(leaf(&child.name, kept_token(&child.text).unwrap_or_default()));
                }
                // Nested values, echoes, saved filters, pagers: nothing that billform reads.
                _ if !child.children.is_empty() || !named(&child.name) => {}
                "tparams" | "saved_filters" | "page" | "p_possible_filters" | "tip" | "banner" | "list"
                | "flist" => {}
                name => out.children.push(leaf(name, self.value(func, name, &child.text))),
            }
        }
        out
    }

    /// What stands for the value of a field, of a column or of a parameter.
    fn value(&mut self, func: &str, name: &str, text: &str) -> String {
        if self.secrets.get(func).is_some_and(|names| names.contains(name)) {
            return String::new();
        }
        match class(name) {
            Some(Class::Secret) => String::new(),
            _ if word(text) => text.to_owned(),
            Some(Class::Token) => kept_token(text).unwrap_or_else(|| self.masks.of(text)),
            Some(Class::Code) if code(text) => text.to_owned(),
            Some(Class::State) if state(text) => text.to_owned(),
            Some(Class::Reference) if self.serials.contains(text) => text.to_owned(),
            _ if matches!(name, "elid" | "plid" | "id") => self.id(text),
            Some(Class::Choice) if technical(func, name) => {
                kept_token(text).unwrap_or_else(|| self.masks.of(text))
            }
            _ if self.selects.get(func).is_some_and(|names| names.contains(name)) => {
                self.choice(func, name, text)
            }
            _ => self.masks.of(text),
        }
    }

    fn id(&mut self, text: &str) -> String {
        if serial(text) || word(text) { text.to_owned() } else { self.masks.of(text) }
    }

    /// The key of an option, or several of them.
    fn choice(&mut self, func: &str, name: &str, text: &str) -> String {
        let periods = self.periods.get(func).is_some_and(|names| names.contains(name));
        let one = |key: &str| {
            let stays = word(key)
                || VENDOR_WORDS.contains(&key)
                || self.serials.contains(key)
                || (periods && length(key));
            if stays { key.to_owned() } else { self.masks.key(key) }
        };
        text.split(',').map(one).collect::<Vec<_>>().join(",")
    }

    fn row(&mut self, func: &str, shape: &Shape, elem: &Node) -> Node {
        let mut out = Node::new("elem");
        for cell in elem.children.iter().filter(|cell| named(&cell.name)) {
            let mut new = Node::new(&cell.name);
            let label = |redactor: &mut Self, text: &str| {
                if shape.key.as_deref() == Some(cell.name.as_str()) {
                    redactor.id(text)
                } else if shape.states.contains(&(cell.name.clone(), text.to_owned())) {
                    text.to_owned()
                } else if class(&cell.name) == Some(Class::Choice) && technical(func, &cell.name) {
                    phrase(text).unwrap_or_else(|| redactor.masks.of(text))
                } else {
                    redactor.value(func, &cell.name, text)
                }
            };
            new.text = label(self, &cell.text);
            if let Some(orig) = cell.attr("orig") {
                let orig = label(self, orig);
                new.attrs.insert("orig".to_owned(), orig);
            }
            out.children.push(new);
        }
        out
    }

    fn options(&mut self, func: &str, list: &Node) -> Node {
        let name = list.attr("name").unwrap_or_default();
        let mut out = Node::new("slist");
        out.attrs.extend(
            list.attrs.get("name").filter(|name| named(name)).map(|name| ("name".to_owned(), name.clone())),
        );
        let labelled = class(name) == Some(Class::Choice) && technical(func, name);
        for option in list.children.iter().filter(|option| matches!(option.name.as_str(), "val" | "msg")) {
            let mut new = Node::new(&option.name);
            let key = option.attr("key").unwrap_or(&option.text);
            if option.attr("key").is_some() {
                new.attrs.insert("key".to_owned(), self.value(func, name, key));
            }
            if let Some(depend) = option.attr("depend") {
                let depend = if labelled { kept_token(depend) } else { None }
                    .unwrap_or_else(|| self.choice(func, name, depend));
                new.attrs.insert("depend".to_owned(), depend);
            }
            let shown = labelled || period(&option.text);
            new.text = match phrase(&option.text).filter(|_| shown) {
                Some(text) => text,
                None if option.attr("key").is_none() => self.value(func, name, key),
                None => self.masks.of(&option.text),
            };
            out.children.push(new);
        }
        out
    }

    fn error(&mut self, error: &Node) -> Node {
        let mut out = Node::new("error");
        for (name, value) in &error.attrs {
            if let (true, Some(value)) =
                (matches!(name.as_str(), "type" | "object" | "lang"), kept_token(value))
            {
                out.attrs.insert(name.clone(), value);
            }
        }
        let texts =
            error.children.iter().filter(|child| matches!(child.name.as_str(), "msg" | "detail" | "param"));
        for child in texts {
            let mut new = leaf(&child.name, self.masks.of(&child.text));
            let name = child.attr("name").filter(|name| named(name));
            new.attrs.extend(name.map(|name| ("name".to_owned(), name.to_owned())));
            out.children.push(new);
        }
        out
    }

    /// A filter that is in force, by its names: that there is one is all that counts.
    fn filter(&mut self, filter: &Node) -> Node {
        let mut out = Node::new("filter");
        for param in filter.all("param") {
            let mut new = leaf("param", self.masks.of(&param.text));
            let name = param.attr("name").filter(|name| named(name));
            new.attrs.extend(name.map(|name| ("name".to_owned(), name.to_owned())));
            out.children.push(new);
        }
        out
    }

    fn whoami(&mut self, doc: &Node) -> Node {
        let mut out = head(doc);
        for child in &doc.children {
            let mut new = Node::new(&child.name);
            let mut keep = |name: &str, value: Option<String>| {
                new.attrs.extend(value.map(|value| (name.to_owned(), value)));
            };
            match child.name.as_str() {
                "user" => {
                    keep("name", child.attr("name").map(|name| self.masks.of(name)));
                    keep("level", child.attr("level").and_then(kept_token));
                    keep("lang", child.attr("lang").and_then(kept_token));
                }
                "mgr" => {
                    keep("version", child.attr("version").and_then(kept_token));
                    new.text = kept_token(&child.text).unwrap_or_default();
                }
                "version" => {
                    let parts = child.children.iter().filter(|part| named(&part.name));
                    new.children = parts
                        .map(|part| leaf(&part.name, kept_token(&part.text).unwrap_or_default()))
                        .collect();
                }
                "error" => new = self.error(child),
                _ => continue,
            }
            out.children.push(new);
        }
        out
    }
}

/// Whether a choice of that name is one whose key is technical: types of resources are, those of products
/// may be somebody's.
fn technical(func: &str, name: &str) -> bool {
    name != "itemtype" || func == func::RESOURCE_EDIT || func == func::RESOURCES
}

fn leaf(name: &str, text: String) -> Node {
    Node { text, ..Node::new(name) }
}

/// The root with what says which function answered.
fn head(doc: &Node) -> Node {
    let mut out = Node::new("doc");
    for name in ["lang", "func"] {
        out.attrs.extend(doc.attr(name).and_then(kept_token).map(|value| (name.to_owned(), value)));
    }
    out
}

fn shape(doc: &Node) -> Shape {
    let mut shape = Shape::default();
    let Some(metadata) = doc.child("metadata") else { return shape };
    if metadata.attr("type") == Some("list") {
        let key = metadata.attr("key").filter(|key| !key.is_empty()).unwrap_or("id");
        shape.key = Some(key.to_owned());
    }
    look(metadata, &mut shape);
    shape
}

fn look(node: &Node, shape: &mut Shape) {
    for child in &node.children {
        let name = child.attr("name").unwrap_or_default();
        if matches!(
            child.name.as_str(),
            "field" | "input" | "select" | "textarea" | "slider" | "col" | "toolbtn"
        ) {
            shape.named.insert(name.to_owned());
        }
        if matches!(child.name.as_str(), "hide" | "show") {
            shape.states.insert((name.to_owned(), child.attr("value").unwrap_or_default().to_owned()));
        }
        look(child, shape);
    }
}

/// Whether all keys of a select are lengths of time: one month and twelve are always among them.
fn offers_periods(list: &Node) -> bool {
    let keys: Vec<&str> =
        list.children.iter().filter_map(|option| option.attr("key")).filter(|key| !word(key)).collect();
    keys.contains(&"1") && keys.contains(&"12") && keys.iter().all(|key| length(key))
}

fn learn_secrets(node: &Node, secrets: &mut BTreeSet<String>) {
    for child in &node.children {
        let private = matches!(child.attr("private"), Some("yes" | "on"));
        if private || child.attr("type") == Some("password") {
            let name = child.attr("name").or_else(|| node.attr("name"));
            secrets.extend(name.map(str::to_owned));
        }
        learn_secrets(child, secrets);
    }
}

/// The description of the interface, without texts and without attributes that are not known.
fn metadata(node: &Node) -> Node {
    let mut out = Node::new(&node.name);
    for (name, value) in node.attrs.iter().filter(|(name, _)| SHAPES.contains(&name.as_str())) {
        // A condition is met by the text that people see.
        let kept = if name == "value" { phrase(value) } else { kept_token(value) };
        out.attrs.extend(kept.map(|value| (name.clone(), value)));
    }
    out.children = node.children.iter().filter(|child| named(&child.name)).map(metadata).collect();
    out
}

/// Captions of what the metadata names.
fn messages(node: &Node, shape: &Shape) -> Node {
    let mut out = Node::new("messages");
    for message in node.all("msg") {
        let Some(name) = message.attr("name").filter(|name| named(name)) else { continue };
        let bare = name.strip_prefix("short_").or_else(|| name.strip_prefix("hint_")).unwrap_or(name);
        let belongs = shape.named.contains(name) || shape.named.contains(bare);
        if let (true, Some(text)) = (belongs, phrase(&message.text)) {
            let mut new = leaf("msg", text);
            new.attrs.insert("name".to_owned(), name.to_owned());
            out.children.push(new);
        }
    }
    out
}
