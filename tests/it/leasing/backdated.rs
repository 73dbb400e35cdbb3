//! Contracts that already run are entered by staff: the room must have been there all along.

use super::world::{FITS, World};
use crate::identity::world::{PASSWORD, said};
use crate::on_both;
use crate::support::server::Server;
use crate::support::{House, NOW};
use innkeeper::db::leasing::{leases as lease_rows, lists};
use innkeeper::domain::calendar::{Instant, Month};
use innkeeper::domain::identity::access::Actor;
use innkeeper::domain::ids::{LeaseId, PlanId, ReservationId};
use innkeeper::domain::leasing::place::Reason;
use innkeeper::error::{Error, Result};
use innkeeper::services::billing::runs;
use innkeeper::services::check::check;
use innkeeper::services::leasing::answer::Answer;
use innkeeper::services::leasing::assign::{Assigned, Wanted, assign};
use innkeeper::services::leasing::house::House as Site;
use innkeeper::services::leasing::leases::{give_notice, sign};
use innkeeper::services::leasing::options::options;
use innkeeper::services::leasing::reserve::{IfRefused, reserve};

fn enter(
    house: &House,
    world: &World,
    who: &Actor,
    now: Instant,
    units: u32,
    from: &str,
) -> Result<Answer> {
    let mut wish = world.wish(units);
    wish.window.from = from.parse().unwrap();
    reserve(&house.db, who, now, &wish, IfRefused::Forget)
}

fn entered(house: &House, world: &World, now: Instant, units: u32, from: &str) -> ReservationId {
    match enter(house, world, &world.staff, now, units, from).unwrap() {
        Answer::Accepted(id) => id,
        Answer::Refused(why) => panic!("{from}: {why:?}"),
    }
}

/// Where it is proposed to stand, confirmed and signed.
fn signed(house: &House, world: &World, plan: PlanId, now: Instant, id: ReservationId) -> LeaseId {
    let rows = lists::standing(&mut house.db.get().unwrap(), id).unwrap();
    let wanted: Vec<Wanted> = rows
        .into_iter()
        .map(|row| Wanted {
            rack: row.rack,
            leg: row.leg,
            units: row.units as u32,
        })
        .collect();
    let done = assign(&house.db, &world.staff, now, id, &wanted).unwrap();
    assert_eq!(done, Assigned::Done);
    let terms = world.terms(plan);
    sign(&house.db, &world.staff, now, id, &terms).unwrap()
}

