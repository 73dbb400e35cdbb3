//! What a facility is made of, and what of it is sold.

mod cooling;
mod elevation;
mod failures;
mod halls;
mod machine_batch;
mod machines;
mod models;
mod outages;
mod power;
mod racks;
mod sites;
mod weather;

use super::query::{Kind, PAGING, Param};
use super::schema::{Listed, Nothing};

pub const SITE: Param = Param::optional("site", Kind::Id, "Of this site only.");
pub const HALL: Param = Param::optional("hall", Kind::Id, "In this hall only.");
pub const DATE: Param = Param::optional(
    "date",
    Kind::Day,
    "As sold on this local date; today if not said.",
);

crate::api! {
    get "/sites" SiteRead ViewCapacity "Sites." (&[PAGING])
        => 200 Listed<sites::Site> = sites::list;
    get "/sites/{id}" SiteRead ViewCapacity "A site." (&[])
        => 200 sites::Site = sites::show;
    get "/sites/{id}/figures" SiteRead ViewSite "What a site has, what of it is sold and free." (&[&[DATE]])
        => 200 sites::Figures = sites::figures;
    get "/sites/{id}/power" SiteRead ViewSite "Power nodes of a site: rated, usable and sold on each leg." (&[&[DATE], PAGING])
        => 200 Listed<power::Node> = power::list;
    get "/sites/{id}/cooling" SiteRead ViewSite "Cooling zones of a site: units, derating, usable and sold by month." (&[PAGING])
        => 200 Listed<cooling::Zone> = cooling::list;
    get "/sites/{id}/weather" SiteRead ViewSite "The weather that a site is designed for, month by month." (&[])
        => 200 weather::Weather = weather::show;
    get "/sites/{id}/failures" SiteRead ViewSite "What each single failure of a node or a cooling unit would take, the worst first." (&[&[DATE]])
        => 200 failures::AllFailures = failures::list;
    get "/sites/{id}/failure" SiteRead ViewSite "What if this fails: who loses power, what rides through, which zone goes over." (&[failures::QUESTION])
        => 200 failures::FailureToll = failures::show;
    get "/halls" SiteRead ViewCapacity "Halls." (&[&[SITE], PAGING])
        => 200 Listed<halls::Hall> = halls::list;
    get "/rows" SiteRead ViewSite "Rows of racks." (&[&[SITE, HALL], PAGING])
        => 200 Listed<halls::Row> = halls::rows;
    get "/racks" SiteRead ViewSite "Racks with what is sold on each." (&[racks::FILTERS, racks::ORDER, PAGING])
        => 200 Listed<racks::Rack> = racks::list;
    get "/racks/totals" SiteRead ViewSite "How many racks and slots the same filters leave, their limits and what of them is sold." (&[racks::FILTERS])
        => 200 racks::RackTotals = racks::totals;
    get "/racks/{id}" SiteRead ViewSite "A rack: what is sold and free, and what stands on it." (&[&[DATE]])
        => 200 racks::OneRack = racks::show;
    get "/racks/{id}/elevation" SiteRead ViewSite "A rack slot by slot from the top down: machines, legs, what is booked and drawn." (&[&[DATE]])
        => 200 elevation::RackElevation = elevation::show;
    get "/machines" MachinesRead ViewMachines "The register of machines, by serial number." (&[machines::FILTERS, machines::ORDER, PAGING])
        => 200 Listed<machines::Machine> = machines::list;
    get "/machines/totals" MachinesRead ViewMachines "How many machines and watts the same filters leave." (&[machines::FILTERS])
        => 200 machines::MachineTotals = machines::totals;
    post "/machines" MachinesWrite EditMachines "Writes a machine into the register." (machines::NewMachine)
        => 201 machines::OneMachine = machines::create;
    post "/machines/batch" MachinesWrite EditMachines "Writes many machines into the register, answered row by row: a wrong one holds up no other." (machine_batch::NewMachines)
        => 200 machine_batch::Registered = machine_batch::create;
    get "/machines/{id}" MachinesRead ViewMachines "A machine, where it stands and what it may become." (&[])
        => 200 machines::OneMachine = machines::show;
    post "/machines/{id}/details" MachinesWrite EditMachines "Changes what is known of a machine; one that has a slot must still suit it." (machines::MachineDetails)
        => 200 machines::OneMachine = machines::edit;
    post "/machines/{id}/placement" MachinesWrite EditMachines "Puts a machine into a rack, or moves it." (machines::NewPlacement)
        => 200 machines::OneMachine = machines::place;
    post "/machines/{id}/receipt" MachinesWrite EditMachines "A machine has come, or is put into store." (Nothing)
        => 200 machines::OneMachine = machines::receive;
    post "/machines/{id}/repair" MachinesWrite EditMachines "A machine is in repair, in its slot or without one." (Nothing)
        => 200 machines::OneMachine = machines::repair;
    post "/machines/{id}/removal" MachinesWrite EditMachines "A machine has left the house." (Nothing)
        => 200 machines::OneMachine = machines::remove;
    get "/models" SiteRead ViewCapacity "Machine models of the catalogue." (&[PAGING])
        => 200 Listed<models::Model> = models::list;
    get "/outages" SiteRead ViewSite "Planned outages of power nodes, also past and cancelled ones." (&[&[SITE], PAGING])
        => 200 Listed<outages::Outage> = outages::list;
    get "/restrictions" SiteRead ViewSite "What regions forbid." (&[PAGING])
        => 200 Listed<outages::Restriction> = outages::restrictions;
}
