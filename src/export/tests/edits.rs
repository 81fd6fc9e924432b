//! Every kind of edit on every style of text.

use serde_yaml::Value;

use crate::{
    config::load_texts,
    export::{
        Refusal,
        edit::{Edit, Sheet, apply},
    },
};

fn path(path: &str) -> Vec<String> {
    path.split('/').map(str::to_owned).collect()
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

fn set(at: &str, value: &str) -> Edit {
    Edit::Set(path(at), yaml(value))
}

fn remove(at: &str) -> Edit {
    Edit::Remove(path(at))
}

fn insert(at: &str, key: &str, value: &str) -> Edit {
    Edit::Insert(path(at), key.to_owned(), yaml(value))
}

fn try_edit(text: &str, edits: &[Edit]) -> Result<String, Refusal> {
    let config = load_texts(vec![("a.yaml".to_owned(), text.to_owned())]);
    let config = config.map_err(|problems| problems.iter().next().unwrap().message.clone()).ok().unwrap();
    let sheets: Vec<Sheet<'_>> =
        config.sources.outlines().map(|(name, text, root)| Sheet { name, text, root }).collect();
    apply(&sheets, edits).map(|mut texts| texts.remove(0))
}

/// Edits, and checks that the loader still reads what came out.
#[track_caller]
fn check(text: &str, edits: &[Edit], expected: &str) {
    let edited = try_edit(text, edits).unwrap();
    assert_eq!(edited, expected);
    if let Err(problems) = load_texts(vec![("a.yaml".to_owned(), edited)]) {
        assert_eq!(problems.iter().map(|problem| problem.message.as_str()).next(), None);
    }
}

const BLOCK: &str = "\
# Head.
version: 1

enumerations:
  panel:
    name: {en: Panel, ru: 'Панель'} # both
    items:
      # The least.
      nopanel: {name: {en: No panel, ru: Без панели}}

      \"3541\": {name: {en: \"Lite\"}} # cheap

      # The most.
      \"4601\":
        name:
          en: Business
# Foot.
";

#[test]
fn nothing_to_do_is_no_change() {
    check(BLOCK, &[], BLOCK);
}

#[test]
fn values_keep_their_quotes_and_comments() {
    let edits = [
        set("enumerations/panel/name/ru", "'Панели: все'"),
        set("enumerations/panel/name/en", "'All: panels'"),
        set("enumerations/panel/items/3541/name/en", "Lite \\ \"2\""),
        set("enumerations/panel/items/4601/name/en", "Бизнес"),
    ];
    let expected = BLOCK
        .replace("'Панель'", "'Панели: все'")
        .replace("en: Panel,", "en: \"All: panels\",")
        .replace("\"Lite\"", r#""Lite \\ \"2\"""#)
        .replace("Business", "Бизнес");
    check(BLOCK, &edits, &expected);
}

#[test]
fn a_removed_block_takes_its_lines_and_one_blank() {
    let expected = BLOCK.replace("\n      \"3541\": {name: {en: \"Lite\"}} # cheap\n", "");
    check(BLOCK, &[remove("enumerations/panel/items/3541")], &expected);
}

#[test]
fn comments_above_a_removed_block_stay() {
    let expected = BLOCK.replace("      \"4601\":\n        name:\n          en: Business\n", "");
    check(BLOCK, &[remove("enumerations/panel/items/4601")], &expected);
}

#[test]
fn emptied_collections_go() {
    let edits = ["nopanel", "3541", "4601"].map(|item| remove(&format!("enumerations/panel/items/{item}")));
    let from = BLOCK.find("    items:").unwrap();
    let to = BLOCK.find("# Foot").unwrap();
    check(BLOCK, &edits, &format!("{}{}", &BLOCK[..from], &BLOCK[to..]));
    let section = BLOCK.find("enumerations:").unwrap();
    check(BLOCK, &[remove("enumerations/panel")], &format!("{}{}", &BLOCK[..section], &BLOCK[to..]));
}

#[test]
fn new_entries_look_like_their_neighbours() {
    let new = insert("enumerations/panel/items", "5000", "{name: {en: 'New', ru: Новая}}");
    let flow = BLOCK.replace(
        "# Foot.",
        "\n      \"5000\":\n        name:\n          en: New\n          ru: Новая\n# Foot.",
    );
    check(BLOCK, std::slice::from_ref(&new), &flow);
    let text = "version: 1\nenumerations:\n    panel:\n        name: {en: P}\n        items:\n            a: {name: {en: A}}";
    let expected = format!("{text}\n            \"5000\": {{name: {{en: New, ru: Новая}}}}");
    check(text, &[new], &expected);
}

const FLOW: &str = "version: 1\nperiod_mappings:\n  licences:\n    - {sold: [1m, 3m, 6m], bought: 12m} # long\n    - sold: [12m]\n      bought: 12m\nprune: [processor, enumeration]\n";

#[test]
fn elements_between_brackets_go_with_their_commas() {
    let sold = "period_mappings/licences/0/sold";
    for (gone, left) in [
        (&[0][..], "3m, 6m"),
        (&[1], "1m, 6m"),
        (&[2], "1m, 3m"),
        (&[0, 1], "6m"),
        (&[1, 2], "1m"),
        (&[0, 2], "3m"),
    ] {
        let edits: Vec<Edit> = gone.iter().map(|at| remove(&format!("{sold}/{at}"))).collect();
        check(FLOW, &edits, &FLOW.replace("1m, 3m, 6m", left));
    }
    check(FLOW, &[remove("prune/1")], &FLOW.replace(", enumeration]", "]"));
    check(
        FLOW,
        &[remove("prune/0"), remove("prune/1")],
        &FLOW.replace("prune: [processor, enumeration]\n", ""),
    );
}

#[test]
fn rows_of_lists_come_and_go() {
    let rows = "period_mappings/licences";
    let new = Edit::Push(path(rows), yaml("{sold: trial, bought: 1m}"));
    check(
        FLOW,
        &[remove(&format!("{rows}/0")), new],
        "version: 1\nperiod_mappings:\n  licences:\n    - sold: [12m]\n      bought: 12m\n    - sold: trial\n      bought: 1m\nprune: [processor, enumeration]\n",
    );
    check(
        FLOW,
        &[insert(&format!("{rows}/0"), "tariff", "VDS"), insert(&format!("{rows}/1"), "tariff", "VDS")],
        &FLOW
            .replace("bought: 12m}", "bought: 12m, tariff: VDS}")
            .replace("      bought: 12m\n", "      bought: 12m\n      tariff: VDS\n"),
    );
    check(
        FLOW,
        &[remove(&format!("{rows}/1")), Edit::Push(path(rows), yaml("{sold: trial, bought: 1m}"))],
        &FLOW.replace("    - sold: [12m]\n      bought: 12m\n", "    - sold: trial\n      bought: 1m\n"),
    );
}

const PRICES: &str = "\
version: 1
prices:
  vds:
    resource: {enumeration: panel, default: a, client_change: up_only,}
    items:
      a: free
      b: # the dear one
        RUB: {1m: \"350.00\", 12m: '3500.00'} # per year
        EUR:
          1m: \"4.50\"
      c: off
";

#[test]
fn prices_switch_between_their_forms() {
    let edits = [
        set("prices/vds/items/a", "{RUB: {1m: '10.00'}}"),
        set("prices/vds/items/b", "'off'"),
        set("prices/vds/items/c", "'free'"),
    ];
    let expected = "\
version: 1
prices:
  vds:
    resource: {enumeration: panel, default: a, client_change: up_only,}
    items:
      a: {RUB: {1m: \"10.00\"}}
      b: off # the dear one
      c: free
";
    check(PRICES, &edits, expected);
}

#[test]
fn amounts_keep_their_quotes() {
    let edits = [
        set("prices/vds/items/b/RUB/12m", "'3600.00'"),
        set("prices/vds/items/b/EUR/1m", "none"),
        insert("prices/vds/items/b/EUR", "3m", "'12.00'"),
        insert("prices/vds/resource", "billing", "by_order"),
        remove("prices/vds/resource/client_change"),
    ];
    let expected = PRICES
        .replace("'3500.00'", "'3600.00'")
        .replace("1m: \"4.50\"\n", "1m: \"none\"\n          3m: \"12.00\"\n")
        .replace("default: a, client_change: up_only,}", "default: a, billing: by_order,}");
    check(PRICES, &edits, &expected);
}

#[test]
fn windows_line_breaks_stay() {
    let text = BLOCK.replace('\n', "\r\n");
    let edits = [
        set("enumerations/panel/name/en", "Panels"),
        remove("enumerations/panel/items/3541"),
        insert("enumerations/panel/items", "x", "{name: {en: X}}"),
    ];
    let expected = BLOCK
        .replace("en: Panel,", "en: Panels,")
        .replace("\n      \"3541\": {name: {en: \"Lite\"}} # cheap\n", "")
        .replace("# Foot.", "\n      x:\n        name:\n          en: X\n# Foot.");
    check(&text, &edits, &expected.replace('\n', "\r\n"));
}

#[test]
fn keys_are_renamed_where_they_stand() {
    let edits = [
        Edit::Rename(path("enumerations/panel/items/3541"), "3542".to_owned()),
        Edit::Rename(path("enumerations/panel"), "панель".to_owned()),
    ];
    let expected = BLOCK.replace("\"3541\"", "\"3542\"").replace("  panel:", "  панель:");
    check(BLOCK, &edits, &expected);
}

#[test]
fn folded_text_is_replaced_with_its_header() {
    let text = "version: 1\nenumerations:\n  panel:\n    name:\n      en: >-\n        A long\n        name\n      ru: Панель\n";
    let expected = "version: 1\nenumerations:\n  panel:\n    name:\n      en: Short\n      ru: Панель\n";
    check(text, &[set("enumerations/panel/name/en", "Short")], expected);
}

#[test]
fn anchors_stay_and_aliases_are_refused() {
    let text = "\
version: 1
prices:
  one:
    resource: {enumeration: panel, default: a}
    items:
      a: &a {RUB: {1m: \"1.00\"}}
      b: free
  two:
    resource: {enumeration: panel, default: a}
    items:
      a: *a
      b: free
";
    let expected = text.replacen("b: free", "b: off", 1);
    check(text, &[set("prices/one/items/b", "'off'")], &expected);
    for edit in [
        set("prices/one/items/a/RUB/1m", "'2.00'"),
        set("prices/two/items/a/RUB/1m", "'2.00'"),
        set("prices/two/items/a", "free"),
        remove("prices/one/items/a"),
        remove("prices/one"),
    ] {
        let refused = try_edit(text, std::slice::from_ref(&edit));
        let code = refused.map_err(|refusal| refusal.code);
        // An alias has no values of its own to be found.
        assert!(matches!(code, Err("export::alias" | "export::layout")), "{edit:?}: {code:?}");
    }
}

#[test]
fn brackets_over_several_lines_grow_by_a_line() {
    let text = "version: 1\nprices: {\n  vds: {\n    resource: {enumeration: panel, default: a},\n    items: {\n      a: free,\n    },\n  },\n}\n";
    let expected = text.replace("a: free,", "a: free,\n      b: off,");
    check(text, &[insert("prices/vds/items", "b", "'off'")], &expected);
}
