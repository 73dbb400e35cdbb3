//! Rules of alarms, what is remembered of each value, and incidents.

use crate::db::Conn;
use crate::db::schema::{alarm_rules, alarm_watches, incidents, sites};
use crate::domain::calendar::Instant;
use crate::domain::cursor::Cursor;
use crate::domain::ids::*;
use crate::domain::metering::alarm::{Kind, Limits};
use crate::error::{Result, found};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde::Serialize;

type Backend = <Conn as diesel::Connection>::Backend;

/// When a value of this kind is an incident at a site, and who is told.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = alarm_rules)]
pub struct Rule {
    pub site_id: SiteId,
    pub kind: Kind,
    pub enabled: bool,
    /// Minutes, percent or kilowatt-hours, as the kind has it.
    pub raise: i64,
    pub clear: i64,
    pub hold_seconds: i64,
    pub calm_seconds: i64,
    /// Addresses, separated by commas.
    pub recipients: String,
}

impl Rule {
    pub fn limits(&self) -> Limits {
        Limits {
            raise: self.raise,
            clear: self.clear,
            hold_seconds: self.hold_seconds,
            calm_seconds: self.calm_seconds,
        }
    }

    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        let all = self.recipients.split(',').map(str::trim);
        all.filter(|it| !it.is_empty())
    }
}

pub fn rules_of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<Rule>> {
    Ok(alarm_rules::table
        .filter(alarm_rules::site_id.eq(site))
        .load(conn)?)
}

pub fn put_rule(conn: &mut Conn, rule: &Rule) -> Result<()> {
    let own = alarm_rules::table.find((rule.site_id, rule.kind));
    diesel::delete(own).execute(conn)?;
    diesel::insert_into(alarm_rules::table)
        .values(rule)
        .execute(conn)?;
    Ok(())
}

/// `watch` is the domain's, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = alarm_watches)]
pub struct WatchRow {
    pub site_id: SiteId,
    pub kind: Kind,
    pub subject: String,
    pub watch: String,
}

pub fn watches_of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<WatchRow>> {
    Ok(alarm_watches::table
        .filter(alarm_watches::site_id.eq(site))
        .load(conn)?)
}

pub fn remove_watch(conn: &mut Conn, site: SiteId, kind: Kind, subject: &str) -> Result<()> {
    diesel::delete(alarm_watches::table.find((site, kind, subject))).execute(conn)?;
    Ok(())
}

