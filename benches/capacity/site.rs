//! The site that everything is measured on: halls of a hundred racks, twenty feeds in each.

use chrono::{Days, Months, NaiveDate};
use innkeeper::domain::calendar::Window;
use innkeeper::domain::leasing::place::{
    Booking, CoolingZone, Demand, Needs, Node, Piece, Rack, Site, legs_from_rating,
};
use innkeeper::domain::site::{CoolingKind, Leg, RackPhase, Supply, Workload};
use innkeeper::domain::units::Watts;
use rust_decimal::Decimal;

const RACKS_IN_HALL: usize = 100;
const FEEDS_IN_HALL: usize = 20;
pub const TENANTS: usize = 200;
pub const ROW: usize = 20;
const HALLS_UNDER_TRANSFORMER: usize = 5;

pub fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, 1).expect("a date")
}

/// A grid, a transformer for five halls, a panel and twenty feeds for each hall.
pub fn site(racks: usize) -> Site {
    let halls = racks / RACKS_IN_HALL;
    let node = |parent, kilowatts: i64| Node {
        parent,
        grid: parent.is_none(),
        legs: legs_from_rating(Watts(kilowatts * 1_000), Decimal::ONE),
    };
    let mut nodes = vec![node(None, 4_000 * halls as i64)];
    let transformers = halls.div_ceil(HALLS_UNDER_TRANSFORMER);
    nodes.extend((0..transformers).map(|_| node(Some(0), 20_000)));
    nodes.extend((0..halls).map(|hall| node(Some(1 + hall / HALLS_UNDER_TRANSFORMER), 4_000)));
    let feeds = nodes.len();
    nodes.extend(
        (0..halls * FEEDS_IN_HALL)
            .map(|feed| node(Some(1 + transformers + feed / FEEDS_IN_HALL), 210)),
    );
    let mut derate = [Decimal::ONE; 12];
    derate[6] = Decimal::new(9, 1);
    let zone = CoolingZone {
        kind: CoolingKind::Air,
        units: vec![Watts(1_200_000); 4],
        spare_units: 1,
        derate,
    };
    let per_feed = RACKS_IN_HALL / FEEDS_IN_HALL;
    let rack = |at: usize| Rack {
        feeds: (feeds + at / per_feed, None),
        zone: at / RACKS_IN_HALL,
        slots: 12,
        limit: Watts(60_000),
        hall: hall(at),
        row: at / ROW,
        phase: RackPhase::Three,
    };
    Site {
        nodes,
        zones: vec![zone; halls],
        racks: (0..halls * RACKS_IN_HALL).map(rack).collect(),
        restrictions: vec![],
        outages: vec![],
    }
}

/// The first hall has two hundred racks, the others a hundred.
pub fn hall(rack: usize) -> usize {
    (rack / RACKS_IN_HALL).saturating_sub(1)
}

/// Two hundred racks in one hall under a grid, nineteen panels and 380 feeds.
pub fn annex() -> Site {
    let mut small = site(2 * RACKS_IN_HALL);
    let node = |parent, kilowatts: i64| Node {
        parent,
        grid: parent.is_none(),
        legs: legs_from_rating(Watts(kilowatts * 1_000), Decimal::ONE),
    };
    small.nodes = vec![node(None, 20_000)];
    small.nodes.extend((0..19).map(|_| node(Some(0), 4_000)));
    small
        .nodes
        .extend((0..380).map(|feed| node(Some(1 + feed / 20), 210)));
    for (at, rack) in small.racks.iter_mut().enumerate() {
        (rack.feeds, rack.hall, rack.zone) = ((20 + at, None), 0, 0);
    }
    small
}

pub fn demand(units: u32, watts: i64, window: Window) -> Demand {
    Demand {
        workload: Workload::Mining,
        cooling: CoolingKind::Air,
        units,
        watts_each: Watts(watts),
        supply: Supply::Single,
        window,
        racks: None,
        needs: Needs::default(),
    }
}

/// Three machines each, one on each leg of a rack, for one to twelve months; six in ten assigned.
pub fn bookings(racks: usize, count: usize) -> Vec<Booking> {
    let booking = |at: usize| {
        let from = first_day() + Days::new((at * 37 % 730) as u64);
        let window = Window {
            from,
            to: (!at.is_multiple_of(25)).then(|| from + Months::new(1 + at as u32 * 7 % 12)),
        };
        let rack = at * 7_919 % racks;
        let piece = |&leg: &Leg| Piece {
            rack,
            leg: Some(leg),
            units: 1,
        };
        Booking {
            demand: demand(3, 3_000 + (at % 7) as i64 * 100, window),
            witness: Leg::ALL.iter().map(piece).collect(),
            assigned: at % 10 < 6,
        }
    };
    (0..count).map(booking).collect()
}
