//! Reading. Cannot change anything: `sok` is never sent and action functions are refused.

use super::failure::Failure;
use super::link::{Call, Shared};
use super::list::{Listing, incomplete};
use super::trouble::Intent;
use crate::{
    language::t,
    wire::{Answer, Form, Node, Param},
};

/// Reads a panel.
#[derive(Clone)]
pub(crate) struct Reader {
    link: Shared,
    lang: String,
}

/// Who the panel thinks we are. Administrators may lack account and currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Whoami {
    pub(crate) user: String,
    /// 30 is internal, 29 an administrator, 16 a client.
    pub(crate) level: Option<u32>,
    pub(crate) version: Option<String>,
    /// `billmgr`, unless the address belongs to another panel of the vendor.
    pub(crate) manager: Option<String>,
    pub(crate) lang: Option<String>,
    pub(crate) currency: Option<String>,
    pub(crate) currency_id: Option<String>,
}

impl Reader {
    pub(super) fn new(link: Shared) -> Self {
        let lang = link.settings().lang.clone();
        Self { link, lang }
    }

    /// A whole list, or a failure; never a part of one.
    pub(crate) async fn list(&self, func: &str, params: &[(&str, &str)]) -> Result<Listing, Failure> {
        let params = self.harmless(func, params)?;
        self.link.list(func, &self.lang, &params).await
    }

    /// A form as the panel shows it. The form's function may differ from the one called.
    pub(crate) async fn form(&self, func: &str, params: &[(&str, &str)]) -> Result<Form, Failure> {
        let answer = self.answer(func, params).await?;
        answer.form().ok_or_else(|| incomplete(func, t!("it is not a form")))
    }

    /// Whatever the panel answers, errors apart.
    pub(crate) async fn answer(&self, func: &str, params: &[(&str, &str)]) -> Result<Answer, Failure> {
        let params = self.harmless(func, params)?;
        let call = Call { func, lang: &self.lang, params: &params, intent: Intent::Read };
        self.link.call(&call).await
    }

    /// Who we are, at which access level, on which version.
    pub(crate) async fn whoami(&self) -> Result<Whoami, Failure> {
        let answer = self.answer("whoami", &[]).await?;
        Whoami::of(answer.root()).ok_or_else(|| incomplete("whoami", t!("it names no user")))
    }

    fn harmless(&self, func: &str, params: &[(&str, &str)]) -> Result<Vec<Param>, Failure> {
        if acts(func) {
            return Err(incomplete(func, t!("it changes the panel and is not called to read")));
        }
        let saving = |name: &str| matches!(name, "sok" | "clicked_button");
        Ok(params.iter().filter(|(name, _)| !saving(name)).map(|&pair| Param::from(pair)).collect())
    }
}

/// Functions that act as soon as they are called, without `sok`.
///
/// Function names are discovered from toolbars; this keeps a strange toolbar from turning a
/// plan into a change.
fn acts(func: &str) -> bool {
    const ACTIONS: [&str; 14] = [
        "delete", "suspend", "resume", "sync", "enable", "disable", "start", "stop", "restart", "on", "off",
        "up", "down", "newkey",
    ];
    // A step of an `add` wizard may be called anything, and saves nothing without `sok`.
    let wizard = func.split('.').any(|part| part == "add");
    !wizard && func.rsplit('.').next().is_some_and(|last| ACTIONS.contains(&last))
}

impl Whoami {
    fn of(doc: &Node) -> Option<Self> {
        let user = doc.child("user")?;
        let own = |name: &str| user.attr(name).filter(|v| !v.is_empty()).map(crate::wire::one_line);
        let manager = doc.child("mgr");
        let version = manager
            .and_then(|m| m.attr("version"))
            .or_else(|| doc.at(&["version", "billmgr"])?.filled())
            .map(crate::wire::one_line);
        Some(Self {
            user: own("name")?,
            level: own("level").and_then(|level| level.parse().ok()),
            version,
            manager: manager.and_then(Node::filled).map(crate::wire::one_line),
            lang: own("lang"),
            currency: own("currency"),
            currency_id: own("currency_id"),
        })
    }
}
