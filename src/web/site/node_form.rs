//! The form of a power node.

use super::common::{Fields, MayBreak, NAME_MAX, Saved, codes, consent, page_of, saved};
use super::rack_list::sorted;
use crate::db::site::power::{self, PowerNode};
use crate::db::site::sites;
use crate::domain::ids::{NodeId, SiteId};
use crate::domain::site::{Leg, NodeKind};
use crate::domain::units::Watts;
use crate::services::leasing::house::decimal;
use crate::services::site as service;
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html_with, see_other};
use crate::web::parts::Choice;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use rust_decimal::Decimal;

#[derive(Template)]
#[template(path = "site/node_form.html")]
struct NodeForm {
    page: Page,
    form: Form,
    action: String,
    cancel: String,
    kinds: Vec<Choice>,
    parents: Vec<Choice>,
    ways: Vec<Choice>,
    phases: Vec<Choice>,
    broken: MayBreak,
}

async fn shown(
    visit: &Visit,
    node: &PowerNode,
    form: Form,
    (status, broken): (StatusCode, MayBreak),
) -> Answer {
    let id = node.site_id;
    let (site, nodes) = visit
        .read(move |conn| Ok((sites::get(conn, id)?, power::of_site(conn, id)?)))
        .await?;
    let cancel = format!("/sites/{}/power", site.id);
    let (page, action) = match node.id {
        NodeId(0) => (visit.page("site-node-new"), cancel.clone()),
        id => (
            page_of(visit, &node.name, site.zone()),
            format!("/power/{id}"),
        ),
    };
    let others = nodes
        .iter()
        .filter(|other| other.id != node.id && other.kind != NodeKind::Feed);
    let mut phases = vec![Choice::new("three", page.t("site-node-three"))];
    phases.extend(
        Leg::ALL
            .iter()
            .map(|leg| Choice::new(leg.code(), page.t1("site-node-leg", "leg", leg.code()))),
    );
    let template = NodeForm {
        kinds: codes(&page, "site-node-kind", NodeKind::ALL),
        parents: sorted(others.map(|node| (node.id.0, node.name.clone()))),
        ways: vec![
            Choice::new("kw", page.t("site-way-kw")),
            Choice::new("supply", page.t("site-way-supply")),
        ],
        phases,
        page,
        form,
        action,
        cancel,
        broken,
    };
    html_with(status, &template)
}

fn unborn(site: SiteId) -> PowerNode {
    PowerNode {
        id: NodeId(0),
        site_id: site,
        parent_id: None,
        kind: NodeKind::Feed,
        name: String::new(),
        rating_watts: None,
        volts: None,
        amps: None,
        leg: None,
        usable: "1".to_owned(),
    }
}

/// `?parent=…` hangs it under a node of the table.
pub async fn blank(visit: Visit, id: web::Path<i64>) -> Answer {
    let parent = visit
        .query
        .split('&')
        .find_map(|pair| pair.strip_prefix("parent="));
    let form = Form::blank()
        .with("kind", NodeKind::Feed)
        .with("parent", parent.unwrap_or_default())
        .with("way", "kw")
        .with("phases", "three")
        .with("usable", 100);
    shown(&visit, &unborn(SiteId(*id)), form, (StatusCode::OK, None)).await
}

pub async fn edit(visit: Visit, id: web::Path<i64>) -> Answer {
    let node = visit
        .read(move |conn| power::get(conn, NodeId(*id)))
        .await?;
    let typed = |text: &Option<String>| {
        let number = text.as_deref().and_then(|text| decimal(text).ok());
        number.map_or(String::new(), |number| visit.reader.typed(number))
    };
    let rating = node
        .rating_watts
        .map(|watts| visit.reader.typed(watts.kilo()));
    let usable = decimal(&node.usable).unwrap_or_default() * Decimal::ONE_HUNDRED;
    let form = Form::blank()
        .with("name", &node.name)
        .with("kind", node.kind)
        .with(
            "parent",
            node.parent_id.map_or(String::new(), |id| id.to_string()),
        )
        .with("way", if rating.is_some() { "kw" } else { "supply" })
        .with("rating_kw", rating.unwrap_or_default())
        .with("volts", typed(&node.volts))
        .with("amps", typed(&node.amps))
        .with("phases", node.leg.map_or("three", Leg::code))
        .with("usable", visit.reader.typed(usable));
    shown(&visit, &node, form, (StatusCode::OK, None)).await
}

fn parse(form: &mut Form, before: PowerNode) -> Option<PowerNode> {
    let name = form.text("name", NAME_MAX);
    let kind = form.choice("kind", NodeKind::parse);
    let parent = form.optional("parent", |form| form.choice("parent", |id| id.parse().ok()));
    let usable = form.decimal("usable", Decimal::new(1, 1)..=Decimal::ONE_HUNDRED, 4);
    let way = form.choice("way", |way| {
        matches!(way, "kw" | "supply").then(|| way == "kw")
    });
    let (rating_watts, volts, amps, leg) = match way? {
        true => {
            let most = Decimal::from(10_000_000);
            let rating = form.decimal("rating_kw", Decimal::new(1, 3)..=most, 3);
            (Some(Watts::from_kilo(rating?)?), None, None, None)
        }
        false => {
            let volts = form.decimal("volts", Decimal::ONE..=Decimal::from(1_000_000), 3);
            let amps = form.decimal("amps", Decimal::new(1, 1)..=Decimal::from(100_000), 3);
            let leg = form.choice("phases", |code| match code {
                "three" => Some(None),
                code => Leg::parse(code).map(Some),
            });
            let exact = |number: Decimal| Some(number.normalize().to_string());
            (None, exact(volts?), exact(amps?), leg?)
        }
    };
    Some(PowerNode {
        name: name?,
        kind: kind?,
        parent_id: parent?,
        rating_watts,
        volts,
        amps,
        leg,
        usable: (usable? / Decimal::ONE_HUNDRED).normalize().to_string(),
        ..before
    })
}

async fn save(visit: Visit, before: PowerNode, fields: Fields) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    let Some(node) = parse(&mut form, before.clone()) else {
        return shown(
            &visit,
            &before,
            form,
            (StatusCode::UNPROCESSABLE_ENTITY, None),
        )
        .await;
    };
    let (actor, now, site) = (visit.who.actor, visit.now, before.site_id);
    let agreed = consent(&form);
    let result = visit
        .save_once(&form, move |app| {
            service::power::save(&app.db, &actor, now, &node, &agreed)?;
            Ok(format!("/sites/{site}/power?done=site-saved"))
        })
        .await;
    match saved(&visit.page("nav-sites"), &mut form, result)? {
        Saved::Yes(path) => Ok(see_other(&path)),
        Saved::No(status, broken) => shown(&visit, &before, form, (status, broken)).await,
    }
}

pub async fn create(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    save(visit, unborn(SiteId(*id)), fields).await
}

pub async fn update(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let node = visit
        .read(move |conn| power::get(conn, NodeId(*id)))
        .await?;
    save(visit, node, fields).await
}
