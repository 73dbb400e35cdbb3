//! Typed row ids: a rack's id is never taken for a node's.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

macro_rules! ids {
    ($($name:ident),+ $(,)?) => {$(
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids!(
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
