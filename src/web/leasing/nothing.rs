//! A house without a site or racks: what is missing instead of a form that cannot be answered.

use super::wish::Offer;
use crate::web::door::Visit;
use crate::web::page::html;
use crate::web::parts::EmptyPage;
use crate::web::visit::Answer;

/// `title`: the key of the page that is asked for. `None` where there is something to ask about.
pub fn nothing(visit: &Visit, offer: &Offer, title: &str) -> Option<Answer> {
    let (key, href) = match offer.sites.first() {
        None => ("nothing-site", "/sites/new".to_owned()),
        Some(site) if offer.halls.is_empty() => {
            ("nothing-racks", format!("/sites/{}/data", site.id))
        }
        Some(_) => return None,
    };
    let page = visit.page(title);
    let may = visit.who.may_open("/sites/new");
    Some(html(&EmptyPage {
        title: page.t(key),
        text: page.t(&format!("{key}-text")),
        action: if may {
            page.t(&format!("{key}-go"))
        } else {
            String::new()
        },
        href,
        page,
    }))
}
