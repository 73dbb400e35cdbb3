//! Import from NetBox: files are kept, mapped, planned like any other sheets, and written with the
//! tenants they name.

use super::upload::{self, Upload};
use super::{Decided, How, Outcome, Rows, digest, ensure_may, import_in, loaded};
use crate::db::identity::tenants::{self, Tenant};
use crate::db::metering::imports::{self, BadRow, Import};
use crate::db::site::{catalogue, power};
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db, Tx};
use crate::domain::calendar::Instant;
use crate::domain::fold::fold;
use crate::domain::identity::TenantKind;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::{ImportId, SiteId, TenantId};
use crate::domain::message::Message;
use crate::domain::site::Redundancy;
use crate::domain::site::sheet::{OnExisting, Plan, collapsed, plan};
use crate::error::{Error, Result};
use crate::import::netbox::{Export, Here, Left, Mapped, NoSite, Options, Table, Why, map, read};
use sha2::{Digest, Sha256};
use std::collections::HashSet;

pub const KIND: &str = "netbox";
/// What is left out and kept with a written import.
const KEPT_LEFT: usize = 2_000;
/// The language of a new tenant's mails and documents until somebody says otherwise.
const LOCALE: &str = "ru";

/// What an import does, or would do.
pub struct Proposal {
    pub mapped: Mapped,
    pub plan: Plan,
    /// Tenants that the house does not have yet.
    pub tenants: Vec<String>,
    /// Names exactly this.
    pub digest: String,
}

/// What the files become on this site now.
///
/// Errors: a rule where it is not clear which site of NetBox is meant.
pub fn propose(
    conn: &mut Conn,
    (who, now): (&Actor, Instant),
    site: SiteId,
    export: &Export,
    options: &Options,
) -> Result<Proposal> {
    let makes_tenants = who.may(Permission::EditTenants);
    let mut mapped = mapped(conn, site, (export, options), makes_tenants)?;
    let mut tenants = missing_tenants(conn, &mapped)?;
    let mut stock = loaded(conn, site, &mapped.sheets, now)?.stock()?;
    if makes_tenants {
        // They are written before their machines.
        let new = tenants.iter().map(|name| collapsed(name));
        let new = new.map(|name| (fold(&name), Some(name)));
        stock.register.tenants.extend(new);
    } else {
        mapped.left.extend(tenants.drain(..).map(|name| Left {
            table: Table::Tenants,
            name,
            why: Why::TenantRight,
            detail: String::new(),
        }));
    }
    let plan = plan(&stock, &mapped.sheets, OnExisting::Update);
    Ok(Proposal {
        digest: digest_of(&plan, &tenants),
        mapped,
        plan,
        tenants,
    })
}

fn mapped(
    conn: &mut Conn,
    site: SiteId,
    (export, options): (&Export, &Options),
    makes_tenants: bool,
) -> Result<Mapped> {
    let nodes = power::of_site(conn, site)?.into_iter();
    let tenants = tenants::all(conn)?.into_iter();
    let models = catalogue::all(conn)?.into_iter();
    let here = Here {
        legs: nodes.filter_map(|n| Some((n.name, n.leg?))).collect(),
        tenants: tenants.map(|tenant| tenant.name_folded).collect(),
        makes_tenants,
        models: models
            .map(|model| (fold(&model.name()), model.supply.is_some()))
            .collect(),
    };
    map(export, options, &here).map_err(|error| match error {
        NoSite::Many(names) => {
            Error::Rule(Message::new("netbox-many-sites").with("names", names.join(", ")))
        }
        NoSite::Unknown(name) => {
            Error::Rule(Message::new("netbox-unknown-site").with("name", name))
        }
    })
}

fn missing_tenants(conn: &mut Conn, mapped: &Mapped) -> Result<Vec<String>> {
    let all = tenants::all(conn)?;
    let mut known: HashSet<String> = all.into_iter().map(|t| t.name_folded).collect();
    let new = mapped.tenants.iter();
    Ok(new
        .filter(|name| known.insert(fold(name)))
        .cloned()
        .collect())
}

