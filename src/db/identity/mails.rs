//! The outbox: mails that were written inside a use case and are sent after it.

use crate::db::Conn;
use crate::db::schema::mails;
use crate::domain::calendar::Instant;
use crate::domain::identity::MailState;
use crate::domain::ids::{InvoiceId, MailId, TenantId};
use crate::error::{Result, found};
use diesel::prelude::*;
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, Serialize)]
#[diesel(table_name = mails)]
pub struct Mail {
    #[diesel(skip_insertion)]
    pub id: MailId,
    pub kind: String,
    pub to_address: String,
    pub locale: String,
    pub subject: String,
    #[serde(skip)]
    pub body: String,
    /// The invoice whose documents are attached when the mail is sent.
    pub invoice_id: Option<InvoiceId>,
    pub tenant_id: Option<TenantId>,
    pub state: MailState,
    pub attempts: i32,
    /// When it is sent or tried again; while it is being sent, when another process may take it.
    pub next_at: Instant,
    pub last_error: String,
    pub created_at: Instant,
    pub sent_at: Option<Instant>,
}

pub fn get(conn: &mut Conn, id: MailId) -> Result<Mail> {
    found(mails::table.find(id).first(conn).optional()?)
}

pub fn insert(conn: &mut Conn, row: &Mail) -> Result<MailId> {
    Ok(diesel::insert_into(mails::table)
        .values(row)
        .returning(mails::id)
        .get_result(conn)?)
}

pub fn due(conn: &mut Conn, now: Instant, most: i64) -> Result<Vec<Mail>> {
    Ok(mails::table
        .filter(mails::state.eq(MailState::Waiting))
        .filter(mails::next_at.le(now))
        .order((mails::next_at, mails::id))
        .limit(most)
        .load(conn)?)
}

/// Takes a due mail until `until`; `false` where another process was quicker.
pub fn claim(conn: &mut Conn, mail: &Mail, until: Instant) -> Result<bool> {
    let taken = diesel::update(
        mails::table
            .find(mail.id)
            .filter(mails::state.eq(MailState::Waiting))
            .filter(mails::next_at.eq(mail.next_at))
            .filter(mails::attempts.eq(mail.attempts)),
    )
    .set((
        mails::next_at.eq(until),
        mails::attempts.eq(mail.attempts + 1),
    ))
    .execute(conn)?;
    Ok(taken == 1)
}

/// `body`: what is kept of it, without the secret of its link.
pub fn mark_sent(conn: &mut Conn, id: MailId, body: &str, now: Instant) -> Result<()> {
    diesel::update(mails::table.find(id))
        .set((
            mails::state.eq(MailState::Sent),
            mails::sent_at.eq(now),
            mails::body.eq(body),
            mails::last_error.eq(""),
        ))
        .execute(conn)?;
    Ok(())
}

/// `again_at: None` gives up.
pub fn mark_unsent(
    conn: &mut Conn,
    id: MailId,
    again_at: Option<Instant>,
    error: &str,
) -> Result<()> {
    let state = match again_at {
        Some(_) => MailState::Waiting,
        None => MailState::Failed,
    };
    let change = (mails::state.eq(state), mails::last_error.eq(error));
    match again_at {
        Some(at) => diesel::update(mails::table.find(id))
            .set((change, mails::next_at.eq(at)))
            .execute(conn)?,
        None => diesel::update(mails::table.find(id))
            .set(change)
            .execute(conn)?,
    };
    Ok(())
}

/// Puts a mail that was given up, or waits for a later try, in line for now.
pub fn requeue(conn: &mut Conn, id: MailId, now: Instant) -> Result<()> {
    diesel::update(mails::table.find(id))
        .set((
            mails::state.eq(MailState::Waiting),
            mails::attempts.eq(0),
            mails::next_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

pub fn count(conn: &mut Conn, state: MailState) -> Result<i64> {
    Ok(mails::table
        .filter(mails::state.eq(state))
        .count()
        .get_result(conn)?)
}

/// Mails that carry an invoice, latest first.
pub fn of_invoice(conn: &mut Conn, invoice: InvoiceId) -> Result<Vec<Mail>> {
    Ok(mails::table
        .filter(mails::invoice_id.eq(invoice))
        .order(mails::id.desc())
        .load(conn)?)
}
