//! The operator, the tenants, and the people who sign in.

pub mod address;
pub mod api_tokens;
pub mod clean_up;
pub mod links;
pub mod operator;
pub mod secrets;
pub mod sign_in;
pub mod tenants;
pub mod users;

use crate::domain::identity::details::Objection;
use crate::error::{Error, FieldError, Result};

/// An error beside each field that somebody has to mend.
fn no_objections(objections: Vec<Objection>) -> Result<()> {
    if objections.is_empty() {
        return Ok(());
    }
    let fields = objections
        .into_iter()
        .map(|(field, message)| FieldError {
            field: field.to_owned(),
            message,
        })
        .collect();
    Err(Error::Invalid(fields))
}
