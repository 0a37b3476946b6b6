//! A low rating is told to people: raised, sent, seen, escalated.

pub mod acknowledge;
pub(crate) mod compose;
pub mod escalate;
pub mod raise;
pub mod record;
pub mod test_alert;
pub(crate) mod update;
