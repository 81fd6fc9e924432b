//! News as messages of chats, within their limits and with nothing in them that a chat would obey.

use serde_json::{Value, json};

use crate::language::tn;

/// Slack cuts a text beyond 40,000 characters and asks for at most 4,000:
/// <https://docs.slack.dev/reference/methods/chat.postMessage#truncating-content>.
const SLACK: usize = 4000;
/// Mattermost takes 16,383 characters: <https://developers.mattermost.com/integrate/webhooks/incoming/>.
const MATTERMOST: usize = 16_383;
/// Telegram takes 4,096: <https://core.telegram.org/bots/api#sendmessage>. It counts as UTF-16 does.
const TELEGRAM: usize = 4096;

/// A message for an incoming webhook of Slack. Three characters are escaped, of which all its commands are made:
/// <https://docs.slack.dev/messaging/formatting-message-text#escaping>.
pub(super) fn slack(lines: &[String]) -> Value {
    let escaped = |line: &str| line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    json!({"text": fit(lines, SLACK, escaped), "mrkdwn": false, "unfurl_links": false})
}

/// A message for an incoming webhook of Mattermost: one block of code, in which nobody is mentioned and no
/// Markdown counts. A backtick could end the block, so that it becomes an apostrophe.
pub(super) fn mattermost(lines: &[String]) -> Value {
    let text = fit(lines, MATTERMOST - 8, |line| line.replace('`', "'"));
    json!({"text": format!("```\n{text}\n```")})
}

/// A message for Telegram: plain text, marked as a block of code, in which it looks for no names and links.
pub(super) fn telegram(chat: &str, lines: &[String]) -> Value {
    let text = fit(lines, TELEGRAM, str::to_owned);
    json!({
        "chat_id": chat,
        "entities": [{"type": "pre", "offset": 0, "length": units(&text)}],
        "text": text,
        "link_preview_options": {"is_disabled": true},
    })
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// As many lines as there is room for, and how many there is none for.
fn fit(lines: &[String], most: usize, escaped: impl Fn(&str) -> String) -> String {
    let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
    let whole = lines.join("\n");
    if units(&whole) <= most {
        return whole;
    }
    let more = |left: usize| {
        let said = tn!(
            left,
            "... and {n} more line: see `billform drift`.",
            "... and {n} more lines: see `billform drift`."
        );
        format!("\n{said}").replace('`', "'")
    };
    let room = most.saturating_sub(units(&more(lines.len())));
    let (mut text, mut shown) = (String::new(), 0);
    for line in &lines {
        if units(&text) + units(line) + 1 > room {
            break;
        }
        if shown > 0 {
            text.push('\n');
        }
        text.push_str(line);
        shown += 1;
    }
    text + &more(lines.len() - shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(message: &Value) -> &str {
        message["text"].as_str().unwrap()
    }

    #[test]
    fn nothing_in_a_name_is_obeyed() {
        let lines = ["<!channel> & <https://x|y>".to_owned(), "```\n".to_owned(), "@all".to_owned()];
        assert!(text(&slack(&lines)).starts_with("&lt;!channel&gt; &amp; &lt;https://x|y&gt;"));
        let mattermost = mattermost(&lines);
        assert_eq!(text(&mattermost).matches('`').count(), 6, "{mattermost}");
        let telegram = telegram("-1", &lines);
        assert_eq!(telegram["entities"][0]["length"], units(text(&telegram)));
    }

    #[test]
    fn messages_stay_within_their_limits_and_say_what_is_missing() {
        for (letter, number) in [("x", 2000), ("я", 2000), ("😀", 2000), ("&", 2000), ("x", 1)] {
            let lines = vec![letter.repeat(100); number];
            for (message, most) in
                [(slack(&lines), SLACK), (mattermost(&lines), MATTERMOST), (telegram("-1", &lines), TELEGRAM)]
            {
                assert!(units(text(&message)) <= most, "{letter}");
                assert_eq!(text(&message).contains("more lines"), number > 1, "{letter}: {message}");
            }
        }
    }
}
