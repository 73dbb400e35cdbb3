//! **rate** with what it needs: a lease's terms, its plan, VAT, events and charges.

use crate::db::Conn;
use crate::db::billing::{charges, plans, vat};
use crate::db::identity::operators;
use crate::db::leasing::leases::{self, Lease, LeaseEvent};
use crate::db::leasing::reservations;
use crate::db::site::racks::{self, Rack};
use crate::domain::billing::rate::{
    Cause, Charge, Contracted, LeaseTerms, OutageEvent, RackShare, RateInput, VatRate,
};
use crate::domain::calendar::{Month, Span, Zone};
use crate::domain::ids::RackId;
use crate::domain::metering::MeterUsage;
use crate::domain::money::Currency;
use crate::domain::site::SlotsEach;
use crate::error::{Error, Result};
use anyhow::Context;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// One lease's month; `usage` as it was settled. The readings have to be complete.
pub fn input(
    conn: &mut Conn,
    lease: &Lease,
    zone: Zone,
    month: Month,
    usage: Vec<MeterUsage>,
) -> Result<RateInput> {
    let plan = plans::get(conn, lease.plan_id)?;
    let span = zone.month_span(month);
    let events = leases::events(conn, lease.id)?;
    Ok(RateInput {
        currency: Currency::parse(&plan.currency)
            .with_context(|| format!("plan {} is in {:?}", plan.id, plan.currency))?,
        vat: vat_rates(conn)?,
        zone,
        period: month,
        lease: terms(conn, lease)?,
        plan: plans::published(conn, plan.id)?,
        outages: events.iter().filter_map(|it| outage(it, span)).collect(),
        charges: charges_of(conn, lease, month)?,
        usage,
        complete: true,
    })
}

/// An operator that pays no VAT bills at 0 (since 1970); none set up, at nothing.
pub fn vat_rates(conn: &mut Conn) -> Result<Vec<VatRate>> {
    match operators::get(conn)? {
        None => Ok(vec![]),
        Some(operator) if operator.vat_payer => vat::standard(conn, &operator.country),
        Some(_) => Ok(vec![VatRate {
            from: NaiveDate::default(),
            rate: Decimal::ZERO,
        }]),
    }
}

fn terms(conn: &mut Conn, lease: &Lease) -> Result<LeaseTerms> {
    let contracted = leases::terms(conn, lease.id)?;
    let term = lease.term();
    let mut units: BTreeMap<(RackId, NaiveDate, Option<NaiveDate>), i64> = BTreeMap::new();
    for allocation in reservations::allocations_of(conn, lease.reservation_id)? {
        if let Some(stay) = allocation.within(term) {
            let key = (allocation.rack_id, stay.from, stay.to);
            *units.entry(key).or_default() += allocation.units;
        }
    }
    let reservation = reservations::get(conn, lease.reservation_id)?;
    let whole = reservation.slots_each == SlotsEach::WholeRack;
    let ids: BTreeSet<RackId> = units.keys().map(|it| it.0).collect();
    let ids: Vec<RackId> = ids.into_iter().collect();
    let racks = racks::by_ids(conn, &ids)?.into_iter();
    let racks: BTreeMap<RackId, Rack> = racks.map(|rack| (rack.id, rack)).collect();
    let mut held = vec![];
    for ((id, from, to), units) in units {
        let rack = racks.get(&id).ok_or(Error::NotFound)?;
        held.push(RackShare {
            share: if whole {
                Decimal::ONE
            } else {
                share(units, rack.slots)
            },
            rack: rack.name.clone(),
            from,
            to,
        });
    }
    Ok(LeaseTerms {
        start: lease.start_date,
        end: lease.end_date,
        contracted: contracted
            .iter()
            .map(|term| Contracted {
                from: term.from_date,
                kw: term.contracted_watts.kilo().normalize(),
            })
            .collect(),
        racks: held,
    })
}

/// A rack taken whole counts 1, else its allocated slots ÷ slots, to 28 digits.
fn share(units: i64, slots: i64) -> Decimal {
    if units >= slots {
        return Decimal::ONE;
    }
    Decimal::from(units) / Decimal::from(slots)
}

/// `None` outside the month; a cause is checked when an event is recorded.
fn outage(event: &LeaseEvent, month: Span) -> Option<OutageEvent> {
    let span = Span {
        from: event.from_at,
        to: event.to_at,
    };
    span.intersect(month)?;
    Some(OutageEvent {
        span,
        kw: event.watts.kilo().normalize(),
        cause: Cause::parse(&event.cause)?,
    })
}

fn charges_of(conn: &mut Conn, lease: &Lease, month: Month) -> Result<Vec<Charge>> {
    let rows = charges::of_lease(conn, lease.id, month.first(), month.end())?;
    let decimal = |text: &str| text.parse::<Decimal>().context("a charge's number");
    rows.into_iter()
        .map(|row| {
            Ok(Charge {
                date: row.date,
                quantity: decimal(&row.quantity)?,
                unit_price: decimal(&row.unit_price)?,
                description: row.description,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_rack_counts_one() {
        assert_eq!(share(12, 12), Decimal::ONE);
        assert_eq!(share(3, 12), Decimal::new(25, 2));
    }
}
