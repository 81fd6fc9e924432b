//! The fields of one object under each other on a terminal.

use std::io;

use unicode_width::UnicodeWidthStr;

use super::{
    diff::{self, Segment, Side},
    escape::{self, cut, visible},
    layout::{Page, Paint, Piece, blanks, columns, pad, pad_left},
    order::fields,
    value::{self, Sign},
    words::Told,
};
use crate::plan::{Change, FieldChange, Origin, Value};

/// Widest column of field names; a longer name gets a line of its own.
const WIDEST_NAME: usize = 24;
/// Longest name of a field that is shown whole.
const LONGEST_NAME: usize = 60;
const ARROW: &str = " -> ";

/// The fields of one change, and the columns they share.
pub(super) struct Fields<'plan> {
    fields: Vec<&'plan FieldChange>,
    origin: Option<&'plan Origin>,
    names: usize,
    before: usize,
    after: usize,
    percent: usize,
    secret: String,
}

impl<'plan> Fields<'plan> {
    pub(super) fn of(change: &'plan Change, told: Told) -> Self {
        let fields = fields(change);
        let widest =
            |of: &dyn Fn(&FieldChange) -> usize| fields.iter().map(|field| of(field)).max().unwrap_or(0);
        let money = |field: &FieldChange, value: &Option<Value>| match value {
            Some(value) if value::is_price(field) => value::shown(value).width(),
            _ => 0,
        };
        let names =
            widest(&|field| Some(name(field).width()).filter(|width| *width <= WIDEST_NAME).unwrap_or(0));
        let before = widest(&|field| money(field, &field.before));
        let after = widest(&|field| money(field, &field.after));
        let percent = widest(&|field| value::move_of(field).map_or(0, |percent| percent.width()));
        Self {
            origin: change.origin.as_ref(),
            secret: value::secret(told),
            names,
            before,
            after,
            percent,
            fields,
        }
    }

    pub(super) fn write<W: io::Write>(&self, indent: usize, page: &mut Page<'_, W>) -> io::Result<()> {
        self.fields.iter().try_for_each(|field| self.field(field, indent, page))
    }

    fn field<W: io::Write>(
        &self,
        field: &FieldChange,
        indent: usize,
        page: &mut Page<'_, W>,
    ) -> io::Result<()> {
        let sign = Sign::of(field);
        let name = name(field);
        let mut lead = vec![
            Piece::plain(blanks(indent)),
            Piece::new(paint(sign), sign.mark()),
            Piece::plain(format!(" {}  ", pad(&name, self.names))),
        ];
        if name.width() > self.names {
            page.text(&lead)?;
            lead = vec![Piece::plain(blanks(indent + 4))];
        }
        let tail = self.place(field).map(Piece::faint);
        match (&field.before, &field.after) {
            (_, Some(Value::Secret)) => page.flow(&lead, &[Piece::faint(&self.secret)], tail.as_ref()),
            _ if value::is_price(field) => {
                page.flow(&lead, &self.money(field), tail.as_ref())?;
                formula(field, indent + 4, page)
            }
            (Some(before), Some(after)) if sign == Sign::Changed => {
                changed(&lead, value::pair(before, after), tail.as_ref(), page)
            }
            (before, after) => {
                let (paint, value) = match sign {
                    Sign::Set => (Paint::New, after),
                    Sign::Gone => (Paint::Old, before),
                    Sign::Same | Sign::Changed => (Paint::Faint, after),
                };
                let text = value.as_ref().map(|value| value::short(&value::shown(value)));
                page.flow(&lead, &[Piece::new(paint, text.unwrap_or_default())], tail.as_ref())
            }
        }
    }

    /// Amounts stand under each other, with the currency and the percent behind them.
    fn money(&self, field: &FieldChange) -> Vec<Piece> {
        let text = |value: &Option<Value>| value.as_ref().map(value::shown).unwrap_or_default();
        let mut line = Vec::new();
        if self.before > 0 {
            line.push(Piece::new(Paint::Old, pad_left(&text(&field.before), self.before)));
        }
        if self.before > 0 && self.after > 0 {
            let arrow = if field.before.is_some() && field.after.is_some() { ARROW } else { "    " };
            line.push(Piece::plain(arrow));
        }
        if self.after > 0 {
            line.push(Piece::new(Paint::New, pad_left(&text(&field.after), self.after)));
        }
        line.push(Piece::plain(format!(" {}", value::currency(&field.field))));
        if let Some(percent) = value::move_of(field) {
            line.push(Piece::plain("  "));
            line.push(Piece::new(Paint::Strong, pad_left(&percent, self.percent)));
        }
        line
    }

