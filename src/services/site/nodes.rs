//! The power tree in figures: what each node and leg can carry, sells now, sells at its peak, draws.

use super::drawn::{self, Occupancy};
use super::figures::{Figures, Load, NodeLoad, in_tree};
use crate::db::leasing::reservations::Reservation;
use crate::db::metering::drawn::Among;
use crate::db::metering::watched;
use crate::db::{Conn, Db};
use crate::domain::calendar::{Instant, Window};
use crate::domain::ids::SiteId;
use crate::domain::leasing::place::{self, Booking, Peak};
use crate::domain::units::Watts;
use crate::error::Result;
use crate::services::leasing::house::House;
use crate::services::leasing::ready::Ready;
use chrono::{Months, NaiveDate};
use std::sync::Arc;

/// How far ahead the peak is looked for.
pub const PEAK_MONTHS: u32 = 12;

/// A node in the order of the tree.
#[derive(Clone, Debug)]
pub struct NodeFigures {
    pub now: NodeLoad,
    /// The most sold on any day of the next months against what is usable today.
    pub peak: [Load; 3],
    /// The day on which least is left on each leg, and how much (negative: over).
    pub tightest: [(NaiveDate, Watts); 3],
    pub drawn: Option<Watts>,
    /// The same leg by leg, apportioned by what is allocated.
    pub drawn_legs: Option<[Watts; 3]>,
}

/// What a node draws: as a whole, and leg by leg.
type Drawn = (Option<Watts>, Option<[Watts; 3]>);

impl NodeFigures {
    pub fn peak_whole(&self) -> Load {
        self.peak
            .iter()
            .fold(Load::default(), |sum, leg| sum + *leg)
    }

    /// The leg on which least is left.
    pub fn binding_leg(&self) -> usize {
        (0..3).min_by_key(|&leg| self.tightest[leg].1).unwrap_or(0)
    }
}

pub struct Tree {
    pub figures: Figures,
    pub nodes: Vec<NodeFigures>,
}

/// Today, of the site as a process has it at hand.
pub fn today(
    db: &Db,
    conn: &mut Conn,
    site: SiteId,
    now: Instant,
) -> Result<(Arc<Ready>, Vec<NodeFigures>)> {
    let ready = Ready::load(db, conn, site, now)?;
    let (house, standing) = (&ready.house, &ready.standing);
    let order = in_tree(house).into_iter().map(|(at, depth)| {
        let (usable, sold) = standing.node_on(at, house.today);
        NodeLoad::of(at, depth, usable, sold)
    });
    let peaks = standing.node_peaks(ahead(house.today));
    let booked = (&ready.reservations[..], standing.bookings());
    let drawn = drawn_now(conn, house, booked, now)?;
    let nodes = with_peaks(order, &peaks, &drawn);
    Ok((ready, nodes))
}

/// On a local day, with the months after it; what is drawn is known of today only.
pub fn tree_on(
    conn: &mut Conn,
    site: SiteId,
    now: Instant,
    day: Option<NaiveDate>,
) -> Result<Tree> {
    let figures = Figures::on(conn, site, now, day)?;
    let house = &figures.house;
    let peaks = place::node_peaks(&house.plan, &figures.book.bookings, ahead(figures.day));
    let booked = (&figures.book.reservations[..], &figures.book.bookings[..]);
    let drawn = match figures.day == house.today {
        true => drawn_now(conn, house, booked, now)?,
        false => vec![(None, None); house.nodes.len()],
    };
    let nodes = with_peaks(figures.tree().into_iter(), &peaks, &drawn);
    Ok(Tree { figures, nodes })
}

fn ahead(day: NaiveDate) -> Window {
    Window {
        from: day,
        to: Some(day + Months::new(PEAK_MONTHS)),
    }
}

fn drawn_now(
    conn: &mut Conn,
    house: &House,
    (reservations, bookings): (&[Reservation], &[Booking]),
    now: Instant,
) -> Result<Vec<Drawn>> {
    let taken = drawn::taken(now, house.today);
    let (by_rack, _) = drawn::by_rack(conn, Among::Site(house.site.id), taken)?;
    let there = Occupancy {
        reservations,
        bookings,
        machines: &watched::on_legs(conn, house.site.id)?,
    };
    let legs = drawn::legs_by_node(house, &there, house.today, &by_rack);
    let whole = drawn::by_node(house, &by_rack).into_iter();
    Ok(whole.zip(legs).collect())
}

fn with_peaks(
    nodes: impl Iterator<Item = NodeLoad>,
    peaks: &[[Peak; 3]],
    drawn: &[Drawn],
) -> Vec<NodeFigures> {
    let figures = |now: NodeLoad| NodeFigures {
        peak: [0, 1, 2].map(|leg| peak(&now.legs[leg], &peaks[now.at][leg])),
        tightest: peaks[now.at].map(|peak| (peak.tightest, Watts(peak.free.div_euclid(3)))),
        drawn: drawn[now.at].0,
        drawn_legs: drawn[now.at].1,
        now,
    };
    nodes.map(figures).collect()
}

fn peak(today: &Load, peak: &Peak) -> Load {
    Load {
        usable: today.usable,
        sold: Watts((peak.sold + 2) / 3),
    }
}
