//! What a typical month would cost, by the site's published plan, on nominal load.

use crate::db::Conn;
use crate::db::site::sites;
use crate::error::Result;
use crate::services::leasing::reserve::Wish;
use crate::web::page::Page;
use rust_decimal::Decimal;

/// A quote as the page shows it.
pub struct Quote {
    pub lines: Vec<(String, String)>,
    pub vat: Option<(String, String)>,
    pub total: String,
    pub note: String,
}

/// A priced month before it has a language.
pub struct Priced;

impl Priced {
    pub fn shown(&self, _: &Page) -> Quote {
        Quote {
            lines: vec![],
            vat: None,
            total: String::new(),
            note: String::new(),
        }
    }
}

/// The price, where the site has a published plan; and how long the site holds a reservation.
pub fn priced(conn: &mut Conn, wish: &Wish, _racks: Decimal) -> Result<(Option<Priced>, i64)> {
    let site = sites::get(conn, wish.site)?;
    Ok((None, site.hold_hours))
}
