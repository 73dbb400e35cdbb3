//! Files of readings: hand one in, watch it, read what became of it.

use super::words::Fields;
use crate::db::metering::imports::{self as rows, BadRow, Import};
use crate::db::metering::{devices, quarantine};
use crate::domain::cursor::encode;
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::import::column_name;
use crate::services::metering::imports::{self, KIND, Keep, Upload};
use crate::web::door::{Visit, Who};
use crate::web::form::Form;
use crate::web::page::{Page, Tone, html, html_with, see_other};
use crate::web::parts::{self, Choice, Progress};
use crate::web::upload::{Received, received};
use crate::web::visit::Answer;
use actix_multipart::Multipart;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

/// Imports on the page, and bad rows on a report's page.
const LATEST: i64 = 50;
const SHOWN: i64 = 200;
/// The reason of a row whose meter is not there yet.
const UNKNOWN_METER: &str = "imp-reason-unknown-meter";

#[derive(Template)]
#[template(path = "metering/readings.html")]
struct Readings {
    page: Page,
    form: Form,
    choices: Vec<Choice>,
    imports: Vec<Line>,
    waiting: i64,
    limit_mib: u64,
}

/// A file with who brought it.
struct Line {
    import: Import,
    who: String,
}

async fn asked(visit: &Visit, form: Form, status: StatusCode) -> Answer {
    let (imports, mut authors, waiting) = visit
        .read(|conn| {
            let waiting = quarantine::waiting_count(conn)? + devices::held_count(conn)?;
            let imports = rows::list(conn, KIND, None, LATEST)?;
            let authors = rows::authors(conn, &imports)?;
            Ok((imports, authors, waiting))
        })
        .await?;
    let page = visit.page("readings-title");
    let choices = Keep::ALL
        .iter()
        .map(|keep| Choice::new(keep.code(), page.code("import-keep", dashed(keep.code()))))
        .collect();
    let line = |import: Import| Line {
        who: authors
            .remove(&import.id)
            .unwrap_or_else(|| page.t("history-house")),
        import,
    };
    let imports = imports.into_iter().map(line).collect();
    let limit_mib = visit.app.config.import_max_mib;
    html_with(
        status,
        &Readings {
            page,
            form,
            choices,
            imports,
            waiting,
            limit_mib,
        },
    )
}

/// Codes with underscores as the ends of text keys.
pub(super) fn dashed(code: &str) -> String {
    code.replace('_', "-")
}

pub fn tone(state: &str) -> &'static str {
    match state {
        rows::DONE => "ok",
        rows::RUNNING | rows::CHECKED => "info",
        rows::CANCELLED => "muted",
        _ => "danger",
    }
}

pub async fn list(visit: Visit) -> Answer {
    let form = Form::blank().with("keep", Keep::CheckOnly.code());
    asked(&visit, form, StatusCode::OK).await
}

pub async fn template(visit: Visit) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"readings.csv\"",
        ))
        .body(imports::template(visit.reader.locale))
}

