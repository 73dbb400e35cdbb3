//! A look at every site: watches move on, incidents open and close, people are told once.

use super::observe::{Seen, observe};
use super::{rules, tell};
use crate::db::metering::alarms::{self as rows, Incident, Rule, WatchRow};
use crate::db::site::sites::{self, Site};
use crate::db::trail::Change as Changed;
use crate::db::{Chain, Db, Tx};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::Actor;
use crate::domain::ids::IncidentId;
use crate::domain::metering::alarm::{self, Change, Kind, Watch};
use crate::domain::metering::webhook::Event;
use crate::error::Result;
use crate::services::metering::webhooks;
use std::collections::{HashMap, HashSet};

/// Looked at every minute: the ends of keys.
pub const LIVE: [Kind; 5] = [
    Kind::Silent,
    Kind::OverAllocation,
    Kind::IdleRack,
    Kind::LegOver,
    Kind::LegImbalance,
];
/// Reads the days of a month: now and then is enough.
pub const SLOW: [Kind; 1] = [Kind::Unaccounted];

/// What is to be written after a look.
enum Step<'a> {
    /// A watch that is neither raised nor turning is not kept.
    Keep(Watch),
    Raise(Instant, &'a Seen),
    Clear(Instant),
}

/// By kind and subject.
type Steps<'a> = Vec<(Kind, String, Step<'a>)>;

/// Looks at everything. Doing it twice, or by two processes at once, is harmless.
pub fn sweep(db: &Db, base_url: &str, now: Instant) -> Result<usize> {
    sweep_kinds(db, base_url, now, Kind::ALL)
}

/// Looks at some kinds; answers how many sites had something to write.
pub fn sweep_kinds(db: &Db, base_url: &str, now: Instant, kinds: &[Kind]) -> Result<usize> {
    let mut changed = 0;
    for site in db.read(sites::all)? {
        let (seen, quiet) = db.read(|conn| {
            let all = rules(conn, site.id)?;
            let on = all
                .iter()
                .filter(|it| it.enabled && kinds.contains(&it.kind));
            let on: Vec<Kind> = on.map(|it| it.kind).collect();
            let seen = observe(db, conn, &site, &on, now)?;
            let known = rows::watches_of_site(conn, site.id)?;
            let quiet = steps(&all, &known, &seen, kinds, now).is_empty();
            Ok((seen, quiet))
        })?;
        if quiet {
            continue;
        }
        changed += 1;
        db.write(Chain::Site(site.id), |tx| {
            settle(tx, &site, base_url, &seen, kinds, now)
        })?;
    }
    Ok(changed)
}

/// What the values change. A subject that is no longer looked at is over.
fn steps<'a>(
    rules: &[Rule],
    known: &[WatchRow],
    seen: &'a [Seen],
    kinds: &[Kind],
    now: Instant,
) -> Steps<'a> {
    let watches: HashMap<(Kind, &str), Watch> = known
        .iter()
        .map(|row| ((row.kind, row.subject.as_str()), watch(row)))
        .collect();
    let mut steps = vec![];
    for it in seen {
        let rule = rules.iter().find(|rule| rule.kind == it.kind);
        let (Some(rule), Some(value)) = (rule, it.value) else {
            continue;
        };
        let before = watches.get(&(it.kind, it.subject.as_str())).copied();
        let before = before.unwrap_or_default();
        let (after, change) = alarm::observe(before, it.at, value, rule.limits());
        let mut push = |step| steps.push((it.kind, it.subject.clone(), step));
        // When it was looked at last is worth no write.
        if (after.turning, after.raised) != (before.turning, before.raised) {
            push(Step::Keep(after));
        }
        match change {
            Some(Change::Raised { since }) => push(Step::Raise(since, it)),
            Some(Change::Cleared { at }) => push(Step::Clear(at)),
            None => {}
        }
    }
    let there: HashSet<(Kind, &str)> = seen
        .iter()
        .map(|it| (it.kind, it.subject.as_str()))
        .collect();
    for row in known.iter().filter(|row| kinds.contains(&row.kind)) {
        if !there.contains(&(row.kind, row.subject.as_str())) {
            let mut push = |step| steps.push((row.kind, row.subject.clone(), step));
            push(Step::Keep(Watch::default()));
            push(Step::Clear(now));
        }
    }
    steps
}

