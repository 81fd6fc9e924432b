//! What is new in a drift, as text for a mail or a chat, as Markdown, and as JSON.

use std::io;

use super::{
    Format, Style,
    escape::{self, LONGEST_NAME, cut, visible},
    json,
    layout::{Page, Piece},
    order::price_of,
    value,
};
use crate::{
    language::{t, tn},
    news::{Difference, How, News},
};

/// Writes the news of a drift.
pub(crate) fn news(news: &News, format: Format, style: &Style, out: &mut impl io::Write) -> io::Result<()> {
    match format {
        Format::Text => {
            let mut page = Page::new(out, style.color, style.width);
            news_lines(news).iter().try_for_each(|line| match line.strip_prefix("  ") {
                Some(body) => page.flow(&[Piece::plain("  ")], &[Piece::plain(body)], None),
                None => page.text(&[Piece::plain(line)]),
            })
        }
        Format::Json => json::write(news, out),
        _ => {
            let lines = news_lines(news);
            let text = lines.iter().map(|line| match line.strip_prefix("  ") {
                Some(body) => format!("- {}\n", escape::prose(body)),
                None => format!("{}\n\n", escape::prose(line)),
            });
            write!(out, "<!-- billform:drift-news -->\n{}", text.collect::<String>())
        }
    }
}

/// The news in one line, for a subject.
pub(crate) fn news_title(news: &News) -> String {
    let open = match news.open {
        0 => t!("the panel matches the configuration"),
        open => tn!(open, "{n} difference in all", "{n} differences in all"),
    };
    let mut parts = Vec::new();
    if !news.new.is_empty() {
        parts.push(t!("news" => "{n} new", n = news.new.len()));
    }
    if !news.resolved.is_empty() {
        parts.push(t!("news" => "{n} resolved", n = news.resolved.len()));
    }
    t!(
        "Drift of {panel}: {parts}; {open}",
        panel = cut(&visible(&news.panel), LONGEST_NAME),
        parts = parts.join(", "),
        open = open
    )
}

/// The news line by line: a title, headings, and entries behind two blanks. No line has a break or anything
/// else in it that could be taken for more than text.
pub(crate) fn news_lines(news: &News) -> Vec<String> {
    let mut lines = vec![format!("{}.", news_title(news))];
    if !news.new.is_empty() {
        lines.push(t!("news" => "New:"));
        lines.extend(news.new.iter().map(|difference| format!("  {}", told(difference))));
    }
    if !news.resolved.is_empty() {
        lines.push(t!("news" => "As configured again:"));
        lines.extend(news.resolved.iter().map(|difference| {
            let since = t!("first seen {time}", time = visible(&difference.first_seen));
            format!("  {}, {since}", name(difference))
        }));
    }
    lines
}

fn name(difference: &Difference) -> String {
    let field = difference.field.as_ref().map_or(String::new(), |field| format!(" {}", escape::name(field)));
    format!("{} {}{field}", escape::name(&difference.object.kind), escape::name(&difference.object.key))
}

fn told(difference: &Difference) -> String {
    let name = name(difference);
    match difference.how {
        How::Different => t!(
            "~ {name}: {panel} in the panel, {configuration} in the configuration",
            name = name,
            panel = side(difference, difference.panel.as_deref()),
            configuration = side(difference, difference.configuration.as_deref())
        ),
        How::Missing => t!("+ {name}: missing in the panel", name = name),
        How::NotConfigured => t!("- {name}: not in the configuration", name = name),
        How::Replaced => t!("-/+ {name}: different, in need of replacement", name = name),
        How::Unmanaged => t!("! {name}: cannot be managed on this panel", name = name),
    }
}

/// A value as it is told. What is remembered are the words of the documents, which no language changes: those of
/// a check box are known by there being no others on either side, and that of no price by the field.
fn side(difference: &Difference, value: Option<&str>) -> String {
    let flags = ["yes", "no"];
    let flag = [&difference.panel, &difference.configuration]
        .into_iter()
        .flatten()
        .all(|value| flags.contains(&value.as_str()));
    let price = difference.field.as_deref().is_some_and(|field| price_of(field).is_some());
    match value {
        None => t!("value" => "nothing"),
        Some("yes") if flag => value::yes_no(true),
        Some("no") if flag => value::yes_no(false),
        Some("none") if price => t!("value" => "none"),
        Some(value) => cut(&visible(value), LONGEST_NAME).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::ObjectRef;

    #[test]
    fn hostile_names_stay_in_their_line() {
        let difference = Difference {
            how: How::Different,
            object: ObjectRef {
                kind: "price".to_owned(),
                key: format!("a\nBcc: x\r\n\u{1b}[31m\u{202e}</script>{}", "x".repeat(10_000)),
            },
            field: Some("RUB.1m\n".to_owned()),
            panel: Some("1\n2".to_owned()),
            configuration: None,
            first_seen: "2026-11-20T10:00:00Z".to_owned(),
        };
        let news = News {
            format_version: "1.0".to_owned(),
            tool_version: "0".to_owned(),
            panel: "https://bill.example.com/billmgr".to_owned(),
            at: "2026-11-20T10:00:00Z".to_owned(),
            new: vec![difference.clone()],
            resolved: vec![difference],
            open: 1,
        };
        for line in news_lines(&news) {
            assert!(!line.chars().any(escape::is_hidden) && line.chars().count() < 500, "{line}");
        }
        let mut markdown = Vec::new();
        let style = crate::report::tests::PLAIN;
        super::news(&news, Format::Markdown, &style, &mut markdown).unwrap();
        assert!(!String::from_utf8(markdown).unwrap().contains("</script>"));
    }
}
