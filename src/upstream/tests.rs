//! The catalogue as a feed shows it, and held against costs.

use super::{CodeState, Figure, Offer, Upstream, differences};
use crate::{
    codes::CodeTable,
    config,
    model::{Date, Period},
    wire::decode,
};

const FEED: &str = r#"<doc>
<pricelist><id>55227</id><name>lite</name><active>on</active><price currency="RUB">
  <period cost="250.0000" type="month" length="1">Month</period>
  <period cost="2500.0000" type="month" length="12">Year</period></price></pricelist>
<pricelist><id>55239</id><name>trial</name><active>on</active><price currency="RUB">
  <period cost="0.0000" type="month" length="-100">Trial</period></price></pricelist>
<pricelist><id>55230</id><name>business</name><active>off</active><price currency="RUB">
  <period cost="1900.0000" type="month" length="1">Month</period></price>
  <addon><id>1</id><name>Support</name><price currency="RUB"/></addon>
  <addon><id>2</id><name>Cluster nodes</name><addonlimit>1.0000</addonlimit><price currency="RUB">
    <period cost="950.0000" type="month" length="1">Month</period></price></addon></pricelist>
<pricelist><id>7</id><name>odd</name><price currency="RUB"><period cost="a lot" length="1"/></price></pricelist>
</doc>"#;

fn upstream(feed: &str) -> Result<Upstream, String> {
    let answer = decode(feed.as_bytes()).unwrap();
    Upstream::of(answer.innermost(), None, &CodeTable::with(&Default::default()))
}

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

fn cost(offer: &Offer, at: &str, nodes: u32) -> Option<String> {
    offer.cost_with(period(at), nodes).map(|cost| cost.to_string())
}

#[test]
fn a_feed_says_what_is_sold() {
    let upstream = upstream(FEED).unwrap();
    assert_eq!(upstream.currency.as_ref().unwrap().as_str(), "RUB");
    assert_eq!(cost(&upstream.codes["55227"], "12m", 0).as_deref(), Some("2500.00"));
    assert!(upstream.codes["55239"].cost.contains_key(&period("trial")), "`length` counts, and not `type`");
    let business = &upstream.codes["55230"];
    assert_eq!(business.orderable, Some(false));
    assert_eq!(cost(business, "1m", 1).as_deref(), Some("1900.00"));
    assert_eq!(cost(business, "1m", 3).as_deref(), Some("3800.00"));
    assert_eq!(cost(business, "1m", 0), None, "fewer than are included");
    assert!(upstream.unread["7"].contains("a lot"));
    let offers = upstream.offers();
    assert_eq!(offers.keys().collect::<Vec<_>>(), ["55227", "55239"]);
    assert_eq!(offers["55227"].cost("RUB", period("1m")).unwrap().to_string(), "250.00");
}

#[test]
fn a_feed_that_says_nothing_is_no_catalogue() {
    assert!(upstream("<doc/>").unwrap_err().contains("no tariff plan"));
    let twice = "<doc><pricelist><id>1</id></pricelist><pricelist><id>1</id></pricelist></doc>";
    assert!(upstream(twice).unwrap_err().contains("twice"));
    assert!(upstream("<doc><pricelist><name>x</name></pricelist></doc>").unwrap_err().contains("no id"));
}

fn compared(codes: &str) -> super::CostDifferences {
    let text = format!("version: 1\ncosts:\n  l:\n    as_of: 2026-11-01\n    codes: {codes}\n");
    let config = config::load_texts(vec![("a.yaml".to_owned(), text)]).map_err(|_| "invalid").ok().unwrap();
    let today: Date = "2026-11-20".parse().unwrap();
    differences(&config.spec, "l", &upstream(FEED).unwrap(), today)
}

#[test]
fn costs_that_agree_do_not_differ() {
    let agreed = "{\"55227\": {price: {RUB: {1m: \"250\", 12m: \"2500.00\"}, EUR: {1m: \"3\"}}}}";
    let found = compared(agreed);
    assert!(found.is_empty(), "{found:#?}");
    assert!(found.notes[0].contains("EUR"));
}

#[test]
fn each_figure_that_differs_is_found() {
    let found = compared(
        "{\"55227\": {price: {RUB: {1m: \"200.00\", 3m: \"600.00\"}}}, \"1\": {price: {RUB: {1m: \"1\"}}}}",
    );
    let fields = |at: usize| -> Vec<(&str, Option<&str>)> {
        let changes = found.codes[at].changes.iter();
        changes.map(|change| (change.field.as_str(), change.percent.as_deref())).collect()
    };
    assert_eq!(found.codes[0].state, CodeState::Absent);
    assert_eq!(fields(1), [("price.RUB.1m", Some("25")), ("price.RUB.3m", None), ("price.RUB.12m", None)]);
    assert_eq!(found.codes[1].changes[1].after, None);
    assert_eq!(found.different, 2);
}

#[test]
fn nodes_are_part_of_the_cost() {
    let two = "{\"55230\": {price: {RUB: {1m: \"2850.00\"}}, nodes: 2, per_node: {RUB: {1m: \"950.00\"}}}}";
    let found = compared(two);
    assert_eq!(found.codes[0].changes, []);
    assert!(found.codes[0].differs(), "it is sold no more");
    let unsaid = compared("{\"55230\": {price: {RUB: {1m: \"1900.00\"}}}}");
    let nodes = unsaid.codes[0].changes.iter().find(|change| change.field == "nodes").unwrap();
    assert_eq!(nodes.after, Some(Figure::Nodes(1)));
    let nodeless = compared("{\"55227\": {price: {RUB: {1m: \"9.00\"}}, nodes: 1}}");
    assert!(matches!(nodeless.codes[0].state, CodeState::Unreadable { .. }));
    assert_eq!(nodeless.codes[0].changes, [], "nothing is taken over that is not understood");
}