on_both! {
    fn staff_enter_what_already_runs_and_tenants_do_not(house: &House) {
        let world = house.world();
        let plan = house.plan();
        let wrong = |who: &Actor, from: &str| said(enter(house, &world, who, NOW, 1, from).unwrap_err());
        assert_eq!(wrong(&world.owner, "2026-11-19"), ["from: leasing-error-past"]);
        assert_eq!(wrong(&world.staff, "2025-10-31"), ["from: leasing-error-long-past"]);
        assert_eq!(wrong(&world.staff, "2026-11-20"), ["from: leasing-error-not-begun"]);
        entered(house, &world, NOW, 1, "2025-11-01");
        let id = entered(house, &world, NOW, FITS - 1, "2026-09-10");
        let lease = signed(house, &world, plan, NOW, id);
        let row = lease_rows::get(&mut house.db.get().unwrap(), lease).unwrap();
        assert_eq!(row.start_date.to_string(), "2026-09-10");
        for (month, there) in [("2026-08", false), ("2026-09", true), ("2026-10", true), ("2026-11", true)] {
            let month = Month::parse(month).unwrap();
            let preview = house.db.read(|conn| runs::preview(conn, month, NOW)).unwrap();
            assert_eq!(preview.entries.iter().any(|it| it.lease.id == lease), there, "{month}");
        }
        let mut over = world.wish(1);
        (over.window.from, over.window.to) = ("2026-09-10".parse().unwrap(), Some("2026-11-20".parse().unwrap()));
        let ended = reserve(&house.db, &world.staff, NOW, &over, IfRefused::Forget);
        assert_eq!(said(ended.unwrap_err()), ["to: leasing-error-ended"]);
        assert_eq!(check(&house.db, NOW).unwrap(), vec![]);
    }

    fn what_stood_there_then_counts(house: &House) {
        let world = house.world();
        let plan = house.plan();
        let id = world.held(house, NOW, FITS);
        let lease = signed(house, &world, plan, NOW, id);
        give_notice(&house.db, &world.staff, NOW, lease, "2027-01-10".parse().unwrap()).unwrap();
        let later = NOW.plus_hours(24 * 70);
        let Answer::Refused(why) = enter(house, &world, &world.staff, later, 1, "2027-01-09").unwrap() else {
            panic!("the feed was sold out that day")
        };
        assert_eq!((why.reasons, why.available_units), (vec![Reason::Power], 0));
        let id = entered(house, &world, later, FITS, "2027-01-10");
        // It stood there: nobody is moved into its past.
        let conn = &mut *house.db.get().unwrap();
        let site = Site::load(conn, world.site, later).unwrap();
        let book = site.book(conn, later).unwrap();
        let at = book.reservations.iter().position(|row| row.id == id).unwrap();
        assert!(book.bookings[at].assigned);
        let free = |id| options(&house.db, &world.staff, later, id, None).unwrap().places;
        assert!(free(id).iter().any(|place| place.units > 0));
        signed(house, &world, plan, later, id);
        assert!(matches!(enter(house, &world, &world.staff, later, 1, "2027-01-28").unwrap(), Answer::Refused(_)));
        assert_eq!(check(&house.db, later).unwrap(), vec![]);
        let back = Error::field("from", "leasing-error-past");
        assert_eq!(said(enter(house, &world, &world.owner, later, 1, "2027-01-28").unwrap_err()), said(back));
    }

    fn the_form_says_so_to_whom_it_concerns(house: &House) {
        house.world();
        innkeeper::services::seed::ensure(&house.db).unwrap();
        let server = Server::start(&house.app(NOW));
        let asked = "/availability?site=1&model=custom&watts=3500&supply=single&cooling=air&units=1&term=12&show=yes&from=2026-09-10";
        let seen = |email: &str| server.signed_in(email, PASSWORD).get(asked).text().unwrap();
        let staff = seen("staff@example.ru");
        assert!(staff.contains("id=\"h-from\"") && !staff.contains("id=\"e-from\"") && staff.contains("heatmap"), "{staff}");
        let owner = seen("owner@example.ru");
        assert!(!owner.contains("id=\"h-from\"") && owner.contains("id=\"e-from\""), "{owner}");
    }

    fn a_contract_is_entered_once_on_its_page(house: &House) {
        let world = house.world();
        innkeeper::services::seed::ensure(&house.db).unwrap();
        let server = Server::start(&house.app(NOW));
        let (staff, owner) = (server.signed_in("staff@example.ru", PASSWORD), server.signed_in("owner@example.ru", PASSWORD));
        let (tenant, key) = (world.tenant.to_string(), "0123456789abcdef0123456789abcdef");
        let form = |from: &'static str| [
            ("form_key", key), ("tenant", tenant.as_str()), ("site", "1"), ("model", "custom"), ("watts", "3500"),
            ("supply", "single"), ("cooling", "air"), ("units", "2"), ("from", from), ("term", "24"),
        ];
        let places: Vec<String> = (0..2)
            .map(|_| staff.post("/contracts", &form("2026-09-10")).headers()["location"].to_str().unwrap().to_owned())
            .collect();
        assert!(places[0].starts_with("/reservations/") && places[0] == places[1], "{places:?}");
        assert_eq!(staff.post("/reservations", &form("2026-12-01")).status().as_u16(), 403);
        assert_eq!(staff.post("/contracts", &form("2026-12-01")[1..]).status().as_u16(), 422);
        assert_eq!(owner.post("/contracts", &form("2026-09-10")[1..]).status().as_u16(), 403);
        // What does not fit leaves no request for staff behind.
        let mut many = form("2026-09-10").to_vec();
        many.retain(|(name, _)| !["units", "form_key"].contains(name));
        many.push(("units", "500"));
        let refused = staff.post("/contracts", &many);
        assert_eq!(refused.status().as_u16(), 409);
        let conn = &mut *house.db.get().unwrap();
        let slice = lists::Slice { sort: "id", limit: 9, ..Default::default() };
        assert!(lists::requests(conn, &lists::Narrow::default(), &slice).unwrap().is_empty());
        let leases = staff.get("/leases").text().unwrap();
        assert!(leases.contains("/availability?from=2026-10-01"), "{leases}");
    }
}
