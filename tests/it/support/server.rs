//! A real server on a port of its own, and clients that sign in like a person.

use innkeeper::app::App;
use innkeeper::jobs;
use innkeeper::web::server;
use reqwest::blocking::multipart::{Form, Part};
use reqwest::blocking::{Client, Response};
use reqwest::redirect::Policy;
use std::sync::mpsc::channel;
use std::thread::JoinHandle;
use std::time::Duration;

pub struct Server {
    pub base: String,
    handle: actix_web::dev::ServerHandle,
    thread: Option<JoinHandle<()>>,
    background: Option<jobs::Background>,
}

impl Server {
    /// Serves `app` with its background work until the value is dropped.
    pub fn start(app: &App) -> Self {
        Self::start_with(app, server::routes)
    }

    /// The same with other answers behind the house's doors.
    pub fn start_with(app: &App, routes: fn(&mut actix_web::web::ServiceConfig)) -> Self {
        let (tell, told) = channel();
        let serving = app.clone();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let (server, address) = server::start_with(&serving, routes).expect("a server");
                tell.send((server.handle(), address))
                    .expect("somebody waits");
                server.await.expect("the server ends well");
            });
        });
        let (handle, address) = told.recv().expect("the server started");
        let background = Some(jobs::start(app).expect("background work"));
        Self {
            base: format!("http://{address}"),
            handle,
            thread: Some(thread),
            background,
        }
    }

    pub fn visitor(&self) -> Visitor {
        let client = Client::builder()
            .cookie_store(true)
            .redirect(Policy::none())
            .timeout(Duration::from_secs(60))
            .build()
            .expect("a client");
        Visitor {
            base: self.base.clone(),
            client,
        }
    }

    pub fn signed_in(&self, email: &str, password: &str) -> Visitor {
        let visitor = self.visitor();
        let answer = visitor.post("/sign-in", &[("email", email), ("password", password)]);
        assert_eq!(answer.status().as_u16(), 303, "{email} signs in");
        visitor
    }

    /// The cookie of a session, as `name=value`, to be handed to another browser.
    pub fn session(&self, email: &str, password: &str) -> String {
        let form = [("email", email), ("password", password)];
        let answer = self.visitor().post("/sign-in", &form);
        let cookies = answer.headers().get_all("set-cookie");
        let session = cookies.iter().find_map(|it| {
            let pair = it.to_str().ok()?.split(';').next()?;
            (!pair.starts_with("locale=") && !pair.starts_with("theme=")).then(|| pair.to_owned())
        });
        session.expect("a session")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(background) = self.background.take() {
            background.stop();
        }
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the server's thread ends well");
        }
    }
}

/// A browser without a screen: cookies, no following of redirects.
pub struct Visitor {
    base: String,
    client: Client,
}

impl Visitor {
    /// The same browser at another process of the house.
    pub fn moves_to(&mut self, server: &Server) {
        self.base = server.base.clone();
    }

    pub fn get(&self, path: &str) -> Response {
        self.client
            .get(format!("{}{path}", self.base))
            .send()
            .expect("an answer")
    }

    /// The head of a page alone.
    pub fn head(&self, path: &str) -> Response {
        let request = self.client.head(format!("{}{path}", self.base));
        request.send().expect("an answer")
    }

    pub fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        self.client
            .post(format!("{}{path}", self.base))
            .form(form)
            .send()
            .expect("an answer")
    }

    /// A file in the field `file`, as a browser sends it.
    pub fn post_file(&self, path: &str, name: &str, content: &[u8]) -> Response {
        let part = Part::bytes(content.to_vec()).file_name(name.to_owned());
        let form = Form::new().part("file", part);
        self.client
            .post(format!("{}{path}", self.base))
            .multipart(form)
            .send()
            .expect("an answer")
    }

    /// Several files in the field `file`, and other fields, as a browser sends them.
    pub fn post_files(
        &self,
        path: &str,
        files: &[(String, Vec<u8>)],
        fields: &[(&str, &str)],
    ) -> Response {
        let mut form = Form::new();
        for (name, value) in fields {
            form = form.text((*name).to_owned(), (*value).to_owned());
        }
        for (name, content) in files {
            form = form.part("file", Part::bytes(content.clone()).file_name(name.clone()));
        }
        let request = self.client.post(format!("{}{path}", self.base));
        request.multipart(form).send().expect("an answer")
    }

    /// As a program: the answer is data.
    pub fn post_json(&self, path: &str, form: &[(&str, &str)]) -> Response {
        let request = self.client.post(format!("{}{path}", self.base)).form(form);
        request
            .header("Accept", "application/json")
            .send()
            .expect("an answer")
    }
}
