//! Parameters of a processor (5): among them, on a licence module, the period mapping.
//!
//! The functions, `plid`, `elid` and the columns are on record. The key of the mapping and every
//! field behind it are not: the dialect names them, under the labels of the vendor's guide.

use super::super::core::Cx;
use super::super::dialect::ParentParam;
use super::super::entity::{Draft, Entity, Parent, Shown, column, name_label};
use super::super::form::{Choice, Control, Field};
use super::super::label::{Label, Lang, label};
use super::super::refusal::Refusal;
use super::super::store::{Row, Store, cell, row};
use super::modules::{self, Kind};
use super::prices::period_options;
use super::{optional, product_types};

/// A parameter a module declares.
struct Param {
    key: String,
    label: Label,
    /// Created with the processor; may be edited only.
    fixed: bool,
    mapping: bool,
}

fn params(cx: &Cx<'_>, processor: &str) -> Vec<Param> {
    let module = cx.store.lookup("processing", processor, "module").to_owned();
    let licence = modules::kind(cx.dialect, &module) == Kind::Licence;
    let mut params = vec![Param {
        key: limit_key(&module, &cx.dialect.limit_param),
        label: label("Running operation limit", "Ограничение выполняющихся операций"),
        fixed: true,
        mapping: false,
    }];
    if let Some(decoy) = cx.dialect.decoy_param.as_ref().filter(|_| licence) {
        params.push(Param {
            key: decoy.clone(),
            label: label("Grace period, days", "Льготный период, дней"),
            fixed: false,
            mapping: false,
        });
    }
    if licence {
        params.push(Param {
            key: cx.dialect.mapping_param.clone(),
            label: label("Periods comparison", "Сопоставление периодов"),
            fixed: false,
            mapping: true,
        });
    } else {
        params.push(Param {
            key: format!("{module}Reserve"),
            label: label("Reserved addresses", "Зарезервированные адреса"),
            fixed: false,
            mapping: false,
        });
    }
    params
}

/// Only VMmanager's key is on record.
fn limit_key(module: &str, other: &str) -> String {
    match module {
        "pmvmmgr" => "pmvmmgrCheckMaxOpenOp".to_owned(),
        module => format!("{module}{other}"),
    }
}

pub(crate) fn entity() -> Entity {
    let columns = vec![
        column("id", "Id", "Код"),
        column("param", "Parameter", "Параметр"),
        column("value", "Value", "Значение"),
    ];
    let mut entity = Entity::new("customparam", label("Parameters", "Параметры"), columns);
    entity.list = "processing.customparam".to_owned();
    let mut entity = entity.editable().deletable();
    entity.parent =
        Some(Parent { table: "processing", column: "processing", param: ParentParam::Elid, above: None });
    entity.cells = |cx, _, row| {
        let key = cell(row, "param");
        let params = params(cx, cell(row, "processing"));
        let param = params.iter().find(|param| param.key == key);
        let text = param.map_or(key, |param| param.label.get(cx.lang));
        vec![Shown::translated(text, key), Shown::plain(summary(cx, row))]
    };
    entity.fields = fields;
    entity.check = check;
    entity.saved = |cx, id, _| prune(cx, id);
    entity.removable = |cx, id| {
        let row = cx.store.row("customparam", id).cloned().unwrap_or_default();
        let params = params(cx, cell(&row, "processing"));
        let fixed = params.iter().any(|param| param.fixed && param.key == cell(&row, "param"));
        if fixed {
            let owner = label("the processing module", "модуле обработки");
            return Err(Refusal::in_use(cx.dialect.kind_in_use, "customparam", id, &owner));
        }
        Ok(())
    };
    entity
}

fn is_mapping(cx: &Cx<'_>, param: &str) -> bool {
    param == cx.dialect.mapping_param
}

fn fields(cx: &Cx<'_>, draft: &Draft) -> Vec<Field> {
    let params = params(cx, draft.get("processing"));
    let chosen = match draft.get("param") {
        "" => params.first().map_or("", |param| param.key.as_str()),
        chosen => chosen,
    };
    let mapped = is_mapping(cx, chosen);
    let choices = params.iter().map(|param| Choice::new(&param.key, param.label.clone()));
    let caption = label("Parameter", "Параметр");
    let mut select = Field::select("param", "param", caption, choices.collect())
        .default(params.first().map_or("", |param| param.key.as_str()))
        .required()
        .readonly_if(draft.id.is_some())
        .setvalues();
    let upfront = cx.dialect.mapping_upfront && params.iter().any(|param| param.mapping);
    let mut fields = Vec::new();
    if mapped || upfront {
        let mapping = mapping_fields(cx, mapped);
        hide_for_others(&mut select, &params, &mapping, true);
        fields.extend(mapping);
    }
    if !mapped || upfront {
        let value = Field::new("value", "value", Control::Text, label("Value", "Значение"));
        hide_for_others(&mut select, &params, std::slice::from_ref(&value), false);
        fields.push(if mapped { value } else { value.required() });
    }
    fields.insert(0, select);
    fields
}

