//! A change of what is sold must leave every live booking its place, or say which ones it breaks:
//! then it is written only with consent to exactly that, and opens their conflicts.

use crate::db::Tx;
use crate::db::identity::tenants;
use crate::db::leasing::conflicts::{self as rows, Conflict};
use crate::db::leasing::reservations::{self, Reservation};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::Actor;
use crate::domain::ids::{ReservationId, SiteId, TenantId};
use crate::domain::leasing::conflicts::{ConflictKind, Extent, relieve};
use crate::domain::leasing::place::{Limits, Piece};
use crate::domain::site::Leg;
use crate::error::{Error, Result};
use crate::services::leasing::conflicts::{self, Cause, Found, explains};
use crate::services::leasing::house::{Book, House};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};

/// What somebody agreed to: the digest of the breaks that they were shown, or nothing yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consent(Option<String>);

impl Consent {
    pub fn none() -> Self {
        Self(None)
    }

    /// An empty text is no consent.
    pub fn to(digest: &str) -> Self {
        Self(Some(digest.to_owned()).filter(|text| !text.is_empty()))
    }
}

/// What a change would do to live bookings, before it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breaks {
    pub broken: Vec<Broken>,
    /// Unassigned bookings that would get other racks and lose nothing.
    pub moved: Vec<Moved>,
    /// Names exactly this; see `Consent`.
    pub digest: String,
}

/// A live booking that a change would break, at what, from when to when and by how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    pub reservation: ReservationId,
    pub tenant: TenantId,
    pub tenant_name: String,
    pub units: i64,
    pub model_name: String,
    pub kind: ConflictKind,
    pub name: String,
    pub leg: Option<Leg>,
    pub extent: Extent,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub reservation: ReservationId,
    pub tenant: TenantId,
    pub tenant_name: String,
    pub units: i64,
    pub model_name: String,
}

/// A site as the change leaves it.
struct After {
    house: House,
    book: Book,
    /// Positions of bookings that got other racks.
    moved: BTreeSet<usize>,
    open: Vec<Conflict>,
    found: Vec<Found>,
}

impl After {
    fn load(tx: &mut Tx, site: SiteId, now: Instant) -> Result<Self> {
        let house = House::load(tx.conn, site, now)?;
        let mut book = house.book(tx.conn, now)?;
        let open = rows::open_of_site(tx.conn, site)?;
        let mut found = conflicts::found(&house, &book);
        let mut moved = BTreeSet::new();
        if found.iter().any(|found| is_new(&open, found)) {
            let before: Vec<Vec<Piece>> = book.bookings.iter().map(|b| b.witness.clone()).collect();
            moved = relieve(&house.plan, &mut book.bookings, &Limits::default());
            moved.retain(|&at| book.bookings[at].witness != before[at]);
            found = conflicts::found(&house, &book);
        }
        Ok(Self {
            house,
            book,
            moved,
            open,
            found,
        })
    }

    fn fresh(&self) -> Vec<Found> {
        let new = self.found.iter().filter(|found| is_new(&self.open, found));
        new.cloned().collect()
    }

    fn write(&self, tx: &mut Tx, who: &Actor, now: Instant, cause: &Cause) -> Result<()> {
        for &at in &self.moved {
            let row = &self.book.reservations[at];
            let pieces = self.house.allocations(row, &self.book.bookings[at].witness);
            reservations::replace_allocations(tx.conn, row.id, &pieces)?;
        }
        let (open, found) = (&self.open, &self.found);
        conflicts::settle(tx, who, now, &self.house, &self.book, open, found)?;
        conflicts::open(tx, who, now, &self.book, (open, &self.fresh()), cause)
    }
}

fn is_new(open: &[Conflict], found: &Found) -> bool {
    !open.iter().any(|row| explains(row, found))
}

/// Called after a change is written and before it is committed. Unassigned bookings that can move
/// are moved. What would still be broken, beyond the conflicts that are open already, refuses the
/// change with `Breaks`, unless `consent` is to exactly that: then its conflicts are opened.
pub fn ensure_kept(
    tx: &mut Tx,
    who: &Actor,
    now: Instant,
    sites: &[SiteId],
    cause: &Cause,
    consent: &Consent,
) -> Result<()> {
    let mut all = vec![];
    for &site in sites {
        all.push(After::load(tx, site, now)?);
    }
    if all.iter().any(|after| !after.fresh().is_empty()) {
        let digest = digest(&all);
        if consent.0.as_deref() != Some(digest.as_str()) {
            return Err(Error::Breaks(Box::new(breaks(tx, &all, digest)?)));
        }
    }
    for after in &all {
        after.write(tx, who, now, cause)?;
    }
    Ok(())
}

/// Everything that the reader is shown, and nothing else.
fn digest(all: &[After]) -> String {
    let mut lines = vec![];
    for after in all {
        for found in after.fresh() {
            // By name: a rule that is not written yet gets another id each time it is tried.
            let (reservation, kind, _, leg) = found.key;
            let (name, extent) = (found.name, found.extent);
            lines.push(format!("{reservation} {kind} {name:?} {leg:?} {extent:?}"));
        }
        for &at in &after.moved {
            lines.push(format!("{} moves", after.book.reservations[at].id));
        }
    }
    lines.sort_unstable();
    hex::encode(Sha256::digest(lines.join("\n")))
}

fn breaks(tx: &mut Tx, all: &[After], digest: String) -> Result<Breaks> {
    let mut names = Names::default();
    let (mut broken, mut moved) = (vec![], vec![]);
    for after in all {
        for found in after.fresh() {
            let row = &after.book.reservations[found.booking];
            broken.push(Broken {
                reservation: row.id,
                tenant: row.tenant_id,
                tenant_name: names.of(tx, row)?,
                units: row.units,
                model_name: row.model_name.clone(),
                kind: found.key.1,
                name: found.name,
                leg: found.key.3,
                extent: found.extent,
            });
        }
        for &at in &after.moved {
            let row = &after.book.reservations[at];
            moved.push(Moved {
                reservation: row.id,
                tenant: row.tenant_id,
                tenant_name: names.of(tx, row)?,
                units: row.units,
                model_name: row.model_name.clone(),
            });
        }
    }
    Ok(Breaks {
        broken,
        moved,
        digest,
    })
}

#[derive(Default)]
struct Names(HashMap<TenantId, String>);

impl Names {
    fn of(&mut self, tx: &mut Tx, row: &Reservation) -> Result<String> {
        if let Some(name) = self.0.get(&row.tenant_id) {
            return Ok(name.clone());
        }
        let name = tenants::get(tx.conn, row.tenant_id)?.name;
        self.0.insert(row.tenant_id, name.clone());
        Ok(name)
    }
}
