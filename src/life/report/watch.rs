//! Watched shares: baselines are [learned](learn), each case is recorded in the transaction that causes it, questions [mature], and
//! people are [notified](tell) of an alarm.

pub(crate) mod hear;
pub mod learn;
pub mod mature;
pub mod tell;
