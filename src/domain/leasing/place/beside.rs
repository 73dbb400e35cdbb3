//! A place for a request beside bookings that all stay where they are. On a large site only a few
//! feeds are looked at for it, cut out as a small site of their own, so that its cost does not
//! grow with the site.

use super::decide::bans;
use super::fit::Room;
use super::ground::{Families, Ground};
use super::profile::Profile;
use super::quality::improve;
use super::shortlist::shortlist;
use super::types::{Demand, Node, Outage, Piece, Rack, Site};
use crate::domain::site::Leg;
use std::borrow::Cow;

/// Racks up to which all are looked at.
const FEW: usize = 600;

/// Counted in whole numbers; `None` where no such place is found.
pub(super) fn beside(ground: &Ground, now: &Profile, request: &Demand) -> Option<Vec<Piece>> {
    if ground
        .site
        .restrictions
        .iter()
        .any(|ban| bans(ban, request))
    {
        return None;
    }
    if ground.site.racks.len() <= FEW {
        return among(ground, now, request, ground.eligible(request));
    }
    // A large site is not walked through to the end where its first feeds will do.
    let first: Vec<usize> = ground.fitting(request).take(FEW + 1).collect();
    if first.len() <= FEW {
        return apart(ground, now, request, &first);
    }
    let near = shortlist(ground, now, request, ground.fitting(request));
    near.and_then(|near| apart(ground, now, request, &near))
        .or_else(|| among(ground, now, request, ground.eligible(request)))
}

fn among(
    ground: &Ground,
    now: &Profile,
    request: &Demand,
    racks: Vec<usize>,
) -> Option<Vec<Piece>> {
    let room = Room::new(ground, now, request, racks, Families::ALL);
    let pieces = room.most(request.units).pieces;
    let units: u32 = pieces.iter().map(|piece| piece.units).sum();
    (units == request.units && room.holds(&pieces)).then(|| improve(&room, pieces))
}

/// The same on racks that are taken out of the site, with all that is over them.
fn apart(ground: &Ground, now: &Profile, request: &Demand, racks: &[usize]) -> Option<Vec<Piece>> {
    let (mut nodes, mut zones) = (vec![], vec![]);
    for &rack in racks {
        nodes.extend_from_slice(ground.chain(rack));
        zones.push(ground.site.racks[rack].zone);
    }
    for numbers in [&mut nodes, &mut zones] {
        numbers.sort_unstable();
        numbers.dedup();
    }
    let legs = |&node: &usize| Leg::ALL.iter().map(move |&leg| ground.node_leg(node, leg));
    let own = |&rack: &usize| ground.slots(rack)..ground.slots(rack) + 4;
    let resources = nodes.iter().flat_map(legs);
    let resources = resources.chain(zones.iter().map(|&zone| ground.zone(zone)));
    let resources = resources.chain(racks.iter().flat_map(own));
    let profile = now.part(resources, request.window);
    let small = Ground::of(Cow::Owned(cut_out(&ground.site, racks, &nodes, &zones)));
    let mut pieces = among(&small, &profile, request, (0..racks.len()).collect())?;
    pieces
        .iter_mut()
        .for_each(|piece| piece.rack = racks[piece.rack]);
    pieces.sort_unstable();
    Some(pieces)
}

