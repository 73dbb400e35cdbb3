//! The trail of every change: append-only, each row sealed with the hash of the one before it.

use super::schema::{sites, trail};
use super::{Conn, Tx};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::Actor;
use crate::domain::ids::{SiteId, TenantId, UserId};
use crate::error::Result;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde::Serialize;
use sha2::{Digest, Sha256};

#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = trail)]
pub struct TrailRow {
    pub chain: i64,
    pub seq: i64,
    pub at: Instant,
    pub user_id: Option<UserId>,
    pub action: String,
    pub noun: String,
    pub noun_id: i64,
    pub before_state: String,
    pub after_state: String,
    pub previous_hash: String,
    pub hash: String,
}

impl TrailRow {
    /// SHA-256 over every field, each with its length before it, so that no two rows read alike.
    pub fn seal(&self) -> String {
        let mut hasher = Sha256::new();
        let user = self.user_id.map_or(String::new(), |u| u.to_string());
        for field in [
            self.previous_hash.as_str(),
            &self.chain.to_string(),
            &self.seq.to_string(),
            &self.at.0.to_string(),
            &user,
            &self.action,
            &self.noun,
            &self.noun_id.to_string(),
            &self.before_state,
            &self.after_state,
        ] {
            hasher.update((field.len() as u64).to_be_bytes());
            hasher.update(field.as_bytes());
        }
        hex::encode(hasher.finalize())
    }
}

/// What changed, for the trail. `()` stands for "nothing before" or "nothing after".
pub struct Change<'a, B: Serialize, A: Serialize> {
    pub action: &'a str,
    pub noun: &'a str,
    pub id: i64,
    pub before: &'a B,
    pub after: &'a A,
}

impl Tx<'_> {
    /// Appends to the chain of this transaction.
    pub fn record<B: Serialize, A: Serialize>(
        &mut self,
        who: &Actor,
        now: Instant,
        change: Change<'_, B, A>,
    ) -> Result<()> {
        let last = self.head()?;
        let mut row = TrailRow {
            chain: self.chain.key(),
            seq: last.seq + 1,
            at: now,
            user_id: who.user,
            action: change.action.to_owned(),
            noun: change.noun.to_owned(),
            noun_id: change.id,
            before_state: json(change.before)?,
            after_state: json(change.after)?,
            previous_hash: last.hash,
            hash: String::new(),
        };
        row.hash = row.seal();
        self.about
            .get_or_insert_with(|| format!("{} {}", row.noun, row.noun_id));
        append(self.conn, &row)?;
        self.head = Some(Head {
            seq: row.seq,
            hash: row.hash,
        });
        Ok(())
    }

    /// Where this transaction's chain stands, for who has asked that with something else.
    pub fn stands_at(&mut self, head: &Head) {
        self.head.get_or_insert_with(|| head.clone());
    }

    /// The last row of this transaction's chain.
    pub fn head(&mut self) -> Result<Head> {
        if let Some(head) = &self.head {
            return Ok(head.clone());
        }
        let head = head(self.conn, self.chain.key())?;
        self.head = Some(head.clone());
        Ok(head)
    }
}

/// Where a chain stands: the number and the seal of its last row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    pub seq: i64,
    pub hash: String,
}

impl Head {
    /// Of a chain without rows, where it begins.
    pub(super) fn of(seq: Option<i64>, hash: Option<String>) -> Self {
        let known = seq.zip(hash).map(|(seq, hash)| Self { seq, hash });
        known.unwrap_or_default()
    }
}

pub fn head(conn: &mut Conn, chain: i64) -> Result<Head> {
    let last: Option<(i64, String)> = trail::table
        .filter(trail::chain.eq(chain))
        .order(trail::seq.desc())
        .select((trail::seq, trail::hash))
        .first(conn)
        .optional()?;
    Ok(last.map_or(Head::default(), |(seq, hash)| Head { seq, hash }))
}

