//! Create, read back, change and delete for every entity, under every variant of the dialect.

use serde_json::Value;

use super::super::{ADMIN, Hostile, Sandbox};
use super::{SEEDS, call, field_names, full_form, hosting, id_of, post, rows, save, text};

/// The ids of one wizard walk or direct call, made with the names the sandbox tells.
pub(super) fn create_processor(sandbox: &Sandbox, kind: &str, module: &str, name: &str) -> String {
    let form = walk(sandbox, kind, module, name);
    assert!(form.get("ok").is_some(), "{form}");
    id_of(&rows(sandbox, "processing", &[]), "name", name)
}

/// Walks the wizard as a generic client would: fills what it knows, sends back the rest.
fn walk(sandbox: &Sandbox, kind: &str, module: &str, name: &str) -> Value {
    let mut form = call(sandbox, "processing.add", &[]);
    for _ in 0..5 {
        let func = form["$func"].as_str().unwrap().to_owned();
        let names = field_names(&form);
        let mut values = Vec::new();
        for field in &names {
            let label = form["messages"]["msg"][field].as_str().unwrap_or_default();
            let value = match label {
                "Product type" => option(&form, field, kind),
                "Processing module" => option(&form, field, module),
                "Name" => name.to_owned(),
                "URL" => "https://panel.example.com/billmgr".to_owned(),
                "Username" => "provider".to_owned(),
                "Password" => "s3cret & more".to_owned(),
                _ => text(&form, field).to_owned(),
            };
            let hidden = text(&form, field);
            values.push((field.clone(), if value.is_empty() { hidden.to_owned() } else { value }));
        }
        let mut pairs =
            values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>();
        pairs.push(("sok", "ok"));
        let before = sandbox.export_state();
        let answer = call(sandbox, &func, &pairs);
        if answer.get("ok").is_some() || answer.get("error").is_some() {
            return answer;
        }
        assert_eq!(before, sandbox.export_state(), "a middle step wrote something");
        form = answer.get("doc").cloned().unwrap_or(answer);
    }
    panic!("the wizard does not end: {form}");
}

/// The key of the option with this text, or the value itself where the field is carried hidden.
fn option(form: &Value, field: &str, wanted: &str) -> String {
    let lists = form["slist"].as_array().cloned().unwrap_or_default();
    let Some(list) = lists.iter().find(|list| list["$name"] == field) else {
        return text(form, field).to_owned();
    };
    let options = list["val"].as_array().unwrap();
    let found = options.iter().find(|option| option["$"] == wanted);
    found.unwrap_or_else(|| panic!("no {wanted}: {list}"))["$key"].as_str().unwrap().to_owned()
}

#[test]
fn enumeration_and_values_round_trip() {
    for seed in SEEDS {
        let sandbox = hosting(seed, &[]);
        save(
            &sandbox,
            "enumeration.edit",
            &[("name", "Panels"), ("name_ru", "Панели"), ("intname", "panel")],
        );
        let id = id_of(&rows(&sandbox, "enumeration", &[]), "intname", "panel");
        let plid = ("plid", id.as_str());
        for (intname, name) in [("nopanel", "No panel"), ("3541", "Lite")] {
            save(&sandbox, "enumerationitem.edit", &[plid, ("intname", intname), ("name", name)]);
        }
        let by = if sandbox.names()["item.parent"] == "Plid" { "plid" } else { "elid" };
        let items = rows(&sandbox, "enumerationitem", &[(by, &id)]);
        assert_eq!(items.len(), 2, "seed {seed}");
        let lite = id_of(&items, "name", "Lite");
        full_form(&sandbox, "enumerationitem.edit", &[plid, ("elid", &lite)], &[("name", "Lite 6")]);
        let view = call(&sandbox, "enumerationitem.edit", &[plid, ("elid", &lite)]);
        assert_eq!((text(&view, "intname"), text(&view, "name")), ("3541", "Lite 6"));
        let twice = [plid, ("intname", "3541"), ("name", "Again"), ("sok", "ok")];
        assert_eq!(call(&sandbox, "enumerationitem.edit", &twice)["error"]["$type"], "exists");
        call(&sandbox, "enumerationitem.delete", &[plid, ("elid", &lite)]);
        assert_eq!(rows(&sandbox, "enumerationitem", &[(by, &id)]).len(), 1);
        call(&sandbox, "enumeration.delete", &[("elid", &id)]);
        assert_eq!(rows(&sandbox, "enumeration", &[]).len(), 1);
    }
}

