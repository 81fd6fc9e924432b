//! Values of an enumeration (3).

use super::super::dialect::Dialect;
use super::super::entity::{Entity, Parent, Shown, column, named};
use super::super::form::{Control, Field, extras};
use super::super::label::label;
use super::super::refusal::Refusal;
use super::super::save::refers;
use super::super::store::cell;
use super::directories::{INTNAME, NAME, NAME_RU, SORTING};
use super::item_price;

pub(crate) fn entity(dialect: &Dialect) -> Entity {
    let mut columns = vec![column("id", "Id", "Код"), column("name", "Name", "Наименование")];
    // The columns are not on record: where the internal name is missing, the form has it.
    if dialect.item_list_intname {
        columns.push(column("intname", "Internal name", "Внутреннее имя"));
    }
    let title = label("Enumeration values", "Значения перечисления");
    let mut entity = Entity::new("enumerationitem", title, columns).editable().deletable();
    entity.parent =
        Some(Parent { table: "enumeration", column: "enumeration", param: dialect.item_parent, above: None });
    entity.cells = |cx, _, row| {
        let mut cells = vec![named(cx, row)];
        if cx.dialect.item_list_intname {
            cells.push(Shown::plain(cell(row, "intname")));
        }
        cells
    };
    entity.fields = |cx, _| {
        let mut fields = vec![
            Field::text("intname", INTNAME).required(),
            Field::text("name", NAME).required(),
            Field::text("name_ru", NAME_RU),
            Field::new("orderpriority", "orderpriority", Control::Number, SORTING).default("10"),
        ];
        fields.extend(extras(cx, "enumerationitem"));
        fields
    };
    entity.check = |cx, draft| {
        let same = |key: &str, row| cell(row, key) == draft.get(key);
        let mut rows = cx.store.rows("enumerationitem");
        let taken =
            rows.any(|(id, row)| Some(id) != draft.id && same("enumeration", row) && same("intname", row));
        if taken {
            return Err(Refusal::exists("intname", draft.get("intname")));
        }
        Ok(())
    };
    entity.saved = |cx, id, created| {
        if created {
            let owner = cx.store.lookup("enumerationitem", &id.to_string(), "enumeration");
            let owner = owner.to_owned();
            for resource in cx.store.ids_where("resource", "enumeration", &owner) {
                item_price::sync(cx.store, cx.dialect, resource);
            }
        }
    };
    entity.removable = |cx, id| {
        if refers(cx, "resource", "enumerationitem", id) {
            let user = label("tariff plans", "тарифных планах");
            return Err(Refusal::in_use(cx.dialect.kind_in_use, "enumerationitem", id, &user));
        }
        Ok(())
    };
    entity.removed = |store, id| {
        store.remove_where("item_price", "enumerationitem", &id.to_string());
    };
    entity
}
