//! **legs**: what each leg draws. No meter says it: what a rack draws is apportioned by what is
//! allocated to its legs.

use super::settle::split;
use crate::domain::site::{Leg, RackPhase};
use crate::domain::units::{WattHours, Watts};

/// A node that draws less than this part of what it may says nothing about its balance.
const LEAST_PERCENT: i128 = 10;

/// What machines in a rack may draw from one leg; `None`: a third from each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub leg: Option<Leg>,
    pub watts: Watts,
}

/// What a rack's draw is divided by, in thirds of a watt. A rack on one leg leaves no choice; one of
/// which nothing is known draws from all alike.
pub fn weights(phase: RackPhase, shares: &[Share]) -> [i64; 3] {
    let mut weights = [0_i64; 3];
    if let Some(leg) = phase.leg() {
        weights[leg.index()] = 1;
        return weights;
    }
    for share in shares {
        let watts = share.watts.0.max(0);
        match share.leg {
            Some(leg) => {
                let of_leg = &mut weights[leg.index()];
                *of_leg = of_leg.saturating_add(watts.saturating_mul(3));
            }
            None => weights = weights.map(|of_leg| of_leg.saturating_add(watts)),
        }
    }
    match weights {
        [0, 0, 0] => [1, 1, 1],
        known => known,
    }
}

/// Parts that add up to what is drawn, by largest remainder; less than nothing counts as nothing.
pub fn apportion(drawn: Watts, weights: [i64; 3]) -> [Watts; 3] {
    let parts = split(WattHours(drawn.0.max(0)), &weights);
    [0, 1, 2].map(|leg| parts.get(leg).map_or(Watts::ZERO, |part| Watts(part.0)))
}

/// What the legs of each of `nodes` nodes draw: the sum of the racks under it, each with the way of
/// its power up to the grid. `None` where nothing under it is measured.
pub fn up_the_tree<'a>(
    nodes: usize,
    racks: impl IntoIterator<Item = (&'a [usize], [Watts; 3])>,
) -> Vec<Option<[Watts; 3]>> {
    let mut found: Vec<Option<[Watts; 3]>> = vec![None; nodes];
    for (way, legs) in racks {
        for node in way {
            let sum = found[*node].get_or_insert([Watts::ZERO; 3]);
            for (sum, leg) in sum.iter_mut().zip(legs) {
                *sum += leg;
            }
        }
    }
    found
}

/// Whole percents of what a leg may carry (in thirds of a watt), a part of one counted as passed;
/// `None` for a leg that the node does not have.
pub fn load_percent(drawn: Watts, usable: i64) -> Option<i64> {
    let thirds = i128::from(drawn.0) * 3;
    (usable > 0).then(|| up(thirds * 100, i128::from(usable)))
}

/// By how many percent the leg that draws most is above the mean, a part of one counted as passed.
/// A node that draws almost nothing of what it may is in balance; one without three legs has none.
pub fn imbalance_percent(drawn: [Watts; 3], usable: [i64; 3]) -> Option<i64> {
    if usable.iter().any(|leg| *leg <= 0) {
        return None;
    }
    let sum: i128 = drawn.iter().map(|leg| i128::from(leg.0)).sum();
    let may: i128 = usable.iter().map(|leg| i128::from(*leg)).sum();
    if sum <= 0 || sum * 3 * 100 < may * LEAST_PERCENT {
        return Some(0);
    }
    let most = drawn.iter().map(|leg| i128::from(leg.0)).max();
    Some(up((most.unwrap_or(0) * 3 - sum) * 100, sum))
}

