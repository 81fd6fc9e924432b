//! What holds for every plan, however hostile its texts.

use proptest::prelude::*;

use super::{
    Format, PLAIN,
    graphs::changes as graph_changes,
    markup::{Node, elements, github, nodes},
    rendered, result, samples,
};
use crate::{
    plan::{Action, Change, FieldChange, Plan, Value},
    report::{CommentStyle, Platform, Style, escape::is_hidden},
};

pub(super) fn any_text() -> impl Strategy<Value = String> {
    let hostile = prop::sample::select(samples::HOSTILE.to_vec()).prop_map(str::to_owned);
    let mixed =
        (any::<String>(), hostile.clone(), any::<String>()).prop_map(|(one, two, three)| one + &two + &three);
    let long = (hostile.clone(), 1..2000_usize).prop_map(|(text, times)| text.repeat(times));
    let honest = "[a-zа-я]{1,12}( [a-zа-я]{1,12}){0,20}";
    prop_oneof![4 => honest, 3 => any::<String>(), 3 => hostile, 2 => mixed, 1 => long]
}

/// A text that is there: without one, two keys of the sample are the same.
fn any_name() -> impl Strategy<Value = String> {
    any_text().prop_filter("an empty name", |text| !text.is_empty())
}

fn any_value() -> impl Strategy<Value = Option<Value>> {
    let money = (0..10_000_u32).prop_map(|amount| Value::Money(amount.to_string().parse().unwrap()));
    prop_oneof![
        Just(None),
        any_text().prop_map(|text| Some(Value::Text(text))),
        money.prop_map(Some),
        Just(Some(Value::NoPrice)),
        Just(Some(Value::Secret)),
        any::<bool>().prop_map(|flag| Some(Value::Flag(flag))),
    ]
}

fn any_field() -> impl Strategy<Value = FieldChange> {
    let name = prop_oneof![
        any_text(),
        Just("RUB.1m".to_owned()),
        Just("EUR.12m".to_owned()),
        any_text().prop_map(|text| format!("RUB.{text}"))
    ];
    let origin = prop::option::of((any_text(), any::<u32>()));
    (name, any_value(), any_value(), origin).prop_map(|(name, before, after, origin)| FieldChange {
        origin: origin.and_then(|(file, line)| samples::origin(&file, line)),
        ..samples::field(&name, before, after)
    })
}

fn any_change() -> impl Strategy<Value = Change> {
    let action = prop::sample::select(vec![Action::Create, Action::Update, Action::Replace, Action::Delete]);
    (action, any_text(), any_text(), prop::collection::vec(any_field(), 0..5)).prop_map(
        |(action, kind, key, fields)| samples::because(samples::change(action, &kind, &key, fields), &key),
    )
}

fn any_plan() -> impl Strategy<Value = Plan> {
    (prop::collection::vec(any_change(), 0..6), any_text()).prop_map(|(changes, bad)| {
        let mut plan = samples::hostile_throughout(&bad);
        plan.summary = Plan::summarise(&changes, 1, 0);
        plan.changes = changes;
        plan
    })
}

/// Removes the colours that reports write themselves.
fn without_colour(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let rest = piece.trim_start_matches(|ch: char| ch.is_ascii_digit() || ch == ';');
        plain.push_str(rest.strip_prefix('m').expect("only colours start with an escape"));
    }
    plain
}

pub(super) fn assert_nothing_hidden(text: &str) {
    let hidden = text.chars().find(|ch| *ch != '\n' && is_hidden(*ch));
    assert_eq!(hidden, None, "{text}");
}

