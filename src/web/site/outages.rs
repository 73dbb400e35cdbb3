//! Planned outages of a site: plan one, call one off.

use super::common::{Fields, MayBreak, Saved, consent, page_of, saved, tabs};
use super::rack_list::sorted;
use crate::db::site::power::{self, Outage};
use crate::db::site::sites::{self, Site};
use crate::domain::ids::{NodeId, OutageId, SiteId};
use crate::services::site as service;
use crate::services::site::figures::Figures;
use crate::web::door::Visit;
use crate::web::form::{Form, new_form_key, parse_date};
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::{Choice, Confirm, ConfirmPage, Fact, Tab};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use chrono::{Days, NaiveDate};

/// More than a site plans in years.
const MOST: i64 = 200;

struct OutageLine {
    id: OutageId,
    node: String,
    from: NaiveDate,
    /// The last day without power.
    last: NaiveDate,
    days: i64,
    reason: String,
    state: &'static str,
}

#[derive(Template)]
#[template(path = "site/outages.html")]
struct Outages {
    page: Page,
    site: Site,
    tabs: Vec<Tab>,
    edits: bool,
    outages: Vec<OutageLine>,
}

pub async fn list(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = SiteId(*id);
    let (site, outages, nodes) = visit
        .read(move |conn| {
            let site = sites::get(conn, id)?;
            let outages = power::outage_history(conn, id, MOST)?;
            Ok((site, outages, power::of_site(conn, id)?))
        })
        .await?;
    let page = page_of(&visit, &site.name, site.zone());
    let today = site.zone().date(visit.now);
    let outages = outages
        .into_iter()
        .map(|outage| OutageLine {
            id: outage.id,
            node: nodes
                .iter()
                .find(|n| n.id == outage.node_id)
                .map_or(String::new(), |n| n.name.clone()),
            from: outage.from_date,
            last: outage.to_date - Days::new(1),
            days: (outage.to_date - outage.from_date).num_days(),
            state: state(&outage, today),
            reason: outage.reason,
        })
        .collect();
    html(&Outages {
        tabs: tabs(&page, id, "outages"),
        edits: visit.edits_site(),
        page,
        site,
        outages,
    })
}

/// The code of a text: `site-outage-state-…`.
fn state(outage: &Outage, today: NaiveDate) -> &'static str {
    if outage.cancelled_at.is_some() {
        "cancelled"
    } else if outage.to_date <= today {
        "over"
    } else if outage.from_date <= today {
        "now"
    } else {
        "planned"
    }
}

#[derive(Template)]
#[template(path = "site/outage_form.html")]
struct OutageForm {
    page: Page,
    form: Form,
    action: String,
    nodes: Vec<Choice>,
    broken: MayBreak,
}

async fn shown(
    visit: &Visit,
    site: SiteId,
    form: Form,
    status: StatusCode,
    broken: MayBreak,
) -> Answer {
    let nodes = visit
        .read(move |conn| {
            sites::get(conn, site)?;
            power::of_site(conn, site)
        })
        .await?;
    let page = visit.page("site-outage-new");
    let name = |node: power::PowerNode| {
        (
            node.id.0,
            format!("{} · {}", page.code("site-node-kind", node.kind), node.name),
        )
    };
    let nodes = sorted(nodes.into_iter().map(name));
    let action = format!("/sites/{site}/outages");
    html_with(
        status,
        &OutageForm {
            page,
            form,
            action,
            nodes,
            broken,
        },
    )
}

/// `?node=…&from=…&to=…` fills it in.
pub async fn blank(visit: Visit, id: web::Path<i64>) -> Answer {
    let given = |name: &str| {
        let mut pairs = visit.query.split('&');
        pairs.find_map(|pair| Some(pair.split_once('=').filter(|(key, _)| *key == name)?.1))
    };
    let day = |name: &str| given(name).and_then(parse_date);
    let typed = |day: Option<NaiveDate>| day.map_or(String::new(), |day| day.to_string());
    let form = Form::blank()
        .with("node", given("node").unwrap_or_default())
        .with("from", typed(day("from")))
        .with("to", typed(day("to")));
    shown(&visit, SiteId(*id), form, StatusCode::OK, None).await
}

