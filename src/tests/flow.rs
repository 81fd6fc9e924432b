//! The licence flow twice: the simulator beside a provider's panel that buys from a licence server over HTTP.
//!
//! `examples/hosting` is applied to the panel; clients order, change, leave, and days pass; the money at the
//! licence server runs out, and it stops selling things. Both must decide the same and charge the same. `BILLFORM_FLOWS` says which scenarios to play: a number of them, or a range
//! like `417..418`, which is how a failure is played again.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Mutex, atomic::AtomicBool},
};

use jiff::{ToSpan, civil::date};
use proptest::{
    prelude::*,
    strategy::Strategy,
    test_runner::{Config as Runs, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner},
};
use rust_decimal::Decimal;
use secrecy::SecretString;
use serde_json::Value;
use tokio::runtime::Runtime;

use super::{Forgetful, connect, in_threads, numbers, read, runtime, site};
use crate::{
    apply::{self, Tools},
    config::{self, Config},
    licence::{Catalogue, Event, Line, Readings, Sale, Snag, What, WithoutRow, World},
    model::{Cash, Money, Period},
    plan::Fate,
    sandbox::{self, ADMIN, Fault, FaultKind, LICENCE_USER, Pair, PairCheckpoint, PairOptions},
    simulate,
};

const START: jiff::civil::Date = date(2026, 1, 31);
/// The licence server of the example.
const LICENCES: &str = "https://api-eu.ispmanager.com/billmgr";
const PASSWORD: &str = "opens the licence server";

/// Sales of the example, each with its own way to a period: tied, general, by no row at all.
const SALES: [(&str, &str, &str); 9] = [
    ("vds-start", "55227", "1m"),
    ("vds-start", "55227", "6m"),
    ("vds-start", "nopanel", "1m"),
    ("vds-pro", "55227", "3m"),
    ("vds-pro", "55228", "1m"),
    ("vds-max", "55229", "12m"),
    ("vds-max", "55227", "1m"),
    ("dedic-e5", "55230", "12m"),
    ("dedic-e3", "55229", "1m"),
];

/// How the panel speaks, how the open questions are read, and whether the example has all its mappings: each has
/// a part of the scenarios.
#[derive(Clone, Copy, Debug)]
struct Setting {
    dialect: u64,
    restarts: bool,
    same_period: bool,
    smallest: bool,
    /// Three months and a year are mapped for the smallest tariff plan only.
    bare: bool,
}

const SETTINGS: [Setting; 4] = [
    Setting { dialect: 700, restarts: true, same_period: false, smallest: false, bare: false },
    Setting { dialect: 701, restarts: false, same_period: false, smallest: false, bare: true },
    Setting { dialect: 702, restarts: true, same_period: true, smallest: true, bare: true },
    Setting { dialect: 703, restarts: false, same_period: true, smallest: true, bare: false },
];

/// What the mappings of the example are without those of [`Setting::bare`].
const BARE: [(&str, &str); 2] = [
    ("    - {sold: [1m, 3m, 6m], bought: 12m}\n", "    - {sold: [1m, 6m], bought: 12m}\n"),
    ("    - {sold: 12m, bought: 12m}           # without it, renewals are bought for one month\n", ""),
];

/// What became of one code on the licence server since the configuration was written.
#[derive(Clone, Copy, Debug)]
enum Shop {
    AsWritten,
    /// It is not sold for that period any more: its id, and what we call it.
    Without(usize, (&'static str, &'static str)),
    Closed(usize),
}

const CODES: [&str; 3] = ["55227", "55228", "55229"];

#[derive(Clone, Debug)]
enum Deed {
    Days(u16),
    Order(usize),
    /// The same, while the licence server refuses one step of taking the first free licence: the address, or the
    /// new key after it.
    Snagged(usize, Snag),
    /// The service that was ordered so many orders ago is deleted.
    Cancel(usize),
    /// It is not renewed.
    Stop(usize),
    /// It gets the panel of another sale of its tariff plan.
    Panel(usize, usize),
    Ip(usize),
    /// So much is paid into the account at the licence server.
    TopUp(u32),
}

