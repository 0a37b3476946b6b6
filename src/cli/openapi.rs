//! `lastword openapi`: prints the description of the API, for generators of clients.

use crate::app::serve;
use std::process::ExitCode;

pub(super) fn run() -> ExitCode {
    println!("{}", serve::openapi());
    ExitCode::SUCCESS
}