fn digest_of(plan: &Plan, tenants: &[String]) -> String {
    let both = format!("{} {tenants:?}", digest(plan));
    hex::encode(Sha256::digest(both))
}

/// Writes what the files become; doing it again changes nothing. Tenants come along where `who` may
/// create them.
pub fn import(
    db: &Db,
    who: &Actor,
    now: Instant,
    site: SiteId,
    (export, options): (&Export, &Options),
    decided: &Decided,
) -> Result<(Outcome, Mapped)> {
    ensure_may(who, true)?;
    db.write(Chain::Site(site), |tx| {
        write_in(tx, who, now, site, (export, options), decided)
    })
}

fn write_in(
    tx: &mut Tx,
    who: &Actor,
    now: Instant,
    site: SiteId,
    (export, options): (&Export, &Options),
    decided: &Decided,
) -> Result<(Outcome, Mapped)> {
    let proposal = propose(tx.conn, (who, now), site, export, options)?;
    let is_other = |seen: &String| *seen != proposal.digest;
    if decided.seen.as_ref().is_some_and(is_other) {
        return Err(Error::rule("site-data-moved"));
    }
    let how = How {
        on: OnExisting::Update,
        decided: Decided {
            seen: None,
            ..decided.clone()
        },
    };
    let is_written = decided.rows == Rows::Good || !proposal.plan.has_bad();
    // Machines follow: they belong to somebody.
    if is_written && who.may(Permission::EditTenants) {
        for name in &proposal.tenants {
            create_tenant(tx, who, now, name)?;
        }
    }
    let outcome = import_in(tx, who, now, site, &proposal.mapped.sheets, &how)?;
    Ok((outcome, proposal.mapped))
}

/// NetBox knows a tenant's name and nothing of what the law asks for: the rest is filled in by hand.
fn create_tenant(tx: &mut Tx, who: &Actor, now: Instant, name: &str) -> Result<()> {
    let kind = match name.split_whitespace().next() {
        Some("ИП" | "Ип") => TenantKind::SoleTrader,
        _ => TenantKind::Company,
    };
    let nothing = String::new;
    let mut tenant = Tenant {
        id: TenantId(0),
        kind,
        name: name.to_owned(),
        name_folded: fold(name),
        inn: nothing(),
        kpp: nothing(),
        ogrn: nothing(),
        address: nothing(),
        email: nothing(),
        phone: nothing(),
        contact: nothing(),
        bank_details: nothing(),
        registry_number: nothing(),
        registry_date: None,
        redundancy: Redundancy::N,
        locale: LOCALE.to_owned(),
        created_at: now,
        created_by: who.user,
    };
    tenant.id = tenants::insert(tx.conn, &tenant)?;
    let change = Change {
        action: "create",
        noun: "tenant",
        id: tenant.id.0,
        before: &(),
        after: &tenant,
    };
    tx.record(who, now, change)
}

/// Keeps files that can be read until somebody has seen what they would do.
pub fn keep(
    db: &Db,
    who: &Actor,
    now: Instant,
    site: SiteId,
    files: &[(String, Vec<u8>)],
    options: &Options,
) -> Result<ImportId> {
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let upload = Upload {
        kind: KIND,
        keep: serde_json::to_string(options).map_err(anyhow::Error::from)?,
        name: &names.join(", ").chars().take(250).collect::<String>(),
        content: &packed(files),
    };
    upload::keep(db, who, now, site, &upload)
}

/// The files of a kept import, and what was chosen for it.
pub fn kept(conn: &mut Conn, row: &Import) -> Result<(Export, Options)> {
    if row.kind != KIND {
        return Err(Error::NotFound);
    }
    let options = serde_json::from_str(&row.keep).map_err(anyhow::Error::from)?;
    let content = imports::content(conn, row.id)?;
    let export = read(&unpacked(&content)).map_err(anyhow::Error::from)?;
    Ok((export, options))
}