/// Rows have as many cells as their head, and no tag is there but our own.
fn assert_sound_markdown(text: &str) {
    let mut bare = text.to_owned();
    for tag in ["code", "del", "ins", "sub", "details", "summary"] {
        assert_eq!(
            bare.matches(&format!("<{tag}>")).count(),
            bare.matches(&format!("</{tag}>")).count(),
            "{tag}: {text}"
        );
        bare = bare.replace(&format!("<{tag}>"), "").replace(&format!("</{tag}>"), "");
    }
    let (marker, rest) = bare.split_once('\n').expect("the marker has a line of its own");
    assert!(marker.starts_with("<!-- billform:") && marker.ends_with(" -->"), "{marker}");
    bare = rest.replace("<br>", "");
    assert!(!bare.contains('<'), "{text}");
    let mut columns = None;
    for line in bare.lines() {
        let pipes = line.matches('|').count();
        columns = if line.starts_with('|') { Some(columns.unwrap_or(pipes)) } else { None };
        assert_eq!(pipes, columns.unwrap_or(0), "{line}");
        assert_eq!(line.matches('`').count() % 2, 0, "{line}");
    }
}

/// What a comment may be made of.
const OURS: [&str; 20] = [
    "h3",
    "h4",
    "p",
    "strong",
    "code",
    "sub",
    "br",
    "del",
    "ins",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "ul",
    "li",
    "blockquote",
    "details",
    "summary",
];

/// The blocks of a comment, which no text may add to.
fn blocks(nodes: &[Node]) -> Vec<&str> {
    let inline = ["code", "strong", "sub", "br", "del", "ins"];
    elements(nodes).into_iter().filter(|name| !inline.contains(name)).collect()
}

/// Holds a comment against a forge: nothing is in it but what we wrote.
fn assert_only_ours(markdown: &str) {
    let found = nodes(&github(markdown));
    let mut comments = 0;
    for node in &found {
        match node {
            Node::Open(name, attributes) => {
                assert!(OURS.contains(&name.as_str()), "<{name} {attributes:?}> in {markdown}");
                let aligned = |(name, value): &(String, String)| name == "align" && value == "right";
                assert!(attributes.iter().all(aligned), "{attributes:?} in {markdown}");
            }
            Node::Comment(text) => {
                assert!(text.starts_with(" billform:") && !text.contains('>'), "{text}");
                comments += 1;
            }
            Node::Wrong(what) => panic!("{what} in {markdown}"),
            Node::Close(_) | Node::Text(_) => {}
        }
    }
    assert_eq!(comments, 1, "{markdown}");
}

/// What a page may be made of.
const PAGE: [&str; 42] = [
    "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "form", "label",
    "input", "output", "script", "h1", "h2", "p", "span", "small", "b", "code", "br", "del", "ins", "div",
    "table", "caption", "thead", "tbody", "tr", "th", "td", "ul", "li", "details", "summary", "svg", "g",
    "rect", "text", "path",
];

/// Holds a page against a browser: it has our elements, no text of others in an attribute, and no script but ours.
fn assert_page_is_ours(page: &str) {
    assert_nothing_hidden(page);
    let found = nodes(page);
    for node in &found {
        match node {
            Node::Open(name, attributes) => {
                assert!(PAGE.contains(&name.as_str()), "<{name}>");
                let plain =
                    |value: &str| value.chars().all(|ch| ch.is_ascii_alphanumeric() || " -".contains(ch));
                let ours = ["meta", "html", "input", "output"].contains(&name.as_str());
                assert!(ours || attributes.iter().all(|(_, value)| plain(value)), "<{name} {attributes:?}>");
                assert!(
                    attributes
                        .iter()
                        .all(|(name, _)| !name.starts_with("on")
                            && !["style", "href", "src"].contains(&&**name))
                );
            }
            Node::Comment(text) => panic!("a comment: {text}"),
            Node::Wrong(what) => panic!("{what}"),
            Node::Close(_) | Node::Text(_) => {}
        }
    }
    assert_eq!(elements(&found).iter().filter(|name| **name == "script").count(), 1);
}

