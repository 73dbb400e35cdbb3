//! Signing in: the same answer and the same time whoever is asked for, and a wait after failures.

use super::api_tokens::of_tokens;
use super::secrets::Turn;
use crate::db::identity::users::{self, User};
use crate::db::identity::{attempts, sessions};
use crate::db::{Conn, Db};
use crate::domain::calendar::Instant;
use crate::domain::identity::details::fold_email;
use crate::domain::identity::throttle::{PER_ADDRESS, PER_EMAIL, longer};
use crate::domain::message::Message;
use crate::error::{Error, Result};

/// Longer input is no password of ours, and not worth hashing.
const LONGEST_INPUT: usize = 1_000;

/// Which door was tried: each has failures of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    SignIn,
    Reset,
}

/// The user, where e-mail and password fit; `address` is the network address that asks.
///
/// Errors: `Rule` "wrong e-mail or password", or how long to wait.
pub fn sign_in(db: &Db, now: Instant, email: &str, password: &str, address: &str) -> Result<User> {
    let email = fold_email(email);
    let turn = Turn::take();
    let attempt = knock(&mut *db.get()?, Door::SignIn, &email, address, now)?;
    let user = users::by_email(&mut *db.get()?, &email)?;
    let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
    let fits = password.len() <= LONGEST_INPUT && turn.verify(password, hash);
    let Some(user) = user.filter(|user| fits && user.active) else {
        return Err(Error::rule("identity-sign-in-wrong"));
    };
    let mut conn = db.get()?;
    attempts::delete(&mut conn, attempt)?;
    attempts::delete_of_email(&mut conn, &email)?;
    // Not before: who signs in beside this one would count it as a failure.
    drop(turn);
    users::touch_signed_in(&mut conn, user.id, now)?;
    Ok(user)
}

/// Counts an attempt as failed until it succeeds, so that guesses side by side count too.
/// Returns its id; an attempt that has to wait does not prolong the wait.
pub fn knock(conn: &mut Conn, door: Door, email: &str, address: &str, now: Instant) -> Result<i64> {
    let (email, address) = match door {
        Door::SignIn => (email.to_owned(), address.to_owned()),
        Door::Reset => (format!("reset {email}"), format!("reset {address}")),
    };
    let email: String = email.chars().take(300).collect();
    let id = attempts::insert(conn, &email, &address, now)?;
    let of_email = attempts::of_email(conn, &email, PER_EMAIL.since(now), id)?;
    let of_address = attempts::of_address(conn, &address, PER_ADDRESS.since(now), id)?;
    let wait = longer(
        PER_EMAIL.wait_until(&of_email, now),
        PER_ADDRESS.wait_until(&of_address, now),
    );
    match wait {
        None => Ok(id),
        Some(until) => {
            attempts::delete(conn, id)?;
            let minutes = (until.0 - now.0 + 59) / 60;
            Err(Error::Rule(
                Message::new("identity-sign-in-wait").with("minutes", minutes),
            ))
        }
    }
}

/// Seconds to wait after too many wrong tokens from an address.
pub fn wait_of_tokens(conn: &mut Conn, address: &str, now: Instant) -> Result<Option<i64>> {
    let since = PER_ADDRESS.since(now);
    let failed = attempts::of_address(conn, &of_tokens(address), since, 0)?;
    let until = PER_ADDRESS.wait_until(&failed, now);
    Ok(until.map(|until| (until.0 - now.0).max(1)))
}

/// Ends every session of a user at once, on every device.
pub fn end_all_sessions(conn: &mut Conn, user: &mut User) -> Result<()> {
    user.session_epoch += 1;
    sessions::delete_of_user(conn, user.id)?;
    Ok(())
}