#[derive(Clone, Debug)]
struct Scenario {
    /// What the account holds at first; more than enough where nothing is said.
    balance: Option<u32>,
    shop: Shop,
    deeds: Vec<Deed>,
}

fn scenario() -> impl Strategy<Value = Scenario> {
    let code = || 0..CODES.len();
    let shop = prop_oneof![
        6 => Just(Shop::AsWritten),
        2 => code().prop_map(|code| Shop::Without(code, ("12", "12m"))),
        1 => code().prop_map(|code| Shop::Without(code, ("1", "1m"))),
        1 => code().prop_map(Shop::Closed),
    ];
    let balance = prop::option::weighted(0.4, 0_u32..30_000);
    (balance, shop, deeds()).prop_map(|(balance, shop, deeds)| Scenario { balance, shop, deeds })
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        4 => prop_oneof![1_u16..45, Just(31), 60_u16..400].prop_map(Deed::Days),
        5 => (0..SALES.len()).prop_map(Deed::Order),
        1 => (0..SALES.len(), prop_oneof![Just(Snag::Ip), Just(Snag::Later)])
            .prop_map(|(sale, snag)| Deed::Snagged(sale, snag)),
        3 => (0_usize..4).prop_map(Deed::Cancel),
        1 => (0_usize..4).prop_map(Deed::Stop),
        1 => (0_usize..4, 0..SALES.len()).prop_map(|(service, sale)| Deed::Panel(service, sale)),
        1 => (0_usize..4).prop_map(Deed::Ip),
        1 => (0_u32..10_000).prop_map(Deed::TopUp),
    ];
    prop::collection::vec(deed, 3..=12)
}

/// A pair to which the example is applied, for one dialect and one way to read the open questions.
struct Stage {
    pair: Pair,
    applied: PairCheckpoint,
    /// What is sold and bought as the simulator knows it.
    catalogue: Catalogue,
    readings: Readings,
    http: reqwest::Client,
}

impl Stage {
    async fn open(setting: Setting) -> Self {
        let mut options = PairOptions { at: Some(START), ..PairOptions::default() };
        options.panel.dialect_seed = setting.dialect;
        options.licence_password = Some(PASSWORD.to_owned());
        options.readings = sandbox::Readings {
            release_restarts_cooldown: setting.restarts,
            renewal_without_row_is_one_month: !setting.same_period,
            target_not_offered_is_an_error: !setting.smallest,
            ..sandbox::Readings::default()
        };
        let pair = Pair::start(options).unwrap();
        let config = example(&pair, setting.bare);
        apply(&pair, &config).await;
        let without = if setting.same_period { WithoutRow::SamePeriod } else { WithoutRow::OneMonth };
        let readings = Readings {
            release_restarts_cooldown: setting.restarts,
            renewal_without_row: without,
            not_offered_fails: !setting.smallest,
            ..Readings::default()
        };
        let catalogue = simulate::catalogue(&config.spec, "RUB", START.into()).catalogue;
        let applied = pair.checkpoint();
        Self { pair, applied, catalogue, readings, http: reqwest::Client::new() }
    }

    /// The beginning of a scenario: the panels as they were applied to, with that shop and balance.
    fn set(&self, scenario: &Scenario) {
        self.pair.rewind(&self.applied);
        let seller = self.pair.licences();
        let edit = |code: usize, field: &str, value: &str| {
            assert!(seller.edit("tariff", CODES[code].parse().unwrap(), field, value));
        };
        match scenario.shop {
            Shop::AsWritten => {}
            Shop::Without(code, (period, _)) => edit(code, &format!("{period}.RUB"), ""),
            Shop::Closed(code) => edit(code, "active", "off"),
        }
        if let Some(balance) = scenario.balance {
            assert!(seller.edit("account", 1, "balance", &format!("{balance}.00")));
        }
    }

