//! The words of a placement. Everything is named by its position in the site's vectors.

use crate::codes;
use crate::domain::calendar::Window;
use crate::domain::site::{CoolingKind, Leg, RackPhase, Redundancy, SlotsEach, Supply, Workload};
use crate::domain::units::Watts;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What can be booked on one site: capacities without the bookings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Site {
    pub nodes: Vec<Node>,
    pub zones: Vec<CoolingZone>,
    pub racks: Vec<Rack>,
    pub restrictions: Vec<Restriction>,
    pub outages: Vec<Outage>,
}

/// A power node: its place in the tree and what each leg carries, in thirds of a watt.
/// A `grid` connection is the one node that two feeds of a `2N` rack may share.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub parent: Option<usize>,
    pub legs: [i64; 3],
    pub grid: bool,
}

/// What removes the heat of its racks. `spare_units` of the largest units stay in reserve;
/// `derate` (January first) multiplies what is left, every year.
#[derive(Clone, Debug, PartialEq)]
pub struct CoolingZone {
    pub kind: CoolingKind,
    pub units: Vec<Watts>,
    pub spare_units: u32,
    pub derate: [Decimal; 12],
}

/// A rack on one feed, or on two that must each carry it alone. `hall` and `row` only tell which
/// racks stand together.
#[derive(Clone, Debug, PartialEq)]
pub struct Rack {
    pub feeds: (usize, Option<usize>),
    pub zone: usize,
    pub slots: u32,
    pub limit: Watts,
    pub phase: RackPhase,
    pub hall: usize,
    pub row: usize,
}

/// A workload that is forbidden in a concrete window; see `seasonal` for rules that recur.
#[derive(Clone, Debug, PartialEq)]
pub struct Restriction {
    pub workload: Workload,
    pub window: Window,
}

/// A node without power in a window.
#[derive(Clone, Debug, PartialEq)]
pub struct Outage {
    pub node: usize,
    pub window: Window,
}

/// `units` equal machines for a window; `racks` (sorted) limits where they may stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    pub workload: Workload,
    pub cooling: CoolingKind,
    pub units: u32,
    pub watts_each: Watts,
    pub supply: Supply,
    pub window: Window,
    pub racks: Option<Vec<usize>>,
    pub needs: Needs,
}

/// What a demand asks of each rack. Whole racks are racks for one's own use: `units` counts racks,
/// `watts_each` is what each may draw, and a rack draws as it is fed, evenly from three legs or
/// from its one; so a `three` supply asks for three-phase racks and `single` for the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Needs {
    pub slots_each: SlotsEach,
    /// Only racks on two feeds.
    pub two_feeds: bool,
    /// The rule of admission that the racks must meet.
    pub redundancy: Redundancy,
}

impl Default for Needs {
    fn default() -> Self {
        Self {
            slots_each: SlotsEach::One,
            two_feeds: false,
            redundancy: Redundancy::N,
        }
    }
}

/// Machines of one booking on one rack and leg; `leg: None` is a three-phase machine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Piece {
    pub rack: usize,
    pub leg: Option<Leg>,
    pub units: u32,
}

/// A live booking with the racks and legs it can have for its whole window.
/// An `assigned` one stays where its witness says; another may be moved to make room.
#[derive(Clone, Debug, PartialEq)]
pub struct Booking {
    pub demand: Demand,
    pub witness: Vec<Piece>,
    pub assigned: bool,
}

/// Where a request goes, and the other unassigned bookings (by position) that move for it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placement {
    pub pieces: Vec<Piece>,
    pub moved: Vec<(usize, Vec<Piece>)>,
}

/// Where the parts of a request go, in their order, and the other unassigned bookings that move.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placements {
    pub parts: Vec<Vec<Piece>>,
    pub moved: Vec<(usize, Vec<Piece>)>,
}

codes!(
    /// Why a request is refused, in the order in which reasons are named.
    Reason {
        Restriction = "restriction",
        CoolingKind = "cooling_kind",
        Space = "space",
        Power = "power",
        Cooling = "cooling",
    }
);

/// `reasons`: the families that refuse by themselves; where none does alone, those without
/// which it would fit; never empty, the first one is the answer. `available_units`: the most
/// that would be accepted. `proven` is false where the effort ran out: then the request was
/// not found to fit, and `available_units` is what was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub reasons: Vec<Reason>,
    pub available_units: u32,
    pub binding: Option<Binding>,
    pub proven: bool,
}

/// A refusal of several parts together: the reasons of all of them. `available_units` is an offer
/// that would be accepted: the most of the first part, beside it the most of the second, and so
/// on. `binding` is what stops the first part that falls short.
#[derive(Clone, Debug, PartialEq)]
pub struct PartsRefusal {
    pub reasons: Vec<Reason>,
    pub available_units: Vec<u32>,
    pub short: usize,
    pub binding: Option<Binding>,
    pub proven: bool,
}

/// What ran out. `CoolingKind`: no rack stands in a zone of that kind; `Supply`: no rack
/// offers that supply; `Feeds`: no rack has two feeds; `Redundancy`: too few racks meet the rule
/// of admission, counted in units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    NodeLeg(usize, Leg),
    Zone(usize),
    RackSlots(usize),
    RackLeg(usize, Leg),
    Restriction(usize),
    CoolingKind,
    Supply,
    Feeds,
    Redundancy(Redundancy),
}

/// The resource that binds, its tightest day in the window, what is free there beside all live
/// bookings where they are now, and what the whole request would put on it. Whole watts
/// (rounded down); slots for `RackSlots`; units for `Redundancy`; zero where nothing is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    pub resource: Resource,
    pub at: NaiveDate,
    pub free: i64,
    pub needed: i64,
}

/// A deterministic budget of effort, the same on every machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Branch-and-bound nodes for one joint model.
    pub search_nodes: u64,
    /// The largest joint model, in variables; beyond it bookings stay where they are.
    pub variables: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            search_nodes: 2_000,
            variables: 1_500,
        }
    }
}

/// The most units found for one start, those not ruled out (at least as many), and what binds.
#[derive(Clone, Debug, PartialEq)]
pub struct Availability {
    pub units: u32,
    pub upper: u32,
    pub binding: Option<Binding>,
}

impl Availability {
    pub(super) fn none(binding: Option<Binding>) -> Self {
        Self {
            units: 0,
            upper: 0,
            binding,
        }
    }

    /// Whether no more can fit.
    pub fn proven(&self) -> bool {
        self.units == self.upper
    }
}

/// What `verify` finds wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Violation {
    /// More used than there is, from this day on: thirds of a watt on legs, watts in a zone,
    /// slots in a rack.
    Oversold {
        resource: Resource,
        from: NaiveDate,
        used: i64,
        capacity: i64,
        bookings: Vec<usize>,
    },
    /// The witness does not place exactly the demand's units.
    Units {
        booking: usize,
        placed: u64,
        wanted: u32,
    },
    /// A rack that does not exist, or is of another cooling kind, supply, leg or hall.
    Misplaced { booking: usize, rack: usize },
}

/// What is sold (or what there is) on one day. Legs in thirds of a watt, like `Node::legs`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Usage {
    pub legs: Vec<[i64; 3]>,
    pub zones: Vec<Watts>,
    pub racks: Vec<RackUsage>,
}

/// Slots and watts of one rack.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RackUsage {
    pub slots: u32,
    pub watts: Watts,
}
