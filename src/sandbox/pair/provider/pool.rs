//! The pool: which licence of the account may be used again (vendor page `ispsystem-licenses`).

use jiff::civil::Date;
use serde_json::Value;

use super::super::super::dialect::Dialect;
use super::super::calendar::{ahead, date, rested};
use super::super::remote::text;

/// The name of a licence that is on no service.
pub(crate) const FREE: &str = "free.lic";
/// Its address.
pub(crate) const NOWHERE: &str = "0.0.0.0";

/// A licence as the licence server lists it.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) id: u64,
    status: String,
    name: String,
    ip: String,
    pub(crate) expiry: String,
    ip_changed: Option<Date>,
    key_changed: Option<Date>,
    code: String,
    nodes: String,
}

impl Candidate {
    pub(crate) fn read(row: &Value, dialect: &Dialect) -> Option<Self> {
        let own = |name: &str| text(row, name).to_owned();
        Some(Self {
            id: own("id").parse().ok()?,
            status: row["status"]["$orig"].as_str().unwrap_or_default().to_owned(),
            name: own("name"),
            ip: own("ip"),
            expiry: own("expiredate"),
            ip_changed: date(text(row, &dialect.licence_ip_changed)),
            key_changed: date(text(row, &dialect.licence_key_changed)),
            code: own("pricelist"),
            nodes: own(&dialect.licence_nodes),
        })
    }

    pub(crate) fn suspended(&self) -> bool {
        self.status == "3"
    }

    /// Whether it may go to a service that needs this code with so many nodes. A code without nodes lists none.
    pub(crate) fn fits(&self, code: &str, nodes: &str, today: Date) -> bool {
        matches!(self.status.as_str(), "2" | "3")
            && self.name == FREE
            && self.ip == NOWHERE
            && ahead(&self.expiry, today)
            && rested(self.ip_changed, today)
            && rested(self.key_changed, today)
            && self.code == code
            && (self.nodes.is_empty() || self.nodes == nodes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: &str = "2026-06-15";

    fn free() -> Candidate {
        Candidate {
            id: 1,
            status: "3".to_owned(),
            name: FREE.to_owned(),
            ip: NOWHERE.to_owned(),
            expiry: "2026-06-16".to_owned(),
            ip_changed: date("2026-05-14"),
            key_changed: date("2026-05-14"),
            code: "55227".to_owned(),
            nodes: String::new(),
        }
    }

    fn fits(change: impl FnOnce(&mut Candidate)) -> bool {
        let mut candidate = free();
        change(&mut candidate);
        candidate.fits("55227", "1", TODAY.parse().unwrap())
    }

    #[test]
    fn a_free_licence_fits() {
        assert!(fits(|_| ()));
        assert!(fits(|licence| licence.status = "2".to_owned()), "c1: active, too");
        assert!(fits(|licence| licence.expiry = String::new()), "c4: it never ends");
        assert!(fits(|licence| licence.nodes = "1".to_owned()), "c7: as many nodes");
    }

    #[test]
    fn each_condition_alone_keeps_a_licence_out() {
        for status in ["1", "4", "5", ""] {
            assert!(!fits(|licence| licence.status = status.to_owned()), "c1: {status}");
        }
        for name in ["Free.lic", "free.lic ", "free", ""] {
            assert!(!fits(|licence| licence.name = name.to_owned()), "c2: {name:?}");
        }
        assert!(!fits(|licence| licence.ip = "192.0.2.1".to_owned()), "c3");
        assert!(!fits(|licence| licence.expiry = TODAY.to_owned()), "c4: it ends today");
        assert!(!fits(|licence| licence.ip_changed = date("2026-05-15")), "c5: just a month");
        assert!(!fits(|licence| licence.key_changed = date("2026-05-15")), "c6: just a month");
        assert!(!fits(|licence| licence.code = "55228".to_owned()), "c7: another code");
        assert!(!fits(|licence| licence.nodes = "2".to_owned()), "c7: other nodes");
    }
}
