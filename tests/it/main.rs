mod billing;
mod house;
mod metering;
