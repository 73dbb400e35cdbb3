//! People who sign in: the operator's and the tenants'.

use super::links;
use super::no_objections;
use super::secrets::Turn;
use super::sign_in::{Door, end_all_sessions, knock};
use crate::db::identity::users::{self, User};
use crate::db::identity::{attempts, tenants, tokens};
use crate::db::trail::Change;
use crate::db::{Chain, Db, Tx};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission, Role};
use crate::domain::identity::details::*;
use crate::domain::identity::{Theme, TokenKind, password};
use crate::domain::ids::{TenantId, UserId};
use crate::domain::message::Message;
use crate::error::{Error, Result, require};

/// A user to be: owners and members belong to a tenant, the others do not.
#[derive(Clone, Debug)]
pub struct NewUser {
    pub email: String,
    pub name: String,
    pub role: Role,
    pub tenant: Option<TenantId>,
    pub locale: String,
}

/// What users may change about themselves.
#[derive(Clone, Debug)]
pub struct Profile {
    pub name: String,
    pub locale: String,
    pub theme: Theme,
}

/// Creates a user who can sign in at once: the command line, the demo.
pub fn create(db: &Db, who: &Actor, now: Instant, new: &NewUser, password: &str) -> Result<UserId> {
    password_objection("password", password, &fold_email(&new.email))?;
    let password_hash = Turn::take().hash(password)?;
    db.write(Chain::Operator, |tx| {
        let user = insert(tx, who, now, new, Some(password_hash.clone()))?;
        Ok(user.id)
    })
}

/// Creates a user without a password and mails the link that sets one.
pub fn invite(db: &Db, who: &Actor, now: Instant, base_url: &str, new: &NewUser) -> Result<UserId> {
    db.write(Chain::Operator, |tx| {
        let user = insert(tx, who, now, new, None)?;
        links::send(tx, TokenKind::Invitation, &user, base_url, now)?;
        Ok(user.id)
    })
}

/// Mails a new link to somebody who has not set a password yet.
pub fn invite_again(db: &Db, who: &Actor, now: Instant, base_url: &str, id: UserId) -> Result<()> {
    db.write(Chain::Operator, |tx| {
        let user = managed(tx, who, id)?;
        if user.password_hash.is_some() || !user.active {
            return Err(Error::rule("identity-not-invited"));
        }
        links::send(tx, TokenKind::Invitation, &user, base_url, now)?;
        record(tx, who, now, "invite_again", Some(&user), &user)
    })
}

fn insert(
    tx: &mut Tx,
    who: &Actor,
    now: Instant,
    new: &NewUser,
    password_hash: Option<String>,
) -> Result<User> {
    require_over(who, new.tenant, new.role)?;
    let email = fold_email(&new.email);
    let name = new.name.trim().to_owned();
    no_objections(objections(new, &name, &email))?;
    if let Some(tenant) = new.tenant {
        tenants::get(tx.conn, tenant)?;
    }
    if users::by_email(tx.conn, &email)?.is_some() {
        return Err(Error::field("email", "identity-email-taken"));
    }
    let mut user = User {
        id: UserId(0),
        email,
        name,
        role: new.role,
        tenant_id: new.tenant,
        password_hash,
        locale: new.locale.clone(),
        theme: Theme::Auto,
        active: true,
        session_epoch: 0,
        created_at: now,
        created_by: who.user,
        signed_in_at: None,
    };
    user.id = users::insert(tx.conn, &user)?;
    record(tx, who, now, "create", None, &user)?;
    Ok(user)
}

fn objections(new: &NewUser, name: &str, email: &str) -> Vec<Objection> {
    let mut found: Vec<Objection> = check_required("name", name).into_iter().collect();
    found.extend(check_length("name", name, LONGEST_LINE));
    found.extend(check_email("email", email));
    found.extend(check_locale("locale", &new.locale));
    if new.role.is_tenant() && new.tenant.is_none() {
        found.push(("tenant", Message::new("identity-role-needs-tenant")));
    }
    if !new.role.is_tenant() && new.tenant.is_some() {
        found.push(("tenant", Message::new("identity-role-no-tenant")));
    }
    found
}

