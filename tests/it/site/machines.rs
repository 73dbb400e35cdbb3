//! The register of machines: where they may stand, many at once, and who sees them.

use crate::identity::world::PASSWORD;
use crate::leasing::world::{WATTS, World};
use crate::on_both;
use crate::support::server::{Server, Visitor};
use crate::support::{House, NOW};
use innkeeper::db::leasing::{lists, reservations};
use innkeeper::db::site::machines::{self, MachineFilter, MachineOrder, MachinePage};
use innkeeper::db::site::racks;
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::identity::access::Role;
use innkeeper::domain::ids::*;
use innkeeper::domain::site::machine::{MachineState, Wish};
use innkeeper::domain::site::{CoolingKind, Supply};
use innkeeper::domain::units::Watts;
use innkeeper::error::{Error, Result};
use innkeeper::services::leasing::assign::{Assigned, Wanted, assign};
use innkeeper::services::leasing::leases::sign;
use innkeeper::services::site::machine_batch::{self, Batch};
use innkeeper::services::site::machines::{self as service, Details};

/// The booking of the small world begins on 1 December.
const LATER: Instant = Instant(NOW.0 + 12 * 24 * 3_600);

/// A booking of so many units, signed, so that it outlives its hold.
pub fn leased(house: &House, world: &World, units: u32) -> ReservationId {
    let id = world.held(house, NOW, units);
    let rows = lists::standing(&mut house.db.get().unwrap(), id).unwrap();
    let wanted: Vec<Wanted> = rows
        .into_iter()
        .map(|row| Wanted {
            rack: row.rack,
            leg: row.leg,
            units: row.units as u32,
        })
        .collect();
    let done = assign(&house.db, &world.staff, NOW, id, &wanted).unwrap();
    assert_eq!(done, Assigned::Done);
    let plan = house.plan();
    sign(&house.db, &world.staff, NOW, id, &world.terms(plan)).unwrap();
    id
}

pub fn details(world: &World, booking: Option<ReservationId>, serial: &str) -> Details {
    Details {
        tenant: world.tenant,
        reservation: booking,
        model_id: None,
        model_name: "Antminer S21".to_owned(),
        serial: serial.to_owned(),
        watts: Watts(WATTS),
        cooling: CoolingKind::Air,
        supply: Supply::Single,
        note: String::new(),
    }
}

pub fn register(house: &House, world: &World, details: &Details) -> Result<MachineId> {
    let state = MachineState::Received;
    service::register(&house.db, &world.staff, NOW, world.site, details, state)
}

pub fn batch(booking: ReservationId, count: usize) -> Batch {
    Batch {
        reservation: booking,
        model_id: None,
        model_name: "Antminer S21".to_owned(),
        watts: Watts(WATTS),
        state: MachineState::Racked,
        serials: (0..count).map(|n| format!("WM-{n:03}")).collect(),
        note: String::new(),
    }
}

/// The field and the key of a refusal.
fn why<T: std::fmt::Debug>(result: Result<T>) -> (String, String) {
    match result {
        Err(Error::Invalid(mut fields)) => {
            let first = fields.remove(0);
            (first.field, first.message.key)
        }
        other => panic!("not refused beside a field: {other:?}"),
    }
}

fn said(field: &str, key: &str) -> (String, String) {
    (field.to_owned(), key.to_owned())
}

/// A rack of the booking, and one that it has nothing on.
fn racks_of(house: &House, booking: ReservationId) -> (RackId, RackId) {
    let conn = &mut *house.db.get().unwrap();
    let own = reservations::allocations_of(conn, booking).unwrap();
    let all = racks::of_site(conn, SiteId(1)).unwrap();
    let other = all
        .iter()
        .find(|rack| own.iter().all(|a| a.rack_id != rack.id));
    (own[0].rack_id, other.unwrap().id)
}

