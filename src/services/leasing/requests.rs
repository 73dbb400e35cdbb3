//! Refused wishes, answered by staff.

use crate::db::leasing::requests::{self, Request};
use crate::db::trail::Change;
use crate::db::{Chain, Db};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::RequestId;
use crate::error::{Error, Result, require};

/// Closes a request with an answer that the tenant reads. Closing it again changes nothing.
pub fn close(db: &Db, who: &Actor, now: Instant, id: RequestId, answer: &str) -> Result<()> {
    let site = requests::get(&mut *db.get()?, id)?.site_id;
    db.write(Chain::Site(site), |tx| {
        let before = requests::get(tx.conn, id)?;
        if !who.sees(before.tenant_id) {
            return Err(Error::NotFound);
        }
        // A tenant may withdraw its own wish; an answer is the operator's.
        if who.tenant.is_none() {
            require(who, Permission::AnswerRequests)?;
            if answer.trim().is_empty() {
                return Err(Error::field("answer", "leasing-error-answer"));
            }
        }
        if before.state == requests::CLOSED {
            return Ok(());
        }
        let after = Request {
            state: requests::CLOSED.to_owned(),
            answer: answer.trim().to_owned(),
            closed_at: Some(now),
            closed_by: who.user,
            ..before.clone()
        };
        requests::update(tx.conn, &after)?;
        let change = Change {
            action: "close",
            noun: "request",
            id: id.0,
            before: &before,
            after: &after,
        };
        tx.record(who, now, change)
    })
}
