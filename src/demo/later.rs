//! The demo goes on: what its meters read of the time that passed, also behind leases made by hand.

use super::people::SIGN_INS;
use super::readings::{self, HALF_HOUR, Load};
use crate::app::App;
use crate::clock::Clock;
use crate::db::Conn;
use crate::db::identity::users;
use crate::db::leasing::leases::{self, Lease};
use crate::db::leasing::reservations::{self, Allocation, Reservation};
use crate::db::metering::meters::{self as meter_rows, Meter};
use crate::db::site::{racks, sites};
use crate::db::trail;
use crate::domain::calendar::{Instant, Month, Span, Zone};
use crate::domain::identity::access::{Actor, Role};
use crate::domain::ids::*;
use crate::domain::metering::meter::Place;
use crate::domain::units::Watts;
use crate::error::{Error, Result, found};
use crate::services::metering::imports::{self, Keep, LIMIT_BYTES, Upload};
use crate::services::metering::meters::{self, NewMeter};
use std::collections::{BTreeMap, HashMap};

/// The same house with a clock that never shows less than what has happened in it.
pub fn not_before_the_last(app: App) -> Result<App> {
    let last = trail::latest(&mut *app.db.get()?)?;
    Ok(match last.filter(|last| *last > app.now()) {
        Some(last) => App {
            clock: Clock::starting_at(last),
            ..app
        },
        None => app,
    })
}

/// Brings the readings of every meter up to now, a month at a time; `tell` hears of each.
pub fn go_on(app: &App, mut tell: impl FnMut(Month)) -> Result<()> {
    let staff = staff(app)?;
    let stays = stays(&mut *app.db.get()?)?;
    meter_what_has_none(app, &staff, &stays)?;
    let feeds = feeds(&mut *app.db.get()?, &stays, app.now())?;
    let Some(first) = feeds.iter().map(|feed| feed.span.from).min() else {
        return Ok(());
    };
    // A month of the house's own zone; sites elsewhere begin theirs a little sooner or later.
    let zone = Zone(chrono_tz::Europe::Moscow);
    let (mut month, last) = (Month::of(zone.date(first)), Month::of(zone.date(app.now())));
    while month <= last {
        let text = rows(&feeds, zone.month_span(month));
        if text.lines().nth(1).is_some() {
            tell(month);
            deliver(app, &staff, &format!("{month}.csv"), &text, app.now())?;
            super::house_meters::speak(app, &staff, zone.month_span(month), app.now())?;
        }
        month = month.next();
    }
    crate::jobs::work_off(app)?;
    Ok(())
}

/// A file of readings, imported as staff would.
pub fn deliver(app: &App, who: &Actor, name: &str, text: &str, at: Instant) -> Result<()> {
    let upload = Upload {
        file_name: name,
        content: text.as_bytes(),
        keep: Keep::AllOrNothing,
        limit_bytes: LIMIT_BYTES,
    };
    let id = imports::receive(&app.db, who, at, &upload)?;
    let done = imports::run(&app.db, id, at)?;
    if done.rows_bad > 0 || done.rows_new + done.rows_same + done.rows_corrected == 0 {
        return Err(Error::Internal(anyhow::anyhow!("{name}: {done:?}")));
    }
    Ok(())
}

fn staff(app: &App) -> Result<Actor> {
    let sign_in = SIGN_INS.iter().find(|(.., role)| *role == Role::Staff);
    let (email, ..) = found(sign_in)?;
    let user = users::by_email(&mut *app.db.get()?, email)?;
    Ok(found(user)?.actor())
}

/// A lease with what was booked for it and where its machines stand.
struct Stay {
    lease: Lease,
    booked: Reservation,
    places: Vec<Allocation>,
    zone: Zone,
    dips: Vec<(Span, i64)>,
}

impl Stay {
    /// What it draws on some of its racks, and when.
    fn loads(&self, meter: &str, on: impl Fn(RackId) -> bool) -> Vec<Load> {
        let places = self.places.iter().filter(|place| on(place.rack_id));
        let loads = places.filter_map(|place| {
            Some(Load {
                meter: meter.to_owned(),
                watts: Watts(place.units * self.booked.watts_each.0),
                span: self.zone.span(place.within(self.lease.term())?),
                dips: self.dips.clone(),
                silent: vec![],
            })
        });
        loads.collect()
    }
}

