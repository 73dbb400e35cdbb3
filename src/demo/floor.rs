//! Where the demo's racks stand: rows face each other over cold aisles.

use crate::app::App;
use crate::db::site::{floor, halls};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::Actor;
use crate::domain::ids::SiteId;
use crate::error::Result;
use crate::services::site::floor::{in_rows, laid_out};
use crate::services::site::floor_plan::{FloorPlan, Placed, save};

pub fn place(app: &App, now: Instant, site: SiteId) -> Result<()> {
    for hall in halls::of_site(&mut *app.db.get()?, site)? {
        let mut conn = app.db.get()?;
        let rows = halls::rows_of_site(&mut conn, site)?;
        let rows = rows
            .into_iter()
            .filter(|row| row.hall_id == hall.id)
            .collect();
        let (rows, racks) = in_rows(rows, floor::racks_of(&mut conn, hall.id)?);
        drop(conn);
        let layout = laid_out(&hall, rows.len(), &racks);
        let racks = layout.spots.iter().map(|spot| Placed {
            rack: spot.rack,
            cell: Some((spot.x, spot.y)),
            turn: Some(if spot.y % 4 == 1 { 0 } else { 180 }),
        });
        let plan = FloorPlan {
            width: None,
            depth: None,
            racks: racks.collect(),
        };
        save(&app.db, &Actor::HOUSE, now, hall.id, &plan)?;
    }
    Ok(())
}
