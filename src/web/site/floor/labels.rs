//! Labels as PDF, with a QR code that leads to the page of what it stands on.

use crate::db::Conn;
use crate::db::site::racks::{self, Rack};
use crate::db::site::sites::Site;
use crate::db::site::{floor, halls, machines, sites};
use crate::domain::ids::{HallId, RackId, RowId};
use crate::error::Result;
use crate::export::pdf::labels::{Label, labels_pdf};
use crate::services::site::floor::in_rows;
use crate::web::door::Visit;
use crate::web::page::Page;
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::http::header;
use actix_web::{HttpResponse, web};

fn of_rack(page: &Page, base: &str, site: &Site, rack: &Rack) -> Label {
    let limit = page.t2(
        "floor-label-rack",
        "slots",
        rack.slots,
        "limit",
        page.kw(rack.limit_watts),
    );
    Label {
        name: rack.name.clone(),
        lines: vec![limit, site.name.clone()],
        url: format!("{base}/racks/{}", rack.id),
    }
}

fn sheet(title: String, labels: &[Label], name: &str) -> Answer {
    let bytes = labels_pdf(&title, labels).map_err(Problem::internal)?;
    let name = format!("inline; filename=\"{name}.pdf\"");
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .body(bytes))
}

/// Every rack of a hall, or with `?row=` those of one row.
pub async fn hall(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = HallId(*id);
    let row = super::show::asked(&visit, "row")
        .and_then(|id| id.parse().ok())
        .map(RowId);
    let (hall, site, racks) = visit
        .read(move |conn| {
            let hall = halls::get(conn, id)?;
            let rows = halls::rows_of_site(conn, hall.site_id)?;
            let (_, racks) = in_rows(rows, floor::racks_of(conn, id)?);
            Ok((hall.clone(), sites::get(conn, hall.site_id)?, racks))
        })
        .await?;
    let page = visit.page("nav-floor");
    let base = visit.app.config.base_url();
    let chosen = racks
        .iter()
        .filter(|(_, rack)| row.is_none_or(|row| row == rack.row_id));
    let labels: Vec<Label> = chosen
        .map(|(_, rack)| of_rack(&page, &base, &site, rack))
        .collect();
    sheet(
        format!("{} · {}", site.name, hall.name),
        &labels,
        &format!("labels-hall-{id}"),
    )
}

/// A rack and the machines in it.
pub async fn rack(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = RackId(*id);
    let loaded = move |conn: &mut Conn| -> Result<_> {
        let rack = racks::get(conn, id)?;
        Ok((
            sites::get(conn, rack.site_id)?,
            rack,
            machines::on_racks(conn, &[id])?,
        ))
    };
    let (site, rack, machines) = visit.read(loaded).await?;
    let page = visit.page("nav-floor");
    let base = visit.app.config.base_url();
    let mut labels = vec![of_rack(&page, &base, &site, &rack)];
    labels.extend(machines.iter().map(|(machine, tenant)| Label {
        name: machine.serial.clone(),
        lines: vec![
            machine.model_name.clone(),
            page.t2(
                "machine-slot-of",
                "rack",
                &rack.name,
                "slot",
                machine.slot.unwrap_or(0),
            ),
            format!("{tenant} · {}", site.name),
        ],
        url: format!("{base}/machines/{}", machine.id),
    }));
    sheet(
        format!("{} · {}", site.name, rack.name),
        &labels,
        &format!("labels-rack-{id}"),
    )
}
