//! From a configuration and a plan to a graph.

use std::collections::BTreeMap;

use super::{
    super::{Subject, matrix::split, order::moves_money, words::Moves},
    Column, Edge, Graph, Node,
};
use crate::{
    kinds::ConfigSpec,
    language::t,
    model::Name,
    plan::{Action, Change, Reference, Value},
};

/// A node's place before it has a number: column, group and key.
type Place = (Column, String, String);

/// The key of the node that stands for every tariff plan.
const EVERY_TARIFF: &str = "*";

#[derive(Default)]
struct Draft {
    /// What a node is called, and what happens to it.
    nodes: BTreeMap<Place, (String, Option<Action>)>,
    edges: BTreeMap<(Place, Place), (Option<Action>, String)>,
    /// Which enumeration the items of a tariff plan are of.
    enumerations: BTreeMap<String, String>,
}

impl Graph {
    /// The whole graph.
    pub(in crate::report) fn of(subject: Subject<'_>) -> Self {
        let mut draft = Draft::default();
        if let Some(spec) = subject.spec {
            draft.configuration(spec);
        }
        // Prices last: by then it is known which enumerations there are.
        let (prices, others): (Vec<&Change>, Vec<&Change>) =
            subject.plan.changes.iter().partition(|change| change.object.kind == "price");
        others.into_iter().for_each(|change| draft.change(change));
        prices.into_iter().for_each(|change| draft.price(change));
        draft.finish()
    }
}

/// What a node is called as long as nothing better is known.
fn name((column, _, key): &Place) -> String {
    match column {
        Column::AnyTariff => t!("every tariff plan"),
        _ => key.clone(),
    }
}

fn place(column: Column, key: &str) -> Place {
    (column, String::new(), key.to_owned())
}

impl Draft {
    fn node(&mut self, place: Place) -> Place {
        self.nodes.entry(place.clone()).or_insert_with(|| (name(&place), None));
        place
    }

    fn edge(&mut self, from: Place, to: Place) {
        let (from, to) = (self.node(from), self.node(to));
        self.edges.entry((from, to)).or_default();
    }

    fn mark(&mut self, place: Place, action: Action) {
        let place = self.node(place);
        if let Some((_, mark)) = self.nodes.get_mut(&place) {
            // Of two objects that are drawn as one, the graver change shows.
            *mark = (*mark).max(Some(action));
        }
    }

    fn configuration(&mut self, spec: &ConfigSpec) {
        for processor in spec.processors.values() {
            if let Some(server) = &processor.licence_server {
                self.node(place(Column::LicenceServer, server.as_str()));
            }
        }
        for processor in spec.period_mappings.keys() {
            self.node(place(Column::LicenceServer, processor.as_str()));
        }
        for (key, processor) in &spec.processors {
            let this = self.processor(key.as_str());
            if let Some(server) = &processor.licence_server {
                self.edge(this, place(Column::LicenceServer, server.as_str()));
            }
        }
        for (tariff, prices) in &spec.prices {
            let enumeration = prices.resource.enumeration.as_str().to_owned();
            self.enumerations.insert(tariff.as_str().to_owned(), enumeration.clone());
            let this = self.node(place(Column::Tariff, tariff.as_str()));
            for item in prices.items.keys() {
                self.edge(this.clone(), (Column::Item, enumeration.clone(), item.as_str().to_owned()));
            }
        }
        for (enumeration, items) in &spec.enumerations {
            for item in items.items.keys() {
                self.node((Column::Item, enumeration.as_str().to_owned(), item.as_str().to_owned()));
            }
        }
        for (server, mappings) in &spec.period_mappings {
            for (mapping, sold) in
                mappings.iter().flat_map(|one| one.sold.0.iter().map(move |sold| (one, sold)))
            {
                let tariff = mapping.tariff.as_ref().map(Name::as_str);
                self.mapping(server.as_str(), &sold.to_string(), Some(&mapping.bought.to_string()), tariff);
            }
        }
    }

    /// A processor's place: among the licence servers if it is one.
    fn processor(&mut self, key: &str) -> Place {
        let server = place(Column::LicenceServer, key);
        if self.nodes.contains_key(&server) { server } else { self.node(place(Column::Processor, key)) }
    }

