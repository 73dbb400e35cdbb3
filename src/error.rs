//! What can go wrong in a use case, in the words that a door needs to answer.

use crate::domain::identity::access::{Actor, Permission};
use crate::domain::message::Message;

/// A field of a form or of a file, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field: String,
    pub message: Message,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("not found")]
    NotFound,
    #[error("forbidden")]
    Forbidden,
    /// Input that a person can mend, field by field.
    #[error("invalid input: {0:?}")]
    Invalid(Vec<FieldError>),
    /// A change that would break live bookings, and was not agreed to.
    #[error("breaks live bookings: {0:?}")]
    Breaks(Box<crate::services::site::guard::Breaks>),
    /// A rule said no: the sentence says why and what would help.
    #[error("refused: {0:?}")]
    Rule(Message),
    /// The form was submitted before, and its work is done.
    #[error("a form that was submitted before")]
    Repeated,
    #[error("database: {0}")]
    Database(#[from] diesel::result::Error),
    #[error("database pool: {0}")]
    Pool(#[from] diesel::r2d2::PoolError),
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub fn rule(key: &str) -> Self {
        Self::Rule(Message::new(key))
    }

    pub fn field(field: &str, key: &str) -> Self {
        Self::Invalid(vec![FieldError {
            field: field.to_owned(),
            message: Message::new(key),
        }])
    }
}

/// Of a part of what was sent: `lines.0.` before the names of its fields.
pub fn within<T>(part: &str, result: Result<T>) -> Result<T> {
    result.map_err(|error| match error {
        Error::Invalid(mut fields) => {
            for wrong in &mut fields {
                wrong.field = format!("{part}.{}", wrong.field);
            }
            Error::Invalid(fields)
        }
        other => other,
    })
}

/// `NotFound` where the row is missing: another tenant's row looks the same as none.
pub fn found<T>(row: Option<T>) -> Result<T> {
    row.ok_or(Error::NotFound)
}

/// A row that a field names: where it is missing, the field says so.
pub fn field_of<T>(field: &str, row: Result<T>) -> Result<T> {
    match row {
        Err(Error::NotFound) => Err(Error::field(field, "form-choose")),
        other => other,
    }
}

pub fn require(who: &Actor, permission: Permission) -> Result<()> {
    if who.may(permission) {
        Ok(())
    } else {
        Err(Error::Forbidden)
    }
}
