//! Racks: what is leased.

use super::super::ask::Ask;
use super::super::query::{DIR, Kind, Param};
use super::super::reply::Reply;
use super::super::routes::Answer;
use super::super::schema::Listed;
use super::sites::Share;
use super::{DATE, HALL, SITE};
use crate::api::history::{Happening, history};
use crate::db::metering::drawn::Among;
use crate::db::site::on_rack;
use crate::db::site::racks::{
    self as rows, Listed as Row, RackFilter, RackNames, RackOrder, RackPage,
};
use crate::db::site::sites;
use crate::domain::ids::*;
use crate::domain::leasing::state::{ReservationState, ReservationStatus};
use crate::domain::site::{Leg, NodeKind, RackKind, RackPhase};
use crate::domain::units::Watts;
use crate::error::found;
use crate::services::site::drawn;
use crate::services::site::figures::{Figures, NodeLoad};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

pub const FILTERS: &[Param] = &[
    SITE,
    HALL,
    Param::optional("row", Kind::Id, "In this row only."),
    Param::optional("zone", Kind::Id, "In this cooling zone only."),
    Param::optional("feed", Kind::Id, "On this power node, as either feed."),
    Param::optional("kind", Kind::Word(kinds), "Of this kind only."),
    Param::optional(
        "q",
        Kind::Text,
        "In any part of the name, whatever the case.",
    ),
    DATE,
];

/// How the list may be ordered.
pub const ORDER: &[Param] = &[
    Param::optional(
        "sort",
        Kind::Word(|| RackOrder::WORDS.to_vec()),
        "By what; by name if not said.",
    ),
    DIR,
];

fn kinds() -> Vec<&'static str> {
    RackKind::ALL.iter().map(|kind| kind.code()).collect()
}

#[derive(Serialize, ToSchema)]
pub struct Rack {
    pub id: RackId,
    pub site: SiteId,
    pub hall: HallId,
    pub hall_name: String,
    pub row: RowId,
    pub row_name: String,
    pub name: String,
    pub kind: RackKind,
    pub slots: i64,
    pub limit_watts: Watts,
    pub phase: RackPhase,
    pub feed_a: NodeId,
    pub feed_a_name: String,
    /// A rack on two feeds counts in full on each.
    pub feed_b: Option<NodeId>,
    pub feed_b_name: Option<String>,
    pub zone: ZoneId,
    pub zone_name: String,
    /// Its cell on the floor and how it is turned, in degrees; null where nobody has put it there.
    pub x: Option<i64>,
    pub y: Option<i64>,
    pub turn: Option<i64>,
    pub sold_watts: Watts,
    pub free_watts: Watts,
}

fn rack(Row { rack, sold }: Row, names: &RackNames) -> Rack {
    let node = |id: &NodeId| names.nodes.get(id).cloned();
    Rack {
        hall_name: names.halls.get(&rack.hall_id).cloned().unwrap_or_default(),
        row_name: names.rows.get(&rack.row_id).cloned().unwrap_or_default(),
        feed_a_name: node(&rack.feed_a).unwrap_or_default(),
        feed_b_name: rack.feed_b.as_ref().and_then(node),
        zone_name: names.zones.get(&rack.zone_id).cloned().unwrap_or_default(),
        x: rack.x,
        y: rack.y,
        turn: rack.turn,
        free_watts: Watts((rack.limit_watts.0 - sold.0).max(0)),
        id: rack.id,
        site: rack.site_id,
        hall: rack.hall_id,
        row: rack.row_id,
        name: rack.name,
        kind: rack.kind,
        slots: rack.slots,
        limit_watts: rack.limit_watts,
        phase: rack.phase,
        feed_a: rack.feed_a,
        feed_b: rack.feed_b,
        zone: rack.zone_id,
        sold_watts: sold,
    }
}

fn asked(ask: &Ask) -> RackFilter {
    let query = &ask.query;
    RackFilter {
        search: query.text("q").unwrap_or_default().to_owned(),
        site: query.id("site"),
        hall: query.id("hall"),
        row: query.id("row"),
        zone: query.id("zone"),
        feed: query.id("feed"),
        kind: query.word("kind", RackKind::parse),
    }
}

pub async fn list(ask: Ask) -> Answer<Listed<Rack>> {
    let (query, filter) = (&ask.query, asked(&ask));
    let (sort, descending) = query.order(&RackOrder::WORDS, false);
    let order = RackOrder::of(sort);
    let page = RackPage {
        order,
        descending,
        after: query.after().map(|cursor| (cursor.value, cursor.id)),
        limit: query.limit() + 1,
    };
    let (now, day) = (ask.now, query.day("date"));
    let (found, names) = ask
        .read(move |conn| {
            let moment = rows::Moment::of(&sites::all(conn)?, now, day);
            let found = rows::page(conn, &filter, &moment, &page)?;
            let names = rows::names(conn, &found)?;
            Ok((found, names))
        })
        .await?;
    Reply::page(
        &ask,
        found,
        |row| row.cursor(order),
        |row| rack(row, &names),
    )
}

/// Sums over all that is filtered.
#[derive(Serialize, ToSchema)]
pub struct RackTotals {
    pub racks: i64,
    pub slots: i64,
    pub limit_watts: Watts,
    pub sold_watts: Watts,
}

