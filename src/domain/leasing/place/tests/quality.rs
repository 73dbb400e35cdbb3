//! The better of the placements that hold.

use super::*;
use crate::domain::leasing::place::fit::Room;
use crate::domain::leasing::place::ground::{Families, Ground};
use crate::domain::leasing::place::profile::Profile;
use crate::domain::leasing::place::verify::holders;

/// Eight racks of four slots in two rows, on a feed each for two of them.
fn rows() -> (Site, Demand) {
    let (mut site, demand) = pair();
    let node = |parent| Node {
        parent,
        legs: [90; 3],
        grid: parent.is_none(),
    };
    site.nodes = [None, Some(0), Some(0), Some(0), Some(0)]
        .map(node)
        .to_vec();
    site.nodes[0].legs = [900; 3];
    site.zones[0].units = vec![Watts(900)];
    site.racks = (0..8)
        .map(|at| Rack {
            feeds: (1 + at / 2, None),
            slots: 4,
            row: at / 4,
            ..site.racks[0].clone()
        })
        .collect();
    (site, demand)
}

fn booked(site: &Site, live: &mut Vec<Booking>, demand: &Demand) -> Quality {
    let placed = place(site, live, demand, &Limits::default()).unwrap();
    book(live, demand, placed);
    assert_eq!(verify(site, live), []);
    quality(site, live, live.len() - 1)
}

#[test]
fn racks_in_use_are_filled_before_others_are_opened() {
    let (site, demand) = rows();
    let mut live = vec![];
    assert_eq!(booked(&site, &mut live, &demand).opened, 1);
    let second = booked(&site, &mut live, &demand);
    assert_eq!((second.opened, second.racks, second.rows), (0, 1, 1));
    let third = booked(&site, &mut live, &demand);
    assert_eq!((third.opened, third.left), (1, 6));
}

#[test]
fn a_booking_stands_in_one_row_where_it_can() {
    let (site, demand) = rows();
    let mut live = vec![];
    let three = Demand {
        units: 12,
        ..demand.clone()
    };
    let first = booked(&site, &mut live, &three);
    assert_eq!((first.opened, first.rows), (3, 1));
    // One rack of that row is left and too small for eight: the other row takes them.
    let eight = Demand { units: 8, ..demand };
    let second = booked(&site, &mut live, &eight);
    assert_eq!((second.opened, second.rows), (2, 1));
}

#[test]
fn legs_are_kept_in_balance() {
    let (site, demand) = rows();
    let mut live = vec![];
    let single = Demand {
        supply: Supply::Single,
        units: 3,
        ..demand
    };
    assert_eq!(booked(&site, &mut live, &single).imbalance, Watts(0));
    let one = Demand { units: 1, ..single };
    assert_eq!(booked(&site, &mut live, &one).imbalance, Watts(5));
}

#[test]
fn better_is_told_figure_by_figure() {
    let figures = |opened, rows, imbalance, left| Quality {
        opened,
        rows,
        imbalance: Watts(imbalance),
        left,
        racks: 1,
    };
    let ordered = [
        figures(0, 3, 9, 0),
        figures(1, 1, 9, 0),
        figures(1, 2, 0, 9),
        figures(1, 2, 1, 9),
        figures(1, 2, 1, 8),
    ];
    assert!(ordered.is_sorted());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// What is improved holds as before and is no worse than the first filling.
    #[test]
    fn nothing_gets_worse(site in site(), steps in vec(demand(), 1..7)) {
        let mut live: Vec<Booking> = vec![];
        for demand in steps {
            let ground = Ground::new(&site);
            let profile = Profile::new(&ground, holders(&live));
            let racks = ground.eligible(&demand);
            let room = Room::new(&ground, &profile, &demand, racks, Families::ALL);
            let first = room.greedy(demand.units);
            let whole = first.iter().map(|piece| piece.units).sum::<u32>() == demand.units;
            let Ok(placed) = place(&site, &live, &demand, &Limits::default()) else { continue };
            let (moved, before) = (placed.moved.is_empty(), live.clone());
            book(&mut live, &demand, placed);
            prop_assert_eq!(verify(&site, &live), []);
            if whole && moved {
                let at = live.len() - 1;
                let better = quality(&site, &live, at);
                let mut other = before;
                other.push(Booking { demand, witness: first, assigned: false });
                prop_assert!(better <= quality(&site, &other, at));
            }
        }
    }
}