    fn mapping(&mut self, server: &str, sold: &str, bought: Option<&str>, tariff: Option<&str>) -> Place {
        let key = format!("{server}/{sold}{}", tariff.map_or(String::new(), |tariff| format!("@{tariff}")));
        let this = place(Column::Mapping, &key);
        self.edge(place(Column::LicenceServer, server), this.clone());
        if let (Some(bought), Some((name, _))) = (bought, self.nodes.get_mut(&this)) {
            *name = t!("{sold}, bought {bought}", sold = sold, bought = bought);
        }
        match tariff {
            Some(tariff) => self.edge(this.clone(), place(Column::Tariff, tariff)),
            None => self.edge(this.clone(), place(Column::AnyTariff, EVERY_TARIFF)),
        }
        this
    }

    /// A change of anything but a price.
    fn change(&mut self, change: &Change) {
        let key = &change.object.key;
        match change.object.kind.as_str() {
            "processor" => {
                let server = reference(change, "licence_server").map(|server| server.key.clone());
                if let Some(server) = &server {
                    self.node(place(Column::LicenceServer, server));
                }
                let this = self.processor(key);
                if let Some(server) = server {
                    self.edge(this.clone(), place(Column::LicenceServer, &server));
                }
                self.mark(this, change.action);
            }
            "enumeration" => {
                // An enumeration is drawn as the frame of its items.
                self.mark((Column::Item, key.clone(), String::new()), change.action);
            }
            "enumeration-item" => {
                let (enumeration, item) = key.split_once('/').unwrap_or(("", key));
                self.mark((Column::Item, enumeration.to_owned(), item.to_owned()), change.action);
            }
            "resource" => {
                let tariff = change.parent.as_ref().map_or(key.as_str(), |parent| parent.key.as_str());
                if let Some(enumeration) = reference(change, "enumeration") {
                    self.enumerations.entry(tariff.to_owned()).or_insert_with(|| enumeration.key.clone());
                }
                self.mark(place(Column::Tariff, tariff), change.action);
            }
            "period-mapping" => {
                let (server, rest) = key.split_once('/').unwrap_or((key, ""));
                let (sold, tariff) =
                    rest.split_once('@').map_or((rest, None), |(sold, tariff)| (sold, Some(tariff)));
                let bought = value(change, "bought").map(ToString::to_string);
                let this = self.mapping(server, sold, bought.as_deref(), tariff);
                self.mark(this, change.action);
            }
            // Kinds that are not drawn, and those of a newer version.
            _ => {}
        }
    }

    fn price(&mut self, change: &Change) {
        let (tariff, item) = split(&change.object.key);
        let enumeration = self.enumerations.get(tariff).cloned().unwrap_or_default();
        let (from, to) = (place(Column::Tariff, tariff), (Column::Item, enumeration, item.to_owned()));
        self.edge(from.clone(), to.clone());
        let mut moves = Moves::default();
        change.fields.iter().filter(|field| moves_money(field)).for_each(|field| moves.field(field));
        if let Some(edge) = self.edges.get_mut(&(from, to)) {
            *edge = (Some(change.action), moves.words().unwrap_or_default());
        }
    }

    fn finish(mut self) -> Graph {
        let every = place(Column::AnyTariff, EVERY_TARIFF);
        if self.nodes.contains_key(&every) {
            let tariffs: Vec<Place> =
                self.nodes.keys().filter(|(column, ..)| *column == Column::Tariff).cloned().collect();
            tariffs.into_iter().for_each(|tariff| self.edge(every.clone(), tariff));
        }
        let numbers: BTreeMap<&Place, usize> =
            self.nodes.keys().enumerate().map(|(at, place)| (place, at)).collect();
        let node = |((column, group, _), (name, mark)): (&Place, &(String, Option<Action>))| Node {
            column: *column,
            group: group.clone(),
            name: name.clone(),
            mark: *mark,
        };
        let edge = |((from, to), (mark, label)): (&(Place, Place), &(Option<Action>, String))| {
            let (from, to) = (*numbers.get(from)?, *numbers.get(to)?);
            Some(Edge { from, to, mark: *mark, label: label.clone() })
        };
        Graph {
            nodes: self.nodes.iter().map(node).collect(),
            edges: self.edges.iter().filter_map(edge).collect(),
            without: Vec::new(),
        }
    }
}

/// What a field has after the change, or else before it.
fn value<'plan>(change: &'plan Change, name: &str) -> Option<&'plan Value> {
    let field = change.fields.iter().find(|field| field.field == name);
    field.and_then(|field| field.after.as_ref().or(field.before.as_ref())).or_else(|| change.live.get(name))
}

fn reference<'plan>(change: &'plan Change, name: &str) -> Option<&'plan Reference> {
    match value(change, name)? {
        Value::Ref(reference) => Some(reference),
        _ => None,
    }
}
