//! Whether every place holds at the end of the file.

use super::super::plan::{Draft, Stock, There};
use super::super::{Existing, Noun, Value};
use super::Booking;
use super::{at, candidate, standing, state, whole, word};
use crate::domain::ids::MachineId;
use crate::domain::message::Message;
use crate::domain::rows::BadRow;
use crate::domain::site::machine::{
    Candidate, Ground, MachineState, Refused, Share, Spot, Standing, Wish,
};
use crate::domain::site::{CoolingKind, Leg, RackPhase};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The drafts that hold together at the end of the file, and the rows that do not.
pub(in crate::domain::site::sheet) fn settle(
    stock: &Stock,
    there: &There,
    drafts: Vec<Draft>,
) -> (Vec<Draft>, Vec<BadRow>) {
    let mut court = Court::new(stock, there, drafts);
    court.ways();
    court.seat();
    court.places();
    let Court {
        mut drafts,
        spots,
        bad,
        out,
        ..
    } = court;
    for (at_draft, spot) in spots {
        let cells = &mut drafts[at_draft].cells;
        cells[at("slot")] = Value::Whole(spot.slot);
        cells[at("leg")] = spot.leg.map_or(Value::Empty, |leg| Value::Word(leg.code()));
    }
    let good = drafts.into_iter().enumerate();
    let good = good.filter(|(at, _)| !out.contains(at)).map(|(_, d)| d);
    (good.collect(), bad)
}

struct Court<'a> {
    stock: &'a Stock,
    existing: &'a [Existing],
    drafts: Vec<Draft>,
    /// Who certainly stands in a rack: machines that the file does not touch, or does not move.
    base: HashMap<String, Vec<Standing>>,
    /// Drafts that are to stand in a rack, those that name their place first.
    wanted: BTreeMap<String, Vec<usize>>,
    spots: HashMap<usize, Spot>,
    bad: Vec<BadRow>,
    /// Drafts that are bad.
    out: HashSet<usize>,
}

impl<'a> Court<'a> {
    fn new(stock: &'a Stock, there: &There<'a>, drafts: Vec<Draft>) -> Self {
        Self {
            stock,
            existing: there.rows,
            drafts,
            base: HashMap::new(),
            wanted: BTreeMap::new(),
            spots: HashMap::new(),
            bad: vec![],
            out: HashSet::new(),
        }
    }

    fn before(&self, draft: usize) -> Option<&'a Existing> {
        self.drafts[draft].before.map(|at| &self.existing[at])
    }

    /// A machine that is not written yet has a number of its own, below all others.
    fn id(&self, draft: usize) -> MachineId {
        match self.before(draft) {
            Some(before) => MachineId(before.id),
            None => MachineId(-1 - i64::try_from(draft).unwrap_or(i64::MAX - 1)),
        }
    }

    fn refuse(&mut self, draft: usize, column: &'static str, said: Message) {
        let row = &self.drafts[draft];
        let value = row.cells[at(column)].plain();
        self.bad
            .push(BadRow::refused(row.line, column, &value, said));
        self.out.insert(draft);
    }

    /// A machine that is there goes only ways that exist; a new one may come in any state.
    fn ways(&mut self) {
        for draft in 0..self.drafts.len() {
            let Some(before) = self.before(draft) else {
                continue;
            };
            if self.drafts[draft].left {
                continue;
            }
            let (from, to) = (state(&before.cells), state(&self.drafts[draft].cells));
            if from != to && !from.may_become(to) {
                let said = Message::new("machine-refused-turn")
                    .with("from", from.code())
                    .with("to", to.code());
                self.refuse(draft, "state", said);
            }
        }
    }

    /// Whether the place has to be judged: it is new, or something that it hangs on is.
    fn moves(&self, draft: usize) -> bool {
        let row = &self.drafts[draft];
        let Some(before) = self.before(draft) else {
            return true;
        };
        let differs = |code: &&str| before.cells[at(code)] != row.cells[at(code)];
        let codes = [
            "booking", "watts", "cooling", "supply", "rack", "slot", "leg",
        ];
        let enters = state(&row.cells) == MachineState::Racked
            && state(&before.cells) != MachineState::Racked;
        enters || codes.iter().any(differs)
    }

    /// Sorts machines into those whose place is certain and those that want one.
    fn seat(&mut self) {
        let mut moved: HashSet<usize> = HashSet::new();
        for draft in 0..self.drafts.len() {
            let row = &self.drafts[draft];
            if row.left || self.out.contains(&draft) || !self.moves(draft) {
                continue;
            }
            moved.extend(row.before);
            let rack = row.cells[at("rack")].name().to_owned();
            if !rack.is_empty() {
                self.wanted.entry(rack).or_default().push(draft);
            }
        }
        for drafts in self.wanted.values_mut() {
            let rows = &self.drafts;
            drafts.sort_by_key(|draft| {
                let cells = &rows[*draft].cells;
                let is_open = |code: &str| cells[at(code)] == Value::Empty;
                (is_open("slot"), is_open("leg"), rows[*draft].line)
            });
        }
        for (index, row) in self.existing.iter().enumerate() {
            if moved.contains(&index) {
                continue;
            }
            if let Some((rack, here)) = standing(MachineId(row.id), &row.cells) {
                self.base.entry(rack.to_owned()).or_default().push(here);
            }
        }
    }

    /// Rack by rack. A machine that may not move stays where it was, so that rack is judged again.
    fn places(&mut self) {
        let grounds = Grounds::of(self.stock);
        let mut open: BTreeSet<String> = self.wanted.keys().cloned().collect();
        while let Some(rack) = open.pop_first() {
            let mut ground = grounds.ground(&rack);
            ground.standing = self.base.get(&rack).cloned().unwrap_or_default();
            for draft in self.wanted.get(&rack).cloned().unwrap_or_default() {
                if self.out.contains(&draft) {
                    continue;
                }
                let machine = candidate(self.id(draft), &self.drafts[draft].cells);
                match self.spot(draft, &machine, &grounds, &mut ground) {
                    Ok(spot) => {
                        ground.standing.push(Standing {
                            machine: machine.id,
                            reservation: machine.reservation,
                            slot: spot.slot,
                            leg: spot.leg,
                            watts: machine.watts,
                        });
                        self.spots.insert(draft, spot);
                    }
                    Err(refused) => {
                        open.extend(self.stays(draft));
                        self.spots.remove(&draft);
                        self.refuse(draft, column(refused.field), refused.message);
                    }
                }
            }
        }
    }

    /// The rack where a bad row's machine stands still.
    fn stays(&mut self, draft: usize) -> Option<String> {
        let before = self.before(draft)?;
        let (rack, here) = standing(MachineId(before.id), &before.cells)?;
        self.base.entry(rack.to_owned()).or_default().push(here);
        Some(rack.to_owned())
    }

    fn spot(
        &self,
        draft: usize,
        machine: &Candidate,
        grounds: &Grounds,
        ground: &mut Ground,
    ) -> Result<Spot, Refused> {
        let cells = &self.drafts[draft].cells;
        let booking = machine.reservation.map(|id| id.0);
        let booked = booking.and_then(|id| self.stock.register.bookings.get(&id));
        if let Some(closed) = booked.and_then(|booked| booked.closed.as_ref()) {
            return Err(Refused {
                field: "reservation",
                message: closed.clone(),
            });
        }
        let wish = Wish {
            slot: whole(cells, "slot"),
            leg: word(cells, "leg", Leg::parse),
        };
        ground.spot(machine, wish).or_else(|_| {
            // Only a refusal names the booking's other racks.
            ground.elsewhere = grounds.elsewhere(booking, &ground.rack);
            ground.spot(machine, wish)
        })
    }
}

