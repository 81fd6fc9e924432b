//! How many requests a panel gets at once: it is somebody's production.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{Mutex, MutexGuard, Semaphore, SemaphorePermit};

/// How many requests run at once; one, after the panel has complained.
pub(super) struct Gate {
    slots: Semaphore,
    narrow: AtomicBool,
    one: Mutex<()>,
}

/// A request's turn.
pub(super) struct Turn<'a> {
    _slot: Option<SemaphorePermit<'a>>,
    _one: Option<MutexGuard<'a, ()>>,
}

impl Gate {
    pub(super) fn new(slots: usize) -> Self {
        Self { slots: Semaphore::new(slots), narrow: AtomicBool::new(false), one: Mutex::new(()) }
    }

    /// From here on, one request at a time.
    pub(super) fn narrow(&self) {
        self.narrow.store(true, Ordering::Relaxed);
    }

    /// Waits for a turn.
    pub(super) async fn enter(&self) -> Turn<'_> {
        // The semaphore is never closed, so there is always a slot in the end.
        let slot = self.slots.acquire().await.ok();
        let one = match self.narrow.load(Ordering::Relaxed) {
            true => Some(self.one.lock().await),
            false => None,
        };
        Turn { _slot: slot, _one: one }
    }
}
