//! Whole lists: every page, counted, with a certificate of what was proven.
//!
//! The panel cuts pages as it likes (the page size is also a user's setting), so the only
//! proof of completeness is that as many different rows came as `p_elems` promises.

use std::collections::BTreeSet;

use serde::Serialize;

use super::failure::Failure;
use super::link::{Call, Link};
use super::trouble::Intent;
use crate::{
    language::t,
    wire::{Answer, Button, Column, Page, Param, Row},
};

/// The most rows a list may have; the licence part of a panel has thousands at most.
const MAX_ROWS: usize = 1_000_000;

/// A list read to its end.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    pub(crate) func: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    pub(crate) toolbar: Vec<Button>,
    pub(crate) certificate: Certificate,
}

/// What is known about the completeness of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Certificate {
    pub(crate) func: String,
    pub(crate) pages: u32,
    pub(crate) rows: u64,
    /// How many rows the server says there are.
    pub(crate) total: Option<u64>,
    pub(crate) filter: FilterState,
}

/// What is known about a stored filter. One in force never gets this far: it is a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FilterState {
    /// The filter form was read, and is empty.
    None,
    /// The list offers no filter form, and no sign of a filter was seen.
    NotOffered,
}

impl Certificate {
    /// Whether an object that is not in the list is proven absent.
    pub(crate) fn complete(&self) -> bool {
        self.total == Some(self.rows)
    }
}

impl Listing {
    /// The row of that id.
    pub(crate) fn row(&self, id: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == id)
    }
}

impl Link {
    /// Reads all pages. A list that changes meanwhile is read once more.
    pub(super) async fn list(&self, func: &str, lang: &str, params: &[Param]) -> Result<Listing, Failure> {
        let pages = match self.pages(func, lang, params).await? {
            Ok(pages) => pages,
            Err(_) => self
                .pages(func, lang, params)
                .await?
                .map_err(|why| incomplete(func, self.scrub.clean(&why)))?,
        };
        let filter = self.filter_state(&pages, lang, params).await?;
        let Pages { first, rows, count, .. } = pages;
        Ok(Listing {
            certificate: Certificate {
                func: func.to_owned(),
                pages: count,
                rows: rows.len() as u64,
                total: first.total,
                filter,
            },
            func: func.to_owned(),
            columns: first.columns,
            toolbar: first.toolbar,
            rows,
        })
    }

    /// The outer error is final; the inner one may come of a change while reading.
    async fn pages(
        &self,
        func: &str,
        lang: &str,
        params: &[Param],
    ) -> Result<Result<Pages, String>, Failure> {
        let mut pages = Pages::new(self.page(func, lang, params, 1).await?);
        loop {
            match pages.step(self.settings().page_size) {
                Ok(Step::Done) => return Ok(Ok(pages)),
                Ok(Step::More) => {}
                Err(why) => return Ok(Err(why)),
            }
            let next = self.page(func, lang, params, pages.count + 1).await?;
            if let Err(why) = pages.add(next) {
                return Ok(Err(why));
            }
        }
    }

    async fn page(&self, func: &str, lang: &str, params: &[Param], number: u32) -> Result<Page, Failure> {
        let mut params = params.to_vec();
        params.push(Param::text("p_cnt", self.settings().page_size.to_string()));
        params.push(Param::text("p_num", number.to_string()));
        let answer = self.call(&Call { func, lang, params: &params, intent: Intent::Read }).await?;
        let mut page = answer.page().ok_or_else(|| incomplete(func, not_a_list(&answer)))?;
        if page.func.is_empty() {
            func.clone_into(&mut page.func);
        }
        if page.func != func {
            return Err(incomplete(
                func,
                t!("the list of `{other}` came instead", other = self.scrub.clean(&page.func)),
            ));
        }
        Ok(page)
    }
}

fn not_a_list(answer: &Answer) -> String {
    match answer.form() {
        Some(_) => t!("a form came instead of a list"),
        None => t!("it is not a list"),
    }
}

/// A failure of a read that proves nothing.
pub(super) fn incomplete(func: &str, why: impl Into<String>) -> Failure {
    Failure::Incomplete { func: crate::wire::one_line(func), why: why.into() }
}

/// The pages so far.
pub(super) struct Pages {
    pub(super) first: Page,
    rows: Vec<Row>,
    seen: BTreeSet<String>,
    count: u32,
    /// The rows of the last page, none of which may be known already.
    fresh: Vec<Row>,
}

enum Step {
    Done,
    More,
}

impl Pages {
    fn new(mut first: Page) -> Self {
        let fresh = std::mem::take(&mut first.rows);
        Self { first, rows: Vec::new(), seen: BTreeSet::new(), count: 1, fresh }
    }

    fn add(&mut self, page: Page) -> Result<(), String> {
        if page.total != self.first.total {
            return Err(t!("its number of rows changed while it was read"));
        }
        self.first.filtered |= page.filtered;
        self.fresh = page.rows;
        self.count += 1;
        Ok(())
    }

    /// Takes the last page in and says whether another is needed.
    fn step(&mut self, asked: u32) -> Result<Step, String> {
        let got = self.fresh.len();
        let had = self.rows.len();
        // Without a total, a server that ignores `p_num` sends the first page for ever.
        if self.first.total.is_none()
            && self.count > 1
            && self.fresh.iter().all(|row| self.seen.contains(&row.id))
        {
            return Ok(Step::Done);
        }
        for row in self.fresh.drain(..) {
            if row.id.is_empty() {
                return Err(t!("a row has nothing in its key column `{key}`", key = self.first.key));
            }
            if !self.seen.insert(row.id.clone()) {
                return Err(t!("the id {id} came twice", id = crate::wire::one_line(&row.id)));
            }
            self.rows.push(row);
        }
        let have = self.rows.len() as u64;
        match self.first.total {
            Some(total) if have == total => Ok(Step::Done),
            Some(total) if have > total => {
                Err(t!("it has {have} rows where the panel counts {total}", have = have, total = total))
            }
            Some(total) if got == 0 => {
                Err(t!("it ends after {have} of {total} rows", have = have, total = total))
            }
            None if got == 0 || (had == 0 && got < asked as usize) => Ok(Step::Done),
            _ if self.rows.len() > MAX_ROWS => Err(t!("it has over {most} rows", most = MAX_ROWS)),
            _ => Ok(Step::More),
        }
    }
}
