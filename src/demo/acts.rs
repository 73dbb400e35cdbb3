//! What happens in the demo hotel, month by month.

use super::readings::csv;
use super::story::{Ask, Story, in_winter_ban, next_ban};
use crate::db::billing::invoices;
use crate::db::metering::meters;
use crate::domain::billing::rate::Cause;
use crate::domain::calendar::{Month, Span, Window};
use crate::domain::ids::HallId;
use crate::domain::money::{Currency, Minor};
use crate::domain::units::WattHours;
use crate::error::Result;
use crate::services::billing::charges::{self, NewCharge};
use crate::services::billing::payments::{self, NewPayment};
use crate::services::billing::runs;
use crate::services::leasing::leases::give_notice;
use crate::services::leasing::requests;
use crate::services::leasing::reserve::cancel;
use crate::services::metering::estimates::{self, Filling};
use chrono::Days;
use rust_decimal::Decimal;

const DAY_NIGHT: usize = 0;
const FLAT: usize = 1;

impl Story<'_> {
    fn air(&self, hall: usize) -> Option<HallId> {
        Some(self.hotel.air_halls[hall])
    }

    /// Everybody who was here before the first billed month.
    pub fn first_month(&mut self, month: Month) -> Result<()> {
        let at = self.morning(month.first() - Days::new(8));
        let term = |months| self.months_from(month.first(), months);
        let open = Window {
            from: month.first(),
            to: None,
        };
        let (main, hydro, tanks) = (
            self.hotel.main,
            Some(self.hotel.hydro_hall),
            Some(self.hotel.tank_hall),
        );
        let (hall_1, hall_2) = (self.air(0), self.air(1));
        let late = self.months_from(month.first() + Days::new(9), 12);
        let asks = [
            (0, "Bitmain Antminer S21", 300, hall_1, term(24), DAY_NIGHT),
            (1, "Bitmain Antminer S21 Pro", 240, hall_1, open, DAY_NIGHT),
            (2, "Bitmain Antminer S21+ Hyd", 40, hydro, term(12), FLAT),
            (3, "Bitmain Antminer S19 XP", 20, hall_2, late, DAY_NIGHT),
            (5, "Bitmain Antminer S21 XP Hyd", 60, hydro, open, FLAT),
            (7, "MicroBT Whatsminer M66S", 96, tanks, open, FLAT),
        ];
        for (tenant, model, units, hall, window, plan) in asks {
            let ask = Ask {
                tenant,
                model,
                units,
                site: main,
                hall,
                window,
            };
            self.move_in(&ask, self.plans[plan], at)?;
        }
        self.containers(month)
    }

    /// The second site works outside its winter ban only.
    fn containers(&mut self, month: Month) -> Result<()> {
        let from = month.first();
        let end = next_ban(from);
        if in_winter_ban(from) || end < from + Days::new(20) {
            return Ok(());
        }
        let window = Window {
            from,
            to: Some(end),
        };
        let ask = Ask {
            tenant: 2,
            model: "Bitmain Antminer S19k Pro",
            units: 120,
            site: self.hotel.winter,
            hall: None,
            window,
        };
        let at = self.morning(from - Days::new(6));
        self.move_in(&ask, self.plans[FLAT], at).map(|_| ())
    }

    /// New tenants in the second month; an outage, an estimate and remote hands in it.
    pub fn second_month(&mut self, month: Month) -> Result<()> {
        let at = self.morning(month.first() - Days::new(5));
        let (main, hydro) = (self.hotel.main, Some(self.hotel.hydro_hall));
        let hall_2 = self.air(1);
        let whole = self.months_from(month.first(), 12);
        let half = self.months_from(month.first() + Days::new(14), 18);
        let asks = [
            (4, "Bitmain Antminer S19j Pro", 3, hall_2, whole, DAY_NIGHT),
            (6, "Узел GPU 8×", 24, hydro, whole, FLAT),
            (0, "Bitmain Antminer S21 XP", 200, hall_2, half, DAY_NIGHT),
        ];
        for (tenant, model, units, hall, window, plan) in asks {
            let ask = Ask {
                tenant,
                model,
                units,
                site: main,
                hall,
                window,
            };
            self.move_in(&ask, self.plans[plan], at)?;
        }
        let night = self.hours(month.first() + Days::new(11), 2, 9);
        self.event(
            0,
            night,
            Cause::Host,
            0,
            "Авария на фидере: перегрев вводного автомата",
        )?;
        let silent = self.hours(month.first() + Days::new(17), 13, 16);
        let meter = self.stays[1].meters[0].clone();
        self.silence(&meter, silent);
        Ok(())
    }

    fn silence(&mut self, meter: &str, span: Span) {
        for load in self.loads.iter_mut().filter(|load| load.meter == meter) {
            load.silent.push(span);
        }
    }

    /// The gap of the second month, filled by staff from the hours around it.
    pub fn fill_gap(&self, month: Month) -> Result<()> {
        let span = self.hours(month.first() + Days::new(17), 13, 16);
        let code = &self.stays[1].meters[0];
        let wh: i64 = (0..6)
            .map(|n| {
                let start = span.from.plus_seconds(n * super::readings::HALF_HOUR);
                self.loads
                    .iter()
                    .filter(|l| &l.meter == code)
                    .map(|l| l.wh(start))
                    .sum::<i64>()
            })
            .sum();
        let meter = crate::error::found(meters::by_code(&mut *self.app.db.get()?, code)?)?;
        let reason = "Связь со счётчиком прервалась, взято по соседним часам".to_owned();
        let filling = Filling {
            meter: meter.id,
            span,
            wh: WattHours(wh),
            reason,
        };
        let at = self.morning(month.end());
        estimates::fill(&self.app.db, &self.people.staff, at, &filling)
    }

    pub fn remote_hands(&self, month: Month) -> Result<()> {
        let new = NewCharge {
            lease: self.stays[0].lease,
            date: month.first() + Days::new(3),
            description: "Удалённые руки: замена блока питания".to_owned(),
            quantity: Decimal::new(15, 1),
            unit_price: Decimal::new(2_400, 0),
        };
        let at = self.morning(new.date);
        charges::enter(&self.app.db, &self.people.finance, at, &new).map(|_| ())
    }

    /// The month's run, from its opening to the last invoice.
    pub fn bill(&self, month: Month) -> Result<()> {
        let at = self.morning(month.end());
        let run = runs::open(&self.app.db, &self.people.finance, at, month)?;
        runs::compute(&self.app.db, month, at, usize::MAX)?;
        runs::issue(&self.app.db, &self.people.finance, at, run, None)?;
        runs::work(&self.app.db, &self.app.config.base_url(), run, at)?;
        Ok(())
    }

    /// Most pay on time, one in part, one too much, one not at all.
    pub fn pay(&self, month: Month) -> Result<()> {
        let day = month.end() + Days::new(7);
        if day > self.today() {
            return Ok(());
        }
        let bills = self.bills(month)?;
        let latest = month.next() == self.month();
        for (n, bill) in bills.iter().enumerate() {
            let amount = match (latest, n % 8) {
                (false, 4) => continue,
                (true, 1 | 3 | 4 | 6) => continue,
                (true, 0) => Minor(bill.total.0 / 2),
                (false, 5) => bill.total + Minor(1_500_000),
                _ => bill.total,
            };
            let new = NewPayment {
                tenant: bill.tenant_id,
                date: day,
                amount,
                currency: Currency::Rub,
                reference: format!("п/п {}", 4_100 + bill.id.0),
                invoice: Some(bill.id),
            };
            payments::record(&self.app.db, &self.people.finance, self.morning(day), &new)?;
        }
        Ok(())
    }

    fn bills(&self, month: Month) -> Result<Vec<invoices::Head>> {
        let mut conn = self.app.db.get()?;
        let billed = invoices::billed(&mut conn, month)?;
        billed
            .into_iter()
            .map(|(_, id, ..)| invoices::head(&mut conn, id))
            .collect()
    }

    /// A meter's owner finds out after the invoice that ten half-hours were read wrong.
    pub fn correct_late(&self, month: Month) -> Result<()> {
        let from = self
            .zone
            .start_of(month.first() + Days::new(20))
            .plus_hours(10);
        let span = Span {
            from,
            to: from.plus_hours(5),
        };
        let code = &self.stays[0].meters[2];
        let mut wrong: Vec<_> = self
            .loads
            .iter()
            .filter(|load| &load.meter == code)
            .collect();
        let text = csv(&[std::mem::take(&mut wrong)], span);
        let mended: Vec<String> = text
            .lines()
            .map(|line| line.replace(",Wh", "0,Wh"))
            .collect();
        // The last digit had been lost: a tenth of the value is what was meant.
        let mended: Vec<String> = mended.iter().map(|line| tenth(line)).collect();
        self.import(
            "поправка.csv",
            &(mended.join("\n") + "\n"),
            self.morning(month.end() + Days::new(9)),
        )
    }

    /// The open month: curtailed by order, a gap, one meter that went silent this morning.
    pub fn open_month(&mut self, month: Month) -> Result<()> {
        let today = self.today();
        if today > month.first() + Days::new(5) {
            self.remote_hands(month)?;
            let hours = self.hours(today - Days::new(4), 17, 21);
            self.event(
                0,
                hours,
                Cause::Curtailment,
                60,
                "Команда диспетчера: ограничение до 40 %",
            )?;
            let gap = self.hours(today - Days::new(2), 3, 6);
            let meter = self.stays[0].meters[4].clone();
            self.silence(&meter, gap);
        }
        let silent = Span {
            from: self.now.plus_hours(-5),
            to: self.now.plus_hours(24),
        };
        let meter = self.stays[1].meters[3].clone();
        self.silence(&meter, silent);
        if self.zone.start_of(month.first()).plus_hours(12) < self.now {
            self.import_month(month, self.now)?;
        }
        Ok(())
    }

    /// What waits for somebody: holds at every stage, a notice, refused and answered wishes.
    pub fn desk(&self) -> Result<()> {
        let (now, main, winter) = (self.now, self.hotel.main, self.hotel.winter);
        let (hall_1, hall_2) = (self.air(0), self.air(1));
        let next = self.month().next().next().first();
        let ask = |tenant, model, units, hall, window| Ask {
            tenant,
            model,
            units,
            site: main,
            hall,
            window,
        };
        let later = self.months_from(next, 12);
        let s21 = "Bitmain Antminer S21";
        let expired = ask(3, s21, 6, hall_2, later);
        self.hold(&expired, now.plus_hours(-24 * 10))?;
        let gone = self.hold(
            &ask(5, "Bitmain Antminer S21 XP Hyd", 4, None, later),
            now.plus_hours(-50),
        )?;
        cancel(&self.app.db, &self.actor(5), now.plus_hours(-20), gone)?;
        let ready = self.hold(
            &ask(4, "Bitmain Antminer S19j Pro", 2, hall_2, later),
            now.plus_hours(-44),
        )?;
        self.assign(ready, now.plus_hours(-3))?;
        self.hold(
            &ask(1, "Bitmain Antminer S21 Pro", 60, hall_2, later),
            now.plus_hours(-26),
        )?;
        self.hold(&ask(0, s21, 40, hall_1, later), now.plus_hours(-2))?;
        let answered = ask(6, "Узел GPU 8×", 90, Some(self.hotel.hydro_hall), later);
        let refused = self.ask(&answered, now.plus_hours(-70))?;
        if let crate::services::leasing::answer::Answer::Refused(why) = refused
            && let Some(id) = why.request
        {
            let text = "С мая добавим второй гидроконтур: 90 узлов встанут. Предложим дату до конца недели.";
            requests::close(
                &self.app.db,
                &self.people.staff,
                now.plus_hours(-30),
                id,
                text,
            )?;
        }
        self.ask(&ask(0, s21, 2_000, hall_1, later), now.plus_hours(-5))?;
        let banned = Window {
            from: next_ban(self.today()) + Days::new(10),
            to: None,
        };
        let winter_wish = Ask {
            site: winter,
            ..ask(2, "Bitmain Antminer S19k Pro", 120, None, banned)
        };
        self.ask(&winter_wish, now.plus_hours(-8))?;
        let end = self.month().next().next().first();
        give_notice(
            &self.app.db,
            &self.people.staff,
            now.plus_hours(-28),
            self.stays[5].lease,
            end,
        )
    }
}

/// The value of a row, a tenth less.
fn tenth(line: &str) -> String {
    let parts: Vec<&str> = line.split(',').collect();
    match parts.as_slice() {
        [meter, start, end, value, unit] => match value.parse::<i64>() {
            Ok(value) => format!("{meter},{start},{end},{},{unit}", value / 10 * 9 / 10),
            Err(_) => line.to_owned(),
        },
        _ => line.to_owned(),
    }
}
