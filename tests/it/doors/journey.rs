//! A month of the hotel in a real browser: a tenant reserves, staff assign and sign, readings come in,
//! finance runs the month and hands the invoice over; its total is the one of a rating case.

use crate::on_both;
use crate::support::House;
use crate::support::browser::{browser, driver};
use crate::support::hotel::Hotel;
use crate::support::server::Server;
use fantoccini::{Client, Locator};
use innkeeper::db::Chain;
use innkeeper::db::billing::invoices;
use innkeeper::db::leasing::reservations;
use innkeeper::db::site::{racks, sites};
use innkeeper::domain::billing::case;
use innkeeper::domain::billing::rate::RateInput;
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::identity::access::{Actor, Role};
use innkeeper::domain::ids::*;
use innkeeper::services::check::check;
use innkeeper::services::identity::users::{self, NewUser};
use innkeeper::services::{billing::vat, seed};
use serde_json::json;
use std::fmt::Write;
use std::time::Duration;

const PASSWORD: &str = "a-long-enough-word";
/// The longest that a page may take on a busy machine.
const WAIT: Duration = Duration::from_secs(20);
/// The case whose month is told: its readings, its plan, its total.
const CASE: &str = include_str!("../../cases/rating/flat-month.json");

on_both! {
    fn a_month_from_reservation_to_invoice(house: &House) {
        let Some(driver) = driver() else { return };
        month(house, &driver);
    }
}

fn month(house: &House, driver: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let input = case::parse(CASE).unwrap();
    let zone = input.zone;
    let before = zone.start_of(input.period.first()).plus_hours(-24 * 4 + 9);
    let after = zone.start_of(input.period.end()).plus_hours(9);
    build(house, before, &input);
    let browser = runtime.block_on(browser(driver));
    {
        let server = Server::start(&house.app(before));
        runtime.block_on(reserve(
            &browser,
            &server.base,
            &input.period.first().to_string(),
        ));
        runtime.block_on(assign_and_sign(&browser, &server.base));
    }
    let meters = stand_meters(house, before);
    {
        let server = Server::start(&house.app(after));
        let file = readings(&meters, &input);
        runtime.block_on(import(&browser, &server.base, &file));
        runtime.block_on(bill(&browser, &server.base, &input.period.to_string()));
        hand_over(&server);
    }
    runtime.block_on(browser.close()).unwrap();
    let conn = &mut *house.db.get().unwrap();
    let issued = invoices::ids(conn).unwrap();
    assert_eq!(issued.len(), 1);
    let total = invoices::get(conn, issued[0]).unwrap().total;
    let expected: serde_json::Value = serde_json::from_str(CASE).unwrap();
    assert_eq!(total.major().to_string(), expected["expected"]["total"]);
    assert_eq!(check(&house.db, after).unwrap(), []);
}

/// A site with two racks, the case's plan, and one user of each kind that is needed.
fn build(house: &House, now: Instant, input: &RateInput) {
    seed::ensure(&house.db).unwrap();
    vat::seed(&house.db).unwrap();
    let hotel = Hotel::open(&house.db, input.zone.name());
    for name in ["R-1", "R-2"] {
        hotel.rack(name, 12);
    }
    let plan = hotel.plan("Тариф", input.currency, &input.plan);
    let tenant = hotel.tenant("ООО «Северный хэш»");
    let site = hotel.site;
    let quoted = |tx: &mut innkeeper::db::Tx| {
        let row = sites::get(tx.conn, site)?;
        sites::update(
            tx.conn,
            &sites::Site {
                plan_id: Some(plan),
                ..row
            },
        )
    };
    house.db.write(Chain::Operator, quoted).unwrap();
    for (email, role) in [
        ("owner@t.example", Role::Owner),
        ("staff@h.example", Role::Staff),
        ("finance@h.example", Role::Finance),
    ] {
        let new = NewUser {
            email: email.to_owned(),
            name: "Анна Кузнецова".to_owned(),
            role,
            tenant: role.is_tenant().then_some(tenant),
            locale: "ru".to_owned(),
        };
        users::create(&house.db, &Actor::HOUSE, now, &new, PASSWORD).unwrap();
    }
}

