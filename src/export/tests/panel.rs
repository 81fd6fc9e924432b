//! Files about a panel of the sandbox, and what becomes of them when the panel changes.

use std::{path::Path, sync::OnceLock};

use crate::{
    billmgr::{Panel, Settings},
    config::{Config, load_texts},
    dialect::Dialect,
    export::{Trouble, Updated, update, with_names},
    kinds::{self, ConfigSpec, Live, Scope, Site, Snapshot},
    model::Period,
    plan::{Reference, Value},
    reconcile,
    sandbox::{ADMIN, Options, Sandbox, Seed},
};

const PROCESSORS: &str = "\
# Who works for us.
version: 1

processors:
  vm6: # our key
    name: vm6-falkenstein
    product_type: vds
    module: vmmanager6 # an alias
    url: 'https://vm6.hosting.example.com'
    username: billing
    password: {env: VM6_PASSWORD}
    parameters: {use_recipes: true}

  manual: {name: Manual work, product_type: dedic, module: pmauto}
";

const BACKUP: &str = "\
version: 1
enumerations:
  backup:
    name: {en: Backup depth, ru: Глубина резервных копий}
    items:
      none: {name: {en: No backups, ru: Без копий}}
      week: {name: {en: One week, ru: Неделя}}   # the usual
      month: {name: {en: One month, ru: Месяц}}
";

const PRICES: &str = "\
version: 1
prices:
  vds-start: # by internal name
    resource: {enumeration: backup, default: none, type: Additional software}
    items:
      none: {RUB: {1m: \"90.00\"}}
      # Sold most.
      week:
        RUB:
          1m: \"90.00\" # a month
";

fn files() -> Vec<(String, String)> {
    let files = [("1.yaml", PROCESSORS), ("2.yaml", BACKUP), ("3.yaml", PRICES)];
    files.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec()
}

fn load(files: Vec<(String, String)>) -> Config {
    load_texts(files)
        .map_err(|problems| problems.iter().next().map(|problem| problem.message.clone()))
        .ok()
        .unwrap()
}

/// The panel as the sandbox serves it; read once.
fn panel() -> Snapshot {
    static PANEL: OnceLock<Snapshot> = OnceLock::new();
    PANEL.get_or_init(read).clone()
}

fn read() -> Snapshot {
    let sandbox = Sandbox::start(Options { seed: Seed::Hosting, ..Options::default() }).unwrap();
    let password = secrecy::SecretString::from(sandbox.admin_password().to_owned());
    let settings = Settings::new(sandbox.url(), ADMIN, password);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let panel = Panel::connect(settings).await.unwrap();
        let config = load(files());
        let site = Site::new(panel.reader(), Dialect::new(ConfigSpec::default().dialect));
        let asked = kinds::read(&site, Scope::Config(&config.spec)).await.unwrap();
        let mut panel = with_names(kinds::read(&site, Scope::Everything).await.unwrap(), &asked);
        // The sandbox offers none of them at first.
        let prices = panel.objects.iter_mut().filter(|live| live.object.kind == "price");
        for fields in prices.filter_map(|live| live.fields.as_mut()) {
            fields.insert("offered".to_owned(), Value::Flag(true));
        }
        panel
    })
}

fn live<'s>(snapshot: &'s mut Snapshot, kind: &str, identity: &str) -> &'s mut Live {
    let mut objects = snapshot.objects.iter_mut();
    objects.find(|live| live.object.kind == kind && live.identity == identity).unwrap()
}