/// Writes a kept import; one that was written already stays as it is. `None` where bad rows stopped it.
pub fn write(
    db: &Db,
    who: &Actor,
    now: Instant,
    site: SiteId,
    id: ImportId,
    decided: &Decided,
) -> Result<Option<Import>> {
    ensure_may(who, true)?;
    db.write(Chain::Site(site), |tx| {
        let row = upload::get(tx.conn, site, id)?;
        if upload::is_written(&row) {
            return Ok(Some(row));
        }
        let (export, options) = kept(tx.conn, &row)?;
        let (outcome, mapped) = write_in(tx, who, now, site, (&export, &options), decided)?;
        if !outcome.written {
            return Ok(None);
        }
        let done = upload::finish(tx, now, row, &outcome)?;
        imports::insert_errors(tx.conn, &left_rows(id, &mapped.left)?)?;
        Ok(Some(done))
    })
}

/// What is left out stays readable: as lines without a place in a file.
fn left_rows(id: ImportId, left: &[Left]) -> Result<Vec<BadRow>> {
    // Behind the bad rows, of which fewer are kept.
    left.iter()
        .take(KEPT_LEFT)
        .zip(1_000_000_i64..)
        .map(|(left, seq)| {
            Ok(BadRow {
                import_id: id,
                seq,
                line: 0,
                column_name: left.table.code().to_owned(),
                value: left.name.clone(),
                reason: serde_json::to_string(&why(left)).map_err(anyhow::Error::from)?,
            })
        })
        .collect()
}

/// Why a row is left out, as a sentence.
pub fn why(left: &Left) -> Message {
    Message::new(&format!("netbox-why-{}", left.why)).with("detail", left.detail.as_str())
}

/// `name LF length LF bytes`, file after file.
fn packed(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut all = vec![];
    for (name, bytes) in files {
        let name: String = name.chars().filter(|c| !c.is_control()).collect();
        all.extend_from_slice(format!("{name}\n{}\n", bytes.len()).as_bytes());
        all.extend_from_slice(bytes);
    }
    all
}

fn unpacked(mut all: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![];
    while let Some((name, bytes, rest)) = first_file(all) {
        files.push((name, bytes.to_vec()));
        all = rest;
    }
    files
}

fn first_file(all: &[u8]) -> Option<(String, &[u8], &[u8])> {
    let mut parts = all.splitn(3, |byte| *byte == b'\n');
    let name = String::from_utf8_lossy(parts.next()?).into_owned();
    let length: usize = std::str::from_utf8(parts.next()?).ok()?.parse().ok()?;
    let (bytes, rest) = parts.next()?.split_at_checked(length)?;
    Some((name, bytes, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rows::Reason;
    use crate::import::netbox::Note;
    use crate::text::{Locale, has};

    #[test]
    fn every_reason_and_note_has_a_text() {
        let whys = Why::ALL.iter().map(|why| format!("netbox-why-{why}"));
        let notes = Note::ALL.iter().map(|note| format!("netbox-note-{note}"));
        let tables = Table::ALL
            .iter()
            .map(|table| format!("netbox-table-{table}"));
        let reasons = Reason::ALL
            .iter()
            .map(|reason| format!("imp-reason-{reason}"));
        for key in whys.chain(notes).chain(tables).chain(reasons) {
            for locale in [Locale::Ru, Locale::En] {
                assert!(has(locale, &key), "{key}");
            }
        }
    }

    #[test]
    fn files_come_out_as_they_went_in() {
        let file = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
        let files = vec![
            file("racks.csv", b"a\nb\n\n"),
            file("", b""),
            file("фидеры.json", b"{\"x\": 3}"),
        ];
        assert_eq!(unpacked(&packed(&files)), files);
        assert_eq!(unpacked(b"cut\n99\nshort"), vec![]);
    }
}
