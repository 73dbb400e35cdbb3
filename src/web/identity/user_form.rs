//! Inviting a user.

use super::{Fields, locales, users};
use crate::db::identity::tenants;
use crate::domain::identity::access::{Permission, Role};
use crate::domain::ids::TenantId;
use crate::services::identity::users::{self as service, NewUser};
use crate::text::Locale;
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html_with, see_other};
use crate::web::parts::Choice;
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use askama::Template;

#[derive(Template)]
#[template(path = "identity/user_form.html")]
struct UserForm {
    page: Page,
    form: Form,
    roles: Vec<RoleChoice>,
    locales: Vec<Choice>,
    /// None: the reader's own tenant, which need not be chosen.
    tenants: Option<Vec<Choice>>,
}

/// A role with what it allows, for those who have to choose one.
struct RoleChoice {
    value: String,
    label: String,
    can: String,
}

async fn shown(visit: Visit, form: Form) -> Answer {
    let all = visit.who.may(Permission::ManageUsers);
    let tenants = match all {
        true => Some(visit.read(tenants::all).await?),
        false => None,
    };
    let tenants = tenants.map(|rows| {
        rows.iter()
            .map(|row| Choice::new(row.id.to_string(), &row.name))
            .collect()
    });
    let page = visit.page("user-invite-title");
    let roles = users::roles(&page, &visit.who, None)
        .into_iter()
        .map(|choice| RoleChoice {
            can: page.code("role-can", &choice.value),
            value: choice.value,
            label: choice.label,
        })
        .collect();
    let status = match form.ok() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let template = UserForm {
        page,
        form,
        roles,
        locales: locales(),
        tenants,
    };
    html_with(status, &template)
}

pub async fn blank(visit: Visit) -> Answer {
    let role = match visit.who.may(Permission::ManageUsers) {
        true => Role::Staff,
        false => Role::Member,
    };
    let tenant = visit.query.strip_prefix("tenant=").unwrap_or_default();
    let role = if tenant.is_empty() { role } else { Role::Owner };
    let form = Form::blank()
        .with("role", role)
        .with("tenant", tenant)
        .with("locale", visit.reader.locale);
    shown(visit, form).await
}

fn parse(form: &mut Form, own: Option<TenantId>) -> Option<NewUser> {
    let email = form.email("email");
    let name = form.text("name", 200);
    let role = form.choice("role", Role::parse);
    let locale = form.choice("locale", Locale::parse);
    let tenant = match own {
        Some(own) => Some(Some(own)),
        None => form.optional("tenant", |form| {
            form.choice("tenant", |text| text.parse().ok().map(TenantId))
        }),
    };
    Some(NewUser {
        email: email?,
        name: name?,
        role: role?,
        tenant: tenant?,
        locale: locale?.code().to_owned(),
    })
}

/// Fields: `email`, `name`, `role`, `tenant` (for owners and members), `locale`.
pub async fn invite(visit: Visit, fields: Fields) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    let own = match visit.who.may(Permission::ManageUsers) {
        true => None,
        false => Some(visit.who.actor.tenant.ok_or(Problem::Forbidden)?),
    };
    let Some(new) = parse(&mut form, own) else {
        return shown(visit, form).await;
    };
    let (who, now) = (visit.who.actor, visit.now);
    let invited = visit
        .once(&form.form_key, move |app| {
            let id = service::invite(&app.db, &who, now, &app.config.base_url(), &new)?;
            Ok(format!("/users/{id}?done=invited"))
        })
        .await;
    match invited {
        Ok(location) => Ok(see_other(&location)),
        Err(error) => {
            form.absorb(error)?;
            shown(visit, form).await
        }
    }
}
