//! A real mosquitto on a port of its own, with what it keeps in a temporary folder: it can be stopped
//! and started again, and people publish to it.
//!
//! Without mosquitto these tests are left out; with `INNKEEPER_TEST_FULL=1` they fail then.

use rumqttc::{Client, Event, MqttOptions, Packet, QoS};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const FULL: &str = "INNKEEPER_TEST_FULL";
const START: Duration = Duration::from_secs(20);

pub struct Broker {
    pub port: u16,
    dir: tempfile::TempDir,
    program: PathBuf,
    child: Option<Child>,
}

/// Debian keeps it where only root looks.
fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders =
        std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    let mut found = folders.map(|it| it.join("mosquitto"));
    let found = found.find(|it| it.is_file());
    let full = std::env::var(FULL).is_ok_and(|value| value == "1");
    assert!(found.is_some() || !full, "{FULL}=1 demands mosquitto");
    found
}

impl Broker {
    /// `None` where there is no mosquitto and need not be one.
    pub fn start() -> Option<Self> {
        let program = program()?;
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let dir = tempfile::tempdir().expect("a temporary folder");
        let settings = format!(
            "listener {port} 127.0.0.1\nallow_anonymous true\nuser root\npersistence true\n\
             persistence_location {}/\nmax_inflight_messages 0\nmax_queued_messages 0\n",
            dir.path().display()
        );
        std::fs::write(dir.path().join("mosquitto.conf"), settings).expect("a file");
        let mut broker = Self {
            port,
            dir,
            program,
            child: None,
        };
        broker.run();
        Some(broker)
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Starts it, also after it was stopped: it knows its clients and what it keeps for them.
    pub fn run(&mut self) {
        let started = Command::new(&self.program)
            .arg("-c")
            .arg(self.dir.path().join("mosquitto.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        self.child = Some(started.expect("mosquitto starts"));
        let begun = Instant::now();
        while TcpStream::connect(self.address()).is_err() {
            assert!(begun.elapsed() < START, "mosquitto does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Asks it to end: what it keeps is on disk then.
    pub fn stop(&mut self) {
        let Some(mut child) = self.child.take() else {
            return;
        };
        let asked = Command::new("kill").arg(child.id().to_string()).status();
        assert!(
            asked.is_ok_and(|it| it.success()),
            "mosquitto is asked to end"
        );
        child.wait().expect("its end");
    }

    /// Publishes at least once, and waits until the broker has everything.
    pub fn publish(&self, messages: &[(String, String)]) {
        let mut options = MqttOptions::new("publisher", "127.0.0.1", self.port);
        options.set_inflight(100);
        let (client, mut connection) = Client::new(options, messages.len() + 10);
        for (topic, payload) in messages {
            let sent = client.publish(topic, QoS::AtLeastOnce, false, payload.as_bytes());
            sent.expect("room");
        }
        let mut known = 0;
        for event in connection.iter() {
            match event.expect("the broker listens") {
                Event::Incoming(Packet::PubAck(_)) => known += 1,
                _ => continue,
            }
            if known == messages.len() {
                break;
            }
        }
        let _ = client.disconnect();
        let _ = connection.iter().take(3).count();
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
