//! Whole runs in one process: too many for as many programs. `tests/it` has the same with the real program,
//! on fewer panels.

mod flow;
mod habits;
mod histories;

use std::{
    io,
    ops::Range,
    panic::{self, AssertUnwindSafe},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use secrecy::SecretString;

use crate::{
    apply::{Act, Answer, Ledger},
    billmgr::{Panel, Settings},
    config::Config,
    dialect::Dialect,
    kinds::{self, KindError, Scope, Site, Snapshot},
    plan::{ObjectOutcome, ObjectRef, Plan},
    reconcile::{self, Ask},
    sandbox::{ADMIN, Sandbox},
};

/// More threads than processors: some of the runs make everybody wait.
const THREADS_PER_PROCESSOR: usize = 4;

async fn connect(sandbox: &Sandbox, adjust: impl FnOnce(&mut Settings)) -> Panel {
    let password = SecretString::from(sandbox.admin_password());
    let mut settings = Settings::new(sandbox.url(), ADMIN, password);
    settings.pause = Duration::from_millis(5);
    adjust(&mut settings);
    Panel::connect(settings).await.expect("a client can be built")
}

fn site(panel: &Panel, config: &Config) -> Site {
    Site::new(panel.reader(), Dialect::new(config.spec.dialect.clone()))
}

async fn read(site: &Site, config: &Config) -> Result<(Snapshot, Plan), KindError> {
    let snapshot = kinds::read(site, Scope::Config(&config.spec)).await?;
    let plan = reconcile::plan(config, &snapshot, &Ask::default());
    let plan = plan.unwrap_or_else(|problems| panic!("{:?}", problems.first().map(|one| &one.message)));
    Ok((snapshot, plan))
}

/// Runs the cases in many threads, each with something of its own, and names those that panicked.
fn in_threads<T: Sync, O>(
    cases: &[T],
    own: impl Fn() -> O + Sync,
    run: impl Fn(&mut O, &T) + Sync,
) -> Vec<&T> {
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        let mut own = own();
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            // What went wrong is printed as it happens; here it gets a name.
            if panic::catch_unwind(AssertUnwindSafe(|| run(&mut own, case))).is_err() {
                failed.lock().unwrap().push(case);
            }
        }
    };
    let threads = THREADS_PER_PROCESSOR * thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    failed.into_inner().unwrap()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// The cases to play: as many as usual, or those that the variable names, `5` or `417..418`.
fn numbers(variable: &str, usual: u64) -> Range<u64> {
    let Some(given) = std::env::var_os(variable) else { return 0..usual };
    let given = given.into_string().unwrap();
    let number = |text: &str| {
        text.parse().unwrap_or_else(|_| panic!("{variable} is a number, or a range like 417..418"))
    };
    given.split_once("..").map_or_else(|| 0..number(&given), |(from, to)| number(from)..number(to))
}

/// Keeps no record: for where nothing is killed.
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
