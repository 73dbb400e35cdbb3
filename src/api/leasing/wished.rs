//! What is wished for, asked or held: the same words wherever it is shown.

use crate::db::leasing::{requests, reservations};
use crate::domain::ids::ModelId;
use crate::domain::site::{CoolingKind, Supply, Workload};
use crate::domain::units::Watts;
use crate::services::leasing::reserve::Wish;
use serde::Serialize;
use utoipa::ToSchema;

/// Machines, or whole racks, of one kind.
#[derive(Serialize, ToSchema)]
pub struct Wished {
    pub model: Option<ModelId>,
    pub model_name: String,
    pub workload: Workload,
    pub cooling: CoolingKind,
    pub supply: Supply,
    pub units: i64,
    pub watts_each: Watts,
}

macro_rules! of_row {
    ($($row:ty),+) => {$(
        impl From<&$row> for Wished {
            fn from(row: &$row) -> Self {
                Self {
                    model: row.model_id,
                    model_name: row.model_name.clone(),
                    workload: row.workload,
                    cooling: row.cooling,
                    supply: row.supply,
                    units: row.units,
                    watts_each: row.watts_each,
                }
            }
        }
    )+};
}

of_row!(reservations::Reservation, requests::Request);

impl From<Wish> for Wished {
    fn from(wish: Wish) -> Self {
        Self {
            model: wish.model,
            model_name: wish.model_name,
            workload: wish.workload,
            cooling: wish.cooling,
            supply: wish.supply,
            units: wish.units.into(),
            watts_each: wish.watts_each,
        }
    }
}
