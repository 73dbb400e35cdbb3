//! A real browser by WebDriver, wide or as a phone.

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::{Method, Url};
use serde_json::{Value, json};
use std::str::FromStr;

/// The address of the driver. Missing in the full run is a failure, not a way out.
pub fn driver() -> Option<String> {
    let driver = std::env::var("INNKEEPER_TEST_WEBDRIVER").ok();
    let full = std::env::var("INNKEEPER_TEST_FULL").is_ok_and(|it| it == "1");
    assert!(
        driver.is_some() || !full,
        "the full run needs a browser: INNKEEPER_TEST_WEBDRIVER"
    );
    driver
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// 1440 pixels.
    Desk,
    /// 390 pixels.
    Phone,
}

pub async fn browser(driver: &str, screen: Screen) -> Client {
    let mut options = json!({
        "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                 "--no-first-run", "--disable-background-networking", "--disable-component-update",
                 "--disable-sync", "--lang=ru", "--window-size=1440,1000"]
    });
    if screen == Screen::Phone {
        // A window cannot be made this narrow.
        options["mobileEmulation"] =
            json!({"deviceMetrics": {"width": 390, "height": 844, "pixelRatio": 1.0}});
    }
    if let Ok(path) = std::env::var("INNKEEPER_TEST_CHROMIUM") {
        options["binary"] = json!(path);
    }
    let mut capabilities = serde_json::Map::new();
    capabilities.insert("goog:chromeOptions".to_owned(), options);
    capabilities.insert("goog:loggingPrefs".to_owned(), json!({"browser": "ALL"}));
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder
        .capabilities(capabilities)
        .connect(driver)
        .await
        .expect("a browser starts")
}

/// The driver's own command: what the browser's console said since it was last asked.
#[derive(Debug)]
struct ConsoleLog;

impl WebDriverCompatibleCommand for ConsoleLog {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as FromStr>::Err> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({"type": "browser"}).to_string()))
    }
}

/// Errors in the console since the last question: a script that broke, a file that the policy refused.
pub async fn console_errors(browser: &Client) -> Vec<String> {
    let said = browser.issue_cmd(ConsoleLog).await.expect("a console");
    let entries = said.as_array().cloned().unwrap_or_default();
    let severe = |entry: &&Value| entry["level"] == "SEVERE";
    entries
        .iter()
        .filter(severe)
        .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
        .collect()
}
