//! Price plans and their dated versions.

use crate::db::Conn;
use crate::db::schema::{leases, plan_versions, plans};
use crate::domain::billing::plan;
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::error::{Result, found};
use anyhow::Context;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Serialize;

#[derive(Clone, Debug, Queryable, Insertable, Serialize)]
#[diesel(table_name = plans)]
pub struct Plan {
    #[diesel(skip_insertion)]
    pub id: PlanId,
    pub name: String,
    pub currency: String,
    pub created_at: Instant,
    pub created_by: Option<UserId>,
}

/// `terms`: a version's prices as JSON. Once published it never changes.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = plan_versions)]
#[diesel(treat_none_as_null = true)]
pub struct Version {
    #[diesel(skip_insertion)]
    pub id: PlanVersionId,
    pub plan_id: PlanId,
    pub effective_from: NaiveDate,
    pub terms: String,
    pub created_at: Instant,
    pub created_by: Option<UserId>,
    pub published_at: Option<Instant>,
    pub published_by: Option<UserId>,
}

impl Version {
    pub fn terms(&self) -> Result<plan::PlanVersion> {
        let terms = serde_json::from_str(&self.terms)
            .with_context(|| format!("terms of plan version {}", self.id))?;
        Ok(terms)
    }
}

pub fn all(conn: &mut Conn) -> Result<Vec<Plan>> {
    Ok(plans::table.order(plans::name).load(conn)?)
}

pub fn get(conn: &mut Conn, id: PlanId) -> Result<Plan> {
    found(plans::table.find(id).first(conn).optional()?)
}

pub fn by_name(conn: &mut Conn, name: &str) -> Result<Option<Plan>> {
    Ok(plans::table
        .filter(plans::name.eq(name))
        .first(conn)
        .optional()?)
}

pub fn insert(conn: &mut Conn, row: &Plan) -> Result<PlanId> {
    Ok(diesel::insert_into(plans::table)
        .values(row)
        .returning(plans::id)
        .get_result(conn)?)
}

/// Drafts too, by date.
pub fn versions(conn: &mut Conn, plan: PlanId) -> Result<Vec<Version>> {
    Ok(plan_versions::table
        .filter(plan_versions::plan_id.eq(plan))
        .order((plan_versions::effective_from, plan_versions::id))
        .load(conn)?)
}

/// The published versions, by date: what pricing knows of a plan.
pub fn published(conn: &mut Conn, plan: PlanId) -> Result<Vec<plan::PlanVersion>> {
    let rows: Vec<Version> = plan_versions::table
        .filter(plan_versions::plan_id.eq(plan))
        .filter(plan_versions::published_at.is_not_null())
        .order((plan_versions::effective_from, plan_versions::id))
        .load(conn)?;
    rows.iter().map(Version::terms).collect()
}

pub fn version(conn: &mut Conn, id: PlanVersionId) -> Result<Version> {
    found(plan_versions::table.find(id).first(conn).optional()?)
}

pub fn insert_version(conn: &mut Conn, row: &Version) -> Result<PlanVersionId> {
    Ok(diesel::insert_into(plan_versions::table)
        .values(row)
        .returning(plan_versions::id)
        .get_result(conn)?)
}

pub fn update_version(conn: &mut Conn, row: &Version) -> Result<()> {
    diesel::update(plan_versions::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

pub fn delete_version(conn: &mut Conn, id: PlanVersionId) -> Result<()> {
    diesel::delete(plan_versions::table.find(id)).execute(conn)?;
    Ok(())
}

pub fn leases_on(conn: &mut Conn, plan: PlanId) -> Result<Vec<LeaseId>> {
    Ok(leases::table
        .filter(leases::plan_id.eq(plan))
        .order(leases::id)
        .select(leases::id)
        .load(conn)?)
}