/// Who may make or manage such a user: an administrator any, an owner those of the own tenant.
fn require_over(who: &Actor, tenant: Option<TenantId>, role: Role) -> Result<()> {
    if who.may(Permission::ManageUsers) {
        return Ok(());
    }
    require(who, Permission::ManageTenantUsers)?;
    match tenant {
        Some(tenant) if role.is_tenant() && who.sees(tenant) => Ok(()),
        _ => Err(Error::Forbidden),
    }
}

/// A user whom `who` may manage; another tenant's looks the same as none.
fn managed(tx: &mut Tx, who: &Actor, id: UserId) -> Result<User> {
    if !who.may(Permission::ManageUsers) {
        require(who, Permission::ManageTenantUsers)?;
    }
    let user = users::get(tx.conn, id)?;
    require_over(who, user.tenant_id, user.role).map_err(|_| Error::NotFound)?;
    Ok(user)
}

/// A user as `who` may see it on the page of users.
pub fn get(db: &Db, who: &Actor, id: UserId) -> Result<User> {
    let user = users::get(&mut *db.get()?, id)?;
    require_over(who, user.tenant_id, user.role).map_err(|_| Error::NotFound)?;
    Ok(user)
}

/// All that `who` may manage, by name.
pub fn list(db: &Db, who: &Actor) -> Result<Vec<User>> {
    let conn = &mut *db.get()?;
    if who.may(Permission::ManageUsers) {
        return users::all(conn);
    }
    require(who, Permission::ManageTenantUsers)?;
    who.tenant
        .map_or_else(|| Ok(vec![]), |tenant| users::of_tenant(conn, tenant))
}

/// A tenant's user stays with the tenant, the operator's people stay the operator's.
pub fn set_role(db: &Db, who: &Actor, now: Instant, id: UserId, role: Role) -> Result<()> {
    db.write(Chain::Operator, |tx| {
        let before = managed(tx, who, id)?;
        if role == before.role {
            return Ok(());
        }
        if role.is_tenant() != before.role.is_tenant() {
            return Err(Error::field("role", "identity-role-other-side"));
        }
        keep_one(tx, &before)?;
        let after = User {
            role,
            ..before.clone()
        };
        users::update(tx.conn, &after)?;
        record(tx, who, now, "set_role", Some(&before), &after)
    })
}

/// Ends the user's sessions and links; nothing else of the user's is touched.
pub fn deactivate(db: &Db, who: &Actor, now: Instant, id: UserId) -> Result<()> {
    db.write(Chain::Operator, |tx| {
        let before = managed(tx, who, id)?;
        if who.user == Some(id) {
            return Err(Error::rule("identity-not-yourself"));
        }
        if !before.active {
            return Ok(());
        }
        keep_one(tx, &before)?;
        let mut after = User {
            active: false,
            ..before.clone()
        };
        end_all_sessions(tx.conn, &mut after)?;
        tokens::close_all(tx.conn, id, now)?;
        users::update(tx.conn, &after)?;
        record(tx, who, now, "deactivate", Some(&before), &after)
    })
}

pub fn reactivate(db: &Db, who: &Actor, now: Instant, id: UserId) -> Result<()> {
    db.write(Chain::Operator, |tx| {
        let before = managed(tx, who, id)?;
        if before.active {
            return Ok(());
        }
        let after = User {
            active: true,
            ..before.clone()
        };
        users::update(tx.conn, &after)?;
        record(tx, who, now, "reactivate", Some(&before), &after)
    })
}

/// Without an administrator nobody could let anybody in; without an owner a tenant could not.
fn keep_one(tx: &mut Tx, user: &User) -> Result<()> {
    let key = match user.role {
        Role::Administrator => "identity-last-administrator",
        Role::Owner => "identity-last-owner",
        _ => return Ok(()),
    };
    let counts = user.active && user.password_hash.is_some();
    if counts && users::count_others(tx.conn, user.role, user.tenant_id, user.id)? == 0 {
        return Err(Error::rule(key));
    }
    Ok(())
}

