//! Every metering case: as the pure rules play it, and through the services on every database.

use crate::on_both;
use crate::support::House;
use crate::support::hotel::{HOUSE, Hotel};
use innkeeper::db::metering::{devices as device_rows, meters as meter_rows, quarantine, readings};
use innkeeper::db::{Chain, Db};
use innkeeper::domain::calendar::{Instant, Span};
use innkeeper::domain::ids::*;
use innkeeper::domain::metering::flow::{self, Arrival, Case, Meter, Outcome, differences};
use innkeeper::domain::metering::meter::{Place, Purpose, QuarantineState, Reads};
use innkeeper::domain::metering::method::Method;
use innkeeper::domain::metering::register::Device;
use innkeeper::domain::units::WattHours;
use innkeeper::jobs::work_off;
use innkeeper::services::check::check;
use innkeeper::services::metering::devices::{self, NewDevice};
use innkeeper::services::metering::direct::{self, Book, Sent};
use innkeeper::services::metering::intake::{self, Incoming, Source};
use innkeeper::services::metering::loads::{self, Kept};
use innkeeper::services::metering::meters::{self, NewMeter};
use innkeeper::services::metering::{quarantine as waiting, served};
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

/// What a program may be ahead of us, which a case states itself.
const TOLERANCE: i64 = 3_600;
const LONG_AFTER: Instant = Instant(4_000_000_000);

fn cases() -> Vec<(String, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/metering");
    let files = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let mut cases: Vec<(String, Case)> = files
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap();
            let case = flow::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, case)
        })
        .collect();
    cases.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(cases.len() >= 25, "cases are missing");
    cases
}

#[test]
fn the_rules_come_to_what_every_case_expects() {
    for (name, case) in cases() {
        let found = flow::play(&case);
        let wrong = differences(&case.expected, &found);
        assert_eq!(wrong, Vec::<String>::new(), "{name}");
    }
}

/// Start, seconds and energy by meter: what a bill is made of.
type Used = BTreeSet<(String, i64, i64, i64)>;

fn expected(outcome: &Outcome) -> Used {
    let of = outcome.usage.iter();
    of.flat_map(|(code, usage)| {
        let all = usage.0.iter();
        all.map(move |it| (code.clone(), it.start.0, it.seconds, it.wh.0))
    })
    .collect()
}

struct Playing<'a> {
    db: &'a Db,
    hotel: Hotel<'a>,
    rack: RackId,
}

