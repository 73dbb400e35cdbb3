use super::*;
use crate::domain::ids::TenantId;
use crate::domain::units::Watts;
use chrono::NaiveDate;
use proptest::prelude::*;

fn free(id: i64) -> Standing {
    Standing {
        rack: RackId(id),
        cell: None,
        turn: None,
    }
}

fn at(id: i64, x: i64, y: i64, turn: i64) -> Standing {
    Standing {
        rack: RackId(id),
        cell: Some((x, y)),
        turn: Some(turn),
    }
}

#[test]
fn rows_nobody_placed_stand_one_below_the_other() {
    let rows = [vec![free(1), free(2)], vec![free(3)]];
    let layout = layout(&rows, (None, None));
    let cells: Vec<_> = layout.spots.iter().map(|s| (s.rack.0, s.x, s.y)).collect();
    assert_eq!(cells, [(1, 1, 1), (2, 2, 1), (3, 1, 3)]);
    assert_eq!((layout.width, layout.depth), (4, 5));
    let labels: Vec<_> = layout.labels.iter().map(|l| (l.row, l.x, l.y)).collect();
    assert_eq!(labels, [(0, 0, 1), (1, 0, 3)]);
    assert!(layout.aisles.is_empty(), "nobody said which way they face");
}

#[test]
fn placed_racks_stay_and_the_others_stand_below_them() {
    let rows = [vec![at(1, 5, 4, 0), free(2)], vec![at(3, 5, 4, 0)]];
    let layout = layout(&rows, (Some(30), None));
    let cells: Vec<_> = layout.spots.iter().map(|s| (s.rack.0, s.x, s.y)).collect();
    assert_eq!(cells, [(1, 5, 4), (2, 1, 6), (3, 1, 8)]);
    assert_eq!(layout.width, 30);
}

#[test]
fn fronts_face_a_cold_aisle_and_backs_a_hot_one() {
    let rows = [
        vec![at(1, 1, 1, 0), at(2, 2, 1, 0)],
        vec![at(3, 1, 3, 180), at(4, 2, 3, 180)],
        vec![at(5, 1, 5, 0)],
    ];
    let aisles = layout(&rows, (None, None)).aisles;
    let seen: Vec<_> = aisles.iter().map(|a| (a.cold, a.x, a.y, a.width)).collect();
    assert_eq!(seen, [(true, 1, 2, 2), (false, 1, 4, 1)]);
}

#[test]
fn faults_name_the_rack_in_the_way() {
    let cells = [
        (RackId(1), (0, 0)),
        (RackId(2), (0, 0)),
        (RackId(3), (4, 0)),
        (RackId(4), (-1, 2)),
    ];
    let found = faults(&cells, 4, 4);
    assert_eq!(
        found,
        [
            (RackId(2), Fault::Taken(RackId(1))),
            (RackId(3), Fault::Outside),
            (RackId(4), Fault::Outside)
        ]
    );
    assert_eq!(line(3, 2, 5, Step::Down), [(2, 5), (2, 6), (2, 7)]);
    assert_eq!(line(2, 2, 5, Step::Right), [(2, 5), (3, 5)]);
}

fn look() -> Look {
    Look {
        on: day("2026-11-20"),
        slots: 12,
        booked: 0,
        limit: Watts(42_000),
        sold: Watts(0),
        legs: Some([Watts(0); 3]),
        drawn: None,
        cooling: (Watts(100_000), Watts(0)),
        tenants: vec![],
        end: None,
    }
}

/// The code of a rack's band.
fn code(colour: Colour, look: &Look) -> &'static str {
    let (_, bands) = BANDS.iter().find(|(c, _)| *c == colour).unwrap();
    bands[band(colour, look)]
}

fn of(change: &dyn Fn(&mut Look)) -> Look {
    let mut other = look();
    change(&mut other);
    other
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn each_choice_bands_from_little_to_much() {
    for (watts, expected) in [
        (0, "empty"),
        (1, "low"),
        (21_000, "low"),
        (21_840, "mid"),
        (39_900, "high"),
        (42_000, "full"),
        (50_000, "full"),
    ] {
        assert_eq!(
            code(Colour::Sold, &of(&|l| l.sold = Watts(watts))),
            expected,
            "{watts}"
        );
    }
    assert_eq!(code(Colour::Drawn, &look()), "unknown");
    assert_eq!(
        code(Colour::Drawn, &of(&|l| l.drawn = Some(Watts(0)))),
        "low"
    );
    for (booked, expected) in [
        (0, "all"),
        (6, "many"),
        (9, "some"),
        (11, "few"),
        (12, "none"),
        (13, "none"),
    ] {
        assert_eq!(
            code(Colour::Slots, &of(&|l| l.booked = booked)),
            expected,
            "{booked}"
        );
    }
}

#[test]
fn legs_zones_tenants_and_ends_band_as_well() {
    let legs = |a, b, c| {
        of(&|l| (l.sold, l.legs) = (Watts(a + b + c), Some([Watts(a), Watts(b), Watts(c)])))
    };
    assert_eq!(code(Colour::Legs, &legs(0, 0, 0)), "free");
    assert_eq!(code(Colour::Legs, &legs(14_000, 14_000, 13_500)), "even");
    assert_eq!(code(Colour::Legs, &legs(14_000, 10_500, 10_500)), "uneven");
    assert_eq!(code(Colour::Legs, &legs(14_000, 0, 0)), "strong");
    for (sold, expected) in [
        (0, "plenty"),
        (60_000, "fair"),
        (99_000, "scarce"),
        (100_000, "none"),
        (120_000, "none"),
    ] {
        assert_eq!(
            code(Colour::Cooling, &of(&|l| l.cooling.1 = Watts(sold))),
            expected,
            "{sold}"
        );
    }
    assert_eq!(
        code(
            Colour::Tenant,
            &of(&|l| l.tenants = vec![TenantId(1), TenantId(2)])
        ),
        "several"
    );
    for (end, expected) in [
        ("2026-12-20", "month"),
        ("2027-02-20", "quarter"),
        ("2027-11-20", "year"),
        ("2027-11-21", "later"),
    ] {
        assert_eq!(
            code(Colour::End, &of(&|l| l.end = Some(Some(day(end))))),
            expected,
            "{end}"
        );
    }
    assert_eq!(code(Colour::End, &of(&|l| l.end = Some(None))), "open");
}

proptest! {
    #[test]
    fn no_two_racks_share_a_cell_and_all_are_inside(
        rows in prop::collection::vec(prop::collection::vec(prop::option::of((0_i64..12, 0_i64..12)), 0..40), 0..12)
    ) {
        let mut next = 0;
        let rows: Vec<Vec<Standing>> = rows
            .into_iter()
            .map(|cells| cells.into_iter().map(|cell| { next += 1; Standing { cell, ..free(next) } }).collect())
            .collect();
        let layout = layout(&rows, (None, None));
        let cells: BTreeSet<(i64, i64)> = layout.spots.iter().map(|s| (s.x, s.y)).collect();
        prop_assert_eq!(cells.len() as i64, next);
        prop_assert!(layout.spots.iter().all(|s| s.x < layout.width && s.y < layout.depth));
        prop_assert!(layout.labels.iter().all(|l| !cells.contains(&(l.x, l.y))));
    }
}
