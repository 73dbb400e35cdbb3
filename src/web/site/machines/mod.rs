//! The register of machines: its list, one machine, its steps through the house, many at once.

pub mod batch;
pub mod form;
pub mod list;
pub mod moves;
pub mod show;

crate::routes! {
    get "/machines" ViewMachines => list::list;
    post "/machines" EditMachines => form::create;
    get "/machines.{format}" ViewMachines => list::export;
    get "/machines/new" EditMachines => form::blank;
    get "/machines/{id}" ViewMachines => show::show;
    post "/machines/{id}" EditMachines => form::update;
    get "/machines/{id}/edit" EditMachines => form::edit;
    get "/machines/{id}/place" EditMachines => moves::place;
    post "/machines/{id}/place" EditMachines => moves::put;
    get "/machines/{id}/receipt" EditMachines => moves::confirm_receipt;
    post "/machines/{id}/receipt" EditMachines => moves::receive;
    get "/machines/{id}/repair" EditMachines => moves::confirm_repair;
    post "/machines/{id}/repair" EditMachines => moves::repair;
    get "/machines/{id}/removal" EditMachines => moves::confirm_removal;
    post "/machines/{id}/removal" EditMachines => moves::remove;
    get "/reservations/{id}/machines" EditMachines => batch::blank;
    post "/reservations/{id}/machines" EditMachines => batch::save;
}
