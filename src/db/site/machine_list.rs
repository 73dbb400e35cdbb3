//! Lists of machines: searched, filtered, in order, from a key on; their sums.

use super::machines::Machine;
use super::racks::Moment;
use crate::db::Conn;
use crate::db::schema::{machines, racks, sites, tenants};
use crate::domain::calendar::Instant;
use crate::domain::cursor::Cursor;
use crate::domain::fold::fold;
use crate::domain::ids::*;
use crate::domain::site::machine::MachineState;
use crate::domain::units::Watts;
use crate::error::{Result, found};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

/// What a list of machines is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct MachineFilter {
    /// In any part of the serial number or of the model's name, whatever the case.
    pub search: String,
    pub site: Option<SiteId>,
    pub tenant: Option<TenantId>,
    pub rack: Option<RackId>,
    pub reservation: Option<ReservationId>,
    pub state: Option<MachineState>,
    /// Only those that stand where their tenant holds nothing at that moment.
    pub stray: Option<Moment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MachineOrder {
    Serial,
    Model,
    Watts,
    Changed,
}

impl MachineOrder {
    /// As an address has them; the first is the usual one.
    pub const WORDS: [&'static str; 4] = ["serial", "model", "watts", "changed"];

    pub fn of(word: &str) -> Self {
        match word {
            "model" => Self::Model,
            "watts" => Self::Watts,
            "changed" => Self::Changed,
            _ => Self::Serial,
        }
    }
}

/// Where a page starts and how long it is; `after`: the value ordered by, and the id.
#[derive(Clone, Debug)]
pub struct MachinePage {
    pub order: MachineOrder,
    pub descending: bool,
    pub after: Option<(String, i64)>,
    pub limit: i64,
}

/// A machine with the names that a reader knows its places and its owner by.
#[derive(Clone, Debug, Queryable)]
pub struct ListedMachine {
    pub machine: Machine,
    pub tenant: String,
    pub site: String,
    pub rack: Option<String>,
}

impl ListedMachine {
    /// Where a list in this order goes on after it.
    pub fn cursor(&self, order: MachineOrder) -> Cursor {
        let machine = &self.machine;
        match order {
            MachineOrder::Serial => Cursor::new(&machine.serial_folded, machine.id.0),
            MachineOrder::Model => Cursor::new(&machine.model_folded, machine.id.0),
            MachineOrder::Watts => Cursor::new(machine.watts.0, machine.id.0),
            MachineOrder::Changed => Cursor::new(machine.changed_at.0, machine.id.0),
        }
    }
}

/// Sums over all that is filtered, whatever the page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MachineTotals {
    pub machines: i64,
    pub watts: Watts,
}

/// A lease that has moved, or has ended, leaves its machines behind until staff move them.
fn stray(moment: &Moment) -> String {
    let there = moment.sql();
    format!(
        "(machines.rack_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM allocations a \
         JOIN reservations r ON r.id = a.reservation_id WHERE a.rack_id = machines.rack_id \
         AND r.tenant_id = machines.tenant_id AND {there}))"
    )
}

macro_rules! machines_where {
    ($filter:expr) => {{
        let filter: &MachineFilter = $filter;
        let mut query = machines::table
            .inner_join(tenants::table.on(tenants::id.eq(machines::tenant_id)))
            .inner_join(sites::table.on(sites::id.eq(machines::site_id)))
            .left_join(racks::table.on(machines::rack_id.eq(racks::id.nullable())))
            .into_boxed::<<Conn as diesel::Connection>::Backend>();
        if !filter.search.is_empty() {
            let pattern = format!("%{}%", super::escaped(&fold(&filter.search)));
            query = query.filter(
                machines::serial_folded
                    .like(pattern.clone())
                    .escape('\\')
                    .or(machines::model_folded.like(pattern).escape('\\')),
            );
        }
        if let Some(site) = filter.site {
            query = query.filter(machines::site_id.eq(site));
        }
        if let Some(tenant) = filter.tenant {
            query = query.filter(machines::tenant_id.eq(tenant));
        }
        if let Some(rack) = filter.rack {
            query = query.filter(machines::rack_id.eq(rack));
        }
        if let Some(reservation) = filter.reservation {
            query = query.filter(machines::reservation_id.eq(reservation));
        }
        if let Some(state) = filter.state {
            query = query.filter(machines::state.eq(state));
        }
        if let Some(moment) = &filter.stray {
            query = query.filter(sql::<Bool>(&stray(moment)));
        }
        query
    }};
}

/// Orders by a column and then by id, and starts after the key.
macro_rules! in_order {
    ($query:expr, $page:expr, $column:expr, $parse:expr) => {{
        let mut query = $query;
        let id = machines::id;
        let key = $page
            .after
            .as_ref()
            .and_then(|(value, id)| Some((($parse)(value.as_str())?, MachineId(*id))));
        if $page.descending {
            if let Some((value, last)) = key {
                query = query.filter(
                    $column
                        .lt(value.clone())
                        .or($column.eq(value).and(id.lt(last))),
                );
            }
            query.order(($column.desc(), id.desc()))
        } else {
            if let Some((value, last)) = key {
                query = query.filter(
                    $column
                        .gt(value.clone())
                        .or($column.eq(value).and(id.gt(last))),
                );
            }
            query.order(($column.asc(), id.asc()))
        }
    }};
}

pub fn page(
    conn: &mut Conn,
    filter: &MachineFilter,
    page: &MachinePage,
) -> Result<Vec<ListedMachine>> {
    let text = |value: &str| Some(value.to_owned());
    let number = |value: &str| value.parse::<i64>().ok();
    let query = machines_where!(filter);
    let query = match page.order {
        MachineOrder::Serial => in_order!(query, page, machines::serial_folded, text),
        MachineOrder::Model => in_order!(query, page, machines::model_folded, text),
        MachineOrder::Watts => {
            in_order!(query, page, machines::watts, |v| number(v).map(Watts))
        }
        MachineOrder::Changed => {
            in_order!(query, page, machines::changed_at, |v| number(v)
                .map(Instant))
        }
    };
    Ok(query
        .select((
            machines::all_columns,
            tenants::name,
            sites::name,
            racks::name.nullable(),
        ))
        .limit(page.limit)
        .load(conn)?)
}

pub fn totals(conn: &mut Conn, filter: &MachineFilter) -> Result<MachineTotals> {
    let (machines, watts) = machines_where!(filter)
        .select((
            sql::<BigInt>("COUNT(*)"),
            sql::<BigInt>("CAST(COALESCE(SUM(machines.watts), 0) AS BIGINT)"),
        ))
        .first::<(i64, Watts)>(conn)?;
    Ok(MachineTotals { machines, watts })
}

/// One machine with its names.
pub fn named(conn: &mut Conn, id: MachineId) -> Result<ListedMachine> {
    let row = machines_where!(&MachineFilter::default())
        .filter(machines::id.eq(id))
        .select((
            machines::all_columns,
            tenants::name,
            sites::name,
            racks::name.nullable(),
        ))
        .first(conn)
        .optional()?;
    found(row)
}
