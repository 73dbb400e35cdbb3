//! The house's work in the background: jobs, mails, clean-up. Any number of processes may do it.

pub mod folders;
mod handlers;
mod sources;

use crate::app::App;
use crate::courier::Courier;
use crate::domain::calendar::Instant;
use crate::domain::metering::alarm::Kind;
use crate::error::Result;
use crate::mail::PostOffice;
use crate::services::identity::clean_up;
use crate::services::jobs::{self, LEASE_SECONDS};
use crate::services::leasing::conflicts;
use crate::services::metering::{alarms, imports, webhooks};
use crate::services::outbox;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long an idle house rests before it looks again.
const REST: Duration = Duration::from_secs(1);
const CLEAN_UP_SECONDS: i64 = 10 * 60;
const LOOK_SECONDS: i64 = 60;

/// The background threads of a serving process: the house's work, messages to programs, which may be
/// slow to answer and hold up nothing else, listeners at sources of readings, and watched folders.
pub struct Background {
    stops: Vec<Sender<()>>,
    threads: Vec<JoinHandle<()>>,
}

impl Background {
    fn add(&mut self, name: &str, work: impl FnOnce(&Receiver<()>) + Send + 'static) -> Result<()> {
        let (stop, stopped) = channel();
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || work(&stopped))
            .map_err(anyhow::Error::from)?;
        self.stops.push(stop);
        self.threads.push(thread);
        Ok(())
    }

    /// Ends after the job at hand. A job that is cut off is taken up again by the next process.
    pub fn stop(self) {
        drop(self.stops);
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("a background thread had died");
            }
        }
    }
}

/// Starts to work off jobs, mails and messages, and to listen for readings, beside the server.
pub fn start(app: &App) -> Result<Background> {
    let office = app.post_office()?;
    let mut background = Background {
        stops: vec![],
        threads: vec![],
    };
    let worker = app.clone();
    background.add("background", move |stopped| run(&worker, &office, stopped))?;
    let courier = app.clone();
    background.add("webhooks", move |stopped| carry(&courier, stopped))?;
    let listener = app.clone();
    background.add("sources", move |stopped| sources::run(&listener, stopped))?;
    let watcher = app.clone();
    background.add("folders", move |stopped| folders::run(&watcher, stopped))?;
    Ok(background)
}

/// Rests; `true` where the house is to stop meanwhile.
fn is_stopped(stopped: &Receiver<()>, rest: Duration) -> bool {
    !matches!(stopped.recv_timeout(rest), Err(RecvTimeoutError::Timeout))
}

fn carry(app: &App, stopped: &Receiver<()>) {
    let courier = Courier::default();
    loop {
        let round = webhooks::deliver_due(&app.db, &courier, app.now());
        let sent = logged("webhooks", round).is_some_and(|report| report.sent > 0);
        let rest = if sent { Duration::ZERO } else { REST };
        if is_stopped(stopped, rest) {
            return;
        }
    }
}

fn run(app: &App, office: &PostOffice, stopped: &Receiver<()>) {
    let (mut cleaned_at, mut looked_at) = (Instant(0), Instant(0));
    loop {
        let worked = logged("jobs", work_one(app)).unwrap_or(false);
        let documents = |invoice| handlers::documents(app, invoice);
        logged(
            "mails",
            outbox::deliver_due(&app.db, office, &documents, app.now()),
        );
        if app.now() >= looked_at.plus_seconds(LOOK_SECONDS) {
            looked_at = app.now();
            logged("alarms", look(app, looked_at, &alarms::LIVE));
        }
        if app.now() >= cleaned_at.plus_seconds(CLEAN_UP_SECONDS) {
            cleaned_at = app.now();
            logged("clean-up", clean_up::clean_up(&app.db, cleaned_at));
            logged("refused files", refused_files(app, cleaned_at));
            logged("conflicts", conflicts::sweep(&app.db, cleaned_at));
            logged("balance alarms", look(app, cleaned_at, &alarms::SLOW));
        }
        let rest = if worked { Duration::ZERO } else { REST };
        if is_stopped(stopped, rest) {
            return;
        }
    }
}

fn refused_files(app: &App, now: Instant) -> Result<usize> {
    imports::clean_up(&mut *app.db.get()?, now)
}

fn look(app: &App, now: Instant, kinds: &[Kind]) -> Result<usize> {
    alarms::sweep_kinds(&app.db, &app.config.base_url(), now, kinds)
}

/// A background failure is told to the log; the next round tries again.
fn logged<T>(what: &str, result: Result<T>) -> Option<T> {
    result
        .inspect_err(|error| tracing::error!(what, %error, "background work failed"))
        .ok()
}

/// Does everything that is due, in the caller's own thread: the command line, the demo, tests.
/// Returns how many jobs were done.
pub fn work_off(app: &App) -> Result<usize> {
    let mut done = 0;
    while work_one(app)? {
        done += 1;
    }
    let documents = |invoice| handlers::documents(app, invoice);
    outbox::deliver_due(&app.db, &app.post_office()?, &documents, app.now())?;
    webhooks::deliver_due(&app.db, &Courier::default(), app.now())?;
    Ok(done)
}

/// Does the next due job; `false` where there is none.
fn work_one(app: &App) -> Result<bool> {
    let Some(job) = jobs::claim(&app.db, app.now())? else {
        return Ok(false);
    };
    let (finished, ended) = channel::<()>();
    let result = std::thread::scope(|scope| {
        let job = &job;
        scope.spawn(move || keep_lease(app, job, &ended));
        let result = handlers::run(app, job);
        drop(finished);
        result
    });
    match result {
        Ok(()) => jobs::complete(&app.db, &job)?,
        Err(error) => {
            tracing::error!(job = job.id, kind = job.kind, %error, "a job failed");
            jobs::fail(&app.db, &job, &error, app.now())?;
        }
    }
    Ok(true)
}

/// Renews the lease of a job that takes long, until it has ended.
fn keep_lease(app: &App, job: &crate::db::identity::jobs::Job, ended: &Receiver<()>) {
    let beat = Duration::from_secs(LEASE_SECONDS.unsigned_abs() / 4);
    while let Err(RecvTimeoutError::Timeout) = ended.recv_timeout(beat) {
        logged("lease of a job", jobs::renew(&app.db, job, app.now()));
    }
}
