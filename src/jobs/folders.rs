//! Watched folders: what lies complete in one is imported and put away. One process at a time looks at
//! a folder (a slot of its source, as a listener's); another one takes over what a dead one left.

use crate::app::App;
use crate::db::identity::jobs::Job;
use crate::db::metering::imports::{self as import_rows, DONE, Import};
use crate::db::metering::sources::{self as rows, Source};
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::domain::metering::source::SourceKind;
use crate::error::{Error, Result};
use crate::folder::{Fault, Folder, Lying, Shelf};
use crate::services::jobs;
use crate::services::metering::imports::{self, Arrived, Begun};
use crate::services::metering::sources::{self as service, Listener};
use std::collections::HashMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How often folders are looked at.
const LOOK: Duration = Duration::from_secs(2);
/// How long a file must lie unchanged until it is believed to be complete.
const SETTLE: Duration = Duration::from_secs(4);
const RENEW: Duration = Duration::from_secs(5);

/// Watches until it is told to stop.
pub(super) fn run(app: &App, stopped: &Receiver<()>) {
    let mut watcher = Watcher::new(SETTLE);
    let stops = || super::is_stopped(stopped, Duration::ZERO);
    loop {
        super::logged("watched folders", watcher.look(app, &stops));
        if super::is_stopped(stopped, LOOK) {
            break;
        }
    }
    super::logged("watched folders", watcher.stop(app));
}

/// A process at its folders.
pub struct Watcher {
    holder: String,
    settle: Duration,
    watched: HashMap<SourceId, Watched>,
}

/// A folder that this process holds.
struct Watched {
    listener: Listener,
    renewed: Instant,
    /// What its state says: that it is read, or why it is not.
    said: Option<Option<Message>>,
    /// Since when each file has lain as it does.
    seen: HashMap<String, (Lying, Instant)>,
    /// Claimed files whose import has ended, and that could not be put away yet.
    ended: HashMap<String, ImportId>,
}

/// Why a look ended early.
enum Trouble {
    Folder(Fault),
    House(Error),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Folder(fault)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::House(error)
    }
}

type Looked<T> = std::result::Result<T, Trouble>;

impl Watcher {
    pub fn new(settle: Duration) -> Self {
        Self {
            holder: format!("{:032x}", rand::random::<u128>()),
            settle,
            watched: HashMap::new(),
        }
    }

    /// Looks once at every folder and takes what is complete; how many files that was.
    pub fn look(&mut self, app: &App, stops: &dyn Fn() -> bool) -> Result<usize> {
        let live = rows::enabled(&mut *app.db.get()?, SourceKind::Folder)?;
        let is_live = |id: &SourceId| live.iter().any(|source| source.id == *id);
        for (_, gone) in self.watched.extract_if(|id, _| !is_live(id)) {
            gone.listener.release(&app.db, true)?;
        }
        let mut taken = 0;
        for source in &live {
            // What is wrong with one folder holds up no other.
            let looked = super::logged("a watched folder", self.look_at(app, source, stops));
            taken += looked.unwrap_or(0);
        }
        Ok(taken)
    }

    fn look_at(&mut self, app: &App, source: &Source, stops: &dyn Fn() -> bool) -> Result<usize> {
        let settle = self.settle;
        let Some(watched) = self.held(app, source)? else {
            return Ok(0);
        };
        let mut taken = 0;
        let looked = watched.look(app, source, settle, stops, &mut taken);
        let (said, ended) = match looked {
            Ok(()) => (None, Ok(taken)),
            Err(Trouble::Folder(fault)) => (Some(fault.message()), Ok(taken)),
            Err(Trouble::House(error)) => (Some(Message::new("folder-fault-work")), Err(error)),
        };
        if !watched.say(app, said)? {
            self.watched.remove(&source.id);
        }
        ended
    }

    /// The folder, if this process holds it.
    fn held(&mut self, app: &App, source: &Source) -> Result<Option<&mut Watched>> {
        if !self.watched.contains_key(&source.id) {
            let claimed = service::claim(&app.db, source, &self.holder, false, app.now())?;
            let Some(claimed) = claimed else {
                return Ok(None);
            };
            let listener = Listener {
                source: source.id,
                slot: claimed.slot,
                holder: self.holder.clone(),
            };
            self.watched.insert(source.id, Watched::new(listener));
        }
        Ok(self.watched.get_mut(&source.id))
    }

    /// Gives all folders back.
    pub fn stop(self, app: &App) -> Result<()> {
        for it in self.watched.values() {
            it.listener.release(&app.db, true)?;
        }
        Ok(())
    }
}

impl Watched {
    fn new(listener: Listener) -> Self {
        Self {
            listener,
            renewed: Instant::now(),
            said: None,
            seen: HashMap::new(),
            ended: HashMap::new(),
        }
    }

