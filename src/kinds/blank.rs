//! The forms of what does not exist yet, for whoever wants to see all that a panel would ask for.

use super::{Site, Snapshot, enumeration, processor};
use crate::dialect::func;

/// Looks at the form of a new object of each kind that has one, and at that of a tariff plan. What the panel
/// does not show is passed over.
pub(crate) async fn read(site: &Site, snapshot: &Snapshot) {
    let enumeration = snapshot.of_kind(enumeration::KIND).next().map(|live| live.id.as_str());
    let tariff = snapshot.catalogue.tariffs.first().map(|tariff| tariff.id.as_str());
    let first_step = processor::first_step(site, snapshot);
    let forms = [
        Some((first_step.as_str(), None)),
        Some((func::ENUMERATION_EDIT, None)),
        enumeration.map(|id| (func::ITEM_EDIT, Some(("plid", id)))),
        tariff.map(|id| (func::RESOURCE_EDIT, Some(("plid", id)))),
        tariff.map(|id| (func::TARIFF_EDIT, Some(("elid", id)))),
    ];
    for (func, parent) in forms.into_iter().flatten() {
        // Which of them can be shown is all that is asked.
        drop(site.reader.form(func, parent.as_slice()).await);
    }
}
