//! Who works at the house that is killed under their hands: they do each thing until they are told that
//! it is done, and after each start they look for what they were told.

use crate::billing::world::{version, zone};
use crate::identity::world::{PASSWORD, new_user};
use crate::support::hotel::*;
use crate::support::process::{Browser, Heard, Told, file};
use innkeeper::db::billing::invoices::{self, Filter};
use innkeeper::db::billing::{ledger, payments};
use innkeeper::db::identity::jobs;
use innkeeper::db::leasing::reservations;
use innkeeper::db::metering::{meters, readings};
use innkeeper::db::{Conn, Db, audit};
use innkeeper::domain::calendar::{Instant, Span};
use innkeeper::domain::identity::JobState;
use innkeeper::domain::identity::access::Role;
use innkeeper::domain::ids::SiteId;
use innkeeper::domain::money::Currency;
use innkeeper::services::identity::users;
use serde_json::{Value, json};
use std::time::Duration;

/// Leases with a rack and a meter each, and half-hours of June.
const LEASES: usize = 4;
const HALF_HOURS: i64 = 1_440;
const START: &str = "2026-06-01T00:00:00+03:00";
const PAYMENTS: usize = 6;
const RESERVATIONS: usize = 24;
/// What comes after the month was billed.
const LATE: &str = "late.csv";
/// What corrects the first files.
const CHANGED: &str = "changed.csv";
const LOOK_AGAIN: Duration = Duration::from_millis(25);

/// What the back office is at.
pub const IMPORT: &str = "import";
pub const BILLING: &str = "billing";

pub type Done = Result<(), reqwest::Error>;

/// The hotel before June was read.
pub fn build(db: &Db) {
    let hotel = Hotel::open(db, "Europe/Moscow");
    let tenant = hotel.tenant("ООО «Берёза»");
    let terms = version("2026-01-01", vec![zone("all", "00:00", "00:00", "5.00")]);
    let plan = hotel.plan("Все", Currency::Rub, &[terms]);
    for n in 0..LEASES {
        let rack = hotel.rack(&format!("A-{n}"), 10);
        hotel.meter(&format!("M{n}"), Some(rack), None, "2026-01-01");
        hotel.lease(&Signed {
            tenant,
            plan,
            start: "2026-06-01",
            end: None,
            contracted: &[("2026-06-01", 10_000)],
            racks: &[(rack, 10)],
            watts_each: 1_000,
        });
    }
    for n in 0..4 {
        hotel.rack(&format!("B-{n}"), 10);
    }
    for (email, role, of) in [
        ("staff@example.ru", Role::Staff, None),
        ("finance@example.ru", Role::Finance, None),
        ("owner@example.ru", Role::Owner, Some(tenant)),
    ] {
        users::create(db, &HOUSE, Instant(0), &new_user(email, role, of), PASSWORD).unwrap();
    }
}

fn key(number: usize) -> String {
    format!("{number:032x}")
}

/// A page that was promised, and what it must answer.
fn kept(seed: u64, path: &str, told: &Told) {
    assert_eq!(
        told.status, 200,
        "seed {seed}: {path} was acknowledged and is not there: {}",
        told.text
    );
}

fn sign_in(seed: u64, browser: &Browser, base: &str, email: &str) -> Done {
    let form = [("email", email), ("password", PASSWORD)];
    let told = browser.post(base, "/sign-in", &form)?;
    assert_eq!(told.status, 303, "seed {seed}: {email}: {}", told.text);
    Ok(())
}

