//! `innkeeper demo`: a hotel to look around in, made through the same services as real data.

mod acts;
mod floor;
mod hotel;
mod house_meters;
pub mod later;
mod machines;
pub mod people;
mod readings;
mod story;
mod weather;

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::billing::plans as plan_rows;
use crate::db::identity::users as user_rows;
use crate::db::site::{power, sites};
use crate::domain::billing::plan::PlanVersion;
use crate::domain::calendar::{Month, Zone};
use crate::domain::identity::access::Actor;
use crate::domain::ids::{OutageId, PlanId, SiteId};
use crate::domain::money::Currency;
use crate::error::Result;
use crate::services::billing::plans;
use crate::services::identity::users;
use crate::services::metering::alarms;
use crate::services::site;
use anyhow::{Context, ensure};
use chrono::Days;
use rand::distr::{Alphanumeric, SampleString};
use std::net::ToSocketAddrs;
use story::Story;

const PASSWORD_LENGTH: usize = 14;

/// Loads the demo into an empty house, or goes on with one; prints the sign-ins and serves.
pub fn run(config: Config, clock: Clock, allow_remote: bool, no_serve: bool) -> anyhow::Result<()> {
    ensure!(
        allow_remote || is_loopback(&config.listen),
        "the demo's passwords are shown on the screen: it serves on this machine only \
         (listen = {:?}). Say --allow-remote if that is what you want",
        config.listen
    );
    let mut app = App::open(config, clock)?;
    let password = Alphanumeric.sample_string(&mut rand::rng(), PASSWORD_LENGTH);
    let is_new = sites::all(&mut *app.db.get()?)?.is_empty();
    if is_new {
        let hidden = Alphanumeric.sample_string(&mut rand::rng(), PASSWORD_LENGTH);
        load(&app, &password, &hidden)?;
    } else {
        let known = user_rows::by_email(&mut *app.db.get()?, people::SIGN_INS[0].0)?;
        known.context("this database holds a real house: the demo wants one of its own")?;
        app = later::not_before_the_last(app)?;
        for (email, _, _) in people::SIGN_INS {
            users::set_password(&app.db, app.now(), email, &password)?;
        }
        later::go_on(&app, |month| println!("Readings of {month} are delivered"))?;
    }
    introduce(&app, &password);
    if no_serve {
        return Ok(());
    }
    crate::serve::run_with(&app, |address| println!("\n  http://{address}\n"))?;
    Ok(())
}

fn is_loopback(listen: &str) -> bool {
    listen
        .to_socket_addrs()
        .is_ok_and(|mut all| all.all(|address| address.ip().is_loopback()))
}

fn introduce(app: &App, password: &str) {
    println!(
        "Innkeeper demo, as of {}. Sign in with the password {password}",
        app.now()
    );
    for (email, _, role) in people::SIGN_INS {
        println!("  {:<14} {email}", role.code());
    }
    let today = Zone(chrono_tz::Europe::Moscow).date(app.now());
    println!(
        "To bill the running month: stop, and run it again with --now {}; \
         the meters deliver what was drawn until then.",
        Month::of(today).end()
    );
}

/// Fills an empty house: `password` for the sign-ins that are shown, `hidden` for the others.
pub fn load(app: &App, password: &str, hidden: &str) -> Result<()> {
    let now = app.now();
    let zone = Zone(chrono_tz::Europe::Moscow);
    let month = Month::of(zone.date(now));
    let (first, second) = (month.previous().previous(), month.previous());
    let born = zone.start_of(first.first() - Days::new(20)).plus_hours(9);
    let people = people::build(app, born, password, hidden)?;
    let hotel = hotel::build(app, born)?;
    house_meters::listen(app, &people.staff, hotel.main, born)?;
    let plans = price_plans(app, &people.finance, born, first, month)?;
    publish_on(app, &[hotel.main, hotel.winter], plans[0], born)?;
    house_meters::place(app, &people.staff, hotel.main, first.first(), born)?;
    let mut story = Story {
        app,
        hotel: &hotel,
        people: &people,
        now,
        zone,
        plans,
        stays: vec![],
        loads: vec![],
    };
    story.first_month(first)?;
    story.import_month(first, story.morning(first.end()))?;
    story.bill(first)?;
    story.second_month(second)?;
    story.remote_hands(second)?;
    story.pay(first)?;
    story.import_month(second, story.morning(second.end()))?;
    story.fill_gap(second)?;
    story.bill(second)?;
    story.pay(second)?;
    if zone.date(now) > second.end() + Days::new(9) {
        story.correct_late(second)?;
    }
    story.open_month(month)?;
    story.desk()?;
    story.machines()?;
    plan_outage(&story)?;
    house_meters::puzzle(app, &people.staff, now)?;
    crate::jobs::work_off(app)?;
    alarms::sweep(&app.db, &app.config.base_url(), now)?;
    Ok(())
}

