//! Racks.

use super::CHUNK;
use super::sites::Site;
use crate::db::Conn;
use crate::db::schema::{
    allocations, cooling_zones, halls, power_nodes, rack_rows, racks, reservations, sites,
};
use crate::db::stays::{live_sql, stands_sql};
use crate::domain::calendar::Instant;
use crate::domain::cursor::Cursor;
use crate::domain::fold::fold;
use crate::domain::ids::*;
use crate::domain::leasing::state::ReservationState;
use crate::domain::site::{RackKind, RackPhase};
use crate::domain::units::Watts;
use crate::error::{Result, found};
use crate::on_each;
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A rack on two feeds counts in full on each of them.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = racks)]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub struct Rack {
    #[diesel(skip_insertion)]
    pub id: RackId,
    pub site_id: SiteId,
    pub hall_id: HallId,
    pub row_id: RowId,
    pub name: String,
    pub name_folded: String,
    pub kind: RackKind,
    pub slots: i64,
    pub limit_watts: Watts,
    pub phase: RackPhase,
    pub feed_a: NodeId,
    pub feed_b: Option<NodeId>,
    pub zone_id: ZoneId,
    /// The cell of the hall's grid that it stands in; empty while nobody has placed it.
    pub x: Option<i64>,
    pub y: Option<i64>,
    /// Which way its front faces: 0 (down), 90, 180 or 270 degrees clockwise.
    pub turn: Option<i64>,
}

pub fn of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<Rack>> {
    Ok(racks::table
        .filter(racks::site_id.eq(site))
        .order(racks::id)
        .load(conn)?)
}

/// Whether the house has any rack.
pub fn any(conn: &mut Conn) -> Result<bool> {
    let first: Option<RackId> = racks::table.select(racks::id).first(conn).optional()?;
    Ok(first.is_some())
}

pub fn get(conn: &mut Conn, id: RackId) -> Result<Rack> {
    found(racks::table.find(id).first(conn).optional()?)
}

/// These racks in the order in which they are asked for.
pub fn by_ids(conn: &mut Conn, ids: &[RackId]) -> Result<Vec<Rack>> {
    let mut found: HashMap<RackId, Rack> = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<Rack> = racks::table.filter(racks::id.eq_any(chunk)).load(conn)?;
        found.extend(rows.into_iter().map(|rack| (rack.id, rack)));
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

pub fn by_name(conn: &mut Conn, site: SiteId, name: &str) -> Result<Option<Rack>> {
    Ok(racks::table
        .filter(racks::site_id.eq(site).and(racks::name.eq(name)))
        .first(conn)
        .optional()?)
}

pub fn insert(conn: &mut Conn, rack: &Rack) -> Result<RackId> {
    Ok(diesel::insert_into(racks::table)
        .values(rack)
        .returning(racks::id)
        .get_result(conn)?)
}

/// Many at once: a statement for each few hundred.
pub fn insert_all(conn: &mut Conn, all: &[Rack]) -> Result<()> {
    for part in all.chunks(CHUNK) {
        on_each!(conn, c => diesel::insert_into(racks::table).values(part).execute(c))?;
    }
    Ok(())
}

pub fn update(conn: &mut Conn, rack: &Rack) -> Result<()> {
    diesel::update(racks::table.find(rack.id))
        .set(rack)
        .execute(conn)?;
    Ok(())
}

/// What a list of racks is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RackFilter {
    /// In any part of the name, whatever the case.
    pub search: String,
    pub site: Option<SiteId>,
    pub hall: Option<HallId>,
    pub row: Option<RowId>,
    pub zone: Option<ZoneId>,
    /// On either feed.
    pub feed: Option<NodeId>,
    pub kind: Option<RackKind>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RackOrder {
    Name,
    Limit,
    Sold,
}

impl RackOrder {
    /// As an address has them; the first is the usual one.
    pub const WORDS: [&'static str; 3] = ["name", "limit", "sold"];

    pub fn of(word: &str) -> Self {
        match word {
            "limit" => Self::Limit,
            "sold" => Self::Sold,
            _ => Self::Name,
        }
    }
}

/// Where a page of racks starts and how long it is; `after`: the value ordered by, and the id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RackPage {
    pub order: RackOrder,
    pub descending: bool,
    pub after: Option<(String, i64)>,
    pub limit: i64,
}

/// What is live now; a booking counts on the local date of its site.
#[derive(Clone, Debug)]
pub struct Moment {
    pub now: Instant,
    pub days: Vec<(SiteId, NaiveDate)>,
}

impl Moment {
    /// On one day at every site, or on each site's today.
    pub fn of(sites: &[Site], now: Instant, day: Option<NaiveDate>) -> Self {
        let on = |site: &Site| day.unwrap_or_else(|| site.zone().date(now));
        Self {
            now,
            days: sites.iter().map(|site| (site.id, on(site))).collect(),
        }
    }

    /// Each site's today.
    pub fn today(conn: &mut Conn, now: Instant) -> Result<Self> {
        Ok(Self::of(&super::sites::all(conn)?, now, None))
    }

    /// Whether an allocation `a` of a booking `r` is live and stands there; of numbers and dates alone.
    pub fn sql(&self) -> String {
        let mut days: BTreeMap<NaiveDate, Vec<String>> = BTreeMap::new();
        for (site, day) in &self.days {
            days.entry(*day).or_default().push(site.to_string());
        }
        let each = days.iter().map(|(day, sites)| {
            let (sites, stands) = (sites.join(", "), stands_sql(*day));
            format!("(r.site_id IN ({sites}) AND {stands})")
        });
        let on_date = match days.is_empty() {
            true => "1 = 0".to_owned(),
            false => each.collect::<Vec<_>>().join(" OR "),
        };
        format!("({} AND ({on_date}))", live_sql(self.now))
    }
}

/// A rack and the watts that are sold on it.
#[derive(Clone, Debug)]
pub struct Listed {
    pub rack: Rack,
    pub sold: Watts,
}

impl Listed {
    /// Where a list in this order goes on after it.
    pub fn cursor(&self, order: RackOrder) -> Cursor {
        let id = self.rack.id.0;
        match order {
            RackOrder::Name => Cursor::new(&self.rack.name_folded, id),
            RackOrder::Limit => Cursor::new(self.rack.limit_watts.0, id),
            RackOrder::Sold => Cursor::new(self.sold.0, id),
        }
    }
}

/// Sums over all that is filtered, whatever the page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RackTotals {
    pub racks: i64,
    pub slots: i64,
    pub limit: Watts,
    pub sold: Watts,
}

