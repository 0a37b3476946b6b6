//! The adapter against a portal in memory.

mod alerts;
mod carried;
mod desk;
mod installing;
mod panel;
mod portal;
mod reading;
mod safe;
mod stub;
mod voting;
mod writing;
