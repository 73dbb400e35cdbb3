//! Tenants: the list, one of them, creating and changing.

use super::{Fields, history, locales, part};
use crate::db::identity::lists;
use crate::db::identity::tenants::{self as rows, Tenant};
use crate::db::{identity::users, trail};
use crate::domain::calendar::Instant;
use crate::domain::identity::TenantKind;
use crate::domain::identity::access::Permission;
use crate::domain::identity::details::{LONGEST_LINE, LONGEST_TEXT};
use crate::domain::ids::TenantId;
use crate::domain::site::Redundancy;
use crate::services::identity::tenants as service;
use crate::services::metering::curve::Subject;
use crate::text::Locale;
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::leasing::words::{redundancy, redundancy_choices};
use crate::web::list::{Cursor, ListParams, ListSpec, page_of, with_query};
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::{Choice, Fact, Happening, Step};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;

pub const SPEC: ListSpec = ListSpec {
    sorts: &["name", "inn", "since"],
    descending: false,
    filters: &["kind"],
};

#[derive(Template)]
#[template(path = "identity/tenants.html")]
struct Tenants {
    page: Page,
    list: ListParams,
    rows: Vec<Tenant>,
    next: Option<String>,
    kinds: Vec<Choice>,
    edits: bool,
}

fn kinds(page: &Page) -> Vec<Choice> {
    TenantKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.code(), page.code("tenant-kind", kind)))
        .collect()
}

pub async fn list(visit: Visit) -> Answer {
    let list = visit.list(SPEC);
    let (kind, wanted) = (TenantKind::parse(list.filter("kind")), part(&list));
    let rows = visit
        .read(move |conn| lists::tenants(conn, kind, &wanted))
        .await?;
    let (rows, next) = page_of(rows, &list, |row| match list.sort {
        "inn" => Cursor::new(&row.inn, row.id.0),
        "since" => Cursor::new(row.created_at.0, row.id.0),
        _ => Cursor::new(&row.name_folded, row.id.0),
    });
    let page = visit.page("nav-tenants");
    html(&Tenants {
        kinds: kinds(&page),
        edits: visit.who.may(Permission::EditTenants),
        page,
        list,
        rows,
        next,
    })
}

#[derive(Template)]
#[template(path = "identity/tenant.html")]
struct TenantPage {
    page: Page,
    id: TenantId,
    facts: Vec<Fact>,
    contacts: Vec<Fact>,
    users: Option<Vec<UserLine>>,
    links: Vec<Step>,
    edits: bool,
    history: Vec<Happening>,
}

struct UserLine {
    href: String,
    name: String,
    email: String,
    role: String,
}

pub async fn show(visit: Visit, id: Path<i64>) -> Answer {
    let id = TenantId(*id);
    let (tenant, people, happened) = visit
        .read(move |conn| {
            let tenant = rows::get(conn, id)?;
            let people = users::of_tenant(conn, id)?;
            Ok((tenant, people, trail::of(conn, "tenant", id.0, 20)?))
        })
        .await?;
    let page = visit.page("nav-tenants").named(tenant.name.clone());
    let people = visit.who.may(Permission::ManageUsers).then(|| {
        people
            .into_iter()
            .map(|user| UserLine {
                href: format!("/users/{}", user.id),
                role: page.code("role", user.role),
                name: user.name,
                email: user.email,
            })
            .collect()
    });
    html(&TenantPage {
        id,
        facts: legal(&page, &tenant),
        contacts: contacts(&page, &tenant),
        users: people,
        links: links(&visit, &page, &tenant),
        edits: visit.who.may(Permission::EditTenants),
        history: history(&page, &happened),
        page,
    })
}

/// Facts that are there; an empty one says nothing.
fn filled(page: &Page, pairs: &[(&str, &str)]) -> Vec<Fact> {
    pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| Fact::new(page.t(key), *value))
        .collect()
}

fn legal(page: &Page, tenant: &Tenant) -> Vec<Fact> {
    let ogrn = match tenant.kind {
        TenantKind::SoleTrader => "tenant-ogrnip",
        _ => "tenant-ogrn",
    };
    let kind = page.code("tenant-kind", tenant.kind);
    let mut facts = filled(
        page,
        &[
            ("tenant-kind", kind.as_str()),
            ("tenant-inn", &tenant.inn),
            ("tenant-kpp", &tenant.kpp),
            (ogrn, &tenant.ogrn),
            ("tenant-address", &tenant.address),
            ("tenant-bank", &tenant.bank_details),
        ],
    );
    let registry = match tenant.registry_date {
        Some(day) => format!("{} · {}", tenant.registry_number, page.date(day)),
        None => page.t("tenant-no-registry"),
    };
    facts.push(Fact::new(page.t("tenant-registry"), registry));
    facts.push(Fact::new(
        page.t("redundancy-rule"),
        redundancy(page, tenant.redundancy),
    ));
    facts.push(Fact::new(
        page.t("tenant-since"),
        page.dt(tenant.created_at),
    ));
    facts
}

fn contacts(page: &Page, tenant: &Tenant) -> Vec<Fact> {
    let language = Locale::parse(&tenant.locale).map_or("", Locale::name);
    filled(
        page,
        &[
            ("tenant-email", tenant.email.as_str()),
            ("tenant-phone", &tenant.phone),
            ("tenant-contact", &tenant.contact),
            ("tenant-locale", language),
        ],
    )
}

