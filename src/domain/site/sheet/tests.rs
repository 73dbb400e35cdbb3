//! Plans by table, and by random rows: what is planned twice changes nothing the second time.

use super::*;
use crate::domain::rows::Reason;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn text(value: &str) -> Cell {
    Cell::Given(Value::text(value))
}

/// Parent and kilowatts of a power node.
fn node(line: u64, name: &str, parent: &str, kw: i64) -> FileRow {
    let rating = match kw {
        0 => Value::Empty,
        kw => Value::Watts(Watts(kw * 1_000)),
    };
    let nothing = || Cell::Given(Value::Empty);
    FileRow {
        line,
        cells: vec![
            text(name),
            Cell::Given(Value::Word("panel")),
            text(parent),
            Cell::Given(rating),
            nothing(),
            nothing(),
            nothing(),
            Cell::Given(Value::Decimal(Decimal::ONE_HUNDRED)),
        ],
    }
}

fn sheet(noun: Noun, rows: Vec<FileRow>) -> Sheet {
    Sheet {
        noun,
        rows,
        bad: vec![],
    }
}

/// What a site has once a plan is written, ids in the order of making.
fn written(stock: &Stock, plan: &Plan) -> Stock {
    let mut after = stock.clone();
    for part in &plan.nouns {
        let mut rows = stock.rows(part.noun).to_vec();
        for step in &part.steps {
            match &step.what {
                What::New => rows.push(Existing {
                    id: rows.len() as i64 + 1,
                    cells: step.cells.clone(),
                }),
                What::Changed { id, .. } => {
                    let row = rows.iter_mut().find(|row| row.id == *id).unwrap();
                    row.cells = step.cells.clone();
                }
                What::Same | What::Skipped => {}
            }
        }
        after.put(part.noun, rows);
    }
    after
}

fn tree(rows: Vec<FileRow>) -> Stock {
    let stock = Stock::default();
    written(
        &stock,
        &plan(&stock, &[sheet(Noun::Power, rows)], OnExisting::Update),
    )
}

type Told = (Vec<(u64, &'static str)>, Vec<(u64, &'static str, Reason)>);

fn told(plan: &Plan) -> Told {
    let [part] = plan.nouns.as_slice() else {
        panic!("{plan:?}")
    };
    let say = |what: &What| match what {
        What::New => "new",
        What::Changed { .. } => "changed",
        What::Same => "same",
        What::Skipped => "skipped",
    };
    let steps = part.steps.iter().map(|s| (s.line, say(&s.what)));
    let bad = part.bad.iter().map(|b| (b.line, b.column, b.reason));
    (steps.collect(), bad.collect())
}

#[test]
fn children_may_stand_before_their_parents() {
    let rows = vec![
        node(2, "C", "B", 1),
        node(3, "B", "A", 1),
        node(4, "A", "", 1),
    ];
    let made = plan(
        &Stock::default(),
        &[sheet(Noun::Power, rows)],
        OnExisting::Fail,
    );
    assert_eq!(
        told(&made),
        (vec![(2, "new"), (3, "new"), (4, "new")], vec![])
    );
}

#[test]
fn what_hangs_on_a_bad_row_is_bad_and_circles_are_named() {
    let rows = vec![
        node(2, "A", "gone", 1),
        node(3, "B", "A", 1),
        node(4, "C", "D", 1),
        node(5, "D", "C", 1),
        node(6, "E", "D", 1),
        node(7, "F", "", 0),
        node(8, "G", "G", 1),
        node(9, "H", "", 1),
        node(10, "H", "", 2),
    ];
    let made = plan(
        &Stock::default(),
        &[sheet(Noun::Power, rows)],
        OnExisting::Update,
    );
    let (steps, bad) = told(&made);
    assert_eq!(steps, [(9, "new")]);
    use Reason::*;
    let expected = [
        (2, "parent", UnknownName),
        (3, "parent", UnknownName),
        (4, "parent", Loop),
        (5, "parent", Loop),
        (6, "parent", UnknownName),
        (7, "rating_kw", Rating),
        (8, "parent", Loop),
        (10, "node", Repeated),
    ];
    assert_eq!(bad, expected);
}

#[test]
fn existing_rows_are_updated_skipped_or_refused() {
    let stock = tree(vec![node(2, "A", "", 1), node(3, "B", "A", 1)]);
    let rows = || {
        vec![
            node(2, "A", "", 5),
            node(3, "B", "A", 1),
            node(4, "C", "B", 1),
        ]
    };
    let with = |on| plan(&stock, &[sheet(Noun::Power, rows())], on);
    let update = with(OnExisting::Update);
    assert_eq!(told(&update).0, [(2, "changed"), (3, "same"), (4, "new")]);
    let change = Change {
        column: "rating_kw",
        from: Value::Watts(Watts(1_000)),
        to: Value::Watts(Watts(5_000)),
    };
    let what = What::Changed {
        id: 1,
        changes: vec![change],
    };
    assert_eq!(update.nouns[0].steps[0].what, what);
    assert_eq!(
        told(&with(OnExisting::Skip)).0,
        [(2, "skipped"), (3, "same"), (4, "new")]
    );
    let refused = with(OnExisting::Fail);
    assert_eq!(told(&refused).0, [(4, "new")]);
    assert!(
        refused.nouns[0]
            .bad
            .iter()
            .all(|bad| bad.reason == Reason::Exists)
    );
}

