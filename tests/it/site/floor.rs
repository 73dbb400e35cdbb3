//! The floor and the elevation: what a date shows, where racks stand, and the pages over HTTP.

use super::machines::{batch, leased};
use crate::identity::world::PASSWORD;
use crate::leasing::world::WATTS;
use crate::on_both;
use crate::support::server::{Server, Visitor};
use crate::support::{House, NOW};
use innkeeper::db::site::racks;
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::ids::*;
use innkeeper::domain::units::Watts;
use innkeeper::error::Error;
use innkeeper::services::site::elevation::{Elevation, Holds};
use innkeeper::services::site::floor::Floor;
use innkeeper::services::site::floor_plan::{self, FloorPlan, Placed};
use innkeeper::services::site::machine_batch;

const LATER: Instant = Instant(NOW.0 + 12 * 24 * 3_600);

fn floor(house: &House, on: Option<&str>) -> Floor {
    let on = on.map(|day| day.parse().unwrap());
    Floor::load(
        &house.db,
        &mut house.db.get().unwrap(),
        HallId(1),
        on,
        LATER,
    )
    .unwrap()
}

fn placed(rack: i64, cell: (i64, i64), turn: i64) -> Placed {
    Placed {
        rack: RackId(rack),
        cell: Some(cell),
        turn: Some(turn),
    }
}

fn plan(racks: Vec<Placed>) -> FloorPlan {
    FloorPlan {
        width: Some(20),
        depth: Some(10),
        racks,
    }
}

