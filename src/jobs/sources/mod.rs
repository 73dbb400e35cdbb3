//! Listeners at the sources of readings: one thread for each source that is on, and for each slot
//! that another process left. Changes of sources are seen within seconds.

mod listener;

use crate::app::App;
use crate::db::metering::sources::{self as rows, Source};
use crate::domain::metering::source::SourceKind;
use crate::error::Result;
use crate::services::metering::sources::{self as service, Claimed, Listener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::Receiver;
use std::thread::JoinHandle;
use std::time::Duration;

/// How often it is looked whether sources changed, or a slot is free.
const LOOK: Duration = Duration::from_secs(2);

/// What a listener is asked to do.
#[derive(Clone, Default)]
pub(super) struct Asked(Arc<AtomicU8>);

const STOP: u8 = 1;
const LEAVE: u8 = 2;

impl Asked {
    fn stops(&self) -> bool {
        self.0.load(Ordering::Relaxed) != 0
    }

    /// The source is gone: the broker shall keep nothing for it.
    fn leaves(&self) -> bool {
        self.0.load(Ordering::Relaxed) == LEAVE
    }
}

/// A listener at work.
struct Working {
    source: Source,
    slot: i64,
    /// It empties a slot of another process.
    leaves: bool,
    asked: Asked,
    thread: JoinHandle<()>,
}

impl Working {
    fn start(app: &App, source: &Source, claimed: Claimed, holder: &str) -> Result<Self> {
        let listener = Listener {
            source: source.id,
            slot: claimed.slot,
            holder: holder.to_owned(),
        };
        let asked = Asked::default();
        let (slot, leaves) = (claimed.slot, claimed.leaves);
        let (app, own, heard) = (app.clone(), source.clone(), asked.clone());
        let thread = std::thread::Builder::new()
            .name(format!("source {}", source.id))
            .spawn(move || listener::run(&app, &own, &listener, claimed, &heard))
            .map_err(anyhow::Error::from)?;
        Ok(Self {
            source: source.clone(),
            slot,
            leaves,
            asked,
            thread,
        })
    }

    fn ask(&self, what: u8) {
        self.asked.0.store(what, Ordering::Relaxed);
    }

    fn ended(self) {
        if self.thread.join().is_err() {
            tracing::error!(source = %self.source.id, slot = self.slot, "a listener had died");
        }
    }
}

/// Listens until it is told to stop.
pub(super) fn run(app: &App, stopped: &Receiver<()>) {
    let holder = format!("{:032x}", rand::random::<u128>());
    let mut working: Vec<Working> = vec![];
    loop {
        if let Err(error) = look(app, &holder, &mut working) {
            tracing::error!(%error, "sources of readings could not be looked at");
        }
        if super::is_stopped(stopped, LOOK) {
            break;
        }
    }
    for it in &working {
        it.ask(STOP);
    }
    working.into_iter().for_each(Working::ended);
}

fn look(app: &App, holder: &str, working: &mut Vec<Working>) -> Result<()> {
    let live = rows::enabled(&mut *app.db.get()?, SourceKind::Mqtt)?;
    for it in working.iter() {
        match live.iter().find(|source| source.id == it.source.id) {
            Some(source) if *source == it.source => {}
            Some(_) => it.ask(STOP),
            None if is_gone(app, &it.source)? => it.ask(LEAVE),
            None => it.ask(STOP),
        }
    }
    for at in (0..working.len()).rev() {
        if working[at].thread.is_finished() {
            working.swap_remove(at).ended();
        }
    }
    for source in &live {
        let own = working.iter().filter(|it| it.source.id == source.id);
        let has_own = own.clone().any(|it| !it.leaves);
        // One that still stops gives its slot back first.
        if own.clone().any(|it| it.asked.stops()) {
            continue;
        }
        if let Some(claimed) = service::claim(&app.db, source, holder, has_own, app.now())? {
            working.push(Working::start(app, source, claimed, holder)?);
        }
    }
    Ok(())
}

fn is_gone(app: &App, source: &Source) -> Result<bool> {
    match rows::get(&mut *app.db.get()?, source.id) {
        Ok(_) => Ok(false),
        Err(crate::error::Error::NotFound) => Ok(true),
        Err(error) => Err(error),
    }
}