#[derive(Clone, Debug)]
enum Step {
    Import(&'static str, String),
    Open,
    Issue,
    Pay(usize),
}

impl Step {
    /// A file whose values none that comes after it changes.
    fn is_last_word(&self) -> bool {
        matches!(self, Self::Import(name, _) if [CHANGED, LATE].contains(name))
    }
}

/// Staff and finance: import June twice and a correction, run the month, take payments, import a late
/// correction, run the month again.
pub struct Back {
    seed: u64,
    staff: Browser,
    finance: Browser,
    steps: Vec<Step>,
    at: usize,
    /// Acknowledged, and not yet seen to be done.
    importing: Option<String>,
    issuing: bool,
    acknowledged: Vec<(bool, String)>,
}

impl Back {
    pub fn new(seed: u64) -> Self {
        let from = at(START);
        let month = |meter: usize| half_hours(&format!("M{meter}"), from, HALF_HOURS, 1_000);
        let mut all = String::from("meter,start,end,value,unit\n");
        let mut steps = vec![];
        for meter in 0..LEASES {
            all.extend(month(meter).split_inclusive('\n').skip(1));
            steps.push(Step::Import("month.csv", month(meter)));
        }
        steps.push(Step::Import("all.csv", all));
        let changed = half_hours("M0", from.plus_seconds(7_200), 10, 1_500);
        steps.push(Step::Import(CHANGED, changed));
        steps.extend([Step::Open, Step::Issue]);
        steps.extend((0..PAYMENTS).map(Step::Pay));
        let late = half_hours("M1", from.plus_seconds(7_200), 5, 900);
        steps.push(Step::Import(LATE, late));
        steps.push(Step::Issue);
        Self {
            seed,
            staff: Browser::new("en"),
            finance: Browser::new("en"),
            steps,
            at: 0,
            importing: None,
            issuing: false,
            acknowledged: vec![],
        }
    }

    pub fn sign_in(&self, base: &str) -> Done {
        sign_in(self.seed, &self.staff, base, "staff@example.ru")?;
        sign_in(self.seed, &self.finance, base, "finance@example.ru")
    }

    pub fn steps_done(&self) -> usize {
        self.at
    }

    /// What the next step belongs to.
    pub fn doing(&self) -> &'static str {
        match self.steps.get(self.at) {
            Some(Step::Import(name, _)) if *name != LATE => IMPORT,
            _ => BILLING,
        }
    }

    /// Goes on until it is at something else.
    pub fn work_while(&mut self, base: &str, doing: &str) -> Done {
        while self.doing() == doing && self.at < self.steps.len() {
            self.work(base, 1)?;
        }
        Ok(())
    }

    /// Looks for what was acknowledged, then goes on for at most so many steps. Where all is done,
    /// the last files and the month again and again change nothing.
    pub fn work(&mut self, base: &str, most: usize) -> Done {
        for (by_staff, path) in self.acknowledged.clone().iter().rev().take(4) {
            kept(self.seed, path, &self.browser(*by_staff).get(base, path)?);
        }
        for _ in 0..most.min(self.steps.len() - self.at) {
            let step = self.steps[self.at].clone();
            self.step(base, &step)?;
            self.at += 1;
        }
        if self.at == self.steps.len() && most < usize::MAX {
            let again = self.steps.clone().into_iter().filter(Step::is_last_word);
            for step in again {
                self.step(base, &step)?;
            }
            self.issue(base)?;
        }
        Ok(())
    }

    /// Everything that was ever acknowledged is there.
    pub fn rest(&self, base: &str) -> Done {
        for (by_staff, path) in &self.acknowledged {
            kept(self.seed, path, &self.browser(*by_staff).get(base, path)?);
        }
        Ok(())
    }

    fn browser(&self, staff: bool) -> &Browser {
        if staff { &self.staff } else { &self.finance }
    }

    fn step(&mut self, base: &str, step: &Step) -> Done {
        match step {
            Step::Import(name, content) => self.import(base, name, content),
            Step::Open => {
                let told = self.finance.post(base, "/runs", &[("month", "2026-06")])?;
                self.acknowledge(false, &told);
                Ok(())
            }
            Step::Issue => self.issue(base),
            Step::Pay(number) => self.pay(base, *number),
        }
    }

    /// A redirect says that it is done and where.
    fn acknowledge(&mut self, staff: bool, told: &Told) -> String {
        let (seed, at) = (self.seed, self.at);
        assert_eq!(told.status, 303, "seed {seed}, step {at}: {}", told.text);
        let path = told.location.split('?').next().unwrap_or_default();
        self.acknowledged.push((staff, path.to_owned()));
        path.to_owned()
    }

