//! What the YAML parser refused, in words for the person who wrote it.

use std::ops::Range;

use granit_parser::{ErrorKind, ScanError};

use super::{codes, fault::Fault};

use crate::language::{later, t, told};

pub(super) fn fault(file: usize, text: &str, error: &ScanError) -> Fault {
    let at = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
    let (code, message, help) = explain(error);
    let span = mark(text, at, error.kind(), code);
    let help = if is_misplaced(error.kind()) { line_before(text, span.start).unwrap_or(help) } else { help };
    Fault::new(file, span, code, message).help(help)
}

/// A colon where no key can be.
fn is_misplaced(kind: &ErrorKind) -> bool {
    matches!(kind, ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement)
}

/// What to underline: a run of tabs, a key, an alias; else one character, and nothing at a line's end.
fn mark(text: &str, at: usize, kind: &ErrorKind, code: &str) -> Range<usize> {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let rest = &text[at..];
    if code == codes::TAB {
        let ahead = rest.bytes().take_while(|&byte| byte == b'\t').count();
        // The parser may have gone past the tabs before it refuses what follows.
        let behind = text[line..at].bytes().rev().take_while(|&byte| byte == b'\t').count();
        let start = text[line..at]
            .rfind('\t')
            .filter(|_| ahead == 0 && behind == 0)
            .map_or(at - behind, |tab| line + tab);
        return start..(at + ahead).max(start + 1).min(text.len());
    }
    let key = text[line..at].trim();
    if is_misplaced(kind) && !key.contains(['[', '{', ',', '"', '\'']) {
        let start = at - text[line..at].trim_start().len();
        return start..start + key.len();
    }
    let word =
        rest.find(|ch: char| ch.is_whitespace() || matches!(ch, ',' | ']' | '}')).unwrap_or(rest.len());
    let one = rest.chars().next().filter(|ch| !matches!(ch, '\n' | '\r')).map_or(0, char::len_utf8);
    at..at + if matches!(kind, ErrorKind::UnknownAnchor) { word } else { one }
}

/// A key that stands where none can is often right, and the line before it wrong.
fn line_before(text: &str, at: usize) -> Option<&'static str> {
    let before = text[..at].trim_end();
    let line = before.rsplit('\n').next()?.trim();
    let count = |brackets: [char; 2]| line.matches(brackets).count();
    if count(['[', '{']) > count([']', '}']) {
        return Some(told(later!("the line before opens a bracket and does not close it")));
    }
    let colon = line.find(':')?;
    let glued = line[colon + 1..].starts_with(|ch: char| !ch.is_whitespace());
    glued.then_some(told(later!("the line before has a colon without a space: write `key: value`")))
}

fn explain(error: &ScanError) -> (&'static str, String, &'static str) {
    use ErrorKind as K;
    let (code, message, help) = match error.kind() {
        K::TabNotAllowed
        | K::TabInBlockIndentation
        | K::TabInIndentation
        | K::TabAtBlockScalarStart
        | K::TabInPlainScalar => (
            codes::TAB,
            told(later!("a tab stands here, and YAML indents with spaces only")),
            told(later!("replace the tab with spaces")),
        ),
        K::InvalidIndentation
        | K::InvalidBlockScalarIndent
        | K::InvalidQuotedScalarIndent
        | K::InvalidFlowScalarIndent
        | K::ExpectedBlockMappingKey
        | K::ExpectedBlockSequenceEntry => (
            codes::INDENTATION,
            told(later!("this line is not indented like its neighbours")),
            told(later!("start it in the same column as the lines it belongs with")),
        ),
        K::MappingValueNotAllowed | K::InvalidColonPlacement => (
            codes::INDENTATION,
            told(later!("a key with a value cannot stand here")),
            told(later!(
                "check the indentation of this line and the one before; quote a value that holds `: `"
            )),
        ),
        K::SimpleKeyExpected | K::InvalidSimpleKey => (
            codes::SYNTAX,
            told(later!("a key without a colon")),
            told(later!("write `key: value`; the space after the colon is part of it")),
        ),
        K::UnclosedQuotedScalar | K::DocumentIndicatorInQuotedScalar => {
            (codes::SYNTAX, told(later!("a quote is opened and not closed")), told(later!("close the quote")))
        }
        K::UnknownQuotedScalarEscape => (
            codes::SYNTAX,
            told(later!("an unknown escape in double quotes")),
            told(later!("use single quotes where a backslash is meant literally")),
        ),
        K::UnclosedFlowCollection { .. } | K::UnexpectedEofFlowSequence | K::UnexpectedEofFlowMapping => (
            codes::SYNTAX,
            told(later!("a bracket is opened and not closed")),
            told(later!("close the bracket")),
        ),
        K::ExpectedFlowMappingSeparator => (
            codes::SYNTAX,
            told(later!("a `,` or `}` is missing here")),
            told(later!("separate the fields with commas and close the brace")),
        ),
        K::ExpectedFlowSequenceSeparator => (
            codes::SYNTAX,
            told(later!("a `,` or `]` is missing here")),
            told(later!("separate the entries with commas and close the bracket")),
        ),
        K::MismatchedFlowCollectionEnd { .. } | K::MisplacedFlowCollectionEnd => (
            codes::SYNTAX,
            told(later!("this bracket closes nothing that is open")),
            told(later!("look for the bracket it should match")),
        ),
        K::UnknownAnchor => (
            codes::ALIAS,
            told(later!("this alias has no anchor before it")),
            told(later!("quote the text if the asterisk belongs to it")),
        ),
        K::RecursionLimitExceeded => (
            codes::TOO_DEEP,
            told(later!("values are nested too deeply")),
            told(later!("no configuration needs that: look for a bracket too many")),
        ),
        K::UndeclaredTagHandle | K::ExpectedTagBang | K::MissingTagUri | K::InvalidTagTerminator => (
            codes::TAG,
            told(later!("tags have no meaning here")),
            told(later!("quote the text if the exclamation mark belongs to it")),
        ),
        K::UnexpectedCharacter { .. } => (
            codes::SYNTAX,
            told(later!("this character cannot stand here")),
            told(later!("remove it, or quote the text that holds it")),
        ),
        other => {
            let message = t!("this is not YAML: {other}", other = other);
            return (
                codes::SYNTAX,
                message,
                told(later!(
                    "compare the line with its neighbours, and quote text that holds special characters"
                )),
            );
        }
    };
    (code, message.to_owned(), help)
}
