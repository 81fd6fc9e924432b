//! `whoami` and `menu`.

use super::core::Cx;
use super::document::Element;
use super::entity::Entity;
use super::store::cell;

/// `whoami`, laid out as recorded (7). `account` and `currency` are missing for administrators.
pub(crate) fn whoami(cx: &Cx<'_>) -> Element {
    let login = &cx.login;
    let mut user = Element::new("user")
        .attr("realname", format!("Sandbox {}", login.name))
        .attr("level", login.level.to_string())
        .attr("lang", cx.lang.code())
        .attr("name", &login.name)
        .attr("id", &login.id)
        .attr("email", format!("{}@example.com", login.name));
    if login.level < super::auth::ADMIN_LEVEL {
        let currency = cx.store.rows("currency").next();
        if let Some((id, row)) = currency {
            user = user
                .attr("account", "3")
                .attr("currency", cell(row, "iso"))
                .attr("currency_id", id.to_string());
        }
    }
    let release = |name: &str, version: &str| Element::leaf(name, version).attr("type", "release");
    cx.document("whoami")
        .child(user.attr("timezone", ""))
        .child(
            Element::leaf("path", &login.id).attr("name", &login.name).attr("level", login.level.to_string()),
        )
        .child(Element::leaf("mgr", "billmgr").attr("version", VERSION).attr("dist", "3"))
        .child(
            Element::new("version")
                .attr("mgr", "billmgr")
                .child(release("billmgr", VERSION))
                .child(release("core", "5.389.1-sandbox")),
        )
        .child(cx.tparams())
}

/// The version answered: the recorded one, marked as not real.
const VERSION: &str = "6.94.1-sandbox";

/// The navigation tree. That it exists is on record, its layout is ours.
pub(crate) fn menu(cx: &Cx<'_>, entities: &[Entity]) -> Element {
    let top = entities.iter().filter(|entity| entity.parent.is_none());
    let nodes = top.map(|entity| {
        Element::leaf("node", entity.title.get(cx.lang))
            .attr("name", &entity.list)
            .attr("func", &entity.list)
            .many()
    });
    let root = Element::new("node").attr("name", "mnmain").many().with(nodes);
    cx.document("menu").child(Element::new("menu").child(root)).child(cx.tparams())
}