fn stays(conn: &mut Conn) -> Result<Vec<Stay>> {
    let mut stays = vec![];
    for lease in leases::all(conn)? {
        let booked = reservations::get(conn, lease.reservation_id)?;
        let all = (booked.units * booked.watts_each.0).max(1);
        let events = leases::events(conn, lease.id)?.into_iter();
        let dip = |it: leases::LeaseEvent| {
            let span = Span {
                from: it.from_at,
                to: it.to_at,
            };
            (span, (100 - it.watts.0 * 100 / all).clamp(0, 100))
        };
        stays.push(Stay {
            places: reservations::allocations_of(conn, booked.id)?,
            zone: sites::get(conn, lease.site_id)?.zone(),
            dips: events.map(dip).collect(),
            booked,
            lease,
        });
    }
    Ok(stays)
}

/// A lease that nobody gave a meter gets one on each of its racks, from its first day on.
fn meter_what_has_none(app: &App, staff: &Actor, stays: &[Stay]) -> Result<()> {
    let known = meter_rows::all(&mut *app.db.get()?)?;
    let mut racks_with: Vec<RackId> = known.iter().filter_map(|it| it.rack_id).collect();
    for stay in stays {
        if known.iter().any(|it| it.lease_id == Some(stay.lease.id)) {
            continue;
        }
        for place in &stay.places {
            if racks_with.contains(&place.rack_id) {
                continue;
            }
            racks_with.push(place.rack_id);
            let rack = racks::get(&mut *app.db.get()?, place.rack_id)?.name;
            let on = Place {
                rack: Some(place.rack_id),
                ..Place::default()
            };
            let (site, code) = (stay.lease.site_id, format!("М-{rack}"));
            let new = NewMeter::of_intervals(site, &code, on, stay.lease.start_date);
            meters::create(&app.db, staff, app.now(), &new)?;
        }
    }
    Ok(())
}

/// A meter, what stands behind it, and the time of which nothing was read.
struct Feed {
    loads: Vec<Load>,
    span: Span,
}

fn feeds(conn: &mut Conn, stays: &[Stay], now: Instant) -> Result<Vec<Feed>> {
    let all = meter_rows::all(conn)?;
    let ids: Vec<MeterId> = all.iter().map(|it| it.id).collect();
    let last: HashMap<MeterId, Instant> =
        meter_rows::last_readings(conn, &ids)?.into_iter().collect();
    let mut zones: BTreeMap<SiteId, Zone> = BTreeMap::new();
    for site in sites::all(conn)? {
        zones.insert(site.id, site.zone());
    }
    let until = Instant(now.0 - now.0.rem_euclid(HALF_HOUR));
    let feed = |meter: &Meter| {
        let serves = zones.get(&meter.site_id)?.span(meter.window());
        let from = last.get(&meter.id).copied().unwrap_or(serves.from);
        let span = Span {
            from,
            to: until.min(serves.to),
        };
        let loads = behind(meter, stays);
        (span.from < span.to && !loads.is_empty()).then_some(Feed { loads, span })
    };
    // What the house draws itself follows from what its racks draw.
    let sold = all.iter().filter(|it| it.node_id.is_none());
    Ok(sold.filter_map(feed).collect())
}

fn behind(meter: &Meter, stays: &[Stay]) -> Vec<Load> {
    let here = |stay: &&Stay| meter.lease_id.is_none_or(|id| id == stay.lease.id);
    let on = |rack: RackId| meter.rack_id.is_none_or(|own| own == rack);
    let stays = stays.iter().filter(here);
    stays.flat_map(|stay| stay.loads(&meter.code, on)).collect()
}

/// The rows of all meters within a month, each from where its last reading ended.
fn rows(feeds: &[Feed], month: Span) -> String {
    let mut text = readings::csv(&[], month);
    for feed in feeds {
        if let Some(span) = feed.span.intersect(month) {
            let own = readings::csv(&[feed.loads.iter().collect()], span);
            text.extend(own.split_inclusive('\n').skip(1));
        }
    }
    text
}
