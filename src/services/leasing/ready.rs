//! A site with its live bookings, kept by a process from one request to the next.
//!
//! Nothing here is believed: each time, inside the transaction that asks, the head of the site's
//! trail is compared with the one that it was loaded at. Every change of a site and of its bookings
//! leaves a row there, whatever process made it; so an equal head is an equal site. Restrictions
//! belong to a region: theirs is the last such row of the operator's trail. Whatever differs, the
//! site is loaded anew.

use super::house::House;
use crate::db::leasing::conflicts;
use crate::db::leasing::reservations::Reservation;
use crate::db::leasing::stand::{Stand, stand};
use crate::db::trail::Head;
use crate::db::{Chain, Conn, Db, Tx};
use crate::domain::calendar::Instant;
use crate::domain::ids::{SiteId, TenantId};
use crate::domain::leasing::place::{Demand, Placements, Standing};
use crate::domain::leasing::state::ReservationState;
use crate::domain::site::Redundancy;
use crate::error::{Error, Result};
use chrono::NaiveDate;
use std::sync::Arc;

/// The house, its live reservations in the order of their numbers, and the same for `place`.
#[derive(Clone)]
pub struct Ready {
    pub house: Arc<House>,
    pub reservations: Vec<Reservation>,
    pub standing: Standing<'static>,
    /// Whether something is in conflict: opening and closing leave rows in the site's trail too.
    pub conflicts: bool,
    head: Head,
    rules: Head,
    /// It holds from this moment on, until the first hold ends.
    since: Instant,
    until: Option<Instant>,
}

impl Ready {
    /// The site as it is committed, in the reading transaction of `conn`.
    pub fn load(db: &Db, conn: &mut Conn, id: SiteId, now: Instant) -> Result<Arc<Self>> {
        let stand = stand(conn, id, TenantId(0))?;
        Self::at(db, conn, id, now, (stand.site, stand.rules))
    }

    /// The same for a writer in the site's line, before it writes anything; with the rule under which
    /// this tenant books.
    ///
    /// # Errors
    /// `NotFound` where there is no such tenant.
    pub fn within(
        db: &Db,
        tx: &mut Tx,
        (id, tenant): (SiteId, TenantId),
        now: Instant,
    ) -> Result<(Arc<Self>, Redundancy)> {
        let Stand {
            site,
            rules,
            redundancy,
        } = stand(tx.conn, id, tenant)?;
        let own = redundancy.ok_or(Error::NotFound)?;
        tx.stands_at(&site);
        let ready = Self::at(db, tx.conn, id, now, (site, rules))?;
        let rule = ready.house.site.redundancy.stricter(own);
        Ok((ready, rule))
    }

    fn at(
        db: &Db,
        conn: &mut Conn,
        id: SiteId,
        now: Instant,
        (head, rules): (Head, Head),
    ) -> Result<Arc<Self>> {
        let key = Chain::Site(id).key();
        let kept = db.kept().get::<Self>(key);
        if let Some(kept) = &kept
            && kept.holds(&head, &rules, now)
        {
            return Ok(kept.clone());
        }
        let newer = kept.is_some_and(|kept| kept.head.seq > head.seq);
        let ready = Arc::new(Self::anew(conn, id, now, NaiveDate::MAX, (head, rules))?);
        // A reader whose snapshot is older takes nothing away from the others; and what an open
        // transaction wrote is nobody else's yet.
        if !newer && !db.is_inside() {
            db.kept().put(key, ready.clone());
        }
        Ok(ready)
    }

    /// The same for what starts on a day: where that has passed, loaded anew with what stood there
    /// since, and kept by nobody.
    pub fn reaching(
        self: Arc<Self>,
        conn: &mut Conn,
        now: Instant,
        from: NaiveDate,
    ) -> Result<Arc<Self>> {
        if from >= self.house.since {
            return Ok(self);
        }
        let heads = (self.head.clone(), self.rules.clone());
        let ready = Self::anew(conn, self.house.site.id, now, from, heads)?;
        Ok(Arc::new(ready))
    }

    fn anew(
        conn: &mut Conn,
        id: SiteId,
        now: Instant,
        from: NaiveDate,
        (head, rules): (Head, Head),
    ) -> Result<Self> {
        let house = House::since(conn, id, now, from)?;
        let book = house.book(conn, now)?;
        let mut ready = Self {
            standing: Standing::owned(house.plan.clone(), book.bookings),
            conflicts: !conflicts::open_of_site(conn, id)?.is_empty(),
            house: Arc::new(house),
            reservations: vec![],
            head,
            rules,
            since: now,
            until: None,
        };
        ready.append(book.reservations);
        Ok(ready)
    }

    fn append(&mut self, rows: Vec<Reservation>) {
        let held = rows.iter().filter(|r| r.state == ReservationState::Held);
        let ends = held.map(|row| row.hold_until).chain(self.until);
        self.until = ends.min();
        self.reservations.extend(rows);
    }

    /// Whether nothing was written, nothing ran out and no day began since.
    fn holds(&self, head: &Head, rules: &Head, now: Instant) -> bool {
        self.head == *head
            && self.rules == *rules
            && self.since <= now
            && self.until.is_none_or(|until| now < until)
            && self.house.zone.date(now) == self.house.today
    }

    /// After the commit of what was decided on this, still in the site's line: the kept value
    /// follows, so that the next one need not read it.
    pub fn follow(db: &Db, id: SiteId, booked: &Booked) {
        let key = Chain::Site(id).key();
        let Some(mut kept) = db.kept().take::<Self>(key) else {
            return;
        };
        if kept.head != booked.before {
            return;
        }
        let ready = Arc::make_mut(&mut kept);
        if let Some((rows, demands, placed)) = &booked.accepted {
            // Where one stands says where it may be moved: those that moved are read anew.
            if !ready.house.offers.are_open() && !placed.moved.is_empty() {
                return;
            }
            ready.standing.accept(demands, placed);
            ready.append(rows.clone());
        }
        ready.head = booked.after.clone();
        db.kept().put(key, kept);
    }
}

/// What a transaction did to a site, from one head of its trail to another.
pub struct Booked {
    pub before: Head,
    pub after: Head,
    /// The new rows with their demands, and where they and those that moved stand.
    pub accepted: Option<(Vec<Reservation>, Vec<Demand>, Placements)>,
}