#[test]
fn undocumented_fields_survive_a_full_form_and_are_lost_otherwise() {
    let sandbox = hosting(3, &[]);
    let id = id_of(&rows(&sandbox, "enumeration", &[]), "intname", "backup");
    let hidden = |sandbox: &Sandbox| {
        let state = sandbox.export_state();
        state["enumeration"][&id].get("extra_hidden").cloned()
    };
    full_form(&sandbox, "enumeration.edit", &[("elid", &id)], &[("name", "Depth")]);
    assert_eq!(hidden(&sandbox), Some("h1".into()));
    save(&sandbox, "enumeration.edit", &[("elid", &id), ("name", "Depth"), ("intname", "backup")]);
    assert_eq!(hidden(&sandbox), None);
}

#[test]
fn processors_are_created_changed_and_deleted() {
    for seed in SEEDS {
        let sandbox = hosting(seed, &[]);
        let licences = create_processor(&sandbox, "ISPsystem licenses", "BILLmanager", "licences");
        let server = create_processor(&sandbox, "Virtual private servers", "VMmanager 5", "vds-msk");
        let names = sandbox.names();
        let link = names["processing.licence_server"].as_str();
        let elid = ("elid", server.as_str());
        full_form(&sandbox, "processing.edit", &[elid], &[(link, &licences)]);
        let view = call(&sandbox, "processing.edit", &[elid]);
        assert_eq!(text(&view, link), licences);
        assert_eq!(text(&view, "module"), "pmvmmgr");
        let state = sandbox.export_state();
        assert_eq!(state["processing"][&server]["password"], "s3cret & more");
        let refused = call(&sandbox, "processing.delete", &[("elid", &licences)]);
        assert!(refused.get("error").is_some(), "seed {seed}: {refused}");
        call(&sandbox, "processing.suspend", &[elid]);
        assert_eq!(sandbox.export_state()["processing"][&server]["active"], "off");
        call(&sandbox, "processing.delete", &[elid]);
        call(&sandbox, "processing.delete", &[("elid", &licences)]);
        assert_eq!(rows(&sandbox, "processing", &[]).len(), 2);
        assert_eq!(sandbox.export_state()["customparam"].as_object().unwrap().len(), 3);
    }
}

#[test]
fn manual_processor_is_created_directly_as_recorded() {
    for seed in SEEDS {
        let sandbox = hosting(seed, &[]);
        let pairs =
            [("module", "pmauto"), ("name", "Manual"), ("datacenter", "1"), ("clicked_button", "finish")];
        save(&sandbox, "processing.add.settings", &pairs);
        id_of(&rows(&sandbox, "processing", &[]), "name", "Manual");
    }
}

#[test]
fn last_step_alone_works_in_some_dialects_only() {
    let mut seen = [false, false];
    for seed in SEEDS {
        let sandbox = hosting(seed, &[]);
        let names = sandbox.names();
        let module = names["module.licence"].as_str();
        let view = call(&sandbox, "processing.add.settings", &[("module", module)]);
        let direct = view.get("error").is_none();
        assert_eq!(direct.to_string(), names["wizard.direct"]);
        if !direct {
            let text = view["error"]["msg"]["$"].as_str().unwrap();
            assert!(text.contains("step that is currently not available"), "{text}");
        }
        seen[usize::from(direct)] = true;
    }
    assert_eq!(seen, [true, true]);
}

#[test]
fn passwords_are_never_shown_and_an_empty_one_keeps_the_old() {
    let sandbox = hosting(1, &[]);
    let id = id_of(&rows(&sandbox, "processing", &[]), "name", "vm6-falkenstein");
    let view = call(&sandbox, "processing.edit", &[("elid", &id)]);
    assert!(!view.to_string().contains("seeded-vm6-password"));
    full_form(&sandbox, "processing.edit", &[("elid", &id)], &[("name", "vm6")]);
    let state = sandbox.export_state();
    assert_eq!(state["processing"][&id]["password"], "seeded-vm6-password");
    assert_eq!(state["processing"][&id]["name"], "vm6");
}