async fn open(browser: &Client, address: String) {
    browser.goto(&address).await.unwrap();
}

async fn click(browser: &Client, css: &str) {
    let found = browser
        .wait()
        .at_most(WAIT)
        .for_element(Locator::Css(css))
        .await;
    let element = found.unwrap_or_else(|e| panic!("{css}: {e}"));
    element
        .click()
        .await
        .unwrap_or_else(|e| panic!("{css}: {e}"));
}

/// By script, so that a date is a date in any language of the browser.
async fn fill(browser: &Client, name: &str, value: &str) {
    let css = format!("main [name={name}]");
    browser
        .wait()
        .at_most(WAIT)
        .for_element(Locator::Css(&css))
        .await
        .unwrap();
    let script = "document.querySelector(arguments[0]).value = arguments[1]";
    browser
        .execute(script, vec![json!(css), json!(value)])
        .await
        .unwrap();
}

async fn choose(browser: &Client, name: &str, part_of_label: &str) {
    let script = "const s = document.querySelector(`main select[name=${arguments[0]}]`);
        const o = [...s.options].find(o => o.text.includes(arguments[1]));
        s.value = o.value; return o.text";
    let chosen = browser
        .execute(script, vec![json!(name), json!(part_of_label)])
        .await;
    chosen.unwrap_or_else(|e| panic!("{name}: {part_of_label}: {e}"));
}

