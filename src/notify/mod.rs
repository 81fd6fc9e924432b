//! Telling people and programs what is new in a drift.
//!
//! Addresses and tokens come in as secrets and go into no error: what a server or a library says is cleaned of
//! them first. Everything a panel says is text by the time it gets here, and stays text in each format.

mod chat;
mod http;
mod mail;
mod webhook;

use secrecy::{ExposeSecret as _, SecretString};

use crate::{billmgr::Scrub, net::Way, news::News, report};

/// Somebody to tell, with what it takes to do so.
pub(crate) enum Receiver {
    Webhook { url: SecretString, secret: SecretString },
    Slack { url: SecretString },
    Mattermost { url: SecretString },
    Telegram { api: SecretString, token: SecretString, chat: String },
    Email { from: String, to: String, sendmail: String },
}

/// Tells one receiver. The error is free of secrets and on one line.
pub(crate) async fn send(receiver: &Receiver, news: &News, way: &Way<'_>) -> Result<(), String> {
    let lines = report::news_lines(news);
    let scrub = Scrub::default();
    let sent = match receiver {
        Receiver::Webhook { url, secret } => {
            learn(&scrub, url);
            scrub.learn(secret.expose_secret());
            webhook::send(url, secret, news, way).await
        }
        Receiver::Slack { url } => {
            learn(&scrub, url);
            http::post(url, &chat::slack(&lines), &[], way).await
        }
        Receiver::Mattermost { url } => {
            learn(&scrub, url);
            http::post(url, &chat::mattermost(&lines), &[], way).await
        }
        Receiver::Telegram { api, token, chat } => {
            let base = api.expose_secret().trim_end_matches('/');
            let url = SecretString::from(format!("{base}/bot{}/sendMessage", token.expose_secret()));
            learn(&scrub, &url);
            scrub.learn(token.expose_secret());
            http::post(&url, &chat::telegram(chat, &lines), &[], way).await
        }
        Receiver::Email { from, to, sendmail } => {
            let mail = mail::message(from, to, &report::news_title(news), &lines);
            match mail {
                Ok(mail) => mail::send(sendmail.clone(), mail).await,
                Err(why) => Err(why),
            }
        }
    };
    sent.map_err(|why| scrub.clean(&why))
}

