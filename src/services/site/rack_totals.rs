//! Totals over all racks that a list is narrowed to, kept by a process from one request to the next.
//!
//! Nothing here is believed: the totals of a filter hold while the trails of the sites that they are
//! of stand where they stood, no hold has run out and no day has begun. So a list of many racks costs
//! what its page costs, whatever the number of racks.

use crate::db::site::racks::{self, Moment, RackFilter, RackTotals};
use crate::db::trail::{self, Head};
use crate::db::{Chain, Conn, Db};
use crate::domain::calendar::Instant;
use crate::domain::ids::SiteId;
use crate::error::Result;
use std::sync::Arc;

/// Among what a process keeps; sites count from 1.
const KEPT: i64 = -1;
/// Filters whose totals are kept; those asked for last.
const MOST: usize = 32;

struct Totals {
    filter: RackFilter,
    moment: Moment,
    heads: Vec<(SiteId, Head)>,
    /// When the first hold ends.
    until: Option<Instant>,
    totals: RackTotals,
}

impl Totals {
    fn holds(&self, filter: &RackFilter, moment: &Moment, heads: &[(SiteId, Head)]) -> bool {
        self.filter == *filter
            && self.heads == heads
            && self.moment.days == moment.days
            && self.moment.now <= moment.now
            && self.until.is_none_or(|until| moment.now < until)
    }
}

/// Where the trails stand of the site that a list is of, or of all.
pub fn heads(conn: &mut Conn, site: Option<SiteId>) -> Result<Vec<(SiteId, Head)>> {
    match site {
        Some(site) => Ok(vec![(site, trail::head(conn, Chain::Site(site).key())?)]),
        None => trail::heads_of_sites(conn),
    }
}

/// As they are committed, in the reading transaction of `conn`.
pub fn totals(
    db: &Db,
    conn: &mut Conn,
    filter: &RackFilter,
    moment: &Moment,
    heads: &[(SiteId, Head)],
) -> Result<RackTotals> {
    let kept = db.kept().get::<Vec<Arc<Totals>>>(KEPT);
    let mut all = kept.map_or(vec![], |kept| kept.to_vec());
    if let Some(known) = all.iter().find(|it| it.holds(filter, moment, heads)) {
        return Ok(known.totals);
    }
    let totals = racks::totals(conn, filter, moment)?;
    all.retain(|it| it.filter != *filter);
    if all.len() == MOST {
        all.remove(0);
    }
    all.push(Arc::new(Totals {
        until: racks::first_end(conn, filter.site, moment.now)?,
        filter: filter.clone(),
        moment: moment.clone(),
        heads: heads.to_vec(),
        totals,
    }));
    // What an open transaction wrote is nobody else's yet.
    if !db.is_inside() {
        db.kept().put(KEPT, Arc::new(all));
    }
    Ok(totals)
}