/// The column of what the rules call a field.
fn column(field: &str) -> &'static str {
    match field {
        "reservation" => "booking",
        "watts" => "watts",
        "slot" => "slot",
        "leg" => "leg",
        _ => "rack",
    }
}

/// Racks as the rules see them, with every booking's units.
struct Grounds<'a> {
    racks: HashMap<&'a str, &'a [Value]>,
    zones: HashMap<&'a str, CoolingKind>,
    shares: HashMap<&'a str, Vec<Share>>,
    bookings: &'a HashMap<i64, Booking>,
}

impl<'a> Grounds<'a> {
    fn of(stock: &'a Stock) -> Self {
        let (racks, zones) = (Noun::Racks, Noun::Zones);
        let rack = racks.at("rack");
        let kind = |cells: &[Value]| match &cells[zones.at("kind")] {
            Value::Word(code) => CoolingKind::parse(code),
            _ => None,
        };
        let mut shares: HashMap<&str, Vec<Share>> = HashMap::new();
        for booking in stock.register.bookings.values() {
            for (rack, share) in &booking.shares {
                shares.entry(rack).or_default().push(*share);
            }
        }
        Self {
            racks: stock
                .rows(racks)
                .iter()
                .map(|row| (row.cells[rack].name(), row.cells.as_slice()))
                .collect(),
            zones: stock
                .rows(zones)
                .iter()
                .filter_map(|row| Some((row.cells[0].name(), kind(&row.cells)?)))
                .collect(),
            shares,
            bookings: &stock.register.bookings,
        }
    }

    /// A rack that the same import makes has nothing booked on it: nobody may stand there yet.
    fn ground(&self, rack: &str) -> Ground {
        let cells = self.racks.get(rack).copied();
        let cell = |code: &str| cells.map(|cells| &cells[Noun::Racks.at(code)]);
        let slots = match cell("slots") {
            Some(Value::Whole(slots)) => *slots,
            _ => 0,
        };
        let phase = match cell("phase") {
            Some(Value::Word(code)) => RackPhase::parse(code),
            _ => None,
        };
        let zone = cell("zone").and_then(|zone| self.zones.get(zone.name()));
        Ground {
            rack: rack.to_owned(),
            slots,
            phase: phase.unwrap_or(RackPhase::Three),
            cooling: zone.copied().unwrap_or(CoolingKind::Air),
            shares: self.shares.get(rack).cloned().unwrap_or_default(),
            standing: vec![],
            elsewhere: vec![],
        }
    }

    /// The other racks of a booking.
    fn elsewhere(&self, booking: Option<i64>, rack: &str) -> Vec<String> {
        let booked = booking.and_then(|id| self.bookings.get(&id));
        let shares = booked.map_or(&[][..], |booked| &booked.shares);
        let names: BTreeSet<&str> = shares.iter().map(|(name, _)| name.as_str()).collect();
        let others = names.into_iter().filter(|name| *name != rack);
        others.map(str::to_owned).collect()
    }
}
