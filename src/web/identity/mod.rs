//! People: signing in, profiles, users, tenants, the operator, the outbox and the trail.

mod caller;
mod links;
mod operator;
mod outbox;
mod profile;
mod sign_in;
mod tenant_export;
mod tenants;
mod tokens;
pub mod trail;
mod trail_values;
mod user_form;
mod users;

use crate::db::identity::lists::Part;
use crate::db::trail::TrailRow;
use crate::domain::identity::LOCALES;
use crate::routes;
use crate::text::{self, Locale};
use crate::web::list::{ListParams, PAGE_SIZE};
use crate::web::page::Page;
use crate::web::parts::{Choice, Happening};
use actix_web::web::Form as Body;
use std::collections::HashMap;

routes! {
    get "/sign-in" Public => sign_in::show;
    post "/sign-in" Public => sign_in::sign_in;
    post "/sign-out" Public => sign_in::sign_out;
    get "/invitations/{token}" Public => links::invitation;
    post "/invitations/{token}" Public => links::accept;
    get "/password-resets" Public => links::forgotten;
    post "/password-resets" Public => links::request;
    get "/password-resets/{token}" Public => links::reset;
    post "/password-resets/{token}" Public => links::set;
    get "/profile" SignedIn => profile::show;
    post "/profile" SignedIn => profile::save;
    post "/profile/password" SignedIn => profile::change_password;
    get "/profile/tokens" SignedIn => tokens::own;
    post "/profile/tokens" SignedIn => tokens::create_own;
    get "/tokens" ManageUsers => tokens::machines;
    post "/tokens" ManageUsers => tokens::create_machine;
    get "/tokens/{id}/revocation" SignedIn => tokens::confirm_revocation;
    post "/tokens/{id}/revocation" SignedIn => tokens::revoke;
    get "/users" ManageTenantUsers => users::list;
    post "/users" ManageTenantUsers => user_form::invite;
    get "/users/new" ManageTenantUsers => user_form::blank;
    get "/users/{id}" ManageTenantUsers => users::show;
    post "/users/{id}/role" ManageTenantUsers => users::set_role;
    post "/users/{id}/invitation" ManageTenantUsers => users::invite_again;
    get "/users/{id}/deactivation" ManageTenantUsers => users::confirm_deactivation;
    post "/users/{id}/deactivation" ManageTenantUsers => users::deactivate;
    post "/users/{id}/reactivation" ManageTenantUsers => users::reactivate;
    get "/tenants" ViewTenants => tenants::list;
    get "/tenants.{format}" ViewTenants => tenant_export::file;
    post "/tenants" EditTenants => tenants::create;
    get "/tenants/new" EditTenants => tenants::blank;
    get "/tenants/{id}" ViewTenants => tenants::show;
    post "/tenants/{id}" EditTenants => tenants::update;
    get "/tenants/{id}/edit" EditTenants => tenants::edit;
    get "/operator" EditOperator => operator::edit;
    post "/operator" EditOperator => operator::save;
    get "/outbox" ViewOutbox => outbox::list;
    get "/outbox/{id}" ViewOutbox => outbox::show;
    post "/outbox/{id}/retry" ViewOutbox => outbox::retry;
    get "/trail" ViewTrail => trail::list;
}

/// What a form sent, by field.
type Fields = Body<HashMap<String, String>>;

fn part(list: &ListParams) -> Part {
    Part {
        q: list.q.clone(),
        sort: list.sort,
        descending: list.descending,
        after: list.after.as_ref().map(|at| (at.value.clone(), at.id)),
        limit: PAGE_SIZE + 1,
    }
}

/// The languages, each by its own name.
fn locales() -> Vec<Choice> {
    LOCALES
        .iter()
        .filter_map(|code| Some(Choice::new(*code, Locale::parse(code)?.name())))
        .collect()
}

/// The word of an action, or the action itself where a later wing gave it no word.
pub fn action_word(page: &Page, action: &str) -> String {
    let key = format!("trail-action-{action}");
    match text::has(page.locale, &key) {
        true => page.t(&key),
        false => action.to_owned(),
    }
}

fn who_word(page: &Page, name: Option<&String>) -> String {
    name.map_or_else(|| page.t("trail-house"), Clone::clone)
}

/// What happened to a row, latest first.
fn history(page: &Page, rows: &[(TrailRow, Option<String>)]) -> Vec<Happening> {
    rows.iter()
        .map(|(row, name)| Happening {
            at: page.dt(row.at),
            text: format!(
                "{} · {}",
                action_word(page, &row.action),
                who_word(page, name.as_ref())
            ),
        })
        .collect()
}

/// The words of codes that are put together from two parts.
#[cfg(test)]
mod tests {
    use crate::domain::identity::access::Role;
    use crate::domain::identity::{MailState, TenantKind};
    use crate::text::{Locale, has};

    #[test]
    fn every_code_has_its_word() {
        let codes = [
            ("role", Role::ALL.iter().map(|c| c.code()).collect()),
            ("role-can", Role::ALL.iter().map(|c| c.code()).collect()),
            (
                "tenant-kind",
                TenantKind::ALL.iter().map(|c| c.code()).collect(),
            ),
            (
                "outbox-state",
                MailState::ALL.iter().map(|c| c.code()).collect(),
            ),
            ("users-state", super::users::STATES.to_vec()),
            ("token-state", vec!["live", "expired", "revoked"]),
            ("trail-noun", super::trail::NOUNS.to_vec()),
            ("outbox-kind", vec!["invitation", "reset", "invoice"]),
        ] as [(&str, Vec<&str>); 8];
        for locale in Locale::ALL {
            for (prefix, codes) in &codes {
                for code in codes {
                    let key = format!("{prefix}-{code}");
                    assert!(has(*locale, &key), "{} lacks {key}", locale.code());
                }
            }
        }
    }
}