    /// The sales as the simulator knows them.
    fn lines(&self, shop: Shop) -> Vec<Line> {
        let mut catalogue = self.catalogue.clone();
        let codes = &mut catalogue.servers.get_mut("licences").unwrap().codes;
        match shop {
            Shop::AsWritten => {}
            Shop::Without(code, (_, period)) => {
                assert!(codes.get_mut(CODES[code]).unwrap().periods.remove(&period.parse().unwrap()));
            }
            Shop::Closed(code) => codes.get_mut(CODES[code]).unwrap().periods.clear(),
        }
        let line = |(tariff, item, period): &(&str, &str, &str)| {
            let (tariff, item) = ((*tariff).to_owned(), (*item).to_owned());
            let sale = Sale { tariff, item, period: period.parse().unwrap() };
            catalogue.line(&sale, "RUB", &self.readings).unwrap()
        };
        SALES.iter().map(line).collect()
    }

    /// Calls a function of one of the two panels, and returns its document.
    async fn call(&self, panel: &sandbox::Sandbox, user: &str, func: &str, pairs: &[(&str, &str)]) -> Value {
        let login = format!("{user}:{}", panel.admin_password());
        let mut form = vec![("func", func), ("out", "json"), ("lang", "en"), ("authinfo", login.as_str())];
        form.extend(pairs);
        let encoded: Vec<String> =
            form.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let request = self.http.post(panel.url()).body(encoded.join("&"));
        let request = request.header("Content-Type", "application/x-www-form-urlencoded");
        let body = request.send().await.unwrap().bytes().await.unwrap();
        serde_json::from_slice::<Value>(&body).unwrap()["doc"].take()
    }

    async fn done(&self, func: &str, pairs: &[(&str, &str)]) -> Value {
        let pairs = [pairs, &[("sok", "ok")]].concat();
        let answer = self.call(self.pair.provider(), ADMIN, func, &pairs).await;
        assert!(answer.get("ok").is_some(), "{func} {pairs:?}: {answer}");
        answer
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// `examples/hosting` as the configuration of this pair.
fn example(pair: &Pair, bare: bool) -> Config {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/hosting");
    let mut paths: Vec<_> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let text = |path: &Path| {
        let text = std::fs::read_to_string(path).unwrap();
        let text = text.replace("https://bill.example.com/billmgr", pair.provider().url());
        let text = text.replace(LICENCES, pair.licences().url());
        if bare { BARE.iter().fold(text, |text, (from, to)| text.replace(from, to)) } else { text }
    };
    let files: Vec<_> = paths.iter().map(|path| (path.display().to_string(), text(path))).collect();
    let mapped = files.iter().filter(|(_, text)| text.contains(BARE[0].0) && text.contains(BARE[1].0));
    assert_eq!(mapped.count(), usize::from(!bare), "the mappings of the example are spelt otherwise");
    config::load_texts(files).unwrap_or_else(|problems| panic!("{:?}", problems.iter().next()))
}

async fn apply(pair: &Pair, config: &Config) {
    let panel = connect(pair.provider(), |_| {}).await;
    let site = site(&panel, config);
    let (snapshot, plan) = read(&site, config).await.unwrap();
    let tools = Tools {
        site: &site,
        writer: &panel.writer(),
        snapshot,
        secrets: &|_, _| Ok(SecretString::from(PASSWORD)),
        ledger: &mut Forgetful,
        stop: &AtomicBool::new(false),
    };
    let outcome = apply::apply(&plan, tools, |_| {}).await;
    assert!(outcome.results.iter().all(|result| result.fate == Fate::Done), "{:?}", outcome.results);
}

/// Both sides of one scenario.
struct Play<'s> {
    stage: &'s Stage,
    world: World<'s>,
    events: Vec<Event>,
    /// What the panel calls the services, in their order.
    services: Vec<String>,
    lines: Vec<usize>,
}

impl<'s> Play<'s> {
    fn new(stage: &'s Stage, lines: &'s [Line], scenario: &Scenario) -> Self {
        stage.set(scenario);
        let balance = scenario.balance.map(|balance| Cash::from(Decimal::from(balance)));
        let world = World::new(lines, stage.readings, START).with_balance(balance);
        Self { stage, world, events: Vec::new(), services: Vec::new(), lines: Vec::new() }
    }

