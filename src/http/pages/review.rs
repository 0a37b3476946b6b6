//! The list of open low ratings, and the review of one rating: reply, flags, appeals and assignment.
//!
//! [`ReviewPanel::of`] renders the review of one rating as a part of any page. Its forms post to the routes below
//! `/ratings/{rating_request}` in `low::acts`, which redirect to the page of the form.

pub(super) mod bulk;
pub(crate) mod panel;
pub(crate) mod sift;
pub(super) mod templates;

pub use panel::ReviewPanel;
