//! The instruments at a meter's place, and what their displays showed.

use crate::db::Conn;
use crate::db::schema::{meter_devices, register_corrections, register_readings, users};
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::domain::metering::meter::RegisterState;
use crate::domain::units::{WattHours, Watts};
use crate::error::{Result, found};
use crate::on_each;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Serialize;

/// One instrument, from when it was fitted to when it was taken away.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = meter_devices)]
#[diesel(treat_none_as_null = true)]
pub struct Device {
    #[diesel(skip_insertion)]
    pub id: DeviceId,
    pub meter_id: MeterId,
    pub site_id: SiteId,
    pub serial: String,
    pub from_at: Instant,
    pub to_at: Option<Instant>,
    /// Whole digits of the display.
    pub digits: i64,
    /// Watt-hours of one unit of the display.
    pub unit_wh: WattHours,
    /// Of its current and voltage transformers together.
    pub ratio: i64,
    /// Accuracy class in percent, as a decimal; empty where it is not known.
    pub accuracy: String,
    /// The most that can flow, behind the ratio.
    pub rated_watts: Option<Watts>,
    /// What the display showed at `from_at` and `to_at`, before the ratio.
    pub initial_wh: Option<WattHours>,
    pub final_wh: Option<WattHours>,
    pub verified_until: Option<NaiveDate>,
    pub note: String,
    pub created_at: Instant,
    pub created_by: Option<UserId>,
}

/// What a display showed at an instant, before the ratio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Insertable, Serialize)]
#[diesel(table_name = register_readings)]
pub struct RegisterReading {
    pub meter_id: MeterId,
    pub at: Instant,
    pub wh: WattHours,
    pub state: RegisterState,
    pub import_id: ImportId,
}

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, Serialize)]
#[diesel(table_name = register_corrections)]
pub struct RegisterCorrection {
    #[diesel(skip_insertion)]
    pub id: i64,
    pub meter_id: MeterId,
    pub site_id: SiteId,
    pub reading_at: Instant,
    pub old_wh: WattHours,
    pub new_wh: WattHours,
    pub old_import_id: ImportId,
    pub new_import_id: ImportId,
    pub reason: String,
    pub at: Instant,
    pub by_user: Option<UserId>,
}

pub fn get(conn: &mut Conn, id: DeviceId) -> Result<Device> {
    found(meter_devices::table.find(id).first(conn).optional()?)
}

/// By the time at which they were fitted.
pub fn of_meters(conn: &mut Conn, meters: &[MeterId]) -> Result<Vec<Device>> {
    let mut rows = vec![];
    for part in meters.chunks(1_000) {
        rows.extend(
            meter_devices::table
                .filter(meter_devices::meter_id.eq_any(part))
                .order((meter_devices::meter_id, meter_devices::from_at))
                .load::<Device>(conn)?,
        );
    }
    Ok(rows)
}

/// Those that stand at their places now.
pub fn standing(conn: &mut Conn) -> Result<Vec<Device>> {
    Ok(meter_devices::table
        .filter(meter_devices::to_at.is_null())
        .order(meter_devices::meter_id)
        .load(conn)?)
}

pub fn insert(conn: &mut Conn, row: &Device) -> Result<DeviceId> {
    Ok(diesel::insert_into(meter_devices::table)
        .values(row)
        .returning(meter_devices::id)
        .get_result(conn)?)
}

pub fn update(conn: &mut Conn, row: &Device) -> Result<()> {
    diesel::update(meter_devices::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

/// Of one meter, by time, from `from` to `to` inclusive.
pub fn shown(
    conn: &mut Conn,
    meter: MeterId,
    from: Instant,
    to: Instant,
) -> Result<Vec<RegisterReading>> {
    Ok(register_readings::table
        .filter(register_readings::meter_id.eq(meter))
        .filter(register_readings::at.ge(from))
        .filter(register_readings::at.le(to))
        .order(register_readings::at)
        .load(conn)?)
}

/// The latest values, latest first.
pub fn latest_shown(conn: &mut Conn, meter: MeterId, limit: i64) -> Result<Vec<RegisterReading>> {
    Ok(register_readings::table
        .filter(register_readings::meter_id.eq(meter))
        .order(register_readings::at.desc())
        .limit(limit)
        .load(conn)?)
}

/// The last value that counts before an instant.
pub fn counted_before(conn: &mut Conn, meter: MeterId, at: Instant) -> Result<Option<Instant>> {
    Ok(register_readings::table
        .filter(register_readings::meter_id.eq(meter))
        .filter(register_readings::at.lt(at))
        .filter(register_readings::state.eq_any([RegisterState::Counted, RegisterState::Confirmed]))
        .order(register_readings::at.desc())
        .select(register_readings::at)
        .first(conn)
        .optional()?)
}

/// The first value that counts after an instant.
pub fn counted_after(conn: &mut Conn, meter: MeterId, at: Instant) -> Result<Option<Instant>> {
    Ok(register_readings::table
        .filter(register_readings::meter_id.eq(meter))
        .filter(register_readings::at.gt(at))
        .filter(register_readings::state.eq_any([RegisterState::Counted, RegisterState::Confirmed]))
        .order(register_readings::at)
        .select(register_readings::at)
        .first(conn)
        .optional()?)
}

pub fn insert_shown(conn: &mut Conn, rows: &[RegisterReading]) -> Result<()> {
    for part in rows.chunks(5_000) {
        on_each!(conn, c => diesel::insert_into(register_readings::table).values(part).execute(c))?;
    }
    Ok(())
}

pub fn replace_shown(conn: &mut Conn, row: &RegisterReading) -> Result<()> {
    diesel::update(register_readings::table.find((row.meter_id, row.at)))
        .set((
            register_readings::wh.eq(row.wh),
            register_readings::state.eq(row.state),
            register_readings::import_id.eq(row.import_id),
        ))
        .execute(conn)?;
    Ok(())
}

pub fn shown_at(conn: &mut Conn, meter: MeterId, at: Instant) -> Result<RegisterReading> {
    found(
        register_readings::table
            .find((meter, at))
            .first(conn)
            .optional()?,
    )
}

/// Values that wait for a person, oldest first.
pub fn held(conn: &mut Conn, limit: i64) -> Result<Vec<RegisterReading>> {
    Ok(register_readings::table
        .filter(register_readings::state.eq(RegisterState::Held))
        .order((register_readings::at, register_readings::meter_id))
        .limit(limit)
        .load(conn)?)
}

pub fn held_count(conn: &mut Conn) -> Result<i64> {
    Ok(register_readings::table
        .filter(register_readings::state.eq(RegisterState::Held))
        .count()
        .get_result(conn)?)
}

pub fn insert_correction(conn: &mut Conn, row: &RegisterCorrection) -> Result<()> {
    diesel::insert_into(register_corrections::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Latest first, with the name of who made each.
pub fn corrections_of(
    conn: &mut Conn,
    meter: MeterId,
    limit: i64,
) -> Result<Vec<(RegisterCorrection, Option<String>)>> {
    Ok(register_corrections::table
        .left_join(users::table.on(users::id.nullable().eq(register_corrections::by_user)))
        .filter(register_corrections::meter_id.eq(meter))
        .order(register_corrections::id.desc())
        .select((register_corrections::all_columns, users::name.nullable()))
        .limit(limit)
        .load(conn)?)
}
