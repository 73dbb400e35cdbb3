//! Links in mails: an invitation sets the first password, a reset a new one. Each works once.

use super::secrets::{Turn, new_token, token_hash};
use super::sign_in::{Door, end_all_sessions, knock};
use super::users::password_objection;
use crate::db::identity::tokens::{self, Token};
use crate::db::identity::users::{self, User};
use crate::db::trail::Change;
use crate::db::{Chain, Db, Tx};
use crate::domain::calendar::Instant;
use crate::domain::identity::TokenKind;
use crate::domain::identity::details::{check_email, fold_email};
use crate::error::{Error, Result};
use crate::services::outbox::{Draft, enqueue};

/// Seven days for an invitation, an hour for a reset.
fn lifetime_hours(kind: TokenKind) -> i64 {
    match kind {
        TokenKind::Invitation => 7 * 24,
        TokenKind::Reset => 1,
    }
}

/// The address of a link's page, below the public address of the house.
pub fn path(kind: TokenKind, token: &str) -> String {
    match kind {
        TokenKind::Invitation => format!("/invitations/{token}"),
        TokenKind::Reset => format!("/password-resets/{token}"),
    }
}

/// Writes the mail with a new link; earlier links of the user are closed.
pub(super) fn send(
    tx: &mut Tx,
    kind: TokenKind,
    user: &User,
    base_url: &str,
    now: Instant,
) -> Result<()> {
    let token = new_token();
    tokens::close_all(tx.conn, user.id, now)?;
    let row = Token {
        token_hash: token_hash(&token),
        user_id: user.id,
        kind,
        expires_at: now.plus_hours(lifetime_hours(kind)),
        used_at: None,
    };
    tokens::insert(tx.conn, &row)?;
    let link = format!("{}{}", base_url.trim_end_matches('/'), path(kind, &token));
    let draft = Draft {
        kind: kind.code(),
        to: &user.email,
        locale: &user.locale,
        args: &[
            ("name", &user.name),
            ("email", &user.email),
            ("link", &link),
        ],
        invoice: None,
        tenant: user.tenant_id,
    };
    enqueue(tx, &draft, now)?;
    Ok(())
}

/// Whom a link is for; `Rule` where it was used, is too old or never was.
pub fn holder(db: &Db, now: Instant, kind: TokenKind, token: &str) -> Result<User> {
    let conn = &mut *db.get()?;
    let open = tokens::get(conn, &token_hash(token), kind, now)?;
    let user = open
        .map(|open| users::get(conn, open.user_id))
        .transpose()?;
    user.filter(|user| user.active).ok_or_else(dead_link)
}

fn dead_link() -> Error {
    Error::rule("identity-link-dead")
}

/// Sets the password that a link allows to set, and ends the user's sessions everywhere.
pub fn set_password(
    db: &Db,
    now: Instant,
    kind: TokenKind,
    token: &str,
    password: &str,
) -> Result<User> {
    let user = holder(db, now, kind, token)?;
    password_objection("password", password, &user.email)?;
    let password_hash = Turn::take().hash(password)?;
    db.write(Chain::Operator, |tx| {
        let open = tokens::get(tx.conn, &token_hash(token), kind, now)?.ok_or_else(dead_link)?;
        let mut user = users::get(tx.conn, open.user_id)?;
        if !user.active {
            return Err(dead_link());
        }
        tokens::close_all(tx.conn, user.id, now)?;
        user.password_hash = Some(password_hash.clone());
        end_all_sessions(tx.conn, &mut user)?;
        users::update(tx.conn, &user)?;
        let change = Change {
            action: match kind {
                TokenKind::Invitation => "accept_invitation",
                TokenKind::Reset => "reset_password",
            },
            noun: "user",
            id: user.id.0,
            before: &(),
            after: &(),
        };
        tx.record(&user.actor(), now, change)?;
        Ok(user)
    })
}

/// Mails a reset link where the address belongs to somebody, and answers the same where not.
///
/// Errors: the address is none, or too many were asked for.
pub fn request_reset(
    db: &Db,
    now: Instant,
    base_url: &str,
    email: &str,
    address: &str,
) -> Result<()> {
    let email = fold_email(email);
    super::no_objections(check_email("email", &email).into_iter().collect())?;
    knock(&mut *db.get()?, Door::Reset, &email, address, now)?;
    db.write(Chain::Operator, |tx| {
        match users::by_email(tx.conn, &email)? {
            Some(user) if user.active => {
                send(tx, TokenKind::Reset, &user, base_url, now)?;
                let change = Change {
                    action: "request_reset",
                    noun: "user",
                    id: user.id.0,
                    before: &(),
                    after: &(),
                };
                tx.record(&user.actor(), now, change)
            }
            _ => Ok(()),
        }
    })
}
