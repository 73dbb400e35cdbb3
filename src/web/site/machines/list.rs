//! The list of machines, on the page and as a file. A tenant sees its own.

use crate::db::Conn;
use crate::db::leasing::lists::tenant_names;
use crate::db::site::machines::{
    self, ListedMachine, MachineFilter, MachineOrder, MachinePage, MachineTotals,
};
use crate::db::site::{racks, sites};
use crate::domain::calendar::Instant;
use crate::domain::ids::{RackId, TenantId};
use crate::domain::site::machine::MachineState;
use crate::error::Result;
use crate::export::table::{Column, Kind, Table};
use crate::web::door::Visit;
use crate::web::files;
use crate::web::list::{ListParams, ListSpec, PAGE_SIZE, page_of};
use crate::web::page::{Page, html};
use crate::web::parts::Choice;
use crate::web::site::common::codes;
use crate::web::visit::Answer;
use actix_web::web;
use askama::Template;

const SPEC: ListSpec = ListSpec {
    sorts: &MachineOrder::WORDS,
    descending: false,
    filters: &["site", "tenant", "rack", "booking", "state", "stray"],
};
/// A sheet of a workbook has no more rows.
const MOST_ROWS: i64 = 1_000_000;

#[derive(Template)]
#[template(path = "site/machines.html")]
struct Machines {
    page: Page,
    list: ListParams,
    rows: Vec<ListedMachine>,
    next: Option<String>,
    totals: MachineTotals,
    sites: Vec<Choice>,
    tenants: Vec<Choice>,
    states: Vec<Choice>,
    strays: Vec<Choice>,
    /// A rack or a booking that the list is narrowed to by a link.
    only: Vec<Choice>,
    edits: bool,
    /// The operator's people see whose a machine is, and may follow its rack.
    operator: bool,
}

fn filter(list: &ListParams, visit: &Visit) -> MachineFilter {
    let own = visit.who.actor.tenant;
    MachineFilter {
        search: list.q.clone(),
        site: list.filter("site").parse().ok(),
        // Whatever the address says, a tenant sees its own.
        tenant: own.or_else(|| list.filter("tenant").parse().ok().map(TenantId)),
        rack: list.filter("rack").parse().ok(),
        reservation: list.filter("booking").parse().ok(),
        state: MachineState::parse(list.filter("state")),
        stray: None,
    }
}

/// With what only the database knows: what is held today.
fn narrowed(
    conn: &mut Conn,
    filter: MachineFilter,
    list: &ListParams,
    now: Instant,
) -> Result<MachineFilter> {
    let stray = match list.filter("stray") {
        "" => None,
        _ => Some(racks::Moment::today(conn, now)?),
    };
    Ok(MachineFilter { stray, ..filter })
}

fn slice(list: &ListParams, limit: i64) -> MachinePage {
    MachinePage {
        order: MachineOrder::of(list.sort),
        descending: list.descending,
        after: list.after.clone().map(|cursor| (cursor.value, cursor.id)),
        limit,
    }
}

/// Tone of a state's badge.
pub fn tone(state: &MachineState) -> &'static str {
    match state {
        MachineState::Racked => "ok",
        MachineState::Received => "info",
        MachineState::Expected => "muted",
        MachineState::Repair => "warn",
        MachineState::Removed => "muted",
    }
}

type Choices = (Vec<Choice>, Vec<Choice>, Option<String>);

fn choices(conn: &mut Conn, operator: bool, rack: Option<RackId>) -> Result<Choices> {
    let sites = sites::all(conn)?;
    let sites = sites.iter().map(|s| Choice::new(s.id.to_string(), &s.name));
    let sites = sites.collect();
    let tenants = match operator {
        true => tenant_names(conn)?,
        false => vec![],
    };
    let tenants = tenants
        .into_iter()
        .map(|(id, name)| Choice::new(id.to_string(), name));
    let rack = match rack.filter(|_| operator) {
        Some(id) => racks::by_ids(conn, &[id])?.pop().map(|rack| rack.name),
        None => None,
    };
    Ok((sites, tenants.collect(), rack))
}

