//! Machines of a file by table, and random files: whatever they say, what is written holds.

use super::super::{Change, Existing, FileRow, OnExisting, Plan, Sheet, Stock, What, plan};
use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

const COLUMNS: [&str; 12] = [
    "serial", "tenant", "model", "watts", "cooling", "supply", "booking", "state", "rack", "slot",
    "leg", "note",
];

/// A cell from what a file would say; `-` where the file lacks the column.
fn cell(code: &str, text: &str) -> Cell {
    let value = match (code, text) {
        (_, "-") => return Cell::Absent,
        (_, "") => Value::Empty,
        ("watts" | "booking" | "slot", number) => Value::Whole(number.parse().unwrap()),
        ("cooling" | "supply" | "state" | "leg", word) => {
            let column = &Noun::Machines.columns()[at(code)];
            let super::super::Kind::Word(words) = &column.kind else {
                panic!("{code}")
            };
            Value::Word(words.iter().find(|w| w.code == word).unwrap().code)
        }
        (_, text) => Value::text(text),
    };
    Cell::Given(value)
}

/// A line of a file, cells parted by commas.
fn line(number: u64, text: &str) -> FileRow {
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    assert_eq!(parts.len(), COLUMNS.len(), "{text}");
    let cells = COLUMNS.iter().zip(parts);
    FileRow {
        line: number,
        cells: cells.map(|(code, text)| cell(code, text)).collect(),
    }
}

fn sheet(lines: &[&str]) -> Sheet {
    let rows = (2_u64..)
        .zip(lines)
        .map(|(number, text)| line(number, text));
    Sheet {
        noun: Noun::Machines,
        rows: rows.collect(),
        bad: vec![],
    }
}

fn share(id: i64, leg: Leg, units: i64) -> Share {
    Share {
        reservation: ReservationId(id),
        leg: Some(leg),
        units,
        watts_each: Watts(3_500),
        supply: Supply::Single,
        whole: false,
    }
}

/// Two racks of six slots; booking 7 of T has two units a leg on each, 8 is U's, 9 is not assigned.
fn house() -> Stock {
    let mut stock = Stock::default();
    let text = Value::text;
    let mut zone = vec![Value::Empty; Noun::Zones.columns().len()];
    (zone[0], zone[1]) = (text("Z"), Value::Word("air"));
    let rack = |id: i64, name: &str| Existing {
        id,
        cells: vec![
            text("H"),
            text("A"),
            text(name),
            Value::Word("frame"),
            Value::Whole(6),
            Value::Watts(Watts(30_000)),
            Value::Word("three"),
            text("F"),
            Value::Empty,
            text("Z"),
        ],
    };
    stock.put(Noun::Zones, vec![Existing { id: 1, cells: zone }]);
    stock.put(Noun::Racks, vec![rack(1, "R1"), rack(2, "R2")]);
    let booking = |id: i64, tenant: &str, closed: Option<&str>| {
        let on = |rack: &str| {
            Leg::ALL
                .iter()
                .map(|leg| (rack.to_owned(), share(id, *leg, 2)))
                .collect()
        };
        let shares: Vec<Vec<(String, Share)>> = vec![on("R1"), on("R2")];
        let booking = Booking {
            tenant: tenant.to_owned(),
            closed: closed.map(Message::new),
            shares: shares.concat(),
        };
        (id, booking)
    };
    let named = |name: &str| (fold(name), Some(name.to_owned()));
    let model = Model {
        name: "Antminer S21".to_owned(),
        watts: Watts(3_500),
        cooling: CoolingKind::Air,
        supply: Some(Supply::Single),
    };
    stock.register = Register {
        tenants: [named("T"), named("U"), ("w".to_owned(), None)].into(),
        models: [(fold("Antminer S21"), model)].into(),
        bookings: [
            booking(7, "T", None),
            booking(8, "U", None),
            booking(9, "T", Some("machine-refused-held")),
        ]
        .into(),
        elsewhere: ["far-1".to_owned()].into(),
    };
    stock
}

fn planned(stock: &Stock, lines: &[&str]) -> Plan {
    plan(stock, &[sheet(lines)], OnExisting::Update)
}