    fn import(&mut self, base: &str, name: &str, content: &str) -> Done {
        let path = match &self.importing {
            Some(path) => path.clone(),
            None => {
                let keep = [("keep", "all_or_nothing")];
                let part = Some(file(name, content));
                let told = self.staff.post_parts(base, "/readings", &keep, part)?;
                let path = self.acknowledge(true, &told);
                self.importing.insert(path).clone()
            }
        };
        let told = until_quiet(&self.staff, base, &path)?;
        let seed = self.seed;
        assert!(told.text.contains("state-ok"), "seed {seed}: {}", told.text);
        self.importing = None;
        // An upload that was cut off before its answer may still be at it.
        let busy = |told: &Told| told.text.contains("state-info");
        while busy(&self.staff.get(base, "/readings")?) {
            std::thread::sleep(LOOK_AGAIN);
        }
        Ok(())
    }

    fn issue(&mut self, base: &str) -> Done {
        let run = self
            .acknowledged
            .iter()
            .find(|(_, it)| it.starts_with("/runs/"));
        let run = run.expect("the month is open").1.clone();
        if !self.issuing {
            until_quiet(&self.finance, base, &run)?;
            let once = key(10_000 + self.acknowledged.len());
            let form = [("form_key", once.as_str())];
            let told = self.finance.post(base, &format!("{run}/issue"), &form)?;
            self.acknowledge(false, &told);
            self.issuing = true;
        }
        until_quiet(&self.finance, base, &run)?;
        self.issuing = false;
        let list = self.finance.get(base, "/invoices.csv")?;
        let seed = self.seed;
        for number in 1..=LEASES {
            let number = format!("2026-{number:06}");
            assert_eq!(
                list.text.matches(&number).count(),
                1,
                "seed {seed}: {}",
                list.text
            );
        }
        Ok(())
    }

    fn pay(&mut self, base: &str, number: usize) -> Done {
        let (once, amount) = (key(2_000 + number), format!("{}.50", 5_000 + number));
        let form = [
            ("form_key", once.as_str()),
            ("tenant", "1"),
            ("date", "2026-07-02"),
            ("amount", &amount),
            ("currency", "RUB"),
            ("reference", &once),
        ];
        let told = self.finance.post(base, "/payments", &form)?;
        self.acknowledge(false, &told);
        Ok(())
    }
}

/// The page once it shows no work under way.
fn until_quiet(browser: &Browser, base: &str, path: &str) -> Heard {
    loop {
        let told = browser.get(base, path)?;
        if !told.text.contains("/progress\"") {
            return Ok(told);
        }
        std::thread::sleep(LOOK_AGAIN);
    }
}

/// A tenant who reserves single machines, as a program does.
pub struct Tenant {
    seed: u64,
    browser: Browser,
    held: Vec<String>,
}

impl Tenant {
    pub fn new(seed: u64) -> Self {
        let browser = Browser::new("en");
        Self {
            seed,
            browser,
            held: vec![],
        }
    }

    pub fn sign_in(&self, base: &str) -> Done {
        sign_in(self.seed, &self.browser, base, "owner@example.ru")
    }

    pub fn work(&mut self, base: &str, most: usize) -> Done {
        let known = if most < usize::MAX { 2 } else { usize::MAX };
        for id in self.held.iter().rev().take(known) {
            let path = format!("/reservations/{id}");
            kept(self.seed, &path, &self.browser.get(base, &path)?);
        }
        for _ in 0..most.min(RESERVATIONS - self.held.len()) {
            let once = key(3_000 + self.held.len());
            let wish = [
                ("form_key", once.as_str()),
                ("site", "1"),
                ("watts", "3500"),
                ("supply", "single"),
                ("cooling", "air"),
                ("units", "1"),
                ("from", "2026-08-01"),
                ("term", "12"),
            ];
            let told = self.browser.post_json(base, "/reservations", &wish)?;
            let seed = self.seed;
            assert_eq!(told.status, 201, "seed {seed}: {}", told.text);
            let answer: Value = serde_json::from_str(&told.text).expect("JSON");
            self.held
                .push(answer["id"].as_str().expect("an id").to_owned());
        }
        Ok(())
    }
}

