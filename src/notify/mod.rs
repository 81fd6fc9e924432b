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