fn written(stock: &Stock, plan: &Plan) -> Stock {
    let mut after = stock.clone();
    let mut rows = stock.rows(Noun::Machines).to_vec();
    for step in plan.nouns.iter().flat_map(|part| &part.steps) {
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
    after.put(Noun::Machines, rows);
    after
}

fn after(stock: &Stock, lines: &[&str]) -> Stock {
    let made = planned(stock, lines);
    assert!(!made.has_bad(), "{made:?}");
    written(stock, &made)
}

/// Line, column, reason or what a rule says.
fn bad(plan: &Plan) -> Vec<(u64, &'static str, String)> {
    let rows = plan.nouns.iter().flat_map(|part| &part.bad);
    let why = |bad: &crate::domain::rows::BadRow| match &bad.said {
        Some(said) => said.key.clone(),
        None => bad.reason.to_string(),
    };
    rows.map(|bad| (bad.line, bad.column, why(bad))).collect()
}

fn place(stock: &Stock, serial: &str) -> String {
    let rows = stock.rows(Noun::Machines);
    let row = rows
        .iter()
        .find(|row| row.cells[0].name() == serial)
        .unwrap();
    let cells = ["state", "rack", "slot", "leg"].map(|code| row.cells[at(code)].plain());
    cells.join(" ").trim().to_owned()
}

const A: &str = "A, T, Antminer S21, , , , 7, racked, R1, 1, L1, ";
const B: &str = "B, T, Antminer S21, , , , 7, racked, R1, 2, L2, ";

#[test]
fn two_machines_change_places_in_any_order() {
    let stock = after(&house(), &[A, B]);
    let swap = [
        "A, T, Antminer S21, , , , 7, racked, R1, 2, L2, ",
        "B, T, Antminer S21, , , , 7, racked, R1, 1, L1, ",
    ];
    for lines in [[swap[0], swap[1]], [swap[1], swap[0]]] {
        let swapped = after(&stock, &lines);
        assert_eq!(place(&swapped, "A"), "racked R1 2 L2");
        assert_eq!(place(&swapped, "B"), "racked R1 1 L1");
        assert!(!planned(&swapped, &lines).writes());
    }
}

#[test]
fn who_must_stay_keeps_the_slot_from_who_would_follow() {
    let third = "C, T, Antminer S21, , , , 7, racked, R2, 1, L1, ";
    let stock = after(&house(), &[A, B, third]);
    // C would go where A is, A where B is; B draws too much for its booking and stays.
    let lines = [
        "C, T, Antminer S21, , , , 7, racked, R1, 1, L1, ",
        "A, T, Antminer S21, , , , 7, racked, R1, 2, L1, ",
        "B, T, Antminer S21, 3600, , , 7, racked, R2, 2, L2, ",
    ];
    let made = planned(&stock, &lines);
    let expected = [
        (2, "slot", "machine-refused-slot-taken".to_owned()),
        (3, "slot", "machine-refused-slot-taken".to_owned()),
        (4, "watts", "machine-refused-watts".to_owned()),
    ];
    assert_eq!(bad(&made), expected);
    assert!(!made.writes());
}

/// Rows, the column that is bad in each, and why.
const BAD: &str = "
C, Y, Antminer S21, , , , , received, , , , | tenant | unknown-tenant
C, W, Antminer S21, , , , , received, , , , | tenant | several-tenants
C, T, Antminer S21, , , , 5, received, , , , | booking | unknown-booking
C, T, Antminer S21, , , , 8, received, , , , | booking | others-booking
A, U, Antminer S21, , , , 7, racked, R1, 1, L1, | booking | others-booking
C, T, Own, , air, single, , received, , , , | watts | not-in-catalogue
C, T, Own, 5, , single, , received, , , , | cooling | not-in-catalogue
C, T, antminer s21, , hydro, , , received, , , , | cooling | catalogue
C, T, Antminer S21, , , , 7, racked, , , , | rack | no-rack
C, T, Antminer S21, , , , 7, repair, , 3, , | slot | no-rack
C, T, Antminer S21, , , , 7, received, R1, , , | rack | not-standing
C, T, Antminer S21, , , , 7, racked, R9, , , | rack | unknown-name
C, T, Antminer S21, , , , , racked, R1, , , | booking | machine-refused-booking
C, T, Antminer S21, , , , 9, racked, R1, , , | booking | machine-refused-held
C, T, Antminer S21, , , , 7, racked, R1, 1, , | slot | machine-refused-slot-taken
C, T, Antminer S21, , , , 7, racked, R1, 7, , | slot | machine-refused-slot
C, T, Antminer S21, 3501, , , 7, racked, R1, , , | watts | machine-refused-watts
C, T, Big, 3000, hydro, single, 7, racked, R1, , , | rack | machine-refused-cooling
C, T, Big, 3000, air, three, 7, racked, R1, , , | rack | machine-refused-supply
FAR-1, T, Antminer S21, , , , , received, , , , | serial | elsewhere
g, T, Antminer S21, , , , 7, racked, R1, , , | state | machine-refused-turn
a, T, Antminer S21, , , , 7, expected, , , , | state | machine-refused-turn
C, T, -, , air, single, , received, , , , | model | needed
";

#[test]
fn each_bad_row_says_what_binds() {
    let mut stock = after(
        &house(),
        &[A, "G, T, Antminer S21, , , , , removed, , , , "],
    );
    stock
        .register
        .tenants
        .insert("x".to_owned(), Some("X".to_owned()));
    for case in BAD.lines().filter(|case| !case.is_empty()) {
        let [text, column, why] = *case.split(" | ").collect::<Vec<_>>() else {
            panic!("{case}")
        };
        let made = planned(&stock, &[text]);
        assert_eq!(bad(&made), [(2, column, why.to_owned())], "{text}");
        assert!(!made.writes(), "{text}");
    }
    let twice = planned(
        &stock,
        &[
            "D, T, Antminer S21, , , , , received, , , , ",
            "d, T, Antminer S21, , , , , received, , , , ",
        ],
    );
    assert_eq!(bad(&twice), [(3, "serial", "repeated".to_owned())]);
}

#[test]
fn what_is_left_open_is_chosen_once() {
    let stock = house();
    let open = |serial: &str| format!("{serial}, t, antminer s21, , , , 7, racked, R1, , , ");
    let lines = [
        open("A"),
        open("B"),
        "C, T, Antminer S21, , , , 7, racked, R1, 1, L1, ".to_owned(),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let stock = after(&stock, &lines);
    // Who names its place has it, wherever its line stands.
    assert_eq!(place(&stock, "C"), "racked R1 1 L1");
    assert_eq!(place(&stock, "A"), "racked R1 2 L2");
    assert_eq!(place(&stock, "B"), "racked R1 3 L3");
    assert!(!planned(&stock, &lines).writes(), "the same file again");
    let row = &stock.rows(Noun::Machines)[0].cells;
    let filled =
        ["tenant", "model", "watts", "cooling", "supply"].map(|code| row[at(code)].plain());
    assert_eq!(filled, ["T", "Antminer S21", "3500", "air", "single"]);
}

#[test]
fn a_change_of_state_takes_the_slot_along_or_leaves_it() {
    let stock = after(&house(), &[A, B]);
    let state =
        |serial: &str, state: &str| format!("{serial}, -, -, -, -, -, -, {state}, -, -, -, -");
    let repair = after(&stock, &[&state("A", "repair"), &state("B", "received")]);
    assert_eq!(place(&repair, "A"), "repair R1 1 L1");
    assert_eq!(place(&repair, "B"), "received");
    let back = after(&repair, &[&state("A", "racked")]);
    assert_eq!(place(&back, "A"), "racked R1 1 L1");
    // A booking that has ended meanwhile forbids no note, but a move.
    let mut ended = back.clone();
    let booking = ended.register.bookings.get_mut(&7).unwrap();
    booking.closed = Some(Message::new("machine-refused-over"));
    let note = planned(&ended, &["A, -, -, -, -, -, -, -, -, -, -, dusty"]);
    let What::Changed { changes, .. } = &note.nouns[0].steps[0].what else {
        panic!("{note:?}")
    };
    let changed: Vec<&str> = changes
        .iter()
        .map(|change: &Change| change.column)
        .collect();
    assert_eq!(changed, ["note"]);
    let moved = planned(&ended, &["A, -, -, -, -, -, -, -, R2, -, -, -"]);
    assert_eq!(
        bad(&moved),
        [(2, "booking", "machine-refused-over".to_owned())]
    );
}

#[test]
fn skipped_machines_keep_their_slots() {
    let stock = after(&house(), &[A]);
    let lines = [
        "A, T, Antminer S21, , , , 7, racked, R1, 3, L1, ",
        "C, T, Antminer S21, , , , 7, racked, R1, 1, L2, ",
    ];
    let made = plan(&stock, &[sheet(&lines)], OnExisting::Skip);
    assert_eq!(
        bad(&made),
        [(3, "slot", "machine-refused-slot-taken".to_owned())]
    );
    let made = plan(&stock, &[sheet(&lines)], OnExisting::Fail);
    let both = [
        (2, "serial", "exists".to_owned()),
        (3, "slot", "machine-refused-slot-taken".to_owned()),
    ];
    assert_eq!(bad(&made), both);
}

/// Serial, state, rack, slot, leg, power, and whether the file names them.
type Random = (u8, u8, u8, u8, u8, u8);

fn text((serial, state, rack, slot, leg, watts): Random) -> String {
    let state = [
        "racked", "racked", "racked", "repair", "received", "removed", "expected",
    ][state as usize % 7];
    let stands = matches!(state, "racked" | "repair");
    let rack = ["R1", "R1", "R2", "-", ""][rack as usize % 5];
    let rack = if stands || rack == "-" { rack } else { "" };
    let slot = match slot % 9 {
        0 => "-".to_owned(),
        1 => String::new(),
        number => (number - 1).to_string(),
    };
    let leg = ["-", "", "L1", "L2", "L3"][leg as usize % 5];
    let (slot, leg) = if stands {
        (slot.as_str(), leg)
    } else {
        ("-", "-")
    };
    let watts = ["3500", "3500", "3500", "3600"][watts as usize % 4];
    format!("M{serial}, T, Antminer S21, {watts}, , , 7, {state}, {rack}, {slot}, {leg}, ")
}

fn random_file() -> impl Strategy<Value = Vec<String>> {
    let row = (0_u8..14, 0_u8..7, 0_u8..5, 0_u8..9, 0_u8..5, 0_u8..4);
    proptest::collection::vec(row.prop_map(text), 0..20)
}

/// No slot twice, no leg above its units, nobody above the booked power.
fn holds(stock: &Stock) {
    let mut slots = BTreeSet::new();
    let mut legs: HashMap<(String, String), i64> = HashMap::new();
    for row in stock.rows(Noun::Machines) {
        let plain = |code: &str| row.cells[at(code)].plain();
        let rack = plain("rack");
        assert_eq!(rack.is_empty(), plain("slot").is_empty(), "{row:?}");
        if rack.is_empty() {
            assert_ne!(plain("state"), "racked", "{row:?}");
            continue;
        }
        assert!(
            matches!(plain("state").as_str(), "racked" | "repair"),
            "{row:?}"
        );
        assert!(slots.insert((rack.clone(), plain("slot"))), "{row:?}");
        assert_eq!(plain("watts"), "3500", "{row:?}");
        *legs.entry((rack, plain("leg"))).or_default() += 1;
    }
    assert!(legs.values().all(|count| *count <= 2), "{legs:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    /// Whatever two files say: each line has one fate, what is written holds, and the good rows of the
    /// second change nothing when they come again.
    #[test]
    fn what_is_written_holds_and_comes_once(first in random_file(), second in random_file()) {
        let mut stock = house();
        for file in [&first, &second] {
            let lines: Vec<&str> = file.iter().map(String::as_str).collect();
            let made = planned(&stock, &lines);
            let fates: usize = made.nouns.iter().map(|part| part.steps.len() + part.bad.len()).sum();
            prop_assert_eq!(fates, lines.len());
            stock = written(&stock, &made);
            holds(&stock);
            let refused: BTreeSet<u64> = bad(&made).into_iter().map(|(line, ..)| line).collect();
            let good: Vec<&str> = (2_u64..).zip(&lines).filter(|(n, _)| !refused.contains(n)).map(|(_, l)| *l).collect();
            let again = planned(&stock, &good);
            prop_assert!(!again.writes() && !again.has_bad(), "{:?}\n{:?}", good, again);
        }
    }
}
