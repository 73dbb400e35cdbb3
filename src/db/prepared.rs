//! Statements in our own SQL that a database keeps prepared. diesel's `sql_query` is planned anew each
//! time, which takes longer than a small statement itself.

use super::Conn;
use diesel::RunQueryDsl;
use diesel::connection::Connection;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::{Error, QueryResult};
use diesel::sql_types::BigInt;
use std::marker::PhantomData;

type Backend = <Conn as Connection>::Backend;

/// `?` stands for the next number; what else changes from call to call does not belong into it, for
/// every text is kept as a statement of its own. `ST`: the types of its columns.
pub struct Prepared<ST> {
    sql: String,
    numbers: Vec<i64>,
    columns: PhantomData<ST>,
}

impl<ST> Prepared<ST> {
    pub fn new(sql: impl Into<String>, numbers: &[i64]) -> Self {
        Self {
            sql: sql.into(),
            numbers: numbers.to_vec(),
            columns: PhantomData,
        }
    }
}

impl<ST> QueryFragment<Backend> for Prepared<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        let mut numbers = self.numbers.iter();
        for (at, part) in self.sql.split('?').enumerate() {
            if at > 0 {
                let missing = || Error::QueryBuilderError("a number is missing".into());
                out.push_bind_param::<BigInt, _>(numbers.next().ok_or_else(missing)?)?;
            }
            out.push_sql(part);
        }
        Ok(())
    }
}

impl<ST> QueryId for Prepared<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> Query for Prepared<ST> {
    type SqlType = ST;
}

impl<ST> RunQueryDsl<Conn> for Prepared<ST> {}