type Boxed<'a> = racks::BoxedQuery<'a, <Conn as diesel::Connection>::Backend>;

fn filtered<'a>(filter: &RackFilter) -> Boxed<'a> {
    let mut query = racks::table.into_boxed();
    if !filter.search.is_empty() {
        let pattern = format!("%{}%", super::escaped(&fold(&filter.search)));
        query = query.filter(racks::name_folded.like(pattern).escape('\\'));
    }
    if let Some(site) = filter.site {
        query = query.filter(racks::site_id.eq(site));
    }
    if let Some(hall) = filter.hall {
        query = query.filter(racks::hall_id.eq(hall));
    }
    if let Some(row) = filter.row {
        query = query.filter(racks::row_id.eq(row));
    }
    if let Some(zone) = filter.zone {
        query = query.filter(racks::zone_id.eq(zone));
    }
    if let Some(feed) = filter.feed {
        query = query.filter(racks::feed_a.eq(feed).or(racks::feed_b.eq(feed)));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(racks::kind.eq(kind));
    }
    query
}

/// The watts sold on the rack of the row at hand, as SQL; made of numbers and dates alone.
fn sold(moment: &Moment) -> String {
    let there = moment.sql();
    format!(
        "COALESCE((SELECT CAST(SUM(a.units * r.watts_each) AS BIGINT) FROM allocations a \
         JOIN reservations r ON r.id = a.reservation_id WHERE a.rack_id = racks.id \
         AND {there}), 0)"
    )
}

pub fn page(
    conn: &mut Conn,
    filter: &RackFilter,
    moment: &Moment,
    page: &RackPage,
) -> Result<Vec<Listed>> {
    let sold = sold(moment);
    let mut query = filtered(filter);
    if let Some((value, id)) = &page.after {
        query = after(query, page, &sold, value, RackId(*id));
    }
    let number = |order: &str| {
        let way = if page.descending { "DESC" } else { "ASC" };
        sql::<Bool>(&format!("{order} {way}, racks.id {way}"))
    };
    query = match (page.order, page.descending) {
        (RackOrder::Name, false) => query.order((racks::name_folded.asc(), racks::id.asc())),
        (RackOrder::Name, true) => query.order((racks::name_folded.desc(), racks::id.desc())),
        (RackOrder::Limit, _) => query.order(number("racks.limit_watts")),
        (RackOrder::Sold, _) => query.order(number(&sold)),
    };
    let rows: Vec<Rack> = query.limit(page.limit).load(conn)?;
    let sold = sold_of(conn, &rows, moment)?;
    let listed = |rack: Rack| Listed {
        sold: sold.get(&rack.id).copied().unwrap_or_default(),
        rack,
    };
    Ok(rows.into_iter().map(listed).collect())
}

