//! The register's rules: which way a machine may go, and where it may stand.

use super::{CoolingKind, Leg, RackPhase, Supply};
use crate::codes;
use crate::domain::ids::{MachineId, ReservationId};
use crate::domain::message::Message;
use crate::domain::units::Watts;

codes!(
    /// Where a machine is on its way through the house. In repair it may keep its slot.
    MachineState {
        Expected = "expected",
        Received = "received",
        Racked = "racked",
        Repair = "repair",
        Removed = "removed",
    }
);

impl MachineState {
    /// What may come next; `Racked` after `Racked` is a move.
    pub fn next(self) -> &'static [Self] {
        use MachineState as S;
        match self {
            S::Expected => &[S::Received, S::Racked, S::Removed],
            S::Received => &[S::Racked, S::Repair, S::Removed],
            S::Racked => &[S::Racked, S::Repair, S::Received, S::Removed],
            S::Repair => &[S::Racked, S::Received, S::Removed],
            S::Removed => &[S::Received],
        }
    }

    pub fn may_become(self, to: Self) -> bool {
        self.next().contains(&to)
    }

    /// Whether a slot may be kept in this state.
    pub fn may_stand(self) -> bool {
        matches!(self, Self::Racked | Self::Repair)
    }
}

/// A machine as the rules see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Zero before it is written.
    pub id: MachineId,
    pub reservation: Option<ReservationId>,
    pub watts: Watts,
    pub cooling: CoolingKind,
    pub supply: Supply,
}

/// Units that a booking has on the rack at hand; `leg` is empty for three-phase machines, and on a
/// rack that has one leg only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub reservation: ReservationId,
    pub leg: Option<Leg>,
    pub units: i64,
    pub watts_each: Watts,
    pub supply: Supply,
    /// The whole rack: any machines of its owner, together within `watts_each` a unit.
    pub whole: bool,
}

/// A machine that has a slot of the rack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub machine: MachineId,
    pub reservation: Option<ReservationId>,
    pub slot: i64,
    pub leg: Option<Leg>,
    pub watts: Watts,
}

/// A rack with what is booked on it and what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    pub rack: String,
    pub slots: i64,
    pub phase: RackPhase,
    pub cooling: CoolingKind,
    pub shares: Vec<Share>,
    pub standing: Vec<Standing>,
    /// Names of other racks where the booking at hand has units.
    pub elsewhere: Vec<String>,
}

/// Where a machine should stand; what is left open is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    pub slot: Option<i64>,
    pub leg: Option<Leg>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    pub slot: i64,
    pub leg: Option<Leg>,
}

/// Why not, beside which field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub field: &'static str,
    pub message: Message,
}

fn refused<T>(field: &'static str, message: Message) -> Result<T, Refused> {
    Err(Refused { field, message })
}

impl Ground {
    /// The leg that a share or a machine is on: a rack with one leg leaves no choice.
    fn leg(&self, supply: Supply, leg: Option<Leg>) -> Option<Leg> {
        match supply {
            Supply::Three => None,
            Supply::Single => leg.or(self.phase.leg()),
        }
    }

    /// What a booking has left on each leg of this rack, without the machine at hand.
    fn left(
        &self,
        id: MachineId,
        reservation: ReservationId,
        supply: Supply,
    ) -> Vec<(Option<Leg>, i64)> {
        if self.whole(reservation).is_some() {
            return self.left_of_whole(id, supply);
        }
        let mut left: Vec<(Option<Leg>, i64)> = vec![];
        for share in self
            .shares
            .iter()
            .filter(|s| s.reservation == reservation && s.supply == supply)
        {
            let leg = self.leg(supply, share.leg);
            match left.iter_mut().find(|(known, _)| *known == leg) {
                Some((_, units)) => *units += share.units,
                None => left.push((leg, share.units)),
            }
        }
        for (leg, units) in &mut left {
            let taken = self
                .standing
                .iter()
                .filter(|s| s.machine != id && s.reservation == Some(reservation) && s.leg == *leg);
            *units -= i64::try_from(taken.count()).unwrap_or(i64::MAX);
        }
        left.sort();
        left
    }

    /// What a booking of the whole rack may draw here.
    fn whole(&self, reservation: ReservationId) -> Option<Watts> {
        let own = |s: &&Share| s.reservation == reservation && s.whole;
        let share = self.shares.iter().find(own)?;
        Some(Watts(share.watts_each.0 * share.units))
    }

    /// Who has the whole rack has every leg of it: what counts is how many stand on each.
    fn left_of_whole(&self, id: MachineId, supply: Supply) -> Vec<(Option<Leg>, i64)> {
        let legs: Vec<Option<Leg>> = match (supply, self.phase.leg()) {
            (Supply::Three, _) => vec![None],
            (Supply::Single, Some(leg)) => vec![Some(leg)],
            (Supply::Single, None) => Leg::ALL.iter().copied().map(Some).collect(),
        };
        let on = |leg: Option<Leg>| {
            let here = self
                .standing
                .iter()
                .filter(|s| s.machine != id && s.leg == leg);
            i64::try_from(here.count()).unwrap_or(i64::MAX)
        };
        legs.into_iter()
            .map(|leg| (leg, self.slots - on(leg)))
            .collect()
    }

    /// The lowest slot that nothing stands in.
    pub fn free_slot(&self, id: MachineId) -> Option<i64> {
        (1..=self.slots).find(|slot| self.taken(id, *slot).is_none())
    }

    fn taken(&self, id: MachineId, slot: i64) -> Option<&Standing> {
        self.standing
            .iter()
            .find(|s| s.slot == slot && s.machine != id)
    }

