//! The catalogue of machine models.

use crate::db::site::catalogue::{self, MachineModel};
use crate::db::trail::Change;
use crate::db::{Chain, Db};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::ModelId;
use crate::error::{Error, Result, require};

/// Reservations keep the watts and supply that they were made with.
pub fn save(db: &Db, who: &Actor, now: Instant, model: &MachineModel) -> Result<ModelId> {
    require(who, Permission::EditSite)?;
    if model.watts.0 <= 0 || model.watts.0 > 1_000_000 {
        return Err(Error::field("watts", "leasing-error-watts"));
    }
    db.write(Chain::Operator, |tx| {
        let taken = catalogue::all(tx.conn)?
            .iter()
            .any(|m| m.maker == model.maker && m.model == model.model && m.id != model.id);
        if taken {
            return Err(Error::field("model", "site-error-taken"));
        }
        let (id, before) = if model.id.0 == 0 {
            (catalogue::insert(tx.conn, model)?, None)
        } else {
            let before = catalogue::get(tx.conn, model.id)?;
            catalogue::update(tx.conn, model)?;
            (model.id, Some(before))
        };
        let action = if before.is_some() { "update" } else { "create" };
        let change = Change {
            action,
            noun: "model",
            id: id.0,
            before: &before,
            after: model,
        };
        tx.record(who, now, change)?;
        Ok(id)
    })
}
