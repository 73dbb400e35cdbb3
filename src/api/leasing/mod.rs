//! What is free, asked for, held and leased.

mod availability;
mod conflicts;
mod leases;
pub mod refusal;
mod requests;
mod reservations;
mod steps;

use super::query::{Kind, PAGING, Param};
use super::schema::{Listed, Nothing};
use super::site::SITE;

const TENANT: Param = Param::optional(
    "tenant",
    Kind::Id,
    "Of this tenant only; a tenant sees its own anyway.",
);

crate::api! {
    get "/availability" CapacityRead ViewCapacity "How many such machines fit for the whole term, per start week: on the site, and in each hall." (&[availability::WISH])
        => 200 availability::Heat = availability::show;
    get "/reservations" ReservationsRead ViewCapacity "Reservations, the latest first." (&[&[SITE, TENANT], reservations::FILTERS, PAGING])
        => 200 Listed<reservations::Reservation> = reservations::list;
    post "/reservations" ReservationsWrite Reserve "Reserves at once, or is refused with what binds and what would fit (409)." (reservations::NewReservation)
        => 201 reservations::OneReservation = reservations::create;
    get "/reservations/{id}" ReservationsRead ViewCapacity "A reservation and where it stands." (&[])
        => 200 reservations::OneReservation = reservations::show;
    post "/reservations/{id}/cancellation" ReservationsWrite CancelReservation "Frees what a reservation holds; twice is harmless." (Nothing)
        => 200 reservations::OneReservation = steps::cancel;
    post "/reservations/{id}/assignment" ReservationsWrite Assign "Confirms where a reservation stands, or is refused (409)." (steps::NewAssignment)
        => 200 reservations::OneReservation = steps::assign;
    post "/reservations/{id}/lease" LeasesWrite SignLease "Turns an assigned reservation into a lease." (leases::NewLease)
        => 201 leases::OneLease = leases::sign;
    get "/leases" LeasesRead ViewLeases "Leases, the latest first." (&[&[SITE, TENANT], leases::FILTERS, PAGING])
        => 200 Listed<leases::Lease> = leases::list;
    get "/leases/{id}" LeasesRead ViewLeases "A lease, its terms and where it stands." (&[])
        => 200 leases::OneLease = leases::show;
    post "/leases/{id}/notice" LeasesWrite GiveNotice "Ends a lease on a date." (leases::NewNotice)
        => 200 leases::OneLease = leases::notice;
    get "/conflicts" CapacityRead ViewSite "Bookings that a change left where they may not stand, by the first day on which it hurts." (&[&[SITE], conflicts::FILTERS, PAGING])
        => 200 Listed<conflicts::Conflict> = conflicts::list;
    get "/requests" RequestsRead ViewRequests "Refused wishes that staff answer, the latest first." (&[&[TENANT], requests::FILTERS, PAGING])
        => 200 Listed<requests::Request> = requests::list;
    get "/requests/{id}" RequestsRead ViewRequests "A refused wish." (&[])
        => 200 requests::Request = requests::show;
    post "/requests/{id}/answer" RequestsWrite ViewRequests "Closes a request: staff with an answer, a tenant by withdrawing it." (requests::NewAnswer)
        => 200 requests::Request = requests::answer;
}
