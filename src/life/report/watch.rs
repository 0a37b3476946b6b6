//! Shares are watched: what is usual is [learnt](learn), each case is [heard](hear) in the transaction that brings it about,
//! questions [mature](mature), and people are [told](tell) of an alarm.

pub(crate) mod hear;
pub mod learn;
pub mod mature;
pub mod tell;