fn put(snapshot: &mut Snapshot, kind: &str, identity: &str, field: &str, value: Value) {
    live(snapshot, kind, identity).fields.as_mut().unwrap().insert(field.to_owned(), value);
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn run(files: Vec<(String, String)>, snapshot: &Snapshot, all: bool) -> Result<Updated, Trouble> {
    update(Path::new(""), load(files), snapshot, all)
}

/// Updates, checks that a second update changes nothing, and gives the files.
#[track_caller]
fn updated(files: Vec<(String, String)>, snapshot: &Snapshot, all: bool) -> Vec<(String, String)> {
    let updated = run(files, snapshot, all).unwrap();
    let plan = reconcile::plan(&load(updated.files.clone()), snapshot, &reconcile::Ask::default()).unwrap();
    assert!(plan.is_empty());
    let again = run(updated.files.clone(), snapshot, all).unwrap();
    assert_eq!(again.files, updated.files);
    assert!(again.changed.is_empty());
    updated.files
}

#[track_caller]
fn check(snapshot: &Snapshot, file: usize, replaced: &[(&str, &str)]) {
    let expected = replaced.iter().fold(files(), |mut files, (from, to)| {
        assert!(files[file].1.contains(from), "{from}");
        files[file].1 = files[file].1.replacen(from, to, 1);
        files
    });
    assert_eq!(updated(files(), snapshot, false), expected);
}

fn item_id(snapshot: &Snapshot, identity: &str) -> String {
    let mut items = snapshot.of_kind("enumeration-item");
    items.find(|live| live.identity == identity).unwrap().id.clone()
}

#[test]
fn files_that_fit_stay_as_they_are() {
    assert_eq!(updated(files(), &panel(), false), files());
}

#[test]
fn a_processor_follows_the_panel() {
    let mut snapshot = panel();
    for (field, value) in
        [("url", "https://new.example.com"), ("parameters.use_recipes", "off"), ("name", "vm6-msk")]
    {
        put(&mut snapshot, "processor", "vm6-falkenstein", field, text(value));
    }
    live(&mut snapshot, "processor", "vm6-falkenstein").fields.as_mut().unwrap().remove("username");
    let id = live(&mut snapshot, "processor", "vm6-falkenstein").id.clone();
    let pinned =
        |text: &str| text.replace("  vm6: # our key\n", &format!("  vm6: # our key\n    id: {id}\n"));
    let mut given = files();
    given[0].1 = pinned(&given[0].1);
    let mut expected = given.clone();
    expected[0].1 = expected[0]
        .1
        .replace("vm6.hosting", "new")
        .replace("    username: billing\n", "")
        .replace("use_recipes: true", "use_recipes: false")
        .replace("vm6-falkenstein", "vm6-msk");
    assert_eq!(updated(given, &snapshot, false), expected);
}

#[test]
fn what_is_gone_is_removed_with_all_that_means_it() {
    let mut snapshot = panel();
    let id = item_id(&snapshot, "week");
    snapshot.objects.retain(|live| live.id != id || live.object.kind != "enumeration-item");
    snapshot.objects.retain(|live| live.identity != id || live.object.kind != "price");
    snapshot.objects.retain(|live| live.identity != "Manual work");
    let mut expected = files();
    let manual = "\n  manual: {name: Manual work, product_type: dedic, module: pmauto}\n";
    expected[0].1 = expected[0].1.replace(manual, "");
    let week = "      week: {name: {en: One week, ru: Неделя}}   # the usual\n";
    expected[1].1 = expected[1].1.replace(week, "");
    expected[2].1 =
        expected[2].1.replace("      week:\n        RUB:\n          1m: \"90.00\" # a month\n", "");
    assert_eq!(updated(files(), &snapshot, false), expected);
}

#[test]
fn prices_follow_the_panel() {
    let mut snapshot = panel();
    let (none, week) = (item_id(&snapshot, "none"), item_id(&snapshot, "week"));
    put(&mut snapshot, "price", &week, "RUB.1m", Value::Money("95.50".parse().unwrap()));
    check(&snapshot, 2, &[("1m: \"90.00\" # a", "1m: \"95.50\" # a")]);
    put(&mut snapshot, "price", &week, "offered", Value::Flag(false));
    let switched = ("week:\n        RUB:\n          1m: \"90.00\" # a month\n", "week: off\n");
    check(&snapshot, 2, &[switched]);
    put(&mut snapshot, "price", &none, "RUB.1m", Value::NoPrice);
    check(&snapshot, 2, &[switched, ("\"90.00\"", "\"none\"")]);
}

#[test]
fn a_default_outside_the_files_is_added_to_them() {
    let mut snapshot = panel();
    let id = item_id(&snapshot, "month");
    let mut given = files();
    let month = "      month: {name: {en: One month, ru: Месяц}}\n";
    given[1].1 = given[1].1.replace(month, "");
    let resource = snapshot.objects.iter_mut().find(|live| {
        live.object.kind == "resource" && live.fields.iter().flatten().any(|(name, _)| name == "default")
    });
    let default =
        Value::Ref(Reference { kind: "enumeration-item".into(), key: "One month".into(), id: Some(id) });
    resource.unwrap().fields.as_mut().unwrap().insert("default".into(), default);
    let mut expected = files();
    expected[2].1 = expected[2].1.replace("default: none", "default: month");
    assert_eq!(updated(given, &snapshot, false), expected);
}

#[test]
fn a_rename_that_is_not_done_is_undone() {
    let mut given = files();
    given[1].1 = given[1]
        .1
        .replace("  backup:\n", "  depth:\n    renamed_from: backup\n")
        .replace("      week: {", "      \"7\": {renamed_from: week, ");
    given[2].1 = given[2]
        .1
        .replace("enumeration: backup", "enumeration: depth")
        .replace("      week:", "      \"7\":");
    given[1].1.push_str("prune: [enumeration-item/depth]\n");
    let mut expected = files();
    expected[1].1 = expected[1].1.replace("      week: {", "      \"week\": {");
    expected[1].1.push_str("prune: [\"enumeration-item/backup\"]\n");
    expected[2].1 = expected[2].1.replace("      week:", "      \"week\":");
    expected[1].1 = expected[1].1.replace("[\"enumeration-item/backup\"]", "[enumeration-item/backup]");
    assert_eq!(updated(given, &panel(), false), expected);
}

#[test]
fn what_prune_would_delete_is_added() {
    let mut given = files();
    given[1].1 = given[1].1.replace("      month: {name: {en: One month, ru: Месяц}}\n", "");
    given[1].1.push_str("prune: [enumeration-item/backup]\n");
    let mut expected = files();
    expected[1].1.push_str("prune: [enumeration-item/backup]\n");
    assert_eq!(updated(given, &panel(), false), expected);
}

#[test]
fn all_adds_the_rest() {
    let month = "      month: {name: {en: One month, ru: Месяц}}\n";
    let mut given = files();
    given[1].1 = given[1].1.replace(month, "");
    assert_eq!(updated(given.clone(), &panel(), false), given);
    let all = updated(given, &panel(), true);
    assert_eq!(all[..2], files()[..2]);
    assert!(all[2].1.contains("      month:\n"), "{}", all[2].1);
    // A section that no file has goes to a file of its own.
    let all = updated(vec![files()[0].clone()], &panel(), true);
    assert_eq!(all[0], files()[0]);
    assert_eq!(all[1].0, "enumerations.yaml");
    assert!(all[1].1.contains("    week:\n"), "{}", all[1].1);
}

/// A snapshot with rows of period mappings on a processor.
fn mapped(rows: &[(&str, &str)]) -> Snapshot {
    let mut snapshot = panel();
    let above = live(&mut snapshot, "processor", "Manual work").id.clone();
    snapshot.mapping_parameters.insert(above.clone(), "map".to_owned());
    snapshot.closed.clear();
    for (at, (sold, bought)) in rows.iter().enumerate() {
        let period = |text: &str| Value::Period(text.parse::<Period>().unwrap());
        let fields = [("sold".to_owned(), period(sold)), ("bought".to_owned(), period(bought))];
        snapshot.objects.push(Live {
            object: crate::plan::ObjectRef {
                kind: "period-mapping".into(),
                key: format!("Manual work/{sold}"),
            },
            id: (900 + at).to_string(),
            identity: format!("{sold}@*"),
            parents: vec![above.clone()],
            fields: Some(fields.into()),
            unknown: Default::default(),
        });
    }
    snapshot
}

#[test]
fn a_row_of_several_periods_keeps_its_grouping_where_it_can() {
    let base = "version: 1\nperiod_mappings:\n  manual:\n    - {sold: [1m, 3m, 6m], bought: 12m} # long\n";
    let run = |rows: &[(&str, &str)]| {
        let given = vec![files()[0].clone(), ("m.yaml".to_owned(), base.to_owned())];
        updated(given, &mapped(rows), false).pop().unwrap().1
    };
    assert_eq!(run(&[("1m", "12m"), ("3m", "12m"), ("6m", "12m")]), base);
    assert_eq!(run(&[("1m", "6m"), ("3m", "6m"), ("6m", "6m")]), base.replace("12m", "6m"));
    assert_eq!(run(&[("1m", "12m"), ("6m", "12m")]), base.replace("3m, ", ""));
    assert_eq!(
        run(&[("1m", "12m"), ("3m", "6m"), ("6m", "12m")]),
        base.replace("3m, ", "") + "    - {sold: 3m, bought: 6m}\n"
    );
    assert_eq!(run(&[]), "version: 1\n");
}

#[test]
fn an_alias_that_would_change_is_refused() {
    let mut given = files();
    given[1].1 = given[1]
        .1
        .replace(
            "none: {name: {en: No backups, ru: Без копий}}",
            "none: {name: &n {en: No backups, ru: Без копий}}",
        )
        .replace("week: {name: {en: One week, ru: Неделя}}", "week: {name: *n}");
    let Err(Trouble::Refused(refusal)) = run(given, &panel(), false) else { panic!("it must be refused") };
    assert_eq!(refusal.code, "export::alias");
    assert!(refusal.text.contains("2.yaml"), "{}", refusal.text);
}
