//! The built program as a process of its own, which can be killed without a warning, and browsers
//! that outlive it.

use innkeeper::domain::calendar::Instant;
use reqwest::blocking::multipart::{Form, Part};
use reqwest::blocking::{Client, Response};
use reqwest::redirect::Policy;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The longest that a start may take on a busy machine.
const START: Duration = Duration::from_secs(30);

/// Where a house of a process lies.
#[derive(Clone, Debug)]
pub struct Data {
    pub dir: PathBuf,
    /// `postgres://…`, or empty for SQLite in the folder.
    pub url: String,
}

impl Data {
    fn command(&self, program: &str, command: &str, now: Instant) -> Command {
        let mut process = Command::new(program);
        process
            .arg(command)
            .arg("--now")
            .arg(now.to_string())
            .current_dir(&self.dir)
            .env("DATABASE_URL", &self.url)
            .env("INNKEEPER_DATA_DIR", &self.dir)
            .env("INNKEEPER_READINGS_FOLDER_BASE", self.dir.join("folders"))
            .env("INNKEEPER_LISTEN", "127.0.0.1:0")
            .env("INNKEEPER_WORKERS", "2")
            .env("INNKEEPER_LOG_FORMAT", "json")
            .env("INNKEEPER_LOG_LEVEL", "warn,innkeeper::serve=info")
            .stdin(Stdio::null());
        process
    }

    /// `innkeeper check` as a person runs it: whether it found nothing, and what it printed.
    pub fn check(&self, program: &str, now: Instant) -> (bool, String) {
        let done = self.command(program, "check", now).output().expect("check");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let said = format!("{}{}", text(&done.stdout), text(&done.stderr));
        (done.status.success(), said)
    }

    /// Starts `innkeeper serve` at this moment of the house.
    pub fn serve(&self, program: &str, now: Instant) -> Process {
        let mut command = self.command(program, "serve", now);
        let started = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
        let mut child = started.expect("the program starts");
        let errors = child.stderr.take().expect("a pipe");
        let (tell, told) = channel();
        let log = Arc::new(Mutex::new(String::new()));
        let kept = log.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(errors).lines().map_while(Result::ok) {
                if let Some(address) = address(&line) {
                    // Whoever is killed early is asked for no address.
                    let _ = tell.send(format!("http://{address}"));
                }
                *kept.lock().expect("the log") += &format!("{line}\n");
            }
        });
        Process { child, told, log }
    }
}

/// The address in the log's line that says it.
fn address(line: &str) -> Option<String> {
    let event: serde_json::Value = serde_json::from_str(line).ok()?;
    let fields = &event["fields"];
    let serving = fields["message"] == "serving";
    fields["address"]
        .as_str()
        .filter(|_| serving)
        .map(str::to_owned)
}

/// A running `innkeeper serve`; killed at the latest when the value goes.
pub struct Process {
    child: Child,
    told: Receiver<String>,
    log: Arc<Mutex<String>>,
}

impl Process {
    /// Where it answers, once it does; `None` if that takes longer than `patience`.
    ///
    /// # Panics
    /// Where it ends by itself: a start must never fail.
    pub fn base(&mut self, patience: Duration) -> Option<String> {
        match self.told.recv_timeout(patience) {
            Ok(base) => Some(base),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => {
                panic!(
                    "the program ended by itself: {:?}\n{}",
                    self.child.wait(),
                    self.log()
                )
            }
        }
    }

    /// Where it answers.
    pub fn ready(&mut self) -> String {
        self.base(START)
            .unwrap_or_else(|| panic!("no start in {START:?}: {}", self.log()))
    }

    pub fn log(&self) -> String {
        self.log.lock().expect("the log").clone()
    }

    /// SIGKILL, in the middle of whatever it does.
    pub fn kill(&mut self) {
        self.child.kill().expect("a process of ours");
        self.child.wait().expect("its end");
    }

    /// The most memory that it ever held, in KiB; `None` where the system does not tell.
    pub fn peak_kib(&self) -> Option<u64> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have been killed before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came back from a server that may die at any moment.
#[derive(Clone, Debug)]
pub struct Told {
    pub status: u16,
    pub location: String,
    pub text: String,
}

pub type Heard = Result<Told, reqwest::Error>;

/// A browser without a screen that keeps its cookies while servers come and go.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    language: &'static str,
}

impl Browser {
    pub fn new(language: &'static str) -> Self {
        let client = Client::builder()
            .cookie_store(true)
            .redirect(Policy::none())
            .timeout(Duration::from_secs(60))
            .build()
            .expect("a client");
        Self { client, language }
    }

    fn heard(&self, answer: Response) -> Heard {
        let location = answer.headers().get("location");
        let location = location.and_then(|it| it.to_str().ok()).unwrap_or_default();
        Ok(Told {
            status: answer.status().as_u16(),
            location: location.to_owned(),
            text: answer.text()?,
        })
    }

    pub fn get(&self, base: &str, path: &str) -> Heard {
        let request = self.client.get(format!("{base}{path}"));
        self.heard(request.header("Accept-Language", self.language).send()?)
    }

    pub fn post(&self, base: &str, path: &str, form: &[(&str, &str)]) -> Heard {
        let request = self.client.post(format!("{base}{path}")).form(form);
        self.heard(request.header("Accept-Language", self.language).send()?)
    }

    /// As a program: the answer is data.
    pub fn post_json(&self, base: &str, path: &str, form: &[(&str, &str)]) -> Heard {
        let request = self.client.post(format!("{base}{path}")).form(form);
        self.heard(request.header("Accept", "application/json").send()?)
    }

    /// A form with fields and, where given, a file in the field `file`.
    pub fn post_parts(
        &self,
        base: &str,
        path: &str,
        fields: &[(&'static str, &'static str)],
        file: Option<Part>,
    ) -> Heard {
        let texts = fields.iter();
        let mut form = texts.fold(Form::new(), |form, (name, value)| form.text(*name, *value));
        if let Some(file) = file {
            form = form.part("file", file);
        }
        let request = self.client.post(format!("{base}{path}")).multipart(form);
        self.heard(request.header("Accept-Language", self.language).send()?)
    }
}

/// A file as a browser sends it.
pub fn file(name: &str, content: impl Into<Vec<u8>>) -> Part {
    Part::bytes(content.into()).file_name(name.to_owned())
}