/// The signed-in user's own row.
fn own(tx: &mut Tx, who: &Actor) -> Result<User> {
    users::get(tx.conn, who.user.ok_or(Error::Forbidden)?)
}

/// Language and theme as chosen in passing; what is not given stays.
pub fn prefer(
    db: &Db,
    who: &Actor,
    now: Instant,
    locale: Option<&str>,
    theme: Option<Theme>,
) -> Result<()> {
    let user = users::get(&mut *db.get()?, who.user.ok_or(Error::Forbidden)?)?;
    let profile = Profile {
        name: user.name,
        locale: locale.map_or(user.locale, str::to_owned),
        theme: theme.unwrap_or(user.theme),
    };
    change_profile(db, who, now, &profile)
}

pub fn change_profile(db: &Db, who: &Actor, now: Instant, profile: &Profile) -> Result<()> {
    let name = profile.name.trim();
    let mut found: Vec<Objection> = check_required("name", name).into_iter().collect();
    found.extend(check_length("name", name, LONGEST_LINE));
    found.extend(check_locale("locale", &profile.locale));
    no_objections(found)?;
    db.write(Chain::Operator, |tx| {
        let before = own(tx, who)?;
        let after = User {
            name: name.to_owned(),
            locale: profile.locale.clone(),
            theme: profile.theme,
            ..before.clone()
        };
        if after == before {
            return Ok(());
        }
        users::update(tx.conn, &after)?;
        record(tx, who, now, "change_profile", Some(&before), &after)
    })
}

/// Ends all sessions of the user; returns the epoch that the session at hand goes on with.
pub fn change_password(
    db: &Db,
    who: &Actor,
    now: Instant,
    address: &str,
    current: &str,
    new: &str,
) -> Result<i64> {
    let id = who.user.ok_or(Error::Forbidden)?;
    let user = users::get(&mut *db.get()?, id)?;
    password_objection("new", new, &user.email)?;
    let turn = Turn::take();
    let attempt = knock(&mut *db.get()?, Door::SignIn, &user.email, address, now)?;
    if !turn.verify(current, user.password_hash.as_deref()) {
        return Err(Error::field("current", "identity-password-wrong"));
    }
    attempts::delete(&mut *db.get()?, attempt)?;
    let password_hash = turn.hash(new)?;
    drop(turn);
    db.write(Chain::Operator, |tx| {
        let mut user = own(tx, who)?;
        user.password_hash = Some(password_hash.clone());
        end_all_sessions(tx.conn, &mut user)?;
        tokens::close_all(tx.conn, id, now)?;
        users::update(tx.conn, &user)?;
        record(tx, who, now, "change_password", Some(&user), &user)?;
        Ok(user.session_epoch)
    })
}

/// The house itself sets a password: the demo, at each start. Ends all sessions of the user.
pub fn set_password(db: &Db, now: Instant, email: &str, password: &str) -> Result<()> {
    let email = fold_email(email);
    password_objection("password", password, &email)?;
    let password_hash = Turn::take().hash(password)?;
    db.write(Chain::Operator, |tx| {
        let mut user = crate::error::found(users::by_email(tx.conn, &email)?)?;
        user.password_hash = Some(password_hash.clone());
        end_all_sessions(tx.conn, &mut user)?;
        users::update(tx.conn, &user)?;
        record(tx, &Actor::HOUSE, now, "set_password", Some(&user), &user)
    })
}

pub(super) fn password_objection(field: &'static str, text: &str, email: &str) -> Result<()> {
    let objection = password::objection(text, email).map(|message| (field, message));
    no_objections(objection.into_iter().collect())
}

fn record(
    tx: &mut Tx,
    who: &Actor,
    now: Instant,
    action: &str,
    before: Option<&User>,
    after: &User,
) -> Result<()> {
    let change = Change {
        action,
        noun: "user",
        id: after.id.0,
        before: &before,
        after,
    };
    tx.record(who, now, change)
}
