//! What a client says: taken in, judged, given its effect, edited; and the wish not to be asked any more.

pub mod accept;
pub(crate) mod apply;
pub mod batch;
pub mod by_link;
pub mod edit;
pub(crate) mod hold;
pub(crate) mod interpret_text;
pub(crate) mod judge;
pub(crate) mod link_scanner;
pub mod open_link;
pub mod opt_out;
pub mod release_edit;
