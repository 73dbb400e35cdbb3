//! Machine models.

use crate::db::Conn;
use crate::db::schema::machine_models;
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