/// Where the chain of each site stands.
pub fn heads_of_sites(conn: &mut Conn) -> Result<Vec<(SiteId, Head)>> {
    let last = |column: &str| {
        format!(
            "(SELECT t.{column} FROM trail t WHERE t.chain = sites.id ORDER BY t.seq DESC LIMIT 1)"
        )
    };
    let rows: Vec<(SiteId, Option<i64>, Option<String>)> = sites::table
        .order(sites::id)
        .select((
            sites::id,
            sql::<Nullable<BigInt>>(&last("seq")),
            sql::<Nullable<Text>>(&last("hash")),
        ))
        .load(conn)?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(site, seq, hash)| (site, Head::of(seq, hash)))
        .collect())
}

/// A sealed row, as it is.
pub fn append(conn: &mut Conn, row: &TrailRow) -> Result<()> {
    diesel::insert_into(trail::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

fn json<T: Serialize>(state: &T) -> Result<String> {
    let text = serde_json::to_string(state).map_err(anyhow::Error::from)?;
    Ok(if text == "null" { String::new() } else { text })
}

/// A row of the trail, and who did it.
#[derive(Clone, Debug)]
pub struct Done {
    pub row: TrailRow,
    pub name: Option<String>,
    pub tenant: Option<TenantId>,
}

/// When something was last written, in whatever chain.
pub fn latest(conn: &mut Conn) -> Result<Option<Instant>> {
    let last = trail::table.select(diesel::dsl::max(trail::at));
    Ok(last.first::<Option<Instant>>(conn)?)
}

/// What happened to one row, latest first, with the name of who did it.
pub fn of(
    conn: &mut Conn,
    noun: &str,
    id: i64,
    most: i64,
) -> Result<Vec<(TrailRow, Option<String>)>> {
    use super::schema::users;
    Ok(trail::table
        .left_join(users::table.on(users::id.nullable().eq(trail::user_id)))
        .filter(trail::noun.eq(noun).and(trail::noun_id.eq(id)))
        .order((trail::at.desc(), trail::seq.desc()))
        .limit(most)
        .select((trail::all_columns, users::name.nullable()))
        .load(conn)?)
}

/// The same, also with the tenant of whoever did it: none for the operator's people.
pub fn by_whom(conn: &mut Conn, noun: &str, id: i64, most: i64) -> Result<Vec<Done>> {
    use super::schema::users;
    type Row = (TrailRow, Option<String>, Option<TenantId>);
    let rows: Vec<Row> = trail::table
        .left_join(users::table.on(users::id.nullable().eq(trail::user_id)))
        .filter(trail::noun.eq(noun).and(trail::noun_id.eq(id)))
        .order((trail::at.desc(), trail::seq.desc()))
        .limit(most)
        .select((
            trail::all_columns,
            users::name.nullable(),
            users::tenant_id.nullable(),
        ))
        .load(conn)?;
    let done = |(row, name, tenant)| Done { row, name, tenant };
    Ok(rows.into_iter().map(done).collect())
}

/// One chain from a place on, latest first; `noun` and `id` narrow it.
pub fn page(
    conn: &mut Conn,
    chain: i64,
    noun: Option<&str>,
    id: Option<i64>,
    before: Option<i64>,
    most: i64,
) -> Result<Vec<(TrailRow, Option<String>)>> {
    use super::schema::users;
    let mut query = trail::table
        .left_join(users::table.on(users::id.nullable().eq(trail::user_id)))
        .filter(trail::chain.eq(chain))
        .select((trail::all_columns, users::name.nullable()))
        .into_boxed::<<Conn as diesel::Connection>::Backend>();
    if let Some(noun) = noun {
        query = query.filter(trail::noun.eq(noun.to_owned()));
    }
    if let Some(id) = id {
        query = query.filter(trail::noun_id.eq(id));
    }
    if let Some(before) = before {
        query = query.filter(trail::seq.lt(before));
    }
    Ok(query.order(trail::seq.desc()).limit(most).load(conn)?)
}
