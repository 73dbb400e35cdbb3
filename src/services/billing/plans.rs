//! Price plans: drafts are edited, published versions never change.

use crate::db::billing::plans::{self, Plan, Version};
use crate::db::billing::{invoices, vat};
use crate::db::site::sites;
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db, Tx};
use crate::domain::billing::invoice_plan::InvoicePlan;
use crate::domain::billing::plan::{PlanError, PlanFault, PlanVersion};
use crate::domain::billing::rate::{QuoteInput, RateError, quote};
use crate::domain::calendar::{Instant, Month, Zone};
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::domain::money::Currency;
use crate::domain::units::Watts;
use crate::error::{Error, FieldError, Result, require};
use crate::services::billing::rating;
use crate::services::metering::usage;
use rust_decimal::Decimal;

const MAX_NAME: usize = 80;

pub fn create(
    db: &Db,
    who: &Actor,
    now: Instant,
    name: &str,
    currency: Currency,
) -> Result<PlanId> {
    require(who, Permission::EditPlans)?;
    let name = name.trim();
    if name.is_empty() {
        return Err(Error::field("name", "form-required"));
    }
    if name.chars().count() > MAX_NAME {
        return Err(Error::field("name", "field-too-long"));
    }
    db.write(Chain::Operator, |tx| {
        if plans::by_name(tx.conn, name)?.is_some() {
            return Err(Error::field("name", "plan-name-taken"));
        }
        let mut row = Plan {
            id: PlanId(0),
            name: name.to_owned(),
            currency: currency.code().to_owned(),
            created_at: now,
            created_by: who.user,
        };
        row.id = plans::insert(tx.conn, &row)?;
        record(tx, who, now, "create", ("plan", row.id.0), &(), &row)?;
        Ok(row.id)
    })
}

/// Writes a draft: a new one, or in the place of the draft that is given.
///
/// # Errors
/// `Invalid` with the fields of the JSON form, `energy.zones.0.price`; `Rule` for a published one.
pub fn save_draft(
    db: &Db,
    who: &Actor,
    now: Instant,
    plan: PlanId,
    draft: Option<PlanVersionId>,
    terms: &PlanVersion,
) -> Result<PlanVersionId> {
    require(who, Permission::EditPlans)?;
    valid(terms)?;
    let text = serde_json::to_string(terms).map_err(anyhow::Error::from)?;
    db.write(Chain::Operator, |tx| {
        plans::get(tx.conn, plan)?;
        let mut row = match draft {
            None => Version {
                id: PlanVersionId(0),
                plan_id: plan,
                effective_from: terms.effective_from,
                terms: text.clone(),
                created_at: now,
                created_by: who.user,
                published_at: None,
                published_by: None,
            },
            Some(id) => own_draft(tx.conn, plan, id)?,
        };
        match draft {
            None => {
                row.id = plans::insert_version(tx.conn, &row)?;
                record(tx, who, now, "draft", ("plan", plan.0), &(), &row)?;
            }
            Some(_) => {
                let before = row.clone();
                row.effective_from = terms.effective_from;
                row.terms.clone_from(&text);
                plans::update_version(tx.conn, &row)?;
                record(tx, who, now, "draft", ("plan", plan.0), &before, &row)?;
            }
        }
        Ok(row.id)
    })
}

pub fn delete_draft(
    db: &Db,
    who: &Actor,
    now: Instant,
    plan: PlanId,
    draft: PlanVersionId,
) -> Result<()> {
    require(who, Permission::EditPlans)?;
    db.write(Chain::Operator, |tx| {
        let row = own_draft(tx.conn, plan, draft)?;
        plans::delete_version(tx.conn, draft)?;
        record(tx, who, now, "delete_draft", ("plan", plan.0), &row, &())
    })
}

fn own_draft(conn: &mut Conn, plan: PlanId, id: PlanVersionId) -> Result<Version> {
    let row = plans::version(conn, id)?;
    if row.plan_id != plan {
        return Err(Error::NotFound);
    }
    if row.published_at.is_some() {
        return Err(Error::rule("plan-version-published"));
    }
    Ok(row)
}