/// Every node over the racks is among `nodes`, and every zone among `zones`, both sorted.
fn cut_out(site: &Site, racks: &[usize], nodes: &[usize], zones: &[usize]) -> Site {
    let place = |numbers: &[usize], number: usize| numbers.binary_search(&number).ok();
    let node = |&at: &usize| Node {
        parent: site.nodes[at]
            .parent
            .and_then(|parent| place(nodes, parent)),
        ..site.nodes[at].clone()
    };
    let rack = |&at: &usize| {
        let rack = &site.racks[at];
        let (first, second) = rack.feeds;
        Rack {
            feeds: (
                place(nodes, first).unwrap_or(0),
                second.and_then(|feed| place(nodes, feed)),
            ),
            zone: place(zones, rack.zone).unwrap_or(0),
            ..rack.clone()
        }
    };
    let outage = |outage: &Outage| {
        let window = outage.window;
        place(nodes, outage.node).map(|node| Outage { node, window })
    };
    Site {
        nodes: nodes.iter().map(node).collect(),
        zones: zones.iter().map(|&at| site.zones[at].clone()).collect(),
        racks: racks.iter().map(rack).collect(),
        restrictions: vec![],
        outages: site.outages.iter().filter_map(outage).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Window;
    use crate::domain::leasing::place::{Booking, CoolingZone, Limits, Needs, legs_from_rating};
    use crate::domain::leasing::place::{Placement, place, verify};
    use crate::domain::site::{CoolingKind, RackPhase, Supply, Workload};
    use crate::domain::units::Watts;
    use chrono::NaiveDate;
    use rust_decimal::Decimal;

    /// Feeds of five racks under two panels; each feed carries fifteen machines of 3 kW.
    fn site(racks: usize) -> Site {
        let node = |parent, kilowatts: i64| Node {
            parent,
            grid: parent.is_none(),
            legs: legs_from_rating(Watts(kilowatts * 1_000), Decimal::ONE),
        };
        let feeds = racks / 5;
        let mut nodes = vec![
            node(None, 100_000),
            node(Some(0), 20_000),
            node(Some(0), 20_000),
        ];
        nodes.extend((0..feeds).map(|feed| node(Some(1 + feed % 2), 45)));
        let zone = CoolingZone {
            kind: CoolingKind::Air,
            units: vec![Watts(100_000_000)],
            spare_units: 0,
            derate: [Decimal::ONE; 12],
        };
        let rack = |at: usize| Rack {
            feeds: (3 + at / 5, None),
            zone: 0,
            slots: 6,
            limit: Watts(30_000),
            phase: RackPhase::Three,
            hall: 0,
            row: at / 20,
        };
        Site {
            nodes,
            zones: vec![zone],
            racks: (0..racks).map(rack).collect(),
            restrictions: vec![],
            outages: vec![Outage {
                node: 3,
                window: window(),
            }],
        }
    }

    fn window() -> Window {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        Window {
            from: day("2027-01-01"),
            to: Some(day("2028-01-01")),
        }
    }

    fn demand(units: u32) -> Demand {
        Demand {
            workload: Workload::Mining,
            cooling: CoolingKind::Air,
            units,
            watts_each: Watts(3_000),
            supply: Supply::Single,
            window: window(),
            racks: None,
            needs: Needs::default(),
        }
    }

    #[test]
    fn a_large_site_is_filled_to_the_last_machine() {
        let site = site(800);
        let mut live: Vec<Booking> = vec![];
        let put = |live: &[Booking], units: u32| -> Option<Placement> {
            place(&site, live, &demand(units), &Limits::default()).ok()
        };
        // A feed is out for the window, 159 feeds carry fifteen machines each: one by one, wide
        // requests and narrow ones.
        let mut sold = 0;
        for units in [1_000, 15, 700, 7, 300, 8, 200, 100, 50, 5] {
            let placed = put(&live, units).expect("it fits");
            assert_eq!(placed.pieces.iter().map(|p| p.units).sum::<u32>(), units);
            assert!(
                placed.pieces.iter().all(|piece| piece.rack >= 5),
                "the first feed is out"
            );
            sold += units;
            live.push(Booking {
                demand: demand(units),
                witness: placed.pieces,
                assigned: true,
            });
            assert_eq!(verify(&site, &live), []);
        }
        assert_eq!(sold, 159 * 15);
        assert!(put(&live, 1).is_none());
    }

    #[test]
    fn racks_of_a_hall_are_looked_at_alone() {
        let site = site(800);
        let chosen: Vec<usize> = (100..110).collect();
        let asked = Demand {
            racks: Some(chosen.clone()),
            ..demand(30)
        };
        let placed = place(&site, &[], &asked, &Limits::default()).expect("two feeds of fifteen");
        assert!(
            placed
                .pieces
                .iter()
                .all(|piece| chosen.contains(&piece.rack))
        );
        let more = Demand { units: 31, ..asked };
        assert!(place(&site, &[], &more, &Limits::default()).is_err());
    }
}
