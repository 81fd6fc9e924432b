//! Rules that checks rest on besides those of the licence flow.

use crate::{language::later, licence::rules::Rule, model::Mark};

const fn rule(id: &'static str, mark: Mark, source: &'static str, says: &'static str) -> Rule {
    Rule::new(id, mark, source, says)
}

const PANEL_LICENCES: &str = "https://ispsystem.com/docs/b6c/products-services-sales-settings/vps/integration-with-vmmanager-5/contents-of-tariff-plan-vmmanager/ispsystem-control-panel-license-vmmanager";
const RESELL_ISPMANAGER: &str = "https://ispsystem.com/docs/billmanager/reselling/reselling-via-billmanager/reselling-of-ispmanager-6-licenses-via-billmanager";
const PARTNERS_PERIODS: &str = "https://ispmanager.com/docs/for-partners/mapping-order-periods";
const DO_NOT_BILL: &str = "https://docs.ispsystem.com/b6sa/service-activation/tariff-settings/tariff-plan-configuration/billing-type-do-not-bill";
const VERSION_6: &str = "https://ispsystem.com/docs/billmanager/reselling/reselling-via-api/reselling-of-v6-ispsystem-s-licenses-via-api";

pub(super) const FOREIGN_KEY: Rule = rule(
    "code.foreign_key",
    Mark::Documented,
    PANEL_LICENCES,
    later!("The internal name of an item is the id of a tariff plan on the licence server."),
);
pub(super) const RETIRED: Rule = rule(
    "code.retired",
    Mark::Documented,
    "https://ispsystem.com/docs/billmanager/reselling/reselling-via-api/reselling-of-ispmanager-5-licenses-via-api",
    later!("A licence whose sale has ended cannot be ordered, and later not renewed."),
);
pub(super) const ENDPOINTS: Rule = rule(
    "code.endpoints",
    Mark::Documented,
    RESELL_ISPMANAGER,
    later!("Codes differ by vendor and by the account's country; a server processor has one licence server."),
);
pub(super) const BY_ADDRESS: Rule = rule(
    "code.by_address",
    Mark::Inferred,
    VERSION_6,
    later!("The panel resource addresses licences by IP; licences ordered without one do not fit it."),
);
pub(super) const SOLD_TO_BOUGHT: Rule = rule(
    "mapping.direction",
    Mark::Inferred,
    PANEL_LICENCES,
    later!(
        "A row leads from the period that the client buys to the one that is ordered; a page of the vendor's has an example the wrong way round."
    ),
);
pub(super) const STOPS_EARLY: Rule = rule(
    "mapping.shorter",
    Mark::Documented,
    PARTNERS_PERIODS,
    later!("What is bought for less than it was sold for ends early, or has to be renewed until then."),
);
pub(super) const BREAK_EVEN: Rule = rule(
    "money.break_even",
    Mark::Inferred,
    PANEL_LICENCES,
    later!("A long licence is cheaper than monthly ones only while enough of its term is sold."),
);
pub(super) const EVERY_SERVER: Rule = rule(
    "resource.do_not_bill",
    Mark::Documented,
    DO_NOT_BILL,
    later!(
        "With the billing type \"Do not bill\" a licence of the default item is ordered for every server."
    ),
);
pub(super) const DEFAULT_APPLIES: Rule = rule(
    "resource.default",
    Mark::Documented,
    DO_NOT_BILL,
    later!("The default item applies where the client chose nothing."),
);
pub(super) const NO_PRICE: Rule = rule(
    "price.none",
    Mark::Open,
    "https://www.ispsystem.com/docs/b6c/products-product-types-tariff-plans/tariff-settings/enumerations",
    later!(
        "What happens to an order of an item without a price is on no public page: a free licence, or a failed order."
    ),
);
pub(super) const ZERO_PRICE: Rule = rule(
    "price.zero",
    Mark::Open,
    "https://www.ispsystem.com/docs/b6c/products-product-types-tariff-plans/tariff-settings/enumerations",
    later!("Whether an empty price and a price of zero differ on the order form is on no public page."),
);
pub(super) const ONE_ACCOUNT: Rule = rule(
    "account.shared",
    Mark::Inferred,
    PANEL_LICENCES,
    later!("Free licences belong to the account and are found by their name, whoever released them."),
);
pub(super) const LINK: Rule = rule(
    "processor.licence_server",
    Mark::Documented,
    PANEL_LICENCES,
    later!(
        "A parameter of the server processor names the licence server that its licences are ordered from."
    ),
);
pub(super) const LOWEST_PRIORITY: Rule = rule(
    "processor.priority",
    Mark::Documented,
    "https://ispsystem.com/docs/b6c/products-services-sales-settings/ssl-certificates/integration-with-certification-authorities/ispmanager-ssl",
    later!("Of several processors of a tariff plan the one with the lowest priority number is taken."),
);
pub(super) const STRANDED: Rule = rule(
    "tariff.stranded",
    Mark::Open,
    "https://docs.ispsystem.com/x/-yqDAQ",
    later!("What becomes of services whose period or item is gone is on no public page."),
);
pub(super) const NODES: Rule = rule(
    "code.nodes",
    Mark::SeenInCode,
    "https://github.com/460s/ispsystem_whmcs_modules",
    later!("Licences with nodes are charged by their number, which is part of the order."),
);
