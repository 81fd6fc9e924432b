//! Somebody who changes exactly what a plan is about to change: by chance alone that would be rare.

use super::{
    Rival,
    permit::{Permit, columns, table_of},
    table::Tables,
};
use crate::{
    plan::{Action, Change, FieldChange, Plan, Value},
    sandbox::Hand,
};

impl Rival {
    /// One of the fields that the plan updates, set to what neither the plan nor the panel has.
    pub(super) fn hand(self, plan: &Plan, tables: &Tables) -> Option<Hand> {
        let updates = plan.changes.iter().filter(|change| change.action == Action::Update);
        let all = updates.flat_map(|change| change.fields.iter().map(move |field| (change, field)));
        let hands: Vec<Hand> =
            all.filter_map(|(change, field)| self.edit(plan, tables, change, field)).collect();
        hands.get(usize::from(self.pick).checked_rem(hands.len())?).cloned()
    }

    fn edit(self, plan: &Plan, tables: &Tables, change: &Change, field: &FieldChange) -> Option<Hand> {
        let table = table_of(&change.object.kind);
        let id = match table {
            "item_price" => {
                let permit = Permit { plan, before: tables, after: tables };
                tables.rows(table).map(|(id, _)| id).find(|id| permit.is_price(change, *id))?
            }
            _ => change.id.as_ref()?.parse().ok()?,
        };
        let column = columns(table, &field.field, tables).into_iter().next()?;
        let now = tables.cell(table, id, &column);
        let number = self.value % 8;
        let value = match (field.field.as_str(), field.after.as_ref()?) {
            ("url", _) => format!("https://rival-{number}.example.com/billmgr"),
            ("username" | "name.en" | "name.ru", _) => format!("rival {id} {number}"),
            ("bought", Value::Period(period)) => {
                let wanted = period.panel_id().to_string();
                let all = ["1", "3", "6", "12"].into_iter().filter(|one| *one != now && *one != wanted);
                all.cycle().nth(usize::from(number))?.to_owned()
            }
            ("client_change", _) => {
                let wanted = match field.after.as_ref()?.to_string().as_str() {
                    "allowed" => "off",
                    "forbidden" => "on",
                    _ => "uponly",
                };
                let all = ["on", "off", "uponly"].into_iter().filter(|one| *one != now && *one != wanted);
                all.cycle().nth(usize::from(number))?.to_owned()
            }
            (_, Value::Money(_) | Value::NoPrice) => format!("{}.25", 700 + u32::from(number)),
            _ => return None,
        };
        Some(Hand::Edit { table: table.to_owned(), id, field: column, value })
    }
}