#[test]
fn period_mapping_round_trips() {
    for seed in SEEDS {
        let sandbox = hosting(seed, &[]);
        let licences = create_processor(&sandbox, "ISPsystem licenses", "BILLmanager", "licences");
        let names = sandbox.names();
        let name = |key: &str| names[key].as_str();
        let plid = ("plid", licences.as_str());
        let plan = id_of(&rows(&sandbox, "pricelist", &[]), "name", "VDS Start");
        let kind = sandbox.export_state()["pricelist"][&plan]["itemtype"].as_str().unwrap().to_owned();
        let func = "processing.customparam.edit";
        let chosen = [plid, ("param", name("mapping.param")), ("sv_field", "param")];
        let form = call(&sandbox, func, &chosen);
        assert_eq!(form["messages"]["msg"][name("mapping.source")], "Source period");
        let pairs = [
            plid,
            ("param", name("mapping.param")),
            (name("mapping.source"), "1"),
            (name("mapping.target"), "12"),
            (name("mapping.bind"), "on"),
            (name("mapping.type"), kind.as_str()),
            (name("mapping.tariff"), plan.as_str()),
        ];
        save(&sandbox, func, &pairs);
        let again = call(&sandbox, func, &[&pairs[..], &[("sok", "ok")]].concat());
        assert_eq!(again["error"]["$type"], "exists");
        let list = rows(&sandbox, "processing.customparam", &[("elid", &licences), ("lang", "en")]);
        assert_eq!(list.len(), 2, "the module's own row and ours");
        let row = id_of(&list, "param", "Periods comparison");
        let ids = [plid, ("elid", row.as_str())];
        let view = call(&sandbox, func, &ids);
        assert_eq!(text(&view, name("mapping.target")), "12");
        assert_eq!(text(&view, name("mapping.tariff")), plan);
        full_form(&sandbox, func, &ids, &[(name("mapping.bind"), "off"), (name("mapping.target"), "6")]);
        let stored = sandbox.export_state()["customparam"][&row].clone();
        assert_eq!((&stored["target"], &stored["bind"]), (&"6".into(), &"off".into()));
        assert_eq!(stored["tariff"], "null");
        let fixed = id_of(&list, "value", "5");
        let refused = call(&sandbox, "processing.customparam.delete", &[plid, ("elid", &fixed)]);
        assert!(refused.get("error").is_some());
        call(&sandbox, "processing.customparam.delete", &[plid, ("elid", &row)]);
        assert_eq!(rows(&sandbox, "processing.customparam", &[("elid", &licences)]).len(), 1);
    }
}

#[test]
fn null_is_no_value_for_a_select_only() {
    let sandbox = hosting(1, &[]);
    save(&sandbox, "enumeration.edit", &[("name", "null"), ("intname", "null")]);
    let id = id_of(&rows(&sandbox, "enumeration", &[]), "intname", "null");
    assert_eq!(text(&call(&sandbox, "enumeration.edit", &[("elid", &id)]), "intname"), "null");
    let plan = id_of(&rows(&sandbox, "pricelist", &[]), "name", "VDS Start");
    let unset = [("plid", plan.as_str()), ("itemtype", "null"), ("sok", "ok")];
    assert!(call(&sandbox, "pricelist.detail.edit", &unset).get("error").is_some());
}