/// The same as `sold` of racks that are known: a statement that a database keeps prepared.
fn sold_of(conn: &mut Conn, racks: &[Rack], moment: &Moment) -> Result<HashMap<RackId, Watts>> {
    use allocations::dsl as a;
    use reservations::dsl as r;
    let days: HashMap<SiteId, NaiveDate> = moment.days.iter().copied().collect();
    let mut on: BTreeMap<NaiveDate, Vec<RackId>> = BTreeMap::new();
    for rack in racks {
        if let Some(&day) = days.get(&rack.site_id) {
            on.entry(day).or_default().push(rack.id);
        }
    }
    let mut sold: HashMap<RackId, Watts> = HashMap::new();
    let parts = on
        .iter()
        .flat_map(|(day, ids)| ids.chunks(CHUNK).map(|part| (*day, part)));
    for (day, part) in parts {
        let held = r::state
            .eq(ReservationState::Held)
            .and(r::hold_until.gt(moment.now));
        let rows: Vec<(RackId, i64, Watts)> = allocations::table
            .inner_join(reservations::table.on(r::id.eq(a::reservation_id)))
            .filter(a::rack_id.eq_any(part.to_vec()))
            .filter(r::state.eq(ReservationState::Leased).or(held))
            .filter(r::from_date.le(day))
            .filter(r::to_date.is_null().or(r::to_date.gt(day)))
            .filter(a::from_date.is_null().or(a::from_date.le(day)))
            .filter(a::to_date.is_null().or(a::to_date.gt(day)))
            .select((a::rack_id, a::units, r::watts_each))
            .load(conn)?;
        for (rack, units, watts) in rows {
            *sold.entry(rack).or_default() += Watts(units * watts.0);
        }
    }
    Ok(sold)
}

/// Keeps what comes after the last row of the page before.
fn after<'a>(query: Boxed<'a>, page: &RackPage, sold: &str, value: &str, id: RackId) -> Boxed<'a> {
    let value = value.to_owned();
    match (page.order, page.descending) {
        (RackOrder::Name, false) => query.filter(
            racks::name_folded
                .gt(value.clone())
                .or(racks::name_folded.eq(value).and(racks::id.gt(id))),
        ),
        (RackOrder::Name, true) => query.filter(
            racks::name_folded
                .lt(value.clone())
                .or(racks::name_folded.eq(value).and(racks::id.lt(id))),
        ),
        (order, descending) => {
            let column = if order == RackOrder::Limit {
                "racks.limit_watts"
            } else {
                sold
            };
            let sign = if descending { "<" } else { ">" };
            // A cursor that is no number starts the list from its top.
            let Ok(number) = value.parse::<i64>() else {
                return query;
            };
            query.filter(sql::<Bool>(&format!(
                "({column} {sign} {number} OR ({column} = {number} AND racks.id {sign} {id}))"
            )))
        }
    }
}

pub fn totals(conn: &mut Conn, filter: &RackFilter, moment: &Moment) -> Result<RackTotals> {
    let sum = |of: &str| sql::<BigInt>(&format!("CAST(COALESCE(SUM({of}), 0) AS BIGINT)"));
    let (racks, slots, limit, sold) = filtered(filter)
        .select((
            sql::<BigInt>("COUNT(*)"),
            sum("racks.slots"),
            sum("racks.limit_watts"),
            sum(&sold(moment)),
        ))
        .get_result(conn)?;
    Ok(RackTotals {
        racks,
        slots,
        limit,
        sold,
    })
}

/// When the first hold that counts at `now` ends by itself.
pub fn first_end(conn: &mut Conn, site: Option<SiteId>, now: Instant) -> Result<Option<Instant>> {
    use reservations::dsl as r;
    let mut query = reservations::table
        .filter(r::state.eq(ReservationState::Held))
        .filter(r::hold_until.gt(now))
        .select(diesel::dsl::min(r::hold_until))
        .into_boxed();
    if let Some(site) = site {
        query = query.filter(r::site_id.eq(site));
    }
    Ok(query.get_result(conn)?)
}

/// Names of what racks stand in and hang on.
#[derive(Clone, Debug, Default)]
pub struct RackNames {
    pub sites: HashMap<SiteId, String>,
    pub halls: HashMap<HallId, String>,
    pub rows: HashMap<RowId, String>,
    pub zones: HashMap<ZoneId, String>,
    pub nodes: HashMap<NodeId, String>,
}

macro_rules! names {
    ($conn:expr, $table:ident, $known:expr, $ids:expr) => {{
        let mut found = $known;
        let unknown = $ids.filter(|id| !found.contains_key(id));
        let distinct: Vec<_> = unknown.collect::<BTreeSet<_>>().into_iter().collect();
        for chunk in distinct.chunks(CHUNK) {
            let rows: Vec<(_, String)> = $table::table
                .filter($table::id.eq_any(chunk.to_vec()))
                .select(($table::id, $table::name))
                .load($conn)?;
            found.extend(rows);
        }
        found
    }};
}

pub fn names(conn: &mut Conn, racks: &[Listed]) -> Result<RackNames> {
    names_beside(conn, racks, RackNames::default())
}

/// Asks only for what is not known.
pub fn names_beside(conn: &mut Conn, racks: &[Listed], known: RackNames) -> Result<RackNames> {
    let all = || racks.iter().map(|listed| &listed.rack);
    let feeds = all().flat_map(|r| [Some(r.feed_a), r.feed_b].into_iter().flatten());
    Ok(RackNames {
        sites: names!(conn, sites, known.sites, all().map(|r| r.site_id)),
        halls: names!(conn, halls, known.halls, all().map(|r| r.hall_id)),
        rows: names!(conn, rack_rows, known.rows, all().map(|r| r.row_id)),
        zones: names!(conn, cooling_zones, known.zones, all().map(|r| r.zone_id)),
        nodes: names!(conn, power_nodes, known.nodes, feeds),
    })
}
