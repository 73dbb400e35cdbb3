//! The words of a facility: legs, supplies, kinds of cooling and of racks.

pub mod climate;
pub mod floor;
pub mod machine;
pub mod sheet;

use crate::codes;

codes!(
    /// One of the three conductors of a power node.
    Leg { L1 = "L1", L2 = "L2", L3 = "L3" }
);
codes!(
    /// How a machine is supplied: whole on one leg, or a third from each.
    Supply { Single = "single", Three = "three" }
);
codes!(
    /// What a rack offers: all three legs, or one.
    RackPhase { Three = "three", L1 = "L1", L2 = "L2", L3 = "L3" }
);
codes!(
    /// What takes the heat away.
    CoolingKind { Air = "air", Hydro = "hydro", Immersion = "immersion" }
);
codes!(
    /// What the machines do: a restriction may forbid one and not the other.
    Workload { Mining = "mining", Compute = "compute" }
);
codes!(
    /// What is leased.
    RackKind { Frame = "frame", Tank = "tank", Container = "container" }
);
codes!(
    /// A level of the power tree.
    NodeKind { Grid = "grid", Transformer = "transformer", Panel = "panel", Feed = "feed" }
);
codes!(
    /// To which tenants a hall is offered; the operator's people may book in every hall.
    OfferedTo { All = "all", Chosen = "chosen", Nobody = "nobody" }
);

codes!(
    /// How much of a rack one unit of a booking takes.
    SlotsEach { One = "one", WholeRack = "whole_rack" }
);
codes!(
    /// What must stand behind a rack before it may be booked, the laxest rule first. `N+1`: two feeds
    /// and a spare cooling unit; `2N`: the feeds share no node but a grid connection besides.
    Redundancy { N = "N", NPlusOne = "N+1", TwoN = "2N" }
);

impl Redundancy {
    /// The rule that holds where two are given.
    pub fn stricter(self, other: Self) -> Self {
        self.max(other)
    }
}

impl RackPhase {
    /// The leg of a single-phase rack.
    pub fn leg(self) -> Option<Leg> {
        match self {
            Self::Three => None,
            Self::L1 => Some(Leg::L1),
            Self::L2 => Some(Leg::L2),
            Self::L3 => Some(Leg::L3),
        }
    }
}

impl Leg {
    pub fn index(self) -> usize {
        self as usize
    }
}
