//! What a file would do, row by row, before it is written; and what it did.

use super::super::common::{MayBreak, page_of};
use crate::db::metering::imports::{BadRow, Import};
use crate::db::site::sites::Site;
use crate::domain::message::Message;
use crate::domain::rows::BadRow as Bad;
use crate::domain::site::sheet::{Change, Noun, NounPlan, Plan, Step, Value, What};
use crate::export::sheet::word;
use crate::import::column_name;
use crate::services::site::data::named;
use crate::services::site::data::upload;
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::list::with_query;
use crate::web::page::{Page, html_with};
use crate::web::parts::Tab;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use askama::Template;

/// Rows that a page shows of one noun.
pub const SHOWN: usize = 200;
/// Of several nouns on one page, each.
const SHOWN_EACH: usize = 50;

/// What a report is of, beyond the rows.
pub enum View {
    File,
    NetBox(super::netbox::Extra),
}

/// Everything that a report shows, as it was loaded.
pub struct Shown {
    pub site: Site,
    pub row: Import,
    /// Bad rows of a file that was written.
    pub errors: Vec<BadRow>,
    /// What a file that was not written would do.
    pub plan: Option<Plan>,
    /// Names exactly this plan.
    pub seen: String,
    pub view: View,
}

struct Line {
    line: u64,
    name: String,
    tone: &'static str,
    what: String,
    details: Vec<String>,
}

struct Section {
    title: String,
    tabs: Vec<Tab>,
    lines: Vec<Line>,
    more: Option<String>,
}

/// A bad row in the reader's words.
struct BadLine {
    line: i64,
    column: String,
    value: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "site/data/report.html")]
struct Report {
    page: Page,
    form: Form,
    site: Site,
    upload: Import,
    written: bool,
    created: i64,
    changed: i64,
    same: i64,
    bad_count: i64,
    /// Halls and rows that racks bring along.
    along: Vec<String>,
    seen: String,
    sections: Vec<Section>,
    bad: Vec<BadLine>,
    left: Vec<super::netbox::LeftLine>,
    notes: Vec<String>,
    again: String,
    broken: MayBreak,
}

/// What a reader narrowed the report to.
struct Wanted {
    noun: Option<Noun>,
    show: String,
    /// Rows that the pages before have shown.
    after: usize,
}

fn wanted(query: &str) -> Wanted {
    let value = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let mut found = pairs.filter(|(n, _)| *n == name).map(|(_, value)| value);
        found.next_back().unwrap_or_default().to_owned()
    };
    Wanted {
        noun: Noun::parse(&value("noun")),
        show: value("show"),
        after: value("after").parse().unwrap_or(0),
    }
}

pub fn answer(
    visit: &Visit,
    shown: Shown,
    form: Form,
    status: StatusCode,
    broken: MayBreak,
) -> Answer {
    let Shown {
        site,
        row,
        errors,
        plan,
        seen,
        view,
    } = shown;
    let (title, again) = match (&view, upload::choice(&row)) {
        (View::File, Some((noun, _))) => (
            format!("site-data-import-{noun}"),
            format!("/sites/{}/data/{noun}/import", site.id),
        ),
        _ => (
            "site-data-netbox".to_owned(),
            format!("/sites/{}/data/netbox", site.id),
        ),
    };
    let page = page_of(visit, "", site.zone()).titled(&title);
    let written = upload::is_written(&row);
    let wanted = wanted(&visit.query);
    let path = format!("/sites/{}/data/imports/{}", site.id, row.id);
    let parts = plan.as_ref().map_or(&[][..], |plan| &plan.nouns);
    let count = |wanted: fn(&NounPlan) -> u64, kept: i64| match &plan {
        Some(plan) => i64::try_from(plan.total(wanted)).unwrap_or(i64::MAX),
        None => kept,
    };
    let same = |part: &NounPlan| part.count(|w| matches!(w, What::Same | What::Skipped));
    let main = upload::choice(&row).map(|(noun, _)| noun);
    let (mut left, notes) = match view {
        View::File => (vec![], vec![]),
        View::NetBox(extra) => extra.told(&page),
    };
    // A line without a place in a file: what was left out of an import from NetBox.
    let (out, errors): (Vec<BadRow>, Vec<BadRow>) = errors.into_iter().partition(|e| e.line == 0);
    left.extend(out.iter().map(|row| super::netbox::LeftLine {
        table: page.code("netbox-table", &row.column_name),
        name: row.value.clone(),
        reason: said(&page, &row.reason),
    }));
    html_with(
        status,
        &Report {
            written,
            created: count(NounPlan::created, row.rows_new),
            changed: count(NounPlan::changed, row.rows_corrected),
            same: count(same, row.rows_same),
            bad_count: count(|part| part.bad.len() as u64, row.rows_bad),
            along: along(&page, parts, main),
            sections: sections(&page, parts, &wanted, &path),
            bad: errors.iter().map(|row| bad_line(&page, row)).collect(),
            left,
            notes,
            again,
            seen,
            page,
            form,
            site,
            upload: row,
            broken,
        },
    )
}

/// What comes into being although the file is of something else.
fn along(page: &Page, parts: &[NounPlan], main: Option<Noun>) -> Vec<String> {
    let others = parts
        .iter()
        .filter(|part| main.is_some_and(|main| main != part.noun));
    others
        .map(|part| {
            let noun = page.code("site-data-noun", part.noun);
            format!("{noun}: {}", page.count(part.steps.len()))
        })
        .collect()
}

