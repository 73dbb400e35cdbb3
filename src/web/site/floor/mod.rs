//! The floor: halls drawn to their racks on a date, rack elevations, labels, and where racks stand.

pub mod elevation;
pub mod labels;
pub mod picture;
pub mod plan;
pub mod show;

crate::routes! {
    get "/floor" ViewSite => show::first;
    get "/halls/{id}/floor" ViewSite => show::show;
    post "/halls/{id}/floor" EditSite => plan::save;
    get "/halls/{id}/floor/edit" EditSite => plan::edit;
    get "/halls/{id}/labels.pdf" ViewSite => labels::hall;
    get "/racks/{id}/elevation" ViewSite => elevation::show;
    get "/racks/{id}/labels.pdf" ViewSite => labels::rack;
}
