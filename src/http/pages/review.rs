//! Low ratings to work off, and the review of one rating: its reply, its flags and appeals, whose work it is.
//!
//! [`ReviewPanel::of`] draws the review of one rating as a part of any page that shows it; its forms lead to the routes below
//! `/ratings/{rating_request}` in `acts`, and from there back to the page that they were on.

pub(crate) mod acts;
pub(super) mod bulk;
pub(super) mod low;
mod panel;
mod sift;
pub(super) mod templates;

pub use panel::ReviewPanel;
