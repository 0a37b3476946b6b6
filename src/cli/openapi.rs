//! `lastword openapi`: prints the OpenAPI description, for client generators.

use crate::app::serve;
use std::process::ExitCode;

pub(super) fn run() -> ExitCode {
    println!("{}", serve::openapi());
    ExitCode::SUCCESS
}
