//! Placement against the optimum on small sites and against first-fit on a large one.
//! `cargo bench --bench placement`; prints ratios, the same on every run.

use chrono::{Months, NaiveDate};
use innkeeper::domain::calendar::Window;
use innkeeper::domain::leasing::place::{
    Booking, CoolingZone, Demand, Limits, Needs, Node, Piece, Quality, Rack, Site, place, quality,
    verify,
};
use innkeeper::domain::site::{CoolingKind, Leg, RackPhase, Supply, Workload};
use innkeeper::domain::units::Watts;
use rust_decimal::Decimal;
use std::time::Instant;

/// Small sites that are enumerated.
const SMALL: u64 = 200;
/// Placements of one request that are enumerated at most.
const ENUMERATED: usize = 4_000;
/// Requests of the stream, and the months that it books.
const STREAM: usize = 10_000;
const STREAMS: u64 = 12;
const MONTHS: usize = 24;
const RACKS: usize = 120;

struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % most
    }
}

fn main() {
    small();
    large();
}

fn month(at: usize) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2027, 1, 1).expect("a date");
    first + Months::new(at as u32)
}

/// Feeds of four racks each under panels of five feeds, rows of eight racks, halls of forty.
fn site(racks: usize, slots: u32, feed_watts: i64, limit: i64) -> Site {
    let node = |parent, watts: i64| Node {
        parent,
        legs: [watts; 3],
        grid: parent.is_none(),
    };
    let feeds = racks.div_ceil(4);
    let panels = feeds.div_ceil(5);
    let mut nodes = vec![node(None, feed_watts * feeds as i64)];
    nodes.extend((0..panels).map(|_| node(Some(0), feed_watts * 9 / 2)));
    nodes.extend((0..feeds).map(|feed| node(Some(1 + feed / 5), feed_watts)));
    let zone = CoolingZone {
        kind: CoolingKind::Air,
        units: vec![Watts(feed_watts * 10); 2],
        spare_units: 0,
        derate: [Decimal::ONE; 12],
    };
    let rack = |at: usize| Rack {
        feeds: (1 + panels + at / 4, None),
        zone: at / 40,
        slots,
        limit: Watts(limit),
        phase: RackPhase::Three,
        hall: at / 40,
        row: at / 8,
    };
    Site {
        zones: vec![zone; racks.div_ceil(40)],
        racks: (0..racks).map(rack).collect(),
        nodes,
        ..Site::default()
    }
}

fn demand(dice: &mut Dice, units: u64, watts: u64) -> Demand {
    let from = dice.below(MONTHS as u64 / 2) as usize;
    let to = from + 1 + dice.below((MONTHS - from) as u64) as usize;
    Demand {
        workload: Workload::Mining,
        cooling: CoolingKind::Air,
        units: 1 + dice.below(units) as u32,
        watts_each: Watts((1 + dice.below(watts) as i64) * 500),
        supply: if dice.below(3) == 0 {
            Supply::Three
        } else {
            Supply::Single
        },
        window: Window {
            from: month(from),
            to: Some(month(to)),
        },
        racks: None,
        needs: Needs::default(),
    }
}

/// Six racks in use by a few bookings; the next request, enumerated where the others stand.
fn small() {
    let (mut compared, mut best, mut sums) = (0, 0, [[0_i64; 3]; 2]);
    for seed in 1..=SMALL {
        let mut dice = Dice(seed);
        let mut site = site(6, 3, 12_000, 9_000);
        site.racks
            .iter_mut()
            .enumerate()
            .for_each(|(at, rack)| rack.row = at / 3);
        let mut live = vec![];
        for _ in 0..3 {
            book(&site, &mut live, demand(&mut dice, 3, 4));
        }
        let wanted = demand(&mut dice, 4, 4);
        let Ok(placed) = place(&site, &live, &wanted, &Limits::default()) else {
            continue;
        };
        let Some(optimum) = optimum(&site, &live, &wanted) else {
            continue;
        };
        if !placed.moved.is_empty() {
            continue;
        }
        let found = judged(&site, &live, &wanted, placed.pieces);
        compared += 1;
        best += u32::from(found <= optimum);
        for (sum, quality) in sums.iter_mut().zip([found, optimum]) {
            let figures = [
                quality.opened.into(),
                quality.rows.into(),
                quality.imbalance.0,
            ];
            sum.iter_mut()
                .zip(figures)
                .for_each(|(sum, figure)| *sum += figure);
        }
    }
    let ratio = |at: usize| sums[0][at] as f64 / sums[1][at].max(1) as f64;
    println!("small sites: {compared} compared with the optimum, {best} reach it");
    println!(
        "  racks opened {:.3} of the optimum's, rows {:.3}, leg difference {:.3}",
        ratio(0),
        ratio(1),
        ratio(2)
    );
}