/// Makes the panel enumeration and its resource on the first plan: plan, enumeration, resource.
pub(super) fn create_resource(sandbox: &Sandbox) -> [String; 3] {
    let names = sandbox.names();
    save(sandbox, "enumeration.edit", &[("name", "Panels"), ("intname", "panel")]);
    let panel = id_of(&rows(sandbox, "enumeration", &[]), "intname", "panel");
    for (intname, name) in [("nopanel", "No panel"), ("3541", "Lite"), ("4601", "Business")] {
        save(sandbox, "enumerationitem.edit", &[("plid", &panel), ("intname", intname), ("name", name)]);
    }
    let plan = id_of(&rows(sandbox, "pricelist", &[]), "name", "VDS Start");
    let plid = ("plid", plan.as_str());
    let func = "pricelist.detail.edit";
    let chosen = [
        plid,
        ("addontype", "3"),
        (names["resource.enumeration"].as_str(), panel.as_str()),
        ("sv_field", "addontype"),
    ];
    let form = call(sandbox, func, &chosen);
    let kind = option(&form, "itemtype", "Control panel (license)");
    let item = option(&form, &names["resource.item"], "No panel");
    let mut pairs = chosen.to_vec();
    pairs.extend([
        ("itemtype", kind.as_str()),
        ("billtype", "2"),
        (names["resource.item"].as_str(), item.as_str()),
        ("restrictclientchange", "uponly"),
        ("chargestoped", "on"),
    ]);
    save(sandbox, func, &pairs);
    let list = rows(sandbox, "pricelist.detail", &[("elid", &plan)]);
    let resource = id_of(&list, "name", "Control panel (license)");
    [plan, panel, resource]
}

