//! The users that the reader may manage: the list, one of them, and what can be done.

use super::{Fields, history, part};
use crate::db::identity::lists::{self, UserFilter};
use crate::db::identity::users::User;
use crate::db::trail;
use crate::domain::identity::access::{Permission, Role};
use crate::domain::ids::UserId;
use crate::error::Result;
use crate::services::identity::users as service;
use crate::web::door::{Visit, Who};
use crate::web::form::{Form, new_form_key};
use crate::web::list::{Cursor, ListParams, ListSpec, page_of};
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::{Choice, Confirm, ConfirmPage, Fact, Happening};
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;

/// What a user's state is called in addresses and texts.
pub const STATES: [&str; 3] = ["active", "invited", "inactive"];

const SPEC: ListSpec = ListSpec {
    sorts: &["email", "name", "role"],
    descending: false,
    filters: &["role", "state"],
};

#[derive(Template)]
#[template(path = "identity/users.html")]
struct Users {
    page: Page,
    list: ListParams,
    rows: Vec<Line>,
    next: Option<String>,
    roles: Vec<Choice>,
    states: Vec<Choice>,
    all: bool,
}

struct Line {
    id: UserId,
    email: String,
    name: String,
    role: String,
    tenant: String,
    state: String,
    tone: &'static str,
    signed_in: String,
}

pub fn state(user: &User) -> &'static str {
    match (user.active, user.password_hash.is_some()) {
        (false, _) => "inactive",
        (true, false) => "invited",
        (true, true) => "active",
    }
}

fn tone(state: &str) -> &'static str {
    match state {
        "active" => "ok",
        "invited" => "info",
        _ => "muted",
    }
}

/// The roles that this reader may give to such a user.
pub fn roles(page: &Page, who: &Who, tenants_user: Option<bool>) -> Vec<Choice> {
    let all = who.may(Permission::ManageUsers);
    Role::ALL
        .iter()
        .filter(|role| all || role.is_tenant())
        .filter(|role| tenants_user.is_none_or(|tenants| role.is_tenant() == tenants))
        .map(|role| Choice::new(role.code(), page.code("role", role)))
        .collect()
}

pub async fn list(visit: Visit) -> Answer {
    let list = visit.list(SPEC);
    let all = visit.who.may(Permission::ManageUsers);
    let filter = UserFilter {
        // Without a tenant of its own a reader who may not manage all would see none.
        tenant: match all {
            true => None,
            false => Some(visit.who.actor.tenant.ok_or(Problem::Forbidden)?),
        },
        role: Role::parse(list.filter("role")),
        state: list.filter("state").to_owned(),
    };
    let wanted = part(&list);
    let rows = visit
        .read(move |conn| lists::users(conn, &filter, &wanted))
        .await?;
    let (rows, next) = page_of(rows, &list, |(user, _)| match list.sort {
        "name" => Cursor::new(&user.name, user.id.0),
        "role" => Cursor::new(user.role, user.id.0),
        _ => Cursor::new(&user.email, user.id.0),
    });
    let page = visit.page("nav-users");
    html(&Users {
        rows: rows.into_iter().map(|row| line(&page, row)).collect(),
        roles: roles(&page, &visit.who, None),
        states: STATES
            .iter()
            .map(|code| Choice::new(*code, page.code("users-state", code)))
            .collect(),
        all,
        page,
        list,
        next,
    })
}

fn line(page: &Page, (user, tenant): (User, Option<String>)) -> Line {
    let state = state(&user);
    Line {
        id: user.id,
        role: page.code("role", user.role),
        tenant: tenant.unwrap_or_default(),
        state: page.code("users-state", state),
        tone: tone(state),
        signed_in: user
            .signed_in_at
            .map_or_else(|| page.t("none"), |at| page.dt(at)),
        email: user.email,
        name: user.name,
    }
}

#[derive(Template)]
#[template(path = "identity/user.html")]
struct UserPage {
    page: Page,
    id: UserId,
    form: Form,
    facts: Vec<Fact>,
    state: &'static str,
    state_word: String,
    tone: &'static str,
    roles: Vec<Choice>,
    own: bool,
    history: Vec<Happening>,
}

pub async fn show(visit: Visit, id: Path<i64>) -> Answer {
    shown(visit, UserId(*id), None).await
}

