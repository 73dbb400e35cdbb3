//! Tokens of programs: the reader's own, and (for administrators) those of machines.

use super::Fields;
use crate::db::identity::api_tokens::{self as rows, ApiToken};
use crate::db::identity::tenants;
use crate::domain::calendar::Instant;
use crate::domain::cursor::Cursor;
use crate::domain::identity::access::Role;
use crate::domain::identity::scope::{ApiTokenKind, Scope, Scopes};
use crate::domain::ids::{ApiTokenId, TenantId};
use crate::services::identity::api_tokens::{self as service, For, NewToken};
use crate::text::Message;
use crate::web::door::Visit;
use crate::web::form::{Form, new_form_key};
use crate::web::list::{ListParams, ListSpec, PAGE_SIZE, page_of};
use crate::web::page::{Page, Tone, html, html_with, no_store, see_other};
use crate::web::parts::{Choice, Confirm, ConfirmPage, Fact};
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;

const DAYS: [i64; 3] = [30, 90, 365];
const DAY_HOURS: i64 = 24;

/// A token as its holder knows it.
struct Line {
    id: ApiTokenId,
    name: String,
    prefix: String,
    /// A machine's.
    role: String,
    tenant: String,
    scopes: String,
    expires: String,
    used: String,
    state: String,
    tone: &'static str,
    live: bool,
}

fn line(page: &Page, now: Instant, row: &ApiToken, tenant: Option<String>) -> Line {
    let state = match (row.revoked_at, row.is_live(now)) {
        (Some(_), _) => "revoked",
        (None, true) => "live",
        (None, false) => "expired",
    };
    Line {
        id: row.id,
        name: row.name.clone(),
        prefix: row.prefix.clone(),
        role: row
            .role
            .map_or(String::new(), |role| page.code("role", role)),
        tenant: tenant.unwrap_or_default(),
        scopes: row.scopes.clone(),
        expires: row
            .expires_at
            .map_or_else(|| page.t("token-never"), |at| page.dt(at)),
        used: row
            .last_used_at
            .map_or_else(|| page.t("none"), |at| page.dt(at)),
        state: page.code("token-state", state),
        tone: if state == "live" { "ok" } else { "muted" },
        live: state == "live",
    }
}

/// A scope with what it allows.
struct ScopeChoice {
    field: String,
    code: &'static str,
    about: String,
    checked: bool,
}

/// Fields are named by the scope's key: `scope-leases-read`.
fn field(scope: Scope) -> String {
    format!("scope-{}", scope.key())
}

fn scopes(page: &Page, form: &Form) -> Vec<ScopeChoice> {
    Scope::ALL
        .iter()
        .map(|scope| ScopeChoice {
            field: field(*scope),
            code: scope.code(),
            about: page.t(&format!("scope-{}", scope.key())),
            checked: form.checked(&field(*scope)),
        })
        .collect()
}

fn lifetimes(page: &Page) -> Vec<Choice> {
    let days = DAYS
        .iter()
        .map(|days| Choice::new(days.to_string(), page.t1("count-days", "count", *days)));
    let never = Choice::new("never", page.t("token-never"));
    days.chain([never]).collect()
}

#[derive(Template)]
#[template(path = "identity/tokens.html")]
struct TokensPage {
    page: Page,
    form: Form,
    rows: Vec<Line>,
    list: ListParams,
    next: Option<String>,
    scopes: Vec<ScopeChoice>,
    lifetimes: Vec<Choice>,
    /// Shown now and never again.
    secret: Option<String>,
    /// Or the reader's own tokens.
    machines: bool,
    roles: Vec<Choice>,
    tenants: Vec<Choice>,
    action: &'static str,
}

const SPEC: ListSpec = ListSpec {
    sorts: &["id"],
    descending: true,
    filters: &[],
};

/// Which of the two pages it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Own,
    Machines,
}

impl Whose {
    fn path(self) -> &'static str {
        match self {
            Self::Own => "/profile/tokens",
            Self::Machines => "/tokens",
        }
    }

    fn of(row: &ApiToken) -> Self {
        match row.kind {
            ApiTokenKind::Personal => Self::Own,
            ApiTokenKind::Machine => Self::Machines,
        }
    }
}

