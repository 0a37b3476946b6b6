//! Shares are watched: what is usual is [learnt](learn), each case is heard in the transaction that brings it about,
//! questions [mature], and people are [told](tell) of an alarm.

pub(crate) mod hear;
pub mod learn;
pub mod mature;
pub mod tell;
