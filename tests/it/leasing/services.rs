//! From a wish to a lease and its end, as the services do it.

use super::world::{FITS, World};
use crate::identity::world::said;
use crate::on_both;
use crate::support::{House, NOW};
use innkeeper::db::leasing::{leases as lease_rows, lists, requests as request_rows, reservations};
use innkeeper::db::trail;
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::identity::access::Role;
use innkeeper::domain::ids::ReservationId;
use innkeeper::domain::leasing::place::Reason;
use innkeeper::domain::site::Leg;
use innkeeper::domain::units::Watts;
use innkeeper::services::check::check;
use innkeeper::services::leasing::assign::{Assigned, Wanted, assign};
use innkeeper::services::leasing::leases::{give_notice, sign};
use innkeeper::services::leasing::options::options;
use innkeeper::services::leasing::preview::{Preview, preview};
use innkeeper::services::leasing::requests;
use innkeeper::services::leasing::reserve::{IfRefused, cancel, reserve};

/// Where a reservation stands now, as staff would write it down.
fn standing(house: &House, id: ReservationId) -> Vec<Wanted> {
    let conn = &mut *house.db.get().unwrap();
    let rows = lists::standing(conn, id).unwrap();
    rows.into_iter()
        .map(|row| Wanted {
            rack: row.rack,
            leg: row.leg,
            units: row.units as u32,
        })
        .collect()
}

fn on(rack: &str, leg: Leg, units: u32) -> Wanted {
    Wanted {
        rack: rack.to_owned(),
        leg: Some(leg),
        units,
    }
}

fn clean(house: &House, now: Instant) {
    assert_eq!(check(&house.db, now).unwrap(), vec![]);
}

fn leased(house: &House, world: &World) -> innkeeper::domain::ids::LeaseId {
    let plan = house.plan();
    let id = world.held(house, NOW, 6);
    let proposed = standing(house, id);
    assert_eq!(
        assign(&house.db, &world.staff, NOW, id, &proposed).unwrap(),
        Assigned::Done
    );
    sign(&house.db, &world.staff, NOW, id, &world.terms(plan)).unwrap()
}

