//! Tenants and their details.

use super::no_objections;
use crate::db::identity::{operators, tenants};
use crate::db::trail::Change;
use crate::db::{Chain, Db};
use crate::domain::calendar::Instant;
use crate::domain::fold::fold;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::identity::details::*;
use crate::domain::ids::TenantId;
use crate::domain::message::Message;
use crate::error::{Result, require};

pub use crate::db::identity::tenants::Tenant;

/// The law whose numbers are checked before an operator was entered.
const DEFAULT_COUNTRY: &str = "RU";

/// Creates a tenant (id 0), or changes it. Who created it and when is kept by the house.
pub fn save(db: &Db, who: &Actor, now: Instant, tenant: &Tenant) -> Result<TenantId> {
    require(who, Permission::EditTenants)?;
    db.write(Chain::Operator, |tx| {
        let country = operators::get(tx.conn)?
            .map_or_else(|| DEFAULT_COUNTRY.to_owned(), |operator| operator.country);
        let mut row = tidy(tenant);
        no_objections(objections(&row, &country))?;
        if row.id.0 == 0 {
            row.created_at = now;
            row.created_by = who.user;
            row.id = tenants::insert(tx.conn, &row)?;
            let change = Change {
                action: "create",
                noun: "tenant",
                id: row.id.0,
                before: &(),
                after: &row,
            };
            tx.record(who, now, change)?;
            return Ok(row.id);
        }
        let before = tenants::get(tx.conn, row.id)?;
        row.created_at = before.created_at;
        row.created_by = before.created_by;
        tenants::update(tx.conn, &row)?;
        let change = Change {
            action: "update",
            noun: "tenant",
            id: row.id.0,
            before: &before,
            after: &row,
        };
        tx.record(who, now, change)?;
        Ok(row.id)
    })
}

fn tidy(row: &Tenant) -> Tenant {
    let trimmed = |text: &str| text.trim().to_owned();
    let name = trimmed(&row.name);
    Tenant {
        id: row.id,
        kind: row.kind,
        name_folded: fold(&name),
        name,
        inn: trimmed(&row.inn),
        kpp: trimmed(&row.kpp),
        ogrn: trimmed(&row.ogrn),
        address: trimmed(&row.address),
        email: fold_email(&row.email),
        phone: trimmed(&row.phone),
        contact: trimmed(&row.contact),
        bank_details: trimmed(&row.bank_details),
        registry_number: trimmed(&row.registry_number),
        registry_date: row.registry_date,
        locale: trimmed(&row.locale),
        created_at: row.created_at,
        created_by: row.created_by,
        redundancy: row.redundancy,
    }
}

fn objections(row: &Tenant, country: &str) -> Vec<Objection> {
    let mut found: Vec<Objection> = check_required("name", &row.name).into_iter().collect();
    for (field, text) in [
        ("name", &row.name),
        ("phone", &row.phone),
        ("contact", &row.contact),
        ("registry_number", &row.registry_number),
    ] {
        found.extend(check_length(field, text, LONGEST_LINE));
    }
    for (field, text) in [
        ("address", &row.address),
        ("bank_details", &row.bank_details),
    ] {
        found.extend(check_length(field, text, LONGEST_TEXT));
    }
    let numbers = LegalNumbers {
        inn: &row.inn,
        kpp: &row.kpp,
        ogrn: &row.ogrn,
    };
    found.extend(check_numbers(row.kind, country, numbers));
    found.extend(check_email("email", &row.email));
    found.extend(check_locale("locale", &row.locale));
    if row.registry_date.is_some() && row.registry_number.is_empty() {
        found.push(("registry_number", Message::new("identity-registry-number")));
    }
    if row.registry_date.is_none() && !row.registry_number.is_empty() {
        found.push(("registry_date", Message::new("identity-registry-date")));
    }
    found
}
