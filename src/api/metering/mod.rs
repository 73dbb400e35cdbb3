//! What was measured: readings in.

pub mod lines;
pub mod readings;

crate::api! {
    lines "/readings" ReadingsWrite ImportReadings "Takes readings in, up to 100,000 a call, as JSON, JSON lines or CSV, packed by gzip or not; each is taken or answered. Sent again they count once." (readings::NewReadings)
        => 200 readings::Taken = readings::create;
}
