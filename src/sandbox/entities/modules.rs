//! The processing modules the panel offers.
//!
//! Attested internal names are `pmvmmgr`, `pmvmmgr6`, `pmvmmgr6_iaas` and `pmauto` (4.1). The
//! licence module and both DCImanager modules are not on record, so the dialect names them.

use super::super::dialect::Dialect;
use super::super::label::{Label, label};

/// What a module's form shows beyond the common fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Another BILLmanager: sells licences, holds the period mapping.
    Licence,
    /// A platform whose services may carry a panel licence.
    Server,
    /// No remote side at all.
    Manual,
}

pub(crate) struct Module {
    pub(crate) name: String,
    pub(crate) label: Label,
    pub(crate) kind: Kind,
    /// Internal names of the product types it serves; empty means any.
    pub(crate) types: &'static [&'static str],
}

impl Module {
    pub(crate) fn serves(&self, itemtype: &str) -> bool {
        self.types.is_empty() || self.types.contains(&itemtype)
    }
}

/// Every module of this panel.
pub(crate) fn all(dialect: &Dialect) -> Vec<Module> {
    let module = |name: &str, label: Label, kind: Kind, types: &'static [&'static str]| Module {
        name: name.to_owned(),
        label,
        kind,
        types,
    };
    let named = |text: &'static str| label(text, text);
    vec![
        module("pmvmmgr", named("VMmanager 5"), Kind::Server, &["vds"]),
        module("pmvmmgr6", named("VMmanager 6"), Kind::Server, &["vds"]),
        module("pmvmmgr6_iaas", named("VMmanager 6 (IaaS)"), Kind::Server, &["vds"]),
        module(&dialect.dci5_module, named("DCImanager 5"), Kind::Server, &["dedic"]),
        module(&dialect.dci6_module, named("DCImanager 6"), Kind::Server, &["dedic"]),
        // The vendor calls it able to handle any product type (4.1).
        module(&dialect.licence_module, named("BILLmanager"), Kind::Licence, &[]),
        module("pmauto", label("Manual processing", "Ручная обработка"), Kind::Manual, &[]),
    ]
}

pub(crate) fn find(dialect: &Dialect, name: &str) -> Option<Module> {
    all(dialect).into_iter().find(|module| module.name == name)
}

/// The kind of a module; an unknown one has no fields of its own.
pub(crate) fn kind(dialect: &Dialect, name: &str) -> Kind {
    find(dialect, name).map_or(Kind::Manual, |module| module.kind)
}