/// Lists under which parameters the fields are not shown (`if value= hide=`, 1.5.2).
fn hide_for_others(select: &mut Field, params: &[Param], fields: &[Field], mapping: bool) {
    for param in params.iter().filter(|param| param.mapping != mapping) {
        for field in fields {
            select.hides.push((param.key.clone(), field.name.clone()));
        }
    }
}

fn mapping_fields(cx: &Cx<'_>, required: bool) -> Vec<Field> {
    let names = cx.dialect;
    let period = |name: &str, key: &str, caption: Label| {
        let mut field = Field::select(name, key, caption, period_options()).default("1");
        field.required = required;
        field
    };
    let tariffs = cx
        .store
        .rows("pricelist")
        .map(|(id, row)| Choice::new(id.to_string(), name_label(row)).under(cell(row, "itemtype")));
    let bind_label = label("Bind to a tariff plan", "Привязать к тарифу");
    let mut bind = Field::flag(&names.bind, "bind", bind_label);
    for hidden in [&names.bind_type, &names.bind_tariff] {
        bind.hides.push(("off".to_owned(), hidden.clone()));
    }
    vec![
        period(&names.source_period, "source", label("Source period", "Исходный период")),
        period(&names.target_period, "target", label("Replace with", "Заменить на")).fickle(),
        bind,
        Field::select(
            &names.bind_type,
            "itemtype",
            label("Product type", "Тип продукта"),
            optional(product_types(cx)),
        )
        .default("null")
        .setvalues(),
        Field::select(
            &names.bind_tariff,
            "tariff",
            label("Tariff plan", "Тарифный план"),
            optional(tariffs.collect()),
        )
        .default("null")
        .depend(&names.bind_type),
    ]
}

fn check(cx: &Cx<'_>, draft: &Draft) -> Result<(), Refusal> {
    let key = draft.get("param");
    let mapped = is_mapping(cx, key);
    if mapped && draft.get("bind") == "on" && matches!(draft.get("tariff"), "" | "null") {
        return Err(Refusal::value(&cx.dialect.bind_tariff, ""));
    }
    let same = |row: &Row| {
        let columns: &[&str] = if mapped { &["source"] } else { &[] };
        cell(row, "processing") == draft.get("processing")
            && cell(row, "param") == key
            && columns.iter().all(|column| cell(row, column) == draft.get(column))
            && (!mapped || tie(row) == tie(&draft.row))
    };
    let taken = cx.store.rows("customparam").any(|(id, row)| Some(id) != draft.id && same(row));
    if taken {
        let field = if mapped { cx.dialect.source_period.as_str() } else { "param" };
        return Err(Refusal::exists(field, draft.get("source")));
    }
    Ok(())
}

/// The tariff plan a mapping is bound to, empty when it is not.
fn tie(row: &Row) -> &str {
    if cell(row, "bind") == "on" { cell(row, "tariff") } else { "" }
}

/// Drops what belongs to another parameter than the chosen one.
fn prune(cx: &mut Cx<'_>, id: u64) {
    let Some(mut row) = cx.store.row("customparam", id).cloned() else {
        return;
    };
    if is_mapping(cx, cell(&row, "param")) {
        row.remove("value");
        if cell(&row, "bind") != "on" {
            row.insert("itemtype".to_owned(), "null".to_owned());
            row.insert("tariff".to_owned(), "null".to_owned());
        }
    } else {
        row.retain(|key, _| matches!(key.as_str(), "processing" | "param" | "value"));
    }
    cx.store.put("customparam", id, row);
}

/// The display text of the list's value column.
fn summary(cx: &Cx<'_>, row: &Row) -> String {
    if !is_mapping(cx, cell(row, "param")) {
        return cell(row, "value").to_owned();
    }
    let name = |key: &str| {
        let options = period_options();
        let found = options.iter().find(|option| option.key == cell(row, key));
        found.map_or_else(String::new, |option| option.label.get(cx.lang).to_owned())
    };
    let mut text = format!("{} → {}", name("source"), name("target"));
    if cell(row, "bind") == "on" {
        let plan = cx.store.lookup("pricelist", cell(row, "tariff"), "name");
        let word = if cx.lang == Lang::Ru { "тариф" } else { "tariff plan" };
        text = format!("{text} ({word} {plan})");
    }
    text
}

/// The rows a module makes when its processor is created: foreign to any client.
pub(crate) fn create_fixed(store: &mut Store, limit: &str, processor: u64, module: &str) {
    let key = limit_key(module, limit);
    let owner = processor.to_string();
    store.insert("customparam", row([("processing", &owner), ("param", &key), ("value", "5")]));
}
