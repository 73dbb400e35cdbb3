//! What displays showed becomes energy of half-hours: rises between readings, spread evenly.
//!
//! A reading changes what was made of those before and after it: everything from the last reading
//! before it on is made again, and only what differs is written.

use super::intake::{Incoming, Judgement, Source};
use super::served::Served;
use super::tariff_hours;
use super::written::{Written, correction};
use crate::db::metering::devices::{self, Device, RegisterCorrection, RegisterReading};
use crate::db::metering::readings::{self, Reading};
use crate::db::{Conn, Tx};
use crate::domain::calendar::{Instant, Span};
use crate::domain::metering::Interval;
use crate::domain::metering::accept::Verdict;
use crate::domain::metering::meter::RegisterState;
use crate::domain::metering::method::Method;
use crate::domain::metering::register::{self, State, Steps, steps_confirmed};
use crate::domain::metering::spread::{cell_start, join, spread};
use crate::domain::units::WattHours;
use crate::error::Result;
use std::collections::{BTreeMap, HashMap};

/// Before everything.
const EVER: Instant = Instant(i64::MIN);
const FOREVER: Instant = Instant(i64::MAX);

/// Rows of one register, by time and line, next to what it showed before.
pub fn judge(conn: &mut Conn, of: &Served, rows: &[Incoming]) -> Result<Vec<Judgement>> {
    let last = rows.iter().map(|it| it.end).max().unwrap_or(EVER);
    let stored = devices::shown(conn, of.meter.id, rows[0].start, last)?;
    let mut known: HashMap<Instant, WattHours> = stored.iter().map(|it| (it.at, it.wh)).collect();
    let mut judged = vec![];
    for row in rows {
        judged.push(if !row.is_shown() {
            Judgement::OtherKind
        } else if !of.holds(row.span()) || of.devices.is_empty() {
            Judgement::OutOfService
        } else {
            Judgement::Taken(match known.insert(row.end, row.wh) {
                None => Verdict::New,
                Some(old) if old == row.wh => Verdict::Same,
                Some(old_wh) => Verdict::Corrected {
                    old_wh,
                    old_estimated: false,
                },
            })
        });
    }
    Ok(judged)
}

/// Keeps what the display showed and adds to `written` what follows from it.
pub fn take(
    tx: &mut Tx,
    of: &Served,
    rows: &[Incoming],
    source: &Source,
    written: &mut Written,
) -> Result<()> {
    let Some(first) = rows.first() else {
        return Ok(());
    };
    let last = rows.iter().map(|it| it.end).max().unwrap_or(first.end);
    let stored = devices::shown(tx.conn, of.meter.id, first.start, last)?;
    let mut known: BTreeMap<Instant, RegisterReading> =
        stored.into_iter().map(|it| (it.at, it)).collect();
    let mut new: BTreeMap<Instant, RegisterReading> = BTreeMap::new();
    for row in rows {
        let state = if source.confirmed {
            RegisterState::Confirmed
        } else {
            RegisterState::Counted
        };
        let reading = RegisterReading {
            meter_id: of.meter.id,
            at: row.end,
            wh: row.wh,
            state,
            import_id: source.import,
        };
        let before = new.get(&row.end).or(known.get(&row.end)).copied();
        if let Some(before) = before {
            devices::insert_correction(tx.conn, &shown_correction(of, &before, &reading, source))?;
        }
        if let Some(stored) = known.get_mut(&row.end) {
            *stored = reading;
            devices::replace_shown(tx.conn, &reading)?;
        } else {
            new.insert(row.end, reading);
        }
    }
    let new: Vec<RegisterReading> = new.into_values().collect();
    devices::insert_shown(tx.conn, &new)?;
    derive(tx.conn, of, first.start, source, written)
}

fn shown_correction(
    of: &Served,
    old: &RegisterReading,
    new: &RegisterReading,
    source: &Source,
) -> RegisterCorrection {
    RegisterCorrection {
        id: 0,
        meter_id: of.meter.id,
        site_id: of.meter.site_id,
        reading_at: new.at,
        old_wh: old.wh,
        new_wh: new.wh,
        old_import_id: old.import_id,
        new_import_id: new.import_id,
        reason: source.reason.to_owned(),
        at: source.now,
        by_user: source.who.user,
    }
}

/// Makes everything that hangs on what was shown at `from` and later again.
pub fn derive(
    conn: &mut Conn,
    of: &Served,
    from: Instant,
    source: &Source,
    written: &mut Written,
) -> Result<()> {
    let region = match devices::counted_before(conn, of.meter.id, from)? {
        Some(before) => cell_start(before, of.zone),
        None => EVER,
    };
    let base = match region {
        EVER => None,
        at => devices::counted_before(conn, of.meter.id, at.plus_seconds(1))?,
    };
    let region = if base.is_some() { region } else { EVER };
    let shown = devices::shown(conn, of.meter.id, base.unwrap_or(EVER), FOREVER)?;
    let steps = steps_of(of, &shown, base);
    hold(conn, &shown, &steps)?;
    let made = intervals(conn, of, &steps, region)?;
    let since = Span {
        from: region,
        to: FOREVER,
    };
    let stored = readings::of_meter(conn, of.meter.id, since)?;
    compare(of, &stored, made, source, written);
    Ok(())
}