/// A day and night plan that gets dearer with the open month, and one price for liquid cooling.
fn price_plans(
    app: &App,
    finance: &Actor,
    at: crate::domain::calendar::Instant,
    first: Month,
    open: Month,
) -> Result<[PlanId; 2]> {
    let day_night = |from, day: &str, night: &str| {
        serde_json::json!({
            "effective_from": from,
            "energy": {
                "zones": [
                    {"name": "день", "from": "07:00", "to": "23:00", "price": day},
                    {"name": "ночь", "from": "23:00", "to": "07:00", "price": night},
                ],
                "loss_factor": "1.0185",
            },
            "capacity_per_kw_month": "350.00",
            "rack_per_month": "4000.00",
            "take_or_pay": {"load_factor": "0.7", "price": "3.90"},
            "sla": [{"below": "0.995", "credit": "0.05"}, {"below": "0.97", "credit": "0.15"}],
        })
    };
    let flat = serde_json::json!({
        "effective_from": first.previous().first(),
        "energy": {"zones": [{"name": "сутки", "from": "00:00", "to": "00:00", "price": "4.9500"}]},
        "capacity_per_kw_month": "410.00",
        "rack_per_month": "9000.00",
    });
    let early = day_night(first.previous().first(), "5.4321", "3.2150");
    let dearer = day_night(open.first(), "5.6100", "3.3050");
    let mut ids = vec![];
    for (name, versions) in [
        ("Базовый, день и ночь", vec![early, dearer]),
        ("Жидкостное охлаждение", vec![flat]),
    ] {
        let plan = plans::create(&app.db, finance, at, name, Currency::Rub)?;
        for terms in versions {
            let terms: PlanVersion = serde_json::from_value(terms).map_err(anyhow::Error::from)?;
            let draft = plans::save_draft(&app.db, finance, at, plan, None, &terms)?;
            plans::publish(&app.db, finance, at, plan, draft)?;
        }
        ids.push(plan);
    }
    plan_rows::get(&mut *app.db.get()?, ids[0])?;
    Ok([ids[0], ids[1]])
}

/// Quotes at these sites are made from this plan.
fn publish_on(
    app: &App,
    all: &[SiteId],
    plan: PlanId,
    at: crate::domain::calendar::Instant,
) -> Result<()> {
    for id in all {
        let mut row = sites::get(&mut *app.db.get()?, *id)?;
        row.plan_id = Some(plan);
        site::sites::save(
            &app.db,
            &Actor::HOUSE,
            at,
            &row,
            &site::guard::Consent::none(),
        )?;
    }
    Ok(())
}

/// Work on a feed that nobody stands on.
fn plan_outage(story: &Story) -> Result<()> {
    let nodes = power::of_site(&mut *story.app.db.get()?, story.hotel.main)?;
    let feed = crate::error::found(nodes.iter().find(|node| node.name == "Ф-10.4"))?;
    let from = story.today() + Days::new(18);
    let outage = power::Outage {
        id: OutageId(0),
        site_id: story.hotel.main,
        node_id: feed.id,
        from_date: from,
        to_date: from + Days::new(2),
        reason: "Ревизия автоматов".to_owned(),
        created_at: story.now,
        created_by: story.people.staff.user,
        cancelled_at: None,
        cancelled_by: None,
    };
    let none = site::guard::Consent::none();
    site::power::plan_outage(
        &story.app.db,
        &story.people.staff,
        story.now,
        &outage,
        &none,
    )
    .map(|_| ())
}
