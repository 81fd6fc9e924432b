//! What a panel answered to each read, for whoever wants to keep it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{failure::Failure, http::Sent, link::RESERVED};
use crate::wire::{Answer, Node};

/// Listens to the reads of one run. Logins and secrets are not heard.
#[derive(Clone, Default)]
pub(crate) struct Tape(Arc<Mutex<Reel>>);

#[derive(Default)]
struct Reel {
    /// The last answer to each question: one that was asked again was not answered before.
    heard: BTreeMap<(String, Vec<(String, String)>), Node>,
    /// The first read that brought no answer of the panel's.
    missed: Option<Failure>,
}

/// One read.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub(crate) func: String,
    /// In the order of their names.
    pub(crate) params: Vec<(String, String)>,
    /// The panel's answer, be it an error.
    pub(crate) answer: Node,
}

impl Tape {
    fn reel(&self) -> MutexGuard<'_, Reel> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn hear(&self, form: &[Sent<'_>], answer: &Answer) {
        let func = form.iter().find(|sent| sent.name == "func").map_or("", |sent| sent.value);
        // The answer to a login is a session.
        if func == "auth" {
            return;
        }
        let own = form.iter().filter(|sent| !sent.secret && !RESERVED.contains(&sent.name));
        let mut params: Vec<_> = own.map(|sent| (sent.name.to_owned(), sent.value.to_owned())).collect();
        params.sort();
        self.reel().heard.insert((func.to_owned(), params), answer.root().clone());
    }

    pub(super) fn missed(&self, failure: &Failure) {
        let answered = failure.panel_error().is_some() || matches!(failure, Failure::Rights { .. });
        if !answered {
            self.reel().missed.get_or_insert_with(|| failure.clone());
        }
    }

    /// All that was heard, in the order of the questions, or why it is not all there was to hear.
    pub(crate) fn reads(&self) -> Result<Vec<Heard>, Failure> {
        let reel = self.reel();
        if let Some(failure) = &reel.missed {
            return Err(failure.clone());
        }
        let reads = reel.heard.iter();
        Ok(reads
            .map(|((func, params), answer)| Heard {
                func: func.clone(),
                params: params.clone(),
                answer: answer.clone(),
            })
            .collect())
    }
}
