//! What NetBox exports of a site: its tables as CSV (list page, "all data") or as REST JSON, in any
//! mixture, and what they become here.
//!
//! Reading (`read`) gives records under NetBox's own field names; mapping (`map`) is pure and says
//! for every row that is left out why. docs/IMPORT.md has the whole mapping.

mod devices;
mod map;
mod power;
mod racks;
mod read;
mod records;

use super::FileError;
use crate::codes;
use crate::domain::site::sheet::Sheet;
use crate::domain::site::{CoolingKind, Leg};
use crate::domain::units::Watts;
use std::collections::{HashMap, HashSet};

pub use map::map;
pub use power::available;
pub use read::read;

codes!(
    /// A list of NetBox.
    Table {
        Sites = "sites",
        Locations = "locations",
        Tenants = "tenants",
        Racks = "racks",
        Panels = "power-panels",
        Feeds = "power-feeds",
        Devices = "devices",
        Ports = "power-ports",
        Reservations = "rack-reservations",
    }
);

codes!(
    /// Why a row of NetBox is left out. The text of a code is `netbox-why-<code>`.
    Why {
        OtherSite = "other-site",
        Status = "status",
        NoName = "no-name",
        NoFeed = "no-feed",
        ThirdFeed = "third-feed",
        NoPanel = "no-panel",
        NoRating = "no-rating",
        BadNumber = "bad-number",
        Reservation = "reservation",
        Role = "role",
        Outlets = "outlets",
        NoSerial = "no-serial",
        SameSerial = "same-serial",
        NoTenant = "no-tenant",
        NoModel = "no-model",
        NoDraw = "no-draw",
        TenantRight = "tenant-right",
    }
);

codes!(
    /// What is worth knowing about the import as a whole. The text of a code is `netbox-note-<code>`.
    Note {
        Pages = "pages",
        NestedRows = "nested-rows",
        RenamedRacks = "renamed-racks",
        RenamedFeeds = "renamed-feeds",
        PanelRatings = "panel-ratings",
        Legs = "legs",
        Zones = "zones",
        Limits = "limits",
        Unfed = "unfed",
        Rented = "rented",
        Machines = "machines",
        Draw = "draw",
        Placed = "placed",
        MachineGuess = "machine-guess",
        Tenants = "tenants",
    }
);

/// The records of the files that were handed in, and how many of each table NetBox has.
#[derive(Debug, Default)]
pub struct Export {
    tables: HashMap<Table, Vec<records::Record>>,
    counts: HashMap<Table, usize>,
}

impl Export {
    pub fn count(&self, table: Table) -> usize {
        self.rows(table).len()
    }

    fn rows(&self, table: Table) -> &[records::Record] {
        self.tables.get(&table).map_or(&[], Vec::as_slice)
    }
}

/// A file that cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("{0}: {1}")]
    File(String, FileError),
    /// It is a table, but none that is known here.
    #[error("{0}: not one of the tables of NetBox that are imported")]
    Unknown(String),
}

/// Why nothing can be mapped.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSite {
    #[error("several sites: {}", .0.join(", "))]
    Many(Vec<String>),
    #[error("no such site: {0}")]
    Unknown(String),
}

/// What NetBox does not know, and somebody chooses.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Options {
    /// Name or slug of the site in NetBox; empty where there is one only.
    pub site: String,
    /// Of the one zone that each hall gets.
    pub cooling: CoolingKind,
    /// Of each rack; without it, its height in units.
    pub slots: Option<i64>,
    /// Of each rack; without it, what the weaker of its feeds gives.
    pub limit: Option<Watts>,
    /// Racks without a feed hang on the panel of their location rather than stay out.
    pub unfed_on_panel: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            site: String::new(),
            cooling: CoolingKind::Air,
            slots: None,
            limit: None,
            unfed_on_panel: false,
        }
    }
}

/// What the house has already, as far as the mapping asks.
#[derive(Clone, Debug, Default)]
pub struct Here {
    /// Legs of single-phase feeds: they stay.
    pub legs: HashMap<String, Leg>,
    /// Folded names of tenants.
    pub tenants: HashSet<String>,
    /// Whether tenants that the files name come along.
    pub makes_tenants: bool,
    /// Models of the catalogue by their folded names, and whether it knows their supply.
    pub models: HashMap<String, bool>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    pub table: Table,
    pub name: String,
    pub why: Why,
    /// What the reason names: a status, a rack.
    pub detail: String,
}

/// A feed with NetBox's own figure, `Available Power (VA)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedPower {
    pub name: String,
    pub power: Watts,
}

/// What the tables become.
#[derive(Debug, Default)]
pub struct Mapped {
    pub sheets: Vec<Sheet>,
    pub tenants: Vec<String>,
    pub feeds: Vec<FeedPower>,
    pub left: Vec<Left>,
    /// Each with a number and a text that its sentence names.
    pub notes: Vec<(Note, i64, String)>,
}

#[cfg(test)]
mod tests;
