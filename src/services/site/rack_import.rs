//! Racks from a file: tried first, then written as a whole or without the bad rows.

use super::guard::{Consent, ensure_kept};
use super::racks::write;
use crate::db::site::halls::{self, Hall, Row};
use crate::db::site::racks::Rack;
use crate::db::site::{cooling, power, racks};
use crate::db::trail::Change;
use crate::db::{Chain, Db, Tx};
use crate::domain::calendar::Instant;
use crate::domain::fold::fold;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::leasing::conflicts::CauseNoun;
use crate::error::{Error, Result, require};
use crate::import::racks::{RackRow, Racks};
use crate::import::{BadRow, Reason};
use crate::services::leasing::conflicts::Cause;
use serde::Serialize;
use std::collections::HashMap;

/// What a file of racks does, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    pub created: u64,
    pub updated: u64,
    pub same: u64,
    pub new_halls: u64,
    pub new_rows: u64,
    #[serde(skip)]
    pub bad: Vec<BadRow>,
    /// False for a dry run, and where bad rows stopped the whole file.
    pub written: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Say what would happen.
    DryRun,
    /// Write everything, or nothing where a row is bad.
    Whole,
    /// Write the good rows.
    GoodRows,
}

/// Missing halls and rows are created; feeds and zones must exist. Doing it again changes nothing.
pub fn import(
    db: &Db,
    who: &Actor,
    now: Instant,
    site: SiteId,
    file: &Racks,
    mode: Mode,
    consent: &Consent,
) -> Result<Report> {
    require(who, Permission::EditSite)?;
    let outcome = db.write(Chain::Site(site), |tx| {
        let mut names = Names::load(tx, site)?;
        let mut report = Report {
            bad: file.bad.clone(),
            ..Report::default()
        };
        for row in &file.rows {
            match names.take(tx, site, row, &mut report)? {
                Ok(()) => {}
                Err(bad) => report.bad.push(bad),
            }
        }
        report.bad.sort_by_key(|bad| bad.line);
        let stop = mode == Mode::DryRun || (mode == Mode::Whole && !report.bad.is_empty());
        if stop {
            return Err(Error::Undone(Box::new(report)));
        }
        if report.updated > 0 {
            let cause = Cause::new(CauseNoun::Import, site.0, "");
            ensure_kept(tx, who, now, &[site], &cause, consent)?;
        }
        report.written = true;
        let change = Change {
            action: "import",
            noun: "rack",
            id: site.0,
            before: &(),
            after: &report,
        };
        tx.record(who, now, change)?;
        Ok(report)
    });
    match outcome {
        // The work was done to find out, and rolled back.
        Err(Error::Undone(report)) => Ok(*report),
        other => other,
    }
}

/// Names of a site by their rows.
struct Names {
    halls: HashMap<String, HallId>,
    rows: HashMap<(HallId, String), RowId>,
    feeds: HashMap<String, NodeId>,
    zones: HashMap<String, ZoneId>,
    racks: HashMap<String, Rack>,
}

impl Names {
    fn load(tx: &mut Tx, site: SiteId) -> Result<Self> {
        Ok(Self {
            halls: halls::of_site(tx.conn, site)?
                .into_iter()
                .map(|h| (h.name, h.id))
                .collect(),
            rows: halls::rows_of_site(tx.conn, site)?
                .into_iter()
                .map(|r| ((r.hall_id, r.name), r.id))
                .collect(),
            feeds: power::of_site(tx.conn, site)?
                .into_iter()
                .map(|n| (n.name, n.id))
                .collect(),
            zones: cooling::of_site(tx.conn, site)?
                .into_iter()
                .map(|z| (z.name, z.id))
                .collect(),
            racks: racks::of_site(tx.conn, site)?
                .into_iter()
                .map(|r| (r.name.clone(), r))
                .collect(),
        })
    }

    fn take(
        &mut self,
        tx: &mut Tx,
        site: SiteId,
        row: &RackRow,
        report: &mut Report,
    ) -> Result<Result<(), BadRow>> {
        let unknown = |column, value: &str| {
            Ok(Err(BadRow::new(
                row.line,
                column,
                value,
                Reason::UnknownName,
            )))
        };
        let Some(&feed_a) = self.feeds.get(&row.feed_a) else {
            return unknown("feed_a", &row.feed_a);
        };
        let feed_b = match &row.feed_b {
            None => None,
            Some(name) => match self.feeds.get(name) {
                Some(&feed) if feed != feed_a => Some(feed),
                _ => return unknown("feed_b", name),
            },
        };
        let Some(&zone_id) = self.zones.get(&row.zone) else {
            return unknown("zone", &row.zone);
        };
        let hall_id = self.hall(tx, site, &row.hall, report)?;
        let row_id = self.row(tx, site, hall_id, &row.row, report)?;
        let before = self.racks.get(&row.rack);
        // Cells belong to a hall: a rack that changes it has none yet.
        let placed = before.filter(|r| r.hall_id == hall_id);
        let rack = Rack {
            id: before.map_or(RackId(0), |r| r.id),
            site_id: site,
            hall_id,
            row_id,
            name: row.rack.clone(),
            name_folded: fold(&row.rack),
            kind: row.kind,
            slots: row.slots,
            limit_watts: row.limit,
            phase: row.phase,
            feed_a,
            feed_b,
            zone_id,
            x: placed.and_then(|r| r.x),
            y: placed.and_then(|r| r.y),
            turn: placed.and_then(|r| r.turn),
        };
        match before {
            None => report.created += 1,
            Some(before) if same(before, &rack) => {
                report.same += 1;
                return Ok(Ok(()));
            }
            Some(_) => report.updated += 1,
        }
        write(tx, &rack)?;
        Ok(Ok(()))
    }

    fn hall(
        &mut self,
        tx: &mut Tx,
        site: SiteId,
        name: &str,
        report: &mut Report,
    ) -> Result<HallId> {
        if let Some(id) = self.halls.get(name) {
            return Ok(*id);
        }
        let hall = Hall {
            id: HallId(0),
            site_id: site,
            name: name.to_owned(),
            width: None,
            depth: None,
        };
        let id = halls::insert(tx.conn, &hall)?;
        self.halls.insert(name.to_owned(), id);
        report.new_halls += 1;
        Ok(id)
    }

    fn row(
        &mut self,
        tx: &mut Tx,
        site: SiteId,
        hall: HallId,
        name: &str,
        report: &mut Report,
    ) -> Result<RowId> {
        let key = (hall, name.to_owned());
        if let Some(id) = self.rows.get(&key) {
            return Ok(*id);
        }
        let row = Row {
            id: RowId(0),
            site_id: site,
            hall_id: hall,
            name: name.to_owned(),
        };
        let id = halls::insert_row(tx.conn, &row)?;
        self.rows.insert(key, id);
        report.new_rows += 1;
        Ok(id)
    }
}

fn same(a: &Rack, b: &Rack) -> bool {
    (a.hall_id, a.row_id, a.kind, a.slots, a.limit_watts)
        == (b.hall_id, b.row_id, b.kind, b.slots, b.limit_watts)
        && (a.phase, a.feed_a, a.feed_b, a.zone_id) == (b.phase, b.feed_a, b.feed_b, b.zone_id)
}
