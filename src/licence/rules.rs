//! Every rule of the flow: what it says, who says so, and how sure it is.

use serde::{Serialize, Serializer};

use crate::{
    language::{later, told},
    model::Mark,
};

/// A rule of the licence flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Rule {
    /// Its name, stable.
    pub(crate) id: &'static str,
    pub(crate) mark: Mark,
    /// What it says, in English.
    #[serde(serialize_with = "spoken")]
    says: &'static str,
    /// The page or the code it is from.
    pub(crate) source: &'static str,
}

impl Rule {
    pub(crate) const fn new(id: &'static str, mark: Mark, source: &'static str, says: &'static str) -> Self {
        Self { id, mark, says, source }
    }

    /// What it says.
    pub(crate) fn says(&self) -> &'static str {
        told(self.says)
    }
}

fn spoken<S: Serializer>(text: &'static str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(told(text))
}

const PANEL_LICENCES: &str = "https://ispsystem.com/docs/b6c/products-services-sales-settings/vps/integration-with-vmmanager-5/contents-of-tariff-plan-vmmanager/ispsystem-control-panel-license-vmmanager";
const DETAILS: &str = "https://docs.ispsystem.com/billmanager/services-provisioning/vps/integration-with-vmmanager-5/ispsystem-licenses";
const PERIODS: &str = "https://ispsystem.com/docs/billmanager/reselling/reselling-via-billmanager/step-3-configuration-of-tariff-plans";
const DELETION: &str = "https://ispsystem.com/docs/general-kb/licenses/license-renewal-and-deletion";
const WHMCS: &str = "https://github.com/460s/ispsystem_whmcs_modules";

macro_rules! rules {
    ($($name:ident = $id:literal, $mark:ident, $source:expr, $says:expr;)+) => {
        $(#[doc = $says] pub(crate) const $name: Rule = Rule::new($id, Mark::$mark, $source, $says);)+

        /// All rules.
        #[cfg(test)]
        pub(crate) const ALL: &[Rule] = &[$($name),+];
    };
}

rules! {
    NO_LICENCE = "order.nopanel", Documented, PANEL_LICENCES, later!("The item `nopanel` orders no licence.");
    TIED_ROW = "order.tied_row", Inferred, PERIODS, later!("A mapping row tied to the tariff plan comes before one for all.");
    GENERAL_ROW = "order.general_row", Documented, PANEL_LICENCES, later!("A mapping row replaces the sold period.");
    ONE_HOP = "order.one_hop", Inferred, PERIODS, later!("Rows are applied once, never one after another.");
    SAME_PERIOD = "order.same_period", Documented, PANEL_LICENCES, later!("Without a row, the sold period is ordered where the licence is offered for it.");
    SMALLEST = "order.smallest", Documented, PANEL_LICENCES, later!("Otherwise the licence is ordered for one month: the smallest period offered.");
    NOT_OFFERED = "order.target_not_offered", Open, PERIODS, later!("An order for a period that the licence is not offered for ends with an error; the page says so of ordinary resold services.");
    TWO_ROWS = "order.two_rows", Open, PERIODS, later!("Which of two rows for one period wins is on no public page.");
    SHORT_SALE = "order.trial_or_day", Open, PANEL_LICENCES, later!("A trial or a day sold with a paid panel buys a whole month.");
    POOL_FIRST = "order.pool_first", Documented, DETAILS, later!("A free licence of the account is used before a new one is ordered.");
    POOL_ORDER = "order.pool_order", Inferred, WHMCS, later!("Of several free licences the one with the lowest id is tried first, and the next one when it is refused.");
    PUT_BACK = "order.put_back", Documented, DETAILS, later!("An error while a free licence is taken puts it back: name `free.lic`, IP `0.0.0.0`.");
    NEW_LICENCE = "order.new", Documented, DETAILS, later!("Without a free licence a new one is ordered for the service's IP.");
    ORDER_REFUSED = "order.refused", Inferred, DETAILS, later!("An order that is refused leaves the service, which is paid for, without a licence.");
    RENEWAL_ROW = "renewal.row", Documented, DETAILS, later!("Near its end a licence of an active service is renewed for the period that the mapping gives for the service's period.");
    RENEWAL_MONTH = "renewal.one_month", Documented, DETAILS, later!("Without a row the licence is renewed for one month.");
    RENEWAL_SAME = "renewal.same_period", Open, PANEL_LICENCES, later!("Read otherwise: without a row the licence is renewed for the sold period where it is offered.");
    RENEWAL_REFUSED = "renewal.refused", Inferred, DETAILS, later!("A renewal that cannot be told, is refused, or that the balance does not reach, is not tried again: the licence ends under its service.");
    RENEWAL_FROM = "renewal.from", Documented, DELETION, later!("An active licence is renewed from its end, a suspended one from the day of the renewal.");
    STATUS = "pool.status", Documented, DETAILS, later!("A free licence is active or suspended.");
    FREE_NAME = "pool.name", Documented, DETAILS, later!("A free licence has the name `free.lic`.");
    FREE_IP = "pool.ip", Documented, DETAILS, later!("A free licence has the IP `0.0.0.0`.");
    NOT_EXPIRED = "pool.not_expired", Documented, DETAILS, later!("A free licence ends later than today.");
    IP_COOLED = "pool.ip_change", Documented, DETAILS, later!("The IP of a free licence was last changed more than a month ago.");
    KEY_COOLED = "pool.key_change", Documented, DETAILS, later!("The key of a free licence was last changed more than a month ago.");
    SAME_CODE = "pool.code", Documented, DETAILS, later!("A free licence has the same tariff code, and the same number of nodes.");
    RELEASE = "release", SeenInCode, WHMCS, later!("When the service is deleted its licence is suspended, named `free.lic`, and gets the IP `0.0.0.0`.");
    RELEASE_COOLS = "release.cooldown", Open, DETAILS, later!("Whether the release itself counts as a change of the IP, and so blocks the licence for a month, is on no public page.");
    PANEL_CHANGE = "change.panel", Open, DETAILS, later!("A change of the panel releases the licence and orders the other one.");
    IP_MONTHLY = "change.ip", Documented, "https://t.abcd.bz/faq-isp/kupil-u-vas-licenziyu-hochu-smenit-ip-chto-delat.html", later!("The IP of a licence may be changed once a month.");
    EXPIRY = "expiry", Documented, DELETION, later!("A licence that is not renewed is suspended at its end, and deleted 30 days later.");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ALL;

    #[test]
    fn the_page_about_the_flow_has_every_rule() {
        let page = include_str!("../../docs/licence-flow.md");
        for rule in ALL {
            let row = format!("| `{}` | {} | ", rule.id, rule.mark);
            assert!(page.contains(&row), "docs/licence-flow.md lacks the row {row}");
        }
        let rows = page.lines().filter(|line| line.starts_with("| `")).count();
        assert_eq!(rows, ALL.len(), "docs/licence-flow.md has rows that are no rules");
    }

    #[test]
    fn every_rule_says_something_and_names_its_source() {
        let ids: BTreeSet<&str> = ALL.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), ALL.len());
        for rule in ALL {
            assert!(rule.says.ends_with('.') && rule.source.starts_with("https://"), "{}", rule.id);
        }
    }
}
