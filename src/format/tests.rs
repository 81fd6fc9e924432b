//! What is laid out anew, what is left, and what never changes.

use std::{fs, path::Path};

use super::format;
use crate::source::{Sources, fault::Fault};

/// Formats a text, and once more: that has to change nothing.
#[track_caller]
fn formatted(text: &str) -> String {
    let once = try_format(text).unwrap_or_else(|fault| panic!("{fault:?}\n{text}"));
    let twice = try_format(&once).unwrap_or_else(|fault| panic!("{fault:?}\n{once}"));
    assert_eq!(twice, once);
    once
}

pub(super) fn try_format(text: &str) -> Result<String, Box<Fault>> {
    let (sources, faults) = Sources::parse(vec![("a.yaml".to_owned(), text.to_owned())]);
    if let Some(fault) = faults.into_iter().next() {
        return Err(Box::new(fault));
    }
    format(0, sources.iter().next().unwrap())
}

#[test]
fn sections_and_fields_stand_in_the_order_of_the_schema_and_names_as_they_are() {
    let text = "\
# yaml-language-server: $schema=x.json
prices:
  vds:
    items:
      b: {EUR: {12m: \"1\", 1m: \"2\"}}
      a: free
    resource: { default: a,enumeration: p }


# The one server.
processors:
    # ours
    b:   # sells
        module: billmanager
        # internal name
        product_type:   soft
    a:
        module: vmmanager6
version: 1
# The end.
";
    let wanted = "\
# yaml-language-server: $schema=x.json

version: 1

# The one server.
processors:
  # ours
  b:   # sells
    # internal name
    product_type: soft
    module: billmanager
  a:
    module: vmmanager6

prices:
  vds:
    resource: {enumeration: p, default: a}
    items:
      b: {EUR: {1m: \"2\", 12m: \"1\"}}
      a: free
# The end.
";
    assert_eq!(formatted(text), wanted);
}

#[test]
fn comments_keep_to_what_they_speak_of() {
    let text = "\
version: 1


period_mappings:
  licences:
  # a year
  - bought: 12m      # long
                     # and cheap
    # three of them
    sold: [1m, 3m,6m]

  - # one
    sold: 1m
    bought: 1m
      # deep
    # of the row
  # of the rows
# of prune
prune:   # what may go

# list
- a       #\tone
-   b
";
    let wanted = "\
version: 1

period_mappings:
  licences:
    # a year
    # three of them
    - sold: [1m, 3m, 6m]
      bought: 12m      # long
                       # and cheap

    - # one
      sold: 1m
      bought: 1m
      # deep
      # of the row
  # of the rows

# of prune
prune:   # what may go
  # list
  - a       #\tone
  - b
";
    assert_eq!(formatted(text), wanted);
}

#[test]
fn scalars_are_never_rewritten() {
    let text = "\
version:   1
a: '10'
b:
    c: |-  # kept
        x
          # no comment

        y  
    d: \"one
      two\"
    e: >2
        indented
    f:
      plain
        and on
    g:
      'joined'
    h: ~
    i:
    j: {a: '}',  b: \"#\"}   #x
    k: [ a,

        b ]
";
    let wanted = "\
version: 1
a: '10'

b:
  c: |-  # kept
      x
        # no comment

      y  
  d: \"one
    two\"
  e: >2
      indented
  f:
    plain
      and on
  g: 'joined'
  h: ~
  i:
  j: {a: '}', b: \"#\"}    #x
  k: [ a,

      b ]
";
    assert_eq!(formatted(text), wanted);
}

#[test]
fn anchors_stay_in_front_of_their_aliases() {
    let text = "\
prices: &p
    vds: {resource:   &r {enumeration: p}}
    max:   {resource: *r}
    x: &e
    - &i   a
    - &m
      k: *i
version: 1
";
    let wanted = "\
prices: &p
  vds: {resource:   &r {enumeration: p}}
  max: {resource: *r}
  x: &e
    - &i a
    - &m
      k: *i

version: 1
";
    assert_eq!(formatted(text), wanted);
}

#[test]
fn line_breaks_and_what_stands_around_a_document_stay() {
    assert_eq!(
        formatted("\u{feff}prune:\r\n- a # x\r\n\r\n\r\n\r\nversion: 1"),
        "\u{feff}version: 1\r\n\r\nprune:\r\n  - a # x\r\n"
    );
    assert_eq!(
        formatted("# a\n---   # b\n\n# c\n\nprune: [x]\nversion: 1"),
        "# a\n---   # b\n# c\n\nversion: 1\n\nprune: [x]\n"
    );
    assert_eq!(formatted("{version: 1 , prune: [ a ]} # x"), "{version: 1, prune: [a]} # x\n");
    assert_eq!(formatted("\n\nпроцессоры :  {имя:  'Я'}"), "процессоры: {имя: 'Я'}\n");
}

#[test]
fn what_is_not_understood_is_refused_where_it_stands() {
    for (text, at) in [
        ("version: 1\n? prune\n: [a]\n", 11),
        ("a: 1\n...\n", 5),
        ("version: 1\r\n\r\n? prune\r\n: [a]\r\n", 14),
        ("--- {version: 1}\n", 4),
        ("я: 1\n\r\n? prune\n: [a]\n", 8),
    ] {
        let fault = try_format(text).unwrap_err();
        assert_eq!((fault.code, fault.place.start), ("fmt::layout", at), "{text}");
    }
}

#[test]
fn examples_and_fixtures_survive() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for place in ["examples", "tests/kinds", "tests/scenarios", "data"] {
        for entry in walkdir::WalkDir::new(root.join(place)) {
            let path = entry.unwrap().into_path();
            if path.extension().is_none_or(|end| end != "yaml") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let (sources, _) = Sources::parse(vec![("a.yaml".to_owned(), text.clone())]);
            if sources.iter().all(|source| source.tree.is_some()) {
                formatted(&text);
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen}");
}