pub fn put_watch(conn: &mut Conn, row: &WatchRow) -> Result<()> {
    remove_watch(conn, row.site_id, row.kind, &row.subject)?;
    diesel::insert_into(alarm_watches::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// `label`: the name that people know the subject by, as it was then.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = incidents)]
#[diesel(treat_none_as_null = true)]
pub struct Incident {
    #[diesel(skip_insertion)]
    pub id: IncidentId,
    pub site_id: SiteId,
    pub kind: Kind,
    pub subject: String,
    pub label: String,
    /// Since when the value was too high.
    pub raised_at: Instant,
    pub cleared_at: Option<Instant>,
    /// What it was when that had lasted long enough, and the limit then.
    pub value: i64,
    pub raise: i64,
    pub acknowledged_at: Option<Instant>,
    pub acknowledged_by: Option<UserId>,
    pub note: String,
}

pub fn get(conn: &mut Conn, id: IncidentId) -> Result<Incident> {
    found(incidents::table.find(id).first(conn).optional()?)
}

pub fn by_ids(conn: &mut Conn, ids: &[IncidentId]) -> Result<Vec<Incident>> {
    Ok(incidents::table
        .filter(incidents::id.eq_any(ids))
        .load(conn)?)
}

pub fn insert(conn: &mut Conn, row: &Incident) -> Result<IncidentId> {
    Ok(diesel::insert_into(incidents::table)
        .values(row)
        .returning(incidents::id)
        .get_result(conn)?)
}

pub fn update(conn: &mut Conn, row: &Incident) -> Result<()> {
    diesel::update(incidents::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

pub fn open_of(
    conn: &mut Conn,
    site: SiteId,
    kind: Kind,
    subject: &str,
) -> Result<Option<Incident>> {
    Ok(incidents::table
        .filter(incidents::site_id.eq(site))
        .filter(incidents::kind.eq(kind))
        .filter(incidents::subject.eq(subject))
        .filter(incidents::cleared_at.is_null())
        .first(conn)
        .optional()?)
}

/// Those of one kind that go on with these subjects, the newest first.
pub fn open_among(conn: &mut Conn, kind: Kind, subjects: &[String]) -> Result<Vec<Incident>> {
    Ok(incidents::table
        .filter(incidents::kind.eq(kind))
        .filter(incidents::subject.eq_any(subjects))
        .filter(incidents::cleared_at.is_null())
        .order((incidents::raised_at.desc(), incidents::id.desc()))
        .load(conn)?)
}

/// What a list is narrowed to; `open: None` is both, `after` the cursor of the row before.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub site: Option<SiteId>,
    pub kind: Option<Kind>,
    pub open: Option<bool>,
    /// Open ones that nobody acknowledged.
    pub unseen: bool,
    pub label: String,
    pub descending: bool,
    pub after: Option<(i64, IncidentId)>,
    pub limit: i64,
}

macro_rules! narrowed {
    ($filter:expr) => {{
        let mut query = incidents::table
            .inner_join(sites::table.on(sites::id.eq(incidents::site_id)))
            .into_boxed::<Backend>();
        if let Some(site) = $filter.site {
            query = query.filter(incidents::site_id.eq(site));
        }
        if let Some(kind) = $filter.kind {
            query = query.filter(incidents::kind.eq(kind));
        }
        if !$filter.label.is_empty() {
            query = query.filter(incidents::label.like(format!("%{}%", $filter.label)));
        }
        if $filter.unseen {
            query = query.filter(incidents::acknowledged_at.is_null());
        }
        match $filter.open {
            Some(true) => query.filter(incidents::cleared_at.is_null()),
            Some(false) => query.filter(incidents::cleared_at.is_not_null()),
            None => query,
        }
    }};
}

/// Open ones lie a thousand years later: with them first, one column orders both.
const LATER: i64 = 100_000_000_000;

fn order_key() -> diesel::expression::SqlLiteral<BigInt> {
    sql(
        "(CASE WHEN incidents.cleared_at IS NULL THEN incidents.raised_at + 100000000000 \
         ELSE incidents.raised_at END)",
    )
}

impl Incident {
    pub fn cursor(&self) -> Cursor {
        let later = if self.cleared_at.is_none() { LATER } else { 0 };
        Cursor::new(self.raised_at.0 + later, self.id.0)
    }
}

/// Incidents with the names of their sites; the open ones first where it descends.
pub fn list(conn: &mut Conn, filter: &Filter) -> Result<Vec<(Incident, String)>> {
    let mut query = narrowed!(filter);
    if let Some((key, id)) = filter.after {
        query = match filter.descending {
            true => query.filter(
                order_key()
                    .lt(key)
                    .or(order_key().eq(key).and(incidents::id.lt(id))),
            ),
            false => query.filter(
                order_key()
                    .gt(key)
                    .or(order_key().eq(key).and(incidents::id.gt(id))),
            ),
        };
    }
    let query = match filter.descending {
        true => query.order((order_key().desc(), incidents::id.desc())),
        false => query.order((order_key().asc(), incidents::id.asc())),
    };
    Ok(query
        .select((incidents::all_columns, sites::name))
        .limit(filter.limit)
        .load(conn)?)
}

pub fn count(conn: &mut Conn, filter: &Filter) -> Result<i64> {
    Ok(narrowed!(filter)
        .select(sql::<BigInt>("COUNT(*)"))
        .first(conn)?)
}