fn book(site: &Site, live: &mut Vec<Booking>, demand: Demand) -> bool {
    let Ok(placed) = place(site, live, &demand, &Limits::default()) else {
        return false;
    };
    for (at, witness) in placed.moved {
        live[at].witness = witness;
    }
    live.push(Booking {
        demand,
        witness: placed.pieces,
        assigned: false,
    });
    true
}

fn judged(site: &Site, live: &[Booking], demand: &Demand, witness: Vec<Piece>) -> Quality {
    let mut all = live.to_vec();
    all.push(Booking {
        demand: demand.clone(),
        witness,
        assigned: false,
    });
    quality(site, &all, live.len())
}

/// The best of all placements beside the others; `None` where there are too many to try.
fn optimum(site: &Site, live: &[Booking], demand: &Demand) -> Option<Quality> {
    let legs: Vec<Option<Leg>> = match demand.supply {
        Supply::Three => vec![None],
        Supply::Single => Leg::ALL.iter().copied().map(Some).collect(),
    };
    let spots: Vec<(usize, Option<Leg>)> = (0..site.racks.len())
        .flat_map(|rack| legs.iter().map(move |&leg| (rack, leg)))
        .collect();
    let mut all = vec![];
    spread(&spots, demand.units, &mut vec![], &mut all);
    if all.len() > ENUMERATED {
        return None;
    }
    let holds = |pieces: &Vec<Piece>| {
        let mut after = live.to_vec();
        after.push(Booking {
            demand: demand.clone(),
            witness: pieces.clone(),
            assigned: false,
        });
        verify(site, &after).is_empty()
    };
    let each = all.into_iter().filter(holds);
    each.map(|pieces| judged(site, live, demand, pieces)).min()
}

fn spread(
    spots: &[(usize, Option<Leg>)],
    units: u32,
    pieces: &mut Vec<Piece>,
    all: &mut Vec<Vec<Piece>>,
) {
    if units == 0 {
        all.push(pieces.clone());
        return;
    }
    let Some((&(rack, leg), rest)) = spots.split_first() else {
        return;
    };
    if all.len() > ENUMERATED {
        return;
    }
    spread(rest, units, pieces, all);
    for here in 1..=units {
        pieces.push(Piece {
            rack,
            leg,
            units: here,
        });
        spread(rest, units - here, pieces, all);
        pieces.pop();
    }
}

/// The same requests one after the other, until one is refused; several streams, for the first
/// refusal of one is luck.
fn large() {
    let site = site(RACKS, 12, 60_000, 22_000);
    let kilowatts = |demand: &Demand| demand.watts_each.0 * i64::from(demand.units) / 1_000;
    let sold = |all: &[Demand]| all.iter().map(kilowatts).sum::<i64>();
    let (mut ours, mut firsts, mut count) = (0, 0, 0);
    let mut took = std::time::Duration::ZERO;
    for seed in 1..=STREAMS {
        let requests = || {
            let mut dice = Dice(seed);
            std::iter::repeat_with(move || demand(&mut dice, 12, 8)).take(STREAM)
        };
        let mut first = FirstFit::new(&site);
        let by_hand: Vec<Demand> = requests().take_while(|demand| first.book(demand)).collect();
        let began = Instant::now();
        let mut live = vec![];
        let book = |demand: &Demand| book(&site, &mut live, demand.clone());
        let placed: Vec<Demand> = requests().take_while(book).collect();
        took += began.elapsed();
        assert_eq!(verify(&site, &live), []);
        ours += sold(&placed);
        firsts += sold(&by_hand);
        count += placed.len();
    }
    println!(
        "{STREAMS} streams on {RACKS} racks, before the first refusal: {ours} kW, first-fit {firsts} kW, \
         {:.3} times as much; {:?} a request",
        ours as f64 / firsts.max(1) as f64,
        took / count.max(1) as u32,
    );
}

