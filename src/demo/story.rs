//! Three months of the demo hotel, told in order and through the same services as real data.

use super::hotel::Hotel;
use super::people::People;
use super::readings::{HALF_HOUR, Load, csv};
use crate::app::App;
use crate::db::leasing::{leases, reservations};
use crate::db::site::{catalogue, racks, sites};
use crate::domain::billing::rate::Cause;
use crate::domain::calendar::{Instant, Month, Span, Window, Zone};
use crate::domain::identity::access::Actor;
use crate::domain::ids::*;
use crate::domain::metering::meter::Place;
use crate::domain::site::{CoolingKind, Supply, Workload};
use crate::domain::units::Watts;
use crate::error::{Error, Result};
use crate::services::leasing::answer::Answer;
use crate::services::leasing::assign::{Assigned, Wanted, assign};
use crate::services::leasing::events::{self, NewEvent};
use crate::services::leasing::leases::{Terms, sign};
use crate::services::leasing::reserve::{IfRefused, Wish, reserve};
use crate::services::metering::meters::{self, NewMeter};
use chrono::{Days, Months, NaiveDate};
use std::collections::BTreeMap;

/// What is known while the story is told.
pub struct Story<'a> {
    pub app: &'a App,
    pub hotel: &'a Hotel,
    pub people: &'a People,
    pub now: Instant,
    pub zone: Zone,
    pub plans: [PlanId; 2],
    pub stays: Vec<Stay>,
    pub loads: Vec<Load>,
}

/// A lease of the story, with the meters that measure it.
pub struct Stay {
    pub lease: LeaseId,
    pub watts: Watts,
    pub meters: Vec<String>,
}

/// What somebody asks for: tenant (by position), model, units and where.
pub struct Ask {
    pub tenant: usize,
    pub model: &'static str,
    pub units: u32,
    pub site: SiteId,
    pub hall: Option<HallId>,
    pub window: Window,
}

