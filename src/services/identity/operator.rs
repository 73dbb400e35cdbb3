//! The operator's own details.

use super::no_objections;
use crate::db::identity::operators::{self, Operator};
use crate::db::trail::Change;
use crate::db::{Chain, Db};
use crate::domain::calendar::{Instant, Zone};
use crate::domain::identity::TenantKind;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::identity::details::*;
use crate::domain::message::Message;
use crate::error::{Result, require};

/// Sets the operator up, or changes it. Issued documents keep what they were issued with.
pub fn save(db: &Db, who: &Actor, now: Instant, operator: &Operator) -> Result<()> {
    require(who, Permission::EditOperator)?;
    let row = tidy(operator);
    no_objections(objections(&row))?;
    db.write(Chain::Operator, |tx| {
        let before = operators::get(tx.conn)?;
        match before {
            Some(_) => operators::update(tx.conn, &row)?,
            None => operators::insert(tx.conn, &row)?,
        }
        let change = Change {
            action: if before.is_some() { "update" } else { "create" },
            noun: "operator",
            id: operators::ID,
            before: &before,
            after: &row,
        };
        tx.record(who, now, change)
    })
}

fn tidy(row: &Operator) -> Operator {
    let trimmed = |text: &str| text.trim().to_owned();
    Operator {
        id: operators::ID,
        legal_name: trimmed(&row.legal_name),
        short_name: trimmed(&row.short_name),
        country: row.country.trim().to_uppercase(),
        time_zone: trimmed(&row.time_zone),
        inn: trimmed(&row.inn),
        kpp: trimmed(&row.kpp),
        ogrn: trimmed(&row.ogrn),
        address: trimmed(&row.address),
        email: fold_email(&row.email),
        phone: trimmed(&row.phone),
        bank_name: trimmed(&row.bank_name),
        bank_bic: trimmed(&row.bank_bic),
        bank_account: trimmed(&row.bank_account),
        bank_corr_account: trimmed(&row.bank_corr_account),
        director: trimmed(&row.director),
        accountant: trimmed(&row.accountant),
        vat_payer: row.vat_payer,
        locale: trimmed(&row.locale),
    }
}

/// A sole trader may run a hotel: it is known by the length of its INN.
fn kind(row: &Operator) -> TenantKind {
    if row.inn.len() == 12 {
        TenantKind::SoleTrader
    } else {
        TenantKind::Company
    }
}

fn objections(row: &Operator) -> Vec<Objection> {
    let mut found = vec![];
    for (field, text) in [
        ("legal_name", &row.legal_name),
        ("short_name", &row.short_name),
        ("address", &row.address),
    ] {
        found.extend(check_required(field, text));
    }
    for (field, text) in [
        ("legal_name", &row.legal_name),
        ("short_name", &row.short_name),
        ("phone", &row.phone),
        ("bank_name", &row.bank_name),
        ("bank_bic", &row.bank_bic),
        ("bank_account", &row.bank_account),
        ("bank_corr_account", &row.bank_corr_account),
        ("director", &row.director),
        ("accountant", &row.accountant),
    ] {
        found.extend(check_length(field, text, LONGEST_LINE));
    }
    found.extend(check_length("address", &row.address, LONGEST_TEXT));
    if row.country.len() != 2 || !row.country.bytes().all(|b| b.is_ascii_uppercase()) {
        found.push(("country", Message::new("identity-country-form")));
    }
    if Zone::parse(&row.time_zone).is_none() {
        found.push(("time_zone", Message::new("identity-zone-unknown")));
    }
    let numbers = LegalNumbers {
        inn: &row.inn,
        kpp: &row.kpp,
        ogrn: &row.ogrn,
    };
    found.extend(check_numbers(kind(row), &row.country, numbers));
    found.extend(check_bank(
        &row.country,
        &row.bank_bic,
        &row.bank_account,
        &row.bank_corr_account,
    ));
    found.extend(check_email("email", &row.email));
    found.extend(check_locale("locale", &row.locale));
    found
}
