//! Rights as one table: every door and every service asks here.

use crate::codes;
use crate::domain::ids::{TenantId, UserId};

codes!(
    /// What a user is. The first two belong to a tenant, the others to the operator.
    Role {
        Owner = "owner",
        Member = "member",
        Staff = "staff",
        Finance = "finance",
        Administrator = "administrator",
    }
);

codes!(
    /// One right. Names say what it allows, not which page shows it.
    Permission {
        SignedIn = "signed_in",
        ViewCapacity = "view_capacity",
        Reserve = "reserve",
        CancelReservation = "cancel_reservation",
        GiveNotice = "give_notice",
        ManageTenantUsers = "manage_tenant_users",
        ViewLeases = "view_leases",
        ViewUsage = "view_usage",
        ViewInvoices = "view_invoices",
        ViewSite = "view_site",
        EditSite = "edit_site",
        ViewMachines = "view_machines",
        EditMachines = "edit_machines",
        ViewRequests = "view_requests",
        AnswerRequests = "answer_requests",
        Assign = "assign",
        SignLease = "sign_lease",
        EnterContract = "enter_contract",
        RecordEvents = "record_events",
        ImportReadings = "import_readings",
        EditMeters = "edit_meters",
        ViewTenants = "view_tenants",
        EditTenants = "edit_tenants",
        ViewPlans = "view_plans",
        EditPlans = "edit_plans",
        EditVat = "edit_vat",
        EnterCharges = "enter_charges",
        ViewRuns = "view_runs",
        RunMonth = "run_month",
        TakePayments = "take_payments",
        ViewLedger = "view_ledger",
        ManageUsers = "manage_users",
        EditOperator = "edit_operator",
        ViewOutbox = "view_outbox",
        ViewTrail = "view_trail",
    }
);

impl Role {
    /// Belongs to a tenant and sees only that tenant's rows.
    pub fn is_tenant(self) -> bool {
        matches!(self, Self::Owner | Self::Member)
    }

    /// The table of rights.
    pub fn may(self, permission: Permission) -> bool {
        use Permission as P;
        let everyone = matches!(
            permission,
            P::SignedIn
                | P::ViewCapacity
                | P::ViewLeases
                | P::ViewUsage
                | P::ViewInvoices
                | P::ViewMachines
        );
        everyone
            || match self {
                Self::Owner => matches!(
                    permission,
                    P::Reserve
                        | P::CancelReservation
                        | P::GiveNotice
                        | P::ManageTenantUsers
                        | P::ViewRequests
                ),
                Self::Member => {
                    matches!(
                        permission,
                        P::Reserve | P::CancelReservation | P::ViewRequests
                    )
                }
                Self::Staff => matches!(
                    permission,
                    P::ViewSite
                        | P::EditSite
                        | P::EditMachines
                        | P::ViewRequests
                        | P::AnswerRequests
                        | P::Assign
                        | P::SignLease
                        | P::EnterContract
                        | P::CancelReservation
                        | P::GiveNotice
                        | P::RecordEvents
                        | P::ImportReadings
                        | P::EditMeters
                        | P::ViewTenants
                        | P::ViewPlans
                ),
                Self::Finance => matches!(
                    permission,
                    P::ViewSite
                        | P::ViewRequests
                        | P::ViewTenants
                        | P::ViewPlans
                        | P::EditPlans
                        | P::EditVat
                        | P::EnterCharges
                        | P::ViewRuns
                        | P::RunMonth
                        | P::TakePayments
                        | P::ViewLedger
                        | P::ViewOutbox
                        | P::ViewTrail
                ),
                Self::Administrator => true,
            }
    }
}

/// Who acts: a user with a role, or the house itself (a job, the command line).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    pub user: Option<UserId>,
    pub role: Role,
    pub tenant: Option<TenantId>,
}

impl Actor {
    /// The operator of the machine itself: the command line and jobs.
    pub const HOUSE: Actor = Actor {
        user: None,
        role: Role::Administrator,
        tenant: None,
    };

    pub fn may(&self, permission: Permission) -> bool {
        self.role.may(permission)
    }

    /// A tenant's user sees its own rows, the operator's people see all.
    pub fn sees(&self, tenant: TenantId) -> bool {
        match self.tenant {
            Some(own) => own == tenant,
            None => !self.role.is_tenant(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_an_owner_without_notice_and_users() {
        for &permission in Permission::ALL {
            let expected = Role::Owner.may(permission)
                && !matches!(
                    permission,
                    Permission::GiveNotice | Permission::ManageTenantUsers
                );
            assert_eq!(Role::Member.may(permission), expected, "{permission}");
        }
    }

    #[test]
    fn tenants_hold_no_right_over_the_house() {
        for permission in [
            Permission::ViewSite,
            Permission::EditSite,
            Permission::EditMachines,
            Permission::ViewTenants,
            Permission::RunMonth,
            Permission::ViewOutbox,
            Permission::ManageUsers,
        ] {
            assert!(!Role::Owner.may(permission), "{permission}");
        }
    }

    #[test]
    fn a_tenants_user_without_a_tenant_sees_nothing() {
        let lost = Actor {
            user: None,
            role: Role::Member,
            tenant: None,
        };
        assert!(!lost.sees(TenantId(1)));
        let own = Actor {
            tenant: Some(TenantId(1)),
            ..lost
        };
        assert!(own.sees(TenantId(1)) && !own.sees(TenantId(2)));
        assert!(Actor::HOUSE.sees(TenantId(2)));
    }
}