/// What a house holds in the end, without what depends on when and how often it was asked.
pub struct Outcome {
    parts: Vec<(&'static str, Vec<Value>)>,
}

impl Outcome {
    pub fn assert_same(&self, expected: &Self, seed: u64) {
        for ((name, found), (_, wanted)) in self.parts.iter().zip(&expected.parts) {
            assert_eq!(found.len(), wanted.len(), "seed {seed}: {name}");
            for (found, wanted) in found.iter().zip(wanted) {
                assert_eq!(found, wanted, "seed {seed}: {name}");
            }
        }
        let sizes: Vec<usize> = self.parts.iter().map(|(_, rows)| rows.len()).collect();
        let readings = LEASES * HALF_HOURS as usize;
        assert_eq!(sizes[..3], [readings, 15, LEASES], "seed {seed}: {sizes:?}");
    }
}

pub fn story(db: &Db) -> Outcome {
    db.read(|conn| {
        for state in [JobState::Failed, JobState::Running] {
            assert_eq!(
                jobs::count(conn, Some("import_readings"), state)?,
                0,
                "{state}"
            );
            assert_eq!(jobs::count(conn, Some("run_month"), state)?, 0, "{state}");
        }
        let parts = vec![
            ("readings", read(conn)),
            ("corrections", corrected(conn)),
            ("invoices", billed(conn)),
            ("ledger", posted(conn)),
            ("payments", paid(conn)),
            ("reservations", held(conn)),
            ("trail", traced(conn)),
        ];
        Ok(Outcome { parts })
    })
    .unwrap()
}

fn read(conn: &mut Conn) -> Vec<Value> {
    let ids: Vec<_> = meters::all(conn).unwrap().iter().map(|it| it.id).collect();
    let span = Span {
        from: Instant(0),
        to: Instant(i64::MAX),
    };
    let rows = readings::of_meters(conn, &ids, span).unwrap();
    let row =
        |it: &readings::Reading| json!([it.meter_id, it.start_at, it.end_at, it.wh, it.estimated]);
    rows.iter().map(row).collect()
}

fn corrected(conn: &mut Conn) -> Vec<Value> {
    let rows = readings::corrections(conn, false, None, i64::MAX).unwrap();
    let row = |it: &readings::Correction| {
        json!([
            it.meter_id,
            it.start_at,
            it.old_wh,
            it.new_wh,
            it.after_issue
        ])
    };
    rows.iter().map(|(it, ..)| row(it)).collect()
}

fn billed(conn: &mut Conn) -> Vec<Value> {
    let ids = invoices::ids(conn).unwrap();
    let rows = ids.into_iter().map(|id| {
        let row = invoices::get(conn, id).unwrap();
        json!([
            row.number,
            row.lease_id,
            row.month,
            row.total,
            row.document,
            row.inputs
        ])
    });
    rows.collect()
}

fn posted(conn: &mut Conn) -> Vec<Value> {
    let (heads, entries) = ledger::all(conn).unwrap();
    let row = |head: &ledger::Transaction| {
        let own = entries.iter().filter(|it| it.transaction_id == head.id);
        let own = own.map(|it| json!([it.account, it.tenant_id, it.amount]));
        json!([head.date, head.kind, head.currency, own.collect::<Vec<_>>()])
    };
    heads.iter().map(row).collect()
}

fn paid(conn: &mut Conn) -> Vec<Value> {
    let mut filter = Filter::new(day("2026-07-02"));
    filter.limit = i64::MAX;
    let heads = invoices::list(conn, &filter).unwrap();
    let mut rows: Vec<Value> = heads.iter().map(|it| json!([it.number, it.paid])).collect();
    let all = payments::all(conn).unwrap();
    rows.extend(all.iter().map(|it| json!([it.amount, it.reference])));
    rows
}

fn held(conn: &mut Conn) -> Vec<Value> {
    let rows = reservations::live(conn, SiteId(1), at(START), day("2026-06-01")).unwrap();
    rows.iter()
        .map(|it| json!([it.units, it.from_date, it.state]))
        .collect()
}

/// What was done to what, as often as it was done; files and runs are repeated in the hunt alone.
fn traced(conn: &mut Conn) -> Vec<Value> {
    let mut rows: Vec<(String, String)> = vec![];
    for chain in audit::chains(conn).unwrap() {
        let all = audit::chain_after(conn, chain, 0, i64::MAX).unwrap();
        rows.extend(all.into_iter().map(|it| (it.noun, it.action)));
    }
    rows.retain(|(noun, _)| noun != "import" && noun != "billing_run");
    rows.sort();
    rows.into_iter().map(|row| json!(row)).collect()
}
