//! What somebody else does to the panel, by hand or from another program, while requests come in.

use super::store::Store;

/// One deed behind the tool's back.
#[derive(Clone, Debug)]
pub enum Hand {
    /// Changes one cell.
    Edit { table: String, id: u64, field: String, value: String },
    /// Adds a row.
    Insert { table: String, fields: Vec<(String, String)> },
    /// Removes a row.
    Remove { table: String, id: u64 },
}

impl Hand {
    fn touch(self, store: &mut Store) {
        match self {
            Self::Edit { table, id, field, value } => {
                store.set(&table, id, &field, &value);
            }
            Self::Insert { table, fields } => {
                store.insert(&table, fields.into_iter().collect());
            }
            Self::Remove { table, id } => {
                store.remove(&table, id);
            }
        }
    }
}

/// Counts one more request, and lets those act whose turn has come. Whether somebody did.
pub(crate) fn reach(hands: &mut Vec<(usize, Hand)>, store: &mut Store) -> bool {
    for (left, _) in hands.iter_mut() {
        *left = left.saturating_sub(1);
    }
    let (due, waiting): (Vec<_>, Vec<_>) = hands.drain(..).partition(|(left, _)| *left == 0);
    *hands = waiting;
    let acted = !due.is_empty();
    for (_, hand) in due {
        hand.touch(store);
    }
    acted
}
