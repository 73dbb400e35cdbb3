//! Users.

use crate::db::Conn;
use crate::db::schema::users;
use crate::domain::calendar::Instant;
use crate::domain::identity::Theme;
use crate::domain::identity::access::{Actor, Role};
use crate::domain::ids::{TenantId, UserId};
use crate::error::{Result, found};
use diesel::prelude::*;
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = users)]
#[diesel(treat_none_as_null = true)]
pub struct User {
    #[diesel(skip_insertion)]
    pub id: UserId,
    /// Trimmed and in lower case.
    pub email: String,
    pub name: String,
    pub role: Role,
    pub tenant_id: Option<TenantId>,
    /// Kept out of the trail and of every answer; `None` until an invitation was accepted.
    #[serde(skip)]
    pub password_hash: Option<String>,
    pub locale: String,
    pub theme: Theme,
    pub active: bool,
    /// Sessions that were opened under an earlier number are over.
    pub session_epoch: i64,
    pub created_at: Instant,
    pub created_by: Option<UserId>,
    pub signed_in_at: Option<Instant>,
}

impl User {
    pub fn actor(&self) -> Actor {
        Actor {
            user: Some(self.id),
            role: self.role,
            tenant: self.tenant_id,
        }
    }
}

pub fn get(conn: &mut Conn, id: UserId) -> Result<User> {
    found(users::table.find(id).first(conn).optional()?)
}

/// `email` must be folded.
pub fn by_email(conn: &mut Conn, email: &str) -> Result<Option<User>> {
    Ok(users::table
        .filter(users::email.eq(email))
        .first(conn)
        .optional()?)
}

pub fn all(conn: &mut Conn) -> Result<Vec<User>> {
    Ok(users::table.order((users::name, users::id)).load(conn)?)
}

pub fn of_tenant(conn: &mut Conn, tenant: TenantId) -> Result<Vec<User>> {
    Ok(users::table
        .filter(users::tenant_id.eq(tenant))
        .order((users::name, users::id))
        .load(conn)?)
}

/// Other users of a role who can sign in: of one tenant, or (`None`) of the operator.
pub fn count_others(
    conn: &mut Conn,
    role: Role,
    tenant: Option<TenantId>,
    but: UserId,
) -> Result<i64> {
    let mut query = users::table
        .filter(
            users::active
                .eq(true)
                .and(users::password_hash.is_not_null()),
        )
        .filter(users::role.eq(role).and(users::id.ne(but)))
        .into_boxed();
    query = match tenant {
        Some(tenant) => query.filter(users::tenant_id.eq(tenant)),
        None => query.filter(users::tenant_id.is_null()),
    };
    Ok(query.count().get_result(conn)?)
}

pub fn insert(conn: &mut Conn, row: &User) -> Result<UserId> {
    Ok(diesel::insert_into(users::table)
        .values(row)
        .returning(users::id)
        .get_result(conn)?)
}

pub fn update(conn: &mut Conn, row: &User) -> Result<()> {
    diesel::update(users::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

/// Notes a sign-in without touching what another writer may be changing.
pub fn touch_signed_in(conn: &mut Conn, id: UserId, now: Instant) -> Result<()> {
    diesel::update(users::table.find(id))
        .set(users::signed_in_at.eq(now))
        .execute(conn)?;
    Ok(())
}
