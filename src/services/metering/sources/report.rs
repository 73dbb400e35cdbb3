//! What became of a file, as a text beside it: for who put it there and sees no page.

use crate::db::Conn;
use crate::db::identity::operators;
use crate::db::metering::imports::{self, BadRow, DONE, Import};
use crate::domain::message::Message;
use crate::error::Result;
use crate::import::column_name;
use crate::text::{Arg, Locale, say, say_kept, t, t_with};

/// Bad rows that are read at once.
const PART: i64 = 1_000;

/// In the language of the house; `None` where every row was taken.
pub fn report(conn: &mut Conn, import: &Import) -> Result<Option<String>> {
    if import.state == DONE && import.rows_bad == 0 {
        return Ok(None);
    }
    let operator = operators::get(conn)?;
    let locale = operator.and_then(|it| Locale::parse(&it.locale));
    let locale = locale.unwrap_or(Locale::En);
    let state = t(locale, &format!("import-state-{}", import.state));
    let named = [
        ("name", Arg::Text(import.file_name.clone())),
        ("state", Arg::Text(state)),
    ];
    let counts = [
        ("new", Arg::Int(import.rows_new)),
        ("same", Arg::Int(import.rows_same)),
        ("corrected", Arg::Int(import.rows_corrected)),
        ("bad", Arg::Int(import.rows_bad)),
    ];
    let mut lines = vec![
        t_with(locale, "folder-report-head", &named),
        t_with(locale, "folder-report-counts", &counts),
    ];
    let failure = serde_json::from_str::<Message>(&import.error);
    lines.extend(failure.ok().map(|it| say(locale, &it)));
    let told = bad_rows(conn, import, locale, &mut lines)?;
    if told < import.rows_bad {
        let more = Arg::Int(import.rows_bad - told);
        lines.push(t_with(locale, "folder-report-more", &[("count", more)]));
    }
    // With a mark and line ends that any editor understands.
    Ok(Some(format!("\u{feff}{}\r\n", lines.join("\r\n"))))
}

fn bad_rows(
    conn: &mut Conn,
    import: &Import,
    locale: Locale,
    lines: &mut Vec<String>,
) -> Result<i64> {
    let mut told = 0;
    let mut after = None;
    loop {
        let part = imports::errors(conn, import.id, after, PART)?;
        let Some(last) = part.last() else {
            return Ok(told);
        };
        after = Some(last.seq);
        told += part.len() as i64;
        lines.extend(part.iter().map(|row| sentence(locale, row)));
    }
}

fn sentence(locale: Locale, row: &BadRow) -> String {
    let key = if row.column_name.is_empty() {
        "imp-bad-line"
    } else {
        "imp-bad-value"
    };
    let args = [
        ("line", Arg::Text(row.line.to_string())),
        ("column", Arg::Text(column_name(locale, &row.column_name))),
        ("value", Arg::Text(row.value.clone())),
        ("reason", Arg::Text(say_kept(locale, &row.reason))),
    ];
    t_with(locale, key, &args)
}
