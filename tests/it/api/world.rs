//! Programs with tokens; whatever they are answered must be what the document promises.

use crate::leasing::world::World;
use crate::support::server::Server;
use crate::support::{House, NOW};
use innkeeper::api::check::check;
use innkeeper::api::document::document;
use innkeeper::api::routes;
use innkeeper::db::leasing::lists;
use innkeeper::domain::identity::access::{Actor, Role};
use innkeeper::domain::identity::scope::{Scope, Scopes};
use innkeeper::domain::ids::{ReservationId, TenantId};
use innkeeper::services::identity::api_tokens::{For, NewToken, create};
use innkeeper::services::leasing::assign::{Wanted, assign};
use innkeeper::services::leasing::leases::sign;
use reqwest::blocking::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use std::sync::LazyLock;

static DOCUMENT: LazyLock<Value> = LazyLock::new(document);

pub fn all_scopes() -> Scopes {
    Scope::ALL.iter().copied().collect()
}

impl House {
    pub fn personal(&self, who: &Actor, scopes: Scopes) -> String {
        self.token(who, For::Myself, scopes)
    }

    /// A machine's token, made by an administrator.
    pub fn machine(&self, role: Role, tenant: Option<TenantId>, scopes: Scopes) -> String {
        let email = format!("admin-{}@example.ru", rand_word());
        let admin = self.actor(&email, Role::Administrator, None);
        self.token(&admin, For::Machine { role, tenant }, scopes)
    }

    fn token(&self, who: &Actor, holder: For, scopes: Scopes) -> String {
        let new = NewToken {
            name: "a program".to_owned(),
            scopes,
            expires_at: None,
            holder,
            form_key: rand_word(),
        };
        create(&self.db, who, NOW, &new).unwrap()
    }

    /// A held reservation, a leased one, and a request that staff have not answered.
    pub fn booked(&self) -> World {
        let world = self.world();
        let leased = world.held(self, NOW, 6);
        self.assign_as_proposed(&world, leased);
        let plan = self.plan();
        sign(&self.db, &world.staff, NOW, leased, &world.terms(plan)).unwrap();
        world.held(self, NOW, 3);
        world.refused(self, NOW, 90);
        world
    }

    fn assign_as_proposed(&self, world: &World, id: ReservationId) {
        let standing = lists::standing(&mut self.db.get().unwrap(), id).unwrap();
        let wanted: Vec<Wanted> = standing
            .into_iter()
            .map(|place| Wanted {
                rack: place.rack,
                leg: place.leg,
                units: u32::try_from(place.units).unwrap(),
            })
            .collect();
        assign(&self.db, &world.staff, NOW, id, &wanted).unwrap();
    }
}

/// New every time.
pub fn rand_word() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("word-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

pub struct Program {
    base: String,
    client: Client,
    token: String,
}

/// What came back, after it was held against the document.
#[derive(Clone, Debug, PartialEq)]
pub struct Back {
    pub status: u16,
    pub json: Value,
    pub location: Option<String>,
    pub link: Option<String>,
    pub replayed: bool,
}

impl Back {
    /// Of a success.
    pub fn ok(self) -> Value {
        assert!(self.status < 300, "{self:?}");
        self.json
    }

    /// The fields that an error names.
    pub fn fields(&self) -> Vec<&str> {
        let errors = self.json["errors"].as_array().unwrap();
        errors
            .iter()
            .map(|e| e["field"].as_str().unwrap())
            .collect()
    }
}

impl Program {
    pub fn new(server: &Server, token: &str) -> Self {
        Self {
            base: server.base.clone(),
            client: Client::new(),
            token: token.to_owned(),
        }
    }

    /// `path`: below `/api/v1`.
    pub fn get(&self, path: &str) -> Back {
        let url = format!("{}/api/v1{path}", self.base);
        self.sent("get", path, self.client.get(url))
    }

    pub fn post(&self, path: &str, body: &Value) -> Back {
        self.post_again(path, body, &rand_word())
    }

    pub fn post_again(&self, path: &str, body: &Value, key: &str) -> Back {
        let url = format!("{}/api/v1{path}", self.base);
        let request = self.client.post(url).json(body);
        self.sent("post", path, request.header("Idempotency-Key", key))
    }

    pub fn sent(&self, method: &str, path: &str, request: RequestBuilder) -> Back {
        let request = match self.token.is_empty() {
            true => request,
            false => request.bearer_auth(&self.token),
        };
        promised(method, path, request.send().expect("an answer"))
    }
}

/// The operation that an address belongs to.
fn operation(method: &str, path: &str) -> Value {
    let words: Vec<&str> = path.split('?').next().unwrap().split('/').collect();
    let fits = |pattern: &str| {
        let known: Vec<&str> = pattern.split('/').collect();
        let same = |(a, b): (&&str, &&str)| a == b || a.starts_with('{');
        known.len() == words.len() && known.iter().zip(&words).all(same)
    };
    let patterns: Vec<String> = routes::all()
        .filter(|route| fits(route.path))
        .map(|route| route.pattern())
        .collect();
    let pattern = patterns
        .first()
        .unwrap_or_else(|| panic!("{path} is not declared"));
    DOCUMENT["paths"][pattern][method].clone()
}

/// Status, media type and body are what the document says.
fn promised(method: &str, path: &str, answer: Response) -> Back {
    let status = answer.status().as_u16();
    let header = |name: &str| {
        let value = answer.headers().get(name)?;
        Some(value.to_str().unwrap().to_owned())
    };
    let (location, link) = (header("location"), header("link"));
    let replayed = header("idempotency-replayed").is_some();
    let media_type = header("content-type").unwrap_or_default();
    let text = answer.text().unwrap();
    let mut described = operation(method, path)["responses"][status.to_string()].clone();
    if let Some(to) = described["$ref"].as_str() {
        described = DOCUMENT
            .pointer(to.trim_start_matches('#'))
            .unwrap()
            .clone();
    }
    let content = &described["content"][&media_type];
    assert!(
        content.is_object(),
        "{method} {path}: {status} {media_type} {text}"
    );
    let json: Value = serde_json::from_str(&text).unwrap();
    let schemas = DOCUMENT["components"]["schemas"].as_object().unwrap();
    let wrong = check(&json, &content["schema"], schemas);
    assert!(wrong.is_empty(), "{method} {path}: {wrong:?} in {text}");
    Back {
        status,
        json,
        location,
        link,
        replayed,
    }
}

/// Machines of 3.5 kW, as the small site takes them.
pub fn wish(units: i64) -> Value {
    json!({
        "site": 1, "watts": 3500, "supply": "single", "cooling": "air", "units": units,
        "from": "2026-12-01", "to": "2027-12-01",
    })
}