async fn shown(visit: Visit, id: UserId, form: Option<Form>) -> Answer {
    let who = visit.who.actor;
    let (user, tenant, rows) = visit
        .run(move |app| {
            let user = service::get(&app.db, &who, id)?;
            let conn = &mut *app.db.get()?;
            let tenant = user
                .tenant_id
                .map(|id| crate::db::identity::tenants::get(conn, id));
            Ok((
                user,
                tenant.transpose()?,
                trail::of(conn, "user", id.0, 20)?,
            ))
        })
        .await?;
    let page = visit.page("nav-users").named(user.name.clone());
    let state = state(&user);
    let mut facts = vec![Fact::new(page.t("user-email"), &user.email)];
    if let Some(tenant) = tenant {
        let fact = Fact::new(page.t("user-tenant"), tenant.name);
        facts.push(match visit.who.may_open("/tenants/{id}") {
            true => fact.linked(format!("/tenants/{}", tenant.id)),
            false => fact,
        });
    }
    facts.push(Fact::new(page.t("user-since"), page.dt(user.created_at)));
    let signed_in = user
        .signed_in_at
        .map_or_else(|| page.t("none"), |at| page.dt(at));
    facts.push(Fact::new(page.t("user-signed-in"), signed_in));
    let status = match form {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let template = UserPage {
        id,
        form: form.unwrap_or_else(|| Form::blank().with("role", user.role)),
        facts,
        state_word: page.code("users-state", state),
        tone: tone(state),
        state,
        roles: roles(&page, &visit.who, Some(user.role.is_tenant())),
        own: visit.who.id == id,
        history: history(&page, &rows),
        page,
    };
    html_with(status, &template)
}

/// Shows what a use case refused on the user's own page.
async fn acted(visit: Visit, id: UserId, mut form: Form, result: Result<()>, done: &str) -> Answer {
    match result {
        Ok(()) => Ok(see_other(&format!("/users/{id}?done={done}"))),
        Err(error) => {
            form.absorb(error)?;
            shown(visit, id, Some(form)).await
        }
    }
}

pub async fn set_role(visit: Visit, id: Path<i64>, fields: Fields) -> Answer {
    let id = UserId(*id);
    let mut form = Form::from_values(fields.into_inner());
    let Some(role) = form.choice("role", Role::parse) else {
        return shown(visit, id, Some(form)).await;
    };
    let (who, now) = (visit.who.actor, visit.now);
    let result = visit
        .run(move |app| service::set_role(&app.db, &who, now, id, role))
        .await;
    acted(visit, id, form, result, "role-set").await
}

pub async fn invite_again(visit: Visit, id: Path<i64>) -> Answer {
    let (id, who, now) = (UserId(*id), visit.who.actor, visit.now);
    let result = visit
        .run(move |app| service::invite_again(&app.db, &who, now, &app.config.base_url(), id))
        .await;
    acted(visit, id, Form::blank(), result, "invited").await
}

pub async fn confirm_deactivation(visit: Visit, id: Path<i64>) -> Answer {
    let (id, who) = (UserId(*id), visit.who.actor);
    let user = visit
        .run(move |app| service::get(&app.db, &who, id))
        .await?;
    let page = visit.page("user-deactivate-title");
    let confirm = Confirm {
        lead: page.t1("user-deactivate-lead", "name", &user.name),
        facts: vec![
            Fact::new(page.t("user-email"), &user.email),
            Fact::new(page.t("user-role"), page.code("role", user.role)),
        ],
        warning: None,
        action: format!("/users/{id}/deactivation"),
        fields: vec![],
        submit: page.t("user-deactivate"),
        cancel: format!("/users/{id}"),
        danger: true,
    };
    html(&ConfirmPage {
        page,
        confirm,
        form_key: new_form_key(),
    })
}

pub async fn deactivate(visit: Visit, id: Path<i64>) -> Answer {
    let (id, who, now) = (UserId(*id), visit.who.actor, visit.now);
    let result = visit
        .run(move |app| service::deactivate(&app.db, &who, now, id))
        .await;
    acted(visit, id, Form::blank(), result, "user-deactivated").await
}

pub async fn reactivate(visit: Visit, id: Path<i64>) -> Answer {
    let (id, who, now) = (UserId(*id), visit.who.actor, visit.now);
    let result = visit
        .run(move |app| service::reactivate(&app.db, &who, now, id))
        .await;
    acted(visit, id, Form::blank(), result, "user-reactivated").await
}
