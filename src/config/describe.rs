//! The page about one field of the configuration, made from the schema: the text that editors show, too.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::Document as _;
use crate::{
    kinds::ConfigSpec,
    language::{t, told},
    model::{is_near, near},
};

/// What is to be known of a field.
#[derive(Debug)]
pub(crate) struct FieldPage {
    /// The field with `*` for names of the reader's own, like `prices.*.items`.
    pub(crate) path: Vec<String>,
    /// What it is, in paragraphs.
    pub(crate) says: Vec<String>,
    /// Words that it may be, with what each means.
    pub(crate) words: Vec<(String, String)>,
    /// Fields that it may have: name, whether it must be there, what it is.
    pub(crate) fields: Vec<(String, bool, String)>,
}

/// The page of the field at that path; the error says what there is.
pub(crate) fn describe(path: &str) -> Result<FieldPage, String> {
    let root = ConfigSpec::compiled().schema();
    let node = Node { root, here: root };
    let mut walk = Walk { node, path: Vec::new(), says: Vec::new() };
    for name in path.split('.').filter(|name| !name.is_empty()) {
        walk.step(name)?;
    }
    Ok(walk.page())
}

/// A place in the schema.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'a> {
    pub(super) root: &'a Value,
    pub(super) here: &'a Value,
}

impl<'a> Node<'a> {
    fn at(self, here: &'a Value) -> Self {
        Self { here, ..self }
    }

    /// Itself, and all that it refers to or is one of.
    pub(super) fn faces(self) -> Vec<Self> {
        let mut faces = vec![self];
        let referred =
            self.here["$ref"].as_str().and_then(|place| self.root.pointer(place.strip_prefix('#')?));
        let parts =
            ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|word| self.here[word].as_array()).flatten();
        for part in referred.into_iter().chain(parts) {
            faces.extend(self.at(part).faces());
        }
        faces
    }

    pub(super) fn property(self, name: &str) -> Option<Self> {
        self.faces().into_iter().find_map(|face| Some(face.at(face.here["properties"].get(name)?)))
    }

    /// What each element of a list is, or each value under a name of the reader's own.
    pub(super) fn inner(self) -> Option<Self> {
        self.faces().into_iter().find_map(|face| {
            let by_name =
                face.here["patternProperties"].as_object().and_then(|patterns| patterns.values().next());
            let element = face.here.get("items").filter(|items| items.is_object());
            by_name.or(element).map(|inner| face.at(inner))
        })
    }

    fn names(self) -> BTreeSet<&'a str> {
        let faces = self.faces().into_iter();
        faces
            .filter_map(|face| face.here["properties"].as_object())
            .flat_map(Map::keys)
            .map(String::as_str)
            .collect()
    }

    /// What is said of it, the nearest first and nothing twice.
    fn says(self) -> Vec<String> {
        let mut says: Vec<String> = Vec::new();
        for face in self.faces() {
            let text = face.here["description"].as_str().unwrap_or_default();
            for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.is_empty()).map(told) {
                if !says.iter().any(|said| said == paragraph) {
                    says.push(paragraph.to_owned());
                }
            }
        }
        says
    }
}

struct Walk<'a> {
    node: Node<'a>,
    path: Vec<String>,
    /// What is said of a map or list as a whole, once the way goes on inside it.
    says: Vec<String>,
}

impl Walk<'_> {
    /// Goes on to a field; names of the reader's own on the way may be given, or left out.
    fn step(&mut self, name: &str) -> Result<(), String> {
        let mut around = self.node;
        let mut inside = Vec::new();
        loop {
            if let Some(field) = around.property(name) {
                self.path.append(&mut inside);
                self.path.push(name.to_owned());
                (self.node, self.says) = (field, Vec::new());
                return Ok(());
            }
            let Some(inner) = around.inner() else { break };
            inside.push("*".to_owned());
            around = inner;
        }
        let mut names = around.names();
        names.extend(self.node.names());
        let place =
            if self.path.is_empty() { t!("a configuration") } else { format!("`{}`", self.path.join(".")) };
        let misspelt = is_near(name, names.iter().copied());
        let help = near(
            name,
            names.into_iter(),
            &t!("{place} has", place = place),
            &t!("{place} has no fields", place = place),
        );
        match self.node.inner() {
            // What looks like a field that is misspelt is not taken for a name of the reader's own.
            Some(inner) if !misspelt => {
                self.says = self.node.says();
                self.path.push("*".to_owned());
                self.node = inner;
                Ok(())
            }
            _ => Err(help),
        }
    }

    fn page(self) -> FieldPage {
        let mut says = self.node.says();
        says.extend(self.says);
        // A map or list of things that have fields is best told by these.
        let mut shown = self.node;
        while shown.names().is_empty() {
            let Some(inner) = shown.inner() else { break };
            for text in inner.says() {
                if !says.contains(&text) {
                    says.push(text);
                }
            }
            shown = inner;
        }
        let fields = shown.names().into_iter().filter_map(|name| {
            let field = shown.property(name)?;
            let needed = |face: &Node<'_>| {
                face.here["required"].as_array().is_some_and(|all| all.contains(&json!(name)))
            };
            let needed = shown.faces().iter().any(needed);
            Some((name.to_owned(), needed, field.says().into_iter().next().unwrap_or_default()))
        });
        FieldPage { fields: fields.collect(), words: words(shown), says, path: self.path }
    }
}

fn words(node: Node<'_>) -> Vec<(String, String)> {
    let mut words = Vec::new();
    for face in node.faces() {
        let meanings = face.here["enumDescriptions"].as_array();
        for (at, word) in face.here["enum"].as_array().into_iter().flatten().enumerate() {
            let meaning = meanings.and_then(|all| all.get(at)).and_then(Value::as_str).unwrap_or_default();
            words.extend(word.as_str().map(|word| (word.to_owned(), told(meaning).to_owned())));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::describe;

    #[test]
    fn names_of_our_own_may_be_left_out_or_given() {
        for path in ["prices.items", "prices.*.items", "prices.vds-start.items"] {
            let page = describe(path).unwrap();
            assert_eq!(page.path, ["prices", "*", "items"], "{path}");
            assert!(page.says[0].starts_with("Price of each item"), "{page:?}");
        }
        assert_eq!(
            describe("period_mappings.licences.0.sold").unwrap().path,
            ["period_mappings", "*", "*", "sold"]
        );
        assert_eq!(describe("period_mappings.sold").unwrap().path, ["period_mappings", "*", "*", "sold"]);
    }

    #[test]
    fn every_field_of_the_schema_has_a_page_that_says_something() {
        fn visit(path: &str, depth: usize) -> usize {
            let page = describe(path).unwrap();
            assert!(path.is_empty() || page.says.iter().any(|text| text.ends_with('.')), "{path}: {page:?}");
            let inner = page.fields.iter().filter(|_| depth < 6);
            1 + inner.map(|(name, ..)| visit(&format!("{path}.{name}"), depth + 1)).sum::<usize>()
        }
        assert!(visit("", 0) > 100);
    }

    #[test]
    fn a_misspelt_field_is_met_with_the_right_one() {
        assert_eq!(describe("prices.itmes").unwrap_err(), "did you mean `items`?");
        assert!(describe("price").unwrap_err().contains("`prices`"));
        assert!(describe("version.major").unwrap_err().contains("has no fields"));
    }

    #[test]
    fn words_come_with_their_meaning() {
        let page = describe("prices.resource.billing").unwrap();
        assert!(
            page.words.iter().any(|(word, says)| word == "by_order" && says.contains("client")),
            "{page:?}"
        );
    }
}
