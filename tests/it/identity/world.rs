//! Who is in the house: builders for the other tests.

use crate::support::{House, NOW};
use innkeeper::db::identity::operators::Operator;
use innkeeper::db::identity::tenants::Tenant;
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::identity::TenantKind;
use innkeeper::domain::identity::access::{Actor, Role};
use innkeeper::domain::ids::{TenantId, UserId};
use innkeeper::domain::site::Redundancy;
use innkeeper::error::Error;
use innkeeper::services::identity::users::NewUser;
use innkeeper::services::identity::{tenants, users};

pub const PASSWORD: &str = "correct horse battery";

pub fn an_operator() -> Operator {
    let text = str::to_owned;
    Operator {
        id: 1,
        legal_name: text("ООО «Сосновый Бор Технопарк»"),
        short_name: text("Сосновый Бор"),
        country: text("RU"),
        time_zone: text("Europe/Moscow"),
        inn: text("7707083893"),
        kpp: text("773601001"),
        ogrn: text("1027700132195"),
        address: text("Сосновый Бор, Промзона, 14"),
        email: text("hotel@example.ru"),
        phone: text(""),
        bank_name: text("Банк"),
        bank_bic: text("044525225"),
        bank_account: text(""),
        bank_corr_account: text("30101810400000000225"),
        director: text("И. И. Иванов"),
        accountant: text("П. П. Петрова"),
        vat_payer: true,
        locale: text("ru"),
    }
}

pub fn a_tenant(name: &str) -> Tenant {
    let text = str::to_owned;
    Tenant {
        id: TenantId(0),
        kind: TenantKind::Company,
        name: text(name),
        name_folded: text(""),
        inn: text("7707083893"),
        kpp: text(""),
        ogrn: text(""),
        address: text(""),
        email: text("bills@example.ru"),
        phone: text(""),
        contact: text(""),
        bank_details: text(""),
        registry_number: text(""),
        registry_date: None,
        locale: text("ru"),
        created_at: Instant(0),
        created_by: None,
        redundancy: Redundancy::N,
    }
}

pub fn new_user(email: &str, role: Role, tenant: Option<TenantId>) -> NewUser {
    NewUser {
        email: email.to_owned(),
        name: format!("Name of {email}"),
        role,
        tenant,
        locale: "en".to_owned(),
    }
}

/// What was refused: the fields with their keys, or the rule's key.
pub fn said(error: Error) -> Vec<String> {
    match error {
        Error::Invalid(fields) => fields
            .into_iter()
            .map(|f| format!("{}: {}", f.field, f.message.key))
            .collect(),
        Error::Rule(message) => vec![message.key],
        Error::NotFound => vec!["not found".to_owned()],
        Error::Forbidden => vec!["forbidden".to_owned()],
        other => panic!("{other}"),
    }
}

impl House {
    pub fn tenant(&self, name: &str) -> TenantId {
        tenants::save(&self.db, &Actor::HOUSE, NOW, &a_tenant(name)).unwrap()
    }

    /// A user who can sign in with `PASSWORD`.
    pub fn user(&self, email: &str, role: Role, tenant: Option<TenantId>) -> UserId {
        let new = new_user(email, role, tenant);
        users::create(&self.db, &Actor::HOUSE, NOW, &new, PASSWORD).unwrap()
    }

    pub fn actor(&self, email: &str, role: Role, tenant: Option<TenantId>) -> Actor {
        Actor {
            user: Some(self.user(email, role, tenant)),
            role,
            tenant,
        }
    }
}
