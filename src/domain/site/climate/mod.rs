//! Weather and what it does to cooling: air, design months, and the share of a zone that is left.

mod derate;
pub mod psychro;

pub use derate::{
    AIR_FLOW_PER_KW_KELVIN, ClimateError, CurvePoint, DesignMonth, HeatRejection, Moisture,
    ZoneDesign, deratings, published_approach,
};
