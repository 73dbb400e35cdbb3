//! The highest number taken of the messages about a day of a sender's area.

use crate::db::Conn;
use crate::db::schema::message_numbers;
use crate::domain::ids::*;
use crate::domain::metering::edition::{Edition, Subject};
use crate::error::Result;
use diesel::prelude::*;

pub fn highest(conn: &mut Conn, of: &Subject) -> Result<Option<i64>> {
    Ok(message_numbers::table
        .find((&of.sender, &of.area, of.day))
        .select(message_numbers::number)
        .first(conn)
        .optional()?)
}

/// Keeps the number where none as high was taken yet.
pub fn raise(conn: &mut Conn, edition: &Edition, import: ImportId) -> Result<()> {
    let of = &edition.subject;
    match highest(conn, of)? {
        Some(taken) if taken >= edition.number => {}
        Some(_) => {
            diesel::update(message_numbers::table.find((&of.sender, &of.area, of.day)))
                .set((
                    message_numbers::number.eq(edition.number),
                    message_numbers::import_id.eq(import),
                ))
                .execute(conn)?;
        }
        None => {
            diesel::insert_into(message_numbers::table)
                .values((
                    message_numbers::sender.eq(&of.sender),
                    message_numbers::area.eq(&of.area),
                    message_numbers::day.eq(of.day),
                    message_numbers::number.eq(edition.number),
                    message_numbers::import_id.eq(import),
                ))
                .execute(conn)?;
        }
    }
    Ok(())
}