/// Waits until the address matches: what was clicked has happened.
async fn arrive(browser: &Client, part: &str) -> String {
    for _ in 0..200 {
        let at = browser.current_url().await.unwrap().to_string();
        if at.contains(part) {
            return at;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let text = browser
        .find(Locator::Css("main"))
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    panic!(
        "not at {part} but {}:\n{text}",
        browser.current_url().await.unwrap()
    );
}

async fn sign_in(browser: &Client, base: &str, email: &str) {
    browser.delete_all_cookies().await.unwrap();
    open(browser, format!("{base}/sign-in")).await;
    for (name, value) in [("email", email), ("password", PASSWORD)] {
        let field = browser
            .find(Locator::Css(&format!("[name={name}]")))
            .await
            .unwrap();
        field.send_keys(value).await.unwrap();
    }
    click(
        browser,
        "form[action='/sign-in'] button[type=submit], form button.btn-primary",
    )
    .await;
    browser
        .wait()
        .at_most(WAIT)
        .for_element(Locator::Css(".usermenu"))
        .await
        .unwrap();
}

async fn reserve(browser: &Client, base: &str, from: &str) {
    sign_in(browser, base, "owner@t.example").await;
    open(browser, format!("{base}/availability")).await;
    choose(browser, "model", "Antminer S21 ·").await;
    fill(browser, "units", "20").await;
    fill(browser, "from", from).await;
    click(browser, "main form[method=get] button[type=submit]").await;
    click(browser, "form[action='/reservations'] button[type=submit]").await;
    arrive(browser, "/reservations/1").await;
}

async fn assign_and_sign(browser: &Client, base: &str) {
    sign_in(browser, base, "staff@h.example").await;
    open(browser, format!("{base}/reservations/1/assignment")).await;
    click(
        browser,
        "form[action$='/assignment'] .button-row button.btn-primary",
    )
    .await;
    arrive(browser, "done=").await;
    open(browser, format!("{base}/reservations/1/lease")).await;
    choose(browser, "plan", "Тариф").await;
    fill(browser, "billing_email", "buh@t.example").await;
    click(
        browser,
        "form[action$='/lease'] .button-row button.btn-primary",
    )
    .await;
    arrive(browser, "/leases/1").await;
}

/// A meter on each rack that the reservation stands on, in service from the beginning.
fn stand_meters(house: &House, now: Instant) -> Vec<String> {
    let hotel = Hotel::again(&house.db);
    let conn = &mut *house.db.get().unwrap();
    let mut names: Vec<(RackId, String)> = vec![];
    for piece in reservations::allocations_of(conn, ReservationId(1)).unwrap() {
        if !names.iter().any(|(rack, _)| *rack == piece.rack_id) {
            names.push((piece.rack_id, racks::get(conn, piece.rack_id).unwrap().name));
        }
    }
    let from = sites::get(conn, hotel.site)
        .unwrap()
        .zone()
        .date(now)
        .to_string();
    for (rack, name) in &names {
        hotel.meter(name, Some(*rack), None, &from);
    }
    names.into_iter().map(|(_, name)| name).collect()
}

/// The case's half-hours: all of it on the first meter, nothing on the others.
fn readings(meters: &[String], input: &RateInput) -> String {
    let mut text = String::from("meter,start,end,value,unit\n");
    for (at, meter) in meters.iter().enumerate() {
        for it in input.usage.iter().flat_map(|it| &it.intervals) {
            let wh = if at == 0 { it.wh.0 } else { 0 };
            writeln!(text, "{meter},{},{},{wh},Wh", it.start, it.end()).unwrap();
        }
    }
    text
}

async fn import(browser: &Client, base: &str, text: &str) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("readings.csv");
    std::fs::write(&path, text).unwrap();
    sign_in(browser, base, "staff@h.example").await;
    open(browser, format!("{base}/readings")).await;
    let field = browser.find(Locator::Css("[name=file]")).await.unwrap();
    field.send_keys(path.to_str().unwrap()).await.unwrap();
    click(browser, "main [name=keep]").await;
    click(browser, "form[action='/readings'] button.btn-primary").await;
    let at = arrive(browser, "/readings/").await;
    // Checked first; written once somebody has seen what it would do.
    let write = "main form[method=post] button.btn-primary";
    until(browser, &at, write).await;
    click(browser, write).await;
    gone(browser, write).await;
    until(browser, &at, ".state-ok").await;
}

/// Waits for the page that a press leads to: to open another before that would take the press back.
async fn gone(browser: &Client, css: &str) {
    for _ in 0..100 {
        let found = browser.find_all(Locator::Css(css)).await.unwrap();
        if found.is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{css} stayed");
}

/// Asks again until the page shows it: background work has its own time.
async fn until(browser: &Client, address: &str, css: &str) {
    for _ in 0..100 {
        open(browser, address.to_owned()).await;
        if !browser
            .find_all(Locator::Css(css))
            .await
            .unwrap()
            .is_empty()
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let text = browser
        .find(Locator::Css("main"))
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    panic!("{css} never came at {address}:\n{text}");
}

/// Runs the month and opens its invoice.
async fn bill(browser: &Client, base: &str, month: &str) {
    sign_in(browser, base, "finance@h.example").await;
    open(browser, format!("{base}/runs")).await;
    fill(browser, "month", month).await;
    click(browser, "form[action='/runs'] button[type=submit]").await;
    let run = arrive(browser, "/runs/").await;
    let run = run.split('?').next().unwrap().to_owned();
    until(browser, &run, "a[href$='/issue']").await;
    click(browser, "a[href$='/issue']").await;
    click(browser, "form.confirm button[type=submit]").await;
    until(
        browser,
        &format!("{base}/invoices"),
        "a[href='/invoices/1']",
    )
    .await;
    open(browser, format!("{base}/invoices/1")).await;
    click(browser, "details.line summary").await;
}

/// What finance hands over: the list as CSV and XLSX, the invoice as PDF.
fn hand_over(server: &Server) {
    let finance = server.signed_in("finance@h.example", PASSWORD);
    let file = |path: &str| {
        let answer = finance.get(path);
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        answer.bytes().unwrap().to_vec()
    };
    let csv = String::from_utf8(file("/invoices.csv")).unwrap();
    assert!(
        csv.contains("439770,96") || csv.contains("439770.96"),
        "{csv}"
    );
    assert!(file("/invoices.xlsx").starts_with(b"PK"));
    assert!(file("/invoices/1.pdf").starts_with(b"%PDF"));
}
