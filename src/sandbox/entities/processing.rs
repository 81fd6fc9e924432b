//! Processing modules (4).

use super::super::core::Cx;
use super::super::dialect::Dialect;
use super::super::entity::{Button, Draft, Entity, Shown, column, named, status, status_column};
use super::super::form::{Choice, Control, Field, extras};
use super::super::label::{Label, label};
use super::super::refusal::Refusal;
use super::super::save::refers;
use super::super::store::cell;
use super::directories::{NAME, SORTING};
use super::modules::{self, Kind};
use super::{customparam, optional, options};

pub(crate) fn entity(dialect: &Dialect) -> Entity {
    let columns = vec![
        column("id", "Id", "Код"),
        column("name", "Name", "Наименование"),
        column("module", "Module", "Модуль"),
        column("datacenter_name", "Data center", "Дата-центр"),
        column("pusage", "Usage", "Использование"),
        column("balance_info", "Balance", "Баланс"),
        column("orderpriority", "Sorting", "Сортировка"),
        status_column(),
    ];
    let title = label("Processing modules", "Обработчики услуг");
    let mut entity = Entity::new("processing", title, columns).deletable().switchable();
    entity.edit = Some("processing.edit".to_owned());
    entity.add = Some("processing.add".to_owned());
    entity.buttons.push(Button {
        name: "customparam".to_owned(),
        func: "processing.customparam".to_owned(),
        kind: "editlist",
        label: label("Parameters", "Параметры"),
    });
    if dialect.wizard_type != "processing.add" && dialect.wizard_nested {
        // Some panels open the first step under its own name.
        entity.add = Some(dialect.wizard_type.clone());
    }
    entity.cells = |cx, _, row| {
        let centre = cx.store.lookup("datacenter", cell(row, "datacenter"), "name");
        vec![
            named(cx, row),
            module_cell(cx, cell(row, "module")),
            Shown::plain(centre),
            Shown::plain(""),
            Shown::plain(""),
            Shown::plain(cell(row, "orderpriority")),
            status(cx, row),
        ]
    };
    entity.fields = fields;
    entity.check = check;
    entity.saved = |cx, id, created| {
        if created {
            let module = cx.store.lookup("processing", &id.to_string(), "module").to_owned();
            customparam::create_fixed(cx.store, &cx.dialect.limit_param, id, &module);
        }
    };
    entity.removable = removable;
    entity.removed = |store, id| store.remove_where("customparam", "processing", &id.to_string());
    entity
}

/// The internal name or the label: which of the two the cell shows is not on record (4.4).
fn module_cell(cx: &Cx<'_>, module: &str) -> Shown {
    let labelled = cx.dialect.module_cell_label || cx.is(super::super::hostile::Hostile::TranslatedCells);
    match modules::find(cx.dialect, module) {
        Some(found) if labelled => Shown::translated(found.label.get(cx.lang), module),
        _ => Shown::plain(module),
    }
}

/// The whole form, which is the last step of the wizard as well.
pub(crate) fn fields(cx: &Cx<'_>, draft: &Draft) -> Vec<Field> {
    let module = draft.get("module");
    let kind = modules::kind(cx.dialect, module);
    let mut fields = settings_fields(cx, draft);
    if kind != Kind::Manual {
        fields.extend(connection_fields(cx, draft));
    }
    if kind == Kind::Server {
        fields.extend(server_fields(cx));
    }
    fields.extend(extras(cx, "processing"));
    fields
}

fn settings_fields(cx: &Cx<'_>, draft: &Draft) -> Vec<Field> {
    let all = modules::all(cx.dialect);
    let all = all.into_iter().map(|module| Choice::new(module.name, module.label));
    let centres = optional(options(cx, "datacenter", |_| true));
    let departments = optional(options(cx, "department", |_| true));
    let balance = label("Minimal balance", "Минимальный баланс");
    vec![
        Field::select("module", "module", label("Module", "Модуль"), all.collect())
            .readonly_if(draft.id.is_some()),
        Field::text("name", NAME).required(),
        Field::select("datacenter", "datacenter", label("Data center", "Дата-центр"), centres)
            .default("null"),
        Field::select(&cx.dialect.department, "department", label("Department", "Отдел"), departments)
            .default("null"),
        Field::new("orderpriority", "orderpriority", Control::Number, SORTING).default("10"),
        Field::new(&cx.dialect.min_balance, "min_balance", Control::Money, balance),
    ]
}

/// URL, user and password under the module's own names.
pub(crate) fn connection_fields(cx: &Cx<'_>, draft: &Draft) -> Vec<Field> {
    let module = draft.get("module");
    let field = |meaning: &str, control: Control, caption: Label| {
        let name = cx.dialect.connection(module, meaning);
        Field::new(name, meaning, control, caption).page("connect")
    };
    let mut password = field("password", Control::Password, label("Password", "Пароль"));
    password.required = draft.id.is_none();
    vec![
        field("url", Control::Text, label("URL", "URL")).required(),
        field("username", Control::Text, label("Username", "Имя пользователя")).required(),
        password,
    ]
}

fn server_fields(cx: &Cx<'_>) -> Vec<Field> {
    let licence = |module: &str| modules::kind(cx.dialect, module) == Kind::Licence;
    let servers = optional(options(cx, "processing", |row| licence(cell(row, "module"))));
    let pools = vec![Choice::unset(), Choice::new("1", label("Main pool", "Основной пул"))];
    vec![
        Field::select(
            &cx.dialect.licence_server,
            "licence_server",
            label("License server", "Сервер лицензий"),
            servers,
        )
        .default("null")
        .fickle()
        .page("methodprops"),
        Field::select("ippool", "ippool", label("Pool", "Пул"), pools).default("null").page("methodprops"),
        Field::flag("use_recipes", "use_recipes", label("Allow recipes", "Разрешить рецепты"))
            .default("on")
            .page("methodprops"),
    ]
}

fn check(cx: &Cx<'_>, draft: &Draft) -> Result<(), Refusal> {
    let module = draft.get("module");
    if modules::find(cx.dialect, module).is_none() {
        return Err(Refusal::value("module", module));
    }
    let url = draft.get("url");
    if !url.is_empty() && !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(Refusal::value(&cx.dialect.connection(module, "url"), url));
    }
    Ok(())
}

fn removable(cx: &Cx<'_>, id: u64) -> Result<(), Refusal> {
    let user = if refers(cx, "pricelist", "processingmodule", id) {
        label("tariff plans", "тарифных планах")
    } else if refers(cx, "processing", "licence_server", id) {
        label("another processing module", "другом обработчике")
    } else {
        return Ok(());
    };
    Err(Refusal::in_use(cx.dialect.kind_in_use, "processing", id, &user))
}
