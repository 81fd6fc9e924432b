//! Where costs are from: a simulation is worth what they are.

use std::{collections::BTreeSet, fmt};

use schemars::JsonSchema;
use serde::Serialize;

use crate::{kinds::ConfigSpec, language::t, model::Date};

/// The costs on a licence server that a simulation counts with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct CostSource {
    /// The licence server, by its processor.
    pub(crate) server: String,
    /// The day of the figures.
    pub(crate) as_of: Date,
    /// Who says what licences cost.
    pub(crate) from: Teller,
    /// Where the figures of the configuration are from, as it says.
    pub(crate) source: Option<String>,
}

/// Who says what licences cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Teller {
    /// `costs` of the configuration.
    Configuration,
    /// The licence server itself.
    LicenceServer,
}

impl CostSource {
    /// Where the costs on one licence server are from; nothing where there are none.
    pub(crate) fn of(spec: &ConfigSpec, server: &str, asked: &BTreeSet<String>) -> Option<Self> {
        let (_, costs) = spec.costs.iter().find(|(key, _)| key.as_str() == server)?;
        let from = if asked.contains(server) { Teller::LicenceServer } else { Teller::Configuration };
        let source = costs.source.as_ref().map(ToString::to_string);
        Some(Self { server: server.to_owned(), as_of: costs.as_of, from, source })
    }
}

impl fmt::Display for CostSource {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { server, as_of, from, source } = self;
        match (from, source) {
            (Teller::LicenceServer, _) => {
                out.write_str(&t!("of {as_of}, asked of {server}", as_of = as_of, server = server))
            }
            (Teller::Configuration, None) => {
                out.write_str(&t!("of {as_of}, from the configuration", as_of = as_of))
            }
            (Teller::Configuration, Some(source)) => out.write_str(&t!(
                "of {as_of}, from the configuration ({source})",
                as_of = as_of,
                source = source
            )),
        }
    }
}
