//! Finds what must not be shown in an excerpt: passwords that people wrote into the file all the same.
//!
//! This is the last line of defence. The loader refuses literals, but the report of that, or of another
//! error nearby, or of a file that is not even YAML, shows lines of the file.

use std::ops::Range;

use super::tree::{Kind, NodeRef, Shape, Tree};

/// Parts of keys whose values are secrets.
const WORDS: &[&str] = &["pass", "secret", "token", "pwd", "apikey", "api_key", "Парол", "парол"];

pub(crate) fn is_secret_key(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
}

/// Spans of all values under keys of secrets that are not `{env: ...}` or `{file: ...}`. A command is not
/// shown either: people pass secrets as arguments.
pub(super) fn in_tree(tree: &Tree) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, node) in tree.nodes.iter().enumerate() {
        if !matches!(node.kind, Kind::Map { .. }) {
            continue;
        }
        let at = u32::try_from(at).expect("nodes are counted in u32");
        for (key, value) in (NodeRef { tree, at }).entries() {
            if is_secret_key(key.key_text()) {
                hide(value, &mut found);
            }
        }
    }
    found
}

fn hide(value: NodeRef<'_>, found: &mut Vec<Range<usize>>) {
    if !matches!(value.shape(), Shape::Map(_)) {
        found.push(written(value));
        return;
    }
    // Two places at once are a mistake, and then either may be the secret itself.
    let alone = value.entries().count() == 1;
    for (key, inner) in value.entries() {
        match (key.key_text(), inner.text()) {
            ("env" | "file", _) if !alone => found.push(written(inner)),
            ("env", Some(name)) if is_variable(name) => {}
            ("file", Some(_)) => {}
            ("env" | "file" | "command", _) => found.push(written(inner)),
            _ => found.extend([key.span(), inner.span()]),
        }
    }
}

/// The span of a block runs on to the next key; this is what of it is text.
fn written(value: NodeRef<'_>) -> Range<usize> {
    let span = value.span();
    let kept = tree_text(value).map_or(span.len(), |text| text.trim_end().len());
    span.start..span.start + kept
}

fn tree_text(value: NodeRef<'_>) -> Option<&str> {
    value.tree.text.get(value.span())
}

fn is_variable(name: &str) -> bool {
    // Lower case is allowed by the schema but looks more like a password than like a variable.
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The same by the look of one line, for text that is not YAML; and logins in addresses.
pub(super) fn in_line(line: &str) -> Vec<Range<usize>> {
    let lower = line.to_ascii_lowercase();
    let mut found = Vec::new();
    for word in WORDS {
        for (at, _) in lower.match_indices(word) {
            found.extend(value_after(line, at));
        }
    }
    found.extend(lower.find("command").and_then(|at| arguments(line, at)));
    for (at, mark) in line.match_indices("://") {
        let start = at + mark.len();
        let rest = &line[start..];
        // In quotes an address may hold blanks, and a login anything.
        let quoted = ['"', '\''].into_iter().find(|quote| {
            line[..at].ends_with(&format!("{quote}http")) || line[..at].ends_with(&format!("{quote}https"))
        });
        let end = match quoted {
            Some(quote) => rest.rfind(quote),
            None => rest.find(char::is_whitespace),
        };
        let end = end.unwrap_or(rest.len());
        found.extend(rest[..end].rfind('@').map(|login| start..start + login));
    }
    found
}

/// The list after the key `command`, which stands at `at`.
fn arguments(line: &str, at: usize) -> Option<Range<usize>> {
    let open = at + line[at..].find('[')?;
    let key = line[at + "command".len()..open].trim_matches(['"', '\'', ' ']);
    let end = line[open..].rfind(']').map_or(line.len(), |end| open + end + 1);
    (key == ":").then_some(open..end)
}

/// The value of the key that holds the byte `at`.
fn value_after(line: &str, at: usize) -> Option<Range<usize>> {
    let colon = at + line[at..].find([':', ',', '{', '}', '#'])?;
    let after = line[colon..].strip_prefix(':')?;
    let value = after.trim_start();
    let start = line.len() - value.len();
    let end = match value.chars().next()? {
        '{' => return None,
        quote @ ('"' | '\'') => value[1..].find(quote).map_or(value.len(), |end| end + 2),
        _ => value.find([',', '}']).unwrap_or(value.len()),
    };
    Some(start..start + end)
}

#[cfg(test)]
mod tests {
    use super::in_line;

    #[test]
    fn values_of_secrets_are_found_by_the_look_of_a_line() {
        let starred = |line: &str| {
            let ranges = in_line(line);
            let star = |(at, ch)| if ranges.iter().any(|range| range.contains(&at)) { '*' } else { ch };
            line.char_indices().map(star).collect::<String>()
        };
        for (line, shown) in [
            ("    password: hunter2", "    password: *******"),
            ("    \"Password\" : 'a b' # x", "    \"Password\" : ***** # x"),
            ("{username: u, password: p, url: x}", "{username: u, password: *, url: x}"),
            ("password: {env: LICENCE_PASSWORD}", "password: {env: LICENCE_PASSWORD}"),
            ("url: https://u:p@bill.example.com/x", "url: https://***@bill.example.com/x"),
            ("url: 'https://u:a/b ''c@x.example.com/y'", "url: 'https://*********@x.example.com/y'"),
            ("url: https://u:a/b@x.example.com/y # me@x", "url: https://*****@x.example.com/y # me@x"),
            ("пароль: тайна", "пароль: *****"),
            ("password: {command: [sh, -c, x, y]}", "password: {command: **************}"),
            ("  \"command\": [sh, x", "  \"command\": ******"),
            ("the command [x]", "the command [x]"),
            ("password:", "password:"),
        ] {
            assert_eq!(starred(line), shown);
        }
    }
}