impl Playing<'_> {
    fn create(&self, meter: &Meter) {
        let devices: &[Device] = match &meter.reads {
            flow::Reads::Intervals => &[],
            flow::Reads::Register(devices) => devices,
        };
        let from = devices.iter().map(|it| it.from).min();
        let rated = meter.rules.rated;
        let plain = NewDevice {
            serial: String::new(),
            from: from.unwrap_or(Instant(1_300_000_000)),
            digits: 0,
            unit_wh: WattHours(1_000),
            ratio: 1,
            accuracy: None,
            rated,
            initial: None,
            verified_until: None,
            note: String::new(),
        };
        let new = |it: &Device| NewDevice {
            from: it.from,
            digits: i64::from(it.digits),
            unit_wh: it.unit,
            ratio: it.ratio,
            rated: it.rated,
            initial: it.initial,
            ..plain.clone()
        };
        let first = devices.first().map(new);
        let row = NewMeter {
            site: self.hotel.site,
            code: meter.code.clone(),
            exchange_code: None,
            place: Place {
                rack: Some(self.rack),
                ..Place::default()
            },
            purpose: Purpose::Supply,
            reads: match devices.is_empty() {
                true => Reads::Interval,
                false => Reads::Register,
            },
            device: first.or(Some(plain.clone())),
            from: "2020-01-01".parse().unwrap(),
            note: String::new(),
        };
        let id = meters::create(self.db, &HOUSE, Instant(0), &row).unwrap();
        for pair in devices.windows(2) {
            let last = pair[0].last;
            devices::exchange(self.db, &HOUSE, LONG_AFTER, id, last, &new(&pair[1])).unwrap();
        }
    }

    /// Whether what a display showed waited for a person's word, and this is it.
    fn decides(&self, arrival: &Arrival, now: Instant) -> bool {
        let (Some(reason), span) = (&arrival.reason, arrival.said.span()) else {
            return false;
        };
        let held = self.db.read(|conn| {
            let meter = meter_rows::by_name(conn, &arrival.meter)?.unwrap().id;
            let held = device_rows::held(conn, 100)?.into_iter();
            let mut of = held.filter(|it| it.meter_id == meter && it.at == span.to);
            Ok(of.find(|it| it.wh == arrival.said.wh()))
        });
        let Some(held) = held.unwrap() else {
            return self.accepts(arrival, now, reason);
        };
        devices::decide(self.db, &HOUSE, now, held.meter_id, held.at, true, reason).unwrap();
        true
    }

    /// The same of what waited in quarantine.
    fn accepts(&self, arrival: &Arrival, now: Instant, reason: &str) -> bool {
        let filter = quarantine::Filter {
            state: Some(QuarantineState::Waiting),
            code: arrival.meter.clone(),
            limit: 100,
            ..quarantine::Filter::default()
        };
        let rows = self
            .db
            .read(|conn| quarantine::list(conn, &filter))
            .unwrap();
        let same = |it: &&quarantine::Waiting| {
            it.end_at == arrival.said.span().to && it.wh == arrival.said.wh()
        };
        let Some(row) = rows.iter().find(same) else {
            return false;
        };
        let accept = waiting::Decision::Accept;
        waiting::decide(self.db, &HOUSE, now, &[row.id], accept, reason).unwrap();
        true
    }

    fn arrive(&self, arrival: &Arrival, tolerance: i64) {
        let now = arrival.received.plus_seconds(tolerance - TOLERANCE);
        if self.decides(arrival, now) {
            return;
        }
        let (span, wh) = (arrival.said.span(), arrival.said.wh());
        let work = |tx: &mut innkeeper::db::Tx| match &arrival.reason {
            None => {
                let book = Book::load(tx.conn)?;
                let meter = arrival.meter.clone();
                let edition = None;
                let sent = [Sent {
                    meter,
                    span,
                    wh,
                    edition,
                }];
                direct::take(tx, &book, &sent, &HOUSE, ImportId(1), now).map(|_| ())
            }
            Some(reason) => {
                let meter = meter_rows::by_name(tx.conn, &arrival.meter)?.unwrap();
                let served = HashMap::from([(meter.id, served::one(tx.conn, meter.id)?)]);
                let row = Incoming {
                    meter: meter.id,
                    start: span.from,
                    line: 0,
                    end: span.to,
                    wh,
                };
                let source = Source {
                    who: &HOUSE,
                    import: ImportId(0),
                    method: match arrival.estimated {
                        true => Method::ByHand,
                        false => Method::Edited,
                    },
                    confirmed: true,
                    reason,
                    now,
                };
                intake::take(tx, &served, &[row], &source).map(|_| ())
            }
        };
        self.db.write(Chain::Operator, work).unwrap();
    }

    fn used(&self) -> Used {
        let whole = Span {
            from: Instant(i64::MIN),
            to: Instant(i64::MAX),
        };
        let read = |conn: &mut innkeeper::db::Conn| {
            let mut used = Used::new();
            for meter in meter_rows::all(conn)? {
                let rows = readings::of_meter(conn, meter.id, whole)?;
                let packed = loads::intervals(conn, &[meter.id], whole)?;
                let packed = packed.into_values().next().unwrap_or_default();
                let same: Vec<Kept> = rows.iter().map(Kept::of).collect();
                assert_eq!(packed, same, "dates keep what was read: {}", meter.code);
                for it in rows {
                    let seconds = it.end_at.0 - it.start_at.0;
                    used.insert((meter.code.clone(), it.start_at.0, seconds, it.wh.0));
                }
            }
            Ok(used)
        };
        self.db.read(read).unwrap()
    }

    /// End and energy of what waits for a person, by meter.
    fn held(&self) -> BTreeSet<(String, i64, i64)> {
        let read = |conn: &mut innkeeper::db::Conn| {
            let filter = quarantine::Filter {
                state: Some(QuarantineState::Waiting),
                limit: 1_000,
                ..quarantine::Filter::default()
            };
            let mut held = BTreeSet::new();
            for row in quarantine::list(conn, &filter)? {
                held.insert((row.code, row.end_at.0, row.wh.0));
            }
            for row in device_rows::held(conn, 1_000)? {
                let code = meter_rows::get(conn, row.meter_id)?.code;
                held.insert((code, row.at.0, row.wh.0));
            }
            Ok(held)
        };
        self.db.read(read).unwrap()
    }
}

fn play(house: &House, case: &Case) -> (Used, BTreeSet<(String, i64, i64)>) {
    let zone = case.meters.first().map_or("UTC", |it| it.zone.name());
    let hotel = Hotel::open(&house.db, zone);
    let rack = hotel.rack("A-01", 10);
    let playing = Playing {
        db: &house.db,
        hotel,
        rack,
    };
    let mut coming: Vec<&Meter> = case.meters.iter().collect();
    for arrival in &case.arrivals {
        coming.retain(|meter| {
            let known = meter.created.is_none_or(|at| at <= arrival.received);
            if known {
                playing.create(meter);
            }
            !known
        });
        work_off(&house.app(LONG_AFTER)).unwrap();
        playing.arrive(arrival, case.clock_tolerance);
    }
    for meter in coming {
        playing.create(meter);
    }
    work_off(&house.app(LONG_AFTER)).unwrap();
    (playing.used(), playing.held())
}

on_both! {
    fn the_services_come_to_what_every_case_expects(house: &House) {
        let mut wrong: Vec<String> = vec![];
        for (name, case) in cases() {
            // Proposals are asked for by a person, see `estimates`.
            if case.estimate {
                continue;
            }
            let fresh = House::open(house.kind).unwrap();
            let (used, held) = play(&fresh, &case);
            let expected = expected(&case.expected);
            if used != expected {
                wrong.push(format!("{name}: used {used:?}, expected {expected:?}"));
            }
            // An exchange whose displays nobody declared is a gap there: no reading of it waits.
            let read = case.expected.held.iter().filter(|it| it.why != "undeclared");
            let open = read.map(|it| (it.meter.clone(), it.end.0, it.wh.0));
            let unknown = case.expected.quarantined.iter().filter(|it| !it.applied);
            let unknown = unknown.map(|it| (it.meter.clone(), it.end.0, it.wh.0));
            let waits: BTreeSet<_> = open.chain(unknown).collect();
            if held != waits {
                wrong.push(format!("{name}: waiting {held:?}, expected {waits:?}"));
            }
            for violation in check(&fresh.db, LONG_AFTER).unwrap() {
                wrong.push(format!("{name}: {violation}"));
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }
}
