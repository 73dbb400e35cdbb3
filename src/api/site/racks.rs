//! Racks: what is leased.

use super::super::ask::Ask;
use super::super::query::{Kind, Param};
use super::super::reply::Reply;
use super::super::routes::Answer;
use super::super::schema::Listed;
use super::{DATE, HALL, SITE};
use crate::db::site::racks::{self as rows, Listed as Row, RackFilter, RackOrder, RackPage};
use crate::db::site::sites;
use crate::domain::cursor::Cursor;
use crate::domain::ids::*;
use crate::domain::leasing::state::{ReservationState, ReservationStatus};
use crate::domain::site::{Leg, RackKind, RackPhase};
use crate::domain::units::Watts;
use crate::error::found;
use crate::services::site::figures::Figures;
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

fn kinds() -> Vec<&'static str> {
    RackKind::ALL.iter().map(|kind| kind.code()).collect()
}

#[derive(Serialize, ToSchema)]
pub struct Rack {
    pub id: RackId,
    pub site: SiteId,
    pub hall: HallId,
    pub row: RowId,
    pub name: String,
    pub kind: RackKind,
    pub slots: i64,
    pub limit_watts: Watts,
    pub phase: RackPhase,
    pub feed_a: NodeId,
    /// A rack on two feeds counts in full on each.
    pub feed_b: Option<NodeId>,
    pub zone: ZoneId,
    pub sold_watts: Watts,
}

fn rack(Row { rack, sold }: Row) -> Rack {
    Rack {
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

pub async fn list(ask: Ask) -> Answer<Listed<Rack>> {
    let query = &ask.query;
    let filter = RackFilter {
        search: query.text("q").unwrap_or_default().to_owned(),
        site: query.id("site"),
        hall: query.id("hall"),
        row: query.id("row"),
        zone: query.id("zone"),
        feed: query.id("feed"),
        kind: query.word("kind", RackKind::parse),
    };
    let page = RackPage {
        order: RackOrder::Name,
        descending: false,
        after: query.after().map(|cursor| (cursor.value, cursor.id)),
        limit: query.limit() + 1,
    };
    let (now, day) = (ask.now, query.day("date"));
    let found = ask
        .read(move |conn| {
            let moment = rows::Moment::of(&sites::all(conn)?, now, day);
            rows::page(conn, &filter, &moment, &page)
        })
        .await?;
    Reply::page(
        &ask,
        found,
        |row| Cursor::new(&row.rack.name_folded, row.rack.id.0),
        rack,
    )
}

#[derive(Serialize, ToSchema)]
pub struct OneRack {
    #[serde(flatten)]
    pub rack: Rack,
    /// What sold and free stand for.
    pub date: NaiveDate,
    pub free_watts: Watts,
    pub sold_slots: i64,
    pub free_slots: i64,
    /// Bookings on this rack, now and later.
    pub bookings: Vec<Booking>,
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

fn booking(row: rows::Standing) -> Booking {
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

pub async fn show(ask: Ask) -> Answer<OneRack> {
    let (id, now, day) = (RackId(ask.id()?), ask.now, ask.query.day("date"));
    let (figures, row, standing) = ask
        .read(move |conn| {
            let row = rows::get(conn, id)?;
            let figures = Figures::on(conn, row.site_id, now, day)?;
            let standing = rows::standing(conn, id, now, figures.house.today)?;
            Ok((figures, row, standing))
        })
        .await?;
    let at = found(figures.house.rack_position(id))?;
    let (load, slots) = (figures.rack(at), i64::from(figures.sold.racks[at].slots));
    Reply::ok(&OneRack {
        date: figures.day,
        free_watts: load.free(),
        sold_slots: slots,
        free_slots: (row.slots - slots).max(0),
        bookings: standing.into_iter().map(booking).collect(),
        rack: rack(Row {
            rack: row,
            sold: load.sold,
        }),
    })
}
