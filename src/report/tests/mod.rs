//! Tests of whole reports.

mod samples;

use super::{Format, Style};

#[test]
fn show() {
    let look = |format, color, width, verbose| {
        let mut out = Vec::new();
        super::plan(&samples::everything(), format, &Style { color, width, verbose }, &mut out).unwrap();
        println!("=== {format} {color} {width} {verbose}\n{}", String::from_utf8(out).unwrap());
    };
    look(Format::Text, false, 80, false);
    look(Format::Text, false, 120, true);
    look(Format::Text, true, 80, false);
    look(Format::Text, false, 50, false);
    look(Format::Markdown, false, 50, true);
    let mut out = Vec::new();
    super::drift(
        &samples::everything(),
        Format::Text,
        &Style { color: false, width: 80, verbose: false },
        &mut out,
    )
    .unwrap();
    for format in [Format::Text, Format::Markdown] {
        super::outcome(
            &samples::outcome(),
            format,
            &Style { color: false, width: 80, verbose: false },
            &mut out,
        )
        .unwrap();
    }
    println!("{}", String::from_utf8(out).unwrap());
}
