//! Machine models.

use super::super::ask::Ask;
use super::super::reply::Reply;
use super::super::routes::Answer;
use super::super::schema::Listed;
use crate::db::site::catalogue::{self, MachineModel, ModelPage};
use crate::domain::cursor::Cursor;
use crate::domain::ids::ModelId;
use crate::domain::site::{CoolingKind, Supply};
use crate::domain::units::Watts;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct Model {
    pub id: ModelId,
    pub maker: String,
    pub model: String,
    /// TH/s: a decimal.
    pub hashrate_th: String,
    pub watts: Watts,
    pub cooling: CoolingKind,
    /// Null where the maker does not publish it: whoever reserves must choose.
    pub supply: Option<Supply>,
    pub note: String,
}

impl From<MachineModel> for Model {
    fn from(row: MachineModel) -> Self {
        Self {
            id: row.id,
            maker: row.maker,
            model: row.model,
            hashrate_th: row.hashrate_th,
            watts: row.watts,
            cooling: row.cooling,
            supply: row.supply,
            note: row.note,
        }
    }
}

pub async fn list(ask: Ask) -> Answer<Listed<Model>> {
    let page = ModelPage {
        after: ask.query.after().map(|cursor| (cursor.value, cursor.id)),
        limit: ask.query.limit() + 1,
        ..ModelPage::default()
    };
    let found = ask.read(move |conn| catalogue::page(conn, &page)).await?;
    Reply::page(
        &ask,
        found,
        |row| Cursor::new(&row.folded, row.id.0),
        Model::from,
    )
}
