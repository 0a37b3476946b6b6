//! Answers of clients: accepted, judged, applied and edited; and the opt-out.

pub mod accept;
pub(crate) mod alert_seen;
pub(crate) mod apply;
pub mod batch;
pub mod by_link;
pub(crate) mod correct;
pub mod edit;
pub(crate) mod hold;
pub(crate) mod interpret_text;
pub(crate) mod judge;
pub(crate) mod link_scanner;
pub mod open_link;
pub mod opt_out;
pub(crate) mod opt_out_list;
pub(crate) mod person;
pub(crate) mod platform;
pub(crate) mod react;
pub(crate) mod read;
pub mod release_edit;
pub(crate) mod wish;