on_both! {
    fn a_date_shows_what_is_sold_then(house: &House) {
        let world = house.world();
        leased(house, &world, 9);
        let (now, after) = (floor(house, None), floor(house, Some("2027-12-01")));
        assert_eq!(now.sold(), Watts(9 * WATTS));
        assert_eq!(after.sold(), Watts::ZERO);
        assert_eq!((now.racks.len(), after.empty()), (10, 10));
        let zone = now.racks[0].look.cooling;
        assert_eq!((zone.0, zone.1), (Watts(1_000_000), Watts(9 * WATTS)));
        let rack = now.racks.iter().find(|r| !r.booked.is_empty()).unwrap();
        assert_eq!(rack.look.end, Some(Some("2027-12-01".parse().unwrap())));
        assert_eq!(rack.look.tenants, [world.tenant]);
        assert_eq!(rack.look.drawn, None, "nothing was measured");
    }

    fn the_elevation_shows_machines_units_and_free_slots(house: &House) {
        let world = house.world();
        let booking = leased(house, &world, 9);
        machine_batch::write(&house.db, &world.staff, LATER, &batch(booking, 4)).unwrap();
        let conn = &mut *house.db.get().unwrap();
        let (mut machines, mut booked, mut free) = (0, 0, 0);
        let now = floor(house, None);
        for rack in &now.racks {
            let elevation = Elevation::load(conn, rack, now.today).unwrap();
            assert_eq!(elevation.slots.len(), 10);
            assert!(elevation.slots.is_sorted_by_key(|slot| -slot.number), "from the top down");
            let sold: Watts = elevation.legs.iter().map(|leg| leg.sold).sum();
            assert_eq!(sold, rack.look.sold);
            for slot in elevation.slots {
                match slot.holds {
                    Holds::Machine { .. } => machines += 1,
                    Holds::Booked { .. } => booked += 1,
                    Holds::Free => free += 1,
                }
            }
        }
        assert_eq!((machines, booked, free), (4, 5, 91));
        let then = floor(house, Some("2027-12-01"));
        for rack in &then.racks {
            assert_eq!(Elevation::load(conn, rack, then.today).unwrap().machines, 0);
        }
    }

    fn no_two_racks_are_put_into_one_cell(house: &House) {
        let world = house.world();
        let save = |plan: &FloorPlan| floor_plan::save(&house.db, &world.staff, NOW, HallId(1), plan);
        assert_eq!(save(&plan(vec![placed(1, (3, 2), 0), placed(2, (4, 2), 0)])).unwrap(), 2);
        let refused = save(&plan(vec![placed(3, (4, 2), 0), placed(4, (20, 0), 0)]));
        let Err(Error::Invalid(fields)) = refused else { panic!("{refused:?}") };
        let seen: Vec<_> = fields.iter().map(|f| (f.field.as_str(), f.message.key.as_str())).collect();
        assert_eq!(seen, [("x-3", "floor-error-taken"), ("x-4", "floor-error-outside")]);
        let rack = racks::get(&mut house.db.get().unwrap(), RackId(1)).unwrap();
        assert_eq!((rack.x, rack.y, rack.turn), (Some(3), Some(2), Some(0)));
        // The same again changes nothing, and two racks may change places.
        assert_eq!(save(&plan(vec![placed(1, (3, 2), 0)])).unwrap(), 0);
        assert_eq!(save(&plan(vec![placed(1, (4, 2), 0), placed(2, (3, 2), 0)])).unwrap(), 2);
        let by_owner = floor_plan::save(&house.db, &world.owner, NOW, HallId(1), &plan(vec![]));
        assert!(matches!(by_owner, Err(Error::Forbidden)));
    }

    fn the_floor_opens_in_every_colour_and_both_languages(house: &House) {
        let world = house.world();
        let booking = leased(house, &world, 9);
        machine_batch::write(&house.db, &world.staff, LATER, &batch(booking, 4)).unwrap();
        let server = Server::start(&house.app(LATER));
        let staff = server.signed_in("staff@example.ru", PASSWORD);
        for locale in ["ru", "en"] {
            staff.post("/preferences", &[("locale", locale), ("back", "/")]);
            for by in ["sold", "drawn", "slots", "legs", "cooling", "tenant", "end", "nonsense"] {
                let text = page(&staff, &format!("/halls/1/floor?by={by}&rack=1&date=2026-12-20"));
                assert_eq!(text.matches("class=\"rack-link\"").count(), 10, "{by}");
                assert!(!text.contains(">floor-") && !text.contains(" style="), "{by}: {text}");
                assert_eq!(text.matches("class=\"slot slot-").count(), 10, "{by}");
            }
            for path in ["/racks/1/elevation", "/racks/1/elevation?date=2027-12-02", "/racks/1", "/halls/1/floor/edit",
                         "/halls/1/floor?date=x&rack=99", "/sites/1/halls"] {
                let text = page(&staff, path);
                assert!(!text.contains(">floor-") && !text.contains(" style="), "{path}: {text}");
            }
        }
        assert_eq!(staff.get("/floor").headers()["location"], "/halls/1/floor");
        assert!(page(&staff, "/halls/1/floor?date=2026-12-20").contains("32 of"), "what is sold");
        for path in ["/racks/1/labels.pdf", "/halls/1/labels.pdf", "/halls/1/labels.pdf?row=1"] {
            let answer = staff.get(path);
            assert_eq!(answer.status().as_u16(), 200, "{path}");
            assert!(answer.bytes().unwrap().starts_with(b"%PDF-"), "{path}");
        }
        let owner = server.signed_in("owner@example.ru", PASSWORD);
        for path in ["/floor", "/halls/1/floor", "/racks/1/elevation", "/racks/1/labels.pdf"] {
            assert_eq!(owner.get(path).status().as_u16(), 403, "{path}");
        }
    }

    fn a_plan_is_laid_out_tried_and_saved(house: &House) {
        house.world();
        let server = Server::start(&house.app(NOW));
        let staff = server.signed_in("staff@example.ru", PASSWORD);
        let auto = staff.post("/halls/1/floor", &[("lay", "auto"), ("lay_step", "right")]);
        assert_eq!(auto.status().as_u16(), 200);
        let text = auto.text().unwrap();
        assert!(text.contains("name=\"x-10\" id=\"f-x-10\" value=\"10\""), "{text}");
        let row = [("lay", "row"), ("lay_row", "1"), ("lay_x", "2"), ("lay_y", "0"), ("lay_step", "down"), ("lay_turn", "90")];
        let text = staff.post("/halls/1/floor", &row).text().unwrap();
        assert!(text.contains("name=\"y-10\" id=\"f-y-10\" value=\"9\""), "{text}");
        assert!(page(&staff, "/halls/1/floor/edit").contains("name=\"y-10\" id=\"f-y-10\" value=\"\""), "nothing was written");
        let clash = [("x-1", "2"), ("y-1", "2"), ("turn-1", "0"), ("x-2", "2"), ("y-2", "2"), ("turn-2", "0"),
                     ("x-3", "1"), ("y-3", ""), ("lay", "")];
        let refused = staff.post("/halls/1/floor", &clash);
        assert_eq!(refused.status().as_u16(), 422);
        assert!(refused.text().unwrap().contains("id=\"e-x-3\""), "half a cell");
        let refused = staff.post("/halls/1/floor", &clash[..6]);
        assert_eq!(refused.status().as_u16(), 422);
        assert!(refused.text().unwrap().contains("id=\"e-x-2\""), "a cell twice");
        let fine = staff.post("/halls/1/floor", &[("x-1", "2"), ("y-1", "2"), ("turn-1", "180")]);
        assert_eq!(fine.status().as_u16(), 303);
        assert!(page(&staff, "/halls/1/floor/edit").contains("name=\"x-1\" id=\"f-x-1\" value=\"2\""));
    }
}

fn page(visitor: &Visitor, path: &str) -> String {
    let answer = visitor.get(path);
    let status = answer.status().as_u16();
    let text = answer.text().unwrap();
    assert_eq!(status, 200, "{path}: {text}");
    text
}
