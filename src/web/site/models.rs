//! The catalogue of machine models.

use super::common::{Fields, NAME_MAX, Saved, codes, model_note, saved};
use crate::db::site::catalogue::{self, MachineModel, ModelPage};
use crate::domain::fold::fold;
use crate::domain::ids::ModelId;
use crate::domain::site::{CoolingKind, Supply};
use crate::domain::units::Watts;
use crate::services::site as service;
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::list::{Cursor, ListParams, ListSpec, PAGE_SIZE, page_of};
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::Choice;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use rust_decimal::Decimal;

const SPEC: ListSpec = ListSpec {
    sorts: &["name", "watts"],
    descending: false,
    filters: &["cooling"],
};

struct ModelLine {
    model: MachineModel,
    note: String,
    hashrate: Option<Decimal>,
    /// Joules per terahash: watts by terahashes a second.
    efficiency: Option<Decimal>,
}

#[derive(Template)]
#[template(path = "site/models.html")]
struct Models {
    page: Page,
    list: ListParams,
    edits: bool,
    rows: Vec<ModelLine>,
    next: Option<String>,
    kinds: Vec<Choice>,
}

pub async fn list(visit: Visit) -> Answer {
    let list = visit.list(SPEC);
    let wanted = ModelPage {
        search: list.q.clone(),
        cooling: CoolingKind::parse(list.filter("cooling")),
        by_watts: list.sort == "watts",
        descending: list.descending,
        after: list.after.clone().map(|cursor| (cursor.value, cursor.id)),
        limit: PAGE_SIZE + 1,
    };
    let by_watts = wanted.by_watts;
    let rows = visit
        .read(move |conn| catalogue::page(conn, &wanted))
        .await?;
    let (rows, next) = page_of(rows, &list, |row| match by_watts {
        true => Cursor::new(row.watts.0, row.id.0),
        false => Cursor::new(&row.folded, row.id.0),
    });
    let page = visit.page("nav-models");
    html(&Models {
        edits: visit.edits_site(),
        kinds: codes(&page, "site-cooling", CoolingKind::ALL),
        rows: rows.into_iter().map(|row| line(&page, row)).collect(),
        page,
        list,
        next,
    })
}

fn line(page: &Page, model: MachineModel) -> ModelLine {
    let hashrate = model
        .hashrate_th
        .parse::<Decimal>()
        .ok()
        .filter(|th| !th.is_zero());
    ModelLine {
        efficiency: hashrate.and_then(|th| Decimal::from(model.watts.0).checked_div(th)),
        hashrate,
        note: model_note(page, &model.note),
        model,
    }
}

#[derive(Template)]
#[template(path = "site/model_form.html")]
struct ModelForm {
    page: Page,
    form: Form,
    action: String,
    kinds: Vec<Choice>,
    supplies: Vec<Choice>,
}

fn shown(visit: &Visit, id: ModelId, form: Form, status: StatusCode) -> Answer {
    let (page, action) = match id {
        ModelId(0) => (visit.page("site-model-new"), "/models".to_owned()),
        id => (visit.page("site-model-edit"), format!("/models/{id}")),
    };
    let kinds = codes(&page, "site-cooling", CoolingKind::ALL);
    let supplies = codes(&page, "site-supply", Supply::ALL);
    html_with(
        status,
        &ModelForm {
            page,
            form,
            action,
            kinds,
            supplies,
        },
    )
}

pub async fn blank(visit: Visit) -> Answer {
    let form = Form::blank().with("cooling", CoolingKind::Air);
    shown(&visit, ModelId(0), form, StatusCode::OK)
}

pub async fn edit(visit: Visit, id: web::Path<i64>) -> Answer {
    let model = visit
        .read(move |conn| catalogue::get(conn, ModelId(*id)))
        .await?;
    let hashrate = model
        .hashrate_th
        .parse()
        .map(|th| visit.reader.typed(th))
        .unwrap_or_default();
    let form = Form::blank()
        .with("maker", &model.maker)
        .with("model", &model.model)
        .with("hashrate", hashrate)
        .with("watts", model.watts.0)
        .with("cooling", model.cooling)
        .with("supply", model.supply.map_or("", Supply::code))
        .with("note", &model.note);
    shown(&visit, model.id, form, StatusCode::OK)
}

fn parse(form: &mut Form, id: ModelId) -> Option<MachineModel> {
    let maker = form.text("maker", NAME_MAX);
    let model = form.text("model", NAME_MAX);
    let hashrate = form.optional("hashrate", |form| {
        form.decimal("hashrate", Decimal::ZERO..=Decimal::from(1_000_000), 3)
    });
    let watts = form.integer("watts", 1..=1_000_000);
    let cooling = form.choice("cooling", CoolingKind::parse);
    let supply = form.optional("supply", |form| form.choice("supply", Supply::parse));
    let note = form.optional("note", |form| form.text("note", 250));
    let (maker, model) = (maker?, model?);
    Some(MachineModel {
        id,
        folded: fold(&format!("{maker} {model}")),
        maker,
        model,
        hashrate_th: hashrate?.map_or(String::new(), |th| th.normalize().to_string()),
        watts: Watts(watts?),
        cooling: cooling?,
        supply: supply?,
        note: note?.unwrap_or_default(),
    })
}

async fn save(visit: Visit, id: ModelId, fields: Fields) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    let Some(model) = parse(&mut form, id) else {
        return shown(&visit, id, form, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let (actor, now) = (visit.who.actor, visit.now);
    let result = visit
        .save_once(&form, move |app| {
            service::models::save(&app.db, &actor, now, &model)?;
            Ok("/models?done=site-saved".to_owned())
        })
        .await;
    match saved(&visit.page("nav-models"), &mut form, result)? {
        Saved::Yes(path) => Ok(see_other(&path)),
        Saved::No(status, _) => shown(&visit, id, form, status),
    }
}

pub async fn create(visit: Visit, fields: Fields) -> Answer {
    save(visit, ModelId(0), fields).await
}

pub async fn update(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = visit
        .read(move |conn| catalogue::get(conn, ModelId(*id)))
        .await?
        .id;
    save(visit, id, fields).await
}
