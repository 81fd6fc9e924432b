//! Enumerations (3).

use super::super::entity::{Button, Entity, Shown, column, named};
use super::super::form::{Field, extras};
use super::super::label::label;
use super::super::refusal::Refusal;
use super::super::save::refers;
use super::super::store::cell;
use super::directories::{INTNAME, NAME, NAME_RU, unique};

pub(crate) fn entity() -> Entity {
    let columns = vec![
        column("id", "Id", "Код"),
        column("name", "Name", "Наименование"),
        column("intname", "Internal name", "Внутреннее имя"),
    ];
    let title = label("Enumerations", "Перечисления");
    let mut entity = Entity::new("enumeration", title, columns).editable().deletable();
    entity.buttons.push(Button {
        name: "item".to_owned(),
        func: "enumerationitem".to_owned(),
        kind: "editlist",
        label: label("Values", "Значения"),
    });
    entity.cells = |cx, _, row| vec![named(cx, row), Shown::plain(cell(row, "intname"))];
    entity.fields = |cx, _| {
        let mut fields = vec![
            Field::text("name", NAME).required(),
            Field::text("name_ru", NAME_RU),
            Field::text("intname", INTNAME).required(),
        ];
        fields.extend(extras(cx, "enumeration"));
        fields
    };
    entity.check = |cx, draft| unique(cx, draft, "enumeration", "intname");
    entity.removable = |cx, id| {
        if refers(cx, "resource", "enumeration", id) {
            let user = label("tariff plans", "тарифных планах");
            return Err(Refusal::in_use(cx.dialect.kind_in_use, "enumeration", id, &user));
        }
        Ok(())
    };
    entity.removed = |store, id| store.remove_where("enumerationitem", "enumeration", &id.to_string());
    entity
}
