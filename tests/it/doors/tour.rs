//! Which pages there are, at which address, and who opens which: found by following links from the lists.

use crate::identity::users::token_in;
use crate::support::demo::PASSWORD;
use crate::support::server::{Server, Visitor};
use crate::support::{House, NOW};
use innkeeper::app::App;
use innkeeper::db::billing::{invoices, plans as plan_rows};
use innkeeper::db::identity::users;
use innkeeper::db::metering::sources::Source;
use innkeeper::demo::people::SIGN_INS;
use innkeeper::domain::identity::access::{Actor, Role};
use innkeeper::domain::identity::scope::Scope;
use innkeeper::domain::ids::{PlanId, SiteId};
use innkeeper::domain::metering::folder::FolderRules;
use innkeeper::domain::money::Minor;
use innkeeper::jobs::{self, folders::Watcher};
use innkeeper::services::billing::payments::{self, NewPayment};
use innkeeper::services::billing::plans;
use innkeeper::services::identity::api_tokens::{self, For, NewToken};
use innkeeper::services::identity::links::request_reset;
use innkeeper::services::identity::users::{NewUser, create, invite};
use innkeeper::services::metering::{sources, webhooks};
use innkeeper::web::routes::{self, Access, RouteInfo};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Addresses of one pattern that are opened in search of links to others.
const MOST_OF_A_KIND: usize = 60;

/// Pages that no link of the demo leads to, with the reason; any other must be found and opened.
const UNREACHED: [(&str, &str); 2] = [
    (
        "/runs/{id}/issue",
        "nothing of a month that has not ended can be issued; the journey goes there",
    ),
    ("/load/live", "a stream that the page of a load reads"),
];

/// Only who has it may open it, whatever the role.
const PERSONAL: [&str; 1] = ["/tokens/{id}/revocation"];

/// A page as one reader opens it.
#[derive(Clone, Debug)]
pub struct Stop {
    /// The position in `SIGN_INS`; nobody signed in opens the others.
    pub reader: Option<usize>,
    pub path: String,
    /// The answer is an error, with a page that says which.
    pub refused: bool,
}

impl Stop {
    fn of(reader: Option<usize>, path: &str) -> Self {
        Self {
            reader,
            path: path.to_owned(),
            refused: false,
        }
    }
}

/// What the demo lacks for some pages: a draft of a plan, a token, an advance while an invoice is open, a webhook with a
/// message that nobody takes, a watched folder, an invitation and a reset by mail. The pages that need no sign-in are given back.
pub fn prepare(house: &House, app: &App) -> Vec<Stop> {
    draft(app);
    token(app);
    pay_ahead(app);
    webhook(app);
    folder(house, app);
    mailed(house, app)
}

fn draft(app: &App) {
    let plan = PlanId(1);
    let versions = plan_rows::versions(&mut app.db.get().unwrap(), plan);
    let last = versions.unwrap().pop().expect("a version");
    let mut terms = last.terms().unwrap();
    terms.effective_from = terms.effective_from + chrono::Months::new(2);
    plans::save_draft(&app.db, &Actor::HOUSE, NOW, plan, None, &terms).unwrap();
}

/// Of the administrator's own, to be revoked.
fn token(app: &App) {
    let admin = SIGN_INS.iter().find(|(.., it)| *it == Role::Administrator);
    let (email, ..) = admin.expect("a sign-in");
    let user = users::by_email(&mut app.db.get().unwrap(), email).unwrap();
    let new = NewToken {
        name: "a program".to_owned(),
        scopes: Scope::ALL.iter().copied().collect(),
        expires_at: None,
        holder: For::Myself,
        form_key: String::new(),
    };
    api_tokens::create(&app.db, &user.unwrap().actor(), NOW, &new).unwrap();
}

/// More than one open invoice asks for, while the tenant's other one stays open.
fn pay_ahead(app: &App) {
    let conn = &mut *app.db.get().unwrap();
    let ids = invoices::ids(conn).unwrap();
    let heads = ids.into_iter().map(|id| invoices::head(conn, id).unwrap());
    let open: Vec<_> = heads.filter(|head| head.due() > Minor::ZERO).collect();
    let of_one = |head: &&invoices::Head| {
        let same = open.iter().filter(|it| it.tenant_id == head.tenant_id);
        same.count() > 1
    };
    let head = open.iter().rfind(of_one).expect("a tenant with two");
    let new = NewPayment {
        tenant: head.tenant_id,
        date: head.issue_date,
        amount: head.due() + Minor(10_000_000),
        currency: head.currency(),
        reference: "4200".to_owned(),
        invoice: Some(head.id),
    };
    payments::record(&app.db, &Actor::HOUSE, NOW, &new).unwrap();
}

