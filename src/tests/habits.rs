//! Each habit of a panel beside many dialects.

use std::sync::atomic::AtomicBool;

use secrecy::SecretString;

use super::{Forgetful, connect, in_threads, read, runtime, site};
use crate::{
    apply::{self, Tools},
    billmgr::{AuthMode, FailureClass, Panel},
    config::{self, Config},
    kinds::{KindError, Site, Snapshot},
    plan::{Fate, Plan},
    sandbox::{Hostile, Options, Sandbox, Seed},
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
        // Only sessions expire.
        let auth = if mode == Hostile::SessionExpiry { AuthMode::Session } else { AuthMode::AuthInfo };
        let panel = connect(&sandbox, |settings| settings.auth = auth).await;
        let config = config::load_texts(vec![("config.yaml".to_owned(), CONFIG.to_owned())]);
        let config = config.expect("the configuration is valid");
        let site = site(&panel, &config);
        Self { mode, sandbox, panel, site, config }
    }

    async fn plan(&self) -> Result<(Snapshot, Plan), KindError> {
        let (snapshot, plan) = read(&self.site, &self.config).await?;
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

#[test]
fn every_habit_is_coped_with_or_refused_in_twenty_dialects() {
    let cases = Hostile::ALL.into_iter().flat_map(|mode| SEEDS.map(move |seed| (mode, seed)));
    let cases: Vec<(Hostile, u64)> = cases.collect();
    let failed = in_threads(
        &cases,
        || (),
        |(), (mode, seed)| runtime().block_on(async { Case::open(*mode, *seed).await.holds().await }),
    );
    let failed: Vec<String> =
        failed.iter().map(|(mode, seed)| format!("{mode} in the dialect {seed}")).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}
