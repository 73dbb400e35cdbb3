//! Refused wishes, kept for staff to answer.

use crate::db::Conn;
use crate::db::schema::requests;
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::domain::site::{CoolingKind, Supply, Workload};
use crate::domain::units::Watts;
use crate::error::{Result, found};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Serialize;

/// `reasons`: codes, comma between. `binding`: JSON of what bound. `state`: `open` or `closed`.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = requests)]
#[diesel(treat_none_as_null = true)]
pub struct Request {
    #[diesel(skip_insertion)]
    pub id: RequestId,
    pub tenant_id: TenantId,
    pub site_id: SiteId,
    pub hall_id: Option<HallId>,
    pub model_id: Option<ModelId>,
    pub model_name: String,
    pub workload: Workload,
    pub cooling: CoolingKind,
    pub supply: Supply,
    pub units: i64,
    pub watts_each: Watts,
    pub from_date: NaiveDate,
    pub to_date: Option<NaiveDate>,
    pub reasons: String,
    pub available_units: i64,
    pub binding: String,
    pub state: String,
    pub answer: String,
    pub created_at: Instant,
    pub created_by: Option<UserId>,
    pub closed_at: Option<Instant>,
    pub closed_by: Option<UserId>,
    /// JSON of the parts, where there is more to say than the columns above, which hold the first.
    pub parts: String,
}

pub const OPEN: &str = "open";
pub const CLOSED: &str = "closed";

pub fn get(conn: &mut Conn, id: RequestId) -> Result<Request> {
    found(requests::table.find(id).first(conn).optional()?)
}

pub fn insert(conn: &mut Conn, row: &Request) -> Result<RequestId> {
    Ok(diesel::insert_into(requests::table)
        .values(row)
        .returning(requests::id)
        .get_result(conn)?)
}

pub fn update(conn: &mut Conn, row: &Request) -> Result<()> {
    diesel::update(requests::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}
