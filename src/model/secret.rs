//! Where a secret comes from. The value itself never is part of the configuration.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where to read a secret when it is needed: an environment variable or a file.
///
/// A literal is refused: it would live in Git.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum SecretSource {
    /// Name of an environment variable that holds the secret.
    Env(#[schemars(regex(pattern = "^[A-Za-z_][A-Za-z0-9_]*$"))] String),
    /// Path of a file that holds the secret; one line break at its end is dropped.
    File(#[schemars(length(min = 1))] PathBuf),
}
