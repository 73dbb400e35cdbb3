//! A crowd that fights for one feed over HTTP: people reserve, cancel, assign, hang up in the middle of
//! a request; holds run out; the program is killed and started again. Afterwards every booking is
//! replayed from the trail. The test plays it for seconds, `benches/crowd` for a minute.

use super::process::{Browser, Data};
use innkeeper::db::site::sites;
use innkeeper::db::{Chain, Db, audit};
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::identity::TenantKind;
use innkeeper::domain::identity::access::{Actor, Role};
use innkeeper::domain::ids::{SiteId, TenantId};
use innkeeper::domain::leasing::case::Case;
use innkeeper::domain::site::Redundancy;
use innkeeper::services::identity::users::{self, NewUser};
use innkeeper::services::leasing::play::play;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant as Moment};

/// 2026-11-20 09:00:00 UTC.
const BEGIN: Instant = Instant(1_795_165_200);
const PASSWORD: &str = "a-long-enough-word";
const OWNER: &str = "owner@example.ru";
const STAFF: &str = "staff@example.ru";
/// Machines of 3.5 kW that fit on the feed of 80 kW: seven on each leg.
const FITS: i64 = 21;
/// Each start is so much later by the house's clock, so that holds of an hour run out on the way.
const APART_SECONDS: i64 = 25 * 60;
const HOLD_HOURS: i64 = 1;
/// A life is long enough for so many answers, however slow the machine.
const LEAST_ANSWERS: usize = 12;
const STAND_BY: Duration = Duration::from_millis(20);
/// Sign-ins hash passwords: sixteen pairs of them take a while on two cores.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub clients: usize,
    pub lasts: Duration,
    /// Each but the last is ended by SIGKILL.
    pub lives: u32,
    pub seed: u64,
}

/// What the clients were told.
#[derive(Debug, Default)]
pub struct Tally {
    pub held: BTreeSet<String>,
    pub cancelled: BTreeSet<String>,
    pub refused: usize,
    pub assigned: usize,
}

/// What the replay saw.
#[derive(Debug, Default)]
pub struct Replay {
    pub reserved: usize,
    pub cancelled: usize,
    pub ran_out: usize,
    pub most: i64,
}

/// One feed of 80 kW, ten racks, a tenant's owner and staff.
pub fn build(db: &Db) {
    let rack = |at: i64| {
        json!({"id": format!("R{at:02}"), "feeds": ["feed-1"], "zone": "z", "slots": 10,
               "limit_kw": "100", "phase": "three"})
    };
    let case = json!({
        "name": "a crowd", "why": "a crowd",
        "site": {
            "time_zone": "Europe/Moscow",
            "power": [
                {"id": "grid", "parent": null, "rating_kw": "1000", "usable": "1"},
                {"id": "feed-1", "parent": "grid", "rating_kw": "100", "usable": "0.8"},
            ],
            "cooling": [{"id": "z", "kind": "air", "units_kw": ["1000"], "spare_units": 0,
                         "derate_by_month": {}}],
            "racks": (1..=10).map(rack).collect::<Vec<_>>(),
            "outages": [], "restrictions": [],
        },
        "ops": [],
    });
    play(db, &Case::parse(&case.to_string()).expect("a case")).expect("a site");
    let hold = |tx: &mut innkeeper::db::Tx| {
        let site = sites::get(tx.conn, SiteId(1))?;
        sites::update(
            tx.conn,
            &sites::Site {
                hold_hours: HOLD_HOURS,
                ..site
            },
        )
    };
    db.write(Chain::Operator, hold).expect("an hour's hold");
    let tenant = tenant(db);
    for (email, role) in [(OWNER, Role::Owner), (STAFF, Role::Staff)] {
        let new = NewUser {
            email: email.to_owned(),
            name: email.to_owned(),
            role,
            tenant: role.is_tenant().then_some(tenant),
            locale: "en".to_owned(),
        };
        users::create(db, &Actor::HOUSE, BEGIN, &new, PASSWORD).expect("a user");
    }
}

fn tenant(db: &Db) -> TenantId {
    use innkeeper::db::identity::tenants::Tenant;
    let text = String::new;
    let row = Tenant {
        id: TenantId(0),
        kind: TenantKind::Company,
        name: "ООО «Толпа»".to_owned(),
        name_folded: text(),
        inn: "7707083893".to_owned(),
        kpp: text(),
        ogrn: text(),
        address: text(),
        email: "bills@example.ru".to_owned(),
        phone: text(),
        contact: text(),
        bank_details: text(),
        registry_number: text(),
        registry_date: None,
        locale: "ru".to_owned(),
        created_at: BEGIN,
        created_by: None,
        redundancy: Redundancy::N,
    };
    innkeeper::services::identity::tenants::save(db, &Actor::HOUSE, BEGIN, &row).expect("a tenant")
}

