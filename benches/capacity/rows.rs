//! The measured site as rows of a fresh database.

use crate::site::{ROW, TENANTS, annex, bookings, hall, site};
use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use innkeeper::db::identity::operators::{self, Operator};
use innkeeper::db::identity::tenants::Tenant;
use innkeeper::db::leasing::reservations::{Allocation, Reservation, insert_allocations};
use innkeeper::db::schema;
use innkeeper::db::site::cooling::{CoolingUnit, CoolingZone, Derating};
use innkeeper::db::site::halls::{Hall, Row};
use innkeeper::db::site::power::PowerNode;
use innkeeper::db::site::racks::Rack;
use innkeeper::db::site::sites::{self, Site};
use innkeeper::db::{Chain, Conn, Db};
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::identity::TenantKind;
use innkeeper::domain::ids::*;
use innkeeper::domain::leasing::place::{self, Booking, Site as Plan};
use innkeeper::domain::leasing::state::ReservationState;
use innkeeper::domain::site::{NodeKind, OfferedTo, RackKind, Redundancy, SlotsEach};
use innkeeper::domain::units::Watts;
use innkeeper::error::Result;
use innkeeper::on_each;

/// 2026-11-20 09:00:00 UTC.
pub const NOW: Instant = Instant(1_795_165_200);
pub const SITE: SiteId = SiteId(1);
/// One hall of two hundred racks under four hundred nodes, whatever size the other site has.
pub const ANNEX: SiteId = SiteId(2);

macro_rules! insert {
    ($conn:expr, $table:ident, $rows:expr) => {
        for chunk in $rows.chunks(500) {
            on_each!($conn, c => diesel::insert_into(schema::$table::table).values(chunk).execute(c))?;
        }
    };
}

/// Numbers of rows are counted from one: the database is new.
pub fn fill(db: &Db, racks: usize, live: usize) {
    db.write(Chain::Operator, |tx| {
        operators::insert(tx.conn, &operator())?;
        let tenants: Vec<Tenant> = (0..TENANTS).map(tenant).collect();
        insert!(tx.conn, tenants, tenants);
        sites::insert(tx.conn, &site_row("B"))?;
        sites::insert(tx.conn, &site_row("A"))?;
        let plan = site(racks);
        let first = First::default();
        ground(tx.conn, SITE, &plan, &first)?;
        book(tx.conn, SITE, &bookings(racks, live), &first)?;
        let next = First {
            hall: hall(racks - 1) + 1,
            row: racks / ROW,
            node: plan.nodes.len(),
            zone: plan.zones.len(),
            rack: racks,
            reservation: live,
        };
        ground(tx.conn, ANNEX, &annex(), &next)?;
        book(tx.conn, ANNEX, &bookings(200, 300), &next)
    })
    .expect("rows");
    // What PostgreSQL does by itself within a minute.
    if let Conn::Postgres(conn) = &mut *db.get().expect("a connection") {
        conn.batch_execute("ANALYZE").expect("statistics");
    }
}

/// How many rows there were before a site's own.
#[derive(Default)]
struct First {
    hall: usize,
    row: usize,
    node: usize,
    zone: usize,
    rack: usize,
    reservation: usize,
}

fn number(at: usize) -> i64 {
    at as i64 + 1
}

fn ground(conn: &mut Conn, site_id: SiteId, plan: &Plan, first: &First) -> Result<()> {
    let text = |at: usize| format!("{at:05}");
    let halls = plan
        .racks
        .iter()
        .map(|rack| rack.hall + 1)
        .max()
        .unwrap_or(0);
    let halls: Vec<Hall> = (0..halls)
        .map(|at| Hall {
            id: HallId(0),
            site_id,
            name: text(at),
            width: None,
            depth: None,
            offered: OfferedTo::All,
        })
        .collect();
    insert!(conn, halls, halls);
    let rows: Vec<Row> = (0..plan.racks.len() / ROW)
        .map(|at| Row {
            id: RowId(0),
            site_id,
            hall_id: HallId(number(first.hall + plan.racks[at * ROW].hall)),
            name: text(at),
        })
        .collect();
    insert!(conn, rack_rows, rows);
    let node = |(at, node): (usize, &place::Node)| PowerNode {
        id: NodeId(0),
        site_id,
        parent_id: node
            .parent
            .map(|parent| NodeId(number(first.node + parent))),
        kind: if at == 0 {
            NodeKind::Grid
        } else {
            NodeKind::Feed
        },
        name: text(at),
        rating_watts: Some(Watts(node.legs[0])),
        volts: None,
        amps: None,
        leg: None,
        usable: "1".into(),
    };
    let nodes: Vec<PowerNode> = plan.nodes.iter().enumerate().map(node).collect();
    insert!(conn, power_nodes, nodes);
    cooling(conn, site_id, first.zone, plan.zones.len())?;
    let rack = |(at, rack): (usize, &place::Rack)| Rack {
        id: RackId(0),
        site_id,
        hall_id: HallId(number(first.hall + rack.hall)),
        row_id: RowId(number(first.row + rack.row)),
        name: text(at),
        name_folded: text(at),
        kind: RackKind::Frame,
        slots: rack.slots.into(),
        limit_watts: rack.limit,
        phase: rack.phase,
        feed_a: NodeId(number(first.node + rack.feeds.0)),
        feed_b: None,
        zone_id: ZoneId(number(first.zone + rack.zone)),
        x: None,
        y: None,
        turn: None,
    };
    let racks: Vec<Rack> = plan.racks.iter().enumerate().map(rack).collect();
    insert!(conn, racks, racks);
    Ok(())
}

