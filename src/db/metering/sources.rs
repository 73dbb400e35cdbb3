//! Sources of readings, who listens at them, and what could not be taken.

use crate::db::Conn;
use crate::db::schema::{reading_source_refusals, reading_source_slots, reading_sources};
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::domain::metering::folder::FolderRules;
use crate::domain::metering::source::{Mapping, Protocol, SourceKind};
use crate::error::{Result, found};
use diesel::prelude::*;
use serde::{Serialize, Serializer};
use std::fmt;

/// What readings of a site arrive through.
#[derive(Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = reading_sources)]
#[diesel(treat_none_as_null = true)]
pub struct Source {
    #[diesel(skip_insertion)]
    pub id: SourceId,
    pub site_id: SiteId,
    pub kind: SourceKind,
    pub name: String,
    pub enabled: bool,
    pub protocol: Protocol,
    /// `host:port` of a broker, or the path of a folder.
    pub address: String,
    pub tls: bool,
    pub username: String,
    /// Whether there is one is all that the trail is told.
    #[serde(serialize_with = "whether")]
    pub password: String,
    pub client_prefix: String,
    pub topic_filter: String,
    pub share_group: String,
    /// JSON, see `Source::mapping` and `Source::folder`.
    pub mapping: String,
    pub created_at: Instant,
    pub created_by: Option<UserId>,
}

fn whether<S: Serializer>(secret: &str, to: S) -> std::result::Result<S::Ok, S::Error> {
    to.serialize_bool(!secret.is_empty())
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "source {} {:?}", self.id, self.name)
    }
}

impl Source {
    /// What a new one of a site begins with.
    pub fn usual(site: SiteId) -> Self {
        Self {
            id: SourceId(0),
            site_id: site,
            kind: SourceKind::Mqtt,
            name: String::new(),
            enabled: true,
            protocol: Protocol::V5,
            address: String::new(),
            tls: false,
            username: String::new(),
            password: String::new(),
            client_prefix: "innkeeper".to_owned(),
            topic_filter: String::new(),
            share_group: "innkeeper".to_owned(),
            mapping: String::new(),
            created_at: Instant(0),
            created_by: None,
        }
    }

    /// A new folder of a site.
    pub fn usual_folder(site: SiteId) -> Self {
        Self {
            kind: SourceKind::Folder,
            client_prefix: String::new(),
            share_group: String::new(),
            ..Self::usual(site)
        }
    }

    /// What becomes of its files.
    pub fn folder(&self) -> Result<FolderRules> {
        let rules = serde_json::from_str(&self.mapping);
        Ok(rules.map_err(anyhow::Error::from)?)
    }

    /// How its messages are understood.
    pub fn mapping(&self) -> Result<Mapping> {
        let mapping = serde_json::from_str(&self.mapping);
        Ok(mapping.map_err(anyhow::Error::from)?)
    }
}

/// The listener of one process at a source, with what came through it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = reading_source_slots)]
#[diesel(treat_none_as_null = true)]
pub struct Slot {
    pub source_id: SourceId,
    pub slot: i64,
    pub holder: String,
    pub held_until: Instant,
    pub subscribed: String,
    pub connected_at: Option<Instant>,
    pub last_message_at: Option<Instant>,
    pub last_error: String,
    pub error_at: Option<Instant>,
    pub messages: i64,
    pub rows_new: i64,
    pub rows_same: i64,
    pub rows_corrected: i64,
    pub rows_waiting: i64,
    pub refused: i64,
    pub import_id: Option<ImportId>,
}

impl Slot {
    pub fn new(source: SourceId, slot: i64) -> Self {
        Self {
            source_id: source,
            slot,
            holder: String::new(),
            held_until: Instant(0),
            subscribed: String::new(),
            connected_at: None,
            last_message_at: None,
            last_error: String::new(),
            error_at: None,
            messages: 0,
            rows_new: 0,
            rows_same: 0,
            rows_corrected: 0,
            rows_waiting: 0,
            refused: 0,
            import_id: None,
        }
    }

    pub fn is_held(&self, now: Instant) -> bool {
        !self.holder.is_empty() && self.held_until > now
    }
}

