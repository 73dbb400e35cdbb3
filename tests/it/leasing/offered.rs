//! What is offered to tenants: halls for all, for some, for nobody. A hall that is not offered is
//! neither booked nor named, whatever asks for it; who stands there already stays.

use super::ready::same;
use super::world::World;
use crate::api::world::{Program, all_scopes, line, wish};
use crate::identity::world::PASSWORD;
use crate::on_both;
use crate::support::server::{Server, Visitor};
use crate::support::{House, NOW};
use innkeeper::db::leasing::lists;
use innkeeper::db::site::halls::{self, Hall, Row};
use innkeeper::db::site::racks::{self, Rack};
use innkeeper::db::{Chain, trail};
use innkeeper::domain::identity::access::{Actor, Role};
use innkeeper::domain::ids::*;
use innkeeper::domain::site::OfferedTo;
use innkeeper::error::Error;
use innkeeper::services::check::check;
use innkeeper::services::leasing::answer::{Answer, Refused};
use innkeeper::services::leasing::assign::{Assigned, Wanted, assign};
use innkeeper::services::leasing::availability::{Alternative, alternatives, heat};
use innkeeper::services::leasing::preview::{Preview, preview};
use innkeeper::services::leasing::reserve::{IfRefused, Wish, reserve};
use innkeeper::services::site::halls as service;
use serde_json::json;

const HIDDEN: &str = "Тайный зал";
/// Of ten slots: the other nine racks stand in the hall that is hidden.
const FIRST: u32 = 10;

/// The small site with a second hall, and a second tenant with its owner.
struct Halls {
    world: World,
    hidden: Hall,
    other: TenantId,
    others: Actor,
}

fn two_halls(house: &House) -> Halls {
    let world = house.world();
    let hidden = Hall {
        id: HallId(0),
        site_id: world.site,
        name: HIDDEN.to_owned(),
        width: None,
        depth: None,
        offered: OfferedTo::All,
    };
    let id = service::save(&house.db, &Actor::HOUSE, NOW, &hidden, &[]).unwrap();
    let row = Row {
        id: RowId(0),
        site_id: world.site,
        hall_id: id,
        name: "2".to_owned(),
    };
    let row = service::save_row(&house.db, &Actor::HOUSE, NOW, &row).unwrap();
    house
        .db
        .write(Chain::Site(world.site), |tx| {
            for rack in racks::of_site(tx.conn, world.site)?.into_iter().skip(1) {
                let moved = Rack {
                    hall_id: id,
                    row_id: row,
                    ..rack
                };
                racks::update(tx.conn, &moved)?;
            }
            Ok(())
        })
        .unwrap();
    let other = house.tenant("ООО «Южный хэш»");
    Halls {
        hidden: Hall { id, ..hidden },
        others: house.actor("other@example.ru", Role::Owner, Some(other)),
        other,
        world,
    }
}

impl Halls {
    fn offer(&self, house: &House, offered: OfferedTo, tenants: &[TenantId]) {
        let hall = Hall {
            offered,
            ..self.hidden.clone()
        };
        service::save(&house.db, &self.world.staff, NOW, &hall, tenants).unwrap();
    }

    fn book(&self, house: &House, who: &Actor, wish: &Wish) -> Result<ReservationId, Refused> {
        let answer = reserve(&house.db, who, NOW, wish, IfRefused::Forget).unwrap();
        // What this process keeps is what it would read.
        same(&house.db, &self.world, NOW);
        assert_eq!(check(&house.db, NOW).unwrap(), []);
        match answer {
            Answer::Accepted(id) => Ok(id),
            Answer::Refused(refused) => Err(refused),
        }
    }

    fn wish(&self, tenant: TenantId, units: u32) -> Wish {
        Wish {
            tenant,
            ..self.world.wish(units)
        }
    }
}

/// The halls in which a reservation stands, with its units.
fn stands(house: &House, id: ReservationId) -> Vec<(String, i64)> {
    let rows = lists::standing(&mut house.db.get().unwrap(), id).unwrap();
    let mut found: Vec<(String, i64)> = vec![];
    for row in rows {
        match found.iter_mut().find(|(hall, _)| *hall == row.hall) {
            Some((_, units)) => *units += row.units,
            None => found.push((row.hall, row.units)),
        }
    }
    found.sort();
    found
}

fn text(visitor: &Visitor, path: &str) -> String {
    let answer = visitor.get(path);
    assert_eq!(answer.status().as_u16(), 200, "{path}");
    answer.text().unwrap()
}