on_both! {
    fn what_fits_is_held_and_what_does_not_is_kept_as_a_request(house: &House) {
        let world = house.world();
        world.held(house, NOW, FITS);
        let refused = world.refused(house, NOW, 1);
        assert_eq!((refused.reasons.clone(), refused.available_units), (vec![Reason::Power], 0));
        let conn = &mut *house.db.get().unwrap();
        let request = request_rows::get(conn, refused.request.unwrap()).unwrap();
        assert_eq!((request.units, request.reasons.as_str(), request.state.as_str()), (1, "power", "open"));
        clean(house, NOW);
    }

    fn a_hold_ends_by_the_clock_alone(house: &House) {
        let world = house.world();
        let id = world.held(house, NOW, FITS);
        let ends = reservations::get(&mut house.db.get().unwrap(), id).unwrap().hold_until;
        world.refused(house, ends.plus_seconds(-1), 1);
        world.held(house, ends, FITS);
        let late = assign(&house.db, &world.staff, ends, id, &standing(house, id));
        assert_eq!(said(late.unwrap_err()), ["leasing-error-expired"]);
        clean(house, ends);
    }

    fn a_cancelled_reservation_frees_its_places_once(house: &House) {
        let world = house.world();
        let id = world.held(house, NOW, FITS);
        for _ in 0..2 {
            cancel(&house.db, &world.owner, NOW, id).unwrap();
        }
        world.held(house, NOW, FITS);
        let conn = &mut *house.db.get().unwrap();
        let done: Vec<String> = trail::of(conn, "reservation", id.0, 9).unwrap().into_iter().map(|(row, _)| row.action).collect();
        assert_eq!(done, ["cancel", "reserve"]);
        clean(house, NOW);
    }

    fn staff_assign_as_proposed_or_elsewhere_but_never_what_does_not_hold(house: &House) {
        let world = house.world();
        let id = world.held(house, NOW, 6);
        let seven = [on("R01", Leg::L1, 6)];
        assert_eq!(assign(&house.db, &world.staff, NOW, id, &seven).unwrap(), Assigned::Done);
        let spread = [on("R02", Leg::L1, 2), on("R03", Leg::L2, 2), on("R04", Leg::L3, 2)];
        assert_eq!(assign(&house.db, &world.staff, NOW, id, &spread).unwrap(), Assigned::Done);
        let other = world.held(house, NOW, 6);
        let Assigned::Refused(refused) = assign(&house.db, &world.staff, NOW, other, &[on("R05", Leg::L1, 6)]).unwrap() else {
            panic!("eight machines on a leg for seven")
        };
        assert_eq!(refused.reasons, [Reason::Power]);
        let few = assign(&house.db, &world.staff, NOW, other, &[on("R05", Leg::L1, 1)]);
        assert!(!matches!(few, Ok(Assigned::Done)));
        let unknown = assign(&house.db, &world.staff, NOW, other, &[on("R99", Leg::L1, 6)]);
        assert_eq!(said(unknown.unwrap_err()), ["racks: leasing-error-rack"]);
        clean(house, NOW);
    }

    fn the_room_that_staff_see_is_what_the_rest_leaves(house: &House) {
        let world = house.world();
        let first = world.held(house, NOW, 6);
        assign(&house.db, &world.staff, NOW, first, &[on("R01", Leg::L1, 6)]).unwrap();
        let id = world.held(house, NOW, 3);
        let all = options(&house.db, &world.staff, NOW, id, None).unwrap().places;
        let at = |rack: &str, leg: Leg| all.iter().find(|p| p.rack == rack && p.leg == Some(leg)).unwrap();
        // A leg of the feed carries 26 666 W, of which the first reservation takes 21 000 W.
        assert_eq!((at("R01", Leg::L1).free_slots, at("R01", Leg::L1).free_watts), (4, Watts(5_666)));
        assert_eq!((at("R02", Leg::L2).free_slots, at("R02", Leg::L2).free_watts), (10, Watts(26_666)));
        assert_eq!(all.iter().map(|p| p.units).sum::<u32>(), 3);
    }

    fn a_preview_says_what_reserving_would(house: &House) {
        let world = house.world();
        let Preview::Fits(spots) = preview(&house.db, &world.owner, NOW, &world.wish(FITS)).unwrap() else {
            panic!("it fits")
        };
        assert_eq!(spots.iter().map(|s| s.units).sum::<u32>(), FITS);
        assert!(matches!(preview(&house.db, &world.owner, NOW, &world.wish(FITS + 1)).unwrap(), Preview::Refused(_)));
        assert_eq!(house.db.read(|c| reservations::get(c, ReservationId(1))).map(|r| r.id).ok(), None);
    }

    fn only_an_assigned_reservation_becomes_a_lease(house: &House) {
        let world = house.world();
        let plan = house.plan();
        let id = world.held(house, NOW, 6);
        let early = sign(&house.db, &world.staff, NOW, id, &world.terms(plan));
        assert_eq!(said(early.unwrap_err()), ["leasing-error-unassigned"]);
        assign(&house.db, &world.staff, NOW, id, &standing(house, id)).unwrap();
        let mut greedy = world.terms(plan);
        greedy.contracted = Some(Watts(21_001));
        assert_eq!(said(sign(&house.db, &world.staff, NOW, id, &greedy).unwrap_err()), ["contracted: leasing-error-contracted"]);
        let lease = sign(&house.db, &world.staff, NOW, id, &world.terms(plan)).unwrap();
        assert_eq!(sign(&house.db, &world.staff, NOW, id, &world.terms(plan)).unwrap(), lease);
        let conn = &mut *house.db.get().unwrap();
        assert_eq!(lease_rows::terms(conn, lease).unwrap()[0].contracted_watts, Watts(21_000));
        // A lease outlives the hold.
        let later = NOW.plus_hours(24 * 400);
        assert_eq!(said(cancel(&house.db, &world.staff, later, id).unwrap_err()), ["leasing-error-cancel-leased"]);
    }

    fn notice_frees_the_places_from_its_day_on(house: &House) {
        let world = house.world();
        let lease = leased(house, &world);
        let day = |text: &str| text.parse().unwrap();
        let early = give_notice(&house.db, &world.owner, NOW, lease, day("2026-12-10"));
        assert_eq!(said(early.unwrap_err()), ["end: leasing-error-notice"]);
        give_notice(&house.db, &world.owner, NOW, lease, day("2027-02-01")).unwrap();
        let later = give_notice(&house.db, &world.staff, NOW, lease, day("2027-03-01"));
        assert_eq!(said(later.unwrap_err()), ["end: leasing-error-later"]);
        world.refused(house, NOW, FITS);
        let mut wish = world.wish(FITS);
        wish.window.from = day("2027-02-01");
        let answer = reserve(&house.db, &world.owner, NOW, &wish, IfRefused::Forget).unwrap();
        assert!(matches!(answer, innkeeper::services::leasing::answer::Answer::Accepted(_)));
        clean(house, NOW);
    }

    fn a_tenant_reaches_nothing_of_anothers(house: &House) {
        let world = house.world();
        let lease = leased(house, &world);
        let id = world.held(house, NOW, 3);
        let refused = world.refused(house, NOW, FITS);
        let other = house.tenant("ИП Волков");
        let stranger = house.actor("stranger@example.ru", Role::Owner, Some(other));
        assert_eq!(said(cancel(&house.db, &stranger, NOW, id).unwrap_err()), ["not found"]);
        let end = "2027-06-01".parse().unwrap();
        assert_eq!(said(give_notice(&house.db, &stranger, NOW, lease, end).unwrap_err()), ["not found"]);
        let close = requests::close(&house.db, &stranger, NOW, refused.request.unwrap(), "");
        assert_eq!(said(close.unwrap_err()), ["not found"]);
        let wish = world.wish(1);
        let answer = reserve(&house.db, &stranger, NOW, &wish, IfRefused::Forget);
        assert_eq!(said(answer.unwrap_err()), ["forbidden"]);
        assert_eq!(said(options(&house.db, &stranger, NOW, id, None).unwrap_err()), ["forbidden"]);
    }

    fn a_request_is_answered_once(house: &House) {
        let world = house.world();
        let id = world.refused(house, NOW, FITS + 1).request.unwrap();
        let silent = requests::close(&house.db, &world.staff, NOW, id, " ");
        assert_eq!(said(silent.unwrap_err()), ["answer: leasing-error-answer"]);
        requests::close(&house.db, &world.staff, NOW, id, "In spring.").unwrap();
        requests::close(&house.db, &world.owner, NOW, id, "").unwrap();
        let row = request_rows::get(&mut house.db.get().unwrap(), id).unwrap();
        assert_eq!((row.state.as_str(), row.answer.as_str()), ("closed", "In spring."));
    }
}