pub async fn totals(ask: Ask) -> Answer<RackTotals> {
    let (filter, now, day) = (asked(&ask), ask.now, ask.query.day("date"));
    let found = ask.read(move |conn| {
        let moment = rows::Moment::of(&sites::all(conn)?, now, day);
        rows::totals(conn, &filter, &moment)
    });
    let found = found.await?;
    Reply::ok(&RackTotals {
        racks: found.racks,
        slots: found.slots,
        limit_watts: found.limit,
        sold_watts: found.sold,
    })
}

#[derive(Serialize, ToSchema)]
pub struct OneRack {
    #[serde(flatten)]
    pub rack: Rack,
    /// What sold and free stand for.
    pub date: NaiveDate,
    pub sold_slots: i64,
    pub free_slots: i64,
    /// What its meters said last; null where none spoke, and of another day.
    pub drawn_watts: Option<Watts>,
    /// From each of its feeds up to the grid.
    pub ways: Vec<Vec<Step>>,
    /// What its cooling zone has, and what of it is sold.
    pub zone_heat: Share,
    /// Bookings on this rack, now and later.
    pub bookings: Vec<Booking>,
    pub meters: Vec<RackMeter>,
    pub history: Vec<Happening>,
}

/// A power node on the way of a feed to the grid.
#[derive(Serialize, ToSchema)]
pub struct Step {
    pub node: NodeId,
    pub name: String,
    pub kind: NodeKind,
    pub power: Share,
}

#[derive(Serialize, ToSchema)]
pub struct RackMeter {
    pub id: MeterId,
    pub code: String,
    pub from: NaiveDate,
    /// Exclusive; null while it is there.
    pub to: Option<NaiveDate>,
}

/// Machines of one booking on one leg.
#[derive(Serialize, ToSchema)]
pub struct Booking {
    pub reservation: ReservationId,
    pub lease: Option<LeaseId>,
    pub lease_number: Option<String>,
    pub tenant_name: String,
    pub model_name: String,
    pub status: ReservationStatus,
    /// Null for three-phase machines.
    pub leg: Option<Leg>,
    pub units: i64,
    pub watts_each: Watts,
    pub from: NaiveDate,
    /// Exclusive; null while open-ended.
    pub to: Option<NaiveDate>,
}

fn booking(row: on_rack::Standing) -> Booking {
    Booking {
        reservation: row.reservation,
        lease: row.lease,
        lease_number: row.lease_number,
        tenant_name: row.tenant,
        model_name: row.model,
        status: match (row.state, row.assigned_at) {
            (ReservationState::Leased, _) => ReservationStatus::Leased,
            (_, Some(_)) => ReservationStatus::Assigned,
            _ => ReservationStatus::Held,
        },
        leg: row.leg,
        units: row.units,
        watts_each: row.watts_each,
        from: row.from,
        to: row.to,
    }
}

/// What a rack's page reads.
struct Known {
    figures: Figures,
    row: rows::Rack,
    names: RackNames,
    standing: Vec<on_rack::Standing>,
    meters: Vec<on_rack::RackMeter>,
    drawn: Option<Watts>,
    history: Vec<Happening>,
}

pub async fn show(ask: Ask) -> Answer<OneRack> {
    let (id, now, day) = (RackId(ask.id()?), ask.now, ask.query.day("date"));
    let actor = ask.actor();
    let known = ask
        .read(move |conn| {
            let row = rows::get(conn, id)?;
            let figures = Figures::on(conn, row.site_id, now, day)?;
            let listed = Row {
                rack: row.clone(),
                sold: Watts::ZERO,
            };
            let drawn = match figures.day == figures.house.today {
                true => {
                    let taken = drawn::taken(now, figures.day);
                    let among = Among::Hall(row.hall_id);
                    drawn::by_rack(conn, among, taken)?.0.remove(&id)
                }
                false => None,
            };
            Ok(Known {
                names: rows::names(conn, &[listed])?,
                standing: on_rack::standing(conn, id, now, figures.house.today)?,
                meters: on_rack::meters_on(conn, id)?,
                history: history(conn, &actor, "rack", id.0)?,
                drawn,
                row,
                figures,
            })
        })
        .await?;
    let at = found(known.figures.house.rack_position(id))?;
    Reply::ok(&one(known, at))
}

fn one(known: Known, at: usize) -> OneRack {
    let figures = &known.figures;
    let (load, slots) = (figures.rack(at), i64::from(figures.sold.racks[at].slots));
    let feeds = [Some(known.row.feed_a), known.row.feed_b];
    let meter = |meter: on_rack::RackMeter| RackMeter {
        id: meter.id,
        code: meter.code,
        from: meter.from_date,
        to: meter.to_date,
    };
    OneRack {
        date: figures.day,
        sold_slots: slots,
        free_slots: (known.row.slots - slots).max(0),
        drawn_watts: known.drawn,
        ways: feeds
            .into_iter()
            .flatten()
            .map(|feed| way(figures, feed))
            .collect(),
        zone_heat: figures.zone(figures.house.plan.racks[at].zone).into(),
        bookings: known.standing.into_iter().map(booking).collect(),
        meters: known.meters.into_iter().map(meter).collect(),
        history: known.history,
        rack: rack(
            Row {
                rack: known.row,
                sold: load.sold,
            },
            &known.names,
        ),
    }
}

fn way(figures: &Figures, feed: NodeId) -> Vec<Step> {
    let step = |load: NodeLoad| {
        let node = &figures.house.nodes[load.at];
        Step {
            node: node.id,
            name: node.name.clone(),
            kind: node.kind,
            power: load.whole.into(),
        }
    };
    figures.chain(feed).into_iter().map(step).collect()
}
