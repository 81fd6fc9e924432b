//! The sentences that plans and drift reports share, in every format.

use rust_decimal::Decimal;

use super::{
    escape::{self, LONGEST_NAME, cut},
    layout::Paint,
    value,
};
use crate::{
    language::{t, tn},
    model::Money,
    plan::{Action, Change, FieldChange, Ignored, Level, Plan, Value},
};

/// What the differences are told as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// What `apply` would do.
    Plan,
    /// How the panel differs from the configuration.
    Drift,
}

/// The heading over what the panel has no place for.
pub(super) fn unmanaged() -> String {
    t!("Cannot be managed on this panel")
}

/// The heading over what the checks found.
pub(super) fn findings() -> String {
    t!("Checks: an error stops the apply")
}

/// The heading over what has to be allowed.
pub(super) fn guards(told: Told) -> String {
    match told {
        Told::Plan => t!("Guards: apply writes only if each of these is allowed"),
        Told::Drift => t!("Guards: what apply would have to be allowed"),
    }
}

/// The heading over live objects that the configuration does not mention.
pub(super) fn left_alone() -> String {
    t!("Left alone, because the configuration does not mention them")
}

/// The heading over changes that are kept out of the plan.
pub(super) fn left_out() -> String {
    t!("Left undone, because of --target, --exclude or `ignore`")
}

/// The heading over what the configuration ignores.
pub(super) fn ignored() -> String {
    t!("Ignored, because the configuration says so")
}

/// The heading over the proofs that lists were read whole.
pub(super) fn reads() -> String {
    t!("Lists that were read")
}

/// How grave a finding is.
pub(super) fn level(level: Level) -> String {
    match level {
        Level::Error => t!("level" => "error"),
        Level::Warning => t!("level" => "warning"),
        Level::Note => t!("level" => "note"),
    }
}

/// What the report is about.
pub(super) fn title(plan: &Plan, told: Told) -> String {
    let Some(target) = &plan.target else {
        return match told {
            Told::Plan => t!("Plan between two configurations, no panel read"),
            Told::Drift => t!("Difference between two configurations, no panel read"),
        };
    };
    let version =
        target.panel_version.as_ref().map_or(String::new(), |version| format!(" (BILLmanager {version})"));
    let panel = format!("{}{version}", target.url);
    match told {
        Told::Plan => t!("Plan for {panel}, read as {user}", panel = panel, user = target.user),
        Told::Drift => t!("Drift of {panel}, read as {user}", panel = panel, user = target.user),
    }
}

/// The line under the title that says what the two sides are; nothing where that is plain.
pub(super) fn legend(told: Told) -> Option<String> {
    match told {
        Told::Plan => None,
        Told::Drift => {
            Some(t!("The panel differs from the configuration. Read each line as: panel -> configuration."))
        }
    }
}

/// Headings of the parts, by risk.
pub(super) struct Headings {
    pub(super) deletes: String,
    pub(super) replacements: String,
    pub(super) prices: String,
    pub(super) others: String,
    pub(super) creates: String,
}

pub(super) fn headings(told: Told) -> Headings {
    match told {
        Told::Plan => Headings {
            deletes: t!("heading" => "Deletes"),
            replacements: t!("heading" => "Replacements"),
            prices: t!("heading" => "Prices"),
            others: t!("heading" => "Other changes"),
            creates: t!("heading" => "Creates"),
        },
        Told::Drift => Headings {
            deletes: t!("heading" => "In the panel, not in the configuration"),
            replacements: t!("heading" => "Different, in need of replacement"),
            prices: t!("heading" => "Prices that differ"),
            others: t!("heading" => "Other differences"),
            creates: t!("heading" => "Missing in the panel"),
        },
    }
}

/// How many of the last [`counts`] are of what is not touched.
pub(super) fn untouched(plan: &Plan) -> usize {
    2 + usize::from(plan.summary.left_out > 0) + usize::from(plan.summary.ignored > 0)
}

/// The counts of the summary, each with its colour; the last ones are of what is not touched.
pub(super) fn counts(plan: &Plan, told: Told) -> Vec<(Paint, String)> {
    let all = [
        (Paint::Create, plan.summary.create),
        (Paint::Update, plan.summary.update),
        (Paint::Replace, plan.summary.replace),
        (Paint::Delete, plan.summary.delete),
        (Paint::Plain, plan.summary.unchanged),
        (Paint::Plain, plan.summary.left_alone),
        (Paint::Warn, plan.summary.left_out),
        (Paint::Warn, plan.summary.ignored),
    ];
    let all = all.into_iter().zip(fates(plan, told)).map(|((paint, number), words)| (paint, number, words));
    // Replacements and selections are rare enough that their zero says nothing; the other zeros reassure.
    let rare = |paint: &Paint| matches!(paint, Paint::Replace | Paint::Warn);
    let told = all.filter(|(paint, number, _)| !rare(paint) || *number > 0);
    told.map(|(paint, number, words)| (if number > 0 { paint } else { Paint::Plain }, words)).collect()
}

/// The counts of the summary in words.
fn fates(plan: &Plan, told: Told) -> [String; 8] {
    let of = &plan.summary;
    let [create, update, replace, delete, unchanged] = match told {
        Told::Plan => [
            t!("{n} to create", n = of.create),
            t!("{n} to update", n = of.update),
            t!("{n} to replace", n = of.replace),
            t!("{n} to delete", n = of.delete),
            t!("{n} unchanged", n = of.unchanged),
        ],
        Told::Drift => [
            t!("{n} missing", n = of.create),
            t!("{n} different", n = of.update),
            t!("{n} in need of replacement", n = of.replace),
            t!("{n} not in the configuration", n = of.delete),
            t!("{n} as configured", n = of.unchanged),
        ],
    };
    let [alone, undone, ignored] = [
        t!("{n} left alone", n = of.left_alone),
        t!("{n} left undone", n = of.left_out),
        t!("{n} ignored", n = of.ignored),
    ];
    [create, update, replace, delete, unchanged, alone, undone, ignored]
}

