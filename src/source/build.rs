//! YAML text → [`Tree`]: one pass over the parser's events, within limits.
//!
//! Tags, merge keys, second documents and keys that are not text are refused here, and so is every
//! key that a mapping already has. An alias shares the node of its anchor, so that a bomb of aliases
//! costs nothing before it is counted and refused.

use std::{borrow::Cow, collections::HashMap, ops::Range, sync::Arc};

use granit_parser::{Event, Options, Parser, ScalarStyle, Span};

use super::{
    codes,
    fault::{Fault, MOST, Place, pointer, shown},
    scalar::{self, Plain},
    syntax,
    tree::{Kind, Node, SMALL, Tree, UNSORTED},
};

use crate::language::t;

/// Deeper than any configuration needs, and shallow enough for recursive readers.
pub(crate) const MAX_DEPTH: usize = 64;
/// Values in one document, aliases counted in full: some six times a configuration of 100,000 prices.
pub(crate) const MAX_NODES: u32 = 10_000_000;
/// Bytes that the aliases of one document stand for: as many as the largest file has.
const MAX_REPEATED: u64 = 64 * 1024 * 1024;

/// Reads one document. Without faults there is a tree.
pub(crate) fn parse(file: usize, text: &Arc<str>) -> Result<Tree, Vec<Fault>> {
    let mut builder = Builder::new(file, text);
    let outcome = builder.run(text);
    if let Err(fatal) = outcome {
        builder.faults.push(*fatal);
    }
    match builder.root {
        Some((root, _)) if builder.faults.is_empty() => Ok(Tree { root, ..builder.tree }),
        _ => Err(builder.faults),
    }
}

/// A collection that is still open.
struct Frame {
    node: u32,
    is_map: bool,
    /// Where its children begin in `pending`.
    from: usize,
    size: u32,
    /// Bytes that the aliases in it stand for.
    repeated: u64,
    height: usize,
    anchor: usize,
}

/// An anchored node, with what it costs to repeat it.
#[derive(Clone, Copy)]
struct Anchor {
    node: u32,
    size: u32,
    repeated: u64,
    height: usize,
}

struct Builder {
    file: usize,
    tree: Tree,
    frames: Vec<Frame>,
    /// Children of the open collections, innermost last.
    pending: Vec<u32>,
    anchors: HashMap<usize, Anchor>,
    root: Option<(u32, u32)>,
    documents: usize,
    faults: Vec<Fault>,
}

type Fatal = Box<Fault>;

impl Builder {
    fn new(file: usize, text: &Arc<str>) -> Self {
        let tree = Tree {
            text: Arc::clone(text),
            nodes: Vec::with_capacity(text.len() / 12),
            kids: Vec::with_capacity(text.len() / 12),
            sorted: Vec::new(),
            owned: Vec::new(),
            root: 0,
        };
        Self {
            file,
            tree,
            frames: Vec::new(),
            pending: Vec::new(),
            anchors: HashMap::new(),
            root: None,
            documents: 0,
            faults: Vec::new(),
        }
    }

    fn run(&mut self, text: &str) -> Result<(), Fatal> {
        for event in Parser::new_from_str_with_options(text, options()) {
            let (event, span) = event.map_err(|error| Box::new(syntax::fault(self.file, text, &error)))?;
            self.event(text, event, &span)?;
        }
        match self.root {
            Some((root, _)) if !matches!(self.tree.nodes[root as usize].kind, Kind::Null) => Ok(()),
            _ => Err(Box::new(empty(self.file))),
        }
    }

