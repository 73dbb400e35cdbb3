//! How many fit, from when, and what binds.

use super::super::ask::Ask;
use super::super::query::{Kind, Param, Query};
use super::super::reply::Reply;
use super::super::routes::Answer;
use super::refusal::Bound;
use crate::db::Conn;
use crate::domain::calendar::Window;
use crate::domain::ids::{HallId, SiteId, TenantId};
use crate::domain::site::{CoolingKind, Supply, Workload};
use crate::domain::units::Watts;
use crate::error::{Error, Result};
use crate::services::leasing::availability::{self as service, WEEKS};
use crate::services::leasing::reserve::{MOST_UNITS, Wish};
use crate::services::leasing::wish::{Described, Machine, machine};
use chrono::{Days, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

pub const WISH: &[Param] = &[
    Param::required("site", Kind::Id, "Where."),
    Param::optional("hall", Kind::Id, "In this hall only."),
    Param::optional(
        "model",
        Kind::Id,
        "A model of the catalogue; else `watts`, `supply` and `cooling`.",
    ),
    Param::optional("watts", WATTS, "Of each machine."),
    Param::optional(
        "supply",
        Kind::Word(supplies),
        "Also for a model whose maker does not say.",
    ),
    Param::optional(
        "cooling",
        Kind::Word(coolings),
        "What the machines are cooled by.",
    ),
    Param::optional(
        "workload",
        Kind::Word(workloads),
        "What they do; mining if not said.",
    ),
    Param::optional(
        "units",
        UNITS,
        "How many are looked for; 1 if not said. More than fit is fine.",
    ),
    Param::required("from", Kind::Day, "The first start date."),
    Param::optional(
        "to",
        Kind::Day,
        "Exclusive end for the first start; the later ones are as long. Open-ended if not said.",
    ),
];
pub const STARTS: &[Param] = &[Param::optional(
    "weeks",
    Kind::Whole {
        least: 1,
        most: 104,
    },
    "How many start weeks; 12 if not said.",
)];
const WATTS: Kind = Kind::Whole {
    least: 1,
    most: 1_000_000,
};
const UNITS: Kind = Kind::Whole {
    least: 1,
    most: MOST_UNITS as i64,
};

fn supplies() -> Vec<&'static str> {
    Supply::ALL.iter().map(|word| word.code()).collect()
}

fn coolings() -> Vec<&'static str> {
    CoolingKind::ALL.iter().map(|word| word.code()).collect()
}

fn workloads() -> Vec<&'static str> {
    Workload::ALL.iter().map(|word| word.code()).collect()
}

#[derive(Serialize, ToSchema)]
pub struct Heat {
    pub site: SiteId,
    pub model_name: String,
    pub watts_each: Watts,
    pub supply: Supply,
    pub cooling: CoolingKind,
    pub workload: Workload,
    /// On the whole site: a booking may span halls unless one is asked for.
    pub cells: Vec<Cell>,
    pub halls: Vec<HallCells>,
}

#[derive(Serialize, ToSchema)]
pub struct HallCells {
    pub hall: HallId,
    pub name: String,
    /// Empty where the hall has no cooling of this kind.
    pub cells: Vec<Cell>,
}

/// One start date.
#[derive(Serialize, ToSchema)]
pub struct Cell {
    pub start: NaiveDate,
    /// Exclusive end; null for an open end.
    pub to: Option<NaiveDate>,
    /// How many fit for the whole term, at most as many as asked for.
    pub units: i64,
    /// What keeps more from fitting.
    pub binding: Option<Bound>,
    pub proven: bool,
}

pub async fn show(ask: Ask) -> Answer<Heat> {
    let (query, actor, now) = (ask.query.clone(), ask.actor(), ask.now);
    let (wish, heat) = ask
        .run(move |app| {
            let wish = asked(&mut *app.db.get()?, &query, actor.tenant)?;
            let weeks = query.whole("weeks").map_or(WEEKS, i64::unsigned_abs);
            let heat = service::heat(&app.db, &actor, now, &wish, weeks)?;
            if wish.hall.is_some() && heat.halls.is_empty() {
                return Err(Error::field("hall", "leasing-error-hall"));
            }
            Ok((wish, heat))
        })
        .await?;
    Reply::ok(&Heat {
        site: wish.site,
        cells: cells(&wish, heat.site),
        halls: heat
            .halls
            .into_iter()
            .map(|row| HallCells {
                hall: row.hall,
                name: row.name,
                cells: cells(&wish, row.cells),
            })
            .collect(),
        model_name: wish.model_name,
        watts_each: wish.watts_each,
        supply: wish.supply,
        cooling: wish.cooling,
        workload: wish.workload,
    })
}

/// The wish that an address describes.
pub fn asked(conn: &mut Conn, query: &Query, tenant: Option<TenantId>) -> Result<Wish> {
    let said = Described {
        model: query.id("model"),
        name: None,
        watts: query.whole("watts").map(Watts),
        cooling: query.word("cooling", CoolingKind::parse),
        supply: query.word("supply", Supply::parse),
    };
    let machine = machine(conn, &said)?;
    let place = (query.id("site"), query.id("hall"));
    let units = query.whole("units").unwrap_or(1);
    let window = window(query.day("from"), query.day("to"))?;
    let workload = query.word("workload", Workload::parse);
    Ok(Wish {
        workload: workload.unwrap_or(Workload::Mining),
        units: u32::try_from(units).unwrap_or(u32::MAX),
        ..wish(machine, tenant, place, window)
    })
}

/// A wish for one machine; who asks without a tenant only looks.
pub fn wish(
    machine: Machine,
    tenant: Option<TenantId>,
    (site, hall): (Option<SiteId>, Option<HallId>),
    window: Window,
) -> Wish {
    Wish {
        tenant: tenant.unwrap_or(TenantId(0)),
        site: site.unwrap_or(SiteId(0)),
        hall,
        model: machine.model,
        model_name: machine.name,
        workload: Workload::Mining,
        cooling: machine.cooling,
        supply: machine.supply,
        units: 1,
        watts_each: machine.watts,
        window,
    }
}

/// Half-open; its end is after its start.
pub fn window(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<Window> {
    let from = from.ok_or_else(|| Error::field("from", "form-required"))?;
    Window::new(from, to).ok_or_else(|| Error::field("to", "form-before"))
}

fn cells(wish: &Wish, cells: Vec<service::Cell>) -> Vec<Cell> {
    let length = wish
        .window
        .to
        .map(|to| (to - wish.window.from).num_days().unsigned_abs());
    cells
        .into_iter()
        .map(|cell| Cell {
            to: length.map(|days| cell.start + Days::new(days)),
            start: cell.start,
            units: cell.units.into(),
            proven: cell.proven(),
            binding: cell.bound.map(Bound::from),
        })
        .collect()
}