/// The one calm line where nothing differs.
pub(super) fn nothing(plan: &Plan, told: Told) -> String {
    let start = match told {
        Told::Plan => t!("No changes."),
        Told::Drift => t!("No drift."),
    };
    let (objects, parts) = (plan.summary.unchanged, plan.unmanaged.len());
    let mut sentences = vec![start];
    sentences.push(match (&plan.target, parts) {
        _ if plan.summary.left_out > 0 => tn!(
            plan.summary.left_out,
            "Nothing that was selected differs: {n} change left undone.",
            "Nothing that was selected differs: {n} changes left undone."
        ),
        (None, _) => tn!(
            objects,
            "The two configurations are the same: {n} object.",
            "The two configurations are the same: {n} objects."
        ),
        (Some(_), 0) => tn!(
            objects,
            "The panel matches the configuration: {n} object.",
            "The panel matches the configuration: {n} objects."
        ),
        (Some(_), _) => {
            let matches = tn!(
                objects,
                "What can be managed matches the configuration: {n} object.",
                "What can be managed matches the configuration: {n} objects."
            );
            let rest = tn!(
                parts,
                "{n} part cannot be managed on this panel.",
                "{n} parts cannot be managed on this panel."
            );
            format!("{matches} {rest}")
        }
    });
    if plan.summary.left_alone > 0 {
        sentences.push(tn!(
            plan.summary.left_alone,
            "{n} other is left alone.",
            "{n} others are left alone."
        ));
    }
    if plan.summary.ignored > 0 {
        sentences.push(tn!(plan.summary.ignored, "{n} difference ignored.", "{n} differences ignored."));
    }
    sentences.join(" ")
}

/// What is ignored of one object: `RUB.12m: 390.00 -> 350.00`; nothing where it is the object itself.
pub(super) fn ignored_fields(ignored: &Ignored) -> String {
    let side = |value: &Option<Value>| {
        value
            .as_ref()
            .map_or(t!("value" => "none"), |value| cut(&value::shown(value), LONGEST_NAME).into_owned())
    };
    let shown = |field: &FieldChange| {
        format!("{}: {} -> {}", escape::name(&field.field), side(&field.before), side(&field.after))
    };
    match ignored.action {
        Action::Update => ignored.fields.iter().map(shown).collect::<Vec<_>>().join(", "),
        _ => String::new(),
    }
}

/// Why something is ignored, by which rule, and until when.
pub(super) fn ignored_reason(ignored: &Ignored) -> String {
    t!(
        "{reason} (`{rule}`, until {day})",
        reason = escape::remark(&ignored.reason),
        rule = escape::name(&ignored.rule),
        day = ignored.until
    )
}

/// How the prices of a plan move.
#[derive(Default)]
pub(super) struct Moves {
    up: usize,
    down: usize,
    new: usize,
    gone: usize,
    /// Largest rise and fall in percent.
    most: (Decimal, Decimal),
}

impl Moves {
    pub(super) fn of(plan: &Plan) -> Self {
        let mut moves = Self::default();
        let kept = |change: &&Change| change.action != Action::Delete;
        let fields = plan.changes.iter().filter(kept).flat_map(|change| &change.fields);
        fields.for_each(|field| moves.field(field));
        moves
    }

    /// Counts one price, if the field is one.
    pub(super) fn field(&mut self, field: &FieldChange) {
        match (&field.before, &field.after) {
            (Some(Value::Money(before)), Some(Value::Money(after))) => self.count(*before, *after),
            (_, Some(Value::Money(_))) => self.new += 1,
            (Some(Value::Money(_)), Some(Value::NoPrice) | None) => self.gone += 1,
            _ => {}
        }
    }

    fn count(&mut self, before: Money, after: Money) {
        let percent = after.percent_from(before).unwrap_or_default();
        if after > before {
            self.up += 1;
            self.most.0 = self.most.0.max(percent);
        } else if after < before {
            self.down += 1;
            self.most.1 = self.most.1.min(percent);
        }
    }

    /// The moves in words: `2 up (at most +14.3 %), 1 down (at most -10 %), 3 new`.
    pub(super) fn words(&self) -> Option<String> {
        let most = |percent: Decimal, sign: &str| match percent.is_zero() {
            true => String::new(),
            false => format!(" {}", t!("(at most {percent} %)", percent = format!("{sign}{percent}"))),
        };
        let all = [
            (self.up, format!("{}{}", t!("prices" => "{n} up", n = self.up), most(self.most.0, "+"))),
            (self.down, format!("{}{}", t!("prices" => "{n} down", n = self.down), most(self.most.1, ""))),
            (self.new, t!("prices" => "{n} new", n = self.new)),
            (self.gone, t!("prices" => "{n} withdrawn", n = self.gone)),
        ];
        let told: Vec<String> =
            all.into_iter().filter(|(number, _)| *number > 0).map(|(_, words)| words).collect();
        (!told.is_empty()).then(|| told.join(", "))
    }
}

/// The sign and the colour of an action.
pub(super) fn sign(action: Action) -> (&'static str, Paint) {
    match action {
        Action::Create => ("+", Paint::Create),
        Action::Update => ("~", Paint::Update),
        Action::Replace => ("-/+", Paint::Replace),
        Action::Delete => ("-", Paint::Delete),
    }
}