#[test]
fn a_change_that_would_close_a_circle_over_existing_rows_is_bad() {
    let stock = tree(vec![node(2, "A", "", 1), node(3, "B", "A", 1)]);
    let alone = plan(
        &stock,
        &[sheet(Noun::Power, vec![node(2, "A", "B", 1)])],
        OnExisting::Update,
    );
    assert_eq!(told(&alone), (vec![], vec![(2, "parent", Reason::Loop)]));
    // Both turned round: A under B, B on its own.
    let rows = vec![node(2, "A", "B", 1), node(3, "B", "", 1)];
    let both = plan(&stock, &[sheet(Noun::Power, rows)], OnExisting::Update);
    assert_eq!(told(&both), (vec![(2, "changed"), (3, "changed")], vec![]));
    // B's own row is bad, so A must not move below it.
    let rows = vec![node(2, "A", "B", 1), node(3, "B", "", 0)];
    let half = plan(&stock, &[sheet(Noun::Power, rows)], OnExisting::Update);
    assert_eq!(half.nouns[0].steps, vec![]);
}

fn rack(line: u64, name: &str, hall: &str, row: &str, feed: &str) -> FileRow {
    FileRow {
        line,
        cells: vec![
            text(hall),
            text(row),
            text(name),
            Cell::Given(Value::Word("frame")),
            Cell::Given(Value::Whole(8)),
            Cell::Given(Value::Watts(Watts(28_500))),
            Cell::Given(Value::Word("three")),
            text(feed),
            Cell::Given(Value::Empty),
            text("Z"),
        ],
    }
}

fn with_zone(mut stock: Stock) -> Stock {
    let mut cells = vec![Value::Empty; Noun::Zones.columns().len()];
    cells[0] = Value::text("Z");
    stock.put(Noun::Zones, vec![Existing { id: 1, cells }]);
    stock
}

#[test]
fn racks_bring_their_halls_and_rows_along() {
    let stock = with_zone(tree(vec![node(2, "F", "", 1)]));
    let rows = vec![
        rack(2, "R1", "H", "A", "F"),
        rack(3, "R2", "H", "A", "F"),
        rack(4, "R3", "I", "A", "none"),
    ];
    let made = plan(&stock, &[sheet(Noun::Racks, rows)], OnExisting::Update);
    let counts: Vec<_> = made
        .nouns
        .iter()
        .map(|p| (p.noun, p.created(), p.bad.len()))
        .collect();
    assert_eq!(
        counts,
        [(Noun::Halls, 1, 0), (Noun::Rows, 1, 0), (Noun::Racks, 2, 1)]
    );
}

#[test]
fn a_column_that_a_file_lacks_keeps_what_is_there() {
    let stock = with_zone(tree(vec![node(2, "F", "", 1)]));
    let first = plan(
        &stock,
        &[sheet(Noun::Racks, vec![rack(2, "R1", "H", "A", "F")])],
        OnExisting::Update,
    );
    let stock = written(&stock, &first);
    let mut cells = vec![Cell::Absent; Noun::Racks.columns().len()];
    cells[Noun::Racks.at("rack")] = text("R1");
    cells[Noun::Racks.at("slots")] = Cell::Given(Value::Whole(9));
    cells[Noun::Racks.at("limit_kw")] = Cell::Initial(Value::Watts(Watts(1)));
    let partial = |name: &str| {
        let mut cells = cells.clone();
        cells[Noun::Racks.at("rack")] = text(name);
        sheet(Noun::Racks, vec![FileRow { line: 2, cells }])
    };
    let changed = plan(&stock, &[partial("R1")], OnExisting::Update);
    let What::Changed { changes, .. } = &changed.nouns[0].steps[0].what else {
        panic!("{changed:?}")
    };
    assert_eq!(changes.len(), 1, "only the slots: {changes:?}");
    let new = plan(&stock, &[partial("R2")], OnExisting::Update);
    assert_eq!(told(&new).1, [(2, "hall", Reason::Needed)]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    /// Whatever a file says: written once, the same file changes nothing, and the tree is a tree.
    #[test]
    fn a_plan_that_is_written_leaves_nothing_to_write(
        first in proptest::collection::vec((0_u8..8, 0_u8..10, 0_i64..4), 0..12),
        second in proptest::collection::vec((0_u8..8, 0_u8..10, 0_i64..4), 0..12),
        on in 0_usize..3,
    ) {
        let rows = |rows: &[(u8, u8, i64)]| {
            let named = |n: u8| if n == 9 { String::new() } else { format!("N{n}") };
            let lines = (2_u64..).zip(rows);
            sheet(Noun::Power, lines.map(|(line, (name, parent, kw))| node(line, &named(*name), &named(*parent), *kw)).collect())
        };
        let stock = Stock::default();
        let stock = written(&stock, &plan(&stock, &[rows(&first)], OnExisting::Update));
        let on = OnExisting::ALL[on];
        let made = plan(&stock, &[rows(&second)], on);
        let part = made.of(Noun::Power).unwrap();
        prop_assert_eq!(part.steps.len() + part.bad.len(), second.len(), "each row has one fate");
        let after = written(&stock, &made);
        let again = plan(&after, &[rows(&second)], on);
        let kept = again.of(Noun::Power).unwrap();
        if on != OnExisting::Fail {
            prop_assert!(!again.writes(), "{:?}", kept);
            prop_assert_eq!(&kept.bad, &part.bad);
        }
        let parents: BTreeMap<_, _> = after.rows(Noun::Power).iter().map(|r| (r.cells[0].name(), r.cells[2].name())).collect();
        for start in parents.keys() {
            let (mut at, mut steps) = (*start, 0);
            while !at.is_empty() {
                steps += 1;
                prop_assert!(steps <= parents.len(), "a circle at {}", start);
                at = parents.get(at).copied().expect("a parent that exists");
            }
        }
    }
}
