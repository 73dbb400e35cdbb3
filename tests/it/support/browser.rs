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

pub async fn browser(driver: &str) -> Client {
    let mut options = json!({
        "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                 "--no-first-run", "--disable-background-networking", "--disable-component-update",
                 "--disable-sync", "--lang=ru", "--window-size=1440,1000"]
    });
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

/// A command of the driver's own: its path within the session, and what it is told.
#[derive(Debug)]
struct Own(&'static str, Value);

impl WebDriverCompatibleCommand for Own {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as FromStr>::Err> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.0
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.1.to_string()))
    }
}

/// Errors in the console since the last question: a script that broke, a file that the policy refused.
pub async fn console_errors(browser: &Client) -> Vec<String> {
    let asked = Own("se/log", json!({"type": "browser"}));
    let said = browser.issue_cmd(asked).await.expect("a console");
    let entries = said.as_array().cloned().unwrap_or_default();
    let severe = |entry: &&Value| entry["level"] == "SEVERE";
    entries
        .iter()
        .filter(severe)
        .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// A command of the browser's own protocol, for what WebDriver has no words for.
pub async fn devtools(browser: &Client, command: &str, params: Value) {
    let asked = Own(
        "goog/cdp/execute",
        json!({"cmd": command, "params": params}),
    );
    let done = browser.issue_cmd(asked).await;
    done.unwrap_or_else(|e| panic!("{command}: {e}"));
}
