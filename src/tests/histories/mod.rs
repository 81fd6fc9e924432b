//! Random histories: somebody edits the configuration, somebody else the panel, requests fail, applies are
//! made, saved for later and killed; and the rules hold all the while.
//!
//! `BILLFORM_HISTORIES` says which histories to play: a number of them, or a range like `417..418`, which is
//! how a failure is played again.

mod deed;
mod permit;
mod table;
mod wish;
mod world;

use std::{
    cell::RefCell,
    collections::{BTreeMap, btree_map::Entry},
    ops::Range,
};

use proptest::{
    prelude::*,
    strategy::Strategy,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner},
};
use tokio::runtime::Runtime;

use super::{connect, in_threads, numbers, runtime};
use crate::{
    billmgr::Panel,
    sandbox::{FaultKind, Options, Sandbox, Seed, State},
};
use deed::Deed;
use wish::{Edit, Wish};
use world::World;

const DIALECTS: Range<u64> = 500..508;

#[derive(Clone, Debug)]
struct History {
    dialect: u64,
    /// Whether nothing was ever applied to the panel.
    fresh: bool,
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
enum Step {
    Config(Edit),
    Panel(Deed),
    /// Somebody acts when so many more requests have been answered.
    Later(usize, Deed),
    /// So many requests pass, so many fail.
    Fault {
        skip: usize,
        times: usize,
        kind: FaultKind,
    },
    Plan,
    /// Makes a plan and keeps it.
    Save,
    Apply(Option<Kill>),
    /// Applies the plan that was kept.
    ApplySaved(Option<Kill>),
}

/// The process is killed while the panel holds a request that it has not carried out, or has.
#[derive(Clone, Copy, Debug)]
struct Kill {
    request: usize,
    commit: bool,
}

fn fault() -> impl Strategy<Value = Step> {
    let kind = prop_oneof![
        any::<bool>().prop_map(|commit| FaultKind::Reset { commit }),
        any::<bool>().prop_map(|commit| FaultKind::Status { code: 500, commit }),
        Just(FaultKind::Truncated),
        Just(FaultKind::Html),
    ];
    // A read is repeated; five times in a row is more than it bears.
    let times = prop_oneof![3 => Just(1_usize), 1 => Just(5)];
    (0_usize..70, times, kind).prop_map(|(skip, times, kind)| Step::Fault { skip, times, kind })
}

fn step() -> impl Strategy<Value = Step> {
    let kill = || {
        let kill = (0_usize..90, any::<bool>()).prop_map(|(request, commit)| Kill { request, commit });
        prop::option::weighted(0.3, kill)
    };
    prop_oneof![
        6 => wish::edit().prop_map(Step::Config),
        3 => deed::deed().prop_map(Step::Panel),
        3 => (1_usize..90, deed::deed()).prop_map(|(after, deed)| Step::Later(after, deed)),
        2 => fault(),
        1 => Just(Step::Plan),
        2 => Just(Step::Save),
        4 => kill().prop_map(Step::Apply),
        2 => kill().prop_map(Step::ApplySaved),
    ]
}

fn history() -> impl Strategy<Value = History> {
    let steps = prop::collection::vec(step(), 2..=6);
    (DIALECTS, prop::bool::weighted(0.15), steps).prop_map(|(dialect, fresh, steps)| History {
        dialect,
        fresh,
        steps,
    })
}

/// A panel of one dialect, as it is before anything is applied and after.
struct Stage {
    sandbox: Sandbox,
    panel: Panel,
    fresh: State,
    applied: State,
}

impl Stage {
    async fn open(dialect: u64) -> Result<Self, String> {
        let options = Options { seed: Seed::Hosting, dialect_seed: dialect, ..Options::default() };
        let sandbox = Sandbox::start(options).unwrap();
        let panel = connect(&sandbox, |settings| settings.retries = 2).await;
        let fresh = sandbox.state();
        let mut stage = Self { sandbox, panel, applied: fresh.clone(), fresh };
        let mut world = World::new(&stage, Wish::new());
        world.finish().await?;
        stage.applied = stage.sandbox.state();
        Ok(stage)
    }
}

/// What a thread keeps from history to history.
struct Own {
    runtime: Runtime,
    stages: RefCell<BTreeMap<u64, Stage>>,
}

impl Own {
    fn play(&self, history: &History) -> Result<(), String> {
        let mut stages = self.stages.borrow_mut();
        self.runtime.block_on(async {
            let stage = match stages.entry(history.dialect) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(Stage::open(history.dialect).await?),
            };
            let state = if history.fresh { &stage.fresh } else { &stage.applied };
            stage.sandbox.restore(state.clone());
            let mut world = World::new(stage, Wish::new());
            for step in &history.steps {
                world.step(step).await.map_err(|why| format!("{step:?}: {why}"))?;
            }
            world.finish().await.map_err(|why| format!("at the end: {why}"))
        })
    }
}

fn play(own: &Own, number: u64) {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    let config = Config { failure_persistence: None, max_shrink_time: 15_000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let tree = history().new_tree(&mut runner).unwrap();
    let play = |history: History| own.play(&history).map_err(TestCaseError::fail);
    match runner.run_one(tree, play) {
        Ok(_) => {}
        Err(TestError::Fail(why, history)) => panic!(
            "history {number} (BILLFORM_HISTORIES={number}..{} plays it again): {why}\n{history:#?}",
            number + 1
        ),
        Err(TestError::Abort(why)) => panic!("history {number}: {why}"),
    }
}

#[test]
fn the_rules_hold_in_random_histories() {
    let numbers: Vec<u64> = numbers("BILLFORM_HISTORIES", 1000).collect();
    let own = || Own { runtime: runtime(), stages: RefCell::default() };
    let failed = in_threads(&numbers, own, |own, number| play(own, *number));
    assert!(failed.is_empty(), "histories {failed:?} of {}", numbers.len());
}