    fn event(&mut self, text: &str, event: Event<'_>, span: &Span) -> Result<(), Fatal> {
        let range = span.byte_range().unwrap_or_default();
        match event {
            Event::DocumentStart(..) => self.document(range),
            Event::Scalar(value, style, anchor, tag) => {
                self.tag(tag.is_some(), span);
                self.scalar(text, &value, style, range, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.tag(tag.is_some(), span);
                self.open(false, range, anchor)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.tag(tag.is_some(), span);
                self.open(true, range, anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(&range),
            Event::Alias(anchor) => self.alias(anchor, range),
            _ => Ok(()),
        }
    }

    fn document(&mut self, range: Range<usize>) -> Result<(), Fatal> {
        self.documents += 1;
        if self.documents < 2 {
            return Ok(());
        }
        let message = t!("the file has a second YAML document");
        Err(self.fatal(
            range,
            codes::SECOND_DOCUMENT,
            message,
            t!("move it into a file of its own, or drop the `---` line"),
        ))
    }

    fn tag(&mut self, tagged: bool, span: &Span) {
        if !tagged {
            return;
        }
        if self.faults.len() >= MOST {
            return;
        }
        let range = span.tag_span().and_then(|tag| tag.byte_range()).or_else(|| span.byte_range());
        let fault =
            Fault::new(self.file, range.unwrap_or_default(), codes::TAG, t!("tags have no meaning here"));
        self.faults.push(fault.at(self.pointer()).help(t!("remove the tag")));
    }

    /// Whether the next node is a key.
    fn wants_key(&self) -> bool {
        self.frames
            .last()
            .is_some_and(|frame| frame.is_map && (self.pending.len() - frame.from).is_multiple_of(2))
    }

    fn scalar(
        &mut self,
        text: &str,
        value: &str,
        style: ScalarStyle,
        range: Range<usize>,
        anchor: usize,
    ) -> Result<(), Fatal> {
        let key = self.wants_key();
        let plain = style == ScalarStyle::Plain;
        if key && plain && value == "<<" && self.faults.len() < MOST {
            let message = t!("the merge key `<<` is not part of YAML 1.2");
            let fault = Fault::new(self.file, range.clone(), codes::MERGE_KEY, message);
            self.faults.push(fault.at(self.pointer()).help(t!("write the fields out where they are needed")));
        }
        let meaning = if plain && !key { scalar::resolve(value) } else { Plain::Text };
        let kind = match (meaning, slice(text, value, &range)) {
            (Plain::Null, _) => Kind::Null,
            (Plain::Flag(flag), _) => Kind::Flag(flag),
            (Plain::Number, Some((from, to))) => Kind::Number { from, to },
            (_, Some((from, to))) => Kind::Text { from, to },
            (_, None) => {
                self.tree.owned.push(value.into());
                Kind::Owned(index(self.tree.owned.len() - 1))
            }
        };
        let node = self.node(range, kind)?;
        self.attach(Anchor { node, size: 1, repeated: 0, height: 0 }, anchor)
    }

    fn open(&mut self, is_map: bool, range: Range<usize>, anchor: usize) -> Result<(), Fatal> {
        if self.wants_key() {
            return Err(self.key_not_text(range));
        }
        if self.frames.len() >= MAX_DEPTH {
            return Err(self.too_deep(range));
        }
        let node = self.node(range, Kind::Null)?;
        let from = self.pending.len();
        self.frames.push(Frame { node, is_map, from, size: 1, repeated: 0, height: 0, anchor });
        Ok(())
    }

    fn close(&mut self, range: &Range<usize>) -> Result<(), Fatal> {
        let frame = self.frames.pop().expect("the parser balances its events");
        let (first, len) = (index(self.tree.kids.len()), index(self.pending.len() - frame.from));
        self.tree.kids.extend(self.pending.drain(frame.from..));
        let kind = if frame.is_map {
            Kind::Map { first, len, sorted: self.order(first, len) }
        } else {
            Kind::List { first, len }
        };
        let node = &mut self.tree.nodes[frame.node as usize];
        node.kind = kind;
        node.end = index(range.end).max(node.start);
        let Frame { node, size, repeated, height, anchor, .. } = frame;
        self.attach(Anchor { node, size, repeated, height: height + 1 }, anchor)
    }

    fn alias(&mut self, anchor: usize, range: Range<usize>) -> Result<(), Fatal> {
        if self.wants_key() {
            return Err(self.key_not_text(range));
        }
        let Some(&target) = self.anchors.get(&anchor) else {
            let message = t!("this alias stands inside its own anchor");
            return Err(self.fatal(range, codes::ALIAS, message, t!("write the value out")));
        };
        if self.frames.len() + target.height > MAX_DEPTH {
            return Err(self.too_deep(range));
        }
        let node = self.tree.nodes[target.node as usize];
        let repeated = target.repeated.saturating_add(u64::from(node.end - node.start));
        if repeated > MAX_REPEATED {
            return Err(self.too_long(range));
        }
        self.attach(Anchor { repeated, ..target }, 0)
    }

    fn node(&mut self, range: Range<usize>, kind: Kind) -> Result<u32, Fatal> {
        if self.tree.nodes.len() >= MAX_NODES as usize {
            return Err(self.too_many(range));
        }
        self.tree.nodes.push(Node { start: index(range.start), end: index(range.end), kind });
        Ok(index(self.tree.nodes.len() - 1))
    }

    /// Hands a finished node to the collection around it.
    fn attach(&mut self, done: Anchor, anchor: usize) -> Result<(), Fatal> {
        if anchor != 0 {
            self.anchors.insert(anchor, done);
        }
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some((done.node, done.size));
            return Ok(());
        };
        frame.size = frame.size.saturating_add(done.size);
        frame.repeated = frame.repeated.saturating_add(done.repeated);
        frame.height = frame.height.max(done.height);
        self.pending.push(done.node);
        let (many, long) = (frame.size > MAX_NODES, frame.repeated > MAX_REPEATED);
        if many || long {
            let node = self.tree.nodes[done.node as usize];
            let range = node.start as usize..node.end as usize;
            return Err(if many { self.too_many(range) } else { self.too_long(range) });
        }
        Ok(())
    }

    /// Reports keys that are there twice; orders the pairs of a large mapping by key.
    fn order(&mut self, first: u32, len: u32) -> u32 {
        let pairs = len / 2;
        let key_at = |tree: &Tree, pair: u32| tree.kids[(first + 2 * pair) as usize];
        if pairs as usize <= SMALL {
            for later in 1..pairs {
                let key = self.tree.key(key_at(&self.tree, later));
                if let Some(earlier) =
                    (0..later).find(|&earlier| self.tree.key(key_at(&self.tree, earlier)) == key)
                {
                    self.duplicate(key_at(&self.tree, earlier), key_at(&self.tree, later));
                }
            }
            return UNSORTED;
        }
        let mut order: Vec<u32> = (0..pairs).collect();
        // Stable, so that of equal keys the first stays in front.
        order.sort_by(|&left, &right| {
            self.tree.key(key_at(&self.tree, left)).cmp(self.tree.key(key_at(&self.tree, right)))
        });
        let mut earlier = order[0];
        for &later in &order[1..] {
            let (left, right) = (key_at(&self.tree, earlier), key_at(&self.tree, later));
            if self.tree.key(left) == self.tree.key(right) {
                self.duplicate(left, right);
            } else {
                earlier = later;
            }
        }
        let start = index(self.tree.sorted.len());
        self.tree.sorted.extend(order);
        start
    }

    fn duplicate(&mut self, earlier: u32, later: u32) {
        if self.faults.len() >= MOST {
            return;
        }
        let key = self.tree.key(later);
        let span = |at: u32| {
            let node = self.tree.nodes[at as usize];
            node.start as usize..node.end as usize
        };
        let path = format!("{}{}", self.pointer(), pointer([key]));
        let fault = Fault::new(
            self.file,
            span(later),
            codes::DUPLICATE_KEY,
            t!("the key `{key}` is here twice", key = shown(key)),
        )
        .at(path)
        .label(t!("again here"))
        .other(Place::new(self.file, span(earlier)), t!("first here"))
        .help(t!("keep one of the two"));
        self.faults.push(fault);
    }

    /// Where the parser is.
    fn pointer(&self) -> String {
        let ends = self.frames.iter().skip(1).map(|frame| frame.from).chain([self.pending.len()]);
        let steps: Vec<Cow<'_, str>> = (self.frames.iter().zip(ends))
            .filter_map(|(frame, end)| match (frame.is_map, end - frame.from) {
                (true, count) if count % 2 == 1 => Some(Cow::Borrowed(self.tree.key(self.pending[end - 1]))),
                (true, _) => None,
                (false, count) => Some(Cow::Owned(count.to_string())),
            })
            .collect();
        pointer(steps.iter().map(AsRef::as_ref))
    }

    fn fatal(&self, range: Range<usize>, code: &'static str, message: String, help: String) -> Fatal {
        Box::new(Fault::new(self.file, range, code, message).at(self.pointer()).help(help))
    }

    fn key_not_text(&self, range: Range<usize>) -> Fatal {
        self.fatal(
            range,
            codes::KEY_NOT_TEXT,
            t!("a key must be text"),
            t!("quote it if the brackets or the asterisk belong to it"),
        )
    }

    fn too_deep(&self, range: Range<usize>) -> Fatal {
        let message = t!("values are nested more than {most} deep", most = MAX_DEPTH);
        self.fatal(
            range,
            codes::TOO_DEEP,
            message,
            t!("no configuration needs that: look for a bracket too many"),
        )
    }

    fn too_many(&self, range: Range<usize>) -> Fatal {
        let message =
            t!("the document has more than {most} values, aliases counted in full", most = MAX_NODES);
        self.too_much(range, message)
    }

    fn too_long(&self, range: Range<usize>) -> Fatal {
        self.too_much(range, t!("the aliases of the document stand for more than 64 MiB of text"))
    }

    fn too_much(&self, range: Range<usize>, message: String) -> Fatal {
        self.fatal(
            range,
            codes::TOO_MANY,
            message,
            t!("split the file, or write the values out instead of repeating aliases"),
        )
    }
}

pub(super) fn empty(file: usize) -> Fault {
    Fault::new(file, 0..0, codes::EMPTY, t!("the file holds no configuration"))
        .at(String::new())
        .label(t!("nothing but blanks and comments"))
        .help(t!("write at least `version: 1`, or remove the file"))
}

/// How all text is read.
pub(crate) fn options() -> Options {
    granit_parser::options! {
        // Above our own limit, which has the better message; below what its recursion could not bear.
        flow_nesting_limit: 2 * MAX_DEPTH,
        block_nesting_limit: 2 * MAX_DEPTH,
        // Long names in quotes are keys too; a key of 255 characters may be written in escapes.
        simple_key_max_lookahead: 4096,
    }
}

/// The range of the source that holds exactly this text, with or without quotes around it.
fn slice(text: &str, value: &str, range: &Range<usize>) -> Option<(u32, u32)> {
    let whole = text.get(range.clone())?;
    if whole == value {
        return Some((index(range.start), index(range.end)));
    }
    let inner = whole.get(1..whole.len().checked_sub(1)?)?;
    (inner == value).then(|| (index(range.start + 1), index(range.end - 1)))
}

/// Files are at most 64 MiB, so positions and counts fit.
fn index(position: usize) -> u32 {
    u32::try_from(position).expect("files are limited to 64 MiB")
}
