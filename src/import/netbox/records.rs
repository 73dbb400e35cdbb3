//! One row of a table of NetBox, whatever the format: fields under their REST names.

use std::collections::HashMap;

/// A value: a text, or another row by id and display name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    pub text: String,
    pub id: Option<i64>,
    /// The plain name of a related row; its display name may say more.
    pub name: String,
    /// The name of what a device's type is made by.
    pub maker: String,
}

#[derive(Clone, Debug, Default)]
pub struct Record {
    pub line: u64,
    pub fields: HashMap<&'static str, Field>,
}

const EMPTY: &Field = &Field {
    text: String::new(),
    id: None,
    name: String::new(),
    maker: String::new(),
};

impl Record {
    pub fn field(&self, name: &str) -> &Field {
        self.fields.get(name).unwrap_or(EMPTY)
    }

    pub fn text(&self, name: &str) -> &str {
        &self.field(name).text
    }

    pub fn id(&self) -> Option<i64> {
        self.field("id").text.parse().ok()
    }

    /// A choice by its code: CSV has labels (`Three-phase`, `Single phase`), JSON has codes.
    pub fn choice(&self, name: &str) -> String {
        self.text(name).to_lowercase().replace([' ', '_'], "-")
    }

    /// A whole number: `42U`, `80%`, `63`, `1.0`.
    pub fn whole(&self, name: &str) -> Option<i64> {
        let text = self.text(name).trim_end_matches(['U', '%', ' ']);
        let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
        let exact = rest.chars().all(|c| c == '0');
        exact.then(|| whole.parse().ok()).flatten()
    }

    /// How NetBox shows it in other tables: a rack with a facility id is `А-01 (K1A01)`.
    pub fn display(&self) -> String {
        match self.text("facility_id") {
            "" => self.text("name").to_owned(),
            facility => format!("{} ({facility})", self.text("name")),
        }
    }
}

/// REST names of the fields that are read, with the label of each in a CSV.
pub const FIELDS: &[(&str, &[&str])] = &[
    ("id", &["id"]),
    ("name", &["name"]),
    ("slug", &["slug"]),
    ("status", &["status"]),
    ("facility_id", &["facility id"]),
    ("site", &["site"]),
    ("location", &["location"]),
    ("parent", &["parent"]),
    ("tenant", &["tenant"]),
    ("time_zone", &["time zone"]),
    ("physical_address", &["physical address"]),
    ("u_height", &["height", "u height"]),
    ("powerfeed_count", &["power feeds"]),
    ("power_panel", &["power panel"]),
    ("rack", &["rack"]),
    ("type", &["type"]),
    ("supply", &["supply"]),
    ("phase", &["phase"]),
    ("voltage", &["voltage"]),
    ("amperage", &["amperage"]),
    ("max_utilization", &["max utilization"]),
    (
        "available_power",
        &["available power (va)", "available power"],
    ),
    ("device_type", &["device type"]),
    ("manufacturer", &["manufacturer"]),
    ("role", &["role", "device role"]),
    ("serial", &["serial number"]),
    ("asset_tag", &["asset tag"]),
    ("power_outlet_count", &["power outlets"]),
    ("console_server_port_count", &["console server ports"]),
    ("front_port_count", &["front ports"]),
    ("rear_port_count", &["rear ports"]),
    ("position", &["position"]),
    ("face", &["rack face", "face"]),
    ("device", &["device"]),
    (
        "maximum_draw",
        &[
            "maximum draw",
            "maximum draw (w)",
            "maximum power draw (watts)",
        ],
    ),
    (
        "allocated_draw",
        &[
            "allocated draw",
            "allocated draw (w)",
            "allocated power draw (watts)",
        ],
    ),
    ("units", &["units"]),
    ("description", &["description"]),
    ("asn_count", &["asn count"]),
    ("vlan_groups", &["vlan groups"]),
];