/// Puts a draft into force from its date on; from then it never changes.
///
/// # Errors
/// `Invalid` where its date is not after the last published version's, or reaches into a month
/// that is billed already.
pub fn publish(
    db: &Db,
    who: &Actor,
    now: Instant,
    plan: PlanId,
    draft: PlanVersionId,
) -> Result<()> {
    require(who, Permission::EditPlans)?;
    db.write(Chain::Operator, |tx| {
        let before = own_draft(tx.conn, plan, draft)?;
        let terms = before.terms()?;
        valid(&terms)?;
        let published = plans::published(tx.conn, plan)?;
        let last = published.iter().map(|it| it.effective_from).max();
        if last.is_some_and(|last| terms.effective_from <= last) {
            return Err(Error::field("effective_from", "plan-fault-late"));
        }
        let leases = plans::leases_on(tx.conn, plan)?;
        let month = Month::of(terms.effective_from).to_string();
        let billed = invoices::billed_months(tx.conn, &leases)?;
        if billed.iter().any(|(_, billed)| *billed >= month) {
            return Err(Error::field("effective_from", "plan-month-billed"));
        }
        let after = Version {
            published_at: Some(now),
            published_by: who.user,
            ..before.clone()
        };
        plans::update_version(tx.conn, &after)?;
        record(tx, who, now, "publish", ("plan", plan.0), &before, &after)?;
        for lease in leases {
            usage::mark_stale_from(tx, lease, Month::of(terms.effective_from), now)?;
        }
        Ok(())
    })
}

/// One error a field, in the words of forms.
fn valid(terms: &PlanVersion) -> Result<()> {
    let errors = terms.validate();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(errors.iter().map(field_error).collect()))
    }
}

fn field_error(error: &PlanError) -> FieldError {
    let code = error.fault.code().replace('_', "-");
    let message = Message::new(&format!("plan-fault-{code}"));
    FieldError {
        field: error.field.clone(),
        message: match error.fault {
            PlanFault::TooManyDecimals => message.with("most", 6),
            _ => message,
        },
    }
}

/// What a plan's preview is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub month: Month,
    pub kw: Decimal,
    pub racks: Decimal,
    pub watts: Watts,
}

/// A typical month at these prices alone; `zone` is the operator's or a site's.
pub fn preview(
    conn: &mut Conn,
    terms: &PlanVersion,
    currency: Currency,
    zone: Zone,
    sample: Sample,
) -> Result<std::result::Result<InvoicePlan, Vec<RateError>>> {
    let mut terms = terms.clone();
    // A version that starts later is previewed as if it were in force.
    terms.effective_from = terms.effective_from.min(sample.month.first());
    Ok(quote(&QuoteInput {
        currency,
        vat: rating::vat_rates(conn)?,
        zone,
        month: sample.month,
        plan: vec![terms],
        kw: sample.kw,
        racks: sample.racks,
        watts: sample.watts,
    }))
}

/// The zone of the first site: where a plan's preview is local to.
pub fn preview_zone(conn: &mut Conn) -> Result<Zone> {
    let first = sites::all(conn)?.into_iter().next();
    Ok(first.map_or(Zone(chrono_tz::UTC), |site| site.zone()))
}

/// Plans that can be given to a lease: those with a published version.
pub fn published(conn: &mut Conn) -> Result<Vec<Plan>> {
    let mut found = vec![];
    for plan in plans::all(conn)? {
        if !plans::published(conn, plan.id)?.is_empty() {
            found.push(plan);
        }
    }
    Ok(found)
}

/// Whether a country has any VAT rate: an installation without one cannot bill.
pub fn has_vat(conn: &mut Conn, country: &str) -> Result<bool> {
    Ok(!vat::standard(conn, country)?.is_empty())
}

fn record<B: serde::Serialize, A: serde::Serialize>(
    tx: &mut Tx,
    who: &Actor,
    now: Instant,
    action: &str,
    (noun, id): (&str, i64),
    before: &B,
    after: &A,
) -> Result<()> {
    let change = Change {
        action,
        noun,
        id,
        before,
        after,
    };
    tx.record(who, now, change)
}