/// What else of this tenant the reader may open.
fn links(visit: &Visit, page: &Page, tenant: &Tenant) -> Vec<Step> {
    let load = Step {
        label: page.t("load-curve"),
        href: with_query("/load", &[("of", Subject::Tenant(tenant.id).code())]),
    };
    let load = visit.who.may_open("/load").then_some(load);
    let lists = [
        ("/reservations", "nav-reservations"),
        ("/leases", "nav-leases"),
        ("/invoices", "nav-invoices"),
        ("/payments", "nav-payments"),
    ]
    .into_iter()
    .filter(|(path, _)| visit.who.may_open(path))
    .map(|(path, key)| Step {
        label: page.t(key),
        href: with_query(path, &[("q", tenant.name.clone())]),
    });
    lists.chain(load).collect()
}

#[derive(Template)]
#[template(path = "identity/tenant_form.html")]
struct TenantForm {
    page: Page,
    form: Form,
    action: String,
    cancel: String,
    kinds: Vec<Choice>,
    locales: Vec<Choice>,
    rules: Vec<Choice>,
}

fn shown(visit: &Visit, id: TenantId, form: Form) -> Answer {
    let status = match form.ok() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let (page, action, cancel) = match id {
        TenantId(0) => (
            visit.page("tenant-new"),
            "/tenants".to_owned(),
            "/tenants".to_owned(),
        ),
        id => (
            visit.page("tenant-edit"),
            format!("/tenants/{id}"),
            format!("/tenants/{id}"),
        ),
    };
    let template = TenantForm {
        kinds: kinds(&page),
        locales: locales(),
        rules: redundancy_choices(&page),
        page,
        form,
        action,
        cancel,
    };
    html_with(status, &template)
}

pub async fn blank(visit: Visit) -> Answer {
    let form = Form::blank()
        .with("kind", TenantKind::Company)
        .with("locale", visit.reader.locale)
        .with("redundancy", Redundancy::N);
    shown(&visit, TenantId(0), form)
}

pub async fn edit(visit: Visit, id: Path<i64>) -> Answer {
    let id = TenantId(*id);
    let tenant = visit.read(move |conn| rows::get(conn, id)).await?;
    let date = tenant.registry_date.map(|day| day.to_string());
    let form = Form::blank()
        .with("kind", tenant.kind)
        .with("name", &tenant.name)
        .with("inn", &tenant.inn)
        .with("kpp", &tenant.kpp)
        .with("ogrn", &tenant.ogrn)
        .with("address", &tenant.address)
        .with("email", &tenant.email)
        .with("phone", &tenant.phone)
        .with("contact", &tenant.contact)
        .with("bank_details", &tenant.bank_details)
        .with("registry_number", &tenant.registry_number)
        .with("registry_date", date.unwrap_or_default())
        .with("locale", &tenant.locale)
        .with("redundancy", tenant.redundancy);
    shown(&visit, id, form)
}

fn parse(form: &mut Form, id: TenantId) -> Option<Tenant> {
    let kind = form.choice("kind", TenantKind::parse);
    let name = form.text("name", LONGEST_LINE);
    let email = form.email("email");
    let locale = form.choice("locale", Locale::parse);
    let redundancy = form.optional("redundancy", |form| {
        form.choice("redundancy", Redundancy::parse)
    });
    let registry_date = form.optional("registry_date", |form| form.date("registry_date"));
    let mut line = |name: &str, longest| form.optional(name, |form| form.text(name, longest));
    let (inn, kpp) = (line("inn", 40), line("kpp", 40));
    let (ogrn, phone) = (line("ogrn", 40), line("phone", LONGEST_LINE));
    let contact = line("contact", LONGEST_LINE);
    let registry_number = line("registry_number", LONGEST_LINE);
    let (address, bank) = (
        line("address", LONGEST_TEXT),
        line("bank_details", LONGEST_TEXT),
    );
    Some(Tenant {
        id,
        kind: kind?,
        name: name?,
        name_folded: String::new(),
        inn: inn?.unwrap_or_default(),
        kpp: kpp?.unwrap_or_default(),
        ogrn: ogrn?.unwrap_or_default(),
        address: address?.unwrap_or_default(),
        email: email?,
        phone: phone?.unwrap_or_default(),
        contact: contact?.unwrap_or_default(),
        bank_details: bank?.unwrap_or_default(),
        registry_number: registry_number?.unwrap_or_default(),
        registry_date: registry_date?,
        locale: locale?.code().to_owned(),
        created_at: Instant(0),
        created_by: None,
        redundancy: redundancy?.unwrap_or(Redundancy::N),
    })
}

pub async fn create(visit: Visit, fields: Fields) -> Answer {
    save(visit, TenantId(0), fields).await
}

pub async fn update(visit: Visit, id: Path<i64>, fields: Fields) -> Answer {
    save(visit, TenantId(*id), fields).await
}

async fn save(visit: Visit, id: TenantId, fields: Fields) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    let Some(tenant) = parse(&mut form, id) else {
        return shown(&visit, id, form);
    };
    let (who, now) = (visit.who.actor, visit.now);
    let saved = visit
        .once(&form.form_key, move |app| {
            let id = service::save(&app.db, &who, now, &tenant)?;
            Ok(format!("/tenants/{id}?done=tenant-saved"))
        })
        .await;
    match saved {
        Ok(location) => Ok(see_other(&location)),
        Err(error) => {
            form.absorb(error)?;
            shown(&visit, id, form)
        }
    }
}