/// Racks in their order, legs in theirs, as many machines as fit; nothing ever moves.
struct FirstFit<'s> {
    site: &'s Site,
    /// By month: legs of nodes, zones, and of each rack its slots and legs.
    nodes: Vec<Vec<[i64; 3]>>,
    zones: Vec<Vec<i64>>,
    slots: Vec<Vec<i64>>,
    racks: Vec<Vec<[i64; 3]>>,
}

impl<'s> FirstFit<'s> {
    fn new(site: &'s Site) -> Self {
        let zone = |zone: &CoolingZone| zone.units.iter().map(|unit| unit.0).sum::<i64>();
        Self {
            site,
            nodes: vec![site.nodes.iter().map(|node| node.legs).collect(); MONTHS],
            zones: vec![site.zones.iter().map(zone).collect(); MONTHS],
            slots: vec![site.racks.iter().map(|rack| rack.slots.into()).collect(); MONTHS],
            racks: vec![site.racks.iter().map(|rack| [rack.limit.0; 3]).collect(); MONTHS],
        }
    }

    fn book(&mut self, demand: &Demand) -> bool {
        let within: Vec<usize> = (0..MONTHS)
            .filter(|&at| demand.window.contains(month(at)))
            .collect();
        let legs: Vec<[i64; 3]> = match demand.supply {
            Supply::Three => vec![[demand.watts_each.0; 3]],
            Supply::Single => (0..3)
                .map(|leg| {
                    std::array::from_fn(|at| {
                        if at == leg {
                            3 * demand.watts_each.0
                        } else {
                            0
                        }
                    })
                })
                .collect(),
        };
        let mut taken = vec![];
        let mut left = demand.units;
        for rack in 0..self.site.racks.len() {
            for load in &legs {
                while left > 0 && within.iter().all(|&at| self.fits(at, rack, load, demand)) {
                    within
                        .iter()
                        .for_each(|&at| self.add(at, rack, load, demand, 1));
                    taken.push((rack, *load));
                    left -= 1;
                }
            }
        }
        if left > 0 {
            for (rack, load) in &taken {
                within
                    .iter()
                    .for_each(|&at| self.add(at, *rack, load, demand, -1));
            }
        }
        left == 0
    }

    fn chain(&self, rack: usize) -> Vec<usize> {
        let above = |node: &usize| self.site.nodes[*node].parent;
        std::iter::successors(Some(self.site.racks[rack].feeds.0), above).collect()
    }

    fn fits(&self, at: usize, rack: usize, load: &[i64; 3], demand: &Demand) -> bool {
        let under = |free: &[i64; 3]| free.iter().zip(load).all(|(free, load)| free >= load);
        self.slots[at][rack] > 0
            && self.zones[at][self.site.racks[rack].zone] >= demand.watts_each.0
            && under(&self.racks[at][rack])
            && self
                .chain(rack)
                .iter()
                .all(|&node| under(&self.nodes[at][node]))
    }

    fn add(&mut self, at: usize, rack: usize, load: &[i64; 3], demand: &Demand, times: i64) {
        self.slots[at][rack] -= times;
        self.zones[at][self.site.racks[rack].zone] -= times * demand.watts_each.0;
        let chain = self.chain(rack);
        let less = |free: &mut [i64; 3]| {
            free.iter_mut()
                .zip(load)
                .for_each(|(free, load)| *free -= times * load)
        };
        less(&mut self.racks[at][rack]);
        chain
            .into_iter()
            .for_each(|node| less(&mut self.nodes[at][node]));
    }
}
