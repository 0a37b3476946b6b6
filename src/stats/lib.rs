//! What counts allow to say, by exact methods: nothing is claimed that the data cannot show.
//!
//! | file | answers |
//! |---|---|
//! | [`chances`] | distributions over whole numbers and their tails |
//! | [`beta`] | quantiles of the Beta distribution |
//! | [`clients`] | who is a case: the last rating of each client and operator |
//! | [`team`] | who of a team differs from the rest, with one error over the whole team, like with like |
//! | [`places`] | the places in a ranking that the data leave open |
//! | [`shrink`] | expected shares of team members with few answers |
//! | [`stars`] | the interval of an average of stars |
//! | [`target`] | whether a share is above or below a given one, and how many answers would tell |
//! | [`alarm`] | whether a share has fallen, watched answer by answer |
//! | [`alarm_days`] | the limit of an alarm if days differ |
//! | [`race`] | which of two questions does better, looked at as often as somebody likes |
//! | [`bins`] | steps of a trend that hold enough answers |
//! | [`share`] | a share of counts, with its interval |
//! | [`spread`] | the interval of a share with returning clients |
//! | [`median`] | a median, with its interval |
//!
//! All of them take answers as independent of each other. Answers of one client are not: give them one answer of each
//! client and operator, the last.

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

/// The error that a page may make, over everything it says.
pub const ALPHA: f64 = 0.05;
/// The quantile of the standard normal distribution that leaves 2.5 % above.
pub const Z: f64 = 1.959_963_984_540_054;
