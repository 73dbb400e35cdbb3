//! What a meter is: where it stands, what it measures and how it speaks.

use crate::codes;
use crate::domain::ids::*;

codes!(
    /// What the energy is for. Supply is what is sold or passed on; heat is recovered, not drawn.
    Purpose {
        Supply = "supply",
        Cooling = "cooling",
        Lighting = "lighting",
        Other = "other",
        Heat = "heat",
    }
);

impl Purpose {
    /// Drawn by the house for its own running.
    pub fn is_auxiliary(self) -> bool {
        matches!(self, Self::Cooling | Self::Lighting | Self::Other)
    }
}

codes!(
    /// Whether it says energy of intervals, or what its display shows.
    Reads {
        Interval = "interval",
        Register = "register",
    }
);

codes!(
    /// What becomes of a value that a display showed. Held: a person must look, for it fell, or rose
    /// by more than can have flowed. Confirmed: a person said that it is right.
    RegisterState {
        Counted = "counted",
        Held = "held",
        Confirmed = "confirmed",
        Discarded = "discarded",
    }
);

codes!(
    /// Why a reading waits. Clock: its time is still to come.
    QuarantineWhy {
        UnknownMeter = "unknown_meter",
        Clock = "clock",
        OverRating = "over_rating",
        Negative = "negative",
    }
);

codes!(
    QuarantineState {
        Waiting = "waiting",
        Applied = "applied",
        Discarded = "discarded",
    }
);

/// Where a meter stands: exactly one place, except that a lease's meter may hang behind a rack's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub rack: Option<RackId>,
    pub lease: Option<LeaseId>,
    pub node: Option<NodeId>,
    pub zone: Option<ZoneId>,
}

impl Place {
    /// Why a meter of this purpose cannot stand there: the field and its message.
    pub fn fault(self, purpose: Purpose) -> Option<(&'static str, &'static str)> {
        let sold = self.rack.is_some() || self.lease.is_some();
        match purpose {
            Purpose::Supply if sold && self.node.is_some() => Some(("node", "meter-one-place")),
            Purpose::Supply if !sold && self.node.is_none() => {
                Some(("rack", "meter-place-required"))
            }
            Purpose::Supply => None,
            _ if sold => Some(("purpose", "meter-purpose-sold")),
            Purpose::Heat if self.zone.is_none() => Some(("zone", "meter-heat-zone")),
            Purpose::Heat => None,
            _ if self.node.is_none() => Some(("node", "meter-auxiliary-node")),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_stands_in_one_place_that_fits_its_purpose() {
        let (rack, node, zone) = (Some(RackId(1)), Some(NodeId(1)), Some(ZoneId(1)));
        let at = |rack, node, zone| Place {
            rack,
            lease: None,
            node,
            zone,
        };
        for (place, purpose, fault) in [
            (at(rack, None, None), Purpose::Supply, None),
            (at(None, node, None), Purpose::Supply, None),
            (at(rack, node, None), Purpose::Supply, Some("node")),
            (at(None, None, zone), Purpose::Supply, Some("rack")),
            (at(None, node, zone), Purpose::Cooling, None),
            (at(None, None, zone), Purpose::Cooling, Some("node")),
            (at(rack, node, None), Purpose::Lighting, Some("purpose")),
            (at(None, None, zone), Purpose::Heat, None),
            (at(None, node, None), Purpose::Heat, Some("zone")),
        ] {
            let found = place.fault(purpose).map(|(field, _)| field);
            assert_eq!(found, fault, "{place:?} {purpose}");
        }
    }
}