/// The parameters with which the dialect wants its list of prices called.
fn price_parent(sandbox: &Sandbox, plan: &str, resource: &str) -> [(&'static str, String); 2] {
    match sandbox.names()["price.parent"].as_str() {
        "Plid" => [("plid", resource.to_owned()), ("x", String::new())],
        "Elid" => [("elid", resource.to_owned()), ("x", String::new())],
        _ => [("elid", resource.to_owned()), ("plid", plan.to_owned())],
    }
}

#[test]
fn resource_and_prices_round_trip() {
    for seed in SEEDS {
        let sandbox = hosting(seed, &[]);
        let [plan, panel, resource] = create_resource(&sandbox);
        let names = sandbox.names();
        let list = names["price.list"].as_str();
        let toolbar = call(&sandbox, "pricelist.detail", &[("elid", &plan)])["metadata"].to_string();
        assert!(toolbar.contains(&format!("\"$func\":\"{list}\"")));
        let parent = price_parent(&sandbox, &plan, &resource);
        let parent = parent.each_ref().map(|(name, value)| (*name, value.as_str()));
        let prices = rows(&sandbox, list, &parent);
        assert_eq!(prices.len(), 3, "seed {seed}");
        let lite = id_of(&prices, "name", "Lite");
        let ids = [("plid", resource.as_str()), ("elid", lite.as_str())];
        let currency = sandbox.export_state()["project"]["1"]["currency"].as_str().unwrap().to_owned();
        let monthly = format!("monthly{currency}");
        full_form(&sandbox, &names["price.edit"], &ids, &[(&monthly, "350")]);
        let view = call(&sandbox, &names["price.edit"], &ids);
        assert_eq!(text(&view, &monthly), "350.00");
        let comma = [&ids[..], &[(monthly.as_str(), "3,50"), ("sok", "ok")]].concat();
        assert_eq!(call(&sandbox, &names["price.edit"], &comma)["error"]["$object"], monthly);
        call(&sandbox, &names["price.resume"], &ids);
        let status = |sandbox: &Sandbox| {
            let rows = rows(sandbox, list, &parent);
            let row = rows.iter().find(|row| text(row, "id") == lite).unwrap().clone();
            text(&row, "status").to_owned()
        };
        assert_eq!(status(&sandbox), "Enabled");
        let feed = call(&sandbox, "pricelist.export", &[("pricelist", &plan)]).to_string();
        assert!(feed.contains("\"$cost\":\"350.0000\""), "{feed}");
        call(&sandbox, &names["price.suspend"], &ids);
        assert_eq!(status(&sandbox), "Disabled");
        // A value that is a default, and an enumeration that is used, cannot be deleted.
        let used = call(&sandbox, "enumeration.delete", &[("elid", &panel)]);
        assert!(used.get("error").is_some());
        save(&sandbox, "enumerationitem.edit", &[("plid", &panel), ("intname", "7"), ("name", "New")]);
        assert_eq!(rows(&sandbox, list, &parent).len(), 4, "a new value gets its price row");
        let plid = ("plid", plan.as_str());
        full_form(&sandbox, "pricelist.detail.edit", &[plid, ("elid", &resource)], &[("billtype", "1")]);
        let stored = sandbox.export_state()["resource"][&resource].clone();
        assert_eq!((&stored["billtype"], &stored["restrictclientchange"]), (&"1".into(), &"uponly".into()));
        call(&sandbox, "pricelist.detail.delete", &[plid, ("elid", &resource)]);
        assert_eq!(rows(&sandbox, "pricelist.detail", &[("elid", &plan)]).len(), 2);
    }
}

#[test]
fn lists_of_children_never_answer_with_the_right_rows_for_the_wrong_parameter() {
    for seed in SEEDS {
        let sandbox = hosting(seed, &[]);
        let [_, panel, _] = create_resource(&sandbox);
        let by = if sandbox.names()["item.parent"] == "Plid" { "elid" } else { "plid" };
        let doc = call(&sandbox, "enumerationitem", &[(by, &panel)]);
        let count = doc.get("elem").and_then(Value::as_array).map(Vec::len);
        // An error, or the rows of every enumeration: three of ours and three of the seed.
        assert!(doc.get("error").is_some() || count == Some(6), "seed {seed}: {doc}");
    }
}

#[test]
fn tariff_plans_are_created_changed_and_switched() {
    for seed in SEEDS {
        let sandbox = hosting(seed, &[]);
        let types = rows(&sandbox, "itemtype", &[]);
        let vds = id_of(&types, "intname", "vds");
        let pairs =
            [("name", "VDS New"), ("intname", "vds-new"), ("itemtype", vds.as_str()), ("project", "1")];
        save(&sandbox, "pricelist.add.step2", &pairs);
        let id = id_of(&rows(&sandbox, "pricelist", &[]), "name", "VDS New");
        let elid = ("elid", id.as_str());
        let currency = sandbox.export_state()["project"]["1"]["currency"].as_str().unwrap().to_owned();
        let yearly = format!("annually{currency}");
        full_form(&sandbox, "pricelist.edit", &[elid], &[(&yearly, "99.90"), ("project", "77")]);
        let view = call(&sandbox, "pricelist.edit", &[elid]);
        assert_eq!((text(&view, &yearly), text(&view, "project")), ("99.90", "1"));
        call(&sandbox, "pricelist.suspend", &[elid]);
        assert_eq!(sandbox.export_state()["pricelist"][&id]["active"], "off");
        call(&sandbox, "pricelist.delete", &[elid]);
        assert_eq!(rows(&sandbox, "pricelist", &[]).len(), 6);
    }
}

#[test]
fn directories_can_be_read_and_changed() {
    for seed in SEEDS {
        let sandbox = hosting(seed, &[]);
        let names = sandbox.names();
        let currencies = rows(&sandbox, &names["currency.list"], &[]);
        let rub = id_of(&currencies, "iso", "RUB");
        let project = call(&sandbox, "project.edit", &[("elid", "1")]);
        assert_eq!(text(&project, "currency"), rub);
        assert_eq!(option(&project, "currency", "RUB"), rub);
        save(&sandbox, "datacenter.edit", &[("name", "Oslo"), ("name_ru", "Осло")]);
        assert_eq!(rows(&sandbox, "datacenter", &[]).len(), 3);
        let menu = call(&sandbox, "menu", &[]).to_string();
        assert!(menu.contains(&names["currency.list"]) && menu.contains("\"processing\""));
    }
}

#[test]
fn every_format_saves_and_reads_the_same_row() {
    let sandbox = hosting(2, &[Hostile::TranslatedCells]);
    let login = format!("{ADMIN}:{}", sandbox.admin_password());
    for (out, found) in [
        ("json", "\"intname\":{\"$\":\"e-json\"}"),
        ("sjson", "\"intname\":{\"$\":\"e-sjson\"}"),
        ("xjson", "\"intname\":{\"$\":\"e-xjson\"}"),
        ("bjson", "\"intname\":\"e-bjson\""),
        ("xml", "<intname>e-xml</intname>"),
        ("devel", "<intname>e-devel</intname>"),
    ] {
        let head = [("authinfo", login.as_str()), ("out", out)];
        let intname = format!("e-{out}");
        let ask = |pairs: &[(&str, &str)]| post(&sandbox, &[&head[..], pairs].concat());
        let saved = ask(&[
            ("func", "enumeration.edit"),
            ("name", "A <b> & \"c\""),
            ("intname", &intname),
            ("sok", "ok"),
        ]);
        assert!(saved.contains("\"ok\"") || saved.contains("<ok/>"), "{saved}");
        assert!(ask(&[("func", "enumeration")]).contains(found), "{out}");
        let id = id_of(&rows(&sandbox, "enumeration", &[]), "intname", &intname);
        assert!(ask(&[("func", "enumeration.edit"), ("elid", &id)]).contains(found), "{out}");
        ask(&[("func", "enumeration.delete"), ("elid", &id)]);
        assert!(!ask(&[("func", "enumeration")]).contains(found), "{out}");
    }
}

#[test]
fn dialect_seeds_differ_and_repeat() {
    let names = |seed| hosting(seed, &[]).names();
    assert_eq!(names(5), names(5));
    for key in
        ["price.list", "mapping.param", "mapping.source", "processing.licence_server", "module.licence"]
    {
        let distinct = SEEDS.map(|seed| names(seed)[key].clone());
        let distinct = distinct.collect::<std::collections::BTreeSet<_>>();
        assert!(distinct.len() > 3, "{key}: {distinct:?}");
    }
}

#[test]
fn no_dialect_gives_two_fields_of_a_form_one_name() {
    use super::super::dialect::Dialect;
    use super::super::panel::Panel;
    use super::super::request::Params;
    use super::super::{encode_json, seed, store::Store};
    for number in 0..400 {
        let dialect = Dialect::new(number);
        let mut store = Store::empty(None);
        seed::fill(&mut store, &dialect, seed::Seed::Hosting);
        let licence = super::super::store::row([("module", &dialect.licence_module), ("name", "l")]);
        let licence = store.insert("processing", licence);
        let server = store.ids_where("processing", "module", "pmvmmgr6")[0];
        let plan = store.ids_where("pricelist", "intname", "vds-start")[0];
        let resource = store.ids_where("resource", "addontype", "3")[0];
        let price = store.ids_where("item_price", "resource", &resource.to_string())[0];
        let price = match dialect.price_row_is_item {
            true => store.lookup("item_price", &price.to_string(), "enumerationitem").to_owned(),
            false => price.to_string(),
        };
        let forms = [
            format!("func=processing.edit&elid={server}"),
            format!("func=processing.edit&elid={licence}"),
            format!("func=processing.customparam.edit&plid={licence}&param={}", dialect.mapping_param),
            format!("func=pricelist.detail.edit&plid={plan}&elid={resource}"),
            format!("func=pricelist.edit&elid={plan}"),
            format!("func={}&plid={resource}&elid={price}", dialect.price_edit),
        ];
        let idle = std::time::Duration::from_secs(60);
        let mut panel = Panel::new(store, dialect, Default::default(), number, idle);
        let password = panel.guard.password().replace('%', "%25").replace('+', "%2B").replace('&', "%26");
        for form in forms {
            let params = Params::parse(&format!("{form}&authinfo={ADMIN}:{password}"));
            let doc = panel.answer(&params, std::time::Instant::now());
            let doc: Value = serde_json::from_str(&encode_json::encode(&doc, false)).unwrap();
            let names = field_names(&doc["doc"]);
            assert!(names.len() > 3, "{form}: {doc}");
            let distinct = names.iter().collect::<std::collections::BTreeSet<_>>();
            assert_eq!(distinct.len(), names.len(), "seed {number}, {form}: {names:?}");
            let reserved = ["elid", "plid", "sok", "func", "out", "lang", "auth", "authinfo", "su", "filter"];
            assert!(!names.iter().any(|name| reserved.contains(&name.as_str())), "{names:?}");
        }
    }
}