async fn shown(visit: &Visit, whose: Whose, form: Form, secret: Option<String>) -> Answer {
    let list = ListParams::parse(whose.path(), &visit.query, SPEC);
    let (user, after) = (
        visit.who.id,
        list.after.as_ref().map(|at| ApiTokenId(at.id)),
    );
    let (found, all_tenants) = visit
        .read(move |conn| match whose {
            Whose::Own => {
                let own = rows::of_user(conn, user)?;
                Ok((own.into_iter().map(|row| (row, None)).collect(), vec![]))
            }
            Whose::Machines => Ok((
                rows::of_machines(conn, after, PAGE_SIZE + 1)?,
                tenants::all(conn)?,
            )),
        })
        .await?;
    let (found, next) = match whose {
        Whose::Own => (found, None),
        Whose::Machines => page_of(found, &list, |(row, _)| Cursor::new("", row.id.0)),
    };
    let title = match whose {
        Whose::Own => "token-title",
        Whose::Machines => "nav-tokens",
    };
    let mut page = visit.page(title);
    if secret.is_some() {
        page = page.flash(Tone::Ok, visit.page(title).t("token-made"));
    }
    let status = match form.ok() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let lines = found
        .into_iter()
        .map(|(row, tenant)| line(&page, visit.now, &row, tenant));
    let template = TokensPage {
        rows: lines.collect(),
        scopes: scopes(&page, &form),
        lifetimes: lifetimes(&page),
        machines: whose == Whose::Machines,
        roles: roles(&page),
        tenants: all_tenants
            .iter()
            .map(|row| Choice::new(row.id.to_string(), &row.name))
            .collect(),
        action: whose.path(),
        page,
        form,
        list,
        next,
        secret,
    };
    no_store(html_with(status, &template))
}

fn roles(page: &Page) -> Vec<Choice> {
    Role::ALL
        .iter()
        .map(|role| Choice::new(role.code(), page.code("role", role)))
        .collect()
}

fn blank() -> Form {
    Form::blank().with("days", DAYS[1])
}

pub async fn own(visit: Visit) -> Answer {
    shown(&visit, Whose::Own, blank(), None).await
}

pub async fn machines(visit: Visit) -> Answer {
    let form = blank().with("role", Role::Staff);
    shown(&visit, Whose::Machines, form, None).await
}

/// Fields: `name`, `days`, one `scope-…` for each scope; for a machine `role` and `tenant`.
pub async fn create_own(visit: Visit, fields: Fields) -> Answer {
    create(visit, Whose::Own, fields).await
}

pub async fn create_machine(visit: Visit, fields: Fields) -> Answer {
    create(visit, Whose::Machines, fields).await
}

async fn create(visit: Visit, whose: Whose, fields: Fields) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    let Some(new) = parse(&mut form, whose, visit.now) else {
        return shown(&visit, whose, form, None).await;
    };
    let (who, now) = (visit.who.actor, visit.now);
    let made = visit
        .run(move |app| service::create(&app.db, &who, now, &new))
        .await;
    match made {
        Ok(secret) => shown(&visit, whose, blank(), Some(secret)).await,
        Err(error) => {
            form.absorb(error)?;
            shown(&visit, whose, form, None).await
        }
    }
}

fn parse(form: &mut Form, whose: Whose, now: Instant) -> Option<NewToken> {
    let name = form.text("name", 100);
    let days = form.choice("days", |text| match text {
        "never" => Some(None),
        text => DAYS
            .iter()
            .find(|days| days.to_string() == text)
            .map(|days| Some(*days)),
    });
    let scopes: Scopes = Scope::ALL
        .iter()
        .copied()
        .filter(|scope| form.checked(&field(*scope)))
        .collect();
    if scopes.is_empty() {
        form.fail("scopes", Message::new("identity-token-scopes"));
    }
    let holder = match whose {
        Whose::Own => Some(For::Myself),
        Whose::Machines => machine(form),
    };
    let (name, days, holder) = (name?, days?, holder?);
    form.ok().then(|| NewToken {
        name,
        scopes,
        expires_at: days.map(|days| now.plus_hours(days * DAY_HOURS)),
        holder,
        form_key: form.form_key.clone(),
    })
}

fn machine(form: &mut Form) -> Option<For> {
    let role = form.choice("role", Role::parse);
    let tenant = form.optional("tenant", |form| {
        form.choice("tenant", |text| text.parse().ok().map(TenantId))
    });
    Some(For::Machine {
        role: role?,
        tenant: tenant?,
    })
}

pub async fn confirm_revocation(visit: Visit, id: Path<i64>) -> Answer {
    let (id, who) = (ApiTokenId(*id), visit.who.actor);
    let row = visit.read(move |conn| service::get(conn, &who, id)).await?;
    let page = visit.page("token-revoke-title");
    let confirm = Confirm {
        lead: page.t1("token-revoke-lead", "name", &row.name),
        facts: vec![
            Fact::new(page.t("token-prefix"), format!("{}…", row.prefix)),
            Fact::new(page.t("token-scopes"), &row.scopes),
        ],
        warning: Some(page.t("token-revoke-warning")),
        action: format!("/tokens/{id}/revocation"),
        fields: vec![],
        submit: page.t("token-revoke"),
        cancel: Whose::of(&row).path().to_owned(),
        danger: true,
    };
    html(&ConfirmPage {
        page,
        confirm,
        form_key: new_form_key(),
    })
}

pub async fn revoke(visit: Visit, id: Path<i64>) -> Answer {
    let (id, who, now) = (ApiTokenId(*id), visit.who.actor, visit.now);
    let row = visit
        .run(move |app| service::revoke(&app.db, &who, now, id))
        .await
        .map_err(Problem::from)?;
    Ok(see_other(&format!(
        "{}?done=token-revoked",
        Whose::of(&row).path()
    )))
}
