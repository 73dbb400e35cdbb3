//! What the shared macros of `templates/components/` show.

use askama::Template;

use super::page::{Page, Tone, html};
use super::visit::Answer;
use actix_web::http::header::{HeaderName, HeaderValue};

/// An option of a select: the code and what the reader sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

/// A tab, or a segment of a switch.
#[derive(Clone, Debug)]
pub struct Tab {
    pub href: String,
    pub label: String,
    pub active: bool,
}

/// A term and what it is: definition lists and the numbers of a confirmation.
#[derive(Clone, Debug)]
pub struct Fact {
    pub term: String,
    pub value: String,
    /// Where the value leads, if anywhere.
    pub href: Option<String>,
    /// Shown struck: it was so and counts no more.
    pub struck: bool,
}

impl Fact {
    pub fn new(term: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            term: term.into(),
            value: value.into(),
            href: None,
            struck: false,
        }
    }

    pub fn struck(mut self, struck: bool) -> Self {
        self.struck = struck;
        self
    }

    pub fn linked(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

/// A next step that would work.
#[derive(Clone, Debug)]
pub struct Step {
    pub label: String,
    pub href: String,
}

/// Why not: what bound, by how much, and the nearest thing that would fit.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub title: String,
    pub reasons: Vec<String>,
    pub steps: Vec<Step>,
}

/// One line of "needs attention": what it is, what it means, where to go.
#[derive(Clone, Debug)]
pub struct Notice {
    pub tone: Tone,
    pub title: String,
    pub note: String,
    pub href: String,
}

/// An entry of a history: when, what.
#[derive(Clone, Debug)]
pub struct Happening {
    pub at: String,
    pub text: String,
}

/// Long work as its card shows it.
#[derive(Clone, Debug)]
pub struct Progress {
    pub title: String,
    /// `4 210 of 30 000 rows`, or the outcome.
    pub note: String,
    /// Of a hundred.
    pub percent: i64,
    pub tone: Tone,
    /// While the work runs: the address of this card alone; it is asked for every second.
    pub poll: Option<String>,
    /// Where a POST stops the work, while that is safe.
    pub cancel: Option<String>,
    /// Where the report is, once there is one.
    pub report: Option<String>,
}

/// A bar of a small chart inside a page.
#[derive(Clone, Debug)]
pub struct Column {
    /// Of a hundred.
    pub height: i64,
    /// Shown on hover and read aloud: `17 октября: 12,4 МВт·ч`.
    pub label: String,
    pub tone: Tone,
}

impl Column {
    /// The upper edge in a picture of a hundred.
    pub fn top(&self) -> i64 {
        100 - self.height.clamp(0, 100)
    }
}

/// What a destructive step will do, in numbers, before it does it.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// What will happen, in one sentence.
    pub lead: String,
    pub facts: Vec<Fact>,
    /// What cannot be undone.
    pub warning: Option<String>,
    /// Where the POST goes.
    pub action: String,
    /// What goes with it, unseen.
    pub fields: Vec<(String, String)>,
    pub submit: String,
    pub cancel: String,
    pub danger: bool,
}

/// The page between a destructive link and its POST; its title says what is about to happen.
#[derive(Template)]
#[template(path = "confirm.html")]
pub struct ConfirmPage {
    pub page: Page,
    pub confirm: Confirm,
    pub form_key: String,
}

/// Where something else must be there first: what is missing, and the way to it.
#[derive(Template)]
#[template(path = "empty.html")]
pub struct EmptyPage {
    pub page: Page,
    pub title: String,
    pub text: String,
    pub action: String,
    pub href: String,
}

/// The card of long work alone: what its address answers while it is asked for.
#[derive(Template)]
#[template(path = "progress.html")]
struct ProgressPart {
    page: Page,
    progress: Progress,
}

/// The card of long work; when that has ended, the page around it is asked for anew.
pub fn progress(page: Page, progress: Progress) -> Answer {
    let ended = progress.poll.is_none();
    let mut answer = html(&ProgressPart { page, progress })?;
    if ended {
        let refresh = HeaderName::from_static("hx-refresh");
        let headers = answer.headers_mut();
        headers.insert(refresh, HeaderValue::from_static("true"));
    }
    Ok(answer)
}
