//! What a new house knows from the start: machine models and regional restrictions.

use crate::db::site::catalogue::{self, MachineModel};
use crate::db::site::sites::{self, Restriction};
use crate::db::{Chain, Conn, Db};
use crate::domain::fold::fold;
use crate::domain::ids::{ModelId, RestrictionId};
use crate::domain::site::{CoolingKind, Supply, Workload};
use crate::domain::units::Watts;
use crate::error::Result;
use anyhow::Context;
use chrono::NaiveDate;
use serde::Deserialize;

const MODELS: &str = include_str!("../seed/miner_models.csv");
const RESTRICTIONS: &str = include_str!("../seed/restrictions.csv");

#[derive(Deserialize)]
struct ModelRow {
    maker: String,
    model: String,
    hashrate_th_s: String,
    watts: i64,
    cooling: CoolingKind,
    supply: Option<Supply>,
    note: String,
}

#[derive(Deserialize)]
struct RestrictionRow {
    region_code: String,
    region_name: String,
    workload: Workload,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    season_from: Option<String>,
    season_to: Option<String>,
    status: String,
    note: String,
}

/// Fills the catalogues of a house that has none yet.
pub fn ensure(db: &Db) -> Result<()> {
    if has_catalogues(&mut *db.get()?)? {
        return Ok(());
    }
    db.write(Chain::Operator, |tx| {
        // Another process that started at the same time may have been quicker.
        if has_catalogues(tx.conn)? {
            return Ok(());
        }
        for model in models()? {
            catalogue::insert(tx.conn, &model)?;
        }
        for restriction in restrictions()? {
            sites::insert_restriction(tx.conn, &restriction)?;
        }
        Ok(())
    })
}

fn has_catalogues(conn: &mut Conn) -> Result<bool> {
    Ok(!catalogue::all(conn)?.is_empty() || !sites::restrictions(conn)?.is_empty())
}

fn models() -> Result<Vec<MachineModel>> {
    csv::Reader::from_reader(MODELS.as_bytes())
        .deserialize()
        .map(|row| {
            let row: ModelRow = row.context("the catalogue of models")?;
            Ok(MachineModel {
                id: ModelId(0),
                folded: fold(&format!("{} {}", row.maker, row.model)),
                maker: row.maker,
                model: row.model,
                hashrate_th: row.hashrate_th_s,
                watts: Watts(row.watts),
                cooling: row.cooling,
                supply: row.supply,
                note: row.note,
            })
        })
        .collect()
}

fn restrictions() -> Result<Vec<Restriction>> {
    csv::Reader::from_reader(RESTRICTIONS.as_bytes())
        .deserialize()
        .map(|row| {
            let row: RestrictionRow = row.context("the catalogue of restrictions")?;
            Ok(Restriction {
                id: RestrictionId(0),
                region_code: row.region_code,
                region_name: row.region_name,
                workload: row.workload,
                valid_from: row.valid_from,
                valid_to: row.valid_to,
                season_from: row.season_from,
                season_to: row.season_to,
                status: row.status,
                note: row.note,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogues_are_whole() {
        let models = models().unwrap();
        assert_eq!(models.len(), 31);
        assert!(
            models
                .iter()
                .any(|m| m.model == "Antminer T21" && m.supply.is_none())
        );
        let restrictions = restrictions().unwrap();
        assert_eq!(restrictions.len(), 18);
        assert_eq!(
            restrictions
                .iter()
                .filter(|r| r.status == sites::ANNOUNCED)
                .count(),
            2
        );
    }
}
