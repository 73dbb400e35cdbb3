//! Verifies on a live database what must always hold, like a check of a file system.

mod capacity;
mod documents;
mod metering;
mod money;
mod trails;

use crate::db::{Conn, Db, audit};
use crate::domain::calendar::Instant;
use crate::error::Result;
use std::fmt;

/// One broken promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The name of the promise: `balanced`, `no gaps`.
    pub promise: &'static str,
    /// What is wrong and where.
    pub what: String,
}

impl Violation {
    pub fn new(promise: &'static str, what: impl Into<String>) -> Self {
        Self {
            promise,
            what: what.into(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.promise, self.what)
    }
}

/// How many ids of one kind a violation names.
const NAMED: usize = 20;

/// What a look over the whole house finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// None where all is well.
    pub violations: Vec<Violation>,
    /// Conflicts that are listed until they are resolved: known, and no broken promise.
    pub conflicts: Vec<Violation>,
}

/// Every violation that is found; none where all is well.
pub fn check(db: &Db, now: Instant) -> Result<Vec<Violation>> {
    Ok(look(db, now)?.violations)
}

/// Violations and open conflicts. Reads one consistent snapshot.
pub fn look(db: &Db, now: Instant) -> Result<Findings> {
    db.read(|conn| {
        let mut found = vec![];
        rules(conn, &mut found)?;
        trails::check(conn, &mut found)?;
        metering::check(conn, &mut found)?;
        documents::check(conn, &mut found)?;
        money::check(conn, &mut found)?;
        let (oversold, conflicts) = capacity::check(conn, now)?;
        found.extend(oversold);
        Ok(Findings {
            violations: found,
            conflicts,
        })
    })
}

fn rules(conn: &mut Conn, found: &mut Vec<Violation>) -> Result<()> {
    for rule in audit::RULES {
        let ids = rule.broken(conn, NAMED)?;
        if !ids.is_empty() {
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            let what = format!("{}: {}", rule.what, ids.join(", "));
            found.push(Violation::new(rule.promise, what));
        }
    }
    Ok(())
}
