//! Stored data: import, export, retention and erasure; refused calls; and copied databases.

pub mod client_data;
pub mod detect_copy;
pub mod export_audit;
pub mod import_history;
pub mod purge;
pub mod refused_call;
pub mod release_quarantine;
pub mod retention;
