//! Who is told of drift. Addresses and tokens are secrets: whoever has one can write there. Their fields are
//! named so that `source` hides what somebody writes there in clear.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Name, SecretSource};

/// Who is told the news of `drift --news --notify`, each by a name of your own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "Receivers of news")]
pub(crate) struct NotifySpec {
    /// Programs that take the news as JSON.
    pub(crate) webhooks: BTreeMap<Name, WebhookSpec>,
    /// Incoming webhooks of Slack.
    pub(crate) slack: BTreeMap<Name, ChatSpec>,
    /// Incoming webhooks of Mattermost.
    pub(crate) mattermost: BTreeMap<Name, ChatSpec>,
    /// Chats that a bot of Telegram writes to.
    pub(crate) telegram: BTreeMap<Name, TelegramSpec>,
    /// Mails, sent through this machine's `sendmail`.
    pub(crate) email: BTreeMap<Name, EmailSpec>,
}

/// A program that takes the news as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Webhook")]
pub(crate) struct WebhookSpec {
    /// Where its address is kept.
    pub(crate) secret_url: SecretSource,
    /// Where the secret is kept that messages are signed with, so that the receiver knows whose they are.
    pub(crate) signing_secret: SecretSource,
}

/// A chat behind an incoming webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Chat")]
pub(crate) struct ChatSpec {
    /// Where the address of the webhook is kept.
    pub(crate) secret_url: SecretSource,
}

/// A chat that a bot of Telegram writes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Telegram chat")]
pub(crate) struct TelegramSpec {
    /// Where the token of the bot is kept.
    pub(crate) token: SecretSource,
    /// The chat: its number, in quotes, or `@` and the name of a channel.
    #[schemars(example = "-1001234567890")]
    pub(crate) chat: Name,
    /// Where the address of a Bot API server of your own is kept; Telegram's when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) api: Option<SecretSource>,
}

/// A mail through `sendmail`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Mail")]
pub(crate) struct EmailSpec {
    /// Address of the sender.
    #[schemars(example = "billform@example.com")]
    pub(crate) from: Name,
    /// Address of the reader.
    #[schemars(example = "billing@example.com")]
    pub(crate) to: Name,
    /// The program that takes the mail; `/usr/sbin/sendmail` when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sendmail: Option<Name>,
}
