//! `out=xml` and `out=devel` answers, and the errors some panels send as XML whatever was asked for.
//!
//! No document type is read and no entity but the five of XML itself is known, so
//! nothing can expand.

use quick_xml::Reader;
use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::decode::{DecodeError, MAX_DEPTH, MAX_NODES, foreign};
use super::node::Node;

/// Decodes a whole XML text whose root is `<doc>`.
pub(super) fn decode(text: &str) -> Result<Node, DecodeError> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut tree = Tree::default();
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) if cut(&error, text) => return Err(DecodeError::Truncated),
            Err(_) => return Err(foreign(text)),
        };
        let step = match event {
            Event::Eof => break,
            Event::Start(tag) => tree.open(&tag),
            Event::End(_) => tree.close(),
            Event::Text(t) => t.xml_content().map_or(Err(Fault::Foreign), |t| tree.text(&t)),
            Event::CData(t) => t.decode().map_or(Err(Fault::Foreign), |t| tree.text(&t)),
            Event::GeneralRef(r) => entity(&r).map_or(Err(Fault::Foreign), |t| tree.text(&t)),
            _ => Ok(()),
        };
        match step {
            Ok(()) => {}
            Err(Fault::TooLarge) => return Err(DecodeError::TooLarge),
            Err(Fault::Foreign) => return Err(foreign(text)),
        }
    }
    match tree {
        Tree { open, .. } if !open.is_empty() => Err(DecodeError::Truncated),
        Tree { root: Some(root), .. } if root.name == "doc" => Ok(root),
        _ => Err(foreign(text)),
    }
}

/// Whether the error says that the text ends too early. Syntax errors are of that kind.
fn cut(error: &Error, text: &str) -> bool {
    match error {
        // `<!` and what could become a comment or CDATA.
        Error::Syntax(SyntaxError::InvalidBangMarkup) => text
            .rsplit_once('<')
            .is_some_and(|(_, tail)| ["![CDATA[", "!--"].iter().any(|whole| whole.starts_with(tail))),
        Error::Syntax(_) => true,
        Error::IllFormed(IllFormedError::UnclosedReference) => {
            text.rsplit('&').next().is_some_and(|tail| !tail.contains('<'))
        }
        _ => false,
    }
}

enum Fault {
    TooLarge,
    Foreign,
}

#[derive(Default)]
struct Tree {
    open: Vec<Node>,
    root: Option<Node>,
    nodes: usize,
}

impl Tree {
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), Fault> {
        self.nodes += 1;
        if self.nodes > MAX_NODES || self.open.len() >= MAX_DEPTH {
            return Err(Fault::TooLarge);
        }
        if self.root.is_some() {
            return Err(Fault::Foreign);
        }
        let mut node = Node::new(String::from_utf8_lossy(tag.name().as_ref()));
        // The reader's own search for attributes that are there twice takes quadratic time.
        for attr in tag.attributes().with_checks(false) {
            let attr = attr.map_err(|_| Fault::Foreign)?;
            let value = attr.unescape_value().map_err(|_| Fault::Foreign)?;
            let key = String::from_utf8_lossy(attr.key.as_ref()).into_owned();
            if node.attrs.insert(key, value.into_owned()).is_some() {
                return Err(Fault::Foreign);
            }
        }
        self.nodes += node.attrs.len();
        if self.nodes > MAX_NODES {
            return Err(Fault::TooLarge);
        }
        self.open.push(node);
        Ok(())
    }

    fn close(&mut self) -> Result<(), Fault> {
        let mut node = self.open.pop().ok_or(Fault::Foreign)?;
        // Between children white space is layout; in a leaf it is the value.
        if !node.children.is_empty() {
            node.text = node.text.trim().to_owned();
        }
        match self.open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => self.root = Some(node),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Fault> {
        match self.open.last_mut() {
            Some(node) => node.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(Fault::Foreign),
        }
        Ok(())
    }
}

fn entity(reference: &BytesRef<'_>) -> Option<String> {
    if let Some(c) = reference.resolve_char_ref().ok()? {
        return Some(c.to_string());
    }
    let name = reference.decode().ok()?;
    quick_xml::escape::resolve_xml_entity(&name).map(str::to_owned)
}
