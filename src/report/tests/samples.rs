//! Plans and outcomes to render, built by hand.

use std::collections::BTreeMap;

use crate::plan::{
    Action, Allowance, Change, FORMAT_VERSION, Fate, FieldChange, Finding, Guard, Ignored, LeftAlone,
    LeftOut, Level, ObjectOutcome, ObjectRef, Origin, Outcome, Plan, ReadProof, Reference, Target, Unmanaged,
    Value,
};

pub(crate) fn text(text: &str) -> Option<Value> {
    Some(Value::Text(text.to_owned()))
}

pub(crate) fn money(amount: &str) -> Option<Value> {
    Some(Value::Money(amount.parse().unwrap()))
}

fn reference(key: &str, id: &str) -> Option<Value> {
    Some(Value::Ref(Reference { kind: "processor".into(), key: key.into(), id: Some(id.into()) }))
}

pub(crate) fn object(kind: &str, key: &str) -> ObjectRef {
    ObjectRef { kind: kind.into(), key: key.into() }
}

pub(super) fn origin(file: &str, line: u32) -> Option<Origin> {
    Some(Origin { file: file.into(), line })
}

/// A price that is made of costs.
fn made(field: FieldChange, formula: &str) -> FieldChange {
    FieldChange { formula: Some(formula.to_owned()), ..field }
}

pub(crate) fn field(name: &str, before: Option<Value>, after: Option<Value>) -> FieldChange {
    FieldChange { field: name.into(), before, after, origin: None, formula: None }
}

pub(crate) fn change(action: Action, kind: &str, key: &str, fields: Vec<FieldChange>) -> Change {
    let id = (action != Action::Create).then(|| "12".to_owned());
    Change {
        action,
        object: object(kind, key),
        id,
        parent: None,
        reason: None,
        origin: None,
        depends_on: vec![],
        goes_with: None,
        fields,
        live: BTreeMap::new(),
    }
}

fn at(mut change: Change, file: &str, line: u32) -> Change {
    change.origin = origin(file, line);
    for (field, line) in change.fields.iter_mut().zip(line + 1..) {
        field.origin = origin(file, line);
    }
    change
}

pub(super) fn because(mut change: Change, reason: &str) -> Change {
    change.reason = Some(reason.to_owned());
    change
}

pub(crate) fn plan(changes: Vec<Change>) -> Plan {
    Plan {
        format_version: FORMAT_VERSION.into(),
        tool_version: "0.1.0".into(),
        target: Some(Target {
            url: "https://bill.example.com/billmgr".into(),
            user: "billform".into(),
            panel_version: Some("6.121.0".into()),
        }),
        summary: Plan::summarise(&changes, 0, 23),
        changes,
        guards: vec![],
        left_alone: vec![],
        left_out: vec![],
        ignored: vec![],
        findings: vec![],
        unmanaged: vec![],
        notes: vec![],
        reads: vec![],
    }
}

/// A plan with something of everything.
pub(crate) fn everything() -> Plan {
    let mut plan = plan(vec![processor_create(), processor_update(), processor_replace()]);
    plan.changes.extend(names());
    plan.changes.extend(prices());
    plan.changes.push(because(
        change(
            Action::Delete,
            "enumeration-item",
            "panel/4601",
            vec![
                field("name.en", text("ISPmanager Business"), None),
                field("name.ru", text("ISPmanager Бизнес"), None),
            ],
        ),
        "not in the configuration, and `prune` covers enumeration items",
    ));
    plan.guards = guards();
    plan.left_alone = left_alone();
    plan.unmanaged = vec![Unmanaged {
        delete: None,
        what: "period-mapping licences/1m".into(),
        why: "the form of the panel has no field for the sold period, and two fields look like it: `period` and `srcperiod`".into(),
        help: "name the field in `dialect: fields: mapping_sold`".into(),
        origin: origin("config/mappings.yaml", 3),
    }];
    plan.notes =
        vec!["`vds-start/3541` has prices of unknown periods (`biennial2`); they are left untouched".into()];
    plan.reads = vec![
        ReadProof { list: "processing".into(), pages: 1, rows: 9, total: Some(9), filter: "none".into() },
        ReadProof {
            list: "enumerationitem (panel)".into(),
            pages: 2,
            rows: 140,
            total: None,
            filter: "none".into(),
        },
    ];
    plan.summary = Plan::summarise(&plan.changes, plan.left_alone.len(), 23);
    plan
}

