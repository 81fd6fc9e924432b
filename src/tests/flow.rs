//! The licence flow twice: the simulator beside a provider's panel that buys from a licence server over HTTP.
//!
//! `examples/hosting` is applied to the panel; clients order, change, leave, and days pass. Both must decide
//! the same and charge the same. `BILLFORM_FLOWS` says which scenarios to play: a number of them, or a range
//! like `417..418`, which is how a failure is played again.

use std::{path::Path, sync::atomic::AtomicBool};

use jiff::{ToSpan, civil::date};
use proptest::{
    prelude::*,
    strategy::Strategy,
    test_runner::{Config as Runs, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner},
};
use secrecy::SecretString;
use serde_json::Value;
use tokio::runtime::Runtime;

use super::{Forgetful, connect, in_threads, numbers, read, runtime, site};
use crate::{
    apply::{self, Tools},
    config::{self, Config},
    licence::{Event, Line, Readings, Sale, What, WithoutRow, World},
    model::{Cash, Period},
    plan::Fate,
    sandbox::{self, ADMIN, LICENCE_USER, Pair, PairCheckpoint, PairOptions},
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

/// How the panel speaks, and how the open questions are read: each has a part of the scenarios.
#[derive(Clone, Copy, Debug)]
struct Setting {
    dialect: u64,
    restarts: bool,
    same_period: bool,
}

const SETTINGS: [Setting; 4] = [
    Setting { dialect: 700, restarts: true, same_period: false },
    Setting { dialect: 701, restarts: false, same_period: false },
    Setting { dialect: 702, restarts: true, same_period: true },
    Setting { dialect: 703, restarts: false, same_period: true },
];

#[derive(Clone, Debug)]
enum Deed {
    Days(u16),
    Order(usize),
    /// The service that was ordered so many orders ago is deleted.
    Cancel(usize),
    /// It is not renewed.
    Stop(usize),
    /// It gets the panel of another sale of its tariff plan.
    Panel(usize, usize),
    Ip(usize),
}

fn scenario() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        4 => prop_oneof![1_u16..45, Just(31), 60_u16..400].prop_map(Deed::Days),
        5 => (0..SALES.len()).prop_map(Deed::Order),
        3 => (0_usize..4).prop_map(Deed::Cancel),
        1 => (0_usize..4).prop_map(Deed::Stop),
        1 => (0_usize..4, 0..SALES.len()).prop_map(|(service, sale)| Deed::Panel(service, sale)),
        1 => (0_usize..4).prop_map(Deed::Ip),
    ];
    prop::collection::vec(deed, 3..=12)
}

/// A pair to which the example is applied, for one dialect and one way to read the open questions.
struct Stage {
    pair: Pair,
    applied: PairCheckpoint,
    /// The sales as the simulator knows them.
    lines: Vec<Line>,
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
            ..sandbox::Readings::default()
        };
        let pair = Pair::start(options).unwrap();
        let config = example(&pair);
        apply(&pair, &config).await;
        let without = if setting.same_period { WithoutRow::SamePeriod } else { WithoutRow::OneMonth };
        let readings = Readings {
            release_restarts_cooldown: setting.restarts,
            renewal_without_row: without,
            ..Readings::default()
        };
        let catalogue = simulate::catalogue(&config.spec, "RUB", START.into()).catalogue;
        let line = |(tariff, item, period): &(&str, &str, &str)| {
            let sale = Sale {
                tariff: (*tariff).to_owned(),
                item: (*item).to_owned(),
                period: period.parse().unwrap(),
            };
            catalogue.line(&sale, "RUB", &readings).unwrap()
        };
        let applied = pair.checkpoint();
        let lines = SALES.iter().map(line).collect();
        Self { pair, applied, lines, readings, http: reqwest::Client::new() }
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
fn example(pair: &Pair) -> Config {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/hosting");
    let mut paths: Vec<_> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let text = |path: &Path| {
        let text = std::fs::read_to_string(path).unwrap();
        text.replace("https://bill.example.com/billmgr", pair.provider().url())
            .replace(LICENCES, pair.licences().url())
    };
    let files = paths.iter().map(|path| (path.display().to_string(), text(path))).collect();
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
    fn new(stage: &'s Stage) -> Self {
        stage.pair.rewind(&stage.applied);
        let world = World::new(&stage.lines, stage.readings, START);
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
            Deed::Order(sale) => {
                let (tariff, item, period) = SALES[sale];
                let period = period.parse::<Period>().unwrap().panel_id().to_string();
                let pairs = [("pricelist", tariff), ("panel", item), ("period", &period)];
                let answer = stage.done(&format!("{}.order.param", kind(tariff)), &pairs).await;
                self.services.push(answer["id"]["$"].as_str().unwrap().to_owned());
                self.lines.push(sale);
                let events = &mut self.events;
                self.world.order(u32::try_from(sale).unwrap(), &mut |event| events.push(event));
            }
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
        }
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
            let line = format!("{} {service:?} {word} {licence:?} {period} {amount}", cell("date"));
            lines.push((line, cell("reason").to_owned()));
        }
        lines
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
        told.collect()
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

fn kind(tariff: &str) -> &str {
    tariff.split('-').next().unwrap()
}

fn play(stage: &Stage, runtime: &Runtime, number: u64) -> Result<(), String> {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    let runs = Runs { failure_persistence: None, max_shrink_time: 15_000, ..Runs::default() };
    let mut runner = TestRunner::new_with_rng(runs, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let tree = scenario().new_tree(&mut runner).unwrap();
    let play = |deeds: Vec<Deed>| {
        let agrees = runtime.block_on(async {
            let mut play = Play::new(stage);
            for deed in &deeds {
                play.deed(deed).await;
            }
            play.agrees().await
        });
        agrees.map_err(TestCaseError::fail)
    };
    match runner.run_one(tree, play) {
        Ok(_) => Ok(()),
        Err(TestError::Fail(why, deeds)) => Err(format!(
            "scenario {number} (BILLFORM_FLOWS={number}..{} plays it again): {why}\n{deeds:#?}",
            number + 1
        )),
        Err(TestError::Abort(why)) => Err(format!("scenario {number}: {why}")),
    }
}

#[test]
fn the_panel_and_the_simulator_decide_and_charge_the_same() {
    let numbers = numbers("BILLFORM_FLOWS", 1000);
    let parts: Vec<u64> = (0..4).collect();
    let failed = in_threads(&parts, runtime, |runtime, part| {
        let mine: Vec<u64> = numbers.clone().filter(|number| number % 4 == *part).collect();
        if mine.is_empty() {
            return;
        }
        let stage = runtime.block_on(Stage::open(SETTINGS[usize::try_from(*part).unwrap()]));
        let wrong: Vec<String> =
            mine.into_iter().filter_map(|number| play(&stage, runtime, number).err()).take(3).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
    assert!(failed.is_empty(), "parts {failed:?} of 4");
}
