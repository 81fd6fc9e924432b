//! What a browser makes of a report: every element, comment and stretch of text in it.

use std::cell::RefCell;

use comrak::{Options, markdown_to_html};
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts, states,
};

/// One thing in a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// An element that begins, with its attributes.
    Open(String, Vec<(String, String)>),
    Close(String),
    Comment(String),
    Text(String),
    /// Something that a page is not to have.
    Wrong(String),
}

#[derive(Default)]
struct Nodes(RefCell<Vec<Node>>);

impl TokenSink for Nodes {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let raw = |tag: &Tag| tag.kind == TagKind::StartTag && ["style", "script"].contains(&&*tag.name);
        let mut result = TokenSinkResult::Continue;
        let node = match token {
            Token::TagToken(tag) => {
                if raw(&tag) {
                    let kind = if &*tag.name == "style" {
                        states::RawKind::Rawtext
                    } else {
                        states::RawKind::ScriptData
                    };
                    result = TokenSinkResult::RawData(kind);
                }
                let name = tag.name.to_string();
                let attribute =
                    |one: &html5ever::Attribute| (one.name.local.to_string(), one.value.to_string());
                match tag.kind {
                    TagKind::StartTag => Node::Open(name, tag.attrs.iter().map(attribute).collect()),
                    TagKind::EndTag => Node::Close(name),
                }
            }
            Token::CommentToken(text) => Node::Comment(text.to_string()),
            Token::CharacterTokens(text) => Node::Text(text.to_string()),
            Token::DoctypeToken(_) | Token::EOFToken => return result,
            Token::NullCharacterToken => Node::Wrong("a null character".into()),
            Token::ParseError(error) => Node::Wrong(error.into_owned()),
        };
        let mut nodes = self.0.borrow_mut();
        match (nodes.last_mut(), node) {
            (Some(Node::Text(text)), Node::Text(more)) => text.push_str(&more),
            (_, node) => nodes.push(node),
        }
        result
    }
}

/// What a browser finds in a page of HTML.
pub(super) fn nodes(html: &str) -> Vec<Node> {
    let input = BufferQueue::default();
    input.push_back(html.into());
    let tokenizer =
        Tokenizer::new(Nodes::default(), TokenizerOpts { exact_errors: true, ..Default::default() });
    drop(tokenizer.feed(&input));
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

/// Markdown as GitHub and its kin render it, with HTML left in: what they would filter out, we do not write.
pub(super) fn github(markdown: &str) -> String {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.render.r#unsafe = true;
    markdown_to_html(markdown, &options)
}

/// The names of all elements, in their order.
pub(super) fn elements(nodes: &[Node]) -> Vec<&str> {
    let open = |node: &'_ Node| matches!(node, Node::Open(..));
    nodes
        .iter()
        .filter(|node| open(node))
        .map(|node| match node {
            Node::Open(name, _) => name.as_str(),
            _ => "",
        })
        .collect()
}