    /// Where the field comes from, as far as the object's own place does not say it.
    fn place(&self, field: &FieldChange) -> Option<String> {
        let origin = field.origin.as_ref()?;
        match self.origin {
            Some(object) if object == origin => None,
            Some(object) if object.file == origin.file => Some(format!(":{}", origin.line)),
            _ => Some(escape::place(origin)),
        }
    }
}

/// How an amount was computed, below it.
fn formula<W: io::Write>(field: &FieldChange, indent: usize, page: &mut Page<'_, W>) -> io::Result<()> {
    let Some(formula) = &field.formula else { return Ok(()) };
    page.flow(&[Piece::plain(blanks(indent))], &[Piece::faint(value::formula(formula))], None)
}

fn name(field: &FieldChange) -> String {
    cut(&visible(&field.field), LONGEST_NAME).into_owned()
}

fn paint(sign: Sign) -> Paint {
    match sign {
        Sign::Set => Paint::Create,
        Sign::Changed => Paint::Update,
        Sign::Gone => Paint::Delete,
        Sign::Same => Paint::Faint,
    }
}

/// Writes old and new value: on one line where they fit, else as a text with marks, else apart.
fn changed<W: io::Write>(
    lead: &[Piece],
    (before, after): (String, String),
    tail: Option<&Piece>,
    page: &mut Page<'_, W>,
) -> io::Result<()> {
    let mut segments = diff::words(&before, &after);
    let caution = value::caution(&before, &after).map(|text| Piece::new(Paint::Warn, format!(" {text}")));
    let room = page.width().saturating_sub(columns(lead));
    if before.width() + ARROW.width() + after.width() <= room {
        let mut line = painted(&diff::side(&segments, Side::Old));
        line.push(Piece::plain(ARROW));
        line.extend(painted(&diff::side(&segments, Side::New)));
        line.extend(caution);
        return page.flow(lead, &line, tail);
    }
    diff::shorten(&mut segments);
    let marks = ["[-", "-]", "{+", "+}"];
    let forged = marks.iter().any(|mark| before.contains(mark) || after.contains(mark));
    let prose = before.contains(' ') || after.contains(' ');
    if !page.color() && prose && diff::alike(&segments) && !forged {
        let line: Vec<Piece> = segments.iter().flat_map(marked).chain(caution).collect();
        return page.flow(lead, &line, tail);
    }
    page.flow(lead, &painted(&diff::side(&segments, Side::Old)), tail)?;
    // The arrow hangs in front of the column, so that the two values stand under each other.
    let arrow = ARROW.trim_start();
    let hang = Piece::plain(pad_left(arrow, columns(lead)));
    let line: Vec<Piece> = painted(&diff::side(&segments, Side::New)).into_iter().chain(caution).collect();
    page.flow(&[hang], &line, None)
}

fn painted(segments: &[Segment]) -> Vec<Piece> {
    let paint = |segment: &Segment| match segment.side {
        Side::Both => Paint::Plain,
        Side::Old => Paint::Old,
        Side::New => Paint::New,
    };
    segments.iter().map(|segment| Piece::new(paint(segment), &segment.text)).collect()
}

/// A segment in marks. Blanks at the ends of words stay outside: `[-control-] panel` breaks better at
/// the end of a line than `[-control -]panel`.
fn marked(segment: &Segment) -> Vec<Piece> {
    let text = segment.text.as_str();
    let word = if text.trim().is_empty() { text } else { text.trim() };
    let changed = match segment.side {
        Side::Both => return vec![Piece::plain(text)],
        Side::Old => Piece::new(Paint::Old, format!("[-{word}-]")),
        Side::New => Piece::new(Paint::New, format!("{{+{word}+}}")),
    };
    let (start, end) = text.split_once(word).unwrap_or_default();
    vec![Piece::plain(start), changed, Piece::plain(end)]
}
