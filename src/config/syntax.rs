//! What the YAML parser refused, in words for the person who wrote it.

use granit_parser::{ErrorKind, ScanError};

use super::{codes, fault::Fault};

pub(super) fn fault(file: usize, text: &str, error: &ScanError) -> Fault {
    let start = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
    let (code, message, help) = explain(error);
    let span = start..start + mark(&text[start..], code);
    let fault = Fault::new(file, span, code, message);
    if help.is_empty() { fault } else { fault.help(help) }
}

/// How much to underline: all of a run of tabs, else one character, and nothing at a line's end.
fn mark(rest: &str, code: &str) -> usize {
    if code == codes::TAB {
        return rest.bytes().take_while(|&byte| byte == b'\t').count().max(1).min(rest.len());
    }
    rest.chars().next().filter(|ch| !matches!(ch, '\n' | '\r')).map_or(0, char::len_utf8)
}

fn explain(error: &ScanError) -> (&'static str, String, &'static str) {
    use ErrorKind as K;
    let (code, message, help) = match error.kind() {
        K::TabNotAllowed | K::TabInBlockIndentation | K::TabInIndentation | K::TabAtBlockScalarStart | K::TabInPlainScalar => {
            (codes::TAB, "a tab stands here, and YAML indents with spaces only", "replace the tab with spaces")
        }
        K::InvalidIndentation | K::InvalidBlockScalarIndent | K::InvalidQuotedScalarIndent | K::InvalidFlowScalarIndent
        | K::ExpectedBlockMappingKey | K::ExpectedBlockSequenceEntry => {
            (codes::INDENTATION, "this line is not indented like its neighbours", "start it in the same column as the lines it belongs with")
        }
        K::MappingValueNotAllowed | K::InvalidColonPlacement => (
            codes::INDENTATION,
            "a key with a value cannot stand here",
            "check the indentation of this line and the one before; quote a value that holds `: `",
        ),
        K::SimpleKeyExpected | K::InvalidSimpleKey => {
            (codes::SYNTAX, "a key without a colon", "write `key: value`; the space after the colon is part of it")
        }
        K::UnclosedQuotedScalar | K::DocumentIndicatorInQuotedScalar => {
            (codes::SYNTAX, "a quote is opened and not closed", "close the quote")
        }
        K::UnknownQuotedScalarEscape => {
            (codes::SYNTAX, "an unknown escape in double quotes", "use single quotes where a backslash is meant literally")
        }
        K::UnclosedFlowCollection { .. } | K::UnexpectedEofFlowSequence | K::UnexpectedEofFlowMapping => {
            (codes::SYNTAX, "a bracket is opened and not closed", "close the bracket")
        }
        K::ExpectedFlowMappingSeparator => (codes::SYNTAX, "a `,` or `}` is missing here", "separate the fields with commas and close the brace"),
        K::ExpectedFlowSequenceSeparator => (codes::SYNTAX, "a `,` or `]` is missing here", "separate the entries with commas and close the bracket"),
        K::MismatchedFlowCollectionEnd { .. } | K::MisplacedFlowCollectionEnd => {
            (codes::SYNTAX, "this bracket closes nothing that is open", "look for the bracket it should match")
        }
        K::UnknownAnchor => (codes::ALIAS, "this alias has no anchor before it", "quote the text if the asterisk belongs to it"),
        K::RecursionLimitExceeded => {
            (codes::TOO_DEEP, "values are nested too deeply", "no configuration needs that: look for a bracket too many")
        }
        K::UndeclaredTagHandle | K::ExpectedTagBang | K::MissingTagUri | K::InvalidTagTerminator => {
            (codes::TAG, "tags have no meaning here", "quote the text if the exclamation mark belongs to it")
        }
        other => return (codes::SYNTAX, format!("this is not YAML: {other}"), ""),
    };
    (code, message.to_owned(), help)
}
