//! Meters, their readings, what leases used, and what kept them from it.

mod chart;
mod devices;
mod events;
mod files;
mod gaps;
mod meter_form;
mod meters;
mod quarantine;
mod readings;
mod usage;
mod usage_list;
pub mod words;

crate::routes! {
    get "/meters" ViewSite => meters::list;
    get "/meters.{format}" ViewSite => files::meters;
    post "/meters" EditMeters => meter_form::create;
    get "/meters/new" EditMeters => meter_form::blank;
    get "/meters/{id}" ViewSite => meters::show;
    get "/meters/{id}/edit" EditMeters => meter_form::edit;
    post "/meters/{id}" EditMeters => meter_form::update;
    get "/meters/{id}/devices/new" EditMeters => devices::blank;
    post "/meters/{id}/devices" EditMeters => devices::exchange;
    get "/devices/{id}/edit" EditMeters => devices::edit;
    post "/devices/{id}" EditMeters => devices::update;
    get "/meters/{id}/shown/{at}" ImportReadings => quarantine::shown;
    post "/meters/{id}/shown/{at}" ImportReadings => quarantine::decide_shown;
    get "/quarantine" ImportReadings => quarantine::list;
    get "/quarantine/{id}" ImportReadings => quarantine::show;
    post "/quarantine/{id}" ImportReadings => quarantine::decide;
    post "/quarantine/{code}/discarding" ImportReadings => quarantine::discard_all;
    get "/quarantine/{code}/discarding" ImportReadings => quarantine::discarding;
    get "/meters/{id}/closing" EditMeters => meters::closing;
    post "/meters/{id}/closing" EditMeters => meters::close;
    get "/meters/{id}/estimates/new" ImportReadings => gaps::blank;
    post "/meters/{id}/estimates" ImportReadings => gaps::fill;
    post "/meters/{id}/proposals" ImportReadings => gaps::accept;
    get "/readings" ImportReadings => readings::list;
    post "/readings" ImportReadings => readings::upload;
    get "/readings/template.csv" ImportReadings => readings::template;
    get "/readings/{id}" ImportReadings => readings::show;
    post "/readings/{id}" ImportReadings => readings::confirm;
    get "/readings/{id}/progress" ImportReadings => readings::progress;
    post "/readings/{id}/cancellation" ImportReadings => readings::cancel;
    get "/usage" ViewUsage => usage_list::show;
    get "/usage.{format}" ViewUsage => files::usage_list;
    get "/leases/{id}/usage" ViewUsage => usage::show;
    get "/leases/{id}/usage.{format}" ViewUsage => files::usage;
    get "/leases/{id}/events/new" RecordEvents => events::blank;
    post "/leases/{id}/events" RecordEvents => events::create;
    get "/events/{id}/removal" RecordEvents => events::confirm;
    post "/events/{id}/removal" RecordEvents => events::remove;
}
