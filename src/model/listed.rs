//! Lists in which nothing stands twice.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, de};

use crate::language::t;

/// Reads a list as a set; an entry that is there twice is an error.
pub(crate) fn distinct<'de, D, T>(deserializer: D) -> Result<BTreeSet<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Ord,
{
    let list = Vec::<T>::deserialize(deserializer)?;
    let count = list.len();
    let set: BTreeSet<_> = list.into_iter().collect();
    if set.len() == count { Ok(set) } else { Err(de::Error::custom(t!("an entry is listed twice"))) }
}

/// The same for a list that may be left out but, where it is there, says something.
pub(crate) fn at_least_one<'de, D, T>(deserializer: D) -> Result<Option<BTreeSet<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Ord,
{
    let set = distinct(deserializer)?;
    if set.is_empty() { Err(de::Error::custom(t!("there is no entry"))) } else { Ok(Some(set)) }
}