    /// The service that was ordered so many orders ago, where it is still there.
    fn recent(&self, back: usize) -> Option<u32> {
        let number = u32::try_from(self.services.len().checked_sub(back + 1)?).unwrap();
        Some(number).filter(|number| self.world.is_alive(*number))
    }

    async fn deed(&mut self, deed: &Deed) {
        let stage = self.stage;
        match *deed {
            Deed::Days(days) => {
                stage.pair.advance(i64::from(days)).unwrap();
                let to = self.world.today().saturating_add(i32::from(days).days());
                let events = &mut self.events;
                self.world.advance(to, &mut |event| events.push(event));
            }
            Deed::Order(sale) => self.order(sale, None).await,
            Deed::Snagged(sale, snag) => self.order(sale, Some(snag)).await,
            Deed::Cancel(back) => {
                let Some(service) = self.recent(back) else { return };
                self.on(service, "delete", &[]).await;
                let events = &mut self.events;
                self.world.cancel(service, &mut |event| events.push(event));
            }
            Deed::Stop(back) => {
                let Some(service) = self.recent(back) else { return };
                self.on(service, "edit", &[("autoprolong", "null")]).await;
                self.world.stop(service);
            }
            Deed::Panel(back, sale) => {
                let Some(service) = self.recent(back) else { return };
                let (tariff, item, period) = SALES[sale];
                let (own_tariff, own_item, own_period) = SALES[self.lines[service as usize]];
                if (tariff, period) != (own_tariff, own_period) || item == own_item {
                    return;
                }
                self.on(service, "edit", &[("panel", item)]).await;
                self.lines[service as usize] = sale;
                let events = &mut self.events;
                let line = u32::try_from(sale).unwrap();
                self.world.change_panel(service, line, &mut |event| events.push(event));
            }
            Deed::Ip(back) => {
                let Some(service) = self.recent(back) else { return };
                let ip = format!("198.19.0.{}", self.events.len() % 250 + 1);
                self.on(service, "edit", &[("ip", &ip)]).await;
                let events = &mut self.events;
                self.world.change_ip(service, &mut |event| events.push(event));
            }
            Deed::TopUp(amount) => {
                let amount = Cash::from(Decimal::from(amount));
                let seller = stage.pair.licences();
                let held =
                    seller.export_state()["account"]["1"]["balance"].as_str().unwrap().parse::<Money>();
                let held = Cash::from(held.unwrap()) + amount;
                assert!(seller.edit("account", 1, "balance", &held.to_string()));
                self.world.top_up(amount);
            }
        }
    }

    async fn order(&mut self, sale: usize, snag: Option<Snag>) {
        let (tariff, item, period) = SALES[sale];
        let (events, mut left) = (&mut self.events, snag);
        let line = u32::try_from(sale).unwrap();
        self.world.order_with(line, &mut |event| events.push(event), |_| left.take());
        let seller = self.stage.pair.licences();
        // Without a free licence there is no such step.
        if let Some(snag) = snag.filter(|_| left.is_none()) {
            let kind = FaultKind::ErrorDoc { kind: "busy".to_owned(), object: String::new() };
            let skip = usize::from(snag == Snag::Later);
            seller.inject(Fault { func: Some("soft.edit".to_owned()), skip, times: 1, kind });
        }
        let period = period.parse::<Period>().unwrap().panel_id().to_string();
        let pairs = [("pricelist", tariff), ("panel", item), ("period", &period)];
        let answer = self.stage.done(&format!("{}.order.param", kind(tariff)), &pairs).await;
        seller.clear_faults();
        self.services.push(answer["id"]["$"].as_str().unwrap().to_owned());
        self.lines.push(sale);
    }

