//! One-tap links, from the message that contains them to their page.

mod end_to_end;
mod in_messages;
mod kinds_of_scanner;
mod page;
mod public_review;
mod scanner;
pub(crate) mod visitor;