fn steps_of(of: &Served, shown: &[RegisterReading], base: Option<Instant>) -> Steps {
    let counts = shown
        .iter()
        .filter(|it| it.state != RegisterState::Discarded);
    let states: Vec<State> = counts
        .map(|it| State {
            at: it.at,
            wh: it.wh,
        })
        .collect();
    let confirmed: Vec<Instant> = shown
        .iter()
        .filter(|it| it.state == RegisterState::Confirmed)
        .map(|it| it.at)
        .collect();
    let first = base.and(states.first().copied());
    let devices: Vec<register::Device> = of
        .devices
        .iter()
        .filter_map(|it| device(it, first))
        .collect();
    steps_confirmed(&devices, &states, &confirmed)
}

/// As the register's rules read it; one that stood at the first state begins with it.
fn device(row: &Device, first: Option<State>) -> Option<register::Device> {
    let mut device = register::Device {
        from: row.from_at,
        to: row.to_at,
        digits: u32::try_from(row.digits).unwrap_or(0),
        unit: row.unit_wh,
        ratio: row.ratio,
        initial: row.initial_wh,
        last: row.final_wh,
        rated: row.rated_watts,
    };
    if let Some(first) = first {
        if device.to.is_some_and(|to| to <= first.at) {
            return None;
        }
        if device.from < first.at {
            (device.from, device.initial) = (first.at, Some(first.wh));
        }
    }
    Some(device)
}

/// Marks what a person must look at, and what no longer needs one.
fn hold(conn: &mut Conn, shown: &[RegisterReading], steps: &Steps) -> Result<()> {
    for row in shown {
        let held = steps.held.iter().any(|it| it.at == row.at);
        let state = match (row.state, held) {
            (RegisterState::Counted, true) => RegisterState::Held,
            (RegisterState::Held, false) => RegisterState::Counted,
            _ => continue,
        };
        devices::replace_shown(conn, &RegisterReading { state, ..*row })?;
    }
    Ok(())
}

/// The half-hours of the steps from `region` on; parts of one half-hour that touch are one.
fn intervals(
    conn: &mut Conn,
    of: &Served,
    steps: &Steps,
    region: Instant,
) -> Result<BTreeMap<Instant, Interval>> {
    let mut made: BTreeMap<Instant, Interval> = BTreeMap::new();
    let (Some(first), Some(last)) = (steps.steps.first(), steps.steps.last()) else {
        return Ok(made);
    };
    let whole = Span {
        from: first.span.from,
        to: last.span.to,
    };
    let boundaries = tariff_hours::boundaries(conn, of, whole)?;
    let steps = steps.steps.iter();
    let parts = steps.flat_map(|it| spread(it.span, it.wh, of.zone, &boundaries));
    made.extend(join(parts, of.zone).into_iter().map(|it| (it.start, it)));
    Ok(made.split_off(&region))
}

/// What differs between what is stored and what follows from the register. What it says takes the
/// place of estimates; a measured interval of another time keeps its own.
fn compare(
    of: &Served,
    stored: &[Reading],
    mut made: BTreeMap<Instant, Interval>,
    source: &Source,
    written: &mut Written,
) {
    for old in stored {
        let register = old.method == Method::Register.number();
        let replacing = made.get(&old.start_at).copied();
        match replacing {
            Some(new) if register || old.estimated => {
                made.remove(&old.start_at);
                replace(of, old, new, source, written);
            }
            Some(_) => {
                made.remove(&old.start_at);
            }
            None if register || (old.estimated && covers(&made, old)) => {
                written.corrections.push(correction(old, None, source));
                written.gone.push(*old);
            }
            None => {}
        }
    }
    written
        .new
        .extend(made.into_values().map(|it| reading(of, it, source)));
}

fn covers(made: &BTreeMap<Instant, Interval>, old: &Reading) -> bool {
    let before = made.range(..old.end_at).next_back();
    before.is_some_and(|(_, it)| it.end() > old.start_at)
}

fn replace(of: &Served, old: &Reading, new: Interval, source: &Source, written: &mut Written) {
    let after = reading(of, new, source);
    let same = (old.end_at, old.wh, old.estimated, old.method)
        == (after.end_at, after.wh, after.estimated, after.method);
    if same {
        return;
    }
    written
        .corrections
        .push(correction(old, Some(&after), source));
    if after.end_at == old.end_at {
        written.replaced.push(after);
    } else {
        written.gone.push(*old);
        written.new.push(after);
    }
}

fn reading(of: &Served, it: Interval, source: &Source) -> Reading {
    Reading {
        meter_id: of.meter.id,
        start_at: it.start,
        end_at: it.end(),
        wh: it.wh,
        estimated: it.estimated,
        import_id: source.import,
        method: Method::Register.number(),
    }
}
