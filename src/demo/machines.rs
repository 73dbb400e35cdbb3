//! The demo's machines: every lease that runs has its own in the racks, a few still on their way.

use super::story::Story;
use crate::db::leasing::{leases, reservations};
use crate::db::site::machines::{self, MachineFilter, MachineOrder, MachinePage};
use crate::domain::site::machine::MachineState;
use crate::error::Result;
use crate::services::site::machine_batch::{self, Batch};
use crate::services::site::machines::turn;

/// One of so many has not come yet; one of so many of those that stand is in repair.
const ON_THEIR_WAY: i64 = 40;
const IN_REPAIR: usize = 97;

impl Story<'_> {
    pub fn machines(&self) -> Result<()> {
        let mut next = 301;
        for stay in &self.stays {
            let mut conn = self.app.db.get()?;
            let lease = leases::get(&mut conn, stay.lease)?;
            let booking = reservations::get(&mut conn, lease.reservation_id)?;
            drop(conn);
            let today = self.today();
            if booking.to_date.is_some_and(|to| to <= today) {
                continue;
            }
            let here = match booking.from_date <= today {
                true => booking.units - booking.units / ON_THEIR_WAY,
                false => 0,
            };
            let parts = [
                (MachineState::Racked, here),
                (MachineState::Expected, booking.units - here),
            ];
            for (state, count) in parts.into_iter().filter(|(_, count)| *count > 0) {
                let batch = Batch {
                    reservation: booking.id,
                    model_id: booking.model_id,
                    model_name: booking.model_name.clone(),
                    watts: booking.watts_each,
                    state,
                    serials: (next..next + count).map(|n| format!("WM-{n:04}")).collect(),
                    note: String::new(),
                };
                machine_batch::write(&self.app.db, &self.people.staff, self.now, &batch)?;
                next += count;
            }
        }
        self.repairs()
    }

    fn repairs(&self) -> Result<()> {
        let racked = MachineFilter {
            state: Some(MachineState::Racked),
            ..MachineFilter::default()
        };
        let all = MachinePage {
            order: MachineOrder::Serial,
            descending: false,
            after: None,
            limit: 10_000,
        };
        let rows = machines::page(&mut *self.app.db.get()?, &racked, &all)?;
        for row in rows.iter().skip(IN_REPAIR / 2).step_by(IN_REPAIR) {
            turn(
                &self.app.db,
                &self.people.staff,
                self.now,
                row.machine.id,
                MachineState::Repair,
            )?;
        }
        Ok(())
    }
}
