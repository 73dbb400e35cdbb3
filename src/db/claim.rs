//! The one-time key of a filled-in form, kept by the very transaction that does its work: after a
//! crash either both are there or neither is.

use super::{Conn, Tx};
use crate::db::identity::answers::{self, Row};
use crate::domain::calendar::Instant;
use crate::domain::ids::UserId;
use crate::error::{Error, Result};
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(Debug)]
pub struct Claim {
    key: String,
    user: UserId,
    at: Instant,
    taken: AtomicBool,
}

impl Claim {
    pub fn new(key: &str, user: UserId, at: Instant) -> Self {
        Self {
            key: key.to_owned(),
            user,
            at,
            taken: AtomicBool::new(false),
        }
    }

    /// Whether a write in the form's name was committed.
    pub fn is_taken(&self) -> bool {
        self.taken.load(Ordering::SeqCst)
    }

    pub(super) fn committed(&self) {
        self.taken.store(true, Ordering::SeqCst);
    }

    fn row(&self, about: &str) -> Row {
        Row::of_form(&self.key, self.user, about, self.at)
    }

    /// Errors: `Repeated` where another submit of the form was committed.
    pub(super) fn ensure_new(&self, conn: &mut Conn) -> Result<()> {
        let row = self.row("");
        match answers::get(conn, &row.owner, &row.once_key)? {
            Some(_) => Err(Error::Repeated),
            None => Ok(()),
        }
    }

    /// Notes the key with the noun that the work was about first (`payment 7`), until it has an answer.
    pub(super) fn take(&self, tx: &mut Tx) -> Result<()> {
        let row = self.row(tx.about.as_deref().unwrap_or_default());
        if answers::insert_once(tx.conn, &row)? {
            Ok(())
        } else {
            Err(Error::Repeated)
        }
    }
}
