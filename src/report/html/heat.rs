//! Price changes as heat maps: items by periods, coloured by percent.

use std::{collections::BTreeMap, fmt::Write as _};

use rust_decimal::Decimal;

use super::{
    super::{
        escape,
        matrix::{Matrix, Row, matrices},
        value,
    },
    WRITES,
    changes::place,
    escape as text,
};
use crate::{
    language::t,
    plan::{Action, Change, FieldChange, Origin, Value},
};

/// From how many percent on a move is coloured stronger.
const STEPS: [u32; 3] = [5, 15, 50];

/// A map for each tariff plan and currency, under a legend.
pub(super) fn maps(changes: &[&Change], out: &mut String) {
    out.push_str("<p class=\"heat\">");
    for (class, words) in [
        ("down4", t!("-50 % and more")),
        ("down3", "-15 %".to_owned()),
        ("down2", "-5 %".to_owned()),
        ("down1", t!("price" => "down")),
        ("up1", t!("price" => "up")),
        ("up2", "+5 %".to_owned()),
        ("up3", "+15 %".to_owned()),
        ("up4", t!("+50 % and more")),
        ("new", t!("price" => "new")),
        ("gone", t!("price" => "withdrawn")),
    ] {
        write!(out, "<span class=\"{class}\">{words}</span> ").expect(WRITES);
    }
    out.push_str("</p>\n<div class=\"maps\">\n");
    matrices(changes).iter().for_each(|matrix| map(matrix, out));
    out.push_str("</div>\n");
}

fn map(matrix: &Matrix<'_>, out: &mut String) {
    let title = format!("{}, {}", escape::name(matrix.name()), matrix.currency);
    write!(
        out,
        "<div class=\"wide map\"><table>\n<caption>{}</caption>\n<thead><tr><th scope=\"col\">{}</th>",
        text(&title),
        text(&t!("column" => "Item"))
    )
    .expect(WRITES);
    for price in &matrix.columns {
        write!(out, "<th scope=\"col\">{}</th>", text(&escape::name(&price.to_string()))).expect(WRITES);
    }
    let place = t!("column" => "Where");
    write!(out, "<th scope=\"col\">{}</th></tr></thead>\n<tbody>\n", text(&place)).expect(WRITES);
    matrix.rows.iter().for_each(|one| row(matrix, one, out));
    out.push_str("</tbody>\n</table></div>\n");
}

fn row(matrix: &Matrix<'_>, row: &Row<'_>, out: &mut String) {
    let new = match row.change.action {
        Action::Create => format!(" <small>{}</small>", text(&t!("object" => "new"))),
        _ => String::new(),
    };
    write!(out, "<tr><th scope=\"row\">{}{new}</th>", text(&escape::name(row.item()))).expect(WRITES);
    for price in &matrix.columns {
        match row.prices.get(price) {
            Some(field) => write!(out, "<td class=\"{}\">{}</td>", class(field), cell(field)).expect(WRITES),
            None => out.push_str("<td></td>"),
        }
    }
    let origins =
        row.prices.values().filter_map(|field| field.origin.as_ref().or(row.change.origin.as_ref()));
    writeln!(out, "<td class=\"place\">{}</td></tr>", places(origins)).expect(WRITES);
}

/// One price, before and after.
fn cell(field: &FieldChange) -> String {
    let amount = |value: &Value| text(&escape::name(&value::shown(value)));
    let formula = field.formula.as_deref().map(value::formula);
    let formula =
        formula.map_or(String::new(), |sum| format!("<small class=\"formula\">{}</small>", text(&sum)));
    let moved = match (&field.before, &field.after) {
        (Some(before), Some(after)) => {
            let percent =
                value::move_of(field).map_or(String::new(), |percent| format!(" <b>{}</b>", text(&percent)));
            format!("<del>{}</del> → <ins>{}</ins>{percent}", amount(before), amount(after))
        }
        (None, Some(after)) => format!("<ins>{}</ins>", amount(after)),
        (Some(before), None) => format!("<del>{}</del> → {}", amount(before), text(&t!("price" => "gone"))),
        (None, None) => String::new(),
    };
    moved + &formula
}

/// The colour of a move. One that began at nothing is as strong as can be.
fn class(field: &FieldChange) -> String {
    let (before, after) = match (&field.before, &field.after) {
        (Some(Value::Money(before)), Some(Value::Money(after))) => (*before, *after),
        (_, Some(Value::Money(_))) => return "new".to_owned(),
        _ => return "gone".to_owned(),
    };
    let percent = after.percent_from(before).map(|percent| percent.abs());
    let passed = |percent: Decimal| STEPS.iter().filter(|step| percent >= Decimal::from(**step)).count();
    let strength = 1 + percent.map_or(STEPS.len(), passed);
    format!("{}{strength}", if after > before { "up" } else { "down" })
}

/// The places of a row's prices, from the first to the last line in each file.
fn places<'plan>(origins: impl Iterator<Item = &'plan Origin>) -> String {
    let mut files: BTreeMap<&str, (&Origin, u32)> = BTreeMap::new();
    for origin in origins {
        let (first, last) = files.entry(&origin.file).or_insert((origin, origin.line));
        *first = if origin.line < first.line { origin } else { *first };
        *last = (*last).max(origin.line);
    }
    let place = |(first, last): &(&Origin, u32)| {
        let end = if *last > first.line { format!("-{last}") } else { String::new() };
        place(Some(first)).replace("</code>", &format!("{end}</code>"))
    };
    files.values().map(place).collect::<Vec<_>>().join("<br>")
}

#[cfg(test)]
mod tests {
    use super::class;
    use crate::report::tests::samples::{field, money};

    #[test]
    fn colours_go_by_percent_and_say_up_or_down() {
        for (before, after, expected) in [
            (money("100"), money("101"), "up1"),
            (money("100"), money("105"), "up2"),
            (money("100"), money("85"), "down3"),
            (money("100"), money("40"), "down4"),
            (money("0"), money("5"), "up4"),
            (None, money("5"), "new"),
            (money("5"), None, "gone"),
        ] {
            assert_eq!(class(&field("RUB.1m", before, after)), expected);
        }
    }
}
