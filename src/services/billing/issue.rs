//! One lease's invoice: settled, priced, numbered, posted and mailed in one transaction.

use super::blockers::{self, Blocker, Target};
use super::{operator_today, payments};
use crate::db::Tx;
use crate::db::billing::invoices::{self, Invoice, InvoiceLine};
use crate::db::billing::ledger::{self, Account, Kind, Transaction};
use crate::db::identity::operators::{self, Operator};
use crate::db::identity::tenants::{self, Tenant};
use crate::db::leasing::leases::{self, Lease};
use crate::db::site::sites::{self, Site};
use crate::db::trail::Change;
use crate::domain::billing::inputs::Inputs;
use crate::domain::billing::invoice_plan::InvoicePlan;
use crate::domain::calendar::{Instant, Month};
use crate::domain::fold::fold;
use crate::domain::identity::access::Actor;
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::domain::money::Minor;
use crate::error::Result;
use crate::export::document::{Bank, InvoiceDocument, Party};
use crate::services::metering::usage::{self, Computed};
use crate::services::outbox;
use crate::text::{Locale, format};
use anyhow::Context;
use chrono::{Datelike, Days, NaiveDate};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The series that invoices are numbered in.
pub const SERIES: &str = "invoice";

/// What became of one lease in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Issued(InvoiceId),
    /// It was issued before: doing it again changes nothing.
    Already(InvoiceId),
    Blocked(Vec<Blocker>),
}

/// Issues the invoice of one lease for the run's month, or says why it cannot be.
pub fn issue_lease(
    tx: &mut Tx,
    who: &Actor,
    base_url: &str,
    (run, month): (RunId, Month),
    lease: LeaseId,
    now: Instant,
) -> Result<Outcome> {
    if let Some((id, _)) = invoices::of_lease_month(tx.conn, lease, month)?.first() {
        return Ok(Outcome::Already(*id));
    }
    let lease = leases::get(tx.conn, lease)?;
    let site = sites::get(tx.conn, lease.site_id)?;
    let tenant = tenants::get(tx.conn, lease.tenant_id)?;
    let operator = operators::get(tx.conn)?;
    let zone = site.zone();
    let computed = usage::compute(tx.conn, &lease, zone, month, now)?;
    usage::keep(tx.conn, &computed, zone, month)?;
    let found = blockers_of(&computed, &tenant, operator.as_ref(), &site, month, now);
    let (Some(billable), Some(operator), []) = (&computed.billable, operator, &found[..]) else {
        return Ok(Outcome::Blocked(found));
    };
    let today = operator_today(tx.conn, now)?;
    let seq = invoices::take_number(tx.conn, SERIES, today.year())?;
    let (plan, inputs) = billable;
    let document = InvoiceDocument {
        number: number(today.year(), seq),
        issue_date: today,
        due_date: due_date(today, lease.payment_days),
        ..document(&operator, &tenant, &lease, &site, plan)
    };
    let inputs = serde_json::to_string(&Inputs::from(inputs)).map_err(anyhow::Error::from)?;
    let row = row(&document, run, &lease, &tenant, inputs, (seq, now, who))?;
    let id = write(tx, who, row, now, &document)?;
    mail(
        tx,
        base_url,
        id,
        &document,
        lease.billing_email.as_str(),
        now,
    )?;
    payments::apply_advance_to(tx, who, id, now)?;
    Ok(Outcome::Issued(id))
}

/// `2026-000412`: the year of the local date of issue and the place in it.
pub fn number(year: i32, seq: i64) -> String {
    format!("{year}-{seq:06}")
}

fn due_date(issued: NaiveDate, payment_days: i64) -> NaiveDate {
    let days = u64::try_from(payment_days).unwrap_or(0);
    issued.checked_add_days(Days::new(days)).unwrap_or(issued)
}

/// Everything that stands between a lease's month and its invoice.
pub fn blockers_of(
    computed: &Computed,
    tenant: &Tenant,
    operator: Option<&Operator>,
    site: &Site,
    month: Month,
    now: Instant,
) -> Vec<Blocker> {
    let mut found = computed.blockers.clone();
    found.extend(blockers::of_parties(tenant, operator));
    if site.zone().date(now) < month.end() {
        found.push(Blocker {
            message: Message::new("blocker-month-open").with("until", month.end().to_string()),
            target: Target::Lease(computed.row.lease_id),
        });
    }
    found
}

