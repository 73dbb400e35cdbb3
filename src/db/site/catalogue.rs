//! Machine models.

use crate::db::Conn;
use crate::db::schema::machine_models;
use crate::domain::fold::fold;
use crate::domain::ids::ModelId;
use crate::domain::site::{CoolingKind, Supply};
use crate::domain::units::Watts;
use crate::error::{Result, found};
use diesel::prelude::*;
use serde::Serialize;

/// `supply` is empty where the maker does not publish it: whoever reserves must choose.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = machine_models)]
#[diesel(treat_none_as_null = true)]
pub struct MachineModel {
    #[diesel(skip_insertion)]
    pub id: ModelId,
    pub maker: String,
    pub model: String,
    pub folded: String,
    pub hashrate_th: String,
    pub watts: Watts,
    pub cooling: CoolingKind,
    pub supply: Option<Supply>,
    pub note: String,
}

impl MachineModel {
    pub fn name(&self) -> String {
        format!("{} {}", self.maker, self.model)
    }
}

pub fn all(conn: &mut Conn) -> Result<Vec<MachineModel>> {
    Ok(machine_models::table
        .order((machine_models::maker, machine_models::model))
        .load(conn)?)
}

/// Where a page of the catalogue starts: the value it is ordered by, and the id.
#[derive(Clone, Debug, Default)]
pub struct ModelPage {
    pub search: String,
    pub cooling: Option<CoolingKind>,
    pub by_watts: bool,
    pub descending: bool,
    pub after: Option<(String, i64)>,
    pub limit: i64,
}

pub fn page(conn: &mut Conn, page: &ModelPage) -> Result<Vec<MachineModel>> {
    use machine_models::dsl as m;
    let mut query = machine_models::table.into_boxed();
    if !page.search.is_empty() {
        let pattern = format!("%{}%", super::escaped(&fold(&page.search)));
        query = query.filter(m::folded.like(pattern).escape('\\'));
    }
    if let Some(cooling) = page.cooling {
        query = query.filter(m::cooling.eq(cooling));
    }
    if let Some((value, id)) = page.after.clone() {
        let id = ModelId(id);
        let watts = Watts(value.parse().unwrap_or(0));
        query = match (page.by_watts, page.descending) {
            (false, false) => query.filter(
                m::folded
                    .gt(value.clone())
                    .or(m::folded.eq(value).and(m::id.gt(id))),
            ),
            (false, true) => query.filter(
                m::folded
                    .lt(value.clone())
                    .or(m::folded.eq(value).and(m::id.lt(id))),
            ),
            (true, false) => {
                query.filter(m::watts.gt(watts).or(m::watts.eq(watts).and(m::id.gt(id))))
            }
            (true, true) => {
                query.filter(m::watts.lt(watts).or(m::watts.eq(watts).and(m::id.lt(id))))
            }
        };
    }
    query = match (page.by_watts, page.descending) {
        (false, false) => query.order((m::folded.asc(), m::id.asc())),
        (false, true) => query.order((m::folded.desc(), m::id.desc())),
        (true, false) => query.order((m::watts.asc(), m::id.asc())),
        (true, true) => query.order((m::watts.desc(), m::id.desc())),
    };
    Ok(query.limit(page.limit).load(conn)?)
}

pub fn get(conn: &mut Conn, id: ModelId) -> Result<MachineModel> {
    found(machine_models::table.find(id).first(conn).optional()?)
}

pub fn insert(conn: &mut Conn, model: &MachineModel) -> Result<ModelId> {
    Ok(diesel::insert_into(machine_models::table)
        .values(model)
        .returning(machine_models::id)
        .get_result(conn)?)
}

pub fn update(conn: &mut Conn, model: &MachineModel) -> Result<()> {
    diesel::update(machine_models::table.find(model.id))
        .set(model)
        .execute(conn)?;
    Ok(())
}
