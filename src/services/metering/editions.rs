//! Which of the numbered messages about a day count: whoever takes rows of one asks here first, and
//! keeps its number in the transaction that writes them.

use crate::db::Conn;
use crate::db::metering::message_numbers as rows;
use crate::domain::ids::*;
use crate::domain::metering::edition::{Edition, Subject, Superseded};
use crate::error::Result;
use std::collections::HashMap;

/// The numbers that a lot of rows meets, inside its transaction.
#[derive(Default)]
pub struct Numbers<'a> {
    highest: HashMap<&'a Subject, Option<i64>>,
    taken: Vec<&'a Edition>,
}

impl<'a> Numbers<'a> {
    /// Why a message counts no more. One that does stands before all that follow it in the lot.
    pub fn superseded(
        &mut self,
        conn: &mut Conn,
        edition: &'a Edition,
    ) -> Result<Option<Superseded>> {
        let highest = match self.highest.get(&edition.subject) {
            Some(known) => *known,
            None => rows::highest(conn, &edition.subject)?,
        };
        let highest = highest.max(Some(edition.number));
        self.highest.insert(&edition.subject, highest);
        Ok(edition.superseded(highest))
    }

    /// Something of it is taken.
    pub fn took(&mut self, edition: &'a Edition) {
        if !self.taken.contains(&edition) {
            self.taken.push(edition);
        }
    }

    pub fn keep(self, conn: &mut Conn, import: ImportId) -> Result<()> {
        let mut taken = self.taken.into_iter();
        taken.try_for_each(|edition| rows::raise(conn, edition, import))
    }
}
