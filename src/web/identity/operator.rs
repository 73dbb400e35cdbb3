//! The operator's details, as they stand on every invoice.

use super::{Fields, history, locales};
use crate::db::identity::operators::{self, Operator};
use crate::db::trail;
use crate::domain::identity::details::{LONGEST_LINE, LONGEST_TEXT};
use crate::services::identity::operator as service;
use crate::text::Locale;
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html_with, see_other};
use crate::web::parts::{Choice, Happening};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use askama::Template;

#[derive(Template)]
#[template(path = "identity/operator.html")]
struct OperatorPage {
    page: Page,
    form: Form,
    locales: Vec<Choice>,
    zones: Vec<&'static str>,
    history: Vec<Happening>,
}

async fn shown(visit: Visit, form: Form) -> Answer {
    let rows = visit
        .read(|conn| trail::of(conn, "operator", operators::ID, 20))
        .await?;
    let page = visit.page("nav-operator");
    let status = match form.ok() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let template = OperatorPage {
        locales: locales(),
        zones: chrono_tz::TZ_VARIANTS
            .iter()
            .map(|zone| zone.name())
            .collect(),
        history: history(&page, &rows),
        page,
        form,
    };
    html_with(status, &template)
}

pub async fn edit(visit: Visit) -> Answer {
    let operator = visit.read(operators::get).await?;
    let form = match operator {
        Some(operator) => filled(&operator),
        None => Form::blank()
            .with("country", "RU")
            .with("time_zone", "Europe/Moscow")
            .with("vat_payer", "yes")
            .with("locale", visit.reader.locale),
    };
    shown(visit, form).await
}

fn filled(row: &Operator) -> Form {
    let form = Form::blank()
        .with("legal_name", &row.legal_name)
        .with("short_name", &row.short_name)
        .with("country", &row.country)
        .with("time_zone", &row.time_zone)
        .with("inn", &row.inn)
        .with("kpp", &row.kpp)
        .with("ogrn", &row.ogrn)
        .with("address", &row.address)
        .with("email", &row.email)
        .with("phone", &row.phone)
        .with("bank_name", &row.bank_name)
        .with("bank_bic", &row.bank_bic)
        .with("bank_account", &row.bank_account)
        .with("bank_corr_account", &row.bank_corr_account)
        .with("director", &row.director)
        .with("accountant", &row.accountant)
        .with("locale", &row.locale);
    match row.vat_payer {
        true => form.with("vat_payer", "yes"),
        false => form,
    }
}

fn parse(form: &mut Form) -> Option<Operator> {
    let legal_name = form.text("legal_name", LONGEST_LINE);
    let short_name = form.text("short_name", LONGEST_LINE);
    let country = form.text("country", 2);
    let time_zone = form.text("time_zone", 60);
    let address = form.text("address", LONGEST_TEXT);
    let email = form.email("email");
    let locale = form.choice("locale", Locale::parse);
    let vat_payer = form.checked("vat_payer");
    let line = |form: &Form, name: &str| form.value(name).trim().to_owned();
    Some(Operator {
        id: operators::ID,
        legal_name: legal_name?,
        short_name: short_name?,
        country: country?,
        time_zone: time_zone?,
        inn: line(form, "inn"),
        kpp: line(form, "kpp"),
        ogrn: line(form, "ogrn"),
        address: address?,
        email: email?,
        phone: line(form, "phone"),
        bank_name: line(form, "bank_name"),
        bank_bic: line(form, "bank_bic"),
        bank_account: line(form, "bank_account"),
        bank_corr_account: line(form, "bank_corr_account"),
        director: line(form, "director"),
        accountant: line(form, "accountant"),
        vat_payer,
        locale: locale?.code().to_owned(),
    })
}

pub async fn save(visit: Visit, fields: Fields) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    let Some(operator) = parse(&mut form) else {
        return shown(visit, form).await;
    };
    let (who, now) = (visit.who.actor, visit.now);
    let saved = visit
        .run(move |app| service::save(&app.db, &who, now, &operator))
        .await;
    match saved {
        Ok(()) => Ok(see_other("/operator?done=operator-saved")),
        Err(error) => {
            form.absorb(error)?;
            shown(visit, form).await
        }
    }
}
