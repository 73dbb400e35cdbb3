//! The demo's people: the operator, eight tenants of all kinds, and users of every role.

use crate::app::App;
use crate::db::identity::operators::Operator;
use crate::db::identity::tenants::Tenant;
use crate::domain::calendar::Instant;
use crate::domain::identity::TenantKind;
use crate::domain::identity::access::{Actor, Role};
use crate::domain::ids::{TenantId, UserId};
use crate::domain::site::Redundancy;
use crate::error::Result;
use crate::services::identity::{operator, tenants, users};

/// One sign-in for each role; the password is made anew at each start.
pub const SIGN_INS: [(&str, &str, Role); 5] = [
    ("owner@sevhash.example", "Анна Кузнецова", Role::Owner),
    ("member@sevhash.example", "Игорь Седов", Role::Member),
    ("staff@sosnovy-bor.example", "Павел Громов", Role::Staff),
    ("finance@sosnovy-bor.example", "Мария Орлова", Role::Finance),
    (
        "admin@sosnovy-bor.example",
        "Олег Берг",
        Role::Administrator,
    ),
];

/// Kind, name, INN, KPP, OGRN, contact's address, and the number in the register of miners.
type Row = (
    TenantKind,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const TENANTS: [Row; 8] = [
    (
        TenantKind::Company,
        "ООО «Северный хэш»",
        "7801001016",
        "780101001",
        "1127810000009",
        "buh@sevhash.example",
        "М-2025-000118",
    ),
    (
        TenantKind::Company,
        "АО «Балтик Вычисления»",
        "7802002020",
        "780201001",
        "1127810000010",
        "finance@baltcomp.example",
        "М-2025-000204",
    ),
    (
        TenantKind::Company,
        "ООО «Байкал Майнинг»",
        "0323003030",
        "032301001",
        "1127810000020",
        "office@baikalmining.example",
        "М-2025-000377",
    ),
    (
        TenantKind::SoleTrader,
        "ИП Орлова Марина Андреевна",
        "780112345606",
        "",
        "315784700123459",
        "orlova@example.com",
        "М-2026-000051",
    ),
    (
        TenantKind::Person,
        "Ковалёв Пётр Сергеевич",
        "472609876516",
        "",
        "",
        "kovalev@example.com",
        "",
    ),
    (
        TenantKind::Company,
        "ООО «Гидромайн»",
        "4706006065",
        "470601001",
        "1127810000031",
        "pay@hydromine.example",
        "М-2025-000412",
    ),
    (
        TenantKind::Company,
        "ООО «НейроТех»",
        "7813007076",
        "781301001",
        "1127810000042",
        "accounts@neurotech.example",
        "",
    ),
    (
        TenantKind::Company,
        "ООО «Пул Иммерсия»",
        "7804008080",
        "780401001",
        "1127810000053",
        "buh@pool-im.example",
        "М-2026-000009",
    ),
];

/// Where a tenant's invoices go.
pub fn email(tenant: usize) -> &'static str {
    TENANTS[tenant].5
}

pub struct People {
    pub tenants: Vec<TenantId>,
    pub staff: Actor,
    pub finance: Actor,
    owners: Vec<Actor>,
}

impl People {
    /// Whoever books for a tenant.
    pub fn owner(&self, tenant: usize) -> Actor {
        self.owners[tenant]
    }
}

/// Everybody, with one password for the sign-ins that are shown; the other owners have their own.
pub fn build(app: &App, now: Instant, password: &str, hidden: &str) -> Result<People> {
    operator::save(&app.db, &Actor::HOUSE, now, &operator_row())?;
    let tenants: Vec<TenantId> = TENANTS
        .iter()
        .map(|row| tenants::save(&app.db, &Actor::HOUSE, now, &tenant_row(row, now)))
        .collect::<Result<_>>()?;
    let mut people = People {
        staff: Actor::HOUSE,
        finance: Actor::HOUSE,
        owners: vec![],
        tenants,
    };
    for (email, name, role) in SIGN_INS {
        let tenant = role.is_tenant().then(|| people.tenants[0]);
        let user = user(app, now, (email, name, role), tenant, password)?;
        let actor = Actor {
            user: Some(user),
            role,
            tenant,
        };
        match role {
            Role::Owner => people.owners.push(actor),
            Role::Staff => people.staff = actor,
            Role::Finance => people.finance = actor,
            Role::Member | Role::Administrator => {}
        }
    }
    for (at, row) in TENANTS.iter().enumerate().skip(1) {
        let tenant = Some(people.tenants[at]);
        let user = user(app, now, (row.5, row.1, Role::Owner), tenant, hidden)?;
        people.owners.push(Actor {
            user: Some(user),
            role: Role::Owner,
            tenant,
        });
    }
    Ok(people)
}

fn user(
    app: &App,
    now: Instant,
    (email, name, role): (&str, &str, Role),
    tenant: Option<TenantId>,
    password: &str,
) -> Result<UserId> {
    let new = users::NewUser {
        email: email.to_owned(),
        name: name.to_owned(),
        role,
        tenant,
        locale: "ru".to_owned(),
    };
    users::create(&app.db, &Actor::HOUSE, now, &new, password)
}

fn operator_row() -> Operator {
    let text = str::to_owned;
    Operator {
        id: 1,
        legal_name: text("Общество с ограниченной ответственностью «Технопарк Сосновый Бор»"),
        short_name: text("ООО «Технопарк Сосновый Бор»"),
        country: text("RU"),
        time_zone: text("Europe/Moscow"),
        inn: text("4726012349"),
        kpp: text("472601001"),
        ogrn: text("1024701234568"),
        address: text("188540, Ленинградская область, г. Сосновый Бор, Промзона, 14"),
        email: text("office@sosnovy-bor.example"),
        phone: text("+7 81369 2-00-14"),
        bank_name: text("ПАО «Невский банк», Санкт-Петербург"),
        bank_bic: text("044030999"),
        bank_account: text("40702810600000012345"),
        bank_corr_account: text("30101810400000000999"),
        director: text("Лебедев Антон Юрьевич"),
        accountant: text("Орлова Мария Игоревна"),
        vat_payer: true,
        locale: text("ru"),
    }
}

fn tenant_row(row: &Row, now: Instant) -> Tenant {
    let (kind, name, inn, kpp, ogrn, email, registry) = *row;
    Tenant {
        id: TenantId(0),
        kind,
        name: name.to_owned(),
        name_folded: String::new(),
        inn: inn.to_owned(),
        kpp: kpp.to_owned(),
        ogrn: ogrn.to_owned(),
        address: "191028, Санкт-Петербург, Литейный пр., 20".to_owned(),
        email: email.to_owned(),
        phone: "+7 812 555-01-20".to_owned(),
        contact: String::new(),
        bank_details: String::new(),
        registry_number: registry.to_owned(),
        registry_date: chrono::NaiveDate::from_ymd_opt(2025, 2, 3).filter(|_| !registry.is_empty()),
        locale: "ru".to_owned(),
        created_at: now,
        created_by: None,
        redundancy: Redundancy::N,
    }
}