/// Not negative by positive, rounded up.
fn up(whole: i128, by: i128) -> i64 {
    i64::try_from((whole + by - 1) / by).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    fn on(leg: Leg, watts: i64) -> Share {
        Share {
            leg: Some(leg),
            watts: Watts(watts),
        }
    }

    fn three(watts: i64) -> Share {
        Share {
            leg: None,
            watts: Watts(watts),
        }
    }

    #[test]
    fn a_rack_draws_as_it_is_allocated() {
        use Leg::{L1, L2, L3};
        for (phase, shares, drawn, parts) in [
            (RackPhase::Three, vec![], 100, [34, 33, 33]),
            (RackPhase::Three, vec![three(900)], 10, [4, 3, 3]),
            (RackPhase::L2, vec![on(L1, 500)], 100, [0, 100, 0]),
            (RackPhase::Three, vec![on(L1, 500)], 100, [100, 0, 0]),
            (
                RackPhase::Three,
                vec![on(L1, 3_000), on(L3, 1_000)],
                1_000,
                [750, 0, 250],
            ),
            // 3 000 on L1 and 1 000 on each: 4 : 1 : 1.
            (
                RackPhase::Three,
                vec![on(L1, 3_000), three(3_000)],
                600,
                [400, 100, 100],
            ),
            // A watt cannot be halved: the earlier leg has it.
            (RackPhase::Three, vec![on(L2, 10), on(L3, 10)], 7, [0, 4, 3]),
            (RackPhase::Three, vec![on(L2, 10)], -7, [0, 0, 0]),
        ] {
            let found = apportion(Watts(drawn), weights(phase, &shares));
            assert_eq!(found, parts.map(Watts), "{phase} {shares:?} {drawn}");
        }
    }

    #[test]
    fn racks_are_summed_up_to_the_grid() {
        let legs = |a, b, c| [Watts(a), Watts(b), Watts(c)];
        // Grid 0, panels 1 and 2, feed 3 under panel 1; nothing is measured under node 4.
        let racks: [(&[usize], _); 3] = [
            (&[3, 1, 0], legs(1, 2, 3)),
            (&[3, 1, 0], legs(10, 0, 0)),
            (&[2, 0], legs(0, 0, 5)),
        ];
        let found = up_the_tree(5, racks);
        let (feed, other) = (Some(legs(11, 2, 3)), Some(legs(0, 0, 5)));
        assert_eq!(found, [Some(legs(11, 2, 8)), feed, other, feed, None]);
    }

    #[test]
    fn a_part_of_a_percent_is_passed() {
        assert_eq!(load_percent(Watts(1_000), 3_000), Some(100));
        assert_eq!(load_percent(Watts(1_001), 3_000), Some(101));
        assert_eq!(load_percent(Watts(0), 3_000), Some(0));
        assert_eq!(load_percent(Watts(5), 0), None);
    }

    #[test]
    fn the_fullest_leg_is_held_against_the_mean() {
        let usable = [30_000; 3];
        for (drawn, percent) in [
            ([5_000, 5_000, 5_000], 0),
            ([6_000, 5_000, 4_000], 20),
            ([6_001, 5_000, 4_000], 21),
            ([9_000, 0, 0], 200),
            // A tenth of 30 kW in all is 3 kW.
            ([3_000, 0, 0], 200),
            ([2_999, 0, 0], 0),
            ([0, 0, 0], 0),
        ] {
            let found = imbalance_percent(drawn.map(Watts), usable);
            assert_eq!(found, Some(percent), "{drawn:?}");
        }
        assert_eq!(imbalance_percent([Watts(9); 3], [30, 0, 0]), None);
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole(
            racks in vec(
                (
                    0_i64..50_000_000,
                    select(RackPhase::ALL),
                    vec((select(vec![None, Some(Leg::L1), Some(Leg::L2), Some(Leg::L3)]), 0_i64..200_000), 0..6),
                ),
                0..20,
            ),
        ) {
            let way = [1_usize, 0];
            let parts: Vec<[Watts; 3]> = racks
                .iter()
                .map(|(drawn, phase, shares)| {
                    let shares: Vec<Share> = shares
                        .iter()
                        .map(|(leg, watts)| Share { leg: *leg, watts: Watts(*watts) })
                        .collect();
                    apportion(Watts(*drawn), weights(*phase, &shares))
                })
                .collect();
            for ((drawn, phase, _), part) in racks.iter().zip(&parts) {
                prop_assert_eq!(part.iter().map(|it| it.0).sum::<i64>(), *drawn);
                prop_assert!(part.iter().all(|it| it.0 >= 0));
                if let Some(leg) = phase.leg() {
                    prop_assert_eq!(part[leg.index()].0, *drawn);
                }
            }
            let all: i64 = racks.iter().map(|(drawn, ..)| *drawn).sum();
            let nodes = up_the_tree(2, parts.iter().map(|legs| (&way[..], *legs)));
            for node in nodes {
                let sum: i64 = node.iter().flatten().map(|it| it.0).sum();
                prop_assert_eq!(sum, all);
            }
        }
    }
}
