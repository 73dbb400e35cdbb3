//! One listener: connects, collects messages, has them kept in one transaction and acknowledges them
//! then. What was not acknowledged the broker sends again, and it counts no more.

use super::Asked;
use crate::app::App;
use crate::db::metering::sources::Source;
use crate::domain::metering::source::Mapping;
use crate::error::Result;
use crate::mqtt::{Address, Event, Link, Message};
use crate::services::metering::sources::{
    self as service, Arrival, Claimed, Keeper, Listener, Work,
};
use std::time::{Duration, Instant};

/// Messages of one transaction.
const MOST: usize = 5_000;
/// The longest that the first of them waits for others, and the longest pause between two.
const GATHER: Duration = Duration::from_millis(250);
const PAUSE: Duration = Duration::from_millis(20);
/// How often a quiet listener looks up.
const BEAT: Duration = Duration::from_millis(200);
const RENEW: Duration = Duration::from_secs(5);
/// A broker that has nothing more for so long has nothing more.
const EMPTY: Duration = Duration::from_secs(10);
/// The longest that an answer to a connection or a subscription is waited for.
const ANSWER: Duration = Duration::from_secs(15);
const BACKOFF: [u64; 6] = [1, 2, 4, 8, 15, 30];

/// Why a connection is over.
enum End {
    /// It was asked to stop.
    Stopped,
    Lost(String),
    /// The slot is another's, or gone.
    Taken,
    /// The slot that another process left is empty.
    Emptied,
}

/// A listener with what it knows between connections.
struct Ear<'a> {
    app: &'a App,
    source: &'a Source,
    mapping: Mapping,
    listener: &'a Listener,
    asked: &'a Asked,
    keeper: Keeper,
    /// What the broker keeps messages of.
    subscribed: String,
    leaves: bool,
    renewed: Instant,
    /// Since when nothing came.
    quiet: Instant,
    failures: usize,
}

pub fn run(app: &App, source: &Source, listener: &Listener, claimed: Claimed, asked: &Asked) {
    let ended = source.mapping().and_then(|mapping| {
        let mut ear = Ear {
            app,
            source,
            mapping,
            listener,
            asked,
            keeper: Keeper::default(),
            subscribed: claimed.subscribed,
            leaves: claimed.leaves,
            renewed: Instant::now(),
            quiet: Instant::now(),
            failures: 0,
        };
        ear.listen()
    });
    if let Err(error) = ended {
        tracing::error!(source = %source.id, %error, "a listener ended");
    }
}

