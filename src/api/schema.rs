//! Shapes of what goes in and out, as JSON Schema: derived from the types, words by their codes.

use crate::domain::billing::invoice_plan::LineKind;
use crate::domain::ids::*;
use crate::domain::leasing::conflicts::{CauseNoun, ConflictKind, Resolution};
use crate::domain::leasing::place::Reason;
use crate::domain::leasing::state::{LeaseState, ReservationStatus};
use crate::domain::site::climate::HeatRejection;
use crate::domain::site::machine::MachineState;
use crate::domain::site::{
    CoolingKind, Leg, NodeKind, OfferedTo, RackKind, RackPhase, Redundancy, SlotsEach, Supply,
    Workload,
};
use crate::domain::units::Watts;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;
use utoipa::openapi::schema::{
    ArrayBuilder, KnownFormat, ObjectBuilder, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// The name of a type and its schema with those that it refers to.
pub struct Shape {
    pub name: String,
    pub schemas: Map<String, Value>,
}

impl Shape {
    pub fn of<T: ToSchema>() -> Self {
        let mut others = vec![];
        T::schemas(&mut others);
        let name = T::name().into_owned();
        others.push((name.clone(), T::schema()));
        let schemas = others
            .into_iter()
            .map(|(name, schema)| (name, serde_json::to_value(schema).unwrap_or_default()))
            .collect();
        Self { name, schemas }
    }
}

/// No body, or an empty object.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// A page of a list, and where the next one is.
#[derive(Clone, Debug, Serialize)]
pub struct Listed<T> {
    pub items: Vec<T>,
    /// The address of the next page; null on the last.
    pub next: Option<String>,
}

/// By hand: a derived one would give every list the same name.
impl<T: ToSchema> PartialSchema for Listed<T> {
    fn schema() -> RefOr<Schema> {
        let next = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .description(Some("The address of the next page; null on the last."));
        ObjectBuilder::new()
            .property(
                "items",
                ArrayBuilder::new().items(Ref::from_schema_name(T::name())),
            )
            .property("next", next)
            .required("items")
            .required("next")
            .into()
    }
}

impl<T: ToSchema> ToSchema for Listed<T> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("{}List", T::name()))
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

/// Days that a program may name: what is further off is a typing error.
pub const DAY_PATTERN: &str = "^2[01][0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";

/// A local date of a site, as a program gives it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub NaiveDate);

impl PartialSchema for Day {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
            .pattern(Some(DAY_PATTERN))
            .into()
    }
}

impl ToSchema for Day {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Day")
    }
}

pub fn utc(at: crate::domain::calendar::Instant) -> DateTime<Utc> {
    at.utc().and_utc()
}

macro_rules! words {
    ($($name:ident),+ $(,)?) => {$(
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(SchemaType::Type(Type::String))
                    .enum_values(Some($name::ALL.iter().map(|word| word.code())))
                    .into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )+};
}

macro_rules! whole_numbers {
    ($($name:ident),+ $(,)?) => {$(
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(SchemaType::Type(Type::Integer))
                    .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
                    .into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )+};
}

words!(
    CauseNoun,
    ConflictKind,
    CoolingKind,
    HeatRejection,
    LeaseState,
    Leg,
    LineKind,
    MachineState,
    NodeKind,
    OfferedTo,
    RackKind,
    RackPhase,
    Reason,
    Redundancy,
    ReservationStatus,
    Resolution,
    SlotsEach,
    Supply,
    Workload,
);

whole_numbers!(
    BundleId,
    ConflictId,
    EventId,
    HallId,
    LeaseId,
    MachineId,
    MeterId,
    ModelId,
    NodeId,
    OutageId,
    PlanId,
    RackId,
    RequestId,
    ReservationId,
    RestrictionId,
    RowId,
    SiteId,
    TenantId,
    Watts,
    ZoneId,
);
