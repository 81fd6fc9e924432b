//! Lines on a terminal: pieces of painted text, wrapped and aligned by the columns they take.

use std::io;

use anstyle::{AnsiColor, Effects, Style as Sgr};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::escape::visible;

/// What a piece of text means; the colour follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    Plain,
    Strong,
    Faint,
    Heading,
    Create,
    Update,
    Replace,
    Delete,
    /// Words that go away.
    Old,
    /// Words that come.
    New,
    Warn,
}

impl Paint {
    fn sgr(self) -> Sgr {
        let colour = |colour: AnsiColor| colour.on_default();
        match self {
            Self::Plain => Sgr::new(),
            Self::Strong => Sgr::new().bold(),
            Self::Faint => Sgr::new().dimmed(),
            Self::Heading => Sgr::new().effects(Effects::BOLD | Effects::UNDERLINE),
            Self::Create => colour(AnsiColor::Green).bold(),
            Self::Update | Self::Warn => colour(AnsiColor::Yellow).bold(),
            Self::Replace => colour(AnsiColor::Magenta).bold(),
            Self::Delete => colour(AnsiColor::Red).bold(),
            Self::Old => colour(AnsiColor::Red),
            Self::New => colour(AnsiColor::Green),
        }
    }
}

/// A piece of a line. Its text is made visible when the piece is made, so nothing can forget it.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    paint: Paint,
    text: String,
}

impl Piece {
    pub(super) fn new(paint: Paint, text: impl AsRef<str>) -> Self {
        Self { paint, text: visible(text.as_ref()).into_owned() }
    }

    pub(super) fn plain(text: impl AsRef<str>) -> Self {
        Self::new(Paint::Plain, text)
    }

    pub(super) fn faint(text: impl AsRef<str>) -> Self {
        Self::new(Paint::Faint, text)
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }
}

/// The columns that pieces take.
pub(super) fn columns(pieces: &[Piece]) -> usize {
    pieces.iter().map(|piece| piece.text.width()).sum()
}

/// The columns that a line takes: blanks at its end are not written.
fn written(line: &[Piece]) -> usize {
    let text: String = line.iter().map(|piece| piece.text.as_str()).collect();
    text.trim_end().width()
}

/// Pads a text with blanks to a number of columns.
pub(super) fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", blanks(columns.saturating_sub(text.width())))
}

/// Pads a text with blanks in front of it, as numbers are.
pub(super) fn pad_left(text: &str, columns: usize) -> String {
    format!("{}{text}", blanks(columns.saturating_sub(text.width())))
}

pub(super) fn blanks(count: usize) -> String {
    " ".repeat(count)
}

/// Where lines go, and how wide they may be.
pub(super) struct Page<'out, W> {
    out: &'out mut W,
    color: bool,
    width: usize,
}

impl<'out, W: io::Write> Page<'out, W> {
    /// Widest page: beyond it the eye loses the line between a name on the left and its place in the
    /// configuration on the right.
    const WIDEST: usize = 110;
    /// Narrowest page: below it the terminal may wrap as it likes.
    const NARROWEST: usize = 30;

    /// Longest tail that stands at the right edge even where it has a line of its own.
    const SHORT_TAIL: usize = 8;

    /// Indent below a lead that leaves no room beside it.
    const SHORT_INDENT: usize = 6;

