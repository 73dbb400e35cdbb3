//! How domain values are stored: whole numbers as BIGINT, words by their code as TEXT.

use crate::domain::calendar::Instant;
use crate::domain::identity::access::Role;
use crate::domain::identity::scope::ApiTokenKind;
use crate::domain::identity::{JobState, MailState, TenantKind, Theme, TokenKind};
use crate::domain::ids::*;
use crate::domain::leasing::conflicts::{CauseNoun, ConflictKind, Resolution};
use crate::domain::leasing::state::ReservationState;
use crate::domain::metering::alarm::Kind as AlarmKind;
use crate::domain::metering::meter::{
    Purpose, QuarantineState, QuarantineWhy, Reads, RegisterState,
};
use crate::domain::metering::source::{Protocol, SourceKind};
use crate::domain::metering::webhook::Event as WebhookEvent;
use crate::domain::money::Minor;
use crate::domain::site::climate::HeatRejection;
use crate::domain::site::machine::MachineState;
use crate::domain::site::{
    CoolingKind, Leg, NodeKind, OfferedTo, RackKind, RackPhase, Redundancy, SlotsEach, Supply,
    Workload,
};
use crate::domain::units::{WattHours, Watts};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{BigInt, Text};

macro_rules! whole_numbers {
    ($($name:ident),+ $(,)?) => {$(
        const _: () = {
            #[derive(diesel::AsExpression, diesel::FromSqlRow)]
            #[diesel(foreign_derive, sql_type = BigInt)]
            #[allow(dead_code)]
            struct Proxy($name);
        };

        impl<DB: Backend> FromSql<BigInt, DB> for $name
        where
            i64: FromSql<BigInt, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                i64::from_sql(bytes).map($name)
            }
        }

        impl<DB: Backend> ToSql<BigInt, DB> for $name
        where
            i64: ToSql<BigInt, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.0.to_sql(out)
            }
        }
    )+};
}

macro_rules! words {
    ($($name:ident),+ $(,)?) => {$(
        const _: () = {
            #[derive(diesel::AsExpression, diesel::FromSqlRow)]
            #[diesel(foreign_derive, sql_type = Text)]
            #[allow(dead_code)]
            struct Proxy($name);
        };

        impl<DB: Backend> FromSql<Text, DB> for $name
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                let code = String::from_sql(bytes)?;
                $name::parse(&code)
                    .ok_or_else(|| format!("{code:?} is no {}", stringify!($name)).into())
            }
        }

        impl<DB: Backend> ToSql<Text, DB> for $name
        where
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                <str as ToSql<Text, DB>>::to_sql(self.code(), out)
            }
        }
    )+};
}

whole_numbers!(
    Instant,
    Watts,
    WattHours,
    Minor,
    UserId,
    TenantId,
    SiteId,
    HallId,
    RowId,
    RackId,
    NodeId,
    ZoneId,
    OutageId,
    RestrictionId,
    ModelId,
    RequestId,
    ReservationId,
    BundleId,
    LeaseId,
    AllocationId,
    MachineId,
    EventId,
    ChargeId,
    MeterId,
    DeviceId,
    QuarantineId,
    ImportId,
    SourceId,
    RefusalId,
    PlanId,
    PlanVersionId,
    RunId,
    InvoiceId,
    PaymentId,
    LedgerTransactionId,
    MailId,
    ConflictId,
    IncidentId,
    WebhookId,
    DeliveryId,
    ApiTokenId,
);

words!(
    AlarmKind,
    WebhookEvent,
    Protocol,
    SourceKind,
    Purpose,
    QuarantineState,
    QuarantineWhy,
    Reads,
    RegisterState,
    ApiTokenKind,
    CauseNoun,
    ConflictKind,
    Resolution,
    JobState,
    MailState,
    ReservationState,
    Role,
    TenantKind,
    Theme,
    TokenKind,
    CoolingKind,
    HeatRejection,
    Leg,
    MachineState,
    NodeKind,
    OfferedTo,
    RackKind,
    RackPhase,
    Redundancy,
    SlotsEach,
    Supply,
    Workload,
);
