//! Which words of a text change.

use similar::{ChangeTag, TextDiff};

use super::escape::cut;

/// Beyond this many characters only the neighbourhood of the first difference is compared: a reader
/// has no use for more, and a hostile value must not cost time.
const WINDOW: usize = 2000;
/// How much of the common text is kept on either side of a change.
const CONTEXT: usize = 30;
/// Longest stretch of changed words that is shown.
const LONGEST_STRETCH: usize = 300;

/// A stretch of text and on which sides it occurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) side: Side,
    pub(super) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Both,
    Old,
    New,
}

/// Compares two texts word by word.
pub(super) fn words(before: &str, after: &str) -> Vec<Segment> {
    let (before, after) = window(before, after);
    let mut run = Run::default();
    let diff = TextDiff::from_unicode_words(before.as_str(), after.as_str());
    for change in diff.iter_all_changes() {
        match change.tag() {
            ChangeTag::Equal => run.same(change.value()),
            ChangeTag::Delete => run.changed(Side::Old, change.value()),
            ChangeTag::Insert => run.changed(Side::New, change.value()),
        }
    }
    run.finish()
}

/// Whether at least two fifths of the longer side are common text, so that marks inside the text are
/// easier to read than the two sides apart.
pub(super) fn alike(segments: &[Segment]) -> bool {
    let length = |wanted: Side| -> usize {
        let on = segments.iter().filter(|segment| segment.side == wanted);
        on.map(|segment| segment.text.chars().count()).sum()
    };
    let (both, old, new) = (length(Side::Both), length(Side::Old), length(Side::New));
    both > 0 && both * 5 >= (both + old.max(new)) * 2
}

/// The segments of one side, with long stretches cut.
pub(super) fn side(segments: &[Segment], wanted: Side) -> Vec<Segment> {
    let on_side = segments.iter().filter(|segment| segment.side == Side::Both || segment.side == wanted);
    on_side.cloned().collect()
}

/// Shortens common text to the neighbourhood of the changes, and changes themselves to a bearable length.
pub(super) fn shorten(segments: &mut [Segment]) {
    let last = segments.len().saturating_sub(1);
    for (index, segment) in segments.iter_mut().enumerate() {
        if segment.side != Side::Both {
            segment.text = cut(&segment.text, LONGEST_STRETCH).into_owned();
            continue;
        }
        let (head, tail) = (index > 0, index < last);
        segment.text = keep_ends(&segment.text, head, tail);
    }
}

/// Keeps the wanted ends of a common text, with an ellipsis for what is left out.
fn keep_ends(text: &str, head: bool, tail: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let room = CONTEXT * (usize::from(head) + usize::from(tail));
    if chars.len() <= room + CONTEXT {
        return text.to_owned();
    }
    let mut kept = String::new();
    if head {
        kept.extend(&chars[..CONTEXT]);
    }
    kept.push('…');
    if tail {
        kept.extend(&chars[chars.len() - CONTEXT..]);
    }
    kept
}

/// Both texts, cut to the neighbourhood of the first difference where they are very long.
fn window(before: &str, after: &str) -> (String, String) {
    let fits = |text: &str| text.chars().nth(WINDOW).is_none();
    if fits(before) && fits(after) {
        return (before.to_owned(), after.to_owned());
    }
    let common = before.chars().zip(after.chars()).take_while(|(one, two)| one == two).count();
    let skipped = common.saturating_sub(CONTEXT * 2);
    let part = |text: &str| {
        let start = if skipped > 0 { "…" } else { "" };
        let rest: String = text.chars().skip(skipped).take(WINDOW + 1).collect();
        format!("{start}{}", cut(&rest, WINDOW))
    };
    (part(before), part(after))
}

/// Collects changes so that neighbouring ones become one: a blank between two changed words is not
/// worth a mark of its own.
#[derive(Default)]
struct Run {
    done: Vec<Segment>,
    old: String,
    new: String,
    blank: String,
}

