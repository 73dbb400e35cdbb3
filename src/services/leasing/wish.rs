//! Which machine a wish is about: one of the catalogue, or one described by hand.

use crate::db::Conn;
use crate::db::site::catalogue;
use crate::domain::ids::ModelId;
use crate::domain::message::Message;
use crate::domain::site::{CoolingKind, Supply};
use crate::domain::units::Watts;
use crate::error::{Error, FieldError, Result};

/// What a program says of its machines; a model of the catalogue says the rest.
#[derive(Clone, Debug, Default)]
pub struct Described {
    pub model: Option<ModelId>,
    pub name: Option<String>,
    pub watts: Option<Watts>,
    pub cooling: Option<CoolingKind>,
    pub supply: Option<Supply>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    pub model: Option<ModelId>,
    pub name: String,
    pub watts: Watts,
    pub cooling: CoolingKind,
    pub supply: Supply,
}

/// Errors: `Invalid` with every field that is missing, or that the catalogue says otherwise.
pub fn machine(conn: &mut Conn, said: &Described) -> Result<Machine> {
    let Some(id) = said.model else {
        return by_hand(said);
    };
    let model = match catalogue::get(conn, id) {
        Err(Error::NotFound) => return Err(Error::field("model", "form-choose")),
        found => found?,
    };
    let otherwise = [
        (
            "watts",
            said.watts.is_some_and(|watts| watts != model.watts),
        ),
        (
            "cooling",
            said.cooling.is_some_and(|kind| kind != model.cooling),
        ),
        (
            "supply",
            model.supply.is_some() && said.supply.is_some() && said.supply != model.supply,
        ),
    ];
    refuse(otherwise, "leasing-error-catalogue")?;
    let supply = model.supply.or(said.supply);
    Ok(Machine {
        model: Some(model.id),
        name: model.name(),
        watts: model.watts,
        cooling: model.cooling,
        supply: supply.ok_or_else(|| Error::field("supply", "leasing-error-supply"))?,
    })
}

fn by_hand(said: &Described) -> Result<Machine> {
    let missing = [
        ("watts", said.watts.is_none()),
        ("cooling", said.cooling.is_none()),
        ("supply", said.supply.is_none()),
    ];
    refuse(missing, "leasing-error-model-or")?;
    let (Some(watts), Some(cooling), Some(supply)) = (said.watts, said.cooling, said.supply) else {
        return Err(Error::field("model", "leasing-error-model-or"));
    };
    let name = said.name.clone().filter(|name| !name.trim().is_empty());
    Ok(Machine {
        model: None,
        name: name.unwrap_or_else(|| format!("{} W", watts.0)),
        watts,
        cooling,
        supply,
    })
}

fn refuse(fields: [(&str, bool); 3], key: &str) -> Result<()> {
    let wrong: Vec<FieldError> = fields
        .into_iter()
        .filter(|(_, wrong)| *wrong)
        .map(|(field, _)| FieldError {
            field: field.to_owned(),
            message: Message::new(key),
        })
        .collect();
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(Error::Invalid(wrong)),
    }
}
