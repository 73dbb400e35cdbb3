//! What a facility is made of, and what of it is sold.

mod cooling;
mod halls;
mod models;
mod outages;
mod power;
mod racks;
mod sites;

use super::query::{Kind, PAGING, Param};
use super::schema::Listed;

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
    get "/halls" SiteRead ViewCapacity "Halls." (&[&[SITE], PAGING])
        => 200 Listed<halls::Hall> = halls::list;
    get "/rows" SiteRead ViewSite "Rows of racks." (&[&[SITE, HALL], PAGING])
        => 200 Listed<halls::Row> = halls::rows;
    get "/racks" SiteRead ViewSite "Racks with what is sold on each." (&[racks::FILTERS, PAGING])
        => 200 Listed<racks::Rack> = racks::list;
    get "/racks/{id}" SiteRead ViewSite "A rack: what is sold and free, and what stands on it." (&[&[DATE]])
        => 200 racks::OneRack = racks::show;
    get "/models" SiteRead ViewCapacity "Machine models of the catalogue." (&[PAGING])
        => 200 Listed<models::Model> = models::list;
    get "/outages" SiteRead ViewSite "Planned outages of power nodes, also past and cancelled ones." (&[&[SITE], PAGING])
        => 200 Listed<outages::Outage> = outages::list;
    get "/restrictions" SiteRead ViewSite "What regions forbid." (&[PAGING])
        => 200 Listed<outages::Restriction> = outages::restrictions;
}