fn document(
    operator: &Operator,
    tenant: &Tenant,
    lease: &Lease,
    site: &Site,
    plan: &InvoicePlan,
) -> InvoiceDocument {
    InvoiceDocument {
        number: String::new(),
        issue_date: NaiveDate::default(),
        due_date: NaiveDate::default(),
        locale: Locale::parse(&tenant.locale).unwrap_or(Locale::Ru),
        operator: Party {
            name: operator.legal_name.clone(),
            inn: operator.inn.clone(),
            kpp: operator.kpp.clone(),
            ogrn: operator.ogrn.clone(),
            address: operator.address.clone(),
            email: operator.email.clone(),
            registry_number: String::new(),
        },
        tenant: Party {
            name: tenant.name.clone(),
            inn: tenant.inn.clone(),
            kpp: tenant.kpp.clone(),
            ogrn: tenant.ogrn.clone(),
            address: tenant.address.clone(),
            email: lease.billing_email.clone(),
            registry_number: tenant.registry_number.clone(),
        },
        bank: Bank {
            name: operator.bank_name.clone(),
            bic: operator.bank_bic.clone(),
            account: operator.bank_account.clone(),
            correspondent_account: operator.bank_corr_account.clone(),
        },
        director: operator.director.clone(),
        accountant: operator.accountant.clone(),
        lease_number: lease.number.clone(),
        site_name: site.name.clone(),
        vat_payer: operator.vat_payer,
        plan: plan.clone(),
    }
}

fn row(
    document: &InvoiceDocument,
    run: RunId,
    lease: &Lease,
    tenant: &Tenant,
    inputs: String,
    (seq, now, who): (i64, Instant, &Actor),
) -> Result<Invoice> {
    let plan = &document.plan;
    Ok(Invoice {
        id: InvoiceId(0),
        number: document.number.clone(),
        year: document.issue_date.year(),
        seq,
        run_id: run,
        lease_id: lease.id,
        tenant_id: lease.tenant_id,
        site_id: lease.site_id,
        tenant_folded: fold(&tenant.name),
        month: plan.period.to_string(),
        currency: plan.currency.code().to_owned(),
        issue_date: document.issue_date,
        due_date: document.due_date,
        net: plan.net,
        vat_rate: plan.vat_rate.to_string(),
        vat: plan.vat,
        total: plan.total,
        wh: plan.metered_wh,
        estimated_wh: plan.estimated_wh,
        document: serde_json::to_string(document).context("an invoice as JSON")?,
        inputs,
        issued_at: now,
        issued_by: who.user,
    })
}

/// What the trail keeps of an invoice: its money, and the seals of its frozen texts.
#[derive(Serialize)]
struct Trace<'a> {
    number: &'a str,
    lease_id: LeaseId,
    month: &'a str,
    currency: &'a str,
    net: Minor,
    vat: Minor,
    total: Minor,
    document_sha256: String,
    inputs_sha256: String,
}

fn write(
    tx: &mut Tx,
    who: &Actor,
    mut row: Invoice,
    now: Instant,
    document: &InvoiceDocument,
) -> Result<InvoiceId> {
    row.id = invoices::insert(tx.conn, &row)?;
    for (line, priced) in (1..).zip(&document.plan.lines) {
        let line = InvoiceLine {
            invoice_id: row.id,
            line,
            kind: priced.kind.code().to_owned(),
            net: priced.net,
        };
        invoices::insert_line(tx.conn, &line)?;
    }
    post(tx, who, &row, now)?;
    let change = Change {
        action: "issue",
        noun: "invoice",
        id: row.id.0,
        before: &(),
        after: &Trace {
            number: &row.number,
            lease_id: row.lease_id,
            month: &row.month,
            currency: &row.currency,
            net: row.net,
            vat: row.vat,
            total: row.total,
            document_sha256: hex::encode(Sha256::digest(&row.document)),
            inputs_sha256: hex::encode(Sha256::digest(&row.inputs)),
        },
    };
    tx.record(who, now, change)?;
    Ok(row.id)
}

fn post(tx: &mut Tx, who: &Actor, row: &Invoice, now: Instant) -> Result<()> {
    let head = Transaction {
        id: LedgerTransactionId(0),
        date: row.issue_date,
        kind: Kind::Invoice.code().to_owned(),
        document_id: row.id.0,
        currency: row.currency.clone(),
        posted_at: now,
        posted_by: who.user,
    };
    let lines = [
        (Account::Receivable, Some(row.tenant_id), row.total),
        (Account::Revenue, None, -row.net),
        (Account::Vat, None, -row.vat),
    ];
    ledger::post(tx.conn, &head, &lines)?;
    Ok(())
}

fn mail(
    tx: &mut Tx,
    base_url: &str,
    id: InvoiceId,
    document: &InvoiceDocument,
    to: &str,
    now: Instant,
) -> Result<()> {
    let locale = document.locale;
    let date = |day| format::date(locale, day);
    let total = format::money(locale, document.plan.total, document.currency());
    let args = [
        ("number", document.number.as_str()),
        ("date", &date(document.issue_date)),
        ("month", &format::month(locale, document.period())),
        ("lease", &document.lease_number),
        ("total", &total),
        ("due", &date(document.due_date)),
        (
            "link",
            &format!("{}/invoices/{id}", base_url.trim_end_matches('/')),
        ),
        ("operator", &document.operator.name),
    ];
    let tenant = invoices::head(tx.conn, id)?.tenant_id;
    let draft = outbox::Draft {
        kind: "invoice",
        to,
        locale: locale.code(),
        args: &args,
        invoice: Some(id),
        tenant: Some(tenant),
    };
    outbox::enqueue(tx, &draft, now)?;
    Ok(())
}
