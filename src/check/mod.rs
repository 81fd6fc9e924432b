//! Checks of a configuration against money: mistakes that are valid YAML and cost a provider all the same.
//!
//! Pure: the configuration, the day, and what else is known come in as a [`Ground`]; out goes a [`Report`].
//! Each check is one function in the file of its subject and one entry of [`ALL`], with its page in
//! `docs/checks`, and its Russian one below. A finding that rests on what no public source decides is never an error: [`run`] sees to it.

mod codes;
mod found;
mod ground;
mod live;
mod mappings;
mod money;
mod processors;
mod report;
mod rules;
mod tariffs;
#[cfg(test)]
mod tests;
mod waivers;

pub(crate) use found::Found;
pub(crate) use ground::{Beside, Ground, Known};
pub(crate) use report::{Report, problem, run};

use crate::{language::Language, licence::rules::Rule, plan::Level};

/// One check.
pub(crate) struct Check {
    /// Its stable code as findings carry it: `check::L06`.
    pub(crate) name: &'static str,
    /// How seriously its findings are taken where nothing else is said.
    pub(crate) level: Level,
    /// What it rests on; nothing where it is about the configuration itself.
    pub(crate) rule: Option<Rule>,
    /// What it cannot be made without.
    pub(crate) needs: Option<Needs>,
    /// Its documentation in English and in Russian.
    pages: [&'static str; 2],
    run: fn(&Ground<'_>) -> Vec<Found>,
}

/// What a check needs besides the configuration's own objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Needs {
    /// What licences cost.
    Costs,
    /// What the panel has now.
    Live,
    /// A calendar: made by `check` only, for what is valid today should be valid tomorrow.
    Calendar,
}

impl Check {
    /// `L06`.
    pub(crate) fn code(&self) -> &'static str {
        self.name.trim_start_matches("check::")
    }

    /// Its documentation, in the language that is spoken.
    pub(crate) fn page(&self) -> &'static str {
        let [english, russian] = self.pages;
        match Language::spoken() {
            Language::English => english,
            Language::Russian => russian,
        }
    }

    /// `L06: A long period has no mapping to itself`
    pub(crate) fn title(&self) -> &'static str {
        self.page().lines().next().unwrap_or_default().trim_start_matches("# ")
    }
}

macro_rules! checks {
    ($($code:literal $level:ident $rule:expr, $needs:expr, $run:path;)+) => {
        /// All checks, by code.
        pub(crate) static ALL: &[Check] = &[$(Check {
            name: concat!("check::", $code),
            level: Level::$level,
            rule: $rule,
            needs: $needs,
            pages: [
                include_str!(concat!("../../docs/checks/", $code, ".md")),
                include_str!(concat!("../../docs/checks/ru/", $code, ".md")),
            ],
            run: $run,
        }),+];
    };
}

use crate::licence::rules as flow;

checks! {
    "L01" Error Some(rules::FOREIGN_KEY), Some(Needs::Costs), codes::not_offered;
    "L02" Error Some(rules::RETIRED), None, codes::retired;
    "L03" Error Some(rules::ENDPOINTS), None, codes::elsewhere;
    "L04" Error Some(rules::BY_ADDRESS), None, codes::other_function;
    "L05" Warning None, None, codes::near_miss;
    "L06" Warning Some(flow::RENEWAL_SAME), None, mappings::no_identity;
    "L07" Error Some(flow::NOT_OFFERED), None, mappings::target_not_offered;
    "L08" Error Some(rules::SOLD_TO_BOUGHT), None, mappings::reversed;
    "L09" Warning Some(rules::STOPS_EARLY), None, mappings::shorter;
    "L10" Warning Some(flow::SMALLEST), None, mappings::uncovered;
    "L11" Note Some(flow::TIED_ROW), None, mappings::dead_rows;
    "L12" Warning Some(flow::ONE_HOP), None, mappings::chains;
    "L13" Error None, Some(Needs::Costs), money::under_cost;
    "L14" Warning None, None, money::dearer_longer;
    "L15" Warning Some(flow::GENERAL_ROW), Some(Needs::Costs), money::exposure;
    "L16" Warning Some(rules::BREAK_EVEN), Some(Needs::Costs), money::unused;
    "L20" Error Some(flow::NO_LICENCE), None, tariffs::no_refusal;
    "L22" Warning Some(flow::PANEL_CHANGE), None, tariffs::downgrade;
    "L23" Warning Some(rules::EVERY_SERVER), None, tariffs::every_server;
    "L24" Warning Some(rules::DEFAULT_APPLIES), None, tariffs::paid_default;
    "L25" Error Some(rules::NO_PRICE), None, tariffs::missing_price;
    "L26" Error Some(rules::ZERO_PRICE), None, tariffs::zero_price;
    "L27" Error Some(flow::NO_LICENCE), None, codes::no_panel;
    "L28" Warning None, Some(Needs::Costs), money::thin_margin;
    "L29" Warning None, Some(Needs::Live), live::price_move;
    "L30" Warning None, Some(Needs::Calendar), money::old_costs;
    "L31" Error Some(rules::ONE_ACCOUNT), None, processors::shared_account;
    "L32" Warning Some(rules::LINK), None, processors::no_licence_server;
    "L34" Warning Some(rules::LOWEST_PRIORITY), None, processors::differing;
    "L35" Warning Some(flow::SHORT_SALE), None, tariffs::short_sale;
    "L36" Error Some(rules::STRANDED), Some(Needs::Live), live::stranded;
    "L37" Note None, None, tariffs::shared;
    "L38" Error Some(rules::NODES), None, codes::nodes;
    "L39" Note None, None, money::sold_alone;
}

/// The check of that code, in any case.
pub(crate) fn lookup(code: &str) -> Option<&'static Check> {
    ALL.iter().find(|check| check.code().eq_ignore_ascii_case(code))
}
