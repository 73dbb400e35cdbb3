//! The outbox: mails are rows of the use case that causes them, and are sent after it.
//!
//! A crash between sending and marking sends a mail twice; none is lost.

use crate::db::identity::mails::{self, Mail};
use crate::db::trail::Change;
use crate::db::{Chain, Db, Tx};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::identity::{MailState, TokenKind};
use crate::domain::ids::{InvoiceId, MailId, TenantId};
use crate::error::{Error, Result, require};
use crate::mail::{Attachment, Letter, PostOffice, template};

/// Waits after each failed try; after the last one somebody has to look.
const BACKOFF_SECONDS: [i64; 5] = [60, 5 * 60, 30 * 60, 2 * 3_600, 12 * 3_600];
/// While a mail is being sent, no other process takes it.
const CLAIM_SECONDS: i64 = 5 * 60;
const AT_ONCE: i64 = 50;
const LONGEST_ERROR: usize = 500;

/// A mail to be: its words are `templates/email/<kind>/<locale>.txt`, filled with `args`.
pub struct Draft<'a> {
    pub kind: &'a str,
    pub to: &'a str,
    pub locale: &'a str,
    pub args: &'a [(&'a str, &'a str)],
    /// Its documents are attached when the mail is sent.
    pub invoice: Option<InvoiceId>,
    pub tenant: Option<TenantId>,
}

/// What one round of deliveries did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub sent: usize,
    pub put_off: usize,
    pub failed: usize,
}

impl Report {
    /// Counts a try that failed: `None` gave up.
    pub fn unsent(&mut self, again_at: Option<Instant>) {
        match again_at {
            Some(_) => self.put_off += 1,
            None => self.failed += 1,
        }
    }
}

/// Makes an invoice's documents at the time of sending.
pub type Documents<'a> = dyn Fn(InvoiceId) -> Result<Vec<Attachment>> + 'a;

/// Writes a mail with the transaction that causes it.
pub fn enqueue(tx: &mut Tx, draft: &Draft, now: Instant) -> Result<MailId> {
    let (subject, body) = template::fill(draft.kind, draft.locale, draft.args)?;
    let row = Mail {
        id: MailId(0),
        kind: draft.kind.to_owned(),
        to_address: draft.to.to_owned(),
        locale: draft.locale.to_owned(),
        subject,
        body,
        invoice_id: draft.invoice,
        tenant_id: draft.tenant,
        state: MailState::Waiting,
        attempts: 0,
        next_at: now,
        last_error: String::new(),
        created_at: now,
        sent_at: None,
    };
    mails::insert(tx.conn, &row)
}

/// Sends what is due. Several processes may do so at once.
pub fn deliver_due(
    db: &Db,
    office: &PostOffice,
    documents: &Documents,
    now: Instant,
) -> Result<Report> {
    let mut report = Report::default();
    let due = mails::due(&mut *db.get()?, now, AT_ONCE)?;
    for mail in due {
        if !mails::claim(&mut *db.get()?, &mail, now.plus_seconds(CLAIM_SECONDS))? {
            continue;
        }
        match send(office, documents, &mail, now) {
            Ok(()) => {
                let kept = without_secret(&mail);
                mails::mark_sent(&mut *db.get()?, mail.id, &kept, now)?;
                report.sent += 1;
            }
            Err(error) => {
                tracing::warn!(mail = mail.id.0, kind = mail.kind, %error, "a mail was not sent");
                let wait = usize::try_from(mail.attempts)
                    .ok()
                    .and_then(|tries| BACKOFF_SECONDS.get(tries));
                let again_at = wait.map(|seconds| now.plus_seconds(*seconds));
                let words: String = error.to_string().chars().take(LONGEST_ERROR).collect();
                mails::mark_unsent(&mut *db.get()?, mail.id, again_at, &words)?;
                report.unsent(again_at);
            }
        }
    }
    Ok(report)
}

fn send(office: &PostOffice, documents: &Documents, mail: &Mail, now: Instant) -> Result<()> {
    let attachments = match mail.invoice_id {
        Some(invoice) => documents(invoice)?,
        None => vec![],
    };
    let letter = Letter {
        id: mail.id,
        kind: &mail.kind,
        to: &mail.to_address,
        subject: &mail.subject,
        body: &mail.body,
        attachments,
    };
    Ok(office.send(&letter, now)?)
}

/// Tries a mail again at once: one that was given up, or waits for a later try.
pub fn retry(db: &Db, who: &Actor, now: Instant, id: MailId) -> Result<()> {
    require(who, Permission::ViewOutbox)?;
    db.write(Chain::Operator, |tx| {
        let mail = mails::get(tx.conn, id)?;
        if mail.state == MailState::Sent {
            return Err(Error::rule("identity-mail-sent-already"));
        }
        mails::requeue(tx.conn, id, now)?;
        let change = Change {
            action: "retry",
            noun: "mail",
            id: id.0,
            before: &mail,
            after: &mails::get(tx.conn, id)?,
        };
        tx.record(who, now, change)
    })
}

/// A mail's text for the page: whoever sees the outbox must not be able to use somebody's link.
pub fn without_secret(mail: &Mail) -> String {
    if TokenKind::parse(&mail.kind).is_none() {
        return mail.body.clone();
    }
    let masked = |word: &str| {
        let secret = |part: &&str| part.len() == 64 && part.bytes().all(|b| b.is_ascii_hexdigit());
        match word.split('/').find(secret) {
            Some(token) => word.replace(token, "…"),
            None => word.to_owned(),
        }
    };
    mail.body
        .split_inclusive(char::is_whitespace)
        .map(|word| {
            let text = word.trim_end();
            format!("{}{}", masked(text), &word[text.len()..])
        })
        .collect()
}
