//! Programs that are told of incidents: their addresses, and messages that are rows of the use case
//! that causes them and are sent after it.
//!
//! A crash between sending and marking sends a message twice, with the same key; none is lost.

use crate::courier::{Courier, Failure, Message};
use crate::db::metering::alarms::Incident;
use crate::db::metering::webhooks::{self as rows, Delivery, Webhook};
use crate::db::site::sites::{self, Site};
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db, Tx};
use crate::domain::calendar::Instant;
use crate::domain::identity::MailState;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::metering::webhook::{Event, again_at, give_up_at, is_address};
use crate::error::{Error, Result, require};
use crate::services::identity::secrets::new_token;
use crate::services::outbox::Report;
use serde_json::{Value, json};
use std::collections::HashSet;

/// What every secret begins with, so that scanners of code know one that was left lying about.
pub const MARK: &str = "ink_whs_";
const MOST_OF_SITE: usize = 10;
/// While a message is being sent, no other process takes it: longer than a round of slow answers.
const CLAIM_SECONDS: i64 = 5 * 60;
const AT_ONCE: i64 = 10;
/// After one was given up the others wait so long.
const PAUSE_SECONDS: i64 = 60;
const LONGEST_ERROR: usize = 500;
const KEY_CHARS: usize = 32;

/// Adds an address and returns it with its secret: nobody will see that again. `form_key`: the
/// one-time key of the form that asks.
pub fn add(
    db: &Db,
    who: &Actor,
    now: Instant,
    site: SiteId,
    url: &str,
    form_key: &str,
) -> Result<Webhook> {
    require(who, Permission::EditSite)?;
    let maker = who.user.ok_or(Error::Forbidden)?;
    let url = url.trim();
    if !is_address(url) {
        return Err(Error::field("url", "webhook-error-url"));
    }
    let mut row = Webhook {
        id: WebhookId(0),
        site_id: site,
        url: url.to_owned(),
        secret: format!("{MARK}{}", new_token()),
        created_at: now,
        created_by: who.user,
    };
    // The first answer showed a secret that is not shown again: a form sent twice can not have it.
    let (db, _) = db.in_the_name_of(form_key, maker, now);
    let added = db.write(Chain::Site(site), |tx| {
        sites::get(tx.conn, site)?;
        let known = rows::of_site(tx.conn, site)?;
        if known.iter().any(|it| it.url == row.url) {
            return Err(Error::field("url", "webhook-error-known"));
        }
        if known.len() >= MOST_OF_SITE {
            return Err(Error::rule("webhook-error-many"));
        }
        let id = rows::insert(tx.conn, &row)?;
        let saved = Webhook { id, ..row.clone() };
        record(tx, who, now, "create", None, Some(&saved))?;
        Ok(id)
    });
    match added {
        Ok(id) => {
            row.id = id;
            Ok(row)
        }
        Err(Error::Repeated) => Err(Error::rule("webhook-error-twice")),
        Err(error) => Err(error),
    }
}

/// Takes an address away, with the messages to it. Returns its site.
pub fn remove(db: &Db, who: &Actor, now: Instant, id: WebhookId) -> Result<SiteId> {
    require(who, Permission::EditSite)?;
    let site = db.read(|conn| rows::get(conn, id))?.site_id;
    db.write(Chain::Site(site), |tx| {
        let row = rows::get(tx.conn, id)?;
        rows::delete(tx.conn, id)?;
        record(tx, who, now, "delete", Some(&row), None)?;
        Ok(site)
    })
}

fn record(
    tx: &mut Tx,
    who: &Actor,
    now: Instant,
    action: &str,
    before: Option<&Webhook>,
    after: Option<&Webhook>,
) -> Result<()> {
    let id = before.or(after).map_or(0, |row| row.id.0);
    let change = Change {
        action,
        noun: "webhook",
        id,
        before: &before,
        after: &after,
    };
    tx.record(who, now, change)
}

/// Promises a message that tells nothing, to see whether it arrives.
pub fn test(db: &Db, who: &Actor, now: Instant, id: WebhookId) -> Result<()> {
    require(who, Permission::EditSite)?;
    let site = db.read(|conn| rows::get(conn, id))?.site_id;
    db.write(Chain::Site(site), |tx| {
        let row = rows::get(tx.conn, id)?;
        let site = sites::get(tx.conn, site)?;
        promise(
            tx.conn,
            &row,
            Event::Test,
            None,
            &about(Event::Test, &site, now),
            now,
        )?;
        record(tx, who, now, "test", Some(&row), Some(&row))
    })
}

