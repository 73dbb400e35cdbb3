//! Invoices: numbered without gaps, never changed, and explained to the byte.

use super::Violation;
use crate::db::Conn;
use crate::db::billing::invoices::{self, Invoice};
use crate::db::trail;
use crate::domain::billing::inputs::Inputs;
use crate::domain::billing::rate::rate;
use crate::error::Result;
use crate::services::billing::invoices::document_of;
use crate::services::billing::issue::{SERIES, number};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const GAPS: &str = "no gaps";
const FINAL: &str = "issued is final";
const EXPLAINED: &str = "explained";

pub fn check(conn: &mut Conn, found: &mut Vec<Violation>) -> Result<()> {
    numbers(conn, found)?;
    for id in invoices::ids(conn)? {
        let row = invoices::get(conn, id)?;
        document(&row, found);
        lines(conn, &row, found)?;
        sealed(conn, &row, found)?;
    }
    Ok(())
}

/// 1, 2, 3 … in each year, and the counter stands at the last.
fn numbers(conn: &mut Conn, found: &mut Vec<Violation>) -> Result<()> {
    let mut last: BTreeMap<i32, i64> = BTreeMap::new();
    for (year, seq, written) in invoices::numbers(conn)? {
        let before = last.insert(year, seq).unwrap_or(0);
        if seq != before + 1 {
            let what = format!("in {year} invoice {seq} follows {before}");
            found.push(Violation::new(GAPS, what));
        }
        if written != number(year, seq) {
            let what = format!("invoice {seq} of {year} is numbered {written}");
            found.push(Violation::new(GAPS, what));
        }
    }
    let counters: BTreeMap<i32, i64> = invoices::counters(conn, SERIES)?.into_iter().collect();
    if counters != last {
        let what = format!("counters stand at {counters:?}, invoices at {last:?}");
        found.push(Violation::new(GAPS, what));
    }
    Ok(())
}

/// The columns say what the document says, and pricing the inputs again gives its very bytes.
fn document(row: &Invoice, found: &mut Vec<Violation>) {
    let Ok(document) = document_of(row) else {
        let what = format!("the document of invoice {} cannot be read", row.number);
        return found.push(Violation::new(FINAL, what));
    };
    let plan = &document.plan;
    let agrees = document.number == row.number
        && (plan.net, plan.vat, plan.total) == (row.net, row.vat, row.total)
        && (plan.metered_wh, plan.estimated_wh) == (row.wh, row.estimated_wh)
        && plan.period.to_string() == row.month
        && plan.currency.code() == row.currency
        && (document.issue_date, document.due_date) == (row.issue_date, row.due_date);
    if !agrees {
        let what = format!("invoice {} and its document differ", row.number);
        found.push(Violation::new(FINAL, what));
    }
    let inputs = serde_json::from_str::<Inputs>(&row.inputs).ok();
    let again = inputs
        .and_then(Inputs::into_rate_input)
        .map(|input| rate(&input));
    let same = match again {
        Some(Ok(again)) => serde_json::to_string(&again).ok() == serde_json::to_string(plan).ok(),
        _ => false,
    };
    if !same {
        let what = format!("invoice {} priced again gives another document", row.number);
        found.push(Violation::new(EXPLAINED, what));
    }
}

fn lines(conn: &mut Conn, row: &Invoice, found: &mut Vec<Violation>) -> Result<()> {
    let lines = invoices::lines(conn, row.id)?;
    let stored = lines.iter().map(|it| (it.kind.as_str(), it.net));
    let same = document_of(row).is_ok_and(|document| {
        let priced = document.plan.lines.iter();
        stored.eq(priced.map(|it| (it.kind.code(), it.net)))
    });
    if !same {
        let what = format!("the lines of invoice {} are not its document's", row.number);
        found.push(Violation::new(FINAL, what));
    }
    Ok(())
}

/// The trail of its issue holds the seals of its texts.
fn sealed(conn: &mut Conn, row: &Invoice, found: &mut Vec<Violation>) -> Result<()> {
    let history = trail::of(conn, "invoice", row.id.0, i64::MAX)?;
    let issue = history.iter().find(|(entry, _)| entry.action == "issue");
    let kept = issue.and_then(|(entry, _)| {
        let value: serde_json::Value = serde_json::from_str(&entry.after_state).ok()?;
        let seal = |key: &str| value[key].as_str().map(str::to_owned);
        Some((seal("document_sha256")?, seal("inputs_sha256")?))
    });
    let hash = |text: &str| hex::encode(Sha256::digest(text));
    if kept != Some((hash(&row.document), hash(&row.inputs))) {
        let what = format!("invoice {} was changed after its issue", row.number);
        found.push(Violation::new(FINAL, what));
    }
    Ok(())
}