/// `reason`: a message as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = reading_source_refusals)]
pub struct Refusal {
    #[diesel(skip_insertion)]
    pub id: RefusalId,
    pub source_id: SourceId,
    pub at: Instant,
    pub topic: String,
    /// Its beginning.
    pub payload: String,
    pub reason: String,
}

pub fn get(conn: &mut Conn, id: SourceId) -> Result<Source> {
    found(reading_sources::table.find(id).first(conn).optional()?)
}

pub fn of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<Source>> {
    Ok(reading_sources::table
        .filter(reading_sources::site_id.eq(site))
        .order((reading_sources::name, reading_sources::id))
        .load(conn)?)
}

pub fn enabled(conn: &mut Conn, kind: SourceKind) -> Result<Vec<Source>> {
    Ok(reading_sources::table
        .filter(reading_sources::kind.eq(kind))
        .filter(reading_sources::enabled.eq(true))
        .order(reading_sources::id)
        .load(conn)?)
}

pub fn insert(conn: &mut Conn, row: &Source) -> Result<SourceId> {
    Ok(diesel::insert_into(reading_sources::table)
        .values(row)
        .returning(reading_sources::id)
        .get_result(conn)?)
}

pub fn update(conn: &mut Conn, row: &Source) -> Result<()> {
    diesel::update(reading_sources::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

/// With who listened at it and what could not be taken.
pub fn delete(conn: &mut Conn, id: SourceId) -> Result<()> {
    let refusals = reading_source_refusals::table;
    let slots = reading_source_slots::table;
    diesel::delete(refusals.filter(reading_source_refusals::source_id.eq(id))).execute(conn)?;
    diesel::delete(slots.filter(reading_source_slots::source_id.eq(id))).execute(conn)?;
    diesel::delete(reading_sources::table.find(id)).execute(conn)?;
    Ok(())
}

pub fn slots(conn: &mut Conn, source: SourceId) -> Result<Vec<Slot>> {
    Ok(reading_source_slots::table
        .filter(reading_source_slots::source_id.eq(source))
        .order(reading_source_slots::slot)
        .load(conn)?)
}

pub fn slots_of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<Slot>> {
    let own = reading_sources::table
        .filter(reading_sources::site_id.eq(site))
        .select(reading_sources::id);
    Ok(reading_source_slots::table
        .filter(reading_source_slots::source_id.eq_any(own))
        .order((reading_source_slots::source_id, reading_source_slots::slot))
        .load(conn)?)
}

/// `None` where it is gone, or somebody else's.
pub fn held(conn: &mut Conn, source: SourceId, slot: i64, holder: &str) -> Result<Option<Slot>> {
    Ok(reading_source_slots::table
        .find((source, slot))
        .filter(reading_source_slots::holder.eq(holder))
        .first(conn)
        .optional()?)
}

pub fn insert_slot(conn: &mut Conn, row: &Slot) -> Result<()> {
    diesel::insert_into(reading_source_slots::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

pub fn update_slot(conn: &mut Conn, row: &Slot) -> Result<()> {
    diesel::update(reading_source_slots::table.find((row.source_id, row.slot)))
        .set(row)
        .execute(conn)?;
    Ok(())
}

pub fn refusals(conn: &mut Conn, source: SourceId, limit: i64) -> Result<Vec<Refusal>> {
    Ok(reading_source_refusals::table
        .filter(reading_source_refusals::source_id.eq(source))
        .order(reading_source_refusals::id.desc())
        .limit(limit)
        .load(conn)?)
}

/// Adds to them, and forgets all but the last.
pub fn refuse(conn: &mut Conn, source: SourceId, rows: &[Refusal], kept: i64) -> Result<()> {
    for row in rows {
        diesel::insert_into(reading_source_refusals::table)
            .values(row)
            .execute(conn)?;
    }
    let oldest: Option<RefusalId> = reading_source_refusals::table
        .filter(reading_source_refusals::source_id.eq(source))
        .order(reading_source_refusals::id.desc())
        .select(reading_source_refusals::id)
        .offset(kept)
        .first(conn)
        .optional()?;
    if let Some(oldest) = oldest {
        let own = reading_source_refusals::table
            .filter(reading_source_refusals::source_id.eq(source))
            .filter(reading_source_refusals::id.le(oldest));
        diesel::delete(own).execute(conn)?;
    }
    Ok(())
}