/// When the last life of a fight is lived.
pub fn end(plan: &Plan) -> Instant {
    BEGIN.plus_seconds(i64::from(plan.lives) * APART_SECONDS)
}

/// The fight. The program's processes come and go; who loses the connection tries the next one.
pub fn fight(data: &Data, program: &str, plan: Plan) -> Tally {
    let arena = Arena {
        base: Mutex::new(None),
        ended: AtomicBool::new(false),
        tally: Mutex::new(Tally::default()),
        signed_in: AtomicUsize::new(0),
    };
    std::thread::scope(|scope| {
        for client in 0..plan.clients {
            let arena = &arena;
            scope.spawn(move || arena.client(plan.seed.wrapping_add(client as u64)));
        }
        let each = plan.lasts / plan.lives;
        for life in 1..=plan.lives {
            let now = BEGIN.plus_seconds(i64::from(life) * APART_SECONDS);
            let mut process = data.serve(program, now);
            let base = process.ready();
            *arena.base.lock().expect("the address") = Some(base);
            // Nobody is killed while people sign in: what is cut off counts as a failed try.
            let all_in = |it: &Arena| it.signed_in.load(Ordering::SeqCst) == plan.clients;
            let begun = arena.reaches(PATIENCE, all_in);
            let (least, told) = (Moment::now() + each, arena.answered());
            let long_enough =
                |it: &Arena| Moment::now() > least && it.answered() >= told + LEAST_ANSWERS;
            let lived = begun && arena.reaches(PATIENCE + each, long_enough);
            *arena.base.lock().expect("the address") = None;
            if life == plan.lives || !lived {
                arena.ended.store(true, Ordering::SeqCst);
            }
            process.kill();
            assert!(begun, "not everybody could sign in");
            assert!(lived, "too few were answered");
        }
    });
    arena.tally.into_inner().expect("the tally")
}

struct Arena {
    /// Where the program answers; nowhere while it is down.
    base: Mutex<Option<String>>,
    ended: AtomicBool,
    tally: Mutex<Tally>,
    signed_in: AtomicUsize,
}

impl Arena {
    fn base(&self) -> Option<String> {
        while !self.ended.load(Ordering::SeqCst) {
            if let Some(base) = self.base.lock().expect("the address").clone() {
                return Some(base);
            }
            std::thread::sleep(STAND_BY);
        }
        None
    }

    /// Whether it comes to that in time.
    fn reaches(&self, most: Duration, done: impl Fn(&Self) -> bool) -> bool {
        let patience = Moment::now() + most;
        while !done(self) {
            if Moment::now() > patience {
                return false;
            }
            std::thread::sleep(STAND_BY);
        }
        true
    }

    fn client(&self, seed: u64) {
        let mut rng = StdRng::seed_from_u64(seed);
        let (owner, staff) = (Browser::new("en"), Browser::new("en"));
        let Some(base) = self.base() else { return };
        for (browser, email) in [(&owner, OWNER), (&staff, STAFF)] {
            let form = [("email", email), ("password", PASSWORD)];
            let told = browser.post(&base, "/sign-in", &form).expect("an answer");
            assert_eq!(told.status, 303, "{email}: {}", told.text);
        }
        self.signed_in.fetch_add(1, Ordering::SeqCst);
        let mut own: Vec<String> = vec![];
        while let Some(base) = self.base() {
            // A connection that broke is part of the game.
            let _ = match rng.random_range(0..20) {
                0..10 => self.reserve(&owner, &base, rng.random_range(1..=3), &mut own),
                10..16 => self.cancel(&owner, &base, own.pop()),
                16..18 => self.assign(&staff, &base, own.last()),
                _ => {
                    hang_up(&base, rng.random_range(1..400));
                    Ok(())
                }
            };
        }
    }

    /// Requests to reserve or cancel that were answered.
    fn answered(&self) -> usize {
        let tally = self.tally.lock().expect("the tally");
        tally.held.len() + tally.cancelled.len() + tally.refused
    }

    fn tally(&self, note: impl FnOnce(&mut Tally)) {
        note(&mut self.tally.lock().expect("the tally"));
    }

