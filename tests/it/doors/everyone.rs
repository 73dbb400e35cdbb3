//! Every page for everyone: each declared page is opened in a real browser, wide and light in Russian, on a
//! phone and dark in English, and asked by axe. Nothing serious, nothing wider than the screen, no error
//! in the console.

use crate::support::browser::{Screen, browser, console_errors, driver};
use crate::support::server::{Server, Visitor};
use crate::support::{House, Kind, NOW};
use fantoccini::Client;
use innkeeper::demo;
use innkeeper::demo::people::SIGN_INS;
use innkeeper::domain::identity::access::Role;
use innkeeper::services::billing::vat;
use innkeeper::services::seed;
use innkeeper::web::routes::{self, Access, RouteInfo};
use serde_json::json;
use std::collections::BTreeSet;

const PASSWORD: &str = "a-long-enough-word";
const AXE: &str = include_str!("../../browser/axe-core-4.14.1/axe.min.js");

/// Pages that no link of the demo leads to, with the reason; any other must be found and opened.
const UNREACHED: [(&str, &str); 6] = [
    ("/invitations/{token}", "needs the token of a mail"),
    ("/password-resets/{token}", "needs the token of a mail"),
    ("/runs/{id}/issue", "every run of the demo is issued"),
    ("/plans/{id}/versions/{version}", "the demo keeps no draft"),
    (
        "/plans/{id}/versions/{version}/publication",
        "the demo keeps no draft",
    ),
    (
        "/plans/{id}/versions/{version}/removal",
        "the demo keeps no draft",
    ),
];

/// A page as one reader opens it.
#[derive(Clone, Debug)]
struct Stop {
    reader: usize,
    path: String,
}

