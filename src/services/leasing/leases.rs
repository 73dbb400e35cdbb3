//! A reservation becomes a lease, and a lease ends with notice.

use super::conflicts;
use crate::db::leasing::leases::{self, Lease, LeaseTerm};
use crate::db::leasing::reservations::{self, Reservation};
use crate::db::site::sites;
use crate::db::trail::Change;
use crate::db::{Chain, Db, Tx};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::identity::email::is_email;
use crate::domain::ids::{LeaseId, PlanId, ReservationId};
use crate::domain::leasing::state::{ReservationState, ReservationStatus, status};
use crate::domain::units::Watts;
use crate::error::{Error, Result, require};
use chrono::{Datelike, Days, NaiveDate};

pub const DEFAULT_PAYMENT_DAYS: i64 = 10;
pub const DEFAULT_NOTICE_DAYS: i64 = 30;

/// What both sides sign.
#[derive(Clone, Debug)]
pub struct Terms {
    /// None: everything that was reserved.
    pub contracted: Option<Watts>,
    pub plan: PlanId,
    pub payment_days: i64,
    pub notice_days: i64,
    pub billing_email: String,
}

/// Turns an assigned reservation into a lease, for the reservation's window.
pub fn sign(
    db: &Db,
    who: &Actor,
    now: Instant,
    id: ReservationId,
    terms: &Terms,
) -> Result<LeaseId> {
    require(who, Permission::SignLease)?;
    let site_id = reservations::get(&mut *db.get()?, id)?.site_id;
    db.write(Chain::Site(site_id), |tx| {
        let held = reservations::get(tx.conn, id)?;
        if let Some(lease) = leases::by_reservation(tx.conn, id)? {
            return Ok(lease.id);
        }
        signable(&held, now)?;
        let contracted = contracted(&held, terms)?;
        sane(terms)?;
        let lease = write_lease(tx, who, now, &held, terms)?;
        let term = LeaseTerm {
            lease_id: lease.id,
            from_date: lease.start_date,
            contracted_watts: contracted,
        };
        leases::insert_term(tx.conn, &term)?;
        let leased = Reservation {
            state: ReservationState::Leased,
            ..held
        };
        reservations::update(tx.conn, &leased)?;
        let change = Change {
            action: "sign",
            noun: "lease",
            id: lease.id.0,
            before: &(),
            after: &lease,
        };
        tx.record(who, now, change)?;
        Ok(lease.id)
    })
}

fn signable(held: &Reservation, now: Instant) -> Result<()> {
    match status(held.state, held.hold_until, held.assigned_at.is_some(), now) {
        ReservationStatus::Assigned => Ok(()),
        ReservationStatus::Held => Err(Error::rule("leasing-error-unassigned")),
        ReservationStatus::Expired => Err(Error::rule("leasing-error-expired")),
        ReservationStatus::Cancelled => Err(Error::rule("leasing-error-cancelled")),
        ReservationStatus::Leased => Err(Error::rule("leasing-error-leased")),
    }
}

/// At most what is held: a contract never sells more than the placement keeps free.
fn contracted(held: &Reservation, terms: &Terms) -> Result<Watts> {
    let all = Watts(held.units.saturating_mul(held.watts_each.0));
    let contracted = terms.contracted.unwrap_or(all);
    if contracted.0 <= 0 || contracted > all {
        return Err(Error::field("contracted", "leasing-error-contracted"));
    }
    Ok(contracted)
}

fn sane(terms: &Terms) -> Result<()> {
    if !(0..=365).contains(&terms.payment_days) {
        return Err(Error::field("payment_days", "leasing-error-days"));
    }
    if !(0..=365).contains(&terms.notice_days) {
        return Err(Error::field("notice_days", "leasing-error-days"));
    }
    if !is_email(&terms.billing_email) {
        return Err(Error::field("billing_email", "form-error-email"));
    }
    Ok(())
}

fn write_lease(
    tx: &mut Tx,
    who: &Actor,
    now: Instant,
    held: &Reservation,
    terms: &Terms,
) -> Result<Lease> {
    let site = sites::get(tx.conn, held.site_id)?;
    let prefix = format!("{}-{}-", site.code, site.zone().date(now).year());
    // Leases are never deleted and the site's writers stand in line: the count has no gaps.
    let number = format!(
        "{prefix}{:03}",
        leases::count_numbered(tx.conn, &prefix)? + 1
    );
    let mut lease = Lease {
        id: LeaseId(0),
        number,
        reservation_id: held.id,
        tenant_id: held.tenant_id,
        site_id: held.site_id,
        plan_id: terms.plan,
        start_date: held.from_date,
        end_date: held.to_date,
        payment_days: terms.payment_days,
        notice_days: terms.notice_days,
        billing_email: terms.billing_email.clone(),
        signed_at: now,
        signed_by: who.user,
        notice_at: None,
        notice_by: None,
    };
    lease.id = leases::insert(tx.conn, &lease)?;
    Ok(lease)
}

/// The first date on which this actor may end the lease: staff agree to any day from tomorrow on.
pub fn earliest_end(lease: &Lease, who: &Actor, today: NaiveDate) -> NaiveDate {
    let days = if who.role.is_tenant() {
        lease.notice_days.max(1)
    } else {
        1
    };
    let after_notice = today + Days::new(days.unsigned_abs());
    after_notice.max(lease.start_date + Days::new(1))
}

/// Ends a lease on `end` (exclusive): capacity from then on is free again.
pub fn give_notice(db: &Db, who: &Actor, now: Instant, id: LeaseId, end: NaiveDate) -> Result<()> {
    require(who, Permission::GiveNotice)?;
    let site_id = leases::get(&mut *db.get()?, id)?.site_id;
    db.write(Chain::Site(site_id), |tx| {
        let before = leases::get(tx.conn, id)?;
        if !who.sees(before.tenant_id) {
            return Err(Error::NotFound);
        }
        if before.end_date == Some(end) {
            return Ok(());
        }
        let today = sites::get(tx.conn, site_id)?.zone().date(now);
        if end < earliest_end(&before, who, today) {
            return Err(Error::field("end", "leasing-error-notice"));
        }
        if before.end_date.is_some_and(|ends| ends < end) {
            return Err(Error::field("end", "leasing-error-later"));
        }
        let after = Lease {
            end_date: Some(end),
            notice_at: Some(now),
            notice_by: who.user,
            ..before.clone()
        };
        leases::update(tx.conn, &after)?;
        let held = reservations::get(tx.conn, before.reservation_id)?;
        reservations::update(
            tx.conn,
            &Reservation {
                to_date: Some(end),
                ..held
            },
        )?;
        reservations::end_allocations(tx.conn, before.reservation_id, end)?;
        let change = Change {
            action: "notice",
            noun: "lease",
            id: id.0,
            before: &before,
            after: &after,
        };
        tx.record(who, now, change)?;
        conflicts::refresh(tx, who, now, site_id)
    })
}
