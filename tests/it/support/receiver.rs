//! A small HTTP server that takes what is posted to it and answers as it is told.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A request as it came; names of headers in lower case.
#[derive(Clone, Debug)]
pub struct Posted {
    pub head: String,
    pub headers: HashMap<String, String>,
    pub body: String,
}

#[derive(Default)]
struct State {
    /// Whole answers, used up one by one; then it is `200`.
    answers: Mutex<VecDeque<String>>,
    posted: Mutex<Vec<Posted>>,
    stop: AtomicBool,
}

pub struct Receiver {
    pub base: String,
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

impl Receiver {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(State::default());
        let shared = state.clone();
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.stop.load(Ordering::SeqCst) {
                    return;
                }
                // A client that goes away is no concern of the receiver.
                let _ = stream.and_then(|stream| serve(stream, &shared));
            }
        });
        Self {
            base,
            state,
            thread: Some(thread),
        }
    }

    /// What it answers next: the status line without its version, more headers, the body.
    pub fn answers(&self, status: &str, headers: &str, body: &str) {
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        self.state.answers.lock().unwrap().push_back(answer);
    }

    pub fn posted(&self) -> Vec<Posted> {
        self.state.posted.lock().unwrap().clone()
    }

    /// Waits until so many came; fails where they do not.
    pub fn wait_for(&self, count: usize) -> Vec<Posted> {
        let begun = Instant::now();
        while self.posted().len() < count {
            let waited = begun.elapsed();
            assert!(waited < Duration::from_secs(30), "{:?}", self.posted());
            std::thread::sleep(Duration::from_millis(20));
        }
        self.posted()
    }
}

fn serve(stream: TcpStream, state: &State) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream);
    let (mut head, mut headers) = (String::new(), HashMap::new());
    reader.read_line(&mut head)?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").and_then(|it| it.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body)?;
    state.posted.lock().unwrap().push(Posted {
        head: head.trim_end().to_owned(),
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    });
    let usual = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let answer = state.answers.lock().unwrap().pop_front();
    let answer = answer.unwrap_or_else(|| usual.to_owned());
    reader.into_inner().write_all(answer.as_bytes())
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.state.stop.store(true, Ordering::SeqCst);
        // Wakes the thread from its waiting.
        let _ = TcpStream::connect(self.base.trim_start_matches("http://"));
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the receiver ends well");
        }
    }
}