fn sections(page: &Page, parts: &[NounPlan], wanted: &Wanted, path: &str) -> Vec<Section> {
    let chosen = parts
        .iter()
        .filter(|part| wanted.noun.is_none_or(|noun| noun == part.noun));
    let most = if wanted.noun.is_some() || parts.len() == 1 {
        SHOWN
    } else {
        SHOWN_EACH
    };
    chosen
        .filter(|part| part.steps.len() + part.bad.len() > 0)
        .map(|part| section(page, part, wanted, path, most))
        .collect()
}

const SHOWS: [&str; 5] = ["new", "changed", "same", "skipped", "bad"];

fn section(page: &Page, part: &NounPlan, wanted: &Wanted, path: &str, most: usize) -> Section {
    let link = |show: &str, after: usize| {
        let mut pairs = vec![("noun", part.noun.to_string())];
        if !show.is_empty() {
            pairs.push(("show", show.to_owned()));
        }
        if after > 0 {
            pairs.push(("after", after.to_string()));
        }
        with_query(path, &pairs)
    };
    let mut all: Vec<(u64, &str, Line)> = part
        .steps
        .iter()
        .map(|step| {
            (
                step.line,
                code(&step.what),
                step_line(page, part.noun, step),
            )
        })
        .collect();
    all.extend(part.bad.iter().map(|b| (b.line, "bad", bad(page, b))));
    all.sort_by_key(|(line, ..)| *line);
    let counted = |show: &str| all.iter().filter(|(_, code, _)| *code == show).count();
    let tab = |show: &str, count: usize| Tab {
        href: link(show, 0),
        label: format!(
            "{}: {}",
            page.code("site-data-show", if show.is_empty() { "all" } else { show }),
            page.count(count)
        ),
        active: wanted.show == show,
    };
    let mut tabs = vec![tab("", all.len())];
    tabs.extend(
        SHOWS
            .iter()
            .map(|show| (show, counted(show)))
            .filter(|(_, count)| *count > 0)
            .map(|(show, count)| tab(show, count)),
    );
    let shows = |code: &str| wanted.show.is_empty() || wanted.show == code;
    let rest = all.into_iter().filter(|(_, code, _)| shows(code));
    let mut rest = rest.skip(wanted.after);
    let lines: Vec<Line> = rest.by_ref().take(most).map(|(.., line)| line).collect();
    let last = wanted.after + lines.len();
    Section {
        title: page.code("site-data-noun", part.noun),
        tabs,
        more: rest.next().map(|_| link(&wanted.show, last)),
        lines,
    }
}

fn code(what: &What) -> &'static str {
    match what {
        What::New => "new",
        What::Changed { .. } => "changed",
        What::Same => "same",
        What::Skipped => "skipped",
    }
}

fn step_line(page: &Page, noun: Noun, step: &Step) -> Line {
    let what = code(&step.what);
    Line {
        line: step.line,
        name: named(noun, &step.cells),
        tone: match step.what {
            What::New => "ok",
            What::Changed { .. } => "info",
            What::Same | What::Skipped => "muted",
        },
        what: page.code("site-data-what", what),
        details: match &step.what {
            What::Changed { changes, .. } => {
                changes.iter().map(|c| change(page, noun, c)).collect()
            }
            _ => vec![],
        },
    }
}

fn change(page: &Page, noun: Noun, change: &Change) -> String {
    let column = column_name(page.locale, change.column);
    let from = shown(page, noun, change.column, &change.from);
    let to = shown(page, noun, change.column, &change.to);
    format!("{column}: {from} → {to}")
}

fn shown(page: &Page, noun: Noun, code: &str, value: &Value) -> String {
    match value {
        Value::Empty => "—".to_owned(),
        Value::Whole(number) => page.int(*number),
        Value::Watts(watts) => page.dec(watts.kilo().normalize()),
        Value::Decimal(number) => page.dec(number.normalize()),
        Value::Word(word_code) => {
            let column = &noun.columns()[noun.at(code)];
            word(column, word_code, page.locale).to_owned()
        }
        other => other.plain(),
    }
}

fn bad(page: &Page, bad: &Bad) -> Line {
    let reason = bad.reason_text(page.locale);
    let detail = match (bad.column, bad.value.as_str()) {
        ("", value) => format!("{reason} ({value})"),
        (column, "") => format!("{}: {reason}", column_name(page.locale, column)),
        (column, value) => {
            let column = column_name(page.locale, column);
            page.t3(
                "site-data-bad",
                ("column", column),
                ("value", value),
                ("reason", reason),
            )
        }
    };
    Line {
        line: bad.line,
        name: String::new(),
        tone: "danger",
        what: page.code("site-data-what", "bad"),
        details: vec![detail],
    }
}

fn bad_line(page: &Page, row: &BadRow) -> BadLine {
    BadLine {
        line: row.line,
        column: column_name(page.locale, &row.column_name),
        value: row.value.clone(),
        reason: said(page, &row.reason),
    }
}

/// A kept reason in the reader's language.
fn said(page: &Page, reason: &str) -> String {
    serde_json::from_str(reason).map_or_else(|_| reason.to_owned(), |said: Message| page.say(&said))
}
