//! Both databases and `src/db/schema.rs` name the same tables with the same columns in the same order.

use crate::support::{House, Kind};
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::collections::BTreeMap;

type Tables = BTreeMap<String, Vec<String>>;

const SQLITE: &str = "SELECT m.name AS tab, p.name AS col FROM sqlite_master m \
     JOIN pragma_table_info(m.name) p WHERE m.type = 'table' ORDER BY m.name, p.cid";
const POSTGRES: &str = "SELECT CAST(table_name AS TEXT) AS tab, CAST(column_name AS TEXT) AS col \
     FROM information_schema.columns WHERE table_schema = current_schema() \
     ORDER BY table_name, ordinal_position";

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    tab: String,
    #[diesel(sql_type = Text)]
    col: String,
}

fn of_database(house: &House) -> Tables {
    let query = match house.kind {
        Kind::Sqlite => SQLITE,
        Kind::Postgres => POSTGRES,
    };
    let rows = diesel::sql_query(query).load::<Named>(&mut *house.db.get().unwrap());
    let mut tables = Tables::new();
    for row in rows.unwrap() {
        // What the databases and diesel keep for themselves.
        if !row.tab.starts_with("sqlite_") && !row.tab.starts_with("__diesel") {
            tables.entry(row.tab).or_default().push(row.col);
        }
    }
    tables
}

/// `diesel::table! {`, then `name (key) {`, then a column a line.
fn of_source() -> Tables {
    let text = include_str!("../../src/db/schema.rs");
    let mut tables = Tables::new();
    for part in text.split("diesel::table! {").skip(1) {
        let body = part.split("\n}").next().unwrap();
        let name = body.split_whitespace().next().unwrap().to_owned();
        let columns = body.lines().filter_map(|line| line.split_once(" -> "));
        let columns = columns.map(|(name, _)| name.trim().to_owned()).collect();
        tables.insert(name, columns);
    }
    tables
}

#[test]
fn both_databases_and_the_source_agree() {
    let known = of_source();
    assert!(known.len() > 40 && known.values().all(|columns| columns.len() > 1));
    for kind in [Kind::Sqlite, Kind::Postgres] {
        if let Some(house) = House::open(kind) {
            assert_eq!(of_database(&house), known, "{kind:?}");
        }
    }
}
