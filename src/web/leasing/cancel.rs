//! A reservation is given up: what that frees is said before.

use super::reservations::{Loaded, closed, load, power, status_of};
use super::words;
use crate::db::leasing::reservations::Reservation;
use crate::domain::calendar::Instant;
use crate::domain::ids::ReservationId;
use crate::domain::leasing::state::ReservationStatus;
use crate::services::leasing::reserve;
use crate::web::door::Visit;
use crate::web::form::new_form_key;
use crate::web::page::{Page, html, see_other};
use crate::web::parts::{Confirm, ConfirmPage, Fact};
use crate::web::visit::Answer;
use actix_web::web;

/// Says in numbers what a cancellation frees.
pub async fn confirm(visit: Visit, id: web::Path<i64>) -> Answer {
    let (who, id) = (visit.who.clone(), ReservationId(*id));
    let loaded = visit.read(move |conn| load(conn, &who, id)).await?;
    let held = [ReservationStatus::Held, ReservationStatus::Assigned];
    if let Some(back) = closed(&loaded.row, visit.now, &held) {
        return Ok(back);
    }
    let page = visit.page("nav-reservations");
    let page = super::numbered(page, "reservation-cancel-title", id);
    let row = &loaded.row;
    let mut facts = vec![
        Fact::new(
            page.t("wish-machines"),
            page.t2(
                "reservation-machines",
                "count",
                row.units,
                "model",
                &row.model_name,
            ),
        ),
        Fact::new(page.t("wish-power"), page.kw(power(row))),
        Fact::new(
            page.t("wish-window"),
            words::window(&page, row.from_date, row.to_date),
        ),
        Fact::new(page.t("reservation-racks"), page.int(racks(&loaded))),
    ];
    facts.extend(others_held(&page, &loaded, visit.now));
    let confirm = Confirm {
        lead: page.t("reservation-cancel-lead"),
        facts,
        warning: Some(page.t("reservation-cancel-warning")),
        action: format!("/reservations/{id}/cancellation"),
        fields: vec![],
        submit: page.t("reservation-cancel"),
        cancel: format!("/reservations/{id}"),
        danger: true,
    };
    html(&ConfirmPage {
        page,
        confirm,
        form_key: new_form_key(),
    })
}

/// What is cancelled with it.
fn others_held(page: &Page, loaded: &Loaded, now: Instant) -> Option<Fact> {
    let held = |row: &&Reservation| {
        let status = status_of(row, now);
        matches!(
            status,
            ReservationStatus::Held | ReservationStatus::Assigned
        )
    };
    let numbers: Vec<String> = loaded
        .together
        .iter()
        .filter(held)
        .map(|row| row.id.to_string())
        .collect();
    (!numbers.is_empty())
        .then(|| Fact::new(page.t("reservation-cancelled-too"), numbers.join(", ")))
}

fn racks(loaded: &Loaded) -> i64 {
    let mut names: Vec<&str> = loaded.allocations.iter().map(|a| a.rack.as_str()).collect();
    names.dedup();
    i64::try_from(names.len()).unwrap_or(i64::MAX)
}

pub async fn cancel(visit: Visit, id: web::Path<i64>) -> Answer {
    let (actor, now, id) = (visit.who.actor, visit.now, ReservationId(*id));
    visit
        .run(move |app| reserve::cancel(&app.db, &actor, now, id))
        .await?;
    Ok(see_other(&format!(
        "/reservations/{id}?done=reservation-cancelled"
    )))
}