pub async fn list(visit: Visit) -> Answer {
    let list = visit.list(SPEC);
    let (filter, slice) = (filter(&list, &visit), slice(&list, PAGE_SIZE + 1));
    let operator = visit.who.actor.tenant.is_none();
    let (now, asked) = (visit.now, list.clone());
    let (rows, totals, (sites, tenants, rack)) = visit
        .read(move |conn| {
            let narrowed = narrowed(conn, filter, &asked, now)?;
            Ok((
                machines::page(conn, &narrowed, &slice)?,
                machines::totals(conn, &narrowed)?,
                choices(conn, operator, narrowed.rack)?,
            ))
        })
        .await?;
    let order = MachineOrder::of(list.sort);
    let (rows, next) = page_of(rows, &list, |row| row.cursor(order));
    let page = visit.page("nav-machines");
    html(&Machines {
        only: only(&page, &list, rack),
        states: codes(&page, "machine-state", MachineState::ALL),
        strays: vec![Choice::new("yes", page.t("machine-stray"))],
        edits: visit.who.may_open("/machines/new"),
        operator,
        page,
        list,
        rows,
        next,
        totals,
        sites,
        tenants,
    })
}

/// What a link narrowed the list to, with the way back to all.
fn only(page: &Page, list: &ListParams, rack: Option<String>) -> Vec<Choice> {
    let mut only = vec![];
    if let Some(name) = rack {
        let label = page.t1("machine-only-rack", "rack", name);
        only.push(Choice::new(list.filter_link("rack", ""), label));
    }
    let booking = list.filter("booking");
    if !booking.is_empty() {
        let label = page.t1("machine-only-booking", "booking", booking);
        only.push(Choice::new(list.filter_link("booking", ""), label));
    }
    only
}

pub async fn export(visit: Visit, format: web::Path<String>) -> Answer {
    let list = visit.list(SPEC);
    let (filter, mut slice) = (filter(&list, &visit), slice(&list, MOST_ROWS));
    slice.after = None;
    let now = visit.now;
    let rows = visit
        .read(move |conn| {
            let narrowed = narrowed(conn, filter, &list, now)?;
            machines::page(conn, &narrowed, &slice)
        })
        .await?;
    let page = visit.page("nav-machines");
    let mut table = Table::new(&page.title, columns(&page));
    for row in &rows {
        push(&mut table, &page, row);
    }
    files::table(&visit, &table, "machines", &format)
}

fn columns(page: &Page) -> Vec<Column> {
    let text = |key: &str| Column::new(page.t(key), Kind::Text);
    vec![
        text("machine-serial"),
        text("site-model"),
        text("site-tenant"),
        text("site-noun"),
        text("site-rack"),
        Column::new(page.t("machine-slot"), Kind::Integer),
        text("site-leg"),
        Column::summed(page.t("site-watts"), Kind::Integer),
        text("site-state"),
        Column::new(page.t("machine-booking-number"), Kind::Integer),
        text("site-note"),
        Column::new(page.t("machine-changed"), Kind::DateTime),
    ]
}

fn push(table: &mut Table, page: &Page, row: &ListedMachine) {
    let machine = &row.machine;
    table.push(vec![
        machine.serial.clone().into(),
        machine.model_name.clone().into(),
        row.tenant.clone().into(),
        row.site.clone().into(),
        row.rack.clone().into(),
        machine.slot.into(),
        machine.leg.map(|leg| leg.code()).into(),
        machine.watts.0.into(),
        page.code("machine-state", machine.state).into(),
        machine.reservation_id.map(|id| id.0).into(),
        machine.note.clone().into(),
        page.zone.local(machine.changed_at).into(),
    ]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{self, Locale};

    #[test]
    fn every_state_has_a_text() {
        for state in MachineState::ALL {
            for locale in [Locale::Ru, Locale::En] {
                assert!(text::has(locale, &format!("machine-state-{state}")));
                assert!(text::has(locale, &format!("machine-step-{state}")));
            }
        }
    }
}