    async fn on(&self, service: u32, verb: &str, pairs: &[(&str, &str)]) {
        let tariff = SALES[self.lines[service as usize]].0;
        let elid = ("elid", self.services[service as usize].as_str());
        self.stage.done(&format!("{}.{verb}", kind(tariff)), &[&[elid], pairs].concat()).await;
    }

    /// What the panel decided: each service by its number, each licence by the order in which it was bought.
    async fn decided(&self) -> Vec<(String, String)> {
        let stage = self.stage;
        let log = stage.call(stage.pair.provider(), ADMIN, "licence.log", &[("p_cnt", "1000000")]).await;
        let mut licences = Vec::new();
        let mut lines = Vec::new();
        for row in log["elem"].as_array().into_iter().flatten() {
            let cell = |name: &str| row[name]["$"].as_str().unwrap_or_default();
            let word = cell("event");
            if word == "skipped" {
                continue;
            }
            let service = self.services.iter().position(|id| id == cell("service"));
            let licence =
                (!cell("licence").is_empty() && !["charged", "deleted"].contains(&word)).then(|| {
                    let known = licences.iter().position(|id| id == cell("licence"));
                    known.unwrap_or_else(|| {
                        licences.push(cell("licence").to_owned());
                        licences.len() - 1
                    })
                });
            let period = if ["charged", "ordered", "renewed"].contains(&word) { cell("period") } else { "" };
            let amount = if period.is_empty() { "" } else { cell("amount") };
            // The panel learns at its next call only that a licence is gone, which the simulator knew.
            if word == "refused" && licence.is_some_and(|licence| self.gone(licence, cell("date"))) {
                continue;
            }
            let line = format!("{} {service:?} {word} {licence:?} {period} {amount}", cell("date"));
            lines.push((line, cell("reason").to_owned()));
        }
        last_expired(&mut lines, |(line, _)| line);
        lines
    }

    /// Whether a licence was deleted by that day while the panel took it for that of a service.
    fn gone(&self, licence: usize, day: &str) -> bool {
        let day: jiff::civil::Date = day.parse().unwrap();
        let deleted =
            |event: &Event| event.what == What::Deleted && event.service.is_some() && event.day <= day;
        self.events.iter().any(|event| deleted(event) && event.licence == u32::try_from(licence).ok())
    }

    /// What the simulator decided, in the same words.
    fn expected(&self) -> Vec<String> {
        let told = self.events.iter().filter_map(|event| {
            let word = match event.what {
                What::Sold | What::Prolonged => "charged",
                What::Ordered => "ordered",
                What::Reused { .. } => "reused",
                What::Renewed => "renewed",
                What::Released { .. } => "released",
                What::PutBack => "put_back",
                What::Refused(_) => "refused",
                What::Expired { free: false, .. } => "expired",
                What::IpChanged => "moved",
                What::Ended => "deleted",
                // The panel does not see what becomes of licences that are on no service.
                What::Expired { free: true, .. } | What::Deleted => return None,
            };
            let licence = event.licence.filter(|_| !["charged", "deleted"].contains(&word));
            let period = event.period.filter(|_| ["charged", "ordered", "renewed"].contains(&word));
            let amount = period.map_or(String::new(), |_| {
                let amount = if event.amount.is_negative() { -event.amount } else { event.amount };
                amount.to_string()
            });
            let period = period.map_or(String::new(), |period| period.panel_id().to_string());
            Some(format!("{} {:?} {word} {licence:?} {period} {amount}", event.day, event.service))
        });
        let mut lines: Vec<String> = told.collect();
        last_expired(&mut lines, |line| line);
        lines
    }

    /// What the licence server charged in all.
    async fn charged(&self) -> Cash {
        let stage = self.stage;
        let pages = [("p_cnt", "1000000")];
        let ledger = stage.call(stage.pair.licences(), LICENCE_USER, "licence.ledger", &pages).await;
        let rows = ledger["elem"].as_array().into_iter().flatten();
        rows.map(|row| {
            Cash::from(row["amount"]["$"].as_str().unwrap().parse::<crate::model::Money>().unwrap())
        })
        .sum()
    }

