//! One effect for one key: a program that asks again gets the first answer again.
//!
//! The effect, its row in the trail and the answer that is kept for the key are written in one
//! transaction. A crash at any moment leaves all of them or none: whoever asks again then either gets
//! the answer, or does the work that was never done. Claiming the key before the work would leave a
//! claim without an answer where the process dies between; keeping the answer after it, a double.

pub use crate::db::identity::answers::KEPT_HOURS;
use crate::db::identity::answers::{self, Row};
use crate::db::trail::Change;
use crate::db::{Chain, Db};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::Actor;
use crate::domain::identity::scope::ApiTokenKind;
use crate::domain::ids::ApiTokenId;
use crate::error::Result;
use crate::services::identity::api_tokens::Holder;
use sha2::{Digest, Sha256};

/// What a program asks, so that the same is known again.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Whose key it is: each has keys of its own.
    pub owner: String,
    pub key: String,
    pub digest: String,
    /// A machine has no user to stand in the trail: its token does.
    pub machine: Option<ApiTokenId>,
}

impl Asked {
    pub fn new(holder: &Holder, key: &str, path: &str, body: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update((path.len() as u64).to_be_bytes());
        hasher.update(path.as_bytes());
        hasher.update(body);
        Self {
            owner: holder.owner(),
            key: key.to_owned(),
            digest: hex::encode(hasher.finalize()),
            machine: (holder.kind == ApiTokenKind::Machine).then_some(holder.token),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub status: u16,
    pub location: Option<String>,
    /// JSON, byte for byte as it was sent first.
    pub body: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    First(Answered),
    Again(Answered),
    /// The key came with another body before.
    Otherwise,
}

/// `work` writes through the database that it is given, in one chain, and returns the answer to
/// keep. What it fails with is not kept: it left nothing behind and may be tried again.
pub fn once(
    db: &Db,
    now: Instant,
    chain: Chain,
    asked: &Asked,
    mut work: impl FnMut(&Db) -> Result<Answered>,
) -> Result<Outcome> {
    db.together(chain, |db| {
        if let Some(row) = kept(db, now, asked)? {
            return Ok(row);
        }
        let answered = work(db)?;
        if let Some(token) = asked.machine {
            note(db, now, chain, token, &answered)?;
        }
        let row = Row {
            owner: asked.owner.clone(),
            once_key: asked.key.clone(),
            digest: asked.digest.clone(),
            status: answered.status.into(),
            location: answered.location.clone(),
            body: answered.body.clone(),
            expires_at: now.plus_hours(KEPT_HOURS),
        };
        answers::insert(&mut *db.get()?, &row)?;
        Ok(Outcome::First(answered))
    })
}

fn note(db: &Db, now: Instant, chain: Chain, token: ApiTokenId, done: &Answered) -> Result<()> {
    db.write(chain, |tx| {
        let change = Change {
            action: "act",
            noun: "api_token",
            id: token.0,
            before: &(),
            after: &(done.status, &done.location),
        };
        tx.record(&Actor::HOUSE, now, change)
    })
}

/// What is kept for a key already: answers also where the thing that was asked about is gone.
pub fn kept(db: &Db, now: Instant, asked: &Asked) -> Result<Option<Outcome>> {
    let conn = &mut *db.get()?;
    let Some(row) = answers::get(conn, &asked.owner, &asked.key)? else {
        return Ok(None);
    };
    if row.expires_at <= now {
        answers::delete(conn, &asked.owner, &asked.key)?;
        return Ok(None);
    }
    if row.digest != asked.digest {
        return Ok(Some(Outcome::Otherwise));
    }
    Ok(Some(Outcome::Again(Answered {
        status: u16::try_from(row.status).unwrap_or(500),
        location: row.location,
        body: row.body,
    })))
}
