//! The rules of a site's alarms: what each kind is raised above, for how long, and who is told.

use super::webhooks::{self, Summary};
use super::words::Fields;
use crate::db::metering::alarms::Rule;
use crate::db::site::sites::{self, Site};
use crate::domain::ids::SiteId;
use crate::domain::metering::alarm::Kind;
use crate::error::found;
use crate::services::metering::alarms::{self as service, LONGEST_SECONDS, range};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::Tab;
use crate::web::site::common::{page_of, tabs};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

const RECIPIENTS_MAX: usize = 2_000;

struct Line {
    kind: Kind,
    name: String,
    lead: String,
    enabled: bool,
    raise: String,
    clear: String,
    hold: i64,
    calm: i64,
    recipients: String,
}

#[derive(Template)]
#[template(path = "metering/alarm_rules.html")]
struct List {
    page: Page,
    tabs: Vec<Tab>,
    site: SiteId,
    lines: Vec<Line>,
    edits: bool,
    /// For who may change them: an address may hold a secret of its receiver.
    webhooks: Vec<Summary>,
}

pub async fn list(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = SiteId(*id);
    let edits = visit.edits_site();
    let (site, rules, webhooks) = visit
        .read(move |conn| {
            let webhooks = match edits {
                true => webhooks::summaries(conn, id)?,
                false => vec![],
            };
            Ok((sites::get(conn, id)?, service::rules(conn, id)?, webhooks))
        })
        .await?;
    let page = page_of(&visit, &site.name, site.zone());
    let line = |rule: Rule| Line {
        name: page.code("alarm-kind", rule.kind),
        lead: page.code("alarm-lead", rule.kind),
        raise: service::said(page.locale, rule.kind, rule.raise),
        clear: service::said(page.locale, rule.kind, rule.clear),
        kind: rule.kind,
        enabled: rule.enabled,
        hold: rule.hold_seconds / 60,
        calm: rule.calm_seconds / 60,
        recipients: rule.recipients,
    };
    html(&List {
        tabs: tabs(&page, id, "alarms"),
        lines: rules.into_iter().map(line).collect(),
        edits,
        webhooks,
        site: id,
        page,
    })
}

#[derive(Template)]
#[template(path = "metering/alarm_rule.html")]
struct Edit {
    page: Page,
    form: Form,
    site: SiteId,
    kind: Kind,
    range: String,
    minutes: String,
}

impl Edit {
    fn unit(&self) -> String {
        self.page.code("alarm-unit", self.kind)
    }

    fn label(&self, what: &str) -> String {
        self.page.code(&format!("alarm-{what}"), self.kind)
    }
}

fn filled(rule: &Rule) -> Form {
    let form = Form::blank()
        .with("raise", rule.kind.turned(rule.raise))
        .with("clear", rule.kind.turned(rule.clear))
        .with("hold", rule.hold_seconds / 60)
        .with("calm", rule.calm_seconds / 60)
        .with("recipients", &rule.recipients);
    match rule.enabled {
        true => form.with("enabled", "yes"),
        false => form,
    }
}

async fn asked(
    visit: &Visit,
    (id, kind): (SiteId, Kind),
    form: Option<Form>,
    status: StatusCode,
) -> Answer {
    let (site, rule): (Site, Rule) = visit
        .read(move |conn| Ok((sites::get(conn, id)?, service::rule(conn, id, kind)?)))
        .await?;
    let page = page_of(visit, &site.name, site.zone());
    let title = page.code("alarm-kind", kind);
    let page = page.named(title);
    let hint =
        |min: i64, max: i64| page.t2("alarm-range", "min", page.int(min), "max", page.int(max));
    let range = range(kind);
    let template = Edit {
        form: form.unwrap_or_else(|| filled(&rule)),
        range: hint(*range.start(), *range.end()),
        minutes: hint(0, LONGEST_SECONDS / 60),
        site: id,
        kind,
        page,
    };
    html_with(status, &template)
}

pub async fn edit(visit: Visit, path: web::Path<(i64, String)>) -> Answer {
    let kind = found(Kind::parse(&path.1))?;
    asked(&visit, (SiteId(path.0), kind), None, StatusCode::OK).await
}

fn parse(form: &mut Form, site: SiteId, kind: Kind) -> Option<Rule> {
    let minutes = 0..=LONGEST_SECONDS / 60;
    let raise = form.integer("raise", range(kind));
    let clear = form.integer("clear", range(kind));
    let hold = form.integer("hold", minutes.clone());
    let calm = form.integer("calm", minutes);
    let recipients = form.optional("recipients", |form| form.text("recipients", RECIPIENTS_MAX));
    Some(Rule {
        site_id: site,
        kind,
        enabled: form.checked("enabled"),
        raise: kind.turned(raise?),
        clear: kind.turned(clear?),
        hold_seconds: hold? * 60,
        calm_seconds: calm? * 60,
        recipients: recipients?.unwrap_or_default().replace(['\n', ';'], ","),
    })
}

pub async fn save(visit: Visit, path: web::Path<(i64, String)>, fields: Fields) -> Answer {
    let (id, kind) = (SiteId(path.0), found(Kind::parse(&path.1))?);
    let mut form = Form::from_values(fields.into_inner());
    let Some(rule) = parse(&mut form, id, kind) else {
        return asked(
            &visit,
            (id, kind),
            Some(form),
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    };
    let (actor, now) = (visit.who.actor, visit.now);
    match visit
        .run(move |app| service::save_rule(&app.db, &actor, now, &rule))
        .await
    {
        Ok(()) => Ok(see_other(&format!(
            "/sites/{id}/alarm-rules?done=alarm-rule"
        ))),
        Err(error) => {
            form.absorb(error)?;
            asked(
                &visit,
                (id, kind),
                Some(form),
                StatusCode::UNPROCESSABLE_ENTITY,
            )
            .await
        }
    }
}
