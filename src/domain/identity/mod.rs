//! Who may do what, who they are, and what their details must look like.

pub mod access;
pub mod details;
pub mod email;
pub mod password;
pub mod scope;
pub mod tax_ids;
pub mod throttle;

use crate::codes;

codes!(
    /// What kind of customer a tenant is: it decides which legal details are asked for.
    TenantKind { Company = "company", SoleTrader = "sole_trader", Person = "person" }
);

codes!(
    /// How the pages look; `auto` follows the device.
    Theme { Auto = "auto", Light = "light", Dark = "dark" }
);

codes!(
    /// What a link in a mail lets its holder do, once.
    TokenKind { Invitation = "invitation", Reset = "reset" }
);

codes!(
    /// Where a mail stands in the outbox.
    MailState { Waiting = "waiting", Sent = "sent", Failed = "failed" }
);

codes!(
    /// Where a background job stands.
    JobState { Waiting = "waiting", Running = "running", Done = "done", Failed = "failed" }
);

/// The languages of the interface, of mails and of documents.
pub const LOCALES: [&str; 2] = ["ru", "en"];
