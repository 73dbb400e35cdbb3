//! Every page for everyone: each declared page is opened in a real browser, on a desk and on a phone, light and
//! dark, in Russian or English by turns, and asked by axe. Nothing serious, nothing wider than the screen, no
//! error in the console. The pages come from the `routes!` tables; their addresses are found by following links.

use super::tour::{self, Stop};
use crate::support::browser::{browser, console_errors, devtools, driver};
use crate::support::demo::{self, PASSWORD};
use crate::support::server::Server;
use crate::support::{Kind, NOW};
use fantoccini::Client;
use innkeeper::demo::people::SIGN_INS;
use serde_json::{Value, json};

const AXE: &str = include_str!("../../browser/axe-core-4.14.1/axe.min.js");

/// How a page is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Screen {
    /// 1440 pixels, light.
    Desk,
    /// 390 pixels, dark.
    Phone,
}

impl Screen {
    fn width(self) -> i64 {
        match self {
            Self::Desk => 1_440,
            Self::Phone => 390,
        }
    }

    fn theme(self) -> &'static str {
        match self {
            Self::Desk => "light",
            Self::Phone => "dark",
        }
    }
}

#[test]
fn every_page_is_usable_by_everyone() {
    let Some(driver) = driver() else { return };
    let house = demo::house(Kind::Sqlite).expect("SQLite is always there");
    let app = house.app(NOW);
    let public = tour::prepare(&house, &app);
    let server = Server::start(&app);
    let (stops, mut wrong) = tour::plan(&server, public);
    let sessions: Vec<String> = SIGN_INS
        .iter()
        .map(|(email, ..)| server.session(email, PASSWORD))
        .collect();
    // Two browsers share the pages; each reader's stay together.
    let walks: Vec<_> = (0..2)
        .map(|part| {
            let own: Vec<Stop> = stops.iter().skip(part).step_by(2).cloned().collect();
            let (driver, base) = (driver.clone(), server.base.clone());
            let sessions = sessions.clone();
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap();
                runtime.block_on(walk(&driver, &base, &own, &sessions))
            })
        })
        .collect();
    for walk in walks {
        wrong.extend(walk.join().expect("a walk ends"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn walk(driver: &str, base: &str, stops: &[Stop], sessions: &[String]) -> Vec<String> {
    let browser = browser(driver).await;
    let source = json!({"source": AXE});
    devtools(&browser, "Page.addScriptToEvaluateOnNewDocument", source).await;
    // A colour on its way from one theme to the other is none that a reader sees.
    let still = json!({"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]});
    devtools(&browser, "Emulation.setEmulatedMedia", still).await;
    let mut wrong = vec![];
    for (at, stop) in stops.iter().enumerate() {
        let screens = match at % 2 {
            0 => [Screen::Desk, Screen::Phone],
            _ => [Screen::Phone, Screen::Desk],
        };
        let locale = if at % 4 < 2 { "ru" } else { "en" };
        let session = stop.reader.map(|reader| sessions[reader].as_str());
        enter(&browser, base, session, locale, screens[0]).await;
        let mut seen = visit(&browser, base, stop, screens).await;
        let console = console_errors(&browser).await;
        // The answer of a page that is not there is an error for the console, and meant.
        let meant = |error: &String| stop.missing && error.contains(&stop.path);
        let console = console.into_iter().filter(|error| !meant(error));
        seen.extend(console.map(|error| format!("console: {error}")));
        let reader = stop.reader.map_or("nobody", |it| SIGN_INS[it].2.code());
        let named = |what| format!("{reader} {locale} {}: {what}", stop.path);
        wrong.extend(seen.into_iter().map(named));
    }
    browser.close().await.unwrap();
    wrong
}

/// The next page is asked for by this reader, in this language and the screen's theme.
async fn enter(browser: &Client, base: &str, session: Option<&str>, locale: &str, screen: Screen) {
    devtools(browser, "Network.clearBrowserCookies", json!({})).await;
    let session = session.and_then(|it| it.split_once('='));
    let own = [("locale", locale), ("theme", screen.theme())];
    let cookies: Vec<Value> = session
        .into_iter()
        .chain(own)
        .map(|(name, value)| json!({"name": name, "value": value, "url": base}))
        .collect();
    devtools(browser, "Network.setCookies", json!({"cookies": cookies})).await;
}

/// Opens a page on one screen and has it change to the other.
async fn visit(browser: &Client, base: &str, stop: &Stop, screens: [Screen; 2]) -> Vec<String> {
    resize(browser, screens[0]).await;
    browser.goto(&format!("{base}{}", stop.path)).await.unwrap();
    let at = browser.current_url().await.unwrap();
    let path = match at.query() {
        Some(query) => format!("{}?{query}", at.path()),
        None => at.path().to_owned(),
    };
    if path != stop.path {
        return vec![format!("leads to {path}")];
    }
    let mut seen = look(browser, screens[0], true).await;
    resize(browser, screens[1]).await;
    seen.extend(look(browser, screens[1], false).await);
    seen
}

async fn resize(browser: &Client, screen: Screen) {
    let phone = screen == Screen::Phone;
    let size =
        json!({"width": screen.width(), "height": 900, "deviceScaleFactor": 1, "mobile": phone});
    devtools(browser, "Emulation.setDeviceMetricsOverride", size).await;
}

/// What axe calls serious or critical, and whether the document is wider than the screen. Menus are open:
/// what is in them is a part of the page. Seen a second time, only what depends on colour and width is asked.
async fn look(browser: &Client, screen: Screen, whole: bool) -> Vec<String> {
    let script = "
        const [screen, theme, whole, done] = arguments;
        document.documentElement.dataset.bsTheme = theme;
        document.querySelectorAll('details').forEach(it => { it.removeAttribute('name'); it.open = true; });
        const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
        const rules = ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size'];
        const runOnly = whole ? {type: 'tag', values: tags} : {type: 'rule', values: rules};
        const wide = document.documentElement.scrollWidth;
        axe.run(document, {resultTypes: ['violations'], runOnly}).then(({violations}) => done([
          ...(wide > screen ? [`${wide} pixels wide on a screen of ${screen}`] : []),
          ...violations.filter(it => ['serious', 'critical'].includes(it.impact))
            .map(it => `${it.id} on ${screen} ${theme}: ${it.help}: ` + it.nodes.slice(0, 3).map(n => n.target).join(', ')),
        ]), error => done([String(error)]))";
    let asked = vec![json!(screen.width()), json!(screen.theme()), json!(whole)];
    let said = browser.execute_async(script, asked).await;
    serde_json::from_value(said.expect("axe answers")).unwrap()
}
