//! A list of the panel and the form behind each of its rows.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::{Hand, IN_FLIGHT, KindError, Place, Site, Snapshot, forms};
use crate::{
    billmgr::Listing,
    wire::{Form, Param, Row},
};

/// A list with its form. Of a child list the parent's id goes into `elid`, of its form into `plid`.
pub(super) struct Table {
    pub(super) list: &'static str,
    pub(super) form: &'static str,
}

impl Table {
    /// Reads the list to its end and notes the proof.
    pub(super) async fn list(
        &self,
        site: &Site,
        snapshot: &mut Snapshot,
        parent: Option<&str>,
    ) -> Result<Listing, KindError> {
        let params = parent.map(|parent| ("elid", parent));
        site.list(snapshot, self.list, params.as_slice()).await
    }

    /// The form of an object, or of a new one.
    pub(super) fn target<'a>(&self, parent: Option<&'a str>, id: Option<&'a str>) -> forms::Target<'a> {
        let parent = parent.map(|parent| ("plid", parent));
        forms::Target {
            func: self.form,
            params: parent.into_iter().chain(id.map(|id| ("elid", id))).collect(),
        }
    }

    /// Reads that form.
    pub(super) async fn form(
        &self,
        site: &Site,
        parent: Option<&str>,
        id: Option<&str>,
    ) -> Result<Form, KindError> {
        let target = self.target(parent, id);
        site.form(target.func, &target.params).await
    }

    /// The rows in their order, with the forms of those that `wanted` picks.
    pub(super) async fn forms(
        &self,
        site: &Site,
        parent: Option<&str>,
        rows: Vec<Row>,
        wanted: impl Fn(&Row) -> bool,
    ) -> Result<Vec<(Row, Option<Form>)>, KindError> {
        let rows: Vec<(bool, Row)> = rows.into_iter().map(|row| (wanted(&row), row)).collect();
        stream::iter(rows)
            .map(|(wanted, row)| async move {
                let form = if wanted { Some(self.form(site, parent, Some(&row.id)).await?) } else { None };
                Ok((row, form))
            })
            .buffered(IN_FLIGHT)
            .try_collect()
            .await
    }

    /// The row and the form of one object; nothing where the list no longer has it.
    pub(super) async fn one<'l>(
        &self,
        site: &Site,
        listing: &'l Listing,
        place: Place<'_>,
    ) -> Result<Option<(&'l Row, Form)>, KindError> {
        let Some(row) = listing.row(place.id) else { return Ok(None) };
        Ok(Some((row, self.form(site, place.parent(), Some(place.id)).await?)))
    }

    /// Saves the form of an object, or of a new one, with `set` on top of what it shows.
    pub(super) async fn save(
        &self,
        hand: &Hand<'_>,
        parent: Option<&str>,
        id: Option<&str>,
        set: &[Param],
    ) -> Result<(), KindError> {
        forms::save(hand, &self.target(parent, id), set).await.map(drop)
    }

    /// Deletes an object through the button of the list.
    pub(super) async fn delete(&self, hand: &mut Hand<'_>, place: Place<'_>) -> Result<(), KindError> {
        forms::delete(hand, self.list, place).await
    }
}
