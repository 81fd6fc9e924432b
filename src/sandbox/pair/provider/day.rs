//! What the provider's panel does by itself each day.

use super::super::super::core::Cx;
use super::super::calendar;
use super::licence;
use super::order;
use super::service::Service;

/// Charges or ends the services whose paid time is over, and renews the licences that run out.
pub(crate) fn play(cx: &mut Cx<'_>) {
    let today = cx.play.clock.today();
    let is_today = |cell: &str| calendar::date(cell) == Some(today);
    let ids = cx.store.rows("service").map(|(id, _)| id).collect::<Vec<_>>();
    for id in ids {
        let Some(service) = Service::find(cx, id) else { continue };
        if is_today(&service.paid) {
            if !service.renewed {
                order::end(cx, &service, "not renewed");
                continue;
            }
            order::extend(cx, &service, &service.period);
        }
        if !service.licence.is_empty() && is_today(&service.licence_expires) {
            licence::renew(cx, &service);
        }
    }
}