    pub(super) fn new(out: &'out mut W, color: bool, width: usize) -> Self {
        Self { out, color, width: width.clamp(Self::NARROWEST, Self::WIDEST) }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn color(&self) -> bool {
        self.color
    }

    /// Ends a line without anything on it.
    pub(super) fn gap(&mut self) -> io::Result<()> {
        self.out.write_all(b"\n")
    }

    /// Writes text that wraps under its own start.
    pub(super) fn text(&mut self, pieces: &[Piece]) -> io::Result<()> {
        self.flow(&[], pieces, None)
    }

    /// Writes a lead and a body that wraps under its own start, with a tail at the right edge of the
    /// first line that has room for it, or on a line of its own.
    pub(super) fn flow(&mut self, lead: &[Piece], body: &[Piece], tail: Option<&Piece>) -> io::Result<()> {
        let mut indent = columns(lead);
        let mut lead = lead;
        let room = self.width.saturating_sub(indent);
        let mut lines = wrap(body, room.max(Self::NARROWEST / 2));
        let short = [Piece::plain(blanks(indent.min(Self::SHORT_INDENT)))];
        if room < Self::NARROWEST / 2 && lines.iter().any(|line| written(line) > room) {
            // A lead that leaves no room has lines of its own.
            let own = wrap(lead, self.width);
            own.iter().filter(|line| written(line) > 0).try_for_each(|line| self.line(line))?;
            (lead, indent) = (&short, columns(&short));
            lines = wrap(body, self.width - indent);
        }
        let mut tail = tail.filter(|piece| !piece.is_blank());
        let hang = [Piece::plain(blanks(indent))];
        for (index, line) in lines.iter().enumerate() {
            let start = if index == 0 { lead } else { &hang };
            let mut full: Vec<Piece> = start.iter().chain(line).cloned().collect();
            if let Some(piece) = tail {
                let room = self.width.checked_sub(columns(&full) + columns(std::slice::from_ref(piece)));
                if let Some(gap) = room.filter(|room| *room >= 2) {
                    full.push(Piece::plain(blanks(gap)));
                    full.push(piece.clone());
                    tail = None;
                }
            }
            self.line(&full)?;
        }
        match tail {
            Some(piece) => {
                // A bare line number stays in its column; a path stands under the name it belongs to.
                let short = columns(std::slice::from_ref(piece)) <= Self::SHORT_TAIL;
                let right = self.width.saturating_sub(columns(std::slice::from_ref(piece)));
                let indent = if short { right } else { indent.min(Self::SHORT_INDENT) };
                let lines = wrap(std::slice::from_ref(piece), self.width - indent);
                lines.into_iter().try_for_each(|line| {
                    let start = [Piece::plain(blanks(indent))];
                    self.line(&start.into_iter().chain(line).collect::<Vec<_>>())
                })
            }
            None => Ok(()),
        }
    }

    fn line(&mut self, pieces: &[Piece]) -> io::Result<()> {
        let last = pieces.iter().rposition(|piece| !piece.text.trim().is_empty());
        let Some(last) = last else { return self.gap() };
        for (index, piece) in pieces[..=last].iter().enumerate() {
            let text = if index == last { piece.text.trim_end() } else { &piece.text };
            // Blanks are not painted: an underline under them would show.
            let bare = !self.color || piece.paint == Paint::Plain || text.trim().is_empty();
            if bare {
                self.out.write_all(text.as_bytes())?;
            } else {
                let sgr = piece.paint.sgr();
                write!(self.out, "{sgr}{text}{sgr:#}")?;
            }
        }
        self.gap()
    }
}

/// Breaks pieces into lines of at most `width` columns, at blanks where there are any.
fn wrap(pieces: &[Piece], width: usize) -> Vec<Vec<Piece>> {
    let mut lines = vec![Vec::new()];
    let mut used = 0;
    // A full stop stays with the piece it ends, whatever that is painted in.
    let ends = |at: usize| pieces.get(at + 1).filter(|next| next.text == ".").map_or(0, |_| 1);
    let mut put = |paint: Paint, text: &str, ending: usize| {
        if used > 0 && used + text.trim_end().width() + ending > width {
            lines.push(Vec::new());
            used = 0;
        }
        if used == 0 && lines.len() > 1 && text.trim().is_empty() {
            return;
        }
        used += text.width();
        let line: &mut Vec<Piece> = lines.last_mut().expect("there always is a line");
        match line.last_mut() {
            Some(last) if last.paint == paint => last.text.push_str(text),
            _ => line.push(Piece { paint, text: text.to_owned() }),
        }
    };
    for (at, piece) in pieces.iter().enumerate() {
        let mut words = piece.text.split_inclusive(' ').peekable();
        while let Some(word) = words.next() {
            let ending = if words.peek().is_none() { ends(at) } else { 0 };
            split_wide(word, width.saturating_sub(ending), |part| put(piece.paint, part, ending));
        }
    }
    lines
}

/// Hands out a word in parts that fit a line: a URL or a hostile name may be longer than one.
fn split_wide(word: &str, width: usize, mut put: impl FnMut(&str)) {
    if word.trim_end().width() <= width {
        return put(word);
    }
    let (mut start, mut used) = (0, 0);
    for (at, ch) in word.char_indices() {
        let wide = ch.width().unwrap_or(0);
        if used + wide > width && at > start {
            put(&word[start..at]);
            (start, used) = (at, 0);
        }
        used += wide;
    }
    put(&word[start..]);
}

#[cfg(test)]
mod tests {
    use super::{Page, Paint, Piece, wrap};

    fn flowed(width: usize, lead: &str, body: &str, tail: &str) -> String {
        let mut out = Vec::new();
        let mut page = Page::new(&mut out, false, width);
        page.flow(&[Piece::plain(lead)], &[Piece::plain(body)], Some(&Piece::faint(tail))).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn tails_stand_right_where_there_is_room() {
        assert_eq!(flowed(40, "  + ", "short", "a.yaml:1"), "  + short                       a.yaml:1\n");
        assert_eq!(
            flowed(40, "  + ", "words that take the whole of the line", "a.yaml:1"),
            "  + words that take the whole of the\n    line                        a.yaml:1\n"
        );
        assert_eq!(
            flowed(30, "  + ", "words that fill the line.", "long/name.yaml:1"),
            "  + words that fill the line.\n    long/name.yaml:1\n"
        );
    }

    #[test]
    fn a_lead_that_leaves_no_room_has_lines_of_its_own() {
        let wide = "x".repeat(30);
        assert_eq!(
            flowed(40, &format!("  {wide}  "), "words that need room", ":1"),
            format!("  {wide}\n      words that need room            :1\n")
        );
        assert_eq!(flowed(40, &format!("  {wide}  "), "12", ""), format!("  {wide}  12\n"));
        assert_eq!(flowed(30, &format!("  {wide}x  "), "12", ""), format!("{wide}\nx\n      12\n"));
    }

    #[test]
    fn words_wider_than_a_line_are_split() {
        let lines = wrap(&[Piece::plain("ab мир-мир-мир")], 5);
        let texts: Vec<String> =
            lines.iter().map(|line| line.iter().map(|piece| piece.text.as_str()).collect()).collect();
        assert_eq!(texts, ["ab ", "мир-м", "ир-ми", "р"]);
    }

    #[test]
    fn wide_letters_take_two_columns() {
        assert_eq!(wrap(&[Piece::plain("漢字漢字")], 4).len(), 2);
    }

    #[test]
    fn colour_wraps_each_piece() {
        let mut out = Vec::new();
        let mut page = Page::new(&mut out, true, 80);
        page.text(&[Piece::new(Paint::Old, "a"), Piece::plain(" "), Piece::new(Paint::New, "b")]).unwrap();
        assert_eq!(out, b"\x1b[31ma\x1b[0m \x1b[32mb\x1b[0m\n");
    }
}
