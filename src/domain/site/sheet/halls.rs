//! Halls of a file: to whom they are offered.

use super::{Cell, Noun, Value, names_of, names_text};
use crate::domain::fold::fold;
use crate::domain::rows::Reason;
use crate::domain::site::OfferedTo;
use std::collections::HashMap;

/// The tenants that a hall is offered to, as the house writes their names.
pub(super) fn name_tenants(
    known: &HashMap<String, Option<String>>,
    cells: &mut [Value],
    given: &[Cell],
    there: Option<&[Value]>,
) -> Result<(), (usize, Value, Reason)> {
    let at = Noun::Halls.at("tenants");
    let chosen = cells[Noun::Halls.at("offered")] == Value::Word(OfferedTo::Chosen.code());
    // Names that the file says nothing of end with the offer.
    if !chosen && !matches!(given[at], Cell::Given(_)) {
        cells[at] = Value::Empty;
    }
    if there.is_some_and(|there| there[at] == cells[at]) {
        return Ok(());
    }
    let mut names = vec![];
    for name in names_of(cells[at].name()) {
        match known.get(&fold(&name)) {
            Some(Some(known)) => names.push(known.clone()),
            Some(None) => return Err((at, Value::Text(name), Reason::SeveralTenants)),
            None => return Err((at, Value::Text(name), Reason::UnknownTenant)),
        }
    }
    cells[at] = Value::text(&names_text(names));
    Ok(())
}