fn webhook(app: &App) {
    let admin = SIGN_INS.iter().find(|(.., it)| *it == Role::Administrator);
    let (email, ..) = admin.expect("a sign-in");
    let user = users::by_email(&mut app.db.get().unwrap(), email).unwrap();
    let (who, url) = (user.unwrap().actor(), "http://127.0.0.1:9/alarms");
    let added = webhooks::add(&app.db, &who, NOW, SiteId(1), url, "a webhook").unwrap();
    webhooks::test(&app.db, &who, NOW, added.id).unwrap();
}

/// A watched folder, with a file that was refused.
fn folder(house: &House, app: &App) {
    let path = house.folders().join("askue");
    std::fs::create_dir(&path).unwrap();
    let source = Source {
        name: "АСКУЭ".to_owned(),
        address: "askue".to_owned(),
        mapping: serde_json::to_string(&FolderRules::default()).unwrap(),
        ..Source::usual_folder(SiteId(1))
    };
    sources::save_folder(&app.db, &Actor::HOUSE, NOW, &source, &house.folders()).unwrap();
    std::fs::write(
        path.join("day.csv"),
        "meter,start,end,value,unit\nM,1,2,3,4\n",
    )
    .unwrap();
    let mut watcher = Watcher::new(Duration::ZERO);
    let looks = [0; 2].map(|_| watcher.look(app, &|| false).unwrap());
    assert_eq!(looks, [0, 1], "a file is taken at the second look");
    watcher.stop(app).unwrap();
}

fn mailed(house: &House, app: &App) -> Vec<Stop> {
    let new = |email: &str| NewUser {
        email: email.to_owned(),
        name: "Vera Novikova".to_owned(),
        role: Role::Staff,
        tenant: None,
        locale: "en".to_owned(),
    };
    let (base, known) = ("http://127.0.0.1/", new("known@sosnovy-bor.example"));
    create(&app.db, &Actor::HOUSE, NOW, &known, PASSWORD).unwrap();
    let invited = new("new@sosnovy-bor.example");
    invite(&app.db, &Actor::HOUSE, NOW, base, &invited).unwrap();
    request_reset(&app.db, NOW, base, &known.email, "127.0.0.1").unwrap();
    jobs::work_off(app).unwrap();
    let mails = house.mails();
    assert_eq!(mails.len(), 2, "an invitation and a reset");
    let link = |page: &str, mail: usize| format!("/{page}/{}", token_in(&mails[mail]));
    let mut stops: Vec<Stop> = ["/sign-in", "/password-resets"]
        .map(|path| Stop::of(None, path))
        .into();
    stops.push(Stop::of(None, &link("invitations", 0)));
    stops.push(Stop::of(None, &link("password-resets", 1)));
    stops.push(Stop {
        refused: true,
        ..Stop::of(None, "/password-resets/0")
    });
    stops
}

/// Each page once for the tenant's people and once for the operator's, by turns of those who may; the home
/// for each of them. And what is wrong: pages that no link leads to.
pub fn plan(server: &Server, public: Vec<Stop>) -> (Vec<Stop>, Vec<String>) {
    let visitor = |role: Role| {
        let known = SIGN_INS.iter().find(|(.., it)| *it == role);
        server.signed_in(known.expect("a sign-in").0, PASSWORD)
    };
    let administrator = visitor(Role::Administrator);
    upload(&administrator);
    let house = found(&administrator, Role::Administrator);
    let tenants = found(&visitor(Role::Owner), Role::Owner);
    let mut stops: Vec<Stop> = (0..SIGN_INS.len())
        .map(|it| Stop::of(Some(it), "/"))
        .collect();
    stops.push(Stop {
        refused: true,
        ..Stop::of(Some(2), "/no-such-page")
    });
    let finders = [Role::Administrator, Role::Owner];
    for (own, pages) in [(false, &house), (true, &tenants)] {
        for (turn, (route, path)) in pages.iter().enumerate() {
            let may = |it: &usize| {
                let role = SIGN_INS[*it].2;
                let theirs = !PERSONAL.contains(route) || finders.contains(&role);
                role.is_tenant() == own && may_open(role, route) && theirs
            };
            let mut readers = (0..SIGN_INS.len()).map(|n| (n + turn) % SIGN_INS.len());
            let reader = readers.find(may).expect("who found it may open it");
            if path != "/" {
                stops.push(Stop::of(Some(reader), path));
            }
        }
    }
    stops.extend(public);
    let wrong = pages()
        .filter(|route| route.access != Access::Public)
        .filter(|route| !UNREACHED.iter().any(|(path, _)| *path == route.path))
        .filter(|route| {
            ![&house, &tenants]
                .iter()
                .any(|it| it.contains_key(route.path))
        })
        .filter(|route| !leads_on(&administrator, route))
        .map(|route| format!("{}: no link leads there", route.path))
        .collect();
    (stops, wrong)
}