fn guards() -> Vec<Guard> {
    let item = "panel/4601";
    let deletes = Allowance::Deletes { kind: "enumeration-item".into(), count: 1 };
    let price = Allowance::PriceMove { price: "vds-start/3541".into(), percent: "900".parse().ok() };
    let in_use = Allowance::InUse { object: format!("enumeration-item/{item}") };
    vec![
        Guard::new(
            in_use,
            format!("the plan deletes enumeration-item {item}, which is in use"),
            Some(
                "used by price vds-start/4601, price vds-pro/4601; orders and services cannot be seen".into(),
            ),
        ),
        Guard::new(deletes, "the plan deletes or replaces 1 object of kind enumeration-item".into(), None),
        Guard::new(
            price,
            "the amount of price vds-start/3541 moves far".into(),
            Some("RUB.1m 35.00 -> 350.00, +900 %, 2 digits become 3; the limit is 30 %".into()),
        ),
    ]
}

fn processor_create() -> Change {
    let mut create = change(
        Action::Create,
        "processor",
        "licences",
        vec![
            field("product_type", None, text("soft")),
            field("module", None, text("pmbillmanager")),
            field("url", None, text("https://api.ispsystem.com/manager/billmgr")),
            field("password", None, Some(Value::Secret)),
        ],
    );
    create.depends_on = vec![object("enumeration", "panel")];
    at(create, "config/processors.yaml", 4)
}

fn processor_update() -> Change {
    let update = change(
        Action::Update,
        "processor",
        "vds-msk",
        vec![
            field("licence_server", reference("old-licences", "3"), reference("licences", "7")),
            field(
                "url",
                text("https://api.ispsystem.com/manager/billmgr"),
                text("https://api2.ispsystem.com/manager/billmgr"),
            ),
            field("password", None, Some(Value::Secret)),
            field("active", Some(Value::Flag(false)), Some(Value::Flag(true))),
        ],
    );
    at(update, "config/processors.yaml", 12)
}

fn processor_replace() -> Change {
    let replace = change(
        Action::Replace,
        "processor",
        "vds-spb",
        vec![field("module", text("pmvmmanager"), text("pmvmmanager6"))],
    );
    at(because(replace, "the module of a processor cannot be changed in place"), "config/processors.yaml", 21)
}

fn names() -> Vec<Change> {
    let update = change(
        Action::Update,
        "enumeration",
        "panel",
        vec![
            field("name.en", text("Server control panel"), text("Server panel")),
            field(
                "name.ru",
                text("Панель управления сервером для клиентов хостинга и их администраторов"),
                text("Панель управления виртуальным сервером для клиентов хостинга и администраторов"),
            ),
        ],
    );
    let spelling = change(
        Action::Update,
        "enumeration-item",
        "panel/3541",
        vec![field("name.en", text("ISPmаnager Lite"), text("ISPmanager Lite"))],
    );
    vec![at(update, "config/panel.yaml", 2), at(spelling, "config/panel.yaml", 9)]
}

fn prices() -> Vec<Change> {
    let update = change(
        Action::Update,
        "item-price",
        "vds-start/3541",
        vec![
            field("offered", Some(Value::Flag(false)), Some(Value::Flag(true))),
            field("RUB.12m", money("3500"), money("4000")),
            made(
                field("RUB.1m", money("350"), money("400")),
                "2500.00 / 12 + 90 % -> 400.00, rounded up to a multiple of 10.00",
            ),
            field("RUB.24m", Some(Value::NoPrice), money("7000")),
            field("EUR.1m", money("4.50"), money("3.90")),
        ],
    );
    let create = change(
        Action::Create,
        "item-price",
        "vds-start/4601",
        vec![field("RUB.1m", None, money("900")), field("RUB.12m", None, money("9000"))],
    );
    vec![at(update, "config/prices.yaml", 5), at(create, "config/prices.yaml", 14)]
}

pub(super) fn left_alone() -> Vec<LeftAlone> {
    let item = |number: u32| LeftAlone {
        object: object("enumeration-item", &format!("os/{number}")),
        id: number.to_string(),
    };
    let mut all: Vec<LeftAlone> = (1..=12).rev().map(item).collect();
    all.push(LeftAlone { object: object("processor", "dci-старый"), id: "2".into() });
    all
}