/// An address is a secret as a whole and in its telling parts: the host, and what follows it.
fn learn(scrub: &Scrub, url: &SecretString) {
    let url = url.expose_secret().trim();
    scrub.learn(url);
    let Some((_, rest)) = url.split_once("://") else { return };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    scrub.learn(authority);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    scrub.learn(host.rsplit_once(':').map_or(host, |(host, _)| host));
    path.split(['/', '?', '&']).filter(|part| part.len() > 7).for_each(|part| scrub.learn(part));
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{chat, mail};
    use crate::{
        language::{Language, speaking},
        news::{Difference, How, News},
        plan::ObjectRef,
        report::{news_lines, news_title, tests::samples::HOSTILE},
    };

    /// News in which everything that a panel says is `text`.
    fn news(text: &str) -> News {
        let one = |how| Difference {
            how,
            object: ObjectRef { kind: text.to_owned(), key: text.to_owned() },
            field: Some(text.to_owned()),
            panel: Some(text.to_owned()),
            configuration: Some(text.to_owned()),
            first_seen: text.to_owned(),
        };
        News {
            format_version: "1.0".to_owned(),
            tool_version: "0".to_owned(),
            panel: text.to_owned(),
            at: "2026-11-20T10:00:00Z".to_owned(),
            new: [How::Different, How::Missing, How::NotConfigured, How::Replaced, How::Unmanaged]
                .map(one)
                .into(),
            resolved: vec![one(How::Different)],
            open: 5,
        }
    }

    fn hostile() -> Vec<String> {
        let mut all: Vec<String> = HOSTILE.map(str::to_owned).into();
        all.extend([
            "<!channel> <@U1> <https://evil.example|x>".to_owned(),
            "\r\nBcc: evil@example.com\r\n\r\n.\r\n".to_owned(),
            "@all @channel @here @user_name /command".to_owned(),
            "</script>\u{202e}\n```".repeat(1_000),
        ]);
        all
    }

    fn text(message: &Value) -> &str {
        message["text"].as_str().unwrap()
    }

    #[test]
    fn nothing_breaks_out_of_a_message() {
        for language in [Language::English, Language::Russian] {
            let all =
                || hostile().iter().map(|bad| speaking(language, || said(&news(bad)))).collect::<Vec<_>>();
            let honest = speaking(language, || said(&news("honest")));
            for (messages, bad) in all().iter().zip(hostile()) {
                // As many lines as with honest names: none is added, and none hides another.
                let lines =
                    |said: &[String; 4]| said.iter().map(|text| text.lines().count()).collect::<Vec<_>>();
                assert_eq!(lines(messages)[..3], lines(&honest)[..3], "{bad:?}");
                for message in messages {
                    let hidden =
                        |ch: char| ch != '\n' && ch.is_control() || ch == '\u{202e}' || ch == '\u{200b}';
                    assert!(!message.contains(hidden), "{message}");
                }
            }
        }
    }

    /// The texts of all messages, and the head of the mail; each is held against what its receiver obeys.
    fn said(news: &News) -> [String; 4] {
        let lines = news_lines(news);
        let slack = chat::slack(&lines);
        assert!(!text(&slack).contains(['<', '>']) && slack["mrkdwn"] == false, "{slack}");
        let mattermost = chat::mattermost(&lines);
        let inner = text(&mattermost).strip_prefix("```\n").and_then(|text| text.strip_suffix("\n```"));
        assert!(!inner.unwrap().contains('`'), "{mattermost}");
        let telegram = chat::telegram("-1", &lines);
        assert_eq!(telegram["entities"][0]["length"], text(&telegram).encode_utf16().count());
        assert!(telegram["parse_mode"].is_null());
        let mail = mail::message("a@example.com", "b@example.com", &news_title(news), &lines).unwrap();
        assert!(mail.is_ascii() && mail.lines().all(|line| line.len() <= 78), "{mail}");
        let (head, _) = mail.split_once("\n\n").unwrap();
        let names: Vec<&str> = head
            .lines()
            .filter(|line| !line.starts_with(' '))
            .filter_map(|line| line.split(':').next())
            .collect();
        assert_eq!(
            names,
            [
                "From",
                "To",
                "Subject",
                "Date",
                "Message-ID",
                "MIME-Version",
                "Content-Type",
                "Content-Transfer-Encoding",
                "Auto-Submitted"
            ]
        );
        [text(&slack).to_owned(), text(&mattermost).to_owned(), text(&telegram).to_owned(), head.to_owned()]
    }

    #[test]
    fn news_are_told_in_russian() {
        speaking(Language::Russian, || {
            let mut news = news("vds");
            news.new.truncate(1);
            news.new[0].panel = Some("yes".to_owned());
            news.new[0].configuration = Some("no".to_owned());
            "2026-11-20T10:00:00Z".clone_into(&mut news.resolved[0].first_seen);
            assert_eq!(news_title(&news), "Расхождения на vds: новых 1, устранено 1; всего 5 расхождений");
            assert_eq!(
                news_lines(&news)[1..],
                [
                    "Новые:",
                    "  ~ vds vds vds: на панели да, в конфигурации нет",
                    "Снова как в конфигурации:",
                    "  vds vds vds, впервые замечено 2026-11-20T10:00:00Z"
                ]
            );
            let more = text(&chat::telegram("-1", &vec!["x".repeat(100); 100])).to_owned();
            assert!(more.ends_with("\n... и ещё 60 строк: см. 'billform drift'."), "{more}");
        });
    }
}