    /// Where the machine may stand here, or what binds and what would help.
    pub fn spot(&self, machine: &Candidate, wish: Wish) -> Result<Spot, Refused> {
        let Some(reservation) = machine.reservation else {
            return refused("reservation", Message::new("machine-refused-booking"));
        };
        self.suits(machine, reservation)?;
        let leg = self.chosen_leg(machine, reservation, wish.leg)?;
        let slot = match wish.slot {
            Some(slot) => self.wished_slot(machine.id, slot)?,
            None => match self.free_slot(machine.id) {
                Some(slot) => slot,
                None => return refused("rack", self.said("machine-refused-full", reservation)),
            },
        };
        Ok(Spot { slot, leg })
    }

    fn said(&self, key: &str, reservation: ReservationId) -> Message {
        let elsewhere = self.elsewhere.join(", ");
        Message::new(key)
            .with("rack", self.rack.as_str())
            .with("booking", reservation.to_string())
            .with("other", if elsewhere.is_empty() { "none" } else { "some" })
            .with("racks", elsewhere)
    }

    fn suits(&self, machine: &Candidate, reservation: ReservationId) -> Result<(), Refused> {
        let own: Vec<&Share> = self
            .shares
            .iter()
            .filter(|s| s.reservation == reservation)
            .collect();
        if own.is_empty() {
            return refused("rack", self.said("machine-refused-no-units", reservation));
        }
        if machine.cooling != self.cooling {
            let message = self
                .said("machine-refused-cooling", reservation)
                .with("needs", machine.cooling.code())
                .with("has", self.cooling.code());
            return refused("rack", message);
        }
        if let Some(budget) = self.whole(reservation) {
            let here = self
                .standing
                .iter()
                .filter(|s| s.machine != machine.id && s.reservation == Some(reservation));
            let left = budget - here.map(|s| s.watts).sum();
            if machine.watts <= left {
                return Ok(());
            }
            let message = self
                .said("machine-refused-budget", reservation)
                .with("watts", machine.watts.0)
                .with("left", left.0.max(0));
            return refused("watts", message);
        }
        let same: Vec<&&Share> = own.iter().filter(|s| s.supply == machine.supply).collect();
        if same.is_empty() {
            let booked = own[0].supply.code();
            let message = self
                .said("machine-refused-supply", reservation)
                .with("needs", machine.supply.code())
                .with("has", booked);
            return refused("rack", message);
        }
        let most = same.iter().map(|s| s.watts_each).max().unwrap_or_default();
        if machine.watts > most {
            let message = self
                .said("machine-refused-watts", reservation)
                .with("watts", machine.watts.0)
                .with("booked", most.0)
                .with("over", machine.watts.0 - most.0);
            return refused("watts", message);
        }
        Ok(())
    }

    fn chosen_leg(
        &self,
        machine: &Candidate,
        reservation: ReservationId,
        wish: Option<Leg>,
    ) -> Result<Option<Leg>, Refused> {
        let left = self.left(machine.id, reservation, machine.supply);
        let open: Vec<&(Option<Leg>, i64)> = left.iter().filter(|(_, units)| *units > 0).collect();
        if open.is_empty() {
            let booked: i64 = self
                .shares
                .iter()
                .filter(|s| s.reservation == reservation)
                .map(|s| s.units)
                .sum();
            let message = self
                .said("machine-refused-taken", reservation)
                .with("units", booked);
            return refused("rack", message);
        }
        if machine.supply == Supply::Three {
            return match wish {
                None => Ok(None),
                Some(_) => refused("leg", Message::new("machine-refused-three")),
            };
        }
        let Some(wish) = wish else {
            // The leg with most units left, so that legs fill evenly; the first of equals.
            let best = open
                .iter()
                .max_by_key(|(leg, units)| (*units, std::cmp::Reverse(*leg)));
            return Ok(best.and_then(|(leg, _)| *leg));
        };
        if open.iter().any(|(leg, _)| *leg == Some(wish)) {
            return Ok(Some(wish));
        }
        let open: Vec<String> = open
            .iter()
            .filter_map(|(leg, units)| Some(format!("{} ({units})", (*leg)?)))
            .collect();
        let message = self
            .said("machine-refused-leg", reservation)
            .with("leg", wish.code())
            .with("open", open.join(", "));
        refused("leg", message)
    }

    fn wished_slot(&self, id: MachineId, slot: i64) -> Result<i64, Refused> {
        let nearest = self.free_slot(id);
        let said = |key: &str| {
            Message::new(key)
                .with("rack", self.rack.as_str())
                .with("slot", slot)
                .with("slots", self.slots)
                .with("open", nearest.unwrap_or(0))
        };
        if !(1..=self.slots).contains(&slot) {
            return refused("slot", said("machine-refused-slot"));
        }
        match self.taken(id, slot) {
            Some(_) => refused("slot", said("machine-refused-slot-taken")),
            None => Ok(slot),
        }
    }
}

/// Fills the racks in their order with equal machines: the rack's position and the spot of each.
/// Fewer spots than `count` come back where the booking has no more room.
pub fn fill(grounds: &mut [Ground], machine: &Candidate, count: usize) -> Vec<(usize, Spot)> {
    let mut spots = vec![];
    for (at, ground) in grounds.iter_mut().enumerate() {
        while spots.len() < count {
            let Ok(spot) = ground.spot(machine, Wish::default()) else {
                break;
            };
            ground.standing.push(Standing {
                // A machine that is not written yet is like no other.
                machine: MachineId(-1),
                reservation: machine.reservation,
                slot: spot.slot,
                leg: spot.leg,
                watts: machine.watts,
            });
            spots.push((at, spot));
        }
    }
    spots
}

#[cfg(test)]
mod tests;
