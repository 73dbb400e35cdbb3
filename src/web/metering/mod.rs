//! Meters, their readings, what leases used, and what kept them from it.

mod chart;
mod events;
mod files;
mod gaps;
mod meters;
mod readings;
mod usage;
mod usage_list;
pub mod words;

crate::routes! {
    get "/meters" ViewSite => meters::list;
    get "/meters.{format}" ViewSite => files::meters;
    post "/meters" EditMeters => meters::create;
    get "/meters/new" EditMeters => meters::blank;
    get "/meters/{id}" ViewSite => meters::show;
    get "/meters/{id}/closing" EditMeters => meters::closing;
    post "/meters/{id}/closing" EditMeters => meters::close;
    get "/meters/{id}/estimates/new" ImportReadings => gaps::blank;
    post "/meters/{id}/estimates" ImportReadings => gaps::fill;
    get "/readings" ImportReadings => readings::list;
    post "/readings" ImportReadings => readings::upload;
    get "/readings/template.csv" ImportReadings => readings::template;
    get "/readings/{id}" ImportReadings => readings::show;
    post "/readings/{id}" ImportReadings => readings::confirm;
    get "/readings/{id}/progress" ImportReadings => readings::progress;
    post "/readings/{id}/cancellation" ImportReadings => readings::cancel;
    post "/readings/{id}/discard" ImportReadings => readings::discard;
    get "/usage" ViewUsage => usage_list::show;
    get "/usage.{format}" ViewUsage => files::usage_list;
    get "/leases/{id}/usage" ViewUsage => usage::show;
    get "/leases/{id}/usage.{format}" ViewUsage => files::usage;
    get "/leases/{id}/events/new" RecordEvents => events::blank;
    post "/leases/{id}/events" RecordEvents => events::create;
    get "/events/{id}/removal" RecordEvents => events::confirm;
    post "/events/{id}/removal" RecordEvents => events::remove;
}
