//! Tokens of programs: made once, shown once, revoked for good.

use super::secrets::{new_token, token_hash};
use super::sign_in::wait_of_tokens;
use crate::db::identity::api_tokens::{self as tokens, ApiToken};
use crate::db::identity::{attempts, tenants, users};
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db, Tx};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission, Role};
use crate::domain::identity::scope::{ApiTokenKind, Scopes};
use crate::domain::ids::{ApiTokenId, TenantId, UserId};
use crate::error::{Error, Result, require};

/// What every token begins with, so that scanners of code know one that was left lying about.
pub const MARK: &str = "ink_";
const SHOWN: usize = MARK.len() + 8;
const LONGEST_NAME: usize = 100;
/// A use is noted at most so often: reading must not become writing.
const NOTED_SECONDS: i64 = 60;

/// For whom a token is made.
#[derive(Clone, Copy, Debug)]
pub enum For {
    Myself,
    Machine {
        role: Role,
        tenant: Option<TenantId>,
    },
}

#[derive(Clone, Debug)]
pub struct NewToken {
    pub name: String,
    pub scopes: Scopes,
    pub expires_at: Option<Instant>,
    pub holder: For,
    /// The one-time key of the form that asks.
    pub form_key: String,
}

/// Makes a token and returns it: nobody will see it again.
pub fn create(db: &Db, who: &Actor, now: Instant, new: &NewToken) -> Result<String> {
    require(who, right(new.holder))?;
    let maker = who.user.ok_or(Error::Forbidden)?;
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(Error::field("name", "identity-token-name"));
    }
    if new.scopes.is_empty() {
        return Err(Error::field("scopes", "identity-token-scopes"));
    }
    let secret = format!("{MARK}{}", new_token());
    // The first answer showed a secret that is not kept: a form sent again can not have it.
    let (db, _) = db.in_the_name_of(&new.form_key, maker, now);
    let made = db.write(Chain::Operator, |tx| {
        let mut row = draft(tx.conn, maker, now, new, &secret)?;
        row.id = tokens::insert(tx.conn, &row)?;
        record(tx, who, now, "create", None, &row)
    });
    match made {
        Ok(()) => Ok(secret),
        Err(Error::Repeated) => Err(Error::rule("identity-token-twice")),
        Err(error) => Err(error),
    }
}

fn right(holder: For) -> Permission {
    match holder {
        For::Myself => Permission::SignedIn,
        For::Machine { .. } => Permission::ManageUsers,
    }
}

fn draft(
    conn: &mut Conn,
    maker: UserId,
    now: Instant,
    new: &NewToken,
    secret: &str,
) -> Result<ApiToken> {
    let (kind, user_id, role, tenant_id) = match new.holder {
        For::Myself => (ApiTokenKind::Personal, Some(maker), None, None),
        For::Machine { role, tenant } => {
            if role.is_tenant() != tenant.is_some() {
                return Err(Error::field("tenant", "identity-token-tenant"));
            }
            if let Some(tenant) = tenant {
                tenants::get(conn, tenant)?;
            }
            (ApiTokenKind::Machine, None, Some(role), tenant)
        }
    };
    Ok(ApiToken {
        id: ApiTokenId(0),
        token_hash: token_hash(secret),
        prefix: secret.chars().take(SHOWN).collect(),
        name: new.name.trim().to_owned(),
        kind,
        user_id,
        role,
        tenant_id,
        scopes: new.scopes.to_string(),
        created_at: now,
        created_by: Some(maker),
        expires_at: new.expires_at,
        last_used_at: None,
        revoked_at: None,
        revoked_by: None,
    })
}

/// A user's own token, or a machine's for whoever manages all users. Another's looks like none.
pub fn get(conn: &mut Conn, who: &Actor, id: ApiTokenId) -> Result<ApiToken> {
    let row = tokens::get(conn, id)?;
    let own = row.user_id.is_some() && row.user_id == who.user;
    let machine = row.kind == ApiTokenKind::Machine && who.may(Permission::ManageUsers);
    match own || machine {
        true => Ok(row),
        false => Err(Error::NotFound),
    }
}

/// Revoking twice is harmless. Returns the token.
pub fn revoke(db: &Db, who: &Actor, now: Instant, id: ApiTokenId) -> Result<ApiToken> {
    db.write(Chain::Operator, |tx| {
        let before = get(tx.conn, who, id)?;
        if before.revoked_at.is_some() {
            return Ok(before);
        }
        let after = ApiToken {
            revoked_at: Some(now),
            revoked_by: who.user,
            ..before.clone()
        };
        tokens::update(tx.conn, &after)?;
        record(tx, who, now, "revoke", Some(&before), &after)?;
        Ok(after)
    })
}

fn record(
    tx: &mut Tx,
    who: &Actor,
    now: Instant,
    action: &str,
    before: Option<&ApiToken>,
    after: &ApiToken,
) -> Result<()> {
    let change = Change {
        action,
        noun: "api_token",
        id: after.id.0,
        before: &before,
        after,
    };
    tx.record(who, now, change)
}

/// Who a token stands for at this moment.
#[derive(Clone, Debug)]
pub struct Holder {
    pub token: ApiTokenId,
    pub kind: ApiTokenKind,
    pub actor: Actor,
    pub scopes: Scopes,
}

impl Holder {
    /// Whose idempotency keys these are: a user keeps them when a token is replaced.
    pub fn owner(&self) -> String {
        match self.actor.user {
            Some(user) => format!("user {user}"),
            None => format!("token {}", self.token),
        }
    }
}

#[derive(Clone, Debug)]
pub enum Knock {
    Opened(Holder),
    Wrong,
    /// Too many wrong ones from this address: seconds to wait.
    Wait(i64),
}

/// Whom a token lets in. Wrong ones are counted by network address; a good one never waits, for
/// 256 random bits are not guessed.
pub fn knock(db: &Db, now: Instant, secret: &str, address: &str) -> Result<Knock> {
    let conn = &mut *db.get()?;
    let known = match secret.starts_with(MARK) && secret.len() <= 200 {
        true => tokens::by_hash(conn, &token_hash(secret))?,
        false => None,
    };
    let live = known.filter(|row| row.is_live(now));
    let holder = match live {
        Some(row) => holder(conn, &row)?.map(|holder| (row, holder)),
        None => None,
    };
    let Some((row, holder)) = holder else {
        let wait = wait_of_tokens(conn, address, now)?;
        if wait.is_none() {
            attempts::insert(conn, "token", &of_tokens(address), now)?;
        }
        return Ok(wait.map_or(Knock::Wrong, Knock::Wait));
    };
    let noted = row.last_used_at.map_or(i64::MIN, |at| at.0);
    if now.0.saturating_sub(noted) >= NOTED_SECONDS {
        tokens::touch(conn, row.id, now)?;
    }
    Ok(Knock::Opened(holder))
}

/// How wrong tokens from an address are filed among the attempts.
pub(super) fn of_tokens(address: &str) -> String {
    format!("token {address}")
}

/// A personal token is as much as its user is now; none once that user is deactivated.
fn holder(conn: &mut Conn, row: &ApiToken) -> Result<Option<Holder>> {
    let actor = match (row.user_id, row.role) {
        (Some(user), _) => {
            let user = users::get(conn, user)?;
            user.active.then(|| user.actor())
        }
        (None, Some(role)) => Some(Actor {
            user: None,
            role,
            tenant: row.tenant_id,
        }),
        (None, None) => None,
    };
    Ok(actor.map(|actor| Holder {
        token: row.id,
        kind: row.kind,
        actor,
        scopes: Scopes::parse(&row.scopes),
    }))
}