impl Ear<'_> {
    /// Until it is asked to stop, or the slot is another's.
    fn listen(&mut self) -> Result<()> {
        loop {
            if self.asked.stops() {
                break self.release(false);
            }
            if !self.listener.renew(&self.app.db, self.app.now())? {
                break Ok(());
            }
            match self.connection()? {
                End::Stopped => break self.release(self.asked.leaves()),
                End::Taken => break Ok(()),
                End::Emptied => break self.release(true),
                End::Lost(why) => {
                    tracing::warn!(source = %self.source.id, slot = self.listener.slot, why, "a broker is lost");
                    if !self.listener.lost(&self.app.db, &why, self.app.now())? {
                        break Ok(());
                    }
                    self.rest()?;
                }
            }
        }
    }

    fn release(&self, emptied: bool) -> Result<()> {
        self.listener.release(&self.app.db, emptied).map(|_| ())
    }

    /// Longer after each failure, but always with an ear for who asks.
    fn rest(&mut self) -> Result<()> {
        let seconds = BACKOFF[self.failures.min(BACKOFF.len() - 1)];
        self.failures += 1;
        let until = Instant::now() + Duration::from_secs(seconds);
        while Instant::now() < until && !self.asked.stops() {
            std::thread::sleep(BEAT.min(until.saturating_duration_since(Instant::now())));
            self.renew()?;
        }
        Ok(())
    }

    /// `false` where the slot is held no more.
    fn renew(&mut self) -> Result<bool> {
        if self.renewed.elapsed() < RENEW {
            return Ok(true);
        }
        self.renewed = Instant::now();
        self.listener.renew(&self.app.db, self.app.now())
    }

    fn address(&self) -> Option<Address> {
        let (host, port) = service::endpoint(&self.source.address)?;
        let source = self.source;
        Some(Address {
            protocol: source.protocol,
            host,
            port,
            tls: source.tls,
            username: source.username.clone(),
            password: source.password.clone(),
            client_id: format!(
                "{}-{}-{}",
                source.client_prefix, source.id, self.listener.slot
            ),
            persistent: !self.mapping.is_live(),
        })
    }

    fn connection(&mut self) -> Result<End> {
        let Some(address) = self.address() else {
            return Ok(End::Lost(format!("no address: {}", self.source.address)));
        };
        let mut link = match Link::open(&address) {
            Ok(link) => link,
            Err(why) => return Ok(End::Lost(why)),
        };
        let end = self.converse(&mut link)?;
        match &end {
            End::Lost(_) => drop(link),
            End::Stopped if self.asked.leaves() => {
                // Best effort: a broker that does not hear it forgets in its own time.
                let _ = link.unsubscribe(&self.subscribed);
                link.close();
            }
            _ => link.close(),
        }
        Ok(end)
    }

    /// From the first word to the last.
    fn converse(&mut self, link: &mut Link) -> Result<End> {
        let begun = Instant::now();
        let wanted = service::subscription(self.source, &self.mapping);
        self.quiet = begun;
        let mut ready = false;
        loop {
            if self.asked.stops() {
                return Ok(End::Stopped);
            }
            if !self.renew()? {
                return Ok(End::Taken);
            }
            if !ready && begun.elapsed() > ANSWER {
                return Ok(End::Lost("no answer".to_owned()));
            }
            if ready && self.leaves && self.quiet.elapsed() > EMPTY {
                return Ok(End::Emptied);
            }
            let mut next = link.next(BEAT);
            if let Some(Event::Message(first)) = next {
                let mut batch = vec![first];
                next = gather(link, &mut batch);
                if let Some(end) = self.keep(link, batch)? {
                    return Ok(end);
                }
            }
            match next {
                None | Some(Event::Message(_)) => {}
                Some(Event::Lost(why)) => return Ok(End::Lost(why)),
                Some(Event::Connected) => {
                    if let Err(why) = self.ask(link, &wanted) {
                        return Ok(End::Lost(why));
                    }
                    ready = self.leaves;
                }
                Some(Event::Subscribed) => {
                    ready = true;
                    if !self.subscribed_to(&wanted)? {
                        return Ok(End::Taken);
                    }
                }
            }
        }
    }

    /// Subscribes; or, at a slot that is emptied, gives up the subscription.
    fn ask(&self, link: &Link, wanted: &str) -> std::result::Result<(), String> {
        let stale = !self.subscribed.is_empty() && (self.leaves || self.subscribed != wanted);
        if stale {
            link.unsubscribe(&self.subscribed)?;
        }
        match self.leaves {
            true => Ok(()),
            false => link.subscribe(wanted, !self.mapping.is_live()),
        }
    }

    fn subscribed_to(&mut self, wanted: &str) -> Result<bool> {
        self.failures = 0;
        // Of what is said once and not kept, nothing waits at the broker.
        self.subscribed = match self.mapping.is_live() {
            true => String::new(),
            false => wanted.to_owned(),
        };
        self.listener
            .connected(&self.app.db, &self.subscribed, self.app.now())
    }

    /// Has the batch kept, and acknowledges it then.
    fn keep(&mut self, link: &mut Link, messages: Vec<Message>) -> Result<Option<End>> {
        let now = self.app.now();
        // A payload is copied nowhere: the batch holds it until it is acknowledged.
        let arrivals = messages.iter().map(|it| Arrival {
            topic: it.topic(),
            payload: it.payload(),
            at: now,
            retained: it.is_retained(),
        });
        let arrivals: Vec<Arrival> = arrivals.collect();
        let work = Work {
            source: self.source,
            mapping: &self.mapping,
        };
        let taken = service::take(
            &self.app.db,
            &mut self.keeper,
            self.listener,
            &work,
            &arrivals,
            now,
        );
        match taken {
            Ok(Some(_)) => {}
            Ok(None) => return Ok(Some(End::Taken)),
            Err(error) => {
                tracing::error!(source = %self.source.id, %error, "messages could not be kept");
                return Ok(Some(End::Lost("the messages could not be kept".to_owned())));
            }
        }
        self.renewed = Instant::now();
        self.quiet = Instant::now();
        Ok(link.acknowledge(&messages).err().map(End::Lost))
    }
}

/// What follows a message closely, up to something that is none; that is given back.
fn gather(link: &mut Link, batch: &mut Vec<Message>) -> Option<Event> {
    let until = Instant::now() + GATHER;
    while batch.len() < MOST {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        match link.next(PAUSE.min(left)) {
            Some(Event::Message(message)) => batch.push(message),
            other => return other,
        }
    }
    None
}
