//! Lists page by key without losing or repeating a row, and add up what is filtered.

use super::world::WATTS;
use crate::on_both;
use crate::support::NOW;
use innkeeper::db::leasing::lists::{self, Narrow, Slice};
use innkeeper::domain::fold::fold;
use innkeeper::domain::leasing::state::ReservationStatus;
use innkeeper::domain::units::Watts;
use innkeeper::services::leasing::reserve::cancel;

const SORTS: [&str; 4] = ["id", "tenant", "from", "units"];

on_both! {
    fn every_order_walks_over_every_row_once(house: &House) {
        let world = house.world();
        for units in [1, 2, 1, 3, 2, 1, 2] {
            world.held(house, NOW, units);
        }
        let conn = &mut *house.db.get().unwrap();
        for sort in SORTS {
            for descending in [false, true] {
                let mut slice = Slice { sort, descending, limit: 2, ..Slice::default() };
                let mut seen = vec![];
                loop {
                    let rows = lists::reservations(conn, &Narrow::default(), &slice, NOW).unwrap();
                    let Some((row, tenant, _)) = rows.last() else { break };
                    let key = match sort {
                        "tenant" => fold(tenant),
                        "from" => row.from_date.to_string(),
                        "units" => row.units.to_string(),
                        _ => row.id.to_string(),
                    };
                    slice.after = Some((key, row.id.0));
                    seen.extend(rows.iter().map(|(row, ..)| row.id.0));
                }
                seen.sort_unstable();
                assert_eq!(seen, (1..=7).collect::<Vec<_>>(), "{sort} {descending}");
            }
        }
    }

    fn filters_and_totals_agree(house: &House) {
        let world = house.world();
        let first = world.held(house, NOW, 4);
        world.held(house, NOW, 3);
        cancel(&house.db, &world.owner, NOW, first).unwrap();
        let conn = &mut *house.db.get().unwrap();
        let slice = Slice { sort: "id", limit: 50, ..Slice::default() };
        let of = |status| Narrow { status, ..Narrow::default() };
        for (status, rows, units) in [
            (None, 2, 7),
            (Some(ReservationStatus::Held), 1, 3),
            (Some(ReservationStatus::Cancelled), 1, 4),
            (Some(ReservationStatus::Leased), 0, 0),
        ] {
            let narrow = of(status);
            let totals = lists::reservation_totals(conn, &narrow, &slice, NOW).unwrap();
            assert_eq!((totals.rows, totals.units, totals.watts), (rows, units, Watts(units * WATTS)));
            let found = lists::reservations(conn, &narrow, &slice, NOW).unwrap();
            assert_eq!(found.len() as i64, rows);
        }
        let held_later = NOW.plus_hours(24 * 366);
        let totals = lists::reservation_totals(conn, &of(Some(ReservationStatus::Expired)), &slice, held_later).unwrap();
        assert_eq!(totals.rows, 1);
        for (q, rows) in [("СЕВЕРНЫЙ", 2), ("s21", 2), ("2", 2), ("100%", 0), ("волков", 0)] {
            let slice = Slice { q: q.to_owned(), ..slice.clone() };
            let found = lists::reservations(conn, &Narrow::default(), &slice, NOW).unwrap();
            assert_eq!(found.len(), rows, "{q}");
        }
    }
}
