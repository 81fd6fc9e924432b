//! What stands against carrying out a plan, and what has to be allowed for it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Percent, same_address};

/// A reason not to carry the plan out unless it is allowed in so many words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Guard {
    /// Stable code, for example `guard::deletes`.
    pub(crate) code: String,
    /// What is remarkable about the plan.
    pub(crate) message: String,
    /// The numbers behind it, for example `3 of 4, 75 %; the limit is 2 or 50 %`.
    pub(crate) arithmetic: Option<String>,
    /// What has to be allowed before `apply` carries the plan out.
    pub(crate) needs: Allowance,
    /// Arguments of `apply` that allow it; one of them is enough.
    pub(crate) lift: Vec<String>,
}

/// Something that has to be allowed: as a guard needs it, or as a person gives it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Allowance {
    /// To write to this panel, though the configuration names another one.
    Target {
        /// Address of the panel that would be written to.
        url: String,
    },
    /// To change almost everything in one run.
    FirstRun {
        /// How many live objects change.
        count: usize,
    },
    /// To touch an object that the policy protects.
    Protected {
        /// Kind and key of the object, like `processor/licences`.
        object: String,
    },
    /// To delete or replace an object that others use.
    InUse {
        /// Kind and key of the object, like `enumeration-item/panel/55227`.
        object: String,
    },
    /// To leave a list without any entry.
    Empty {
        /// Kind of the entries and key of what they belong to, like `enumeration-item/panel`.
        list: String,
    },
    /// To delete or replace that many objects of a kind.
    Deletes {
        /// Kind of the objects.
        kind: String,
        /// How many.
        count: usize,
    },
    /// To delete or replace that share of the live objects of a kind.
    DeleteShare {
        /// Kind of the objects.
        kind: String,
        /// How much of them.
        share: Percent,
    },
    /// To update that many objects of a kind.
    Updates {
        /// Kind of the objects.
        kind: String,
        /// How many.
        count: usize,
    },
    /// To move the amounts of one object far.
    PriceMove {
        /// Key of the price, like `vds-start/55227`.
        price: String,
        /// By how much at most; nothing where an amount comes or goes.
        percent: Option<Percent>,
    },
    /// To move any amount that far; given by people only.
    PriceMoves {
        /// By how much at most.
        percent: Percent,
    },
}

impl Allowance {
    /// The code of the guard that needs it.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Target { .. } => "guard::other_target",
            Self::FirstRun { .. } => "guard::first_run",
            Self::Protected { .. } => "guard::protected",
            Self::InUse { .. } => "guard::in_use",
            Self::Empty { .. } => "guard::emptied",
            Self::Deletes { .. } => "guard::deletes",
            Self::DeleteShare { .. } => "guard::delete_share",
            Self::Updates { .. } => "guard::updates",
            Self::PriceMove { .. } | Self::PriceMoves { .. } => "guard::price_move",
        }
    }

    /// The argument of `apply` that gives it, as a shell takes it.
    fn argument(&self) -> String {
        let (flag, value) = match self {
            Self::Target { url } => ("--allow-target", url.clone()),
            Self::FirstRun { count } => ("--allow-first-run", count.to_string()),
            Self::Protected { object } => ("--allow-protected", object.clone()),
            Self::InUse { object } => ("--allow-in-use", object.clone()),
            Self::Empty { list } => ("--allow-empty", list.clone()),
            Self::Deletes { kind, count } => ("--allow-deletes", format!("{kind}:{count}")),
            Self::DeleteShare { kind, share } => {
                ("--allow-delete-share", format!("{kind}:{}", share.plain()))
            }
            Self::Updates { kind, count } => ("--allow-updates", format!("{kind}:{count}")),
            Self::PriceMove { price, .. } => ("--allow-price-move", price.clone()),
            Self::PriceMoves { percent } => ("--allow-price-percent", percent.plain()),
        };
        let between = if value.starts_with('-') { '=' } else { ' ' };
        format!("{flag}{between}{}", Quoted(&value))
    }

    /// Whether who allows this allows what a guard needs.
    pub(crate) fn covers(&self, needs: &Self) -> bool {
        match (self, needs) {
            (Self::FirstRun { count: given }, Self::FirstRun { count }) => given >= count,
            (Self::Deletes { kind: one, count: given }, Self::Deletes { kind, count })
            | (Self::Updates { kind: one, count: given }, Self::Updates { kind, count }) => {
                one == kind && given >= count
            }
            (Self::DeleteShare { kind: one, share: given }, Self::DeleteShare { kind, share }) => {
                one == kind && given >= share
            }
            (Self::PriceMove { price: one, .. }, Self::PriceMove { price, .. }) => one == price,
            (Self::PriceMoves { percent: given }, Self::PriceMove { percent: Some(percent), .. }) => {
                given >= percent
            }
            (Self::Target { url: one }, Self::Target { url }) => same_address(one, url),
            (Self::Protected { .. } | Self::InUse { .. } | Self::Empty { .. }, _) => self == needs,
            _ => false,
        }
    }
}

impl Guard {
    pub(crate) fn new(needs: Allowance, message: String, arithmetic: Option<String>) -> Self {
        let mut lift = vec![needs.argument()];
        if let Allowance::PriceMove { percent: Some(percent), .. } = &needs {
            lift.push(Allowance::PriceMoves { percent: *percent }.argument());
        }
        Self { code: needs.code().to_owned(), message, arithmetic, needs, lift }
    }
}

/// A word for a POSIX shell.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let harmless = |ch: char| ch.is_alphanumeric() || "-_./:%@+,=".contains(ch);
        if !self.0.is_empty() && self.0.chars().all(harmless) {
            return out.write_str(self.0);
        }
        write!(out, "'{}'", self.0.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::Allowance;

    #[test]
    fn arguments_survive_a_shell() {
        for (object, argument) in [
            ("processor/licences", "--allow-protected processor/licences"),
            ("processor/Мой сервер", "--allow-protected 'processor/Мой сервер'"),
            ("processor/it's $HOME; rm *", r"--allow-protected 'processor/it'\''s $HOME; rm *'"),
            ("-x", "--allow-protected=-x"),
            ("", "--allow-protected ''"),
        ] {
            assert_eq!(Allowance::Protected { object: object.to_owned() }.argument(), argument);
        }
    }
}
