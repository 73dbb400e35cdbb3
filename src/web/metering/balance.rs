//! The energy balance of a site's month: what flows in, what comes out, what does not add up.

use super::words::{Fields, month_of};
use crate::db::site::power;
use crate::db::site::sites::{self, Site};
use crate::domain::calendar::Month;
use crate::domain::identity::access::Permission;
use crate::domain::ids::*;
use crate::domain::metering::balance::{By, NodeBalance, Verdict};
use crate::export::table::{Column, Kind, Table};
use crate::services::metering::balance::{self as service, SiteBalance};
use crate::web::door::Visit;
use crate::web::files;
use crate::web::form::Form;
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::Tab;
use crate::web::site::common::{page_of, tabs};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use rust_decimal::Decimal;

/// Kilowatt-hours of a table: to the watt-hour.
const KWH: Kind = Kind::Decimal(3);

/// A node of the tree; what is not measured has no figures.
struct Line {
    id: NodeId,
    name: String,
    depth: usize,
    found: Option<NodeBalance>,
    losses: Option<Decimal>,
}

impl Line {
    fn indent(&self) -> usize {
        self.depth.min(6)
    }
}

#[derive(Template)]
#[template(path = "metering/balance.html")]
struct Show {
    page: Page,
    tabs: Vec<Tab>,
    site: SiteId,
    month: Month,
    next: Option<Month>,
    lines: Vec<Line>,
    ranked: Vec<NodeBalance>,
    found: SiteBalance,
    csv: String,
    xlsx: String,
    edits: bool,
}

impl Show {
    /// Nodes without a meter.
    fn others(&self) -> usize {
        self.lines.iter().filter(|it| it.found.is_none()).count()
    }

    fn measured(&self) -> bool {
        self.lines.iter().any(|it| it.found.is_some())
    }
}

pub fn tone(node: &NodeBalance) -> &'static str {
    match node.verdict {
        Verdict::Adds => "ok",
        Verdict::Lost | Verdict::Gained => "danger",
        Verdict::Unknown => "muted",
    }
}

async fn load(
    visit: &Visit,
    id: SiteId,
) -> Result<(Site, Month, SiteBalance), crate::web::problem::Problem> {
    let site = visit.read(move |conn| sites::get(conn, id)).await?;
    let (month, now) = (month_of(visit, site.zone()), visit.now);
    let found = visit
        .read(move |conn| service::of_month(conn, id, month, now))
        .await?;
    Ok((site, month, found))
}

fn lines(found: &SiteBalance) -> Vec<Line> {
    let nodes = found.tree.iter();
    nodes
        .map(|(node, depth)| {
            let mut all = found.balance.nodes.iter();
            Line {
                id: node.id,
                name: node.name.clone(),
                depth: *depth,
                found: all.find(|it| it.id == node.id.0).cloned(),
                losses: found.losses.get(&node.id).copied(),
            }
        })
        .collect()
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = SiteId(*id);
    let (site, month, found) = load(&visit, id).await?;
    let page = page_of(&visit, &site.name, site.zone());
    let running = Month::of(site.zone().date(visit.now));
    let ranked = found.balance.ranked(By::Energy).into_iter().cloned();
    html(&Show {
        tabs: tabs(&page, id, "balance"),
        site: id,
        next: Some(month.next()).filter(|it| *it <= running),
        month,
        lines: lines(&found),
        ranked: ranked.collect(),
        found,
        csv: format!("/sites/{id}/balance.csv?month={month}"),
        xlsx: format!("/sites/{id}/balance.xlsx?month={month}"),
        edits: visit.who.may(Permission::EditSite),
        page,
    })
}

pub async fn export(visit: Visit, path: web::Path<(i64, String)>) -> Answer {
    let (id, format) = path.into_inner();
    let (_, month, found) = load(&visit, SiteId(id)).await?;
    let page = visit.page("balance-title");
    let kwh = |key| Column::new(page.t(key), KWH);
    let mut table = Table::new(
        format!("{} {month}", page.title),
        vec![
            Column::new(page.t("balance-node"), Kind::Text),
            kwh("balance-in"),
            kwh("balance-meters"),
            kwh("balance-racks"),
            kwh("balance-own"),
            kwh("balance-losses"),
            kwh("balance-difference"),
            kwh("balance-tolerance"),
            Column::new(page.t("balance-verdict"), Kind::Text),
        ],
    );
    for line in lines(&found) {
        let Some(it) = line.found else { continue };
        table.push(vec![
            line.name.into(),
            it.inflow.kilo().into(),
            it.meters.kilo().into(),
            it.racks.kilo().into(),
            it.auxiliaries.kilo().into(),
            it.losses.kilo().into(),
            it.difference.kilo().into(),
            it.tolerance.kilo().into(),
            page.code("balance-verdict", it.verdict.code()).into(),
        ]);
    }
    files::table(&visit, &table, "balance", &format)
}

#[derive(Template)]
#[template(path = "metering/losses.html")]
struct Losses {
    page: Page,
    form: Form,
    node: NodeId,
    back: String,
}

async fn asked(visit: &Visit, id: NodeId, form: Option<Form>, status: StatusCode) -> Answer {
    let (node, percent) = visit
        .read(move |conn| {
            let node = power::get(conn, id)?;
            let all = crate::db::metering::losses::of_site(conn, node.site_id)?;
            let percent = all.get(&id).copied();
            Ok((node, percent))
        })
        .await?;
    let page = visit.page("nav-sites");
    let title = page.t1("balance-losses-title", "name", &node.name);
    let page = page.named(title);
    let typed = percent.map_or(String::new(), |it| visit.reader.typed(it));
    let template = Losses {
        form: form.unwrap_or_else(|| Form::blank().with("percent", typed)),
        back: format!("/sites/{}/balance", node.site_id),
        node: id,
        page,
    };
    html_with(status, &template)
}

pub async fn edit_losses(visit: Visit, id: web::Path<i64>) -> Answer {
    asked(&visit, NodeId(*id), None, StatusCode::OK).await
}

pub async fn save_losses(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = NodeId(*id);
    let mut form = Form::from_values(fields.into_inner());
    let range = Decimal::ZERO..=Decimal::from(50);
    let percent = form.optional("percent", |form| form.decimal("percent", range, 2));
    let Some(percent) = percent else {
        return asked(&visit, id, Some(form), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (actor, now) = (visit.who.actor, visit.now);
    match visit
        .run(move |app| service::set_losses(&app.db, &actor, now, id, percent))
        .await
    {
        Ok(site) => Ok(see_other(&format!(
            "/sites/{site}/balance?done=losses-changed"
        ))),
        Err(error) => {
            form.absorb(error)?;
            asked(&visit, id, Some(form), StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}