pub async fn upload(visit: Visit, request: HttpRequest, parts: Multipart) -> Answer {
    let mib = visit.app.config.import_max_mib;
    let most = usize::try_from(mib << 20).unwrap_or(usize::MAX);
    let Received {
        mut form,
        name,
        content,
    } = received(&request, parts, mib).await?;
    if form.ok()
        && let Some(error) = imports::fault(&content, visit.now)
    {
        let reason = error.sentence(visit.reader.locale);
        form.fail(
            "file",
            Message::new("imp-file-refused").with("reason", reason),
        );
    }
    let keep = form.choice("keep", Keep::parse);
    let Some(keep) = keep.filter(|_| form.ok()) else {
        return asked(&visit, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (actor, now) = (visit.who.actor, visit.now);
    let taken = visit.run(move |app| {
        let upload = Upload {
            file_name: &name,
            content: &content,
            keep,
            limit_bytes: most,
        };
        imports::receive(&app.db, &actor, now, &upload)
    });
    match taken.await {
        Ok(id) => Ok(see_other(&format!("/readings/{id}"))),
        Err(error) => {
            form.absorb(error)?;
            asked(&visit, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// A bad row in the reader's words.
struct BadLine {
    line: i64,
    column: String,
    value: String,
    reason: String,
    /// Where what is missing is added.
    mend: Option<String>,
}

#[derive(Template)]
#[template(path = "metering/reading_import.html")]
struct Report {
    page: Page,
    import: Import,
    who: String,
    /// The page of the folder that it lay in.
    folder: Option<String>,
    progress: Option<Progress>,
    /// Until when a refused file may still be written.
    kept: Option<String>,
    failure: Option<String>,
    bad: Vec<BadLine>,
    next: Option<String>,
    form_key: String,
}

impl Report {
    fn is(&self, state: &str) -> bool {
        self.import.state == state
    }

    fn would_do(&self) -> String {
        let row = &self.import;
        self.page.t3(
            "import-checked",
            ("new", row.rows_new),
            ("corrected", row.rows_corrected),
            ("bad", row.rows_bad),
        )
    }

    fn good(&self) -> i64 {
        if self.is(rows::REFUSED) {
            return self.import.rows_done;
        }
        self.import.rows_new + self.import.rows_same + self.import.rows_corrected
    }
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = ImportId(*id);
    let after = super::words::parameter(&visit, "after").and_then(|seq| seq.parse().ok());
    let now = visit.now;
    let (import, kept, mut errors, who) = visit
        .read(move |conn| {
            let import = rows::get(conn, id)?;
            if import.kind != KIND {
                return Err(crate::error::Error::NotFound);
            }
            let who = rows::authors(conn, std::slice::from_ref(&import))?.remove(&id);
            Ok((
                import.clone(),
                imports::kept_until(conn, &import, now)?,
                rows::errors(conn, id, after, SHOWN + 1)?,
                who,
            ))
        })
        .await?;
    let more = errors.len() as i64 > SHOWN;
    errors.truncate(SHOWN as usize);
    let last = errors.last().map_or(0, |row| row.seq);
    let page = visit.page("readings-title").named(&import.file_name);
    let running = import.state == rows::RUNNING;
    html(&Report {
        progress: running.then(|| card(&page, &import)),
        kept: kept.map(|until| page.dt(until)),
        failure: serde_json::from_str(&import.error)
            .ok()
            .map(|message| page.say(&message)),
        bad: errors
            .iter()
            .map(|row| bad_line(&page, &visit.who, row))
            .collect(),
        next: more.then(|| format!("/readings/{id}?after={last}")),
        folder: import
            .source_id
            .filter(|_| who.is_some())
            .map(|source| format!("/folders/{source}")),
        who: who.unwrap_or_else(|| page.t("history-house")),
        form_key: crate::web::form::new_form_key(),
        page,
        import,
    })
}

fn bad_line(page: &Page, who: &Who, row: &BadRow) -> BadLine {
    let reason = serde_json::from_str::<Message>(&row.reason);
    let unknown = reason.is_ok_and(|it| it.key == UNKNOWN_METER);
    BadLine {
        line: row.line,
        column: column_name(page.locale, &row.column_name),
        value: row.value.clone(),
        mend: (unknown && who.may_open("/meters/new"))
            .then(|| format!("/meters/new?code={}", encode(&row.value))),
        reason: page.say_kept(&row.reason),
    }
}

fn card(page: &Page, import: &Import) -> Progress {
    let id = import.id;
    let running = import.state == rows::RUNNING;
    let percent = import.bytes_done.saturating_mul(100) / import.file_bytes.max(1);
    let note = match (running, import.phase.as_str()) {
        (true, rows::CHECK) => page.t("import-progress-check"),
        (true, _) => page.t1("import-progress-write", "rows", import.rows_done),
        _ => page.code("import-state", &import.state),
    };
    Progress {
        title: page.t1("import-progress-title", "name", &import.file_name),
        note,
        percent: if running { percent } else { 100 },
        tone: if running { Tone::Info } else { Tone::Ok },
        poll: running.then(|| format!("/readings/{id}/progress")),
        cancel: running.then(|| format!("/readings/{id}/cancellation")),
        report: (!running).then(|| format!("/readings/{id}")),
    }
}

pub async fn progress(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = ImportId(*id);
    let import = visit.read(move |conn| rows::get(conn, id)).await?;
    let page = visit.page("readings-title");
    let progress = card(&page, &import);
    parts::progress(page, progress)
}

/// A checked or refused file is written: whole, or its good rows.
pub async fn confirm(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = ImportId(*id);
    let keep = Keep::parse(Form::from_values(fields.into_inner()).value("keep"));
    let keep = keep.unwrap_or(Keep::AllOrNothing);
    let (actor, now) = (visit.who.actor, visit.now);
    visit
        .run(move |app| imports::confirm(&app.db, &actor, now, id, keep))
        .await?;
    Ok(see_other(&format!("/readings/{id}")))
}

pub async fn cancel(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = ImportId(*id);
    let (actor, now) = (visit.who.actor, visit.now);
    visit
        .run(move |app| imports::cancel(&app.db, &actor, now, id))
        .await?;
    Ok(see_other(&format!("/readings/{id}?done=import-cancelled")))
}

/// A refused file is thrown away; its report stays.
pub async fn discard(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = ImportId(*id);
    let (actor, now) = (visit.who.actor, visit.now);
    visit
        .run(move |app| imports::discard(&app.db, &actor, now, id))
        .await?;
    Ok(see_other(&format!("/readings/{id}?done=import-discarded")))
}
