//! The register of machines as a table, on both databases: places by the rules of the pages, judged as
//! the file ends; one transaction, one line in the trail; the same file again changes nothing.

use super::machines::{batch, leased};
use crate::leasing::world::{WATTS, World};
use crate::on_both;
use crate::support::{House, Kind, NOW};
use innkeeper::db::identity::tenants;
use innkeeper::db::leasing::reservations;
use innkeeper::db::site::machines::{self, Machine};
use innkeeper::db::site::{racks, sites};
use innkeeper::db::trail;
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::identity::access::Actor;
use innkeeper::domain::ids::*;
use innkeeper::domain::site::machine::MachineState;
use innkeeper::domain::site::sheet::{Noun, OnExisting, What};
use innkeeper::domain::site::{CoolingKind, Supply};
use innkeeper::domain::units::Watts;
use innkeeper::error::{Error, Result};
use innkeeper::import::sheet::read;
use innkeeper::services::check::check;
use innkeeper::services::site::data::{self, Decided, How, Outcome, Rows};
use innkeeper::services::site::machine_batch;
use innkeeper::services::site::machines::{self as service, Details};

const SITE: SiteId = SiteId(1);
/// The booking of the small world has begun.
const LATER: Instant = Instant(NOW.0 + 12 * 24 * 3_600);
const OWNER: &str = "ООО «Северный хэш»";
const HEAD: &str = "serial;tenant;model;watts;cooling;supply;booking;state;rack;slot;leg;note\n";

fn import(house: &House, who: &Actor, text: &str, rows: Rows) -> Result<Outcome> {
    let sheet = read(Noun::Machines, text.as_bytes()).unwrap();
    let how = How {
        on: OnExisting::Update,
        decided: Decided::to(rows),
    };
    data::import(&house.db, who, LATER, SITE, &[sheet], &how)
}

fn written(house: &House, world: &World, text: &str) -> Outcome {
    let outcome = import(house, &world.staff, text, Rows::Whole).unwrap();
    assert!(outcome.written, "{:?}", outcome.plan);
    outcome
}

/// Line, column, and the code of the reason or of what a rule says.
fn bad(outcome: &Outcome) -> Vec<(u64, &'static str, String)> {
    let rows = outcome.plan.nouns.iter().flat_map(|part| &part.bad);
    let why =
        |said: &Option<innkeeper::domain::message::Message>| said.as_ref().map(|m| m.key.clone());
    rows.map(|bad| {
        let why = why(&bad.said).unwrap_or_else(|| bad.reason.to_string());
        (bad.line, bad.column, why)
    })
    .collect()
}

impl House {
    fn by_serial(&self, serial: &str) -> Machine {
        let all = machines::of_site(&mut self.db.get().unwrap(), SITE).unwrap();
        all.into_iter().find(|row| row.serial == serial).unwrap()
    }

    fn rack_name(&self, id: RackId) -> String {
        racks::get(&mut self.db.get().unwrap(), id).unwrap().name
    }
}

/// A line of a machine that stands where another row does.
fn line(house: &House, booking: ReservationId, serial: &str, place: &Machine) -> String {
    let rack = house.rack_name(place.rack_id.unwrap());
    let (slot, leg) = (place.slot.unwrap(), place.leg.unwrap().code());
    format!(
        "{serial};{OWNER};Antminer S21;{WATTS};air;single;{booking};racked;{rack};{slot};{leg};\n"
    )
}