/// A file that is tried, so that there is a report to look at.
fn upload(administrator: &Visitor) {
    let racks = administrator.get("/sites/1/data/racks.csv").bytes();
    let path = "/sites/1/data/racks/import";
    let answer = administrator.post_file(path, "racks.csv", &racks.unwrap());
    assert_eq!(answer.status().as_u16(), 303, "a file is tried");
}

/// Every page that this reader may open, with an address where it answered.
fn found(visitor: &Visitor, role: Role) -> BTreeMap<&'static str, String> {
    let mut found = BTreeMap::new();
    let mut links: BTreeSet<String> = pages()
        .filter(|route| !route.path.contains('{') && route.access != Access::Public)
        .map(|route| route.path.to_owned())
        .collect();
    let mut opened: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    loop {
        let missing = pages().any(|route| opens(role, route) && !found.contains_key(route.path));
        let next: Vec<(&RouteInfo, String)> = pages()
            .filter(|route| opens(role, route))
            .filter_map(|route| {
                let tried = opened.entry(route.path).or_default();
                let wanted =
                    !found.contains_key(route.path) || missing && tried.len() < MOST_OF_A_KIND;
                let fresh = |link: &&String| matches(route.path, link) && !tried.contains(*link);
                let link = links.iter().find(fresh).filter(|_| wanted)?.clone();
                tried.insert(link.clone());
                Some((route, link))
            })
            .collect();
        if next.is_empty() {
            return found;
        }
        for (route, path) in next {
            let (more, is_page) = open(visitor, &path);
            links.extend(more);
            if is_page {
                found.entry(route.path).or_insert(path);
            }
        }
    }
}

/// The links of a page, or where it leads on; and whether it was a page.
fn open(visitor: &Visitor, path: &str) -> (Vec<String>, bool) {
    let answer = visitor.get(path);
    if answer.status().is_redirection() {
        let to = answer.headers().get("location");
        let to = to.and_then(|it| it.to_str().ok()).map(str::to_owned);
        return (to.into_iter().collect(), false);
    }
    let good = answer.status().as_u16() == 200;
    let text = answer.text().unwrap_or_default();
    if !good || !text.starts_with("<!doctype html>") {
        return (vec![], false);
    }
    (hrefs(&text), true)
}

/// `/floor` is a way to the first hall, no page.
fn leads_on(visitor: &Visitor, route: &RouteInfo) -> bool {
    !route.path.contains('{') && visitor.get(route.path).status().is_redirection()
}

/// Declared pages: not the files, nor the pieces that a page asks for by itself.
fn pages() -> impl Iterator<Item = &'static RouteInfo> {
    routes::all().filter(|route| {
        let last = route.path.rsplit('/').next().unwrap_or_default();
        route.method == "GET"
            && !last.contains('.')
            && last != "progress"
            && !["/static", "/healthz", "/api"]
                .iter()
                .any(|it| route.path.starts_with(it))
    })
}

/// Whether a role may open this pattern.
fn may_open(role: Role, pattern: &str) -> bool {
    routes::right("GET", pattern).is_some_and(|right| role.may(right))
}

fn opens(role: Role, route: &RouteInfo) -> bool {
    match route.access {
        Access::Public => false,
        Access::Needs(right) => role.may(right),
    }
}

/// Whether an address is one of a pattern: `{noun}` stands for a word, any other name for a number.
fn matches(pattern: &str, address: &str) -> bool {
    let path = address.split('?').next().unwrap_or_default();
    let (a, b): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    let digits = |word: &str| !word.is_empty() && word.bytes().all(|it| it.is_ascii_digit());
    a.len() == b.len()
        && a.iter().zip(&b).all(|(part, word)| match *part {
            "{noun}" | "{code}" | "{kind}" => !word.is_empty() && !digits(word),
            _ if part.starts_with('{') => digits(word),
            _ => part == word,
        })
}

fn hrefs(text: &str) -> Vec<String> {
    text.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split(['"', '#']).next())
        .filter(|href| href.starts_with('/'))
        .map(|href| href.replace("&amp;", "&").replace("&#38;", "&"))
        .collect()
}
