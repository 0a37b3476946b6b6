//! What is kept: brought in, handed out, removed when its time is over; and databases that came from copies.

pub mod client_data;
pub mod detect_copy;
pub(crate) mod event_marks;
pub mod export_audit;
pub mod import_history;
pub mod release_quarantine;
pub mod retention;
