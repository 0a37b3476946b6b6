//! Exact statistical methods: nothing is claimed that the data cannot show.
//!
//! | file | content |
//! |---|---|
//! | [`chances`] | distributions over whole numbers and their tails |
//! | [`beta`] | quantiles of the Beta distribution |
//! | [`clients`] | cases: the last rating of each client and operator |
//! | [`team`] | members of a team who differ from the rest, with one error over the whole team, like with like |
//! | [`places`] | the places in a ranking that the data leave open |
//! | [`shrink`] | expected shares of team members with few answers |
//! | [`stars`] | the interval of an average of stars |
//! | [`target`] | comparison of a share with a target, and the number of answers for a verdict |
//! | [`alarm`] | detection of the fall of a share, answer by answer |
//! | [`alarm_days`] | the limit of an alarm if days differ |
//! | [`race`] | comparison of two questions, which may be read at any time |
//! | [`bins`] | steps of a trend with enough answers |
//! | [`share`] | a share of counts, with its interval |
//! | [`spread`] | the interval of a share with returning clients |
//! | [`median`] | a median, with its interval |
//!
//! All of them assume independent answers. Answers of one client are not independent: pass one answer of each client and operator,
//! the last.

pub mod alarm;
pub mod alarm_days;
pub mod beta;
pub mod bins;
pub mod chances;
pub mod clients;
pub mod median;
pub mod places;
pub mod race;
pub mod share;
pub mod shrink;
pub mod spread;
pub mod stars;
pub mod target;
pub mod team;

/// The error of a page, over all its statements.
pub const ALPHA: f64 = 0.05;
/// The quantile of the standard normal distribution that leaves 2.5 % above.
pub const Z: f64 = 1.959_963_984_540_054;
