//! Tokens of programs. Only the hash is kept.

use crate::db::Conn;
use crate::db::schema::{api_tokens, tenants};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::Role;
use crate::domain::identity::scope::ApiTokenKind;
use crate::domain::ids::{ApiTokenId, TenantId, UserId};
use crate::error::{Result, found};
use diesel::prelude::*;
use serde::Serialize;

/// A personal token has a user; a machine's has a role and, for a tenant's role, the tenant.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = api_tokens)]
#[diesel(treat_none_as_null = true)]
pub struct ApiToken {
    #[diesel(skip_insertion)]
    pub id: ApiTokenId,
    /// Kept out of the trail and of every answer.
    #[serde(skip)]
    pub token_hash: String,
    /// The first characters, by which its holder knows it again.
    pub prefix: String,
    pub name: String,
    pub kind: ApiTokenKind,
    pub user_id: Option<UserId>,
    pub role: Option<Role>,
    pub tenant_id: Option<TenantId>,
    /// Codes, a space between.
    pub scopes: String,
    pub created_at: Instant,
    pub created_by: Option<UserId>,
    pub expires_at: Option<Instant>,
    #[serde(skip)]
    pub last_used_at: Option<Instant>,
    pub revoked_at: Option<Instant>,
    pub revoked_by: Option<UserId>,
}

impl ApiToken {
    pub fn is_live(&self, now: Instant) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

pub fn get(conn: &mut Conn, id: ApiTokenId) -> Result<ApiToken> {
    found(api_tokens::table.find(id).first(conn).optional()?)
}

pub fn by_hash(conn: &mut Conn, hash: &str) -> Result<Option<ApiToken>> {
    Ok(api_tokens::table
        .filter(api_tokens::token_hash.eq(hash))
        .first(conn)
        .optional()?)
}

/// The latest first.
pub fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<ApiToken>> {
    Ok(api_tokens::table
        .filter(api_tokens::user_id.eq(user))
        .order(api_tokens::id.desc())
        .load(conn)?)
}

/// Tokens of machines with the names of their tenants, the latest first, from a key on.
pub fn of_machines(
    conn: &mut Conn,
    after: Option<ApiTokenId>,
    limit: i64,
) -> Result<Vec<(ApiToken, Option<String>)>> {
    let mut query = api_tokens::table
        .left_join(tenants::table.on(tenants::id.nullable().eq(api_tokens::tenant_id)))
        .filter(api_tokens::kind.eq(ApiTokenKind::Machine))
        .select((api_tokens::all_columns, tenants::name.nullable()))
        .into_boxed::<<Conn as diesel::Connection>::Backend>();
    if let Some(after) = after {
        query = query.filter(api_tokens::id.lt(after));
    }
    Ok(query.order(api_tokens::id.desc()).limit(limit).load(conn)?)
}

pub fn insert(conn: &mut Conn, row: &ApiToken) -> Result<ApiTokenId> {
    Ok(diesel::insert_into(api_tokens::table)
        .values(row)
        .returning(api_tokens::id)
        .get_result(conn)?)
}

pub fn update(conn: &mut Conn, row: &ApiToken) -> Result<()> {
    diesel::update(api_tokens::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

/// Notes a use without touching what another writer may be changing.
pub fn touch(conn: &mut Conn, id: ApiTokenId, now: Instant) -> Result<()> {
    diesel::update(api_tokens::table.find(id))
        .set(api_tokens::last_used_at.eq(now))
        .execute(conn)?;
    Ok(())
}