#[test]
fn every_page_is_usable_by_everyone() {
    let Some(driver) = driver() else { return };
    let house = House::open(Kind::Sqlite).expect("SQLite is always there");
    let app = house.app(NOW);
    seed::ensure(&app.db).unwrap();
    vat::seed(&app.db).unwrap();
    demo::load(&app, PASSWORD, "another-long-word").unwrap();
    let server = Server::start(&app);
    let (stops, mut wrong) = tour(&server);
    let walks: Vec<_> = [Screen::Desk, Screen::Phone]
        .into_iter()
        .map(|screen| {
            let (stops, driver, base) = (stops.clone(), driver.clone(), server.base.clone());
            let cookies = sessions(&server);
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap();
                runtime.block_on(walk(&driver, screen, &base, &stops, &cookies))
            })
        })
        .collect();
    for walk in walks {
        wrong.extend(walk.join().expect("a walk ends"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn sessions(server: &Server) -> Vec<String> {
    SIGN_INS
        .iter()
        .map(|(email, ..)| server.session(email, PASSWORD))
        .collect()
}

/// Each page once for the tenant's people and once for the operator's, by turns of those who may;
/// the home for each of them.
fn tour(server: &Server) -> (Vec<Stop>, Vec<String>) {
    let readers: Vec<(Role, Visitor)> = SIGN_INS
        .iter()
        .map(|(email, _, role)| (*role, server.signed_in(email, PASSWORD)))
        .collect();
    let (mut stops, mut found) = (vec![], BTreeSet::new());
    for (tenants, turn) in [(true, 0), (false, 2)] {
        let mut links = BTreeSet::new();
        // Lists first: their links are the ways to what needs an id; and what is found leads on.
        for round in 0..3 {
            for (at, route) in pages().enumerate() {
                let may = |it: &usize| allowed(readers[*it].0, route, tenants);
                let reader = (0..readers.len()).map(|n| (n + at + turn) % readers.len());
                let (Some(reader), Some(path)) =
                    (reader.into_iter().find(may), address(route, &links, round))
                else {
                    continue;
                };
                if stops.iter().any(|stop: &Stop| {
                    matches(route.path, &stop.path) && readers[stop.reader].0.is_tenant() == tenants
                }) {
                    continue;
                }
                if let Some(text) = html(&readers[reader].1, &path) {
                    links.extend(hrefs(&text));
                    found.insert(route.path);
                    stops.push(Stop { reader, path });
                }
            }
        }
    }
    for reader in 0..readers.len() {
        stops.push(Stop {
            reader,
            path: "/".to_owned(),
        });
    }
    (stops, missing(&found))
}

fn missing(found: &BTreeSet<&str>) -> Vec<String> {
    pages()
        .filter(|route| !found.contains(route.path))
        .filter(|route| !UNREACHED.iter().any(|(path, _)| *path == route.path))
        .map(|route| format!("{}: no link leads there", route.path))
        .collect()
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

fn allowed(role: Role, route: &RouteInfo, tenants: bool) -> bool {
    role.is_tenant() == tenants
        && match route.access {
            Access::Public => true,
            Access::Needs(right) => role.may(right),
        }
}

/// The page's address: its own, or one that a link led to.
fn address(route: &RouteInfo, links: &BTreeSet<String>, round: usize) -> Option<String> {
    if !route.path.contains('{') {
        return (round == 0).then(|| route.path.to_owned());
    }
    links.iter().find(|link| matches(route.path, link)).cloned()
}

/// Whether an address is one of a pattern: `{id}` stands for a number, not for a word of another route.
fn matches(pattern: &str, address: &str) -> bool {
    let path = address.split('?').next().unwrap_or_default();
    let (a, b): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    a.len() == b.len()
        && a.iter()
            .zip(&b)
            .all(|(part, word)| match part.starts_with('{') {
                true => !word.is_empty() && word.bytes().all(|it| it.is_ascii_digit()),
                false => part == word,
            })
}

fn html(visitor: &Visitor, path: &str) -> Option<String> {
    let answer = visitor.get(path);
    if answer.status().as_u16() != 200 {
        return None;
    }
    let text = answer.text().ok()?;
    text.starts_with("<!doctype html>").then_some(text)
}

fn hrefs(text: &str) -> Vec<String> {
    text.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split(['"', '#']).next())
        .filter(|href| href.starts_with('/'))
        .map(|href| href.replace("&amp;", "&").replace("&#38;", "&"))
        .collect()
}

async fn walk(
    driver: &str,
    screen: Screen,
    base: &str,
    stops: &[Stop],
    sessions: &[String],
) -> Vec<String> {
    let browser = browser(driver, screen).await;
    let mut wrong = vec![];
    let mut signed_in = None;
    let mut in_turn: Vec<&Stop> = stops.iter().collect();
    in_turn.sort_by_key(|stop| stop.reader);
    for stop in in_turn {
        if signed_in != Some(stop.reader) {
            enter(&browser, screen, base, &sessions[stop.reader]).await;
            signed_in = Some(stop.reader);
        }
        browser.goto(&format!("{base}{}", stop.path)).await.unwrap();
        let mut seen = look(&browser, screen).await;
        let console = console_errors(&browser).await;
        seen.extend(console.into_iter().map(|error| format!("console: {error}")));
        let role = SIGN_INS[stop.reader].2;
        wrong.extend(
            seen.into_iter()
                .map(|what| format!("{screen:?} {role} {}: {what}", stop.path)),
        );
    }
    browser.close().await.unwrap();
    wrong
}

/// Signed in, in the screen's language and theme.
async fn enter(browser: &Client, screen: Screen, base: &str, session: &str) {
    browser.goto(&format!("{base}/healthz")).await.unwrap();
    browser.delete_all_cookies().await.unwrap();
    let (locale, theme) = match screen {
        Screen::Desk => ("ru", "light"),
        Screen::Phone => ("en", "dark"),
    };
    let (name, value) = session.split_once('=').unwrap();
    for (name, value) in [(name, value), ("locale", locale), ("theme", theme)] {
        let cookie = json!(format!("{name}={value}; path=/"));
        let script = "document.cookie = arguments[0]";
        browser.execute(script, vec![cookie]).await.unwrap();
    }
}

/// What axe calls serious or critical, and whether the document is wider than the screen.
async fn look(browser: &Client, screen: Screen) -> Vec<String> {
    // On a phone in the dark only what depends on colour and width is asked again.
    let script = format!(
        "{AXE};
        const [screen, done] = arguments;
        const rules = ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size'];
        const options = {{resultTypes: ['violations'], ...(screen < 500 ? {{runOnly: rules}} : {{}})}};
        const wide = document.documentElement.scrollWidth;
        axe.run(document, options).then(({{violations}}) => done([
          ...(wide > screen ? [`${{wide}} pixels wide on a screen of ${{screen}}`] : []),
          ...violations.filter(it => ['serious', 'critical'].includes(it.impact))
            .map(it => `${{it.id}} (${{it.impact}}): ${{it.help}}: ` + it.nodes.slice(0, 3).map(n => n.target).join(', ')),
        ]), error => done([String(error)]))"
    );
    let width = match screen {
        Screen::Desk => 1440,
        Screen::Phone => 390,
    };
    let said = browser.execute_async(&script, vec![json!(width)]).await;
    serde_json::from_value(said.expect("axe answers")).unwrap()
}
