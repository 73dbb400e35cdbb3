//! A list of racks: its page, its totals and what it offers to choose from, made once for as long as
//! nothing changes.
//!
//! What is kept holds while the trails of the sites that it is of stand where they stood, no hold has
//! run out and no day has begun. So a list of many racks costs the same, whatever the number of racks.

use super::kept::{Kind, kept};
use crate::db::site::racks::{self, Listed, Moment, RackFilter, RackNames, RackPage, RackTotals};
use crate::db::trail::{self, Head};
use crate::db::{Chain, Conn, Db};
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::error::Result;
use std::sync::{Arc, OnceLock};

/// What a list is made at.
#[derive(Clone, Debug)]
pub struct Stand {
    site: Option<SiteId>,
    moment: Moment,
    /// Where the trails of its sites stand.
    heads: Vec<(SiteId, Head)>,
    /// When the first hold ends, once that was asked.
    until: OnceLock<Option<Instant>>,
}

impl Stand {
    /// Of the site that a list is of, or of all.
    pub fn of(conn: &mut Conn, site: Option<SiteId>, moment: Moment) -> Result<Self> {
        let heads = match site {
            Some(site) => vec![(site, trail::head(conn, Chain::Site(site).key())?)],
            None => trail::heads_of_sites(conn)?,
        };
        Ok(Self {
            site,
            moment,
            heads,
            until: OnceLock::new(),
        })
    }

    /// Where the trail of one of its sites stands.
    pub fn head(&self, site: SiteId) -> Option<&Head> {
        let mut heads = self.heads.iter();
        heads.find(|(id, _)| *id == site).map(|(_, head)| head)
    }

    /// As it is kept with what was made at it.
    fn stamp(&self, conn: &mut Conn) -> Result<Self> {
        if self.until.get().is_none() {
            let until = racks::first_end(conn, self.site, self.moment.now)?;
            self.until.get_or_init(|| until);
        }
        Ok(self.clone())
    }

    /// Whether what was made at it still holds.
    fn holds(&self, now: &Self) -> bool {
        let until = self.until.get().copied().flatten();
        self.heads == now.heads
            && self.moment.days == now.moment.days
            && self.moment.now <= now.moment.now
            && until.is_none_or(|until| now.moment.now < until)
    }
}

/// As they are committed, in the reading transaction of `conn`.
pub fn totals(db: &Db, conn: &mut Conn, filter: &RackFilter, at: &Stand) -> Result<RackTotals> {
    let holds = |made_at: &Stand| made_at.holds(at);
    let found = kept(db, Kind::RackTotals, filter.clone(), holds, || {
        let totals = racks::totals(conn, filter, &at.moment)?;
        Ok((at.stamp(conn)?, totals))
    })?;
    Ok(*found)
}

/// Racks in the order of a page, with the names around them.
pub struct Shown {
    pub rows: Vec<Listed>,
    pub names: RackNames,
}

/// A page, in the reading transaction of `conn`; `known`: names that were read at the same stand.
pub fn page(
    db: &Db,
    conn: &mut Conn,
    (filter, page): (&RackFilter, &RackPage),
    at: &Stand,
    known: &RackNames,
) -> Result<Arc<Shown>> {
    let key = (filter.clone(), page.clone());
    let holds = |made_at: &Stand| made_at.holds(at);
    kept(db, Kind::RackPage, key, holds, || {
        let rows = racks::page(conn, filter, &at.moment, page)?;
        let names = racks::names_beside(conn, &rows, known.clone())?;
        Ok((at.stamp(conn)?, Shown { rows, names }))
    })
}

/// What a list is narrowed to, as far as that changes what it offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within {
    pub site: SiteId,
    pub hall: Option<HallId>,
    pub feed: Option<NodeId>,
}

/// What there is to choose from, as `make` finds it in the reading transaction that the caller is in.
pub fn choices<T: Send + Sync + 'static>(
    db: &Db,
    within: Within,
    head: &Head,
    make: impl FnOnce() -> Result<T>,
) -> Result<Arc<T>> {
    let holds = |stamp: &Head| stamp == head;
    kept(db, Kind::RackChoices, within, holds, || {
        Ok((head.clone(), make()?))
    })
}
