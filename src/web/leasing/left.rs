//! Machines that a booking has left behind: they stand where their tenant holds nothing any more.

use crate::db::Conn;
use crate::db::site::machines::{self, ListedMachine, MachineFilter, MachineOrder, MachinePage};
use crate::db::site::racks::Moment;
use crate::domain::calendar::Instant;
use crate::domain::ids::{ReservationId, SiteId};
use crate::error::Result;
use crate::web::door::Who;
use crate::web::page::Page;

/// Machines of a card; the register has the others.
const SHOWN: i64 = 20;

pub struct Left {
    pub lines: Vec<LeftLine>,
    /// The register with all of them.
    pub all: String,
    pub more: bool,
}

pub struct LeftLine {
    pub serial: String,
    pub href: String,
    /// Rack and slot.
    pub place: String,
    /// Where staff give it another place.
    pub step: Option<String>,
}

/// Of one booking, at most one more than a card shows.
pub fn of(conn: &mut Conn, now: Instant, id: ReservationId) -> Result<Vec<ListedMachine>> {
    let filter = MachineFilter {
        reservation: Some(id),
        stray: Some(Moment::today(conn, now)?),
        ..MachineFilter::default()
    };
    let page = MachinePage {
        order: MachineOrder::Serial,
        descending: false,
        after: None,
        limit: SHOWN + 1,
    };
    machines::page(conn, &filter, &page)
}

/// How many there are, at one site or at all.
pub fn count(conn: &mut Conn, now: Instant, site: Option<SiteId>) -> Result<i64> {
    let filter = MachineFilter {
        site,
        stray: Some(Moment::today(conn, now)?),
        ..MachineFilter::default()
    };
    Ok(machines::totals(conn, &filter)?.machines)
}

pub fn shown(page: &Page, who: &Who, id: ReservationId, rows: &[ListedMachine]) -> Option<Left> {
    let shown = usize::try_from(SHOWN).unwrap_or(usize::MAX);
    let moves = who.may_open("/machines/{id}/place");
    let line = |row: &ListedMachine| {
        let (machine, rack) = (&row.machine, row.rack.as_deref().unwrap_or_default());
        let slot = machine.slot.map_or(String::new(), |slot| page.int(slot));
        LeftLine {
            serial: machine.serial.clone(),
            href: format!("/machines/{}", machine.id),
            place: page.t2("left-place", "rack", rack, "slot", slot),
            step: moves.then(|| format!("/machines/{}/place", machine.id)),
        }
    };
    (!rows.is_empty()).then(|| Left {
        lines: rows.iter().take(shown).map(line).collect(),
        all: format!("/machines?booking={id}&stray=yes"),
        more: rows.len() > shown,
    })
}
