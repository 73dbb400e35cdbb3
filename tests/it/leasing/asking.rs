//! What whoever asks for capacity, assigns racks or lets them be metered meets on the pages.

use crate::identity::world::PASSWORD;
use crate::on_both;
use crate::support::NOW;
use crate::support::server::{Server, Visitor};
use innkeeper::db::leasing::reservations;
use innkeeper::domain::identity::access::Role;
use innkeeper::domain::ids::LeaseId;
use innkeeper::services::leasing::assign::{Wanted, assign};
use innkeeper::services::leasing::leases::sign;

const OWNER: &str = "owner@example.ru";
const STAFF: &str = "staff@example.ru";
const ASKED: &str = "site=1&model=custom&watts=3500&supply=single&cooling=air&units=1&term=12";

fn page(visitor: &Visitor, path: &str) -> String {
    let answer = visitor.get(path);
    assert_eq!(answer.status().as_u16(), 200, "{path}");
    answer.text().unwrap()
}

on_both! {
    fn enter_in_the_rack_search_searches(house: &House) {
        let world = house.world();
        let id = world.held(house, NOW, 3);
        let server = Server::start(&house.app(NOW));
        let staff = server.signed_in(STAFF, PASSWORD);
        let path = format!("/reservations/{id}/assignment");
        let text = page(&staff, &path);
        let form = text.split(&format!("action=\"{path}\"")).nth(1).expect("the form");
        // What Enter in a field presses is the first button of its form.
        let first = form.split("<button").nth(1).expect("a button").split('>').next().unwrap();
        assert!(first.contains("name=\"search\""), "{first}");
        let found = staff.post(&path, &[("q", "r07"), ("search", "yes"), ("units-1-L1", "2")]);
        assert_eq!(found.status().as_u16(), 200);
        let found = found.text().unwrap();
        assert!(found.contains(">R07<") && found.contains("value=\"2\""), "{found}");
        let row = reservations::get(&mut house.db.get().unwrap(), id).unwrap();
        assert_eq!(row.assigned_at, None);
    }

    fn a_start_in_the_past_is_refused_where_it_is_asked(house: &House) {
        house.world();
        innkeeper::services::seed::ensure(&house.db).unwrap();
        let server = Server::start(&house.app(NOW));
        let owner = server.signed_in(OWNER, PASSWORD);
        for asked in [format!("/availability?{ASKED}"), "/availability/search?units=1&term=12".to_owned()] {
            let past = page(&owner, &format!("{asked}&from=1970-01-01"));
            assert!(past.contains("id=\"e-from\"") && past.contains("value=\"1970-01-01\""), "{past}");
            assert!(!past.contains("class=\"heatmap\"") && !past.contains("class=\"table\""), "{past}");
            assert!(!past.contains("Not saved"), "nothing is saved by asking");
            let ahead = page(&owner, &format!("{asked}&from=2026-12-01"));
            assert!(!ahead.contains("id=\"e-from\""), "{ahead}");
        }
    }

    fn who_may_not_reserve_is_not_told_to(house: &House) {
        let world = house.world();
        innkeeper::services::seed::ensure(&house.db).unwrap();
        house.user("finance@example.ru", Role::Finance, None);
        let id = world.held(house, NOW, 3);
        let server = Server::start(&house.app(NOW));
        let (owner, staff) = (server.signed_in(OWNER, PASSWORD), server.signed_in(STAFF, PASSWORD));
        let search = "/availability/search?units=1&term=12&from=2026-12-01";
        assert!(page(&owner, search).contains(">Look and reserve<"));
        let finance = page(&server.signed_in("finance@example.ru", PASSWORD), search);
        assert!(finance.contains(">Look<") && !finance.contains("reserve<"), "{finance}");
        // How well it is placed is the house's own matter.
        let path = format!("/reservations/{id}");
        let said = |visitor: &Visitor| page(visitor, &path).contains("left for others");
        assert_eq!((said(&staff), said(&owner)), (true, false));
        let confirm = page(&owner, &format!("{path}/cancellation"));
        assert!(confirm.contains(">Go back<") && !confirm.contains(">Cancel<"), "{confirm}");
    }

    fn a_lease_leads_to_the_meter_that_it_lacks(house: &House) {
        let world = house.world();
        let plan = house.plan();
        let id = world.held(house, NOW, 3);
        let racks = [Wanted { rack: "R04".to_owned(), leg: Some(innkeeper::domain::site::Leg::L1), units: 3 }];
        assign(&house.db, &world.staff, NOW, id, &racks).unwrap();
        let lease: LeaseId = sign(&house.db, &world.staff, NOW, id, &world.terms(plan)).unwrap();
        let server = Server::start(&house.app(NOW));
        let staff = server.signed_in(STAFF, PASSWORD);
        let path = format!("/leases/{lease}");
        let form = format!("/meters/new?site=1&#38;rack=4&#38;lease={lease}");
        let text = page(&staff, &path);
        assert!(text.contains(&format!("href=\"{form}\"")), "{text}");
        assert!(!page(&server.signed_in(OWNER, PASSWORD), &path).contains("/meters/new"));
        let form = page(&staff, &form.replace("&#38;", "&"));
        assert!(form.contains("value=\"R04\"") && form.contains("value=\"2026-12-01\""), "{form}");
        let number = form.split("<datalist").nth(1).expect("leases to choose from");
        let number = number.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert!(form.contains(&format!("name=\"lease\" type=\"text\" value=\"{number}\"")), "{form}");
        let new = [("code", "M-1"), ("site", "1"), ("rack", "R04"), ("lease", &number), ("from", "2026-12-01")];
        assert_eq!(staff.post("/meters", &new).status().as_u16(), 303);
        assert!(!page(&staff, &path).contains("/meters/new"));
        let coded = page(&staff, "/meters/new?code=M%2F%C2%AB7%C2%BB");
        assert!(coded.contains("value=\"M/«7»\""), "{coded}");
    }
}
