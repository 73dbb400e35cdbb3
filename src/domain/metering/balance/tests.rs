use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

fn percent(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn meter(wh: i64) -> Option<Metered> {
    Some(Metered {
        wh: WattHours(wh),
        class: percent("0.5"),
        complete: true,
    })
}

fn branch(id: i64, parent: i64, metered: Option<Metered>) -> Branch {
    Branch {
        id,
        parent: (parent > 0).then_some(parent),
        name: format!("N{id}"),
        metered,
        losses: Decimal::ZERO,
    }
}

fn rack(node: i64, wh: i64) -> Leaf {
    Leaf {
        node,
        kind: LeafKind::Rack,
        name: format!("R{node}"),
        wh: WattHours(wh),
        class: Decimal::ONE,
        complete: true,
    }
}

fn auxiliary(node: i64, wh: i64) -> Leaf {
    Leaf {
        kind: LeafKind::Auxiliary,
        name: format!("A{node}"),
        ..rack(node, wh)
    }
}

fn of(balance: &Balance, id: i64) -> &NodeBalance {
    balance.nodes.iter().find(|node| node.id == id).unwrap()
}

fn ids(balance: &Balance, by: By) -> Vec<i64> {
    balance.ranked(by).iter().map(|node| node.id).collect()
}

#[test]
fn a_node_adds_up_within_what_its_meters_may_err() {
    let racks = [rack(1, 60_000), rack(1, 30_000), auxiliary(1, 9_000)];
    // 0.5 % of 100 000 and 1 % of 99 000: 1 490 Wh.
    let verdict = |wh: i64| {
        let found = balance(&[branch(1, 0, meter(wh))], &racks);
        let node = found.nodes[0].clone();
        (
            node.verdict,
            node.difference.0,
            node.tolerance.0,
            node.excess.0,
        )
    };
    assert_eq!(verdict(100_000), (Verdict::Adds, 1_000, 1_490, 0));
    // 0.5 % of 100 497 is 502.485: rounded up.
    assert_eq!(verdict(100_493), (Verdict::Adds, 1_493, 1_493, 0));
    assert_eq!(verdict(100_497), (Verdict::Lost, 1_497, 1_493, 4));
    assert_eq!(verdict(97_515), (Verdict::Gained, -1_485, 1_478, 7));
}

#[test]
fn technical_losses_are_expected_also_of_nodes_without_a_meter() {
    let transformer = Branch {
        losses: percent("2"),
        ..branch(1, 0, meter(100_000))
    };
    let panel = Branch {
        losses: percent("1"),
        ..branch(2, 1, None)
    };
    // Of 100 000 the transformer keeps 2 000; 97 020 come out of a panel that 98 000 go into.
    let found = balance(&[transformer, panel], &[rack(2, 97_020)]);
    let node = of(&found, 1);
    assert_eq!(
        (node.losses, node.difference),
        (WattHours(2_980), WattHours(0))
    );
    assert_eq!(node.verdict, Verdict::Adds);
}

#[test]
fn what_is_not_metered_is_named() {
    let root = branch(1, 0, meter(100_000));
    let dark = branch(2, 1, None);
    let found = balance(&[root.clone(), dark], &[rack(1, 10_000)]);
    assert_eq!(of(&found, 1).verdict, Verdict::Unknown);
    assert_eq!(of(&found, 1).unknown, ["N2"]);
    assert_eq!(of(&found, 1).excess, WattHours(0));
    let half = Leaf {
        complete: false,
        ..rack(1, 10_000)
    };
    let found = balance(std::slice::from_ref(&root), &[half]);
    assert_eq!(of(&found, 1).unknown, ["R1"]);
    assert!(!found.complete);
    let silent = Branch {
        metered: Some(Metered {
            complete: false,
            ..meter(5).unwrap()
        }),
        ..branch(3, 1, None)
    };
    let found = balance(&[root.clone(), silent], &[rack(3, 10_000)]);
    assert_eq!(of(&found, 1).unknown, ["N3"]);
    assert_eq!(of(&found, 3).unknown, ["N3"]);
    // A meter with nothing below it has nothing to be compared with.
    assert_eq!(of(&balance(&[root], &[]), 1).unknown, ["N1"]);
    assert!(found.ranked(By::Energy).is_empty());
}

#[test]
fn a_meter_that_errs_comes_before_the_node_above_that_fails_because_of_it() {
    // The feed's meter 3 shows 20 000 of 50 000.
    let branches = [
        branch(1, 0, meter(100_000)),
        branch(2, 1, meter(100_000)),
        branch(3, 2, meter(20_000)),
        branch(4, 2, meter(50_000)),
    ];
    let found = balance(&branches, &[rack(3, 50_000), rack(4, 50_000)]);
    let verdicts: Vec<_> = found.nodes.iter().map(|node| node.verdict).collect();
    let expected = [Verdict::Adds, Verdict::Lost, Verdict::Gained, Verdict::Adds];
    assert_eq!(verdicts, expected);
    assert_eq!(
        (of(&found, 2).excess, of(&found, 2).own),
        (WattHours(29_150), WattHours(0))
    );
    assert_eq!(of(&found, 3).own, WattHours(29_400));
    assert_eq!(of(&found, 3).likelihood, percent("49"));
    assert_eq!(ids(&found, By::Energy), [3, 2]);
    assert_eq!(ids(&found, By::Likelihood), [3, 2]);
}

#[test]
fn a_meter_that_only_seems_to_err_explains_nothing_above_it() {
    // Meter 3 shows 150 000 of 50 000, so that 2 seems to gain; what 1 loses is lost there.
    let branches = [
        branch(1, 0, meter(150_000)),
        branch(2, 1, meter(50_000)),
        branch(3, 2, meter(150_000)),
    ];
    let found = balance(&branches, &[rack(3, 50_000)]);
    let own: Vec<_> = found.nodes.iter().map(|node| node.own.0).collect();
    // Tolerances: 750 + 250, 250 + 750, 750 + 500.
    assert_eq!(own, [99_000, 0, 98_750]);
    assert_eq!(ids(&found, By::Energy), [1, 3, 2]);
}

#[test]
fn energy_and_likelihood_rank_differently() {
    // 30 of 1 000 kWh, and 3 of 4 kWh.
    let branches = [
        branch(1, 0, meter(1_004_000)),
        branch(2, 1, meter(1_000_000)),
        branch(3, 1, meter(4_000)),
    ];
    let found = balance(&branches, &[rack(2, 970_000), rack(3, 1_000)]);
    assert_eq!(ids(&found, By::Energy), [2, 3]);
    assert_eq!(ids(&found, By::Likelihood), [3, 2]);
    assert_eq!(of(&found, 3).likelihood, percent("99"));
}

#[test]
fn pue_and_loss_factor_are_of_the_whole_site() {
    let branches = [
        branch(1, 0, meter(110_000)),
        branch(2, 1, meter(99_000)),
        branch(3, 1, None),
    ];
    let leaves = [rack(2, 60_000), rack(2, 36_000), auxiliary(3, 8_000)];
    let found = balance(&branches, &leaves);
    assert_eq!(
        (found.grid, found.racks),
        (WattHours(110_000), WattHours(96_000))
    );
    // 110 / 96 = 1.14583…, 102 / 96 = 1.0625.
    assert_eq!(found.pue, Some(percent("1.146")));
    assert_eq!(found.loss_factor, Some(percent("1.0625")));
    assert!(found.complete);
    let found = balance(&branches, &[auxiliary(3, 8_000)]);
    assert_eq!((found.pue, found.loss_factor), (None, None));
}

#[test]
fn without_a_grid_meter_the_nearest_below_say_what_came_in() {
    let grid = Branch {
        losses: percent("20"),
        ..branch(1, 0, None)
    };
    let found = balance(&[grid, branch(2, 1, meter(80_000))], &[rack(2, 80_000)]);
    assert_eq!(found.grid, WattHours(100_000));
    assert_eq!(found.pue, Some(percent("1.25")));
}

#[test]
fn rings_and_strangers_do_no_harm() {
    let mut ring = [branch(1, 2, meter(10)), branch(2, 1, meter(10))];
    assert_eq!(balance(&ring, &[]).nodes.len(), 2);
    ring[0].metered = None;
    ring[1].metered = None;
    assert_eq!(balance(&ring, &[rack(9, 5)]).nodes.len(), 0);
    let huge = balance(
        &[branch(1, 7, meter(i64::MAX))],
        &[rack(1, i64::MIN), rack(1, i64::MIN)],
    );
    assert_eq!(huge.nodes[0].difference, WattHours(i64::MAX));
}

/// A tree whose meters say exactly what flows, with some energy leaving at one node unseen.
#[derive(Clone, Debug)]
struct Site {
    branches: Vec<Branch>,
    leaves: Vec<Leaf>,
}

/// Nodes by (parent among those before, metered, energy of a rack, of an auxiliary), losses in
/// tenths of a percent; `leak` is (node, energy).
fn site(nodes: &[(usize, bool, i64, i64)], losses: i64, leak: (usize, i64)) -> Site {
    let count = nodes.len();
    let parent = |at: usize| (at > 0).then(|| nodes[at].0 % at);
    let mut out: Vec<i64> = vec![0; count];
    let mut leaves = vec![];
    for (at, (_, _, racks, auxiliaries)) in nodes.iter().enumerate() {
        let id = i64::try_from(at).unwrap() + 1;
        leaves.extend([rack(id, *racks), auxiliary(id, *auxiliaries)]);
        out[at] = racks + auxiliaries + if at == leak.0 { leak.1 } else { 0 };
    }
    let mut inflow = vec![0; count];
    for at in (0..count).rev() {
        inflow[at] = (out[at] * 1_000 + (1_000 - losses) / 2) / (1_000 - losses);
        if let Some(parent) = parent(at) {
            out[parent] += inflow[at];
        }
    }
    let branch = |at: usize| Branch {
        losses: Decimal::new(losses, 1),
        ..branch(
            i64::try_from(at).unwrap() + 1,
            parent(at).map_or(0, |it| i64::try_from(it).unwrap() + 1),
            (at == 0 || nodes[at].1).then(|| meter(inflow[at]).unwrap()),
        )
    };
    Site {
        branches: (0..count).map(branch).collect(),
        leaves,
    }
}

/// The nearest node with a meter, from here up.
fn metered(site: &Site, at: usize) -> i64 {
    let node = &site.branches[at];
    match (node.metered, node.parent) {
        (None, Some(parent)) => metered(site, usize::try_from(parent).unwrap() - 1),
        _ => node.id,
    }
}

type Nodes = Vec<(usize, bool, i64, i64)>;

fn nodes() -> impl Strategy<Value = Nodes> {
    vec(
        (
            any::<usize>(),
            any::<bool>(),
            0_i64..1_000_000,
            0_i64..100_000,
        ),
        1..25,
    )
}

proptest! {
    #[test]
    fn what_flows_without_losses_adds_up_exactly(nodes in nodes()) {
        let site = site(&nodes, 0, (0, 0));
        for node in balance(&site.branches, &site.leaves).nodes {
            prop_assert_eq!((node.verdict, node.difference), (Verdict::Adds, WattHours::ZERO));
        }
    }

    #[test]
    fn expected_losses_add_up_but_for_rounding(nodes in nodes(), losses in 0_i64..200) {
        let site = site(&nodes, losses, (0, 0));
        for node in balance(&site.branches, &site.leaves).nodes {
            prop_assert!(node.difference.0.abs() <= 2 * i64::try_from(nodes.len()).unwrap());
        }
    }

    #[test]
    fn a_leak_is_found_where_it_is(nodes in nodes(), losses in 0_i64..50, at in any::<usize>()) {
        let at = at % nodes.len();
        let site = site(&nodes, losses, (at, 10_000_000));
        let found = balance(&site.branches, &site.leaves);
        for by in [By::Energy, By::Likelihood] {
            prop_assert_eq!(found.ranked(by)[0].id, metered(&site, at));
            prop_assert_eq!(found.ranked(by)[0].verdict, Verdict::Lost);
        }
    }

    #[test]
    fn a_meter_that_errs_is_found_first(nodes in nodes(), at in any::<usize>(), less in any::<bool>()) {
        let mut site = site(&nodes, 0, (0, 0));
        let id = metered(&site, at % nodes.len());
        for branch in site.branches.iter_mut().filter(|it| it.id == id) {
            if let Some(metered) = &mut branch.metered {
                metered.wh += WattHours(if less { -10_000_000 } else { 10_000_000 });
            }
        }
        let found = balance(&site.branches, &site.leaves);
        for by in [By::Energy, By::Likelihood] {
            prop_assert_eq!(found.ranked(by)[0].id, id);
        }
        prop_assert!(found.ranked(By::Energy).iter().skip(1).all(|node| node.own == WattHours::ZERO));
    }
}