fn cooling(conn: &mut Conn, site_id: SiteId, first: usize, zones: usize) -> Result<()> {
    let factor = "0.9".to_owned();
    let zone = |at: usize| CoolingZone {
        id: ZoneId(0),
        site_id,
        name: format!("{at:05}"),
        kind: innkeeper::domain::site::CoolingKind::Air,
        spare_units: 1,
    };
    let rows: Vec<CoolingZone> = (0..zones).map(zone).collect();
    insert!(conn, cooling_zones, rows);
    let unit = |at: usize| CoolingUnit {
        id: 0,
        site_id,
        zone_id: ZoneId(number(first + at / 4)),
        name: (at % 4).to_string(),
        watts: Watts(1_200_000),
    };
    let units: Vec<CoolingUnit> = (0..4 * zones).map(unit).collect();
    insert!(conn, cooling_units, units);
    let derating = |at: usize| Derating {
        site_id,
        zone_id: ZoneId(number(first + at)),
        month: 7,
        factor: factor.clone(),
    };
    let deratings: Vec<Derating> = (0..zones).map(derating).collect();
    insert!(conn, zone_deratings, deratings);
    Ok(())
}

fn book(conn: &mut Conn, site_id: SiteId, bookings: &[Booking], first: &First) -> Result<()> {
    let mut reservations = vec![];
    let mut allocations = vec![];
    for (at, booking) in bookings.iter().enumerate() {
        let demand = &booking.demand;
        let tenant_id = TenantId(number(at % TENANTS));
        reservations.push(Reservation {
            units: demand.units.into(),
            watts_each: demand.watts_each,
            from_date: demand.window.from,
            to_date: demand.window.to,
            site_id,
            tenant_id,
            assigned_at: booking.assigned.then_some(NOW),
            ..reservation()
        });
        allocations.extend(booking.witness.iter().map(|piece| Allocation {
            id: AllocationId(0),
            reservation_id: ReservationId(number(first.reservation + at)),
            tenant_id,
            site_id,
            rack_id: RackId(number(first.rack + piece.rack)),
            leg: piece.leg,
            units: piece.units.into(),
            from_date: None,
            to_date: None,
        }));
    }
    insert!(conn, reservations, reservations);
    insert_allocations(conn, &allocations)
}

/// Three machines, held for long.
pub fn reservation() -> Reservation {
    let demand = crate::site::demand(
        3,
        3_500,
        innkeeper::domain::calendar::Window {
            from: crate::site::first_day(),
            to: None,
        },
    );
    Reservation {
        id: ReservationId(0),
        tenant_id: TenantId(1),
        site_id: SITE,
        hall_id: None,
        model_id: None,
        model_name: "Antminer S21".into(),
        workload: demand.workload,
        cooling: demand.cooling,
        supply: demand.supply,
        units: demand.units.into(),
        watts_each: demand.watts_each,
        from_date: demand.window.from,
        to_date: demand.window.to,
        state: ReservationState::Held,
        hold_until: Instant(NOW.0 + 10_000_000),
        assigned_at: None,
        assigned_by: None,
        created_at: NOW,
        created_by: None,
        cancelled_at: None,
        cancelled_by: None,
        bundle_id: None,
        slots_each: SlotsEach::One,
        two_feeds: false,
        rack_range: None,
        redundancy: Redundancy::N,
    }
}

fn site_row(code: &str) -> Site {
    Site {
        id: SiteId(0),
        code: code.into(),
        name: format!("Bench {code}"),
        region_code: "00".into(),
        address: String::new(),
        time_zone: "Europe/Moscow".into(),
        hold_hours: 720,
        plan_id: None,
        created_at: NOW,
        redundancy: Redundancy::N,
    }
}

fn tenant(at: usize) -> Tenant {
    let (name, text) = (format!("Tenant {at}"), String::new);
    Tenant {
        id: TenantId(0),
        kind: TenantKind::Company,
        name_folded: name.to_lowercase(),
        name,
        inn: "7707083893".into(),
        kpp: "770701001".into(),
        ogrn: text(),
        address: text(),
        email: "t@example.org".into(),
        phone: text(),
        contact: text(),
        bank_details: text(),
        registry_number: text(),
        registry_date: None,
        locale: "en".into(),
        created_at: NOW,
        created_by: None,
        redundancy: Redundancy::N,
    }
}

fn operator() -> Operator {
    let text = String::new;
    Operator {
        id: operators::ID,
        legal_name: "Bench".into(),
        short_name: "Bench".into(),
        country: "RU".into(),
        time_zone: "Europe/Moscow".into(),
        inn: "7707083893".into(),
        kpp: "770701001".into(),
        ogrn: text(),
        address: text(),
        email: "hotel@example.org".into(),
        phone: text(),
        bank_name: text(),
        bank_bic: text(),
        bank_account: text(),
        bank_corr_account: text(),
        director: text(),
        accountant: text(),
        vat_payer: true,
        locale: "en".into(),
    }
}
