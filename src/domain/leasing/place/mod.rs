//! stub
mod types;
use crate::domain::calendar::Window;
use crate::domain::site::Leg;
use crate::domain::units::Watts;
use chrono::NaiveDate;
use rust_decimal::Decimal;
pub use types::*;
pub fn place(_: &Site, _: &[Booking], _: &Demand, _: &Limits) -> Result<Placement, Refusal> {
    panic!()
}
pub fn most_units(_: &Site, _: &[Booking], _: &Demand, _: &Limits) -> Availability {
    panic!()
}
pub fn availability(
    _: &Site,
    _: &[Booking],
    _: &Demand,
    _: &[NaiveDate],
    _: &Limits,
) -> Vec<Availability> {
    panic!()
}
pub fn check_assignment(
    _: &Site,
    _: &[Booking],
    _: usize,
    _: &[Piece],
    _: &Limits,
) -> Result<Placement, Refusal> {
    panic!()
}
pub fn verify(_: &Site, _: &[Booking]) -> Vec<Violation> {
    panic!()
}
pub fn usage_on(_: &Site, _: &[Booking], _: NaiveDate) -> Usage {
    panic!()
}
pub fn capacity_on(_: &Site, _: NaiveDate) -> Usage {
    panic!()
}
pub fn legs_from_rating(_: Watts, _: Decimal) -> [i64; 3] {
    panic!()
}
pub fn legs_from_supply(_: Decimal, _: Decimal, _: Option<Leg>, _: Decimal) -> [i64; 3] {
    panic!()
}
pub fn usable_watts(_: [i64; 3]) -> Watts {
    panic!()
}
pub fn seasonal(_: Window, _: Option<((u32, u32), (u32, u32))>, _: Window) -> Vec<Window> {
    panic!()
}
