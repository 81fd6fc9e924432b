//! Graphs: what is drawn, and that no name is more than a name to those who draw it.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use proptest::prelude::*;
use serde_json::Value as Json;

use super::{Format, PLAIN, assert_file, properties::any_text, rendered, samples};
use crate::{
    config,
    plan::{Action, Change, Plan, Reference, Value},
    report::{
        Subject,
        graph::{Column, Graph},
        plan as write,
    },
};

const CONFIG: &str = r#"version: 1
processors:
  licences: {product_type: soft, module: billmanager}
  vds: {product_type: vds, module: vmmanager6, licence_server: licences}
enumerations:
  panel: {name: {en: Panel}, items: {nopanel: {name: {en: None}}, "3541": {name: {en: Lite}}}}
prices:
  start: {resource: {enumeration: panel, default: nopanel}, items: {nopanel: free, "3541": {RUB: {1m: "400.00"}}}}
  pro: {resource: {enumeration: panel, default: nopanel}, items: {"3541": {RUB: {1m: "350.00"}}}}
period_mappings:
  licences: [{sold: [1m, 3m], bought: 12m}, {sold: 1m, bought: 1m, tariff: start}]
"#;

fn reference(kind: &str, key: &str) -> Option<Value> {
    Some(Value::Ref(Reference { kind: kind.into(), key: key.into(), id: None }))
}

/// Changes of every kind that is drawn, with names of our choice.
pub(super) fn changes(names: [&str; 3]) -> Vec<Change> {
    let [one, two, three] = names;
    let change = |action, kind, key: String, fields| samples::change(action, kind, &key, fields);
    let server = vec![samples::field("licence_server", None, reference("processor", one))];
    let resource = vec![samples::field("enumeration", None, reference("enumeration", three))];
    let price = vec![samples::field("RUB.1m", samples::money("350"), samples::money("400"))];
    vec![
        change(Action::Create, "processor", two.to_owned(), server),
        change(Action::Update, "processor", one.to_owned(), vec![]),
        change(Action::Replace, "enumeration", three.to_owned(), vec![]),
        change(Action::Delete, "enumeration-item", format!("{three}/{two}"), vec![]),
        change(Action::Update, "resource", two.to_owned(), resource),
        change(Action::Update, "price", format!("{two}/{three}"), price),
        change(Action::Create, "period-mapping", format!("{one}/1m@{two}"), vec![]),
    ]
}

fn names(graph: &Graph, column: Column) -> Vec<String> {
    graph.nodes.iter().filter(|node| node.column == column).map(super::super::graph::Node::label).collect()
}

#[test]
fn all_of_the_configuration_is_drawn_and_what_changes_is_marked() {
    let config = config::load_texts(vec![("config.yaml".into(), CONFIG.into())]).unwrap();
    let mut plan = samples::plan(changes(["licences", "start", "3541"])[5..].to_vec());
    plan.changes.push(samples::change(Action::Delete, "enumeration-item", "panel/4601", vec![]));
    let graph = Graph::of(Subject::new(&plan, &config.spec));
    assert_eq!(names(&graph, Column::Processor), ["vds"]);
    assert_eq!(names(&graph, Column::LicenceServer), ["licences"]);
    let mappings = ["1m, bought 12m", "+ 1m, bought 1m", "3m, bought 12m"];
    assert_eq!(names(&graph, Column::Mapping), mappings);
    assert_eq!(names(&graph, Column::Tariff), ["pro", "start"]);
    assert_eq!(names(&graph, Column::Item), ["3541", "- 4601", "nopanel"]);
    let moved: Vec<&str> =
        graph.edges.iter().filter(|edge| edge.mark.is_some()).map(|edge| &*edge.label).collect();
    assert_eq!(moved, ["1 up (at most +14.3 %)"]);
    for (format, name) in [(Format::Dot, "plan.dot"), (Format::Mermaid, "plan.mmd")] {
        let mut text = Vec::new();
        write(Subject::new(&plan, &config.spec), format, &PLAIN, &mut text).unwrap();
        assert_file(&format!("src/report/tests/golden/{name}"), std::str::from_utf8(&text).unwrap());
    }
}

/// A plan of as many prices as a large panel has.
fn large(tariffs: u32, items: u32) -> Plan {
    let price = |tariff: u32, item: u32| {
        let field = samples::field("RUB.1m", samples::money("350"), samples::money("400"));
        samples::change(Action::Update, "price", &format!("plan{tariff}/{item}"), vec![field])
    };
    samples::plan((0..tariffs).flat_map(|tariff| (0..items).map(move |item| price(tariff, item))).collect())
}

