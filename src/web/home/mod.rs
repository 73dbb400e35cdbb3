//! The first page, by role; and the way to everything that has no place in the navigation.

mod api_docs;
mod curve;
mod finance;
mod first_steps;
mod lacks;
mod settings;
mod staff;
mod tenant;

use crate::domain::identity::access::Role;
use crate::routes;
use crate::web::door::Visit;
use crate::web::page::Page;
use crate::web::parts::Tab;
use crate::web::visit::Answer;
use actix_web::web::Query;
use serde::Deserialize;

routes! {
    get "/" SignedIn => index;
    get "/api/v1/docs" Public => api_docs::show;
    get "/settings" SignedIn => settings::index;
}

/// Which of the three homes an administrator looks at.
#[derive(Deserialize)]
struct View {
    #[serde(default)]
    view: String,
}

async fn index(visit: Visit, view: Query<View>) -> Answer {
    match (visit.who.actor.role, view.view.as_str()) {
        (Role::Owner | Role::Member, _) => tenant::show(visit).await,
        (Role::Finance, _) => finance::show(visit, vec![]).await,
        (Role::Administrator, "finance") => {
            let tabs = tabs(&visit.page("nav-home"), "finance");
            finance::show(visit, tabs).await
        }
        (Role::Administrator, "tenants") => {
            let tabs = tabs(&visit.page("nav-home"), "tenants");
            tenant::overview(visit, tabs).await
        }
        (Role::Administrator, _) => {
            let tabs = tabs(&visit.page("nav-home"), "");
            staff::show(visit, tabs).await
        }
        (Role::Staff, _) => staff::show(visit, vec![]).await,
    }
}

fn tabs(page: &Page, chosen: &str) -> Vec<Tab> {
    [
        ("", "home-tab-site"),
        ("finance", "home-tab-finance"),
        ("tenants", "home-tab-tenants"),
    ]
    .iter()
    .map(|(view, key)| Tab {
        href: if view.is_empty() {
            "/".to_owned()
        } else {
            format!("/?view={view}")
        },
        label: page.t(key),
        active: *view == chosen,
    })
    .collect()
}