on_both! {
    fn two_machines_change_places_within_one_file(house: &House) {
        let world = house.world();
        let booking = leased(house, &world, 3);
        machine_batch::write(&house.db, &world.staff, LATER, &batch(booking, 2)).unwrap();
        let (first, second) = (house.by_serial("WM-000"), house.by_serial("WM-001"));
        let file = format!("{HEAD}{}{}", line(house, booking, "wm-000", &second), line(house, booking, "WM-001", &first));
        let outcome = written(house, &world, &file);
        let (a, b) = (house.by_serial("WM-000"), house.by_serial("WM-001"));
        assert_eq!((a.id, a.slot, a.leg), (first.id, second.slot, second.leg));
        assert_eq!((b.id, b.slot, b.leg), (second.id, first.slot, first.leg));
        let what = &outcome.plan.of(Noun::Machines).unwrap().steps[0].what;
        let What::Changed { changes, .. } = what else { panic!("{what:?}") };
        assert!(changes.iter().any(|change| change.column == "slot"), "{changes:?}");
        assert!(!written(house, &world, &file).plan.writes(), "the same file again");
        assert_eq!(check(&house.db, LATER).unwrap(), vec![]);
    }

    fn a_file_racks_what_is_booked_and_tells_the_trail_once(house: &House) {
        let world = house.world();
        let booking = leased(house, &world, 3);
        let places = reservations::allocations_of(&mut house.db.get().unwrap(), booking).unwrap();
        let rack = house.rack_name(places[0].rack_id);
        let row = |n: i64| format!("N-{n};{OWNER};Antminer S21;{WATTS};air;single;{booking};racked;{rack};;;\n");
        let on_rack: i64 = places.iter().filter(|p| p.rack_id == places[0].rack_id).map(|p| p.units).sum();
        let file: String = (0..on_rack).map(row).collect();
        written(house, &world, &format!("{HEAD}{file}"));
        assert!(!written(house, &world, &format!("{HEAD}{file}")).plan.writes());
        let standing = machines::standing(&mut house.db.get().unwrap(), &[places[0].rack_id]).unwrap();
        assert_eq!(standing.len() as i64, on_rack);
        // One more has no unit left, whatever slots are free.
        let outcome = import(house, &world.staff, &format!("{HEAD}{file}{}", row(on_rack)), Rows::Good).unwrap();
        assert_eq!(bad(&outcome), [(2 + on_rack as u64, "rack", "machine-refused-taken".to_owned())]);
        let told = trail::of(&mut house.db.get().unwrap(), "site", SITE.0, 10).unwrap();
        let imports: Vec<_> = told.iter().filter(|(row, _)| row.action == "import").collect();
        assert_eq!(imports.len(), 1);
        assert!(imports[0].0.after_state.contains("\"N-0\""), "{}", imports[0].0.after_state);
        let row = house.by_serial("N-0");
        assert_eq!((row.created_by, row.created_at, row.tenant_id), (world.staff.user, LATER, world.tenant));
        written(house, &world, "serial;state\nn-0;removed\n");
        let gone = house.by_serial("N-0");
        assert_eq!((gone.state, gone.rack_id, gone.slot), (MachineState::Removed, None, None));
    }

    fn bad_rows_are_named_and_stop_the_file_or_only_themselves(house: &House) {
        let world = house.world();
        let booking = leased(house, &world, 1);
        let stranger = house.tenant("ООО «Чужой»");
        let early = world.held(house, NOW, 1);
        let rest = "Antminer S21;3500;air;single";
        let file = format!(
            "{HEAD}OK-1;{OWNER};{rest};;received;;;;\nB-1;Никто;{rest};;received;;;;\n\
             B-2;ООО «Чужой»;{rest};{booking};received;;;;\nB-3;{OWNER};{rest};999;received;;;;\n\
             B-4;{OWNER};{rest};{booking};racked;R99;;;\nB-5;{OWNER};{rest};{early};racked;R01;;;\n\
             B-6;{OWNER};S21;;air;single;;received;;;;\n"
        );
        let whole = import(house, &world.staff, &file, Rows::Whole).unwrap();
        let expected = [
            (3, "tenant", "unknown-tenant"), (4, "booking", "others-booking"), (5, "booking", "unknown-booking"),
            (6, "rack", "unknown-name"), (7, "booking", "machine-refused-gone"), (8, "watts", "not-in-catalogue"),
        ];
        assert_eq!(bad(&whole), expected.map(|(line, column, why)| (line, column, why.to_owned())));
        assert!(!whole.written && machines::of_site(&mut house.db.get().unwrap(), SITE).unwrap().is_empty());
        assert!(import(house, &world.staff, &file, Rows::Good).unwrap().written);
        let all = machines::of_site(&mut house.db.get().unwrap(), SITE).unwrap();
        assert_eq!(all.iter().map(|row| row.serial.as_str()).collect::<Vec<_>>(), ["OK-1"]);
        assert_ne!(all[0].tenant_id, stranger);
        let refused = import(house, &world.owner, &file, Rows::Good);
        assert!(matches!(refused, Err(Error::Forbidden)));
    }

    fn a_serial_number_of_another_site_is_taken(house: &House) {
        let world = house.world();
        let conn = &mut *house.db.get().unwrap();
        let site = sites::get(conn, SITE).unwrap();
        let other = sites::insert(conn, &sites::Site { code: "other".to_owned(), name: "Other".to_owned(), ..site }).unwrap();
        let details = Details {
            tenant: world.tenant, reservation: None, model_id: None, model_name: "S21".to_owned(), serial: "Far-1".to_owned(),
            watts: Watts(WATTS), cooling: CoolingKind::Air, supply: Supply::Single, note: String::new(),
        };
        service::register(&house.db, &world.staff, NOW, other, &details, MachineState::Received).unwrap();
        let file = format!("{HEAD}fAR-1;{OWNER};S21;3500;air;single;;received;;;;\n");
        let outcome = import(house, &world.staff, &file, Rows::Whole).unwrap();
        assert_eq!(bad(&outcome), [(2, "serial", "elsewhere".to_owned())]);
    }

    fn of_two_tenants_with_one_name_the_booking_tells(house: &House) {
        let world = house.world();
        let booking = leased(house, &world, 1);
        let twin = tenants::get(&mut house.db.get().unwrap(), world.tenant).unwrap();
        tenants::insert(&mut house.db.get().unwrap(), &twin).unwrap();
        let rest = "S21;3500;air;single";
        let file = format!("{HEAD}A;{OWNER};{rest};;received;;;;\nB;{OWNER};{rest};{booking};received;;;;\n");
        let outcome = import(house, &world.staff, &file, Rows::Good).unwrap();
        assert_eq!(bad(&outcome), [(2, "tenant", "several-tenants".to_owned())]);
        assert_eq!(house.by_serial("B").tenant_id, world.tenant);
    }
}

/// Ten thousand machines come in, change and come again by bulk reads: one query each would show.
#[test]
fn ten_thousand_machines_come_in_while_one_waits() {
    let house = House::open(Kind::Sqlite).unwrap();
    let world = house.world();
    let file = |note: &str| {
        let rows = (0..10_000).map(|n| {
            format!("M-{n:05};{OWNER};Antminer S21;{WATTS};air;single;;received;;;;{note}\n")
        });
        format!("{HEAD}{}", rows.collect::<String>())
    };
    for (note, new, changed) in [("", 10_000, 0), ("dusty", 0, 10_000), ("dusty", 0, 0)] {
        let begun = std::time::Instant::now();
        let outcome = written(&house, &world, &file(note));
        let part = outcome.plan.of(Noun::Machines).unwrap();
        assert_eq!((part.created(), part.changed()), (new, changed));
        eprintln!("{new} new, {changed} changed: {:?}", begun.elapsed());
        assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
    }
}
