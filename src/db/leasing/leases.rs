//! Leases: their terms over time, and events on them.

use crate::db::Conn;
use crate::db::schema::{allocations, lease_events, lease_terms, leases, tenants};
use crate::domain::calendar::{Instant, Month, Span, Window};
use crate::domain::ids::*;
use crate::domain::units::Watts;
use crate::error::{Result, found};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Serialize;

#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = leases)]
#[diesel(treat_none_as_null = true)]
pub struct Lease {
    #[diesel(skip_insertion)]
    pub id: LeaseId,
    pub number: String,
    pub reservation_id: ReservationId,
    pub tenant_id: TenantId,
    pub site_id: SiteId,
    pub plan_id: PlanId,
    pub start_date: NaiveDate,
    pub end_date: Option<NaiveDate>,
    pub payment_days: i64,
    pub notice_days: i64,
    pub billing_email: String,
    pub signed_at: Instant,
    pub signed_by: Option<UserId>,
    pub notice_at: Option<Instant>,
    pub notice_by: Option<UserId>,
}

impl Lease {
    /// Its local dates.
    pub fn term(&self) -> Window {
        Window {
            from: self.start_date,
            to: self.end_date,
        }
    }
}

#[derive(Clone, Debug, Queryable, Insertable, Serialize)]
#[diesel(table_name = lease_terms)]
pub struct LeaseTerm {
    pub lease_id: LeaseId,
    pub from_date: NaiveDate,
    pub contracted_watts: Watts,
}

/// Power that a lease could not draw: `cause` is `host`, `curtailment` or `tenant`.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = lease_events)]
#[diesel(treat_none_as_null = true)]
pub struct LeaseEvent {
    #[diesel(skip_insertion)]
    pub id: EventId,
    pub lease_id: LeaseId,
    pub tenant_id: TenantId,
    pub site_id: SiteId,
    pub from_at: Instant,
    pub to_at: Instant,
    pub watts: Watts,
    pub cause: String,
    pub note: String,
    pub created_at: Instant,
    pub created_by: Option<UserId>,
    pub removed_at: Option<Instant>,
    pub removed_by: Option<UserId>,
}

pub fn get(conn: &mut Conn, id: LeaseId) -> Result<Lease> {
    found(leases::table.find(id).first(conn).optional()?)
}

pub fn all(conn: &mut Conn) -> Result<Vec<Lease>> {
    Ok(leases::table.order(leases::id).load(conn)?)
}

pub fn by_number(conn: &mut Conn, number: &str) -> Result<Option<Lease>> {
    Ok(leases::table
        .filter(leases::number.eq(number))
        .first(conn)
        .optional()?)
}

pub fn by_reservation(conn: &mut Conn, id: ReservationId) -> Result<Option<Lease>> {
    Ok(leases::table
        .filter(leases::reservation_id.eq(id))
        .first(conn)
        .optional()?)
}

/// The latest first.
pub fn of_tenant(conn: &mut Conn, id: TenantId) -> Result<Vec<Lease>> {
    Ok(leases::table
        .filter(leases::tenant_id.eq(id))
        .order(leases::id.desc())
        .load(conn)?)
}

pub fn insert(conn: &mut Conn, row: &Lease) -> Result<LeaseId> {
    Ok(diesel::insert_into(leases::table)
        .values(row)
        .returning(leases::id)
        .get_result(conn)?)
}

pub fn update(conn: &mut Conn, row: &Lease) -> Result<()> {
    diesel::update(leases::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

pub fn terms(conn: &mut Conn, id: LeaseId) -> Result<Vec<LeaseTerm>> {
    Ok(lease_terms::table
        .filter(lease_terms::lease_id.eq(id))
        .order(lease_terms::from_date)
        .load(conn)?)
}

pub fn insert_term(conn: &mut Conn, row: &LeaseTerm) -> Result<()> {
    diesel::insert_into(lease_terms::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Events that were not taken back, in order of time.
pub fn events(conn: &mut Conn, id: LeaseId) -> Result<Vec<LeaseEvent>> {
    Ok(lease_events::table
        .filter(
            lease_events::lease_id
                .eq(id)
                .and(lease_events::removed_at.is_null()),
        )
        .order((lease_events::from_at, lease_events::id))
        .load(conn)?)
}

/// Events of a site's leases that reach into the span, in order of time.
pub fn events_of_site(conn: &mut Conn, site: SiteId, span: Span) -> Result<Vec<LeaseEvent>> {
    Ok(lease_events::table
        .filter(lease_events::site_id.eq(site))
        .filter(lease_events::removed_at.is_null())
        .filter(lease_events::from_at.lt(span.to))
        .filter(lease_events::to_at.gt(span.from))
        .order((lease_events::from_at, lease_events::id))
        .load(conn)?)
}

/// The same of the leases that have units on a rack.
pub fn events_on_rack(conn: &mut Conn, rack: RackId, span: Span) -> Result<Vec<LeaseEvent>> {
    let here = allocations::table
        .filter(allocations::rack_id.eq(rack))
        .select(allocations::reservation_id);
    let on_rack = leases::table
        .filter(leases::reservation_id.eq_any(here))
        .select(leases::id);
    Ok(lease_events::table
        .filter(lease_events::lease_id.eq_any(on_rack))
        .filter(lease_events::removed_at.is_null())
        .filter(lease_events::from_at.lt(span.to))
        .filter(lease_events::to_at.gt(span.from))
        .order((lease_events::from_at, lease_events::id))
        .load(conn)?)
}

pub fn event(conn: &mut Conn, id: EventId) -> Result<LeaseEvent> {
    found(lease_events::table.find(id).first(conn).optional()?)
}

pub fn insert_event(conn: &mut Conn, row: &LeaseEvent) -> Result<EventId> {
    Ok(diesel::insert_into(lease_events::table)
        .values(row)
        .returning(lease_events::id)
        .get_result(conn)?)
}

pub fn update_event(conn: &mut Conn, row: &LeaseEvent) -> Result<()> {
    diesel::update(lease_events::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

/// How many leases have a number that starts so.
pub fn count_numbered(conn: &mut Conn, prefix: &str) -> Result<i64> {
    Ok(leases::table
        .filter(leases::number.like(format!("{prefix}%")))
        .count()
        .get_result(conn)?)
}

/// Leases with an active day in the month and their tenants' names, by tenant and number.
pub fn of_month(conn: &mut Conn, month: Month) -> Result<Vec<(Lease, String)>> {
    let not_over = leases::end_date
        .is_null()
        .or(leases::end_date.gt(month.first()));
    Ok(leases::table
        .inner_join(tenants::table.on(tenants::id.eq(leases::tenant_id)))
        .filter(leases::start_date.lt(month.end()))
        .filter(not_over)
        .order((tenants::name_folded, leases::id))
        .select((leases::all_columns, tenants::name))
        .load(conn)?)
}