fn watch(row: &WatchRow) -> Watch {
    serde_json::from_str(&row.watch).unwrap_or_default()
}

/// Decides again inside of the transaction: another process may have been quicker.
fn settle(
    tx: &mut Tx,
    site: &Site,
    base_url: &str,
    seen: &[Seen],
    kinds: &[Kind],
    now: Instant,
) -> Result<()> {
    let rules = rules(tx.conn, site.id)?;
    let known = rows::watches_of_site(tx.conn, site.id)?;
    let mut news = vec![];
    for (kind, subject, step) in steps(&rules, &known, seen, kinds, now) {
        match step {
            Step::Keep(watch) if watch.turning.is_none() && watch.raised.is_none() => {
                rows::remove_watch(tx.conn, site.id, kind, &subject)?;
            }
            Step::Keep(watch) => {
                let row = WatchRow {
                    site_id: site.id,
                    kind,
                    subject,
                    watch: serde_json::to_string(&watch).map_err(anyhow::Error::from)?,
                };
                rows::put_watch(tx.conn, &row)?;
            }
            Step::Raise(since, it) => {
                let rule = rules.iter().find(|rule| rule.kind == kind);
                let limit = rule.map_or(0, |rule| rule.raise);
                let opened = open(tx, site, (since, limit), it, now)?;
                news.extend(opened.map(|row| (Event::Opened, row)));
            }
            Step::Clear(at) => {
                let closed = close(tx, site, kind, &subject, at, now)?;
                news.extend(closed.map(|row| (Event::Cleared, row)));
            }
        }
    }
    webhooks::announce(tx, site, base_url, &news, now)?;
    let raised = news
        .into_iter()
        .filter(|(event, _)| *event == Event::Opened);
    let raised: Vec<Incident> = raised.map(|(_, row)| row).collect();
    tell::tell(tx, site, base_url, &rules, &raised, now)
}

fn open(
    tx: &mut Tx,
    site: &Site,
    (since, limit): (Instant, i64),
    seen: &Seen,
    now: Instant,
) -> Result<Option<Incident>> {
    if rows::open_of(tx.conn, site.id, seen.kind, &seen.subject)?.is_some() {
        return Ok(None);
    }
    let mut row = Incident {
        id: IncidentId(0),
        site_id: site.id,
        kind: seen.kind,
        subject: seen.subject.clone(),
        label: seen.label.clone(),
        raised_at: since,
        cleared_at: None,
        value: seen.value.unwrap_or_default(),
        raise: limit,
        acknowledged_at: None,
        acknowledged_by: None,
        note: String::new(),
    };
    row.id = rows::insert(tx.conn, &row)?;
    let change = Changed {
        action: "raise",
        noun: "incident",
        id: row.id.0,
        before: &(),
        after: &row,
    };
    tx.record(&Actor::HOUSE, now, change)?;
    Ok(Some(row))
}

fn close(
    tx: &mut Tx,
    site: &Site,
    kind: Kind,
    subject: &str,
    at: Instant,
    now: Instant,
) -> Result<Option<Incident>> {
    let Some(before) = rows::open_of(tx.conn, site.id, kind, subject)? else {
        return Ok(None);
    };
    let after = Incident {
        cleared_at: Some(at.max(before.raised_at)),
        ..before.clone()
    };
    rows::update(tx.conn, &after)?;
    let change = Changed {
        action: "clear",
        noun: "incident",
        id: before.id.0,
        before: &before,
        after: &after,
    };
    tx.record(&Actor::HOUSE, now, change)?;
    Ok(Some(after))
}
