//! What every function of the panel is given: the state, the request and who asks.

use std::collections::{BTreeMap, BTreeSet};

use super::auth::Login;
use super::dialect::Dialect;
use super::document::Element;
use super::hostile::Hostile;
use super::label::Lang;
use super::pair::Play;
use super::request::Params;
use super::store::Store;

/// What the panel remembers between requests and forgets at a restart.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// Saves whose fickle select was already ignored once.
    pub(crate) ignored: BTreeSet<String>,
    /// Tickets of the processor wizard: how far each has been walked.
    pub(crate) tickets: BTreeMap<String, usize>,
}

/// One request on its way through the panel.
pub(crate) struct Cx<'a> {
    pub(crate) store: &'a mut Store,
    pub(crate) memory: &'a mut Memory,
    pub(crate) dialect: &'a Dialect,
    pub(crate) hostile: &'a BTreeSet<Hostile>,
    pub(crate) play: &'a Play,
    pub(crate) params: &'a Params,
    pub(crate) login: Login,
    pub(crate) lang: Lang,
}

impl Cx<'_> {
    pub(crate) fn is(&self, mode: Hostile) -> bool {
        self.hostile.contains(&mode)
    }

    /// The root of an answer with the attributes every recorded answer has.
    pub(crate) fn document(&self, func: &str) -> Element {
        Element::new("doc")
            .attr("lang", self.lang.code())
            .attr("func", func)
            .attr("binary", "/billmgr")
            .attr("host", "http://127.0.0.1")
            .attr("features", "billform-sandbox")
            .attr("notify", "")
            .attr("theme", "/manimg/dragon/")
            .attr("css", "main.css")
    }

    /// The echo of the request, credentials included: that is what a panel was recorded to do.
    pub(crate) fn tparams(&self) -> Element {
        let mut last = BTreeMap::new();
        for (name, value) in self.params.pairs() {
            last.insert(name, value);
        }
        let echo = last.into_iter().filter(|(name, _)| is_tag(name));
        Element::new("tparams").with(echo.map(|(name, value)| Element::leaf(name, value)))
    }

    /// The answer to something done.
    pub(crate) fn done(&self, func: &str) -> Element {
        self.document(func)
            .child(Element::new("ok"))
            .child(Element::new("saved_filters"))
            .child(self.tparams())
    }
}

/// Whether a parameter's name can be an element's name: anything else would break the XML.
fn is_tag(name: &str) -> bool {
    let mut characters = name.chars();
    let first = characters.next();
    first.is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|other| other.is_alphanumeric() || "_.-".contains(other))
}