#[test]
fn a_graph_keeps_to_what_can_be_drawn() {
    for (tariffs, items) in [(3, 4), (20, 100), (2_000, 5)] {
        let plan = large(tariffs, items);
        let mermaid = rendered(&plan, Format::Mermaid, &PLAIN);
        let edges = mermaid.lines().filter(|line| line.contains("-->") || line.contains("==>")).count();
        assert!(edges <= 400 && mermaid.len() < 50_000, "{tariffs} {items}: {edges} {}", mermaid.len());
        let whole = edges == usize::try_from(tariffs * items).unwrap();
        assert!(whole || mermaid.contains("Left out, to keep this readable"), "{mermaid}");
        let dot = rendered(&plan, Format::Dot, &PLAIN);
        assert!(dot.matches(" -> ").count() <= 2_000);
    }
}

/// What Graphviz makes of a graph; nothing where it is not installed.
fn graphviz(dot: &str) -> Option<Json> {
    let command = Command::new("dot")
        .arg("-Tjson")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = command else {
        assert!(std::env::var_os("TESTS_NEED_DOT").is_none(), "Graphviz is to be installed here");
        let mut out = std::io::stderr();
        writeln!(out, "notice: Graphviz is not installed; graphs are not shown to it").unwrap();
        return None;
    };
    let mut input = child.stdin.take().unwrap();
    let text = dot.to_owned();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.trim().is_empty(), "{errors}\n{dot}");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

fn assert_drawn(plan: &Plan) {
    let graph = Graph::of(plan.into());
    let Some(drawn) = graphviz(&rendered(plan, Format::Dot, &PLAIN)) else { return };
    let list = |name: &str| drawn[name].as_array().cloned().unwrap_or_default();
    let nodes = list("objects").iter().filter(|one| one["name"].as_str().unwrap().starts_with('n')).count();
    assert_eq!((nodes, list("edges").len()), (graph.nodes.len(), graph.edges.len()));
}

#[test]
fn graphviz_draws_what_we_write() {
    assert_drawn(&samples::everything());
    assert_drawn(&samples::plan(vec![]));
    for bad in samples::HOSTILE {
        assert_drawn(&samples::plan(changes([bad, "two", "three"])));
        assert_drawn(&samples::plan(changes(["one", bad, bad])));
    }
}

/// Reads back the only statements that we write in Mermaid; a line that is none of them is a break-out.
fn is_ours(line: &str) -> bool {
    let text = |text: &str| {
        text.chars().all(|ch| !ch.is_ascii() || ch.is_ascii_alphanumeric() || " /,()#;-.".contains(ch))
    };
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let node = |text: &str| text.strip_prefix('n').is_some_and(number);
    let line = line.trim();
    if let Some((id, rest)) = line.strip_prefix("subgraph g").and_then(|line| line.split_once("[\"")) {
        return number(id) && rest.strip_suffix("\"]").is_some_and(text);
    }
    if let Some((id, rest)) = line.split_once("[\"") {
        let label = rest
            .rsplit_once("\"]:::")
            .is_some_and(|(label, class)| text(label) && class.bytes().all(|byte| byte.is_ascii_lowercase()));
        return label && (node(id) || id == "without");
    }
    if let Some((from, rest)) = line.split_once(" ==>").or_else(|| line.split_once(" -->")) {
        let (label, to) = rest.rsplit_once(' ').unwrap();
        let label = label.is_empty()
            || label.strip_prefix("|\"").and_then(|label| label.strip_suffix("\"|")).is_some_and(text);
        return node(from) && node(to) && label;
    }
    ["flowchart LR", "end"].contains(&line)
        || ["accTitle: ", "classDef ", "linkStyle "].iter().any(|start| line.starts_with(start))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_name_is_more_than_a_name(one in any_text(), two in any_text(), three in any_text()) {
        let plan = samples::plan(changes([&one, &two, &three]));
        let mermaid = rendered(&plan, Format::Mermaid, &PLAIN);
        for line in mermaid.lines() {
            prop_assert!(is_ours(line), "{}", line);
        }
        let dot = rendered(&plan, Format::Dot, &PLAIN);
        let graph = Graph::of((&plan).into());
        prop_assert_eq!(dot.lines().filter(|line| line.contains("[label=") && line.contains("class=")).count(),
            graph.nodes.iter().filter(|node| !(node.name.is_empty() && node.column == Column::Item)).count());
    }
}
