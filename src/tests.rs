//! Whole runs in one process: each habit of a panel beside many dialects, which is too much for as many
//! programs. `tests/it` has the same with the real program, on fewer panels.

use std::{
    io, panic,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use secrecy::SecretString;

use crate::{
    apply::{self, Act, Answer, Ledger, Tools},
    billmgr::{AuthMode, FailureClass, Panel, Settings},
    config::{self, Config},
    dialect::Dialect,
    kinds::{self, KindError, Scope, Site, Snapshot},
    plan::{Fate, ObjectOutcome, ObjectRef, Plan},
    reconcile::{self, Ask},
    sandbox::{ADMIN, Hostile, Options, Sandbox, Seed},
};

/// Dialects per habit; the numbers are not those of `tests/it`.
const SEEDS: std::ops::Range<u64> = 300..320;

/// An object of every kind, and not many more.
const CONFIG: &str = r#"version: 1
processors:
  licences:
    product_type: soft
    module: billmanager
    url: https://licences.example.com/billmgr
    username: provider
    password: {env: LICENCE_PASSWORD}
enumerations:
  panel:
    name: {en: Control panel, ru: Панель управления}
    items:
      nopanel: {name: {en: No panel}}
      "55227": {name: {en: Panel lite}}
prices:
  vds-start:
    resource: {enumeration: panel, default: nopanel, billing: by_order, client_change: up_only}
    items:
      nopanel: free
      "55227": {RUB: {1m: "350.00", 12m: "3500.00"}}
period_mappings:
  licences:
    - {sold: [1m, 3m], bought: 12m, tariff: vds-start}
"#;

/// A panel with one habit, and what is wanted of it.
struct Case {
    mode: Hostile,
    sandbox: Sandbox,
    panel: Panel,
    site: Site,
    config: Config,
}

impl Case {
    async fn open(mode: Hostile, seed: u64) -> Self {
        let hostile = [mode].into();
        let options = Options { seed: Seed::Hosting, dialect_seed: seed, hostile, ..Options::default() };
        let sandbox = Sandbox::start(options).unwrap();
        let password = SecretString::from(sandbox.admin_password());
        let mut settings = Settings::new(sandbox.url(), ADMIN, password);
        // Only sessions expire.
        settings.auth = if mode == Hostile::SessionExpiry { AuthMode::Session } else { AuthMode::AuthInfo };
        settings.pause = Duration::from_millis(5);
        let config = config::load_texts(vec![("config.yaml".to_owned(), CONFIG.to_owned())]);
        let config = config.expect("the configuration is valid");
        let panel = Panel::connect(settings).await.expect("a client can be built");
        let site = Site::new(panel.reader(), Dialect::new(config.spec.dialect.clone()));
        Self { mode, sandbox, panel, site, config }
    }

    async fn plan(&self) -> Result<(Snapshot, Plan), KindError> {
        let snapshot = kinds::read(&self.site, Scope::Config(&self.config.spec)).await?;
        let plan = reconcile::plan(&self.config, &snapshot, &Ask::default());
        let plan = plan.unwrap_or_else(|problems| panic!("{:?}", problems.first().map(|one| &one.message)));
        assert!(plan.unmanaged.is_empty(), "{:?}", plan.unmanaged);
        Ok((snapshot, plan))
    }

    fn writes(&self) -> usize {
        self.sandbox.requests().iter().filter(|request| request.mutating).count()
    }

    async fn holds(&self) {
        let planned = self.plan().await;
        assert_eq!(self.writes(), 0, "a plan writes nothing");
        if self.mode == Hostile::StoredFilter {
            let class = match planned {
                Err(KindError::Panel(failure)) => failure.class(),
                other => panic!("a list that hides rows was believed: {other:?}"),
            };
            return assert_eq!(class, FailureClass::Incomplete);
        }
        let (snapshot, plan) = planned.unwrap_or_else(|error| panic!("{error}"));
        // Processor, enumeration, two items, resource, two prices, two mappings.
        assert_eq!(plan.changes.len(), 9, "{:?}", plan.changes);
        let tools = Tools {
            site: &self.site,
            writer: &self.panel.writer(),
            snapshot,
            secrets: &|_, _| Ok(SecretString::from("opens nothing")),
            ledger: &mut Forgetful,
            stop: &AtomicBool::new(false),
        };
        let outcome = apply::apply(&plan, tools, |_| {}).await;
        assert!(outcome.results.iter().all(|result| result.fate == Fate::Done), "{:?}", outcome.results);
        let before = self.sandbox.export_state();
        let (_, again) = self.plan().await.unwrap_or_else(|error| panic!("{error}"));
        assert!(again.is_empty(), "{:?}", again.changes);
        assert_eq!(self.sandbox.export_state(), before);
    }
}

/// Keeps no record: here nothing is killed.
struct Forgetful;

impl Ledger for Forgetful {
    fn intent(&mut self, _: &ObjectRef, _: Act) -> io::Result<()> {
        Ok(())
    }

    fn answer(&mut self, _: &ObjectRef, _: Answer) -> io::Result<()> {
        Ok(())
    }

    fn result(&mut self, _: &ObjectOutcome) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn every_habit_is_coped_with_or_refused_in_twenty_dialects() {
    let cases = Hostile::ALL.into_iter().flat_map(|mode| SEEDS.map(move |seed| (mode, seed)));
    let cases: Vec<(Hostile, u64)> = cases.collect();
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some((mode, seed)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            let run = || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                runtime.unwrap().block_on(async { Case::open(*mode, *seed).await.holds().await });
            };
            // What went wrong is printed as it happens; here it gets a name.
            if panic::catch_unwind(run).is_err() {
                failed.lock().unwrap().push(format!("{mode} in the dialect {seed}"));
            }
        }
    };
    // More threads than processors: some of the habits make everybody wait.
    let threads = 4 * thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{failed:#?}");
}
