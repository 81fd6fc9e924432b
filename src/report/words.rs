//! The sentences that plans and drift reports share, in every format.

use rust_decimal::Decimal;

use super::{
    escape::{self, LONGEST_NAME, cut},
    layout::Paint,
    value,
};
use crate::{
    model::Money,
    plan::{Action, Change, FieldChange, Ignored, Plan, Value},
};

/// What the differences are told as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// What `apply` would do.
    Plan,
    /// How the panel differs from the configuration.
    Drift,
}

pub(super) const UNMANAGED: &str = "Cannot be managed on this panel";

/// The heading over what the checks found.
pub(super) const FINDINGS: &str = "Checks: an error stops the apply";

/// The heading over what has to be allowed.
pub(super) fn guards(told: Told) -> &'static str {
    match told {
        Told::Plan => "Guards: apply writes only if each of these is allowed",
        Told::Drift => "Guards: what apply would have to be allowed",
    }
}

pub(super) const LEFT_ALONE: &str = "Left alone, because the configuration does not mention them";
pub(super) const LEFT_OUT: &str = "Left undone, because of --target, --exclude or `ignore`";
/// The heading over what the configuration ignores.
pub(super) const IGNORED: &str = "Ignored, because the configuration says so";
pub(super) const READS: &str = "Lists that were read";

/// A number of things, in words: `1 object`, `23 objects`.
pub(super) fn count(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}

/// What the report is about.
pub(super) fn title(plan: &Plan, told: Told) -> String {
    let Some(target) = &plan.target else {
        return match told {
            Told::Plan => "Plan between two configurations, no panel read".to_owned(),
            Told::Drift => "Difference between two configurations, no panel read".to_owned(),
        };
    };
    let what = match told {
        Told::Plan => "Plan for",
        Told::Drift => "Drift of",
    };
    let version =
        target.panel_version.as_ref().map_or(String::new(), |version| format!(" (BILLmanager {version})"));
    format!("{what} {}{version}, read as {}", target.url, target.user)
}

/// The line under the title that says what the two sides are; nothing where that is plain.
pub(super) fn legend(told: Told) -> Option<&'static str> {
    match told {
        Told::Plan => None,
        Told::Drift => {
            Some("The panel differs from the configuration. Read each line as: panel -> configuration.")
        }
    }
}

/// Headings of the parts, by risk.
pub(super) struct Headings {
    pub(super) deletes: &'static str,
    pub(super) replacements: &'static str,
    pub(super) prices: &'static str,
    pub(super) others: &'static str,
    pub(super) creates: &'static str,
}

pub(super) fn headings(told: Told) -> Headings {
    match told {
        Told::Plan => Headings {
            deletes: "Deletes",
            replacements: "Replacements",
            prices: "Prices",
            others: "Other changes",
            creates: "Creates",
        },
        Told::Drift => Headings {
            deletes: "In the panel, not in the configuration",
            replacements: "Different, in need of replacement",
            prices: "Prices that differ",
            others: "Other differences",
            creates: "Missing in the panel",
        },
    }
}

/// How many of the last [`counts`] are of what is not touched.
pub(super) fn untouched(plan: &Plan) -> usize {
    2 + usize::from(plan.summary.left_out > 0) + usize::from(plan.summary.ignored > 0)
}

/// The counts of the summary, each with its colour; the last ones are of what is not touched.
pub(super) fn counts(plan: &Plan, told: Told) -> Vec<(Paint, String)> {
    let summary = &plan.summary;
    let say = |plan: &str, drift: &str| match told {
        Told::Plan => plan.to_owned(),
        Told::Drift => drift.to_owned(),
    };
    let all = [
        (Paint::Create, summary.create, say("to create", "missing")),
        (Paint::Update, summary.update, say("to update", "different")),
        (Paint::Replace, summary.replace, say("to replace", "in need of replacement")),
        (Paint::Delete, summary.delete, say("to delete", "not in the configuration")),
        (Paint::Plain, summary.unchanged, say("unchanged", "as configured")),
        (Paint::Plain, summary.left_alone, "left alone".to_owned()),
        (Paint::Warn, summary.left_out, "left undone".to_owned()),
        (Paint::Warn, summary.ignored, "ignored".to_owned()),
    ];
    // Replacements and selections are rare enough that their zero says nothing; the other zeros reassure.
    let rare = |paint: &Paint| matches!(paint, Paint::Replace | Paint::Warn);
    let told = all.into_iter().filter(|(paint, number, _)| !rare(paint) || *number > 0);
    told.map(|(paint, number, words)| {
        (if number > 0 { paint } else { Paint::Plain }, format!("{number} {words}"))
    })
    .collect()
}

/// The one calm line where nothing differs.
pub(super) fn nothing(plan: &Plan, told: Told) -> String {
    let start = match told {
        Told::Plan => "No changes.",
        Told::Drift => "No drift.",
    };
    let objects = count(plan.summary.unchanged, "object");
    let state = match (&plan.target, plan.unmanaged.len()) {
        _ if plan.summary.left_out > 0 => {
            format!(
                "Nothing that was selected differs: {} left undone.",
                count(plan.summary.left_out, "change")
            )
        }
        (None, _) => format!("The two configurations are the same: {objects}."),
        (Some(_), 0) => format!("The panel matches the configuration: {objects}."),
        (Some(_), parts) => format!(
            "What can be managed matches the configuration: {objects}. {} cannot be managed on this panel.",
            count(parts, "part")
        ),
    };
    let left = match plan.summary.left_alone {
        0 => String::new(),
        1 => " 1 other is left alone.".to_owned(),
        others => format!(" {others} others are left alone."),
    };
    let ignored = match plan.summary.ignored {
        0 => String::new(),
        number => format!(" {} ignored.", count(number, "difference")),
    };
    format!("{start} {state}{left}{ignored}")
}

/// What is ignored of one object: `RUB.12m: 390.00 -> 350.00`; nothing where it is the object itself.
pub(super) fn ignored_fields(ignored: &Ignored) -> String {
    let side = |value: &Option<Value>| {
        value.as_ref().map_or("none".to_owned(), |value| cut(&value::shown(value), LONGEST_NAME).into_owned())
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
    format!(
        "{} (`{}`, until {})",
        escape::remark(&ignored.reason),
        escape::name(&ignored.rule),
        ignored.until
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
        let most = |percent: Decimal, sign: &str| {
            if percent.is_zero() { String::new() } else { format!(" (at most {sign}{percent} %)") }
        };
        let all = [
            (self.up, format!("up{}", most(self.most.0, "+"))),
            (self.down, format!("down{}", most(self.most.1, ""))),
            (self.new, "new".to_owned()),
            (self.gone, "withdrawn".to_owned()),
        ];
        let told = all.iter().filter(|(number, _)| *number > 0);
        let told: Vec<String> = told.map(|(number, words)| format!("{number} {words}")).collect();
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
