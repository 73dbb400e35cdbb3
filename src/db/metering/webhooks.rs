//! Addresses of programs that are told of incidents, and the messages to them.

use crate::db::Conn;
use crate::db::schema::{webhook_deliveries as deliveries, webhooks};
use crate::domain::calendar::Instant;
use crate::domain::identity::MailState;
use crate::domain::ids::*;
use crate::domain::metering::webhook::Event;
use crate::error::{Result, found};
use diesel::prelude::*;
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, Serialize)]
#[diesel(table_name = webhooks)]
pub struct Webhook {
    #[diesel(skip_insertion)]
    pub id: WebhookId,
    pub site_id: SiteId,
    pub url: String,
    /// Stays out of the trail.
    #[serde(skip)]
    pub secret: String,
    pub created_at: Instant,
    pub created_by: Option<UserId>,
}

pub fn get(conn: &mut Conn, id: WebhookId) -> Result<Webhook> {
    found(webhooks::table.find(id).first(conn).optional()?)
}

pub fn of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<Webhook>> {
    Ok(webhooks::table
        .filter(webhooks::site_id.eq(site))
        .order(webhooks::id)
        .load(conn)?)
}

pub fn insert(conn: &mut Conn, row: &Webhook) -> Result<WebhookId> {
    Ok(diesel::insert_into(webhooks::table)
        .values(row)
        .returning(webhooks::id)
        .get_result(conn)?)
}

/// With the messages to it.
pub fn delete(conn: &mut Conn, id: WebhookId) -> Result<()> {
    diesel::delete(deliveries::table.filter(deliveries::webhook_id.eq(id))).execute(conn)?;
    diesel::delete(webhooks::table.find(id)).execute(conn)?;
    Ok(())
}

/// A message and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, Serialize)]
#[diesel(table_name = deliveries)]
pub struct Delivery {
    #[diesel(skip_insertion)]
    pub id: DeliveryId,
    pub site_id: SiteId,
    pub webhook_id: WebhookId,
    /// The same however often it is sent.
    pub delivery_key: String,
    pub event: Event,
    pub incident_id: Option<IncidentId>,
    #[serde(skip)]
    pub body: String,
    pub state: MailState,
    pub attempts: i32,
    /// When it is sent or tried again; while it is being sent, when another process may take it.
    pub next_at: Instant,
    pub give_up_at: Instant,
    pub last_error: String,
    pub created_at: Instant,
    pub sent_at: Option<Instant>,
}

pub fn delivery(conn: &mut Conn, id: DeliveryId) -> Result<Delivery> {
    found(deliveries::table.find(id).first(conn).optional()?)
}

pub fn insert_delivery(conn: &mut Conn, row: &Delivery) -> Result<DeliveryId> {
    Ok(diesel::insert_into(deliveries::table)
        .values(row)
        .returning(deliveries::id)
        .get_result(conn)?)
}

/// The newest first, from before `before` on.
pub fn deliveries(
    conn: &mut Conn,
    webhook: WebhookId,
    before: Option<DeliveryId>,
    limit: i64,
) -> Result<Vec<Delivery>> {
    let before = before.unwrap_or(DeliveryId(i64::MAX));
    Ok(deliveries::table
        .filter(deliveries::webhook_id.eq(webhook))
        .filter(deliveries::id.lt(before))
        .order(deliveries::id.desc())
        .limit(limit)
        .load(conn)?)
}

/// How many messages to each address of a site wait or were given up.
pub fn unsent_of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<(WebhookId, MailState, i64)>> {
    Ok(deliveries::table
        .filter(deliveries::site_id.eq(site))
        .filter(deliveries::state.ne(MailState::Sent))
        .group_by((deliveries::webhook_id, deliveries::state))
        .select((
            deliveries::webhook_id,
            deliveries::state,
            diesel::dsl::count_star(),
        ))
        .load(conn)?)
}

/// What is due, with where it goes.
pub fn due(conn: &mut Conn, now: Instant, most: i64) -> Result<Vec<(Delivery, Webhook)>> {
    Ok(deliveries::table
        .inner_join(webhooks::table.on(webhooks::id.eq(deliveries::webhook_id)))
        .filter(deliveries::state.eq(MailState::Waiting))
        .filter(deliveries::next_at.le(now))
        .order((deliveries::next_at, deliveries::id))
        .limit(most)
        .select((deliveries::all_columns, webhooks::all_columns))
        .load(conn)?)
}

/// Takes a due message until `until`; `false` where another process was quicker.
pub fn claim(conn: &mut Conn, row: &Delivery, until: Instant) -> Result<bool> {
    let taken = diesel::update(
        deliveries::table
            .find(row.id)
            .filter(deliveries::state.eq(MailState::Waiting))
            .filter(deliveries::next_at.eq(row.next_at))
            .filter(deliveries::attempts.eq(row.attempts)),
    )
    .set((
        deliveries::next_at.eq(until),
        deliveries::attempts.eq(row.attempts + 1),
    ))
    .execute(conn)?;
    Ok(taken == 1)
}

pub fn mark_sent(conn: &mut Conn, id: DeliveryId, now: Instant) -> Result<()> {
    diesel::update(deliveries::table.find(id))
        .set((
            deliveries::state.eq(MailState::Sent),
            deliveries::sent_at.eq(now),
            deliveries::last_error.eq(""),
        ))
        .execute(conn)?;
    Ok(())
}

/// `again_at: None` gives up.
pub fn mark_unsent(
    conn: &mut Conn,
    id: DeliveryId,
    again_at: Option<Instant>,
    error: &str,
) -> Result<()> {
    let row = deliveries::table.find(id);
    let words = deliveries::last_error.eq(error);
    match again_at {
        Some(at) => diesel::update(row)
            .set((words, deliveries::next_at.eq(at)))
            .execute(conn)?,
        None => diesel::update(row)
            .set((words, deliveries::state.eq(MailState::Failed)))
            .execute(conn)?,
    };
    Ok(())
}

/// The others to an address that does not answer: they wait as long, and those whose time has come
/// are given up with it.
pub fn wait_with(
    conn: &mut Conn,
    webhook: WebhookId,
    now: Instant,
    again_at: Instant,
    error: &str,
) -> Result<()> {
    let due = || {
        deliveries::table
            .filter(deliveries::webhook_id.eq(webhook))
            .filter(deliveries::state.eq(MailState::Waiting))
            .filter(deliveries::next_at.le(now))
    };
    diesel::update(due().filter(deliveries::give_up_at.le(now)))
        .set((
            deliveries::state.eq(MailState::Failed),
            deliveries::last_error.eq(error),
        ))
        .execute(conn)?;
    diesel::update(due())
        .set(deliveries::next_at.eq(again_at))
        .execute(conn)?;
    Ok(())
}

/// Puts a message in line for now, whatever became of it.
pub fn requeue(conn: &mut Conn, id: DeliveryId, now: Instant, give_up_at: Instant) -> Result<()> {
    diesel::update(deliveries::table.find(id))
        .set((
            deliveries::state.eq(MailState::Waiting),
            deliveries::attempts.eq(0),
            deliveries::next_at.eq(now),
            deliveries::give_up_at.eq(give_up_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Throws away what is done with; returns how many.
pub fn delete_done_before(conn: &mut Conn, before: Instant) -> Result<usize> {
    Ok(diesel::delete(
        deliveries::table
            .filter(deliveries::state.ne(MailState::Waiting))
            .filter(deliveries::created_at.lt(before)),
    )
    .execute(conn)?)
}
