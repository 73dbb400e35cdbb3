//! What is free, asked for, held and leased.

mod availability;
mod conflicts;
mod leases;
mod offer;
pub mod refusal;
mod requests;
mod reservations;
mod reserve;
mod steps;
mod wished;

use super::query::{Kind, PAGING, Param};
use super::schema::{Listed, Nothing};
use super::site::SITE;

const TENANT: Param = Param::optional(
    "tenant",
    Kind::Id,
    "Of this tenant only; a tenant sees its own anyway.",
);

crate::api! {
    get "/availability" CapacityRead ViewCapacity "How many such machines fit for the whole term, per start week: on the site, and in each hall." (&[availability::WISH, availability::STARTS])
        => 200 availability::Heat = availability::show;
    get "/availability/offer" CapacityRead ViewCapacity "Where such machines would stand if they were reserved now, and what a month would cost; nothing is written." (&[availability::WISH])
        => 200 offer::Offer = offer::show;
    get "/reservations" ReservationsRead ViewCapacity "Reservations, the latest first." (&[&[SITE, TENANT], reservations::FILTERS, reservations::ORDER, PAGING])
        => 200 Listed<reservations::Reservation> = reservations::list;
    get "/reservations/totals" ReservationsRead ViewCapacity "How many reservations, machines and watts the same filters leave." (&[&[SITE, TENANT], reservations::FILTERS])
        => 200 reservations::Totals = reservations::totals;
    post "/reservations" ReservationsWrite Reserve "Reserves all lines at once, or is refused with what binds and what would fit (409)." (reserve::NewReservation)
        => 201 reserve::Reserved = reserve::create;
    get "/reservations/{id}" ReservationsRead ViewCapacity "A reservation and where it stands." (&[])
        => 200 reservations::OneReservation = reservations::show;
    post "/reservations/{id}/cancellation" ReservationsWrite CancelReservation "Frees what a reservation holds; twice is harmless." (Nothing)
        => 200 reservations::OneReservation = steps::cancel;
    post "/reservations/{id}/assignment" ReservationsWrite Assign "Confirms where a reservation stands, or is refused (409)." (steps::NewAssignment)
        => 200 reservations::OneReservation = steps::assign;
    post "/reservations/{id}/lease" LeasesWrite SignLease "Turns an assigned reservation into a lease." (leases::NewLease)
        => 201 leases::OneLease = leases::sign;
    get "/leases" LeasesRead ViewLeases "Leases, the latest first." (&[&[SITE, TENANT], leases::FILTERS, reservations::ORDER, PAGING])
        => 200 Listed<leases::Lease> = leases::list;
    get "/leases/totals" LeasesRead ViewLeases "How many leases, machines and contracted watts the same filters leave." (&[&[SITE, TENANT], leases::FILTERS])
        => 200 reservations::Totals = leases::totals;
    get "/leases/{id}" LeasesRead ViewLeases "A lease, its terms and where it stands." (&[])
        => 200 leases::OneLease = leases::show;
    post "/leases/{id}/notice" LeasesWrite GiveNotice "Ends a lease on a date." (leases::NewNotice)
        => 200 leases::OneLease = leases::notice;
    get "/conflicts" CapacityRead ViewSite "Bookings that a change left where they may not stand, by the first day on which it hurts." (&[&[SITE], conflicts::FILTERS, conflicts::ORDER, PAGING])
        => 200 Listed<conflicts::Conflict> = conflicts::list;
    get "/conflicts/totals" CapacityRead ViewSite "How many conflicts and bookings the same filters leave." (&[&[SITE], conflicts::FILTERS])
        => 200 conflicts::ConflictTotals = conflicts::totals;
    get "/requests" RequestsRead ViewRequests "Refused wishes that staff answer, the latest first." (&[&[TENANT], requests::FILTERS, requests::ORDER, PAGING])
        => 200 Listed<requests::Request> = requests::list;
    get "/requests/{id}" RequestsRead ViewRequests "A refused wish." (&[])
        => 200 requests::OneRequest = requests::show;
    post "/requests/{id}/answer" RequestsWrite ViewRequests "Closes a request: staff with an answer, a tenant by withdrawing it." (requests::NewAnswer)
        => 200 requests::OneRequest = requests::answer;
}
