//! Access of people who sign in, and of programs with keys.

pub mod admit_person;
pub mod admit_program;
pub mod change_account;
pub mod change_key;
pub mod passwords;
pub mod push_browser;
pub mod sign_in;
pub mod visit;
