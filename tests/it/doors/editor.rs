//! The floor's editor by hand: a rack is dragged to another cell, and put back by the keyboard alone.

use crate::support::browser::{browser, driver};
use crate::support::demo::{self, PASSWORD};
use crate::support::server::Server;
use crate::support::{Kind, NOW};
use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use innkeeper::db::site::racks;
use innkeeper::demo::people::SIGN_INS;
use innkeeper::domain::ids::RackId;
use serde_json::{Value, json};
use std::time::Duration;

const PLAN: &str = "/halls/1/floor/edit";
/// The first row's last rack, and what is asked about it.
const LAST: &str = "
    const rows = [...document.querySelectorAll('details.floor-table')];
    const fields = [...rows[0].querySelectorAll('input[name^=x-]')];
    const id = fields[fields.length - 1].name.slice(2);
    const at = name => document.getElementById(`f-${name}-${id}`).value;
    const group = document.querySelector(`[data-drag='${id}']`);";

#[test]
fn a_rack_is_dragged_and_put_back_by_the_keyboard() {
    let Some(driver) = driver() else { return };
    let house = demo::house(Kind::Sqlite).expect("SQLite is always there");
    let server = Server::start(&house.app(NOW));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let cell = |id: i64| {
        let rack = racks::get(&mut house.db.get().unwrap(), RackId(id)).unwrap();
        (rack.x, rack.y)
    };
    let browser = runtime.block_on(browser(&driver));
    let session = server.session(SIGN_INS[2].0, PASSWORD);
    let (id, from, to) = runtime.block_on(drag(&browser, &server.base, &session));
    assert_ne!(from, to);
    assert_eq!(
        cell(id),
        (Some(to.0), Some(to.1)),
        "what was dragged is kept"
    );
    runtime.block_on(put_back(&browser, &server.base, id, from));
    assert_eq!(
        cell(id),
        (Some(from.0), Some(from.1)),
        "what was typed is kept"
    );
    runtime.block_on(browser.close()).unwrap();
}

async fn ask(browser: &Client, script: &str) -> Value {
    browser
        .execute(&format!("{LAST}\n{script}"), vec![])
        .await
        .unwrap()
}

fn pair(of: &Value) -> (i64, i64) {
    (of[0].as_i64().unwrap(), of[1].as_i64().unwrap())
}

/// Three cells to the right of the row's end, with the mouse; saved. The rack, where it was and where it is.
async fn drag(browser: &Client, base: &str, session: &str) -> (i64, (i64, i64), (i64, i64)) {
    browser.goto(&format!("{base}/sign-in")).await.unwrap();
    let cookie = "document.cookie = arguments[0] + '; path=/'";
    browser.execute(cookie, vec![json!(session)]).await.unwrap();
    browser.goto(&format!("{base}{PLAN}")).await.unwrap();
    let seen = ask(
        browser,
        "group.scrollIntoView({block: 'center', behavior: 'instant'});
        const box = group.getBoundingClientRect(), editor = document.querySelector('[data-floor-editor]');
        const scale = editor.getBoundingClientRect().width / editor.viewBox.baseVal.width;
        const [dx, dy] = [Number(editor.dataset.cellWidth) * scale, Number(editor.dataset.cellHeight) * scale];
        const x = box.x + box.width / 2, y = box.y + box.height / 2;
        const place = /translate\\(([-\\d.]+) ([-\\d.]+)\\)/.exec(group.getAttribute('transform'));
        const drawn = [(place[1] - editor.dataset.left - 2) / editor.dataset.cellWidth,
                       (place[2] - editor.dataset.top - 2) / editor.dataset.cellHeight];
        return {id: Number(id), from: drawn, at: [x, y], step: [dx, dy]};",
    )
    .await;
    let number = |key: &str, n: usize| seen[key][n].as_f64().unwrap();
    let step = Some(Duration::from_millis(40));
    let mut hand = MouseActions::new("hand".to_owned()).then(PointerAction::MoveTo {
        duration: step,
        x: number("at", 0),
        y: number("at", 1),
    });
    hand = hand.then(PointerAction::Down {
        button: MOUSE_BUTTON_LEFT,
    });
    for _ in 0..3 {
        hand = hand.then(PointerAction::MoveBy {
            duration: step,
            x: number("step", 0).round(),
            y: 0.0,
        });
    }
    let hand = hand.then(PointerAction::Up {
        button: MOUSE_BUTTON_LEFT,
    });
    browser.perform_actions(hand).await.unwrap();
    let dropped = ask(browser, "return [Number(at('x')), Number(at('y'))]").await;
    save(browser, "form button[name=lay][value='']").await;
    (
        seen["id"].as_i64().unwrap(),
        rounded(&seen["from"]),
        pair(&dropped),
    )
}

fn rounded(of: &Value) -> (i64, i64) {
    let cell = |n: usize| of[n].as_f64().unwrap().round() as i64;
    (cell(0), cell(1))
}

async fn save(browser: &Client, css: &str) {
    let near = "document.querySelector(arguments[0]).scrollIntoView({block: 'center', behavior: 'instant'})";
    browser.execute(near, vec![json!(css)]).await.unwrap();
    let button = browser.find(Locator::Css(css)).await.unwrap();
    button.click().await.unwrap();
    arrive(browser).await;
}

/// A saved plan leads to the floor.
async fn arrive(browser: &Client) {
    for _ in 0..200 {
        let at = browser.current_url().await.unwrap();
        if at.path().ends_with("/floor") && at.query().is_some_and(|it| it.contains("done")) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let main = browser.find(Locator::Css("main")).await.unwrap();
    panic!("not saved: {}", main.text().await.unwrap());
}

/// The rack stands where it was dropped; its fields take it back, and Enter saves.
async fn put_back(browser: &Client, base: &str, id: i64, to: (i64, i64)) {
    browser.goto(&format!("{base}{PLAN}")).await.unwrap();
    let before = ask(browser, "return group.getAttribute('transform')").await;
    ask(browser, "rows[0].querySelector('summary').focus()").await;
    let focused = browser.active_element().await.unwrap();
    focused
        .send_keys(&String::from(char::from(Key::Enter)))
        .await
        .unwrap();
    for (name, value) in [("y", to.1), ("x", to.0)] {
        let field = browser
            .find(Locator::Id(&format!("f-{name}-{id}")))
            .await
            .unwrap();
        field.clear().await.unwrap();
        field.send_keys(&value.to_string()).await.unwrap();
        let tab = String::from(char::from(Key::Tab));
        field.send_keys(&tab).await.unwrap();
    }
    let after = ask(browser, "return group.getAttribute('transform')").await;
    assert_ne!(before, after, "what is typed moves the rack in the drawing");
    let field = browser
        .find(Locator::Id(&format!("f-x-{id}")))
        .await
        .unwrap();
    let enter = String::from(char::from(Key::Enter));
    field.send_keys(&enter).await.unwrap();
    arrive(browser).await;
}
