//! The rating cases through the whole house: rows, import, settle, run, invoice.

use crate::on_both;
use crate::support::House;
use crate::support::hotel::*;
use innkeeper::db::Chain;
use innkeeper::db::billing::vat::{self, VatRow};
use innkeeper::db::leasing::leases::{self, LeaseEvent};
use innkeeper::domain::billing::case;
use innkeeper::domain::billing::rate::{Cause, RateInput};
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::ids::*;
use innkeeper::domain::units::Watts;
use innkeeper::services::billing::charges::{self, NewCharge};
use innkeeper::services::billing::{invoices, runs};
use innkeeper::services::check::check;
use innkeeper::services::metering::imports::Keep;
use rust_decimal::Decimal;
use serde_json::Value;
use std::fmt::Write;
use std::fs;

/// Slots of every rack: shares of hundredths become units.
const SLOTS: i64 = 100;

/// Whether the case can be told in rows: racks are held for the whole lease, meters for all of it.
fn can_be_told(input: &RateInput, expected: &Value) -> bool {
    let lease = &input.lease;
    let whole =
        |from, to: Option<_>| from <= lease.start && to.is_none_or(|to| Some(to) == lease.end);
    expected.get("error").is_none()
        && input.complete
        && lease
            .racks
            .iter()
            .all(|it| whole(it.from, it.to) && (it.share * Decimal::ONE_HUNDRED).fract().is_zero())
        && input
            .usage
            .iter()
            .all(|it| it.service.iter().flatten().all(|it| whole(it.from, it.to)))
        && input
            .charges
            .iter()
            .all(|it| input.period.window().contains(it.date))
}

fn tell(house: &House, input: &RateInput) -> LeaseId {
    let hotel = Hotel::open(&house.db, input.zone.name());
    for row in &input.vat {
        let row = VatRow {
            id: 0,
            country: "RU".into(),
            category: vat::STANDARD.into(),
            rate: row.rate.to_string(),
            effective_from: row.from,
        };
        house
            .db
            .write(Chain::Operator, |tx| vat::insert(tx.conn, &row))
            .unwrap();
    }
    let mut versions = input.plan.clone();
    versions.sort_by_key(|it| it.effective_from);
    let plan = hotel.plan("Тариф", input.currency, &versions);
    let mut racks: Vec<(RackId, i64)> = vec![];
    for held in &input.lease.racks {
        let units = Watts::from_decimal(held.share * Decimal::from(SLOTS))
            .unwrap()
            .0;
        racks.push((hotel.rack(&held.rack, SLOTS), units));
    }
    if racks.is_empty() {
        racks.push((hotel.rack("R", SLOTS), SLOTS));
    }
    let contracted: Vec<(String, i64)> = input
        .lease
        .contracted
        .iter()
        .map(|it| (it.from.to_string(), Watts::from_kilo(it.kw).unwrap().0))
        .collect();
    let contracted: Vec<(&str, i64)> = contracted
        .iter()
        .map(|(from, watts)| (from.as_str(), *watts))
        .collect();
    let lease = hotel.lease(&Signed {
        tenant: hotel.tenant("ООО «Случай»"),
        plan,
        start: &input.lease.start.to_string(),
        end: input.lease.end.map(|it| it.to_string()).as_deref(),
        contracted: &contracted,
        racks: &racks,
        watts_each: 1_000,
    });
    let now = input.zone.start_of(input.period.end()).plus_hours(12);
    let file = readings(&hotel, input, &racks, now);
    let import = hotel.import(&file, Keep::AllOrNothing, now);
    assert_eq!(import.rows_bad, 0);
    events(house, lease, input);
    for it in &input.charges {
        let new = NewCharge {
            lease,
            date: it.date,
            description: it.description.clone(),
            quantity: it.quantity,
            unit_price: it.unit_price,
        };
        charges::enter(&house.db, &HOUSE, now, &new).unwrap();
    }
    lease
}