/// As many changes as a large panel may need, with many words.
pub(super) fn many(count: u32) -> Plan {
    let one = |number: u32| {
        let fields = vec![
            field(
                "name.ru",
                text(&format!("Тариф номер {number} старый")),
                text(&format!("Тариф номер {number} новый")),
            ),
            field("RUB.1m", money(&number.to_string()), money(&(number + 1).to_string())),
        ];
        match number % 4 {
            0 => because(
                change(Action::Delete, "enumeration-item", &format!("panel/{number}"), fields),
                "not in the configuration",
            ),
            1 => at(
                change(Action::Update, "item-price", &format!("vds/{number}"), fields),
                "prices.yaml",
                number,
            ),
            2 => at(
                change(Action::Create, "enumeration-item", &format!("new/{number}"), fields[..1].to_vec()),
                "items.yaml",
                number,
            ),
            _ => at(
                change(Action::Update, "processor", &format!("p/{number}"), fields[..1].to_vec()),
                "p.yaml",
                number,
            ),
        }
    };
    plan((0..count).map(one).collect())
}

/// Names that try to be more than names.
pub(crate) const HOSTILE: [&str; 20] = [
    "\u{1b}[2J\u{1b}[1;1HNo changes.",
    "\u{1b}]8;;https://evil.example\u{7}click\u{1b}]8;;\u{7}",
    "two\nlines\r\nand\ttabs",
    "\u{202e}drawkcab\u{2066}\u{200f}",
    "`code` ``` fence",
    "pipe | pipe \\| pipe",
    "</details></summary><script>alert(1)</script><!--",
    "# heading [link](https://evil.example) ![image](x) **bold** @everyone #1",
    "zero\u{200b}width\u{feff}\u{ad}",
    "\u{9b}31mC1\u{85}",
    "",
    " -> ",
    "--> <!-- -->",
    "https://evil.example www.evil.example ftp://evil.example me@evil.example",
    "<img src=x onerror=alert(1)>&lt;b&gt; &#60;i&#62;",
    "\" onmouseover=\"alert(1)",
    "' style='position:fixed",
    "]]> --!> <![CDATA[ <?php",
    "--- \n\n    code\n\n- [ ] task [^1]",
    "!12 %3 ~bug &4 $5 ^6 :100:",
];

/// A plan in which every text is hostile.
pub(super) fn hostile(bad: &str) -> Plan {
    let fields = vec![
        field(bad, text(bad), text(&format!("{bad}!"))),
        made(field(&format!("RUB.{bad}"), money("1"), money("2")), bad),
        field("note", text(&format!("before {bad} after")), text("quite another thing than before")),
    ];
    let of = |action: Action, key: &str| {
        let mut one = change(action, bad, key, fields.clone());
        one.id = Some(bad.to_owned());
        one.depends_on = vec![object(bad, bad)];
        at(because(one, bad), bad, 1)
    };
    let mut plan = plan(vec![
        of(Action::Create, bad),
        of(Action::Update, &format!("{bad}/{bad}")),
        of(Action::Replace, bad),
        of(Action::Delete, bad),
    ]);
    plan.target = Some(Target { url: bad.into(), user: bad.into(), panel_version: Some(bad.into()) });
    let protected = Allowance::Protected { object: bad.into() };
    plan.guards = vec![
        Guard::new(protected, bad.into(), Some(bad.into())),
        Guard { code: bad.into(), ..Guard::new(Allowance::Empty { list: bad.into() }, bad.into(), None) },
    ];
    plan.left_alone = vec![LeftAlone { object: object(bad, bad), id: bad.into() }];
    plan.unmanaged = vec![Unmanaged {
        what: bad.into(),
        delete: None,
        why: bad.into(),
        help: bad.into(),
        origin: origin(bad, 1),
    }];
    plan.notes = vec![bad.into()];
    plan.reads = vec![ReadProof { list: bad.into(), pages: 1, rows: 1, total: None, filter: bad.into() }];
    plan.tool_version = bad.into();
    plan
}

/// The same with what plans have more rarely.
pub(super) fn hostile_throughout(bad: &str) -> Plan {
    let mut plan = hostile(bad);
    let object = object(bad, bad);
    plan.left_out = vec![LeftOut { action: Action::Create, object: object.clone(), why: bad.into() }];
    plan.ignored = vec![Ignored {
        action: Action::Update,
        object,
        fields: vec![field(bad, text(bad), text(&format!("{bad}!"))), field(bad, None, text(bad))],
        rule: bad.into(),
        reason: bad.into(),
        until: "2027-01-31".parse().unwrap(),
    }];
    plan.findings = vec![Finding {
        code: bad.into(),
        level: Level::Warning,
        message: bad.into(),
        arithmetic: Some(bad.into()),
        cure: bad.into(),
        rule: None,
        pointer: bad.into(),
        origin: origin(bad, 1),
        waived: None,
    }];
    plan.summary.left_out = 1;
    plan.summary.ignored = 1;
    plan
}

