//! What may be allowed for one run: a flag for each guard, and none for all of them.

use clap::{Args, builder::NonEmptyStringValueParser};

use super::known_kind;
use crate::{language::t, model::Percent, plan::Allowance};

/// What the plan may do. The plan names the flags it needs.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Guards")]
pub(crate) struct AllowArgs {
    /// Let that many objects of a kind be deleted or replaced (repeatable)
    #[arg(long, value_name = "KIND:COUNT", value_parser = kind_and::<usize>)]
    allow_deletes: Vec<(String, usize)>,
    /// Let that share of the live objects of a kind be deleted or replaced (repeatable)
    #[arg(long, value_name = "KIND:PERCENT", value_parser = kind_and::<Percent>)]
    allow_delete_share: Vec<(String, Percent)>,
    /// Let that many objects of a kind be updated (repeatable)
    #[arg(long, value_name = "KIND:COUNT", value_parser = kind_and::<usize>)]
    allow_updates: Vec<(String, usize)>,
    /// Let the amounts of this price move however far, come and go (repeatable)
    #[arg(long, value_name = "TARIFF/ITEM", value_parser = NonEmptyStringValueParser::new())]
    allow_price_move: Vec<String>,
    /// Let any amount move that far, up or down
    #[arg(long, value_name = "PERCENT")]
    allow_price_percent: Option<Percent>,
    /// Let this list lose its last entry, like enumeration-item/panel (repeatable)
    #[arg(long, value_name = "KIND/PARENT", value_parser = of_kind)]
    allow_empty: Vec<String>,
    /// Let this object be touched though the policy protects it (repeatable)
    #[arg(long, value_name = "KIND/KEY", value_parser = of_kind)]
    allow_protected: Vec<String>,
    /// Let this object be deleted or replaced though others use it (repeatable)
    #[arg(long, value_name = "KIND/KEY", value_parser = of_kind)]
    allow_in_use: Vec<String>,
    /// Let that many live objects change on a panel that nothing is known to have been applied to
    #[arg(long, value_name = "COUNT")]
    allow_first_run: Option<usize>,
    /// Write to this panel though `panel.url` in the configuration names another one
    #[arg(long, value_name = "URL", value_parser = NonEmptyStringValueParser::new())]
    allow_target: Option<String>,
}

impl AllowArgs {
    /// All of it as data.
    pub(crate) fn allowances(&self) -> Vec<Allowance> {
        let mut all = Vec::new();
        let counts = self.allow_deletes.iter().cloned();
        all.extend(counts.map(|(kind, count)| Allowance::Deletes { kind, count }));
        let shares = self.allow_delete_share.iter().cloned();
        all.extend(shares.map(|(kind, share)| Allowance::DeleteShare { kind, share }));
        let counts = self.allow_updates.iter().cloned();
        all.extend(counts.map(|(kind, count)| Allowance::Updates { kind, count }));
        let prices = self.allow_price_move.iter().cloned();
        all.extend(prices.map(|price| Allowance::PriceMove { price, percent: None }));
        all.extend(self.allow_price_percent.map(|percent| Allowance::PriceMoves { percent }));
        all.extend(self.allow_empty.iter().cloned().map(|list| Allowance::Empty { list }));
        all.extend(self.allow_protected.iter().cloned().map(|object| Allowance::Protected { object }));
        all.extend(self.allow_in_use.iter().cloned().map(|object| Allowance::InUse { object }));
        all.extend(self.allow_first_run.map(|count| Allowance::FirstRun { count }));
        all.extend(self.allow_target.iter().cloned().map(|url| Allowance::Target { url }));
        all
    }
}

fn kind_and<T: std::str::FromStr>(text: &str) -> Result<(String, T), String> {
    let wrong =
        || t!("`{text}` is not a kind, a colon and a number, for example enumeration-item:3", text = text);
    let (kind, number) = text.split_once(':').ok_or_else(wrong)?;
    known_kind(kind)?;
    Ok((kind.to_owned(), number.parse().map_err(|_| wrong())?))
}

fn of_kind(text: &str) -> Result<String, String> {
    known_kind(text.split_once('/').map_or(text, |(kind, _)| kind))?;
    Ok(text.to_owned())
}