on_both! {
    fn a_machine_stands_where_its_booking_has_units_left(house: &House) {
        let world = house.world();
        let booking = leased(house, &world, 2);
        let (own, other) = racks_of(house, booking);
        let id = register(house, &world, &details(&world, Some(booking), "WM-1")).unwrap();
        let rack = |id, rack, slot, now| {
            let wish = Wish { slot, leg: None };
            service::rack(&house.db, &world.staff, now, id, rack, wish)
        };
        assert_eq!(why(rack(id, own, None, NOW)), said("reservation", "machine-refused-early"));
        assert_eq!(why(rack(id, other, None, LATER)), said("rack", "machine-refused-no-units"));
        rack(id, own, None, LATER).unwrap();
        let stands = machines::get(&mut house.db.get().unwrap(), id).unwrap();
        assert_eq!((stands.state, stands.rack_id, stands.slot), (MachineState::Racked, Some(own), Some(1)));
        let second = register(house, &world, &details(&world, Some(booking), "WM-2")).unwrap();
        assert_eq!(why(rack(second, own, Some(1), LATER)), said("slot", "machine-refused-slot-taken"));
        let without = register(house, &world, &details(&world, None, "WM-3")).unwrap();
        assert_eq!(why(rack(without, own, None, LATER)), said("reservation", "machine-refused-booking"));
        let hungry = Details { watts: Watts(WATTS + 1), ..details(&world, Some(booking), "WM-1") };
        let edited = service::edit(&house.db, &world.staff, LATER, id, &hungry);
        assert_eq!(why(edited), said("watts", "machine-refused-watts"));
        service::turn(&house.db, &world.staff, LATER, id, MachineState::Repair).unwrap();
        let kept = machines::get(&mut house.db.get().unwrap(), id).unwrap();
        assert_eq!((kept.state, kept.slot), (MachineState::Repair, Some(1)));
        service::turn(&house.db, &world.staff, LATER, id, MachineState::Removed).unwrap();
        let gone = machines::get(&mut house.db.get().unwrap(), id).unwrap();
        assert_eq!((gone.rack_id, gone.slot, gone.leg), (None, None, None));
        let again = service::turn(&house.db, &world.staff, LATER, id, MachineState::Repair);
        assert!(matches!(again, Err(Error::Rule(_))), "{again:?}");
    }

    fn a_serial_number_is_there_once_whatever_its_case(house: &House) {
        let world = house.world();
        register(house, &world, &details(&world, None, "Wm-7")).unwrap();
        let twice = register(house, &world, &details(&world, None, "wM-7"));
        assert_eq!(why(twice), said("serial", "machine-error-taken"));
        let tenant = register(house, &world, &Details { tenant: TenantId(99), ..details(&world, None, "X") });
        assert!(matches!(tenant, Err(Error::NotFound)));
        let by_owner = service::register(
            &house.db, &world.owner, NOW, world.site, &details(&world, None, "Y"), MachineState::Received,
        );
        assert!(matches!(by_owner, Err(Error::Forbidden)));
    }

    fn many_at_once_fill_the_booked_units_and_no_more(house: &House) {
        let world = house.world();
        let booking = leased(house, &world, 9);
        let write = |batch: &Batch| machine_batch::write(&house.db, &world.staff, LATER, batch);
        let planned = machine_batch::plan(&house.db, &world.staff, LATER, &batch(booking, 9)).unwrap();
        assert_eq!(planned.rows.len(), 9);
        assert_eq!(why(write(&batch(booking, 10))), said("serials", "machine-refused-room"));
        assert_eq!(write(&batch(booking, 9)).unwrap(), 9);
        assert_eq!(why(write(&batch(booking, 1))), said("serials", "machine-error-known"));
        let full = Batch { serials: vec!["new".to_owned()], ..batch(booking, 0) };
        assert_eq!(why(write(&full)), said("serials", "machine-refused-taken"));
        let twice = Batch { serials: vec!["a".to_owned(), "A".to_owned()], ..batch(booking, 0) };
        assert_eq!(why(write(&twice)), said("serials", "machine-error-twice"));
        let conn = &mut *house.db.get().unwrap();
        let booked = reservations::allocations_of(conn, booking).unwrap();
        for place in booked {
            let standing = machines::standing(conn, &[place.rack_id]).unwrap();
            let here = standing.iter().filter(|(_, s)| s.leg == place.leg).count();
            assert_eq!(here as i64, place.units, "{place:?}");
        }
    }

    fn machines_come_in_every_order_without_gaps(house: &House) {
        let world = house.world();
        let booking = leased(house, &world, 9);
        machine_batch::write(&house.db, &world.staff, LATER, &batch(booking, 9)).unwrap();
        register(house, &world, &details(&world, None, "100%")).unwrap();
        let conn = &mut *house.db.get().unwrap();
        let orders = [MachineOrder::Serial, MachineOrder::Model, MachineOrder::Watts, MachineOrder::Changed];
        for order in orders {
            let mut page = MachinePage { order, descending: true, after: None, limit: 4 };
            let mut seen = vec![];
            loop {
                let rows = machines::page(conn, &MachineFilter::default(), &page).unwrap();
                let Some(last) = rows.last() else { break };
                let machine = &last.machine;
                let value = match order {
                    MachineOrder::Serial => machine.serial_folded.clone(),
                    MachineOrder::Model => machine.model_folded.clone(),
                    MachineOrder::Watts => machine.watts.0.to_string(),
                    MachineOrder::Changed => machine.changed_at.0.to_string(),
                };
                page.after = Some((value, machine.id.0));
                seen.extend(rows.into_iter().map(|row| row.machine.id));
            }
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len(), 10, "{order:?}");
        }
        let mut narrow = |filter: MachineFilter| machines::totals(conn, &filter).unwrap().machines;
        assert_eq!(narrow(MachineFilter { search: "%".to_owned(), ..MachineFilter::default() }), 1);
        assert_eq!(narrow(MachineFilter { search: "wm-00".to_owned(), ..MachineFilter::default() }), 9);
        assert_eq!(narrow(MachineFilter { reservation: Some(booking), ..MachineFilter::default() }), 9);
        assert_eq!(narrow(MachineFilter { state: Some(MachineState::Received), ..MachineFilter::default() }), 1);
        assert_eq!(narrow(MachineFilter { tenant: Some(TenantId(5)), ..MachineFilter::default() }), 0);
    }

    fn the_pages_open_and_a_tenant_sees_its_own(house: &House) {
        let world = house.world();
        let booking = leased(house, &world, 3);
        let stranger = house.tenant("ООО «Чужой»");
        house.actor("stranger@example.ru", Role::Owner, Some(stranger));
        let server = Server::start(&house.app(LATER));
        let staff = server.signed_in("staff@example.ru", PASSWORD);
        let path = format!("/reservations/{booking}/machines");
        let form = |step| [("serials", "WM-0301\nWM-0302"), ("state", "racked"), ("model_name", "S21"),
                           ("watts", "3500"), ("step", step)];
        page(&staff, &path);
        let preview = staff.post(&path, &form("preview"));
        assert_eq!(preview.status().as_u16(), 200);
        let text = preview.text().unwrap();
        assert!(text.contains("value=\"write\"") && text.contains("WM-0302"), "{text}");
        assert!(!page(&staff, "/machines").contains("WM-0301"), "a preview writes nothing");
        assert_eq!(staff.post(&path, &form("write")).status().as_u16(), 303);
        let wrong = staff.post(&path, &[("serials", "A\na"), ("state", "racked"), ("model_name", "S21"), ("watts", "3500")]);
        assert_eq!(wrong.status().as_u16(), 422);
        let text = wrong.text().unwrap();
        assert!(text.contains("id=\"e-serials\"") && text.contains("A\na</textarea>"), "{text}");
        for path in ["/machines", "/machines?q=wm&state=racked&sort=changed&dir=desc", "/machines/new", "/machines/1",
                     "/machines/1/edit", "/machines/1/place", "/machines/1/receipt", "/machines/1/repair",
                     "/machines/1/removal", "/machines?rack=1&booking=1"] {
            let text = page(&staff, path);
            assert!(!text.contains(">machine-") && !text.contains(" style="), "{path}: {text}");
        }
        for path in ["/machines.csv?q=wm", "/machines.xlsx"] {
            assert_eq!(staff.get(path).status().as_u16(), 200, "{path}");
        }
        staff.post("/preferences", &[("locale", "en"), ("back", "/")]);
        assert!(page(&staff, "/machines/1").contains("To the store"));
        let owner = server.signed_in("owner@example.ru", PASSWORD);
        assert!(page(&owner, "/machines").contains("WM-0301") && !page(&owner, "/machines/1").contains("/removal"));
        assert_eq!(owner.get("/machines/1/edit").status().as_u16(), 403);
        let stranger = server.signed_in("stranger@example.ru", PASSWORD);
        assert!(!page(&stranger, "/machines?tenant=1").contains("WM-0301"));
        assert!(!stranger.get("/machines.csv?tenant=1").text().unwrap().contains("WM-0301"));
        assert_eq!(stranger.get("/machines/1").status().as_u16(), 404);
    }
}

fn page(visitor: &Visitor, path: &str) -> String {
    let answer = visitor.get(path);
    let status = answer.status().as_u16();
    let text = answer.text().unwrap();
    assert_eq!(status, 200, "{path}: {text}");
    text
}
