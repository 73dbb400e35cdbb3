//! Sources of readings that arrive by themselves: what is said of them, who listens, what comes in.

mod listen;
mod report;
mod take;

pub use listen::{Claimed, HELD_SECONDS, Listener, claim};
pub use report::report;
pub use take::{Arrival, Counted, Keeper, Tried, Work, take, try_out};

use crate::db::metering::sources::{self as rows, Source};
use crate::db::site::sites;
use crate::db::trail::Change;
use crate::db::{Chain, Db};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::domain::metering::folder::is_path;
use crate::domain::metering::source::{Mapping, SourceKind, TopicPattern, is_filter};
use crate::error::{Error, FieldError, Result, require};
use crate::folder::{self, Fault};
use std::path::Path;

/// Refusals that are kept of one source.
pub const REFUSALS_KEPT: i64 = 50;
const NAME_MAX: usize = 120;
const WORD_MAX: usize = 60;

/// Host and port of a broker: `broker.example:1883`, `[::1]:1883`.
pub fn endpoint(address: &str) -> Option<(String, u16)> {
    let (host, port) = address.rsplit_once(':')?;
    let host = match host.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']')?,
        None => host,
    };
    let odd = |c: char| c.is_whitespace() || c.is_control() || "/@[]".contains(c);
    let port: u16 = port.parse().ok().filter(|it| *it > 0)?;
    (!host.is_empty() && host.len() <= 253 && !host.contains(odd)).then(|| (host.to_owned(), port))
}

/// What a broker is asked for: the filter, shared by all processes where the source names a group.
pub fn subscription(source: &Source, mapping: &Mapping) -> String {
    let own = || TopicPattern::parse(&mapping.pattern).map_or(String::new(), |it| it.filter());
    let filter = match source.topic_filter.as_str() {
        "" => own(),
        filter => filter.to_owned(),
    };
    match source.share_group.as_str() {
        "" => filter,
        group => format!("$share/{group}/{filter}"),
    }
}

/// Adds a source (`id` 0) or changes one. `password`: none leaves it as it is.
///
/// # Errors
/// `Invalid` by field.
pub fn save(
    db: &Db,
    who: &Actor,
    now: Instant,
    source: &Source,
    password: Option<&str>,
) -> Result<SourceId> {
    require(who, Permission::EditMeters)?;
    db.write(Chain::Site(source.site_id), |tx| {
        sites::get(tx.conn, source.site_id)?;
        if source.id == SourceId(0) {
            let mut row = Source {
                password: password.unwrap_or_default().to_owned(),
                created_at: now,
                created_by: who.user,
                ..source.clone()
            };
            sane(&row)?;
            row.id = rows::insert(tx.conn, &row)?;
            let change = Change {
                action: "create",
                noun: "reading_source",
                id: row.id.0,
                before: &(),
                after: &row,
            };
            tx.record(who, now, change)?;
            return Ok(row.id);
        }
        let before = rows::get(tx.conn, source.id)?;
        let after = Source {
            site_id: before.site_id,
            kind: before.kind,
            password: password.unwrap_or(&before.password).to_owned(),
            created_at: before.created_at,
            created_by: before.created_by,
            ..source.clone()
        };
        sane(&after)?;
        if after == before {
            return Ok(after.id);
        }
        rows::update(tx.conn, &after)?;
        let change = Change {
            action: "update",
            noun: "reading_source",
            id: after.id.0,
            before: &before,
            after: &after,
        };
        tx.record(who, now, change)?;
        Ok(after.id)
    })
}

/// The same of a watched folder, which must lie below the house's base; it may come to be later.
///
/// # Errors
/// `Invalid` by field.
pub fn save_folder(
    db: &Db,
    who: &Actor,
    now: Instant,
    source: &Source,
    base: &Path,
) -> Result<SourceId> {
    match folder::place(base, &source.address) {
        Err(fault @ (Fault::NoBase | Fault::Outside)) => Err(Error::Invalid(vec![FieldError {
            field: "address".to_owned(),
            message: fault.message(),
        }])),
        _ => save(db, who, now, source, None),
    }
}

/// Takes a source away; the readings that came through it stay. Its listeners leave the broker.
pub fn remove(db: &Db, who: &Actor, now: Instant, id: SourceId) -> Result<()> {
    require(who, Permission::EditMeters)?;
    let site = db.read(|conn| rows::get(conn, id))?.site_id;
    db.write(Chain::Site(site), |tx| {
        let before = rows::get(tx.conn, id)?;
        rows::delete(tx.conn, id)?;
        let change = Change {
            action: "delete",
            noun: "reading_source",
            id: id.0,
            before: &before,
            after: &(),
        };
        tx.record(who, now, change)
    })
}

fn sane(source: &Source) -> Result<()> {
    let mut faults: Vec<(&str, &str)> = vec![];
    if source.name.trim().is_empty() {
        faults.push(("name", "form-required"));
    } else if source.name.chars().count() > NAME_MAX {
        faults.push(("name", "field-too-long"));
    }
    match source.kind {
        SourceKind::Mqtt => {
            faults.extend(of_broker(source));
            faults.extend(source.mapping()?.faults());
        }
        SourceKind::Folder => {
            if !is_path(&source.address) {
                faults.push(("address", "folder-error-path"));
            }
            faults.extend(source.folder()?.faults());
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    let said = |(field, key): (&str, &str)| FieldError {
        field: field.to_owned(),
        message: Message::new(key),
    };
    Err(Error::Invalid(faults.into_iter().map(said).collect()))
}

fn of_broker(source: &Source) -> Vec<(&'static str, &'static str)> {
    let mut faults = vec![];
    if endpoint(&source.address).is_none() {
        faults.push(("address", "source-error-address"));
    }
    if source.username.is_empty() && !source.password.is_empty() {
        faults.push(("username", "source-error-user"));
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let word = |text: &str| text.len() <= WORD_MAX && text.chars().all(plain);
    if source.client_prefix.is_empty() || !word(&source.client_prefix) {
        faults.push(("client_prefix", "source-error-word"));
    }
    if !word(&source.share_group) {
        faults.push(("share_group", "source-error-word"));
    }
    let filter = source.topic_filter.as_str();
    if !filter.is_empty() && (!is_filter(filter) || filter.starts_with('$')) {
        faults.push(("topic_filter", "source-error-filter"));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::endpoint;

    #[test]
    fn an_address_is_a_host_and_a_port() {
        let known = |text: &str| endpoint(text).map(|(host, port)| format!("{host} {port}"));
        for (text, found) in [
            ("broker.example:1883", Some("broker.example 1883")),
            ("127.0.0.1:8883", Some("127.0.0.1 8883")),
            ("[::1]:1883", Some("::1 1883")),
            ("broker.example", None),
            (":1883", None),
            ("broker:0", None),
            ("broker:70000", None),
            ("mqtt://broker:1883", None),
            ("[::1:1883", None),
            ("a b:1883", None),
        ] {
            assert_eq!(known(text).as_deref(), found, "{text}");
        }
    }
}
