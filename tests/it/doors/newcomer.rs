//! Who starts the demo today bills a lease of today: the demo goes on to the next month.

use crate::support::{House, Kind, NOW, demo};
use innkeeper::db::billing::invoices;
use innkeeper::db::identity::{tenants, users};
use innkeeper::db::leasing::lists;
use innkeeper::db::metering::meters;
use innkeeper::db::site::catalogue;
use innkeeper::demo::later;
use innkeeper::demo::people::SIGN_INS;
use innkeeper::domain::calendar::{Instant, Month, Window};
use innkeeper::domain::identity::access::{Actor, Role};
use innkeeper::domain::ids::{LeaseId, PlanId, SiteId};
use innkeeper::domain::site::{Supply, Workload};
use innkeeper::services::billing::{invoices as service, runs};
use innkeeper::services::check::check;
use innkeeper::services::leasing::answer::Answer;
use innkeeper::services::leasing::assign::{Assigned, Wanted, assign};
use innkeeper::services::leasing::leases::{Terms, sign};
use innkeeper::services::leasing::reserve::{IfRefused, Wish, reserve};

/// 1 December 2026, noon in Moscow.
const LATER: Instant = Instant(1_796_115_600);

#[test]
fn the_demo_goes_on_to_the_next_month_on_sqlite() {
    the_demo_goes_on(&demo::house(Kind::Sqlite).expect("SQLite is always there"));
}

#[test]
fn the_demo_goes_on_to_the_next_month_on_postgres() {
    if let Some(house) = demo::house(Kind::Postgres) {
        the_demo_goes_on(&house);
    }
}

fn actor(house: &House, role: Role) -> Actor {
    let sign_in = SIGN_INS.iter().find(|it| it.2 == role).unwrap();
    let user = users::by_email(&mut house.db.get().unwrap(), sign_in.0);
    user.unwrap().unwrap().actor()
}

/// Twenty S21 from today, as a tenant reserves them and staff assign and sign.
fn move_in(house: &House) -> LeaseId {
    let (owner, staff) = (actor(house, Role::Owner), actor(house, Role::Staff));
    let conn = &mut *house.db.get().unwrap();
    let all = catalogue::all(conn).unwrap();
    let model = all.iter().find(|it| it.model == "Antminer S21").unwrap();
    let tenant = tenants::get(conn, owner.tenant.unwrap()).unwrap();
    let wish = Wish {
        tenant: tenant.id,
        site: SiteId(1),
        hall: None,
        model: Some(model.id),
        model_name: model.name(),
        workload: Workload::Mining,
        cooling: model.cooling,
        supply: model.supply.unwrap_or(Supply::Three),
        units: 20,
        watts_each: model.watts,
        window: Window {
            from: "2026-11-20".parse().unwrap(),
            to: None,
        },
    };
    let Answer::Accepted(id) = reserve(&house.db, &owner, NOW, &wish, IfRefused::Forget).unwrap()
    else {
        panic!("twenty fit")
    };
    let rows = lists::standing(conn, id).unwrap().into_iter();
    let wanted: Vec<Wanted> = rows
        .map(|row| Wanted {
            rack: row.rack,
            leg: row.leg,
            units: row.units as u32,
        })
        .collect();
    let done = assign(&house.db, &staff, NOW, id, &wanted).unwrap();
    assert_eq!(done, Assigned::Done);
    let terms = Terms {
        contracted: None,
        plan: PlanId(1),
        payment_days: 10,
        notice_days: 30,
        billing_email: "bills@example.ru".to_owned(),
    };
    sign(&house.db, &staff, NOW, id, &terms).unwrap()
}

fn the_demo_goes_on(house: &House) {
    let lease = move_in(house);
    let app = later::not_before_the_last(house.app(NOW.plus_hours(-24))).unwrap();
    assert!(app.now() >= NOW, "the clock never runs back");
    let app = later::not_before_the_last(house.app(LATER)).unwrap();
    assert!(app.now() >= LATER);
    let mut told = vec![];
    later::go_on(&app, |month| told.push(month)).unwrap();
    let november = Month::parse("2026-11").unwrap();
    assert_eq!(told, [november, november.next()]);
    let conn = &mut *house.db.get().unwrap();
    let count = meters::all(conn).unwrap().len();
    later::go_on(&app, |month| panic!("{month} twice")).unwrap();
    assert_eq!(meters::all(conn).unwrap().len(), count);
    let finance = actor(house, Role::Finance);
    let run = runs::open(&house.db, &finance, LATER, november).unwrap();
    runs::compute(&house.db, november, LATER, usize::MAX).unwrap();
    let preview = runs::preview(conn, november, LATER).unwrap();
    let own = preview
        .entries
        .iter()
        .find(|it| it.lease.id == lease)
        .unwrap();
    assert!(own.blockers.is_empty(), "{:?}", own.blockers);
    // The gap that the demo leaves for staff to mend is one that stays.
    assert!(preview.blocked() <= 2, "{}", preview.blocked());
    runs::issue(&house.db, &finance, LATER, run, None).unwrap();
    runs::work(&house.db, "http://127.0.0.1/", run, LATER).unwrap();
    let billed = invoices::of_lease_month(conn, lease, november).unwrap();
    let (id, _) = billed.first().expect("an invoice");
    let head = invoices::head(conn, *id).unwrap();
    // Eleven days of 20 × 3 500 W at 93 to 97 %.
    let most = 20 * 3_500 * 24 * 11;
    assert!(
        (most * 93 / 100..most).contains(&head.wh.0),
        "{:?}",
        head.wh
    );
    assert!(service::document(&house.db, &finance, *id).is_ok());
    assert_eq!(check(&house.db, LATER).unwrap(), []);
}
