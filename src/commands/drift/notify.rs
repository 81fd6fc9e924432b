//! Who is told the news, and that somebody could not be.

use std::time::Duration;

use secrecy::SecretString;

use super::{super::secret, REPORT};
use crate::{
    cli::Drift,
    kinds::NotifySpec,
    language::t,
    model::SecretSource,
    net::Way,
    news::Memory,
    notify::{self, Receiver},
    terminal::Terminal,
};

/// Where the bots of Telegram are: <https://core.telegram.org/bots/api#making-requests>.
const TELEGRAM: &str = "https://api.telegram.org";
const UNDELIVERED: &str = "notify::undelivered";
const SENDMAIL: &str = "/usr/sbin/sendmail";
/// The longest one receiver is waited for.
const PATIENCE: u16 = 20;

type Named<'a> = (String, Box<dyn Fn() -> Result<Receiver, String> + 'a>);

/// The receivers by the names that memories go by, like `slack/chat`. What they need is read when it is needed.
fn receivers(spec: &NotifySpec) -> Vec<Named<'_>> {
    let mut all: Vec<Named<'_>> = Vec::new();
    for (name, hook) in &spec.webhooks {
        let receiver =
            || Ok(Receiver::Webhook { url: read(&hook.secret_url)?, secret: read(&hook.signing_secret)? });
        all.push((format!("webhooks/{name}"), Box::new(receiver)));
    }
    for (name, chat) in &spec.slack {
        all.push((
            format!("slack/{name}"),
            Box::new(|| Ok(Receiver::Slack { url: read(&chat.secret_url)? })),
        ));
    }
    for (name, chat) in &spec.mattermost {
        let receiver = || Ok(Receiver::Mattermost { url: read(&chat.secret_url)? });
        all.push((format!("mattermost/{name}"), Box::new(receiver)));
    }
    for (name, bot) in &spec.telegram {
        let receiver = || {
            let api = bot.api.as_ref().map_or_else(|| Ok(SecretString::from(TELEGRAM)), read)?;
            Ok(Receiver::Telegram { api, token: read(&bot.token)?, chat: bot.chat.as_str().to_owned() })
        };
        all.push((format!("telegram/{name}"), Box::new(receiver)));
    }
    for (name, mail) in &spec.email {
        let receiver = || {
            let sendmail = mail.sendmail.as_ref().map_or(SENDMAIL, |program| program.as_str());
            let text = [mail.from.as_str(), mail.to.as_str(), sendmail].map(str::to_owned);
            let [from, to, sendmail] = text;
            Ok(Receiver::Email { from, to, sendmail })
        };
        all.push((format!("email/{name}"), Box::new(receiver)));
    }
    all
}

fn read(source: &SecretSource) -> Result<SecretString, String> {
    secret::read(source)
}

/// The names of all that are told anything.
pub(super) fn names(spec: &NotifySpec) -> Vec<String> {
    let receivers = receivers(spec).into_iter().map(|(name, _)| name);
    receivers.chain([REPORT.to_owned()]).collect()
}

/// Tells each receiver what it does not know. Who cannot be told is told next time; how the run ends does not
/// depend on it.
pub(super) async fn all(
    terminal: &Terminal,
    args: &Drift,
    spec: &NotifySpec,
    memory: &mut Memory,
    (url, now): (&str, &str),
) {
    let link = &args.panel.link;
    let way = Way {
        connect_timeout: Duration::from_secs(u64::from(link.connect_timeout)),
        timeout: Duration::from_secs(u64::from(link.timeout.min(PATIENCE))),
        proxy: link.proxy.as_deref(),
        ca_file: link.ca_file.as_ref(),
    };
    for (name, receiver) in receivers(spec) {
        let news = memory.news(&name, url, now);
        if news.is_empty() {
            continue;
        }
        let sent = match receiver() {
            Ok(receiver) => notify::send(&receiver, &news, &way).await,
            Err(why) => Err(why),
        };
        match sent {
            Ok(()) => memory.told(&name),
            Err(why) => terminal.complain(&t!(
                "warning: the news did not reach {name}: {why}; it is tried again next time ({code})",
                name = name,
                why = why,
                code = UNDELIVERED
            )),
        }
    }
}
