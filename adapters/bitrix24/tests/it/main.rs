//! The adapter against a portal in memory.

mod alerts;
mod desk;
mod installing;
mod portal;
mod reading;
mod safe;
mod stub;
mod writing;
