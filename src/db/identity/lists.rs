//! Lists of tenants, users and mails: searched, filtered, in order, from a key on.

use super::mails::Mail;
use super::tenants::Tenant;
use super::users::User;
use crate::db::Conn;
use crate::db::schema::{mails, tenants, users};
use crate::domain::fold::fold;
use crate::domain::identity::access::Role;
use crate::domain::identity::{MailState, TenantKind};
use crate::domain::ids::TenantId;
use crate::error::Result;
use diesel::prelude::*;

type Backend = <Conn as diesel::Connection>::Backend;

/// Which part of a list, in which order: rows after a key, at most `limit`.
#[derive(Clone, Debug, Default)]
pub struct Part {
    pub q: String,
    pub sort: &'static str,
    pub descending: bool,
    /// The value that the last row was ordered by, and its id.
    pub after: Option<(String, i64)>,
    pub limit: i64,
}

/// `%` and `\` mean something to the database and stand for any one character instead.
fn pattern(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c == '%' || c == '\\' { '_' } else { c })
        .collect();
    format!("%{plain}%")
}

/// Orders by a column and then by id, and starts after the key.
macro_rules! in_order {
    ($query:expr, $part:expr, $column:expr, $id:expr, $parse:expr) => {{
        let mut query = $query;
        let key = $part
            .after
            .as_ref()
            .and_then(|(value, id)| Some((($parse)(value.as_str())?, *id)));
        if $part.descending {
            if let Some((value, id)) = key {
                let later = $column.eq(value.clone()).and($id.lt(id));
                query = query.filter($column.lt(value).or(later));
            }
            query.order(($column.desc(), $id.desc()))
        } else {
            if let Some((value, id)) = key {
                let later = $column.eq(value.clone()).and($id.gt(id));
                query = query.filter($column.gt(value).or(later));
            }
            query.order(($column.asc(), $id.asc()))
        }
    }};
}

fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

fn number(value: &str) -> Option<i64> {
    value.parse().ok()
}

/// Ordered by `name`, `since` or `inn`; searched by name, INN and e-mail.
pub fn tenants(conn: &mut Conn, kind: Option<TenantKind>, part: &Part) -> Result<Vec<Tenant>> {
    use tenants::dsl as t;
    let mut query = tenants::table
        .select(tenants::all_columns)
        .into_boxed::<Backend>();
    if let Some(kind) = kind {
        query = query.filter(t::kind.eq(kind));
    }
    if !part.q.is_empty() {
        let like = pattern(&fold(&part.q));
        query = query.filter(
            t::name_folded
                .like(like.clone())
                .or(t::inn.like(like.clone()))
                .or(t::email.like(like)),
        );
    }
    query = match part.sort {
        "since" => in_order!(query, part, t::created_at, t::id, number),
        "inn" => in_order!(query, part, t::inn, t::id, text),
        _ => in_order!(query, part, t::name_folded, t::id, text),
    };
    Ok(query.limit(part.limit).load(conn)?)
}

/// What narrows the list of users; `tenant` is the only one whose users may be seen, if any.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    pub tenant: Option<TenantId>,
    pub role: Option<Role>,
    /// `active`, `invited` or `inactive`; else all.
    pub state: String,
}

/// Users with their tenant's name, ordered by `email`, `name` or `role`; searched by e-mail and name.
pub fn users(
    conn: &mut Conn,
    filter: &UserFilter,
    part: &Part,
) -> Result<Vec<(User, Option<String>)>> {
    use users::dsl as u;
    let mut query = users::table
        .left_join(tenants::table.on(tenants::id.nullable().eq(u::tenant_id)))
        .select((users::all_columns, tenants::name.nullable()))
        .into_boxed::<Backend>();
    if let Some(tenant) = filter.tenant {
        query = query.filter(u::tenant_id.eq(tenant));
    }
    if let Some(role) = filter.role {
        query = query.filter(u::role.eq(role));
    }
    query = match filter.state.as_str() {
        "active" => query.filter(u::active.eq(true).and(u::password_hash.is_not_null())),
        "invited" => query.filter(u::active.eq(true).and(u::password_hash.is_null())),
        "inactive" => query.filter(u::active.eq(false)),
        _ => query,
    };
    if !part.q.is_empty() {
        let written = pattern(part.q.trim());
        let folded = pattern(&fold(&part.q));
        query = query.filter(
            u::email
                .like(folded.clone())
                .or(u::name.like(written))
                .or(tenants::name_folded.nullable().like(folded)),
        );
    }
    query = match part.sort {
        "name" => in_order!(query, part, u::name, u::id, text),
        "role" => in_order!(query, part, u::role, u::id, Role::parse),
        _ => in_order!(query, part, u::email, u::id, text),
    };
    Ok(query.limit(part.limit).load(conn)?)
}

/// Ordered by id; searched by address and subject.
pub fn mails(conn: &mut Conn, state: Option<MailState>, part: &Part) -> Result<Vec<Mail>> {
    use mails::dsl as m;
    let mut query = mails::table
        .select(mails::all_columns)
        .into_boxed::<Backend>();
    if let Some(state) = state {
        query = query.filter(m::state.eq(state));
    }
    if !part.q.is_empty() {
        let (written, folded) = (pattern(part.q.trim()), pattern(&fold(&part.q)));
        query = query.filter(m::to_address.like(folded).or(m::subject.like(written)));
    }
    let key = part.after.as_ref().map(|(_, id)| *id);
    query = match (part.descending, key) {
        (true, Some(id)) => query.filter(m::id.lt(id)),
        (false, Some(id)) => query.filter(m::id.gt(id)),
        _ => query,
    };
    query = match part.descending {
        true => query.order(m::id.desc()),
        false => query.order(m::id.asc()),
    };
    Ok(query.limit(part.limit).load(conn)?)
}