/// A plan with something of everything, whose sentences are in Russian as they come in a Russian run.
pub(super) fn russian() -> Plan {
    let mut plan = everything();
    let why = "так сказано в образце";
    for change in &mut plan.changes {
        change.reason = change.reason.as_ref().map(|_| why.to_owned());
        change
            .fields
            .iter_mut()
            .for_each(|field| field.formula = field.formula.as_ref().map(|_| why.to_owned()));
    }
    for guard in &mut plan.guards {
        guard.message = "план заходит далеко".to_owned();
        guard.arithmetic = guard.arithmetic.as_ref().map(|_| "3 из 4, предел 2".to_owned());
    }
    for part in &mut plan.unmanaged {
        (part.why, part.help) = (why.to_owned(), "назовите поле в конфигурации".to_owned());
    }
    plan.notes = vec!["цены неизвестных периодов не затронуты".to_owned()];
    let left = object("enumeration-item", "os/14");
    plan.left_out = vec![LeftOut { action: Action::Create, object: left, why: why.to_owned() }];
    plan.ignored = vec![Ignored {
        action: Action::Update,
        object: object("item-price", "vds-pro/3541"),
        fields: vec![
            field("RUB.12m", money("390"), money("350")),
            field("offered", None, Some(Value::Flag(true))),
        ],
        rule: "price vds-pro".to_owned(),
        reason: "акция до конца января".to_owned(),
        until: "2027-01-31".parse().unwrap(),
    }];
    let finding = |level| Finding {
        code: "check::L06".to_owned(),
        level,
        message: "маржа отрицательна".to_owned(),
        arithmetic: Some("350.00 - 400.00 = -50.00".to_owned()),
        cure: "поднимите цену".to_owned(),
        rule: None,
        pointer: String::new(),
        origin: None,
        waived: None,
    };
    plan.findings = [Level::Error, Level::Warning, Level::Note].map(finding).to_vec();
    plan.summary = Plan::summarise(&plan.changes, plan.left_alone.len(), 23);
    plan.summary.left_out = 1;
    plan.summary.ignored = 1;
    plan
}

/// Outcomes whose sentences are in Russian as they come in a Russian run.
pub(super) fn russian_outcome() -> Outcome {
    let mut outcome = outcome();
    for result in &mut outcome.results {
        match &mut result.fate {
            Fate::Done => {}
            Fate::Skipped { because } => "зависит от объекта с ошибкой".clone_into(because),
            Fate::Failed { message, help, .. } => {
                "панель отвергла запись".clone_into(message);
                *help = help.as_ref().map(|_| "посмотрите пределы в панели".to_owned());
            }
        }
    }
    outcome
}

pub(super) fn outcome() -> Outcome {
    let failed = Fate::Failed {
        code: "panel::rejected".into(),
        message: "the panel refused the write: the field `price` has a wrong value".into(),
        help: Some("look at the limits of the tariff plan in the panel".into()),
        in_doubt: false,
    };
    let doubtful = Fate::Failed {
        code: "panel::timeout".into(),
        message: "no answer within 30 s".into(),
        help: None,
        in_doubt: true,
    };
    let skipped = Fate::Skipped { because: "it depends on item-price vds-start/3541, which failed".into() };
    outcome_of(vec![
        result(Action::Create, "processor", "licences", Fate::Done),
        result(Action::Replace, "processor", "vds-spb", doubtful),
        result(Action::Update, "item-price", "vds-start/3541", failed),
        result(Action::Update, "period-mapping", "licences/1m", skipped),
        result(Action::Delete, "enumeration-item", "panel/4601", Fate::Done),
    ])
}

pub(super) fn result(action: Action, kind: &str, key: &str, fate: Fate) -> ObjectOutcome {
    ObjectOutcome { action, object: object(kind, key), id: Some("7".into()), fate }
}

pub(super) fn outcome_of(results: Vec<ObjectOutcome>) -> Outcome {
    Outcome { format_version: FORMAT_VERSION.into(), results }
}

pub(super) fn hostile_outcome(bad: &str, in_doubt: bool) -> Outcome {
    let failed = Fate::Failed { code: bad.into(), message: bad.into(), help: Some(bad.into()), in_doubt };
    outcome_of(vec![
        result(Action::Create, bad, bad, Fate::Done),
        result(Action::Delete, bad, bad, Fate::Skipped { because: bad.into() }),
        result(Action::Update, bad, bad, failed),
    ])
}
