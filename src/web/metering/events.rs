//! Events on a lease: recorded, and taken back.

use super::words::{Fields, instant, spread, visible, with_instant};
use crate::db::leasing::leases::{self, Lease, LeaseEvent};
use crate::db::site::sites;
use crate::domain::billing::rate::Cause;
use crate::domain::calendar::{Span, Zone};
use crate::domain::ids::*;
use crate::domain::units::Watts;
use crate::services::leasing::events::{self, NewEvent};
use crate::web::door::Visit;
use crate::web::form::{Form, new_form_key};
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::{Choice, Confirm, ConfirmPage, Fact};
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use rust_decimal::Decimal;

const NOTE_MAX: usize = 500;
/// No lease is larger than the whole grid connection of a large hotel.
const MOST_KW: i64 = 1_000_000;

#[derive(Template)]
#[template(path = "metering/event.html")]
struct Event {
    page: Page,
    form: Form,
    lease: Lease,
    causes: Vec<Choice>,
    contracted: Watts,
    back: String,
}

async fn of(visit: &Visit, id: LeaseId) -> Result<(Lease, Zone, Watts), Problem> {
    let (who, now) = (visit.who.clone(), visit.now);
    visit
        .read(move |conn| {
            let lease = visible(conn, &who, id)?;
            let zone = sites::get(conn, lease.site_id)?.zone();
            let today = zone.date(now);
            let terms = leases::terms(conn, id)?;
            let term = terms.iter().rfind(|term| term.from_date <= today);
            let watts = term
                .or(terms.first())
                .map_or(Watts::ZERO, |term| term.contracted_watts);
            Ok((lease, zone, watts))
        })
        .await
}

async fn asked(visit: &Visit, id: LeaseId, form: Form, status: StatusCode) -> Answer {
    let (lease, zone, contracted) = of(visit, id).await?;
    let page = visit.page("nav-leases");
    let title = page.t1("event-title", "number", &lease.number);
    let mut page = page.named(title);
    page.zone = zone;
    let causes = Cause::ALL
        .iter()
        .map(|cause| Choice::new(cause.code(), page.code("event-cause", cause)));
    let causes = causes.collect();
    let back = format!("/leases/{id}");
    html_with(
        status,
        &Event {
            page,
            form,
            lease,
            causes,
            contracted,
            back,
        },
    )
}

pub async fn blank(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = LeaseId(*id);
    let (_, zone, contracted) = of(&visit, id).await?;
    let hour = crate::domain::calendar::Instant(visit.now.0 - visit.now.0.rem_euclid(3_600));
    let form = Form::blank()
        .with("cause", Cause::Host)
        .with("kw", visit.reader.typed(contracted.kilo()));
    let form = with_instant(form, "from", zone, hour.plus_hours(-1));
    asked(
        &visit,
        id,
        with_instant(form, "to", zone, hour),
        StatusCode::OK,
    )
    .await
}

pub async fn create(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = LeaseId(*id);
    let mut form = Form::from_values(fields.into_inner());
    let (_, zone, _) = of(&visit, id).await?;
    let (from, to) = (
        instant(&mut form, "from", zone),
        instant(&mut form, "to", zone),
    );
    let kw = form.decimal("kw", Decimal::ZERO..=Decimal::from(MOST_KW), 3);
    let cause = form.choice("cause", Cause::parse);
    let note = form.optional("note", |form| form.text("note", NOTE_MAX));
    let (Some(from), Some(to), Some(kw), Some(cause), Some(note)) = (from, to, kw, cause, note)
    else {
        return asked(&visit, id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let new = NewEvent {
        lease: id,
        span: Span { from, to },
        watts: Watts::from_kilo(kw).unwrap_or_default(),
        cause,
        note: note.unwrap_or_default(),
    };
    let (actor, now) = (visit.who.actor, visit.now);
    match visit
        .run(move |app| events::record(&app.db, &actor, now, &new))
        .await
    {
        Ok(_) => Ok(see_other(&format!("/leases/{id}?done=event-recorded"))),
        Err(error) => {
            form.absorb(error)?;
            spread(&mut form, &["from", "to"]);
            asked(&visit, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn event(visit: &Visit, id: EventId) -> Result<(LeaseEvent, Zone), Problem> {
    let who = visit.who.clone();
    visit
        .read(move |conn| {
            let event = leases::event(conn, id)?;
            visible(conn, &who, event.lease_id)?;
            let zone = sites::get(conn, event.site_id)?.zone();
            Ok((event, zone))
        })
        .await
}

pub async fn confirm(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = EventId(*id);
    let (event, zone) = event(&visit, id).await?;
    let mut page = visit.page("event-remove-title");
    page.zone = zone;
    let confirm = Confirm {
        lead: page.t("event-remove-lead"),
        facts: vec![
            Fact::new(page.t("event-from"), page.dt(event.from_at)),
            Fact::new(page.t("event-to"), page.dt(event.to_at)),
            Fact::new(page.t("event-kw"), page.kw(event.watts)),
            Fact::new(
                page.t("event-cause"),
                page.code("event-cause", &event.cause),
            ),
        ],
        warning: None,
        action: format!("/events/{id}/removal"),
        fields: vec![],
        submit: page.t("event-remove"),
        cancel: format!("/leases/{}", event.lease_id),
        danger: true,
    };
    html(&ConfirmPage {
        page,
        confirm,
        form_key: new_form_key(),
    })
}

pub async fn remove(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = EventId(*id);
    let (event, _) = event(&visit, id).await?;
    let (actor, now) = (visit.who.actor, visit.now);
    visit
        .run(move |app| events::remove(&app.db, &actor, now, id))
        .await?;
    Ok(see_other(&format!(
        "/leases/{}?done=event-removed",
        event.lease_id
    )))
}