impl Run {
    fn changed(&mut self, side: Side, text: &str) {
        let blank = std::mem::take(&mut self.blank);
        self.old.push_str(&blank);
        self.new.push_str(&blank);
        match side {
            Side::Old => self.old.push_str(text),
            Side::New | Side::Both => self.new.push_str(text),
        }
    }

    fn same(&mut self, text: &str) {
        if text.trim().is_empty() && !self.old.is_empty() && !self.new.is_empty() {
            self.blank.push_str(text);
            return;
        }
        self.flush();
        self.push(Side::Both, text.to_owned());
    }

    fn flush(&mut self) {
        let (old, new) = (std::mem::take(&mut self.old), std::mem::take(&mut self.new));
        let blank = std::mem::take(&mut self.blank);
        self.push(Side::Old, old);
        self.push(Side::New, new);
        self.push(Side::Both, blank);
    }

    fn push(&mut self, side: Side, text: String) {
        if text.is_empty() {
            return;
        }
        match self.done.last_mut() {
            Some(last) if last.side == side => last.text.push_str(&text),
            _ => self.done.push(Segment { side, text }),
        }
    }

    fn finish(mut self) -> Vec<Segment> {
        self.flush();
        self.done
    }
}

/// The first pair of letters that differ, where the texts look the same all the same: Latin and
/// Cyrillic share a dozen shapes, and `ISPmanager` with a Cyrillic `а` is another name.
pub(super) fn look_alike(before: &str, after: &str) -> Option<(char, char)> {
    let same_shape = before.chars().map(shape).eq(after.chars().map(shape));
    before.chars().zip(after.chars()).find(|(one, two)| one != two).filter(|_| same_shape)
}

/// The Latin letter a Cyrillic one looks like.
fn shape(ch: char) -> char {
    const CYRILLIC: &str = "АВЕЅІЈКМНОРСТУХаеоѕіјрсухһԁԛԝ";
    const LATIN: &str = "ABESIJKMHOPCTYXaeosijpcyxhdqw";
    let at = CYRILLIC.chars().position(|letter| letter == ch);
    at.and_then(|index| LATIN.chars().nth(index)).unwrap_or(ch)
}

#[cfg(test)]
mod tests {
    use super::{Segment, Side, alike, look_alike, shorten, words};

    fn marked(segments: &[Segment]) -> String {
        let mark = |segment: &Segment| match segment.side {
            Side::Both => segment.text.clone(),
            Side::Old => format!("[-{}-]", segment.text),
            Side::New => format!("{{+{}+}}", segment.text),
        };
        segments.iter().map(mark).collect()
    }

    #[test]
    fn neighbouring_words_change_together() {
        for (before, after, shown) in [
            ("Server control panel", "Server panel", "Server [-control -]panel"),
            (
                "Панель управления сервером",
                "Панель управления виртуальным сервером",
                "Панель управления {+виртуальным +}сервером",
            ),
            ("one two three", "four five three", "[-one two-]{+four five+} three"),
            ("same", "same", "same"),
            ("", "new", "{+new+}"),
        ] {
            assert_eq!(marked(&words(before, after)), shown);
        }
    }

    #[test]
    fn only_the_neighbourhood_of_a_change_is_kept() {
        let text = "word ".repeat(1000);
        let mut segments = words(&format!("{text}old {text}"), &format!("{text}new {text}"));
        assert!(alike(&segments));
        shorten(&mut segments);
        let shown = marked(&segments);
        assert!(shown.contains("[-old-]{+new+}") && shown.chars().count() < 120, "{shown}");
    }

    #[test]
    fn letters_of_two_scripts_are_told_apart() {
        assert_eq!(look_alike("ISPmanager", "ISPmаnager"), Some(('a', 'а')));
        assert_eq!(look_alike("ISPmanager", "ISPmonager"), None);
        assert_eq!(look_alike("same", "same"), None);
    }
}