fn parse(form: &mut Form, visit: &Visit, site: SiteId) -> Option<Outage> {
    let node = form.choice("node", |id| id.parse().ok());
    let from = form.date("from");
    let last = form.date("to");
    let reason = form.text("reason", 250);
    Some(Outage {
        id: OutageId(0),
        site_id: site,
        node_id: node?,
        from_date: from?,
        to_date: last?.checked_add_days(Days::new(1))?,
        reason: reason?,
        created_at: visit.now,
        created_by: visit.who.actor.user,
        cancelled_at: None,
        cancelled_by: None,
    })
}

pub async fn create(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let site = SiteId(*id);
    let mut form = Form::from_values(fields.into_inner());
    let Some(outage) = parse(&mut form, &visit, site) else {
        return shown(&visit, site, form, StatusCode::UNPROCESSABLE_ENTITY, None).await;
    };
    let (actor, now, agreed) = (visit.who.actor, visit.now, consent(&form));
    let result = visit
        .save_once(&form, move |app| {
            service::power::plan_outage(&app.db, &actor, now, &outage, &agreed)?;
            Ok(format!("/sites/{site}/outages?done=outage"))
        })
        .await;
    match saved(&visit.page("nav-sites"), &mut form, result)? {
        Saved::Yes(path) => Ok(see_other(&path)),
        Saved::No(status, broken) => shown(&visit, site, form, status, broken).await,
    }
}

/// What calling it off gives back, before it is done.
pub async fn confirm(visit: Visit, id: web::Path<i64>) -> Answer {
    let (id, now) = (OutageId(*id), visit.now);
    let (outage, figures) = visit
        .run(move |app| {
            app.db.read(|conn| {
                let outage = power::outage(conn, id)?;
                let figures = Figures::load(conn, outage.site_id, now)?;
                Ok((outage, figures))
            })
        })
        .await?;
    let list = format!("/sites/{}/outages", outage.site_id);
    if outage.cancelled_at.is_some() {
        return Ok(see_other(&list));
    }
    let page = visit.page("site-outage-cancel");
    let last = outage.to_date - Days::new(1);
    let confirm = Confirm {
        lead: page.t("site-outage-cancel-lead"),
        facts: vec![
            Fact::new(
                page.t("site-outage-node"),
                node_name(&figures, outage.node_id),
            ),
            Fact::new(page.t("site-outage-from"), page.date(outage.from_date)),
            Fact::new(page.t("site-outage-last"), page.date(last)),
            Fact::new(
                page.t("site-outage-racks"),
                page.count(racks_below(&figures, outage.node_id)),
            ),
            Fact::new(page.t("site-outage-reason"), outage.reason),
        ],
        warning: None,
        action: format!("/outages/{id}/cancellation"),
        fields: vec![],
        submit: page.t("site-outage-cancel-do"),
        cancel: list,
        danger: true,
    };
    let form_key = new_form_key();
    html(&ConfirmPage {
        page,
        confirm,
        form_key,
    })
}

fn node_name(figures: &Figures, id: NodeId) -> String {
    let nodes = &figures.house.nodes;
    nodes
        .iter()
        .find(|node| node.id == id)
        .map_or(String::new(), |node| node.name.clone())
}

/// Racks with a feed at or below a node.
fn racks_below(figures: &Figures, id: NodeId) -> usize {
    let below = |feed: NodeId| {
        figures
            .chain(feed)
            .iter()
            .any(|step| figures.house.nodes[step.at].id == id)
    };
    let racks = figures.house.racks.iter();
    racks
        .filter(|rack| below(rack.feed_a) || rack.feed_b.is_some_and(below))
        .count()
}

pub async fn cancel(visit: Visit, id: web::Path<i64>) -> Answer {
    let (id, actor, now) = (OutageId(*id), visit.who.actor, visit.now);
    let site = visit
        .run(move |app| {
            let site = power::outage(&mut *app.db.get()?, id)?.site_id;
            service::power::cancel_outage(&app.db, &actor, now, site, id)?;
            Ok(site)
        })
        .await?;
    Ok(see_other(&format!(
        "/sites/{site}/outages?done=outage-cancelled"
    )))
}
