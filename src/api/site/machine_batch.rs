//! Many machines in one call: each is written or answered with what is wrong with it.

use super::super::ask::{Ask, Done};
use super::super::check::FieldProblem;
use super::super::post::Post;
use super::super::problem::said;
use super::super::routes::Answer;
use super::machines::{Arrival, Machine, MachineDetails, arrived, details, machine};
use crate::db::site::{machines as rows, sites};
use crate::db::{Chain, Conn, Db};
use crate::domain::calendar::Instant;
use crate::domain::fold::fold;
use crate::domain::identity::access::Actor;
use crate::domain::ids::{MachineId, SiteId};
use crate::domain::message::Message;
use crate::error::{Error, FieldError, Result, field_of, within};
use crate::services::site::machines as service;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use utoipa::ToSchema;

const TAKEN: &str = "machine-error-taken";

/// Machines of one site. Rows are judged one after the other; those that are wrong hold up no other.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMachines {
    pub site: SiteId,
    #[schema(min_items = 1, max_items = 200)]
    pub machines: Vec<NewRow>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRow {
    /// `expected`: on its way; `received` if not said.
    pub state: Option<Arrival>,
    pub details: MachineDetails,
}

#[derive(Serialize, ToSchema)]
pub struct Registered {
    /// How many were written.
    pub written: i64,
    /// One for each of `machines`, in their order.
    pub rows: Vec<RegisteredRow>,
}

/// Either a machine or what is wrong.
#[derive(Serialize, ToSchema)]
pub struct RegisteredRow {
    /// Null where the row was not written.
    pub machine: Option<Machine>,
    /// Field by field, as in the row: `details.serial`.
    pub errors: Vec<FieldProblem>,
}

pub async fn create(ask: Ask, post: Post<NewMachines>) -> Answer<Registered> {
    let (new, actor, now) = (post.body, ask.actor(), ask.now);
    let site = new.site;
    let chain = move |conn: &mut Conn| {
        let site = field_of("site", sites::get(conn, site))?;
        Ok(Chain::Site(site.id))
    };
    ask.once(&post.given, chain, move |db| {
        let rows = written(db, &actor, now, &new)?;
        let made = rows.iter().filter(|row| row.machine.is_some());
        Ok(Done::Changed(Registered {
            written: i64::try_from(made.count()).unwrap_or(i64::MAX),
            rows,
        }))
    })
    .await
}

fn written(db: &Db, who: &Actor, now: Instant, new: &NewMachines) -> Result<Vec<RegisteredRow>> {
    let folded = |row: &NewRow| fold(&row.details.serial);
    let asked: Vec<String> = new.machines.iter().map(folded).collect();
    let known = rows::by_serials(&mut *db.get()?, &asked)?;
    let mut taken: HashSet<String> = known.into_iter().map(|(serial, _)| serial).collect();
    let mut answers = vec![];
    for (at, (row, serial)) in new.machines.iter().zip(&asked).enumerate() {
        let made = match taken.contains(serial) {
            true => Err(Error::field("serial", TAKEN)),
            false => register(db, who, now, new.site, row),
        };
        // Another site took it meanwhile: the database has refused, and with it this transaction.
        if !taken.contains(serial) && is_taken(&made) {
            return within(&format!("machines.{at}.details"), made).map(|_| answers);
        }
        if made.is_ok() {
            taken.insert(serial.clone());
        }
        answers.push(answered(db, within("details", made))?);
    }
    Ok(answers)
}

fn is_taken(made: &Result<MachineId>) -> bool {
    match made {
        Err(Error::Invalid(errors)) => errors.iter().any(|error| error.message.key == TAKEN),
        _ => false,
    }
}

fn register(db: &Db, who: &Actor, now: Instant, site: SiteId, row: &NewRow) -> Result<MachineId> {
    let details = details(&mut *db.get()?, &row.details)?;
    service::register(db, who, now, site, &details, arrived(row.state))
}

/// A mistake belongs to its row; anything else is the answer to all of them.
fn answered(db: &Db, made: Result<MachineId>) -> Result<RegisteredRow> {
    let errors = match made {
        Ok(id) => {
            let row = rows::named(&mut *db.get()?, id)?;
            return Ok(RegisteredRow {
                machine: Some(machine(row)),
                errors: vec![],
            });
        }
        Err(Error::Invalid(errors)) => errors,
        Err(Error::Rule(message)) => vec![rule(message)],
        Err(other) => return Err(other),
    };
    let told = errors.iter();
    Ok(RegisteredRow {
        machine: None,
        errors: told
            .map(|error| FieldProblem::new(&error.field, said(&error.message)))
            .collect(),
    })
}

fn rule(message: Message) -> FieldError {
    FieldError {
        field: String::new(),
        message,
    }
}
