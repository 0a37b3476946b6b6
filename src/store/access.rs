//! People and programs, what they may do, and the audit log.

pub mod account;
pub mod account_visit;
pub mod api_key;
pub mod audit;
pub mod login;
pub mod sign_in_try;
