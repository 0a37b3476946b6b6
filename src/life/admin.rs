//! Administration: changes, previews and manual decisions.

pub mod change_experiment;
pub mod change_letter;
pub mod change_line;
pub mod change_organisation;
pub mod delete_line;
pub mod delete_recipient;
pub mod dry_run;
pub mod mend_delivery;
pub mod preview_message;
pub mod replay_events;
