//! What was done to tariff plans: a list that nobody writes through the API.

use super::super::dialect::ParentParam;
use super::super::entity::{Entity, Parent, Shown, column};
use super::super::label::label;
use super::super::store::cell;

pub(crate) fn entity() -> Entity {
    let columns = vec![
        column("id", "Id", "Код"),
        column("date", "Date", "Дата"),
        column("description", "Description", "Описание"),
        column("user", "User", "Пользователь"),
        column("ip", "IP-address", "IP-адрес"),
        column("function", "Function", "Функция"),
    ];
    let title = label("History", "История");
    let mut entity = Entity::new("pricelist_history", title, columns);
    entity.list = "pricelist.history".to_owned();
    entity.parent =
        Some(Parent { table: "pricelist", column: "pricelist", param: ParentParam::Elid, above: None });
    entity.cells = |_, _, row| {
        let shown = |key: &str| Shown::plain(cell(row, key));
        ["date", "description", "user", "ip", "function"].into_iter().map(shown).collect()
    };
    entity
}