on_both! {
    fn a_tenant_books_only_what_is_offered_and_staff_book_everywhere(house: &House) {
        let halls = two_halls(house);
        let (world, own) = (&halls.world, halls.world.tenant);
        let admin = house.actor("admin@example.ru", Role::Administrator, None);
        halls.offer(house, OfferedTo::Nobody, &[]);
        let wish = halls.wish(own, 15);
        let refused = halls.book(house, &world.owner, &wish).unwrap_err();
        assert_eq!(refused.available_units, FIRST, "as many as stand in the hall that is offered");
        // Staff book for it in any hall; its own wish then has what is left.
        let id = halls.book(house, &admin, &wish).unwrap();
        assert_eq!(stands(house, id).iter().map(|(_, units)| units).sum::<i64>(), 15);
        assert!(stands(house, id).iter().any(|(hall, _)| hall == HIDDEN), "{:?}", stands(house, id));
        // Named for the tenant, the hall is its own; for the others it is still hidden.
        halls.offer(house, OfferedTo::Chosen, &[halls.other]);
        let near = halls.book(house, &world.owner, &halls.wish(own, 2)).unwrap();
        assert_eq!(stands(house, near), [("1".to_owned(), 2)]);
        let there = Wish { hall: Some(halls.hidden.id), ..halls.wish(halls.other, 3) };
        let theirs = halls.book(house, &halls.others, &there).unwrap();
        assert_eq!(stands(house, theirs), [(HIDDEN.to_owned(), 3)]);
        // Offered to nobody again: what stands there stays, and nothing more comes.
        halls.offer(house, OfferedTo::Nobody, &[]);
        assert_eq!(stands(house, theirs), [(HIDDEN.to_owned(), 3)]);
        let closed = reserve(&house.db, &halls.others, NOW, &there, IfRefused::Forget).unwrap_err();
        assert!(matches!(closed, Error::Invalid(fields) if fields[0].field == "hall"));
        assert_eq!(check(&house.db, NOW).unwrap(), []);
    }

    fn nobody_is_moved_into_a_hall_that_was_not_offered(house: &House) {
        let halls = two_halls(house);
        let (world, own) = (&halls.world, halls.world.tenant);
        halls.offer(house, OfferedTo::Chosen, &[halls.other]);
        let first = halls.book(house, &world.owner, &halls.wish(own, 5)).unwrap();
        assert_eq!(stands(house, first), [("1".to_owned(), 5)]);
        // The whole first hall would be free if these five might go elsewhere.
        let wanted = Wish { hall: Some(HallId(1)), ..halls.wish(halls.other, FIRST) };
        let refused = halls.book(house, &halls.others, &wanted).unwrap_err();
        assert_eq!(refused.available_units, 5);
        halls.offer(house, OfferedTo::All, &[]);
        let second = halls.book(house, &halls.others, &wanted).unwrap();
        assert_eq!(stands(house, first), [(HIDDEN.to_owned(), 5)], "now they make room");
        assert_eq!(stands(house, second), [("1".to_owned(), 10)]);
    }

    fn who_stands_in_a_hidden_hall_may_be_moved_within_it(house: &House) {
        let halls = two_halls(house);
        let own = halls.world.tenant;
        let admin = house.actor("admin@example.ru", Role::Administrator, None);
        halls.offer(house, OfferedTo::Nobody, &[]);
        let there = Wish { hall: Some(halls.hidden.id), ..halls.wish(own, 2) };
        let id = halls.book(house, &admin, &there).unwrap();
        assert_eq!(stands(house, id), [(HIDDEN.to_owned(), 2)]);
        // Staff also give an unassigned booking racks of any hall.
        let near = halls.book(house, &halls.world.owner, &halls.wish(own, 1)).unwrap();
        assert_eq!(stands(house, near), [("1".to_owned(), 1)]);
        let wanted = [Wanted { rack: "R05".to_owned(), leg: Some(innkeeper::domain::site::Leg::L2), units: 1 }];
        let done = assign(&house.db, &halls.world.staff, NOW, near, &wanted).unwrap();
        assert_eq!(done, Assigned::Done);
        assert_eq!(stands(house, near), [(HIDDEN.to_owned(), 1)]);
        same(&house.db, &halls.world, NOW);
        assert_eq!(check(&house.db, NOW).unwrap(), []);
    }

    fn what_is_shown_to_a_tenant_is_what_is_offered(house: &House) {
        let halls = two_halls(house);
        let (world, own) = (&halls.world, halls.world.tenant);
        halls.offer(house, OfferedTo::Chosen, &[halls.other]);
        let wish = halls.wish(own, 15);
        let seen = |who: &Actor| {
            let heat = heat(&house.db, who, NOW, &wish, 2).unwrap();
            (heat.halls.len(), heat.site[0].units)
        };
        assert_eq!(seen(&world.owner), (1, FIRST));
        assert_eq!((seen(&halls.others).0, seen(&world.staff).0), (2, 2));
        assert!(seen(&world.staff).1 > FIRST);
        let only = Wish { hall: Some(HallId(1)), ..wish.clone() };
        let elsewhere = |who: &Actor| {
            let all = alternatives(&house.db, who, NOW, &only).unwrap();
            all.iter().any(|other| matches!(other, Alternative::Elsewhere { .. }))
        };
        assert!(!elsewhere(&world.owner) && elsewhere(&halls.others));
        let preview = |who: &Actor| preview(&house.db, who, NOW, &wish).unwrap();
        assert!(matches!(preview(&world.owner), Preview::Refused(_)));
        assert!(matches!(preview(&world.staff), Preview::Fits(_)));
    }

    fn pages_and_forms_keep_a_hidden_hall_to_themselves(house: &House) {
        let halls = two_halls(house);
        innkeeper::services::seed::ensure(&house.db).unwrap();
        halls.offer(house, OfferedTo::Chosen, &[halls.other]);
        let server = Server::start(&house.app(NOW));
        let owner = server.signed_in("owner@example.ru", PASSWORD);
        let others = server.signed_in("other@example.ru", PASSWORD);
        let id = halls.hidden.id;
        let asked = format!(
            "site=1&hall={id}&model=custom&watts=3500&supply=single&cooling=air&units=15&from=2026-12-01&term=12&show=1"
        );
        let wide = asked.replace(&format!("&hall={id}"), "");
        for path in [
            "/availability".to_owned(), format!("/availability?{wide}"), format!("/availability?{asked}"),
            format!("/availability?{wide}&in={id}&at=2026-12-01"), "/availability/search".to_owned(),
            format!("/reservations/new?{asked}"), "/reservations".to_owned(),
        ] {
            let page = text(&owner, &path);
            assert!(!page.contains(HIDDEN) && !page.contains(">site-"), "{path}: {page}");
        }
        assert!(text(&others, &format!("/availability?{wide}")).contains(HIDDEN));
        assert!(text(&owner, &format!("/availability?{asked}")).contains("id=\"e-hall\""), "no such hall for it");
        let unknown = text(&owner, &format!("/availability?{}", asked.replace(&format!("hall={id}"), "hall=999")));
        assert!(unknown.contains("id=\"e-hall\""), "as any that does not exist");
        let hall = id.to_string();
        let form = [("site", "1"), ("hall", hall.as_str()), ("model", "custom"), ("watts", "3500"),
                    ("supply", "single"), ("cooling", "air"), ("units", "3"), ("from", "2026-12-01"), ("term", "12")];
        let answer = owner.post("/reservations", &form);
        assert_eq!(answer.status().as_u16(), 422);
        assert!(!answer.text().unwrap().contains(HIDDEN));
        // A rack of that hall is as unknown as one that does not exist.
        for (rack, status) in [("R05", 422), ("R99", 422), ("R01", 303)] {
            let form = [("site", "1"), ("parts", "1"), ("model-1", "custom"), ("watts-1", "3500"), ("supply-1", "single"),
                        ("cooling-1", "air"), ("units-1", "1"), ("racks-1", rack), ("from", "2026-12-01"), ("term", "12")];
            let answer = owner.post("/reservations/new", &form);
            assert_eq!(answer.status().as_u16(), status, "{rack}");
            assert!(!answer.text().unwrap().contains(HIDDEN));
        }
        // A refusal names what is offered alone.
        let form = form.map(|(name, value)| match name {
            "hall" => (name, ""),
            "units" => (name, "15"),
            _ => (name, value),
        });
        let refused = owner.post("/reservations", &form);
        assert_eq!(refused.status().as_u16(), 409);
        assert!(!refused.text().unwrap().contains(HIDDEN));
        // A site of which nothing is offered is no choice.
        let first = halls::get(&mut house.db.get().unwrap(), HallId(1)).unwrap();
        let closed = Hall { offered: OfferedTo::Nobody, ..first };
        service::save(&house.db, &halls.world.staff, NOW, &closed, &[]).unwrap();
        let form = text(&owner, "/availability");
        assert!(!form.contains("<option value=\"1\" selected>1</option>"), "{form}");
    }

    fn programs_see_what_is_offered_to_their_tenant(house: &House) {
        let halls = two_halls(house);
        let world = &halls.world;
        halls.offer(house, OfferedTo::Chosen, &[halls.other]);
        let tokens = [&world.owner, &halls.others, &world.staff].map(|who| house.personal(who, all_scopes()));
        let server = Server::start(&house.app(NOW));
        let [owner, others, staff] = tokens.map(|token| Program::new(&server, &token));
        let names = |program: &Program| -> Vec<String> {
            let all = program.get("/halls").ok();
            all["items"].as_array().unwrap().iter().map(|hall| hall["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(&owner), ["1"]);
        assert_eq!(names(&others), ["1", HIDDEN]);
        let all = staff.get("/halls").ok();
        assert_eq!((&all["items"][0]["offered"], &all["items"][0]["tenants"]), (&json!("all"), &json!([])));
        assert_eq!((&all["items"][1]["offered"], &all["items"][1]["tenants"]), (&json!("chosen"), &json!([halls.other])));
        let id = halls.hidden.id;
        let asked = "site=1&watts=3500&supply=single&cooling=air&units=15&from=2026-12-01&to=2027-12-01";
        let seen = |program: &Program| program.get(&format!("/availability?{asked}")).ok();
        assert_eq!(seen(&owner)["halls"].as_array().unwrap().len(), 1);
        assert_eq!(seen(&owner)["cells"][0]["units"], FIRST);
        assert_eq!(seen(&others)["halls"].as_array().unwrap().len(), 2);
        let one = owner.get(&format!("/availability?{asked}&hall={id}"));
        assert_eq!((one.status, one.fields()), (422, vec!["hall"]));
        let offer = owner.get(&format!("/availability/offer?{asked}")).ok();
        assert_eq!((&offer["places"], offer["refusal"].is_null()), (&json!([]), false));
        assert!(!offer.to_string().contains(HIDDEN));
        let hidden = owner.get(&format!("/availability/offer?{asked}&hall={id}")).ok();
        assert!(hidden["places"] == json!([]) && !hidden.to_string().contains(HIDDEN), "{hidden}");
        let mut body = wish(3);
        body["hall"] = json!(id);
        let refused = owner.post("/reservations", &body);
        assert_eq!((refused.status, refused.fields()), (422, vec!["hall"]));
        let mut named = line(1);
        named["racks"] = json!("R05");
        let mut body = wish(0);
        body["lines"] = json!([named]);
        let refused = owner.post("/reservations", &body);
        assert_eq!((refused.status, refused.fields()), (422, vec!["lines.0.racks"]));
        assert_eq!(others.post("/reservations", &body).status, 201);
        let refused = owner.post("/reservations", &wish(15));
        assert_eq!((refused.status, &refused.json["refusal"]["lines"][0]["available_units"]), (409, &json!(FIRST)));
        assert!(!refused.json.to_string().contains(HIDDEN));
    }

    fn staff_say_to_whom_a_hall_is_offered(house: &House) {
        let halls = two_halls(house);
        let server = Server::start(&house.app(NOW));
        let staff = server.signed_in("staff@example.ru", PASSWORD);
        let path = format!("/halls/{}", halls.hidden.id);
        let form = text(&staff, &format!("{path}/edit"));
        assert!(form.contains("Южный хэш") && form.contains("value=\"all\" checked"), "{form}");
        let nobody_named = [("name", HIDDEN), ("offered", "chosen")];
        let answer = staff.post(&path, &nobody_named);
        assert_eq!(answer.status().as_u16(), 422);
        let again = answer.text().unwrap();
        assert!(again.contains("id=\"e-offered\"") && again.contains("value=\"chosen\" checked"), "{again}");
        let field = format!("tenant-{}", halls.other);
        let named = [("name", HIDDEN), ("offered", "chosen"), (field.as_str(), "yes")];
        assert_eq!(staff.post(&path, &named).status().as_u16(), 303);
        assert!(text(&staff, &format!("{path}/edit")).contains(&format!("name=\"{field}\" value=\"yes\" checked")));
        assert!(text(&staff, "/sites/1/halls").contains("Южный хэш"));
        let conn = &mut *house.db.get().unwrap();
        let chosen = halls::offers_of(conn, &[halls.hidden.id]).unwrap();
        assert_eq!(chosen, [(halls.hidden.id, halls.other)]);
        let (row, _) = trail::of(conn, "hall", halls.hidden.id.0, 1).unwrap().remove(0);
        assert!(row.before_state.contains("\"offered\":\"all\"") && row.after_state.contains("\"offered\":\"chosen\""), "{row:?}");
        assert!(row.after_state.contains(&format!("\"tenants\":[{}]", halls.other)), "{row:?}");
        let owner = server.signed_in("owner@example.ru", PASSWORD);
        assert_eq!(owner.get(&format!("{path}/edit")).status().as_u16(), 403);
    }
}
