//! The infrastructure of the tests: `tests/rig`, which several test binaries share.

mod browser;
mod folder;
mod postgres;
mod process;
mod stub;