    fn reserve(&self, owner: &Browser, base: &str, units: u32, own: &mut Vec<String>) -> Done {
        let told = owner.post_json(base, "/reservations", &wish(&units.to_string()))?;
        match told.status {
            201 => {
                let answer: Value = serde_json::from_str(&told.text).expect("JSON");
                let id = answer["id"].as_str().expect("an id").to_owned();
                self.tally(|it| assert!(it.held.insert(id.clone()), "{id} was given twice"));
                own.push(id);
            }
            409 => self.tally(|it| it.refused += 1),
            other => panic!("{other}: {}", told.text),
        }
        Ok(())
    }

    fn cancel(&self, owner: &Browser, base: &str, id: Option<String>) -> Done {
        let Some(id) = id else { return Ok(()) };
        let told = owner.post(base, &format!("/reservations/{id}/cancellation"), &[])?;
        match told.status {
            303 => self.tally(|it| assert!(it.cancelled.insert(id))),
            // It has run out meanwhile.
            409 | 422 => {}
            other => panic!("{other}: {}", told.text),
        }
        Ok(())
    }

    /// Takes what the page proposes; others may have changed what is feasible since.
    fn assign(&self, staff: &Browser, base: &str, id: Option<&String>) -> Done {
        let Some(id) = id else { return Ok(()) };
        let path = format!("/reservations/{id}/assignment");
        let page = staff.get(base, &path)?;
        let fields = proposed(&page.text);
        let form: Vec<(&str, &str)> = fields
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        let told = staff.post(base, &path, &form)?;
        match told.status {
            303 => self.tally(|it| it.assigned += 1),
            409 | 422 => {}
            other => panic!("{other}: {}", told.text),
        }
        Ok(())
    }
}

type Done = Result<(), reqwest::Error>;

fn wish(units: &str) -> Vec<(&'static str, &str)> {
    vec![
        ("site", "1"),
        ("watts", "3500"),
        ("supply", "single"),
        ("cooling", "air"),
        ("units", units),
        ("from", "2026-12-01"),
        ("term", "12"),
    ]
}

/// The fields `units-…` of the page with their values.
fn proposed(page: &str) -> Vec<(String, String)> {
    let attribute = |tag: &str, name: &str| -> Option<String> {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        Some(rest.split('"').next()?.to_owned())
    };
    let tags = page
        .split("<input")
        .skip(1)
        .filter_map(|rest| rest.split('>').next());
    let fields = tags.filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?)));
    fields
        .filter(|(name, _)| name.starts_with("units-"))
        .collect()
}

/// Sends so many bytes of a request and goes away.
fn hang_up(base: &str, bytes: usize) {
    let host = base.trim_start_matches("http://");
    let body = "site=1&watts=3500&supply=single&cooling=air&units=1&from=2026-12-01&term=12";
    let request = format!(
        "POST /reservations HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    if let Ok(mut stream) = TcpStream::connect(host) {
        // The other side may be dead already.
        let _ = stream.write_all(&request.as_bytes()[..bytes.min(request.len())]);
    }
}

/// Plays every booking again in the order of the trail: at no moment more than fits, and everything
/// that somebody was told is there.
pub fn replay(db: &Db, told: &Tally) -> Replay {
    let rows = db
        .read(|conn| audit::chain_after(conn, 1, 0, i64::MAX))
        .expect("the trail");
    let mut seen = Replay::default();
    let mut live: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    let (mut reserved, mut cancelled) = (BTreeSet::new(), BTreeSet::new());
    for row in rows.iter().filter(|row| row.noun == "reservation") {
        let before = live.len();
        live.retain(|_, (_, until)| *until > row.at.0);
        seen.ran_out += before - live.len();
        let id = row.noun_id.to_string();
        match row.action.as_str() {
            "reserve" => {
                let after: Value = serde_json::from_str(&row.after_state).expect("JSON");
                let number = |name: &str| after[name].as_i64().expect(name);
                live.insert(id.clone(), (number("units"), number("hold_until")));
                reserved.insert(id);
                seen.reserved += 1;
            }
            "cancel" => {
                live.remove(&id);
                cancelled.insert(id);
                seen.cancelled += 1;
            }
            _ => {}
        }
        let sum = live.values().map(|(units, _)| units).sum();
        seen.most = seen.most.max(sum);
        assert!(sum <= FITS, "{sum} machines at entry {}: {live:?}", row.seq);
    }
    let lost: Vec<_> = told.held.difference(&reserved).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    let undone: Vec<_> = told.cancelled.difference(&cancelled).collect();
    assert!(undone.is_empty(), "cancelled and not so: {undone:?}");
    seen
}