/// Puts the case's meters on the racks; what they said, as a file.
fn readings(hotel: &Hotel, input: &RateInput, racks: &[(RackId, i64)], now: Instant) -> String {
    let mut file = String::from("meter,start,end,value,unit\n");
    for meter in &input.usage {
        // On the first rack: whatever stands there is the lease's alone.
        let from = input.lease.start.pred_opt().unwrap();
        hotel.meter(&meter.meter, Some(racks[0].0), None, &from.to_string());
        let from = input.zone.start_of(from);
        for it in meter
            .intervals
            .iter()
            .filter(|it| from <= it.start && it.end() <= now)
        {
            writeln!(
                file,
                "{},{},{},{},Wh",
                meter.meter,
                it.start,
                it.end(),
                it.wh.0
            )
            .unwrap();
        }
    }
    for rack in &racks[1..] {
        // Other racks stand idle: a meter that says so.
        let code = format!("idle {}", rack.0);
        hotel.meter(&code, Some(rack.0), None, &input.lease.start.to_string());
        let span = input.zone.month_span(input.period);
        let from = span.from.max(input.zone.start_of(input.lease.start));
        let mut start = from;
        while start < span.to {
            writeln!(file, "{code},{start},{},0,Wh", start.plus_seconds(1_800)).unwrap();
            start = start.plus_seconds(1_800);
        }
    }
    file
}

/// As rows: cases know events that the service would not take.
fn events(house: &House, lease: LeaseId, input: &RateInput) {
    for it in &input.outages {
        house
            .db
            .write(Chain::Operator, |tx| {
                let of = leases::get(tx.conn, lease)?;
                let event = LeaseEvent {
                    id: EventId(0),
                    lease_id: lease,
                    tenant_id: of.tenant_id,
                    site_id: of.site_id,
                    from_at: it.span.from,
                    to_at: it.span.to,
                    watts: Watts::from_kilo(it.kw).unwrap(),
                    cause: Cause::code(it.cause).into(),
                    note: String::new(),
                    created_at: Instant(0),
                    created_by: None,
                    removed_at: None,
                    removed_by: None,
                };
                leases::insert_event(tx.conn, &event)
            })
            .unwrap();
    }
}

/// Zeros behind the point are not part of a number.
fn plain(value: &Value) -> Value {
    match value {
        Value::String(text) => text
            .parse::<Decimal>()
            .map_or_else(|_| value.clone(), |it| it.normalize().to_string().into()),
        Value::Number(number) => number.to_string().into(),
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, it)| (key.clone(), plain(it)))
            .collect(),
        other => other.clone(),
    }
}

fn play(open: impl Fn() -> Option<House>) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/rating");
    let mut told = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let expected = serde_json::from_str::<Value>(&text).unwrap()["expected"].clone();
        let input = case::parse(&text).unwrap();
        if !can_be_told(&input, &expected) {
            continue;
        }
        let Some(house) = open() else { return };
        tell(&house, &input);
        let now = input.zone.start_of(input.period.end()).plus_hours(48);
        let run = runs::open(&house.db, &HOUSE, now, input.period).unwrap();
        runs::compute(&house.db, input.period, now, 100).unwrap();
        runs::issue(&house.db, &HOUSE, now, run, None).unwrap();
        runs::work(&house.db, URL, run, now).unwrap();
        let preview = house
            .db
            .read(|conn| runs::preview(conn, input.period, now))
            .unwrap();
        let entry = &preview.entries[0];
        let name = path.display();
        let (id, _, _) = entry
            .invoice
            .clone()
            .unwrap_or_else(|| panic!("{name}: {:?}", entry.blockers));
        let document = invoices::document(&house.db, &HOUSE, id).unwrap();
        assert_eq!(
            plain(&case::expected_json(&document.plan)),
            plain(&expected),
            "{name}"
        );
        assert_eq!(check(&house.db, now).unwrap(), [], "{name}");
        told += 1;
    }
    assert!(told >= 12, "only {told} cases could be told");
}

on_both! {
    fn cases_come_out_of_the_house_as_expected(house: &House) {
        play(|| House::open(house.kind));
    }
}