    async fn agrees(&self) -> Result<(), String> {
        let (decided, expected) = (self.decided().await, self.expected());
        if !decided.iter().map(|(line, _)| line).eq(&expected) {
            let first = decided.iter().zip(&expected).position(|((line, _), told)| line != told);
            let at = first.unwrap_or(decided.len().min(expected.len()));
            return Err(format!(
                "step {at}: the panel says {:?}, the simulator {:?}",
                decided.get(at),
                expected.get(at)
            ));
        }
        let spent: Cash =
            self.events.iter().map(|event| event.amount).filter(|amount| amount.is_negative()).sum();
        let charged = self.charged().await;
        if charged == -spent {
            Ok(())
        } else {
            Err(format!("charged {charged}, the simulator says {}", -spent))
        }
    }
}

/// The panel notes that a licence ended where it could not renew it, the simulator when the day's services are done:
/// within a day these lines come last.
fn last_expired<T>(lines: &mut [T], text: impl Fn(&T) -> &str) {
    lines.sort_by_key(|line| {
        let line = text(line);
        let day = line.split(' ').next().unwrap_or_default().to_owned();
        (day, line.contains(" expired "))
    });
}

fn kind(tariff: &str) -> &str {
    tariff.split('-').next().unwrap()
}

/// What a simulation tells of, by its words.
type Seen = Mutex<BTreeSet<String>>;

/// What the scenarios are to come upon, or they are not about it.
const SEEN: [&str; 13] = [
    "sold",
    "prolonged",
    "ordered",
    "reused",
    "renewed",
    "released",
    "put_back",
    "expired",
    "deleted",
    "ended",
    "no period to order",
    "balance too low",
    "IP changed less than a month ago",
];

fn play(stage: &Stage, runtime: &Runtime, number: u64, seen: &Seen) -> Result<(), String> {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    let runs = Runs { failure_persistence: None, max_shrink_time: 15_000, ..Runs::default() };
    let mut runner = TestRunner::new_with_rng(runs, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let tree = scenario().new_tree(&mut runner).unwrap();
    let play = |scenario: Scenario| {
        let agrees = runtime.block_on(async {
            let lines = stage.lines(scenario.shop);
            let mut play = Play::new(stage, &lines, &scenario);
            for deed in &scenario.deeds {
                play.deed(deed).await;
            }
            let words = play.events.iter().map(|event| match event.what {
                What::Refused(why) => why.to_string(),
                ref what => what.as_str().to_owned(),
            });
            seen.lock().unwrap().extend(words);
            play.agrees().await
        });
        agrees.map_err(TestCaseError::fail)
    };
    match runner.run_one(tree, play) {
        Ok(_) => Ok(()),
        Err(TestError::Fail(why, scenario)) => Err(format!(
            "scenario {number} (BILLFORM_FLOWS={number}..{} plays it again): {why}\n{scenario:#?}",
            number + 1
        )),
        Err(TestError::Abort(why)) => Err(format!("scenario {number}: {why}")),
    }
}

#[test]
fn the_panel_and_the_simulator_decide_and_charge_the_same() {
    let numbers = numbers("BILLFORM_FLOWS", 1000);
    let parts: Vec<u64> = (0..4).collect();
    let seen = Seen::default();
    let failed = in_threads(&parts, runtime, |runtime, part| {
        let mine: Vec<u64> = numbers.clone().filter(|number| number % 4 == *part).collect();
        if mine.is_empty() {
            return;
        }
        let stage = runtime.block_on(Stage::open(SETTINGS[usize::try_from(*part).unwrap()]));
        let wrong: Vec<String> = mine
            .into_iter()
            .filter_map(|number| play(&stage, runtime, number, &seen).err())
            .take(3)
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
    assert!(failed.is_empty(), "parts {failed:?} of 4");
    let seen = seen.into_inner().unwrap();
    let unseen: Vec<_> = SEEN.iter().filter(|word| !seen.contains(**word)).collect();
    assert!(numbers.clone().count() < 1000 || unseen.is_empty(), "never came up: {unseen:?}");
}
