//! Connections to MQTT brokers, 3.1.1 and 5 alike: messages come in, and are acknowledged once they
//! are kept. A `Link` is one connection; whoever loses it opens another.

mod tls;
mod wire;

use crate::domain::metering::source::Protocol;
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use wire::{Client, Raw};

/// Messages that wait to be taken; a link that has more leaves them in the network.
const WAITING: usize = 10_000;
/// Acknowledgements that wait to be sent.
const REQUESTS: usize = 20_000;
/// How long a link may take to say goodbye.
const FAREWELL: Duration = Duration::from_secs(2);

/// Whom to speak to, and as whom.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    pub protocol: Protocol,
    pub host: String,
    pub port: u16,
    pub tls: bool,
    /// Empty: nobody in particular.
    pub username: String,
    pub password: String,
    pub client_id: String,
    /// The broker keeps the subscription, and what comes for it meanwhile.
    pub persistent: bool,
}

#[derive(Debug)]
pub enum Event {
    Connected,
    /// What was asked for is subscribed to.
    Subscribed,
    Message(Message),
    /// Why the connection has ended, in the broker's words or the system's.
    Lost(String),
}

/// A message that the broker keeps until it is acknowledged, unless it is at most once.
#[derive(Debug)]
pub struct Message(Box<Raw>);

impl Message {
    pub fn topic(&self) -> String {
        self.0.topic()
    }

    pub fn payload(&self) -> &[u8] {
        self.0.payload()
    }

    pub fn is_retained(&self) -> bool {
        self.0.is_retained()
    }
}

/// A connection with a thread of its own, which moves bytes while messages are being kept.
pub struct Link {
    client: Client,
    events: Receiver<Event>,
    /// Taken while acknowledgements waited for room.
    ahead: VecDeque<Event>,
    /// Dropped, it ends the thread.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Link {
    /// Begins to connect; the first event says how that went.
    pub fn open(address: &Address) -> Result<Self, String> {
        let (client, mut polled) = wire::open(address, REQUESTS)?;
        let (tell, events) = sync_channel(WAITING);
        let (stop, mut stopped) = oneshot::channel::<()>();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        let thread = std::thread::Builder::new()
            .name("mqtt".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    loop {
                        let event = tokio::select! {
                            _ = &mut stopped => return,
                            event = polled.next() => event,
                        };
                        let last = matches!(event, Event::Lost(_));
                        if tell.send(event).is_err() || last {
                            return;
                        }
                    }
                });
                // A name that is being looked up is not waited for.
                runtime.shutdown_background();
            })
            .map_err(|error| error.to_string())?;
        Ok(Self {
            client,
            events,
            ahead: VecDeque::new(),
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// What happens next; `None` where nothing does for so long.
    pub fn next(&mut self, patience: Duration) -> Option<Event> {
        if let Some(event) = self.ahead.pop_front() {
            return Some(event);
        }
        match self.events.recv_timeout(patience) {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Event::Lost(String::new())),
        }
    }

    /// Asks for messages: each at least once, or at most once.
    pub fn subscribe(&self, filter: &str, at_least_once: bool) -> Result<(), String> {
        self.client.subscribe(filter, at_least_once)
    }

    pub fn unsubscribe(&self, filter: &str) -> Result<(), String> {
        self.client.unsubscribe(filter)
    }

    /// The broker may forget these. One that does not hear it sends them again.
    pub fn acknowledge(&mut self, messages: &[Message]) -> Result<(), String> {
        for Message(raw) in messages {
            while !self.client.acknowledge(raw)? {
                // The thread may be waiting for room itself.
                let event = self.next_from_thread();
                let lost = matches!(event, Some(Event::Lost(_)));
                self.ahead.extend(event);
                if lost {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn next_from_thread(&mut self) -> Option<Event> {
        match self.events.recv_timeout(Duration::from_millis(1)) {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Event::Lost(String::new())),
        }
    }

    /// Says goodbye once everything before it is sent. What was not acknowledged comes again.
    pub fn close(mut self) {
        let begun = Instant::now();
        if self.client.disconnect().is_ok() {
            while begun.elapsed() < FAREWELL {
                let event = self.next_from_thread();
                if matches!(event, Some(Event::Lost(_))) {
                    break;
                }
            }
        }
        self.end();
    }

    fn end(&mut self) {
        drop(self.stop.take());
        // A thread that waits for room must get it.
        let thread = self.thread.take();
        while let Some(false) = thread.as_ref().map(JoinHandle::is_finished) {
            if let Some(Event::Lost(_)) = self.next_from_thread() {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.end();
    }
}
