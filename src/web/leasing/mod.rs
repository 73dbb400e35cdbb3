//! What is asked for, held and leased: pages and their words.

mod assign;
mod availability;
mod cancel;
pub mod conflicts;
pub mod export;
mod heat;
mod lease_meter;
mod leases;
mod left;
pub mod listed;
mod nearest;
mod nothing;
mod parts;
mod places;
mod quote;
mod replan;
mod requests;
mod reservations;
mod reserve;
mod search;
mod sign;
mod wish;
pub mod words;

pub use listed::history;

use crate::routes;
use crate::web::page::Page;

routes! {
    get "/availability" ViewCapacity => availability::show;
    get "/availability/search" ViewCapacity => search::show;
    get "/reservations" ViewCapacity => reservations::list;
    post "/reservations" Reserve => reserve::create;
    post "/contracts" EnterContract => reserve::create;
    get "/reservations.{format}" ViewCapacity => export::reservations;
    get "/reservations/new" Reserve => parts::new;
    post "/reservations/new" Reserve => parts::create;
    get "/reservations/{id}" ViewCapacity => reservations::show;
    get "/reservations/{id}/cancellation" CancelReservation => cancel::confirm;
    post "/reservations/{id}/cancellation" CancelReservation => cancel::cancel;
    get "/reservations/{id}/assignment" Assign => assign::edit;
    post "/reservations/{id}/assignment" Assign => assign::save;
    get "/reservations/{id}/lease" SignLease => sign::edit;
    post "/reservations/{id}/lease" SignLease => sign::save;
    get "/leases" ViewLeases => leases::list;
    get "/leases.{format}" ViewLeases => export::leases;
    get "/leases/{id}" ViewLeases => leases::show;
    get "/leases/{id}/termination" GiveNotice => leases::confirm_notice;
    post "/leases/{id}/termination" GiveNotice => leases::give_notice;
    get "/conflicts" ViewSite => conflicts::list;
    get "/conflicts.{format}" ViewSite => conflicts::export;
    get "/replan" Assign => replan::show;
    post "/replan" Assign => replan::save;
    get "/requests" ViewRequests => requests::list;
    get "/requests.{format}" ViewRequests => export::requests;
    get "/requests/{id}" ViewRequests => requests::show;
    post "/requests/{id}/answer" ViewRequests => requests::close;
}

/// A page about a numbered thing: `Reservation No. 17`.
fn numbered(page: Page, key: &str, id: impl std::fmt::Display) -> Page {
    let title = page.t1(key, "id", id.to_string());
    page.named(title)
}