/// Sends a message again at once, whatever became of it: with the same key, signed anew.
pub fn send_again(db: &Db, who: &Actor, now: Instant, id: DeliveryId) -> Result<WebhookId> {
    require(who, Permission::EditSite)?;
    let site = db.read(|conn| rows::delivery(conn, id))?.site_id;
    db.write(Chain::Site(site), |tx| {
        let before = rows::delivery(tx.conn, id)?;
        rows::requeue(tx.conn, id, now, give_up_at(now))?;
        let change = Change {
            action: "retry",
            noun: "webhook_delivery",
            id: id.0,
            before: &before,
            after: &rows::delivery(tx.conn, id)?,
        };
        tx.record(who, now, change)?;
        Ok(before.webhook_id)
    })
}

/// Writes what is told with the transaction that causes it: one message an event and address.
pub fn announce(
    tx: &mut Tx,
    site: &Site,
    base_url: &str,
    news: &[(Event, Incident)],
    now: Instant,
) -> Result<()> {
    if news.is_empty() {
        return Ok(());
    }
    for webhook in rows::of_site(tx.conn, site.id)? {
        for (event, incident) in news {
            let mut body = about(*event, site, now);
            body["incident"] = told(incident);
            let link = format!("{}/alarms/{}", base_url.trim_end_matches('/'), incident.id);
            body["link"] = link.into();
            promise(tx.conn, &webhook, *event, Some(incident.id), &body, now)?;
        }
    }
    Ok(())
}

fn about(event: Event, site: &Site, now: Instant) -> Value {
    json!({
        "event": event,
        "at": now.to_string(),
        "site": {"id": site.id, "name": site.name},
    })
}

/// Values as people read them, instants in UTC.
fn told(it: &Incident) -> Value {
    let at = |at: Option<Instant>| at.map(|at| at.to_string());
    json!({
        "id": it.id,
        "kind": it.kind,
        "subject": it.subject,
        "label": it.label,
        "value": it.kind.turned(it.value),
        "limit": it.kind.turned(it.raise),
        "unit": it.kind.unit(),
        "raised_at": it.raised_at.to_string(),
        "cleared_at": at(it.cleared_at),
        "acknowledged_at": at(it.acknowledged_at),
        "note": it.note,
    })
}

fn promise(
    conn: &mut Conn,
    webhook: &Webhook,
    event: Event,
    incident: Option<IncidentId>,
    body: &Value,
    now: Instant,
) -> Result<DeliveryId> {
    let row = Delivery {
        id: DeliveryId(0),
        site_id: webhook.site_id,
        webhook_id: webhook.id,
        delivery_key: new_token().chars().take(KEY_CHARS).collect(),
        event,
        incident_id: incident,
        body: body.to_string(),
        state: MailState::Waiting,
        attempts: 0,
        next_at: now,
        give_up_at: give_up_at(now),
        last_error: String::new(),
        created_at: now,
        sent_at: None,
    };
    rows::insert_delivery(conn, &row)
}

/// Sends what is due. Several processes may do so at once. An address where nobody answers is left
/// alone until its message is tried again.
pub fn deliver_due(db: &Db, courier: &Courier, now: Instant) -> Result<Report> {
    let mut report = Report::default();
    let mut silent: HashSet<WebhookId> = HashSet::new();
    let due = rows::due(&mut *db.get()?, now, AT_ONCE)?;
    for (row, webhook) in due {
        let until = now.plus_seconds(CLAIM_SECONDS);
        if silent.contains(&webhook.id) || !rows::claim(&mut *db.get()?, &row, until)? {
            continue;
        }
        let message = Message {
            url: &webhook.url,
            secret: &webhook.secret,
            key: &row.delivery_key,
            event: row.event.code(),
            body: &row.body,
        };
        match courier.carry(&message, now) {
            Ok(()) => {
                rows::mark_sent(&mut *db.get()?, row.id, now)?;
                report.sent += 1;
            }
            Err(failure) => {
                let again_at = failed(&mut *db.get()?, &row, &failure, now)?;
                if matches!(failure, Failure::Silent(_)) {
                    silent.insert(webhook.id);
                }
                report.unsent(again_at);
            }
        }
    }
    Ok(report)
}

/// Notes a try that failed. When it is tried again, if it is.
fn failed(
    conn: &mut Conn,
    row: &Delivery,
    failure: &Failure,
    now: Instant,
) -> Result<Option<Instant>> {
    tracing::warn!(
        delivery = row.id.0,
        webhook = row.webhook_id.0,
        error = failure.words(),
        "a message to a program was not delivered"
    );
    let words: String = failure.words().chars().take(LONGEST_ERROR).collect();
    let again_at = again_at(row.attempts + 1, now, row.give_up_at);
    rows::mark_unsent(conn, row.id, again_at, &words)?;
    if matches!(failure, Failure::Silent(_)) {
        let pause = again_at.unwrap_or(now.plus_seconds(PAUSE_SECONDS));
        rows::wait_with(conn, row.webhook_id, now, pause, &words)?;
    }
    Ok(again_at)
}