    /// Shows the folder's state, and renews the slot; `false` where it is held no more.
    fn say(&mut self, app: &App, said: Option<Message>) -> Result<bool> {
        let (known, now) = (self.said.as_ref() == Some(&said), app.now());
        if known && self.renewed.elapsed() < RENEW {
            return Ok(true);
        }
        self.renewed = Instant::now();
        let held = match &said {
            None if known => self.listener.renew(&app.db, now),
            None => self.listener.connected(&app.db, "", now),
            Some(why) => {
                let why = serde_json::to_string(why).map_err(anyhow::Error::from)?;
                self.listener.lost(&app.db, &why, now)
            }
        };
        self.said = Some(said);
        held
    }

    fn look(
        &mut self,
        app: &App,
        source: &Source,
        settle: Duration,
        stops: &dyn Fn() -> bool,
        taken: &mut usize,
    ) -> Looked<()> {
        let rules = source.folder()?;
        let base = &app.config.readings_folder_base;
        let folder = Folder::open(base, &source.address, source.id.0)?;
        let left = folder.left()?;
        let lying = folder.lying(|name| rules.takes(name))?;
        for (name, claimed) in left.into_iter().map(|name| (name, true)).chain(
            self.settled(lying, settle)
                .into_iter()
                .map(|name| (name, false)),
        ) {
            if stops() || !self.say(app, None)? {
                break;
            }
            if claimed || folder.claim(&name)? {
                self.work(app, source, &folder, &name)?;
                *taken += 1;
            }
        }
        Ok(())
    }

    /// Those that have lain unchanged for long enough.
    fn settled(&mut self, lying: Vec<Lying>, settle: Duration) -> Vec<String> {
        let before = std::mem::take(&mut self.seen);
        let now = Instant::now();
        let mut settled = vec![];
        for file in lying {
            let known = before.get(&file.name).filter(|(it, _)| *it == file);
            if known.is_some_and(|(_, since)| now.duration_since(*since) >= settle) {
                settled.push(file.name.clone());
            }
            let since = known.map_or(now, |(_, since)| *since);
            self.seen.insert(file.name.clone(), (file, since));
        }
        settled
    }

    /// Imports a claimed file and puts it away. Cut off in between, it is imported again, which changes
    /// nothing.
    fn work(&mut self, app: &App, source: &Source, folder: &Folder, name: &str) -> Looked<()> {
        let import = match self.ended.get(name) {
            Some(import) => *import,
            None => {
                let done = self.import(app, source, folder, name)?;
                self.ended.insert(name.to_owned(), done.id);
                done.id
            }
        };
        let (import, report) = app.db.read(|conn| {
            let import = import_rows::get(conn, import)?;
            let report = service::report(conn, &import)?;
            Ok((import, report))
        })?;
        let shelf = match import.state.as_str() {
            DONE => Shelf::Taken,
            _ => Shelf::Refused,
        };
        folder.put_away(name, shelf, report.as_deref())?;
        self.ended.remove(name);
        Ok(())
    }

    fn import(&self, app: &App, source: &Source, folder: &Folder, name: &str) -> Looked<Import> {
        let limit = usize::try_from(app.config.import_max_mib << 20).unwrap_or(usize::MAX);
        let (content, bytes) = folder.read(name, limit)?;
        let file = Arrived {
            name,
            bytes,
            content: content.as_deref(),
        };
        let Begun { import, job } = imports::begin(&app.db, source, &file, limit, app.now())?;
        drop(content);
        let (finished, ended) = channel::<()>();
        let run = std::thread::scope(|scope| {
            let (listener, job) = (&self.listener, job.as_ref());
            scope.spawn(move || keep(app, listener, job, &ended));
            let run = imports::run(&app.db, import, app.now());
            drop(finished);
            run
        });
        match (run, job) {
            (Ok(done), job) => {
                if let Some(job) = job {
                    jobs::complete(&app.db, &job)?;
                }
                self.listener.noted(&app.db, &done, app.now())?;
                Ok(done)
            }
            (Err(error), job) => {
                if let Some(job) = job {
                    jobs::fail(&app.db, &job, &error, app.now())?;
                }
                Err(error.into())
            }
        }
    }
}

/// Keeps the folder and the import's job in this process's hands, until the import has ended.
fn keep(app: &App, listener: &Listener, job: Option<&Job>, ended: &Receiver<()>) {
    while let Err(RecvTimeoutError::Timeout) = ended.recv_timeout(RENEW) {
        super::logged("slot of a folder", listener.renew(&app.db, app.now()));
        if let Some(job) = job {
            super::logged("lease of a job", jobs::renew(&app.db, job, app.now()));
        }
    }
}