/// The elements of a page and their classes, without those that mark words.
fn frame(nodes: &[Node]) -> Vec<String> {
    let words = ["code", "small", "b", "br", "del", "ins"];
    let frame = nodes.iter().filter_map(|node| match node {
        Node::Open(name, attributes) if !words.contains(&name.as_str()) => {
            let class = attributes.iter().find(|(name, _)| name == "class");
            Some(format!("{name}.{}", class.map_or("", |(_, class)| class)))
        }
        _ => None,
    });
    frame.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_breaks_out_of_a_text(plan in any_plan(), color: bool, width in 0..200_usize, verbose: bool) {
        let text = rendered(&plan, Format::Text, &Style { color, width, verbose, ..PLAIN });
        let escaped = text.contains('\u{1b}');
        prop_assert!(color || !escaped);
        assert_nothing_hidden(&without_colour(&text));
    }

    #[test]
    fn nothing_breaks_out_of_a_comment(plan in any_plan(), verbose: bool) {
        let text = rendered(&plan, Format::Markdown, &Style { verbose, ..PLAIN });
        assert_nothing_hidden(&text);
        assert_sound_markdown(&text);
        assert_only_ours(&text);
        prop_assert!(text.chars().count() <= 64_000);
    }

    #[test]
    fn no_name_adds_a_block_to_a_comment(bad in any_name()) {
        // On GitLab there is room for all of it.
        let comment = CommentStyle { marker: None, platform: Platform::Gitlab };
        let style = Style { verbose: true, comment, ..PLAIN };
        let of = |name: &str| rendered(&samples::hostile_throughout(name), Format::Markdown, &style);
        let (hostile, honest) = (nodes(&github(&of(&bad))), nodes(&github(&of("honest"))));
        prop_assert_eq!(blocks(&hostile), blocks(&honest));
    }

    #[test]
    fn nothing_breaks_out_of_an_outcome(bad in any_text(), in_doubt: bool) {
        let outcome = samples::hostile_outcome(&bad, in_doubt);
        for format in [Format::Text, Format::Markdown, Format::Json] {
            let text = result(&outcome, format);
            assert_nothing_hidden(&text);
            if format == Format::Markdown {
                assert_sound_markdown(&text);
                assert_only_ours(&text);
            }
        }
    }

    #[test]
    fn json_is_whole_and_shows_everything(plan in any_plan()) {
        let json = rendered(&plan, Format::Json, &PLAIN);
        assert_nothing_hidden(&json);
        prop_assert_eq!(serde_json::from_str::<Plan>(&json).unwrap(), plan);
    }

    #[test]
    fn colour_changes_no_words(plan in any_plan()) {
        // Long texts are marked in words without colour, so only plans without them are compared.
        let short = |value: &Option<Value>| value.as_ref().is_none_or(|value| value.to_string().chars().count() < 12);
        prop_assume!(plan.changes.iter().flat_map(|change| &change.fields).all(|field| short(&field.before) && short(&field.after)));
        let of = |color| rendered(&plan, Format::Text, &Style { color, width: 110, verbose: true, ..PLAIN });
        prop_assert_eq!(without_colour(&of(true)), of(false));
    }
}

proptest! {
    // Pages are long, and each case makes four of them.
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_breaks_out_of_a_page(plan in any_plan(), bad in any_name(), verbose: bool) {
        let page = |plan: &Plan| rendered(plan, Format::Html, &Style { verbose, ..PLAIN });
        assert_page_is_ours(&page(&plan));
        assert_page_is_ours(&page(&samples::plan(graph_changes([&bad, &bad, "honest"]))));
        prop_assert_eq!(
            frame(&nodes(&page(&samples::hostile_throughout(&bad)))),
            frame(&nodes(&page(&samples::hostile_throughout("honest"))))
        );
    }
}

#[test]
fn lines_stay_within_the_page() {
    use unicode_width::UnicodeWidthStr;
    for width in [50, 80, 110] {
        let text = rendered(
            &samples::everything(),
            Format::Text,
            &Style { color: false, width, verbose: true, ..PLAIN },
        );
        let long = text.lines().find(|line| line.width() > width);
        assert_eq!(long, None);
    }
}
