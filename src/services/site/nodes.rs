//! The power tree in figures: what each node and leg can carry, sells now, sells at its peak, draws.

use super::drawn;
use super::figures::{Figures, Load, NodeLoad};
use crate::db::Conn;
use crate::db::metering::drawn::Among;
use crate::domain::calendar::{Instant, Window};
use crate::domain::ids::SiteId;
use crate::domain::leasing::place::{self, Peak};
use crate::domain::units::Watts;
use crate::error::Result;
use chrono::{Months, NaiveDate};

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
}

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

pub fn tree(conn: &mut Conn, site: SiteId, now: Instant) -> Result<Tree> {
    let figures = Figures::load(conn, site, now)?;
    let house = &figures.house;
    let window = Window {
        from: house.today,
        to: Some(house.today + Months::new(PEAK_MONTHS)),
    };
    let peaks = place::node_peaks(&house.plan, &figures.book.bookings, window);
    let taken = drawn::taken(now, house.today);
    let (by_rack, _) = drawn::by_rack(conn, Among::Site(site), taken)?;
    let by_node = drawn::by_node(house, &by_rack);
    let nodes = figures
        .tree()
        .into_iter()
        .map(|now| NodeFigures {
            peak: [0, 1, 2].map(|leg| peak(&now.legs[leg], &peaks[now.at][leg])),
            tightest: peaks[now.at].map(|peak| (peak.tightest, Watts(peak.free.div_euclid(3)))),
            drawn: by_node[now.at],
            now,
        })
        .collect();
    Ok(Tree { figures, nodes })
}

fn peak(today: &Load, peak: &Peak) -> Load {
    Load {
        usable: today.usable,
        sold: Watts((peak.sold + 2) / 3),
    }
}