impl Story<'_> {
    pub fn today(&self) -> NaiveDate {
        self.zone.date(self.now)
    }

    pub fn month(&self) -> Month {
        Month::of(self.today())
    }

    /// Nine in the morning of a date, but never after the story's end.
    pub fn morning(&self, day: NaiveDate) -> Instant {
        self.zone.start_of(day).plus_hours(9).min(self.now)
    }

    fn wish(&self, ask: &Ask) -> Result<Wish> {
        let wish = Wish {
            tenant: self.people.tenants[ask.tenant],
            site: ask.site,
            hall: ask.hall,
            model: None,
            model_name: ask.model.to_owned(),
            workload: Workload::Mining,
            cooling: CoolingKind::Hydro,
            supply: Supply::Three,
            units: ask.units,
            watts_each: Watts(6_000),
            window: ask.window,
        };
        let models = catalogue::all(&mut *self.app.db.get()?)?;
        // What the catalogue does not know is a compute node of the tenant's own making.
        let Some(model) = models.into_iter().find(|m| m.name() == ask.model) else {
            return Ok(Wish {
                workload: Workload::Compute,
                ..wish
            });
        };
        let supply = model.supply.unwrap_or(Supply::Three);
        Ok(Wish {
            model: Some(model.id),
            cooling: model.cooling,
            watts_each: model.watts,
            supply,
            ..wish
        })
    }

    pub fn ask(&self, ask: &Ask, at: Instant) -> Result<Answer> {
        let owner = self.people.owner(ask.tenant);
        reserve(
            &self.app.db,
            &owner,
            at,
            &self.wish(ask)?,
            IfRefused::KeepRequest,
        )
    }

    /// Reserves what must fit.
    pub fn hold(&self, ask: &Ask, at: Instant) -> Result<ReservationId> {
        match self.ask(ask, at)? {
            Answer::Accepted(id) => Ok(id),
            Answer::Refused(why) => Err(Error::Internal(anyhow::anyhow!(
                "{} do not fit: {why:?}",
                ask.model
            ))),
        }
    }

    /// Staff take the proposed racks.
    pub fn assign(&self, id: ReservationId, at: Instant) -> Result<()> {
        let mut conn = self.app.db.get()?;
        let mut wanted = vec![];
        for piece in reservations::allocations_of(&mut conn, id)? {
            let rack = racks::get(&mut conn, piece.rack_id)?.name;
            wanted.push(Wanted {
                rack,
                leg: piece.leg,
                units: piece.units as u32,
            });
        }
        drop(conn);
        match assign(&self.app.db, &self.people.staff, at, id, &wanted)? {
            Assigned::Done => Ok(()),
            Assigned::Refused(why) => Err(Error::Internal(anyhow::anyhow!("no place: {why:?}"))),
        }
    }

    /// From the wish to the signed lease, with a meter on every rack it stands on.
    pub fn move_in(&mut self, ask: &Ask, plan: PlanId, at: Instant) -> Result<LeaseId> {
        let id = self.hold(ask, at)?;
        self.assign(id, at.plus_hours(2).min(self.now))?;
        let email = super::people::email(ask.tenant).to_owned();
        let terms = Terms {
            contracted: None,
            plan,
            payment_days: 10,
            notice_days: 30,
            billing_email: email,
        };
        let signed = at.plus_hours(26).min(self.now);
        let lease = sign(&self.app.db, &self.people.staff, signed, id, &terms)?;
        self.meter(ask, lease, id, signed)?;
        Ok(lease)
    }

    fn meter(&mut self, ask: &Ask, lease: LeaseId, id: ReservationId, at: Instant) -> Result<()> {
        let mut conn = self.app.db.get()?;
        let held = reservations::get(&mut conn, id)?;
        let row = leases::get(&mut conn, lease)?;
        let zone = sites::get(&mut conn, ask.site)?.zone();
        let mut per_rack: BTreeMap<RackId, i64> = BTreeMap::new();
        for piece in reservations::allocations_of(&mut conn, id)? {
            *per_rack.entry(piece.rack_id).or_default() += piece.units * held.watts_each.0;
        }
        let mut names = vec![];
        for (rack, watts) in per_rack {
            names.push((rack, racks::get(&mut conn, rack)?.name, watts));
        }
        drop(conn);
        let from = zone.start_of(row.start_date);
        let span = Span {
            from,
            to: Instant(i64::MAX),
        };
        let mut codes = vec![];
        for (rack, name, watts) in names {
            let code = format!("М-{name}");
            if !self.loads.iter().any(|load| load.meter == code) {
                let place = Place {
                    rack: Some(rack),
                    ..Place::default()
                };
                let new = NewMeter::of_intervals(ask.site, &code, place, row.start_date);
                meters::create(&self.app.db, &self.people.staff, at, &new)?;
            }
            let (watts, dips, silent) = (Watts(watts), vec![], vec![]);
            self.loads.push(Load {
                meter: code.clone(),
                watts,
                span,
                dips,
                silent,
            });
            codes.push(code);
        }
        let watts = Watts(held.units * held.watts_each.0);
        self.stays.push(Stay {
            lease,
            watts,
            meters: codes,
        });
        Ok(())
    }

    /// Records an event and lets the machines feel it. `kept`: hundredths of the load that stay on.
    pub fn event(
        &mut self,
        stay: usize,
        span: Span,
        cause: Cause,
        kept: i64,
        note: &str,
    ) -> Result<()> {
        let at = span.to.plus_hours(1).min(self.now);
        let stay = &self.stays[stay];
        let watts = Watts(stay.watts.0 * (100 - kept) / 100);
        let note = note.to_owned();
        let new = NewEvent {
            lease: stay.lease,
            span,
            watts,
            cause,
            note,
        };
        events::record(&self.app.db, &self.people.staff, at, &new)?;
        for load in self
            .loads
            .iter_mut()
            .filter(|load| stay.meters.contains(&load.meter))
        {
            load.dips.push((span, kept));
        }
        Ok(())
    }

    /// A file of readings, imported as staff would; loads behind one meter are one value.
    pub fn import(&self, name: &str, text: &str, at: Instant) -> Result<()> {
        super::later::deliver(self.app, &self.people.staff, name, text, at)
    }

    pub fn import_month(&self, month: Month, at: Instant) -> Result<()> {
        let span = self.zone.month_span(month);
        let full = Span {
            // Months of sites farther east begin earlier; what came before counts once.
            from: span.from.plus_hours(-12),
            to: span.to.min(whole_half_hours(self.now)),
        };
        self.import(
            &format!("{month}.csv"),
            &csv(&super::readings::joined(&self.loads), full),
            at,
        )?;
        super::house_meters::speak(self.app, &self.people.staff, full, at)
    }

    pub fn months_from(&self, day: NaiveDate, months: u32) -> Window {
        Window {
            from: day,
            to: Some(day + Months::new(months)),
        }
    }

    /// A span of local hours on a date.
    pub fn hours(&self, day: NaiveDate, from: i64, to: i64) -> Span {
        let start = self.zone.start_of(day);
        Span {
            from: start.plus_hours(from),
            to: start.plus_hours(to),
        }
    }

    pub fn actor(&self, tenant: usize) -> Actor {
        self.people.owner(tenant)
    }
}

fn whole_half_hours(at: Instant) -> Instant {
    Instant(at.0 - at.0.rem_euclid(HALF_HOUR))
}

/// The season in which mining rests at the second site, if the date is in it.
pub fn in_winter_ban(day: NaiveDate) -> bool {
    use chrono::Datelike;
    let at = (day.month(), day.day());
    !((3, 16)..(11, 15)).contains(&at)
}

/// The next 15 November after a date.
pub fn next_ban(day: NaiveDate) -> NaiveDate {
    (0..400)
        .map(|n| day + Days::new(n))
        .find(|d| in_winter_ban(*d))
        .unwrap_or(day)
}
