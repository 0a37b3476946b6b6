//! The rules, pure: no async, no IO, no clock, no chance. Times and random shares are arguments.
//!
//! A newcomer reads here *what* is decided; `crate::life` says *when*, `crate::store` *how it is kept*.

pub mod alert;
pub mod answer;
pub mod answer_text;
pub mod api_key;
pub mod audit;
pub mod bitrix_line;
pub mod by_hand;
pub mod calendar;
pub mod comparison;
pub mod counter;
pub mod delivery;
pub mod gather;
pub mod hearing;
pub mod import;
pub mod limit;
pub mod line;
pub mod macros;
pub mod merge;
pub mod moment;
pub mod opt_out;
pub mod outcome;
pub mod period;
pub mod plan;
pub mod planted;
pub mod quarantine;
pub mod quiet_hours;
pub mod rating;
pub mod rating_filter;
pub mod report;
pub mod retry;
pub mod review;
pub mod rights;
pub mod roll_up;
pub mod rule;
pub mod scanner;
pub mod schedule;
pub mod sealed;
pub mod session;
pub mod share;
pub mod showcase;
pub mod stats;
pub mod texts;
pub mod throttle;
pub mod ticket;
pub mod token;
pub mod trouble;
pub mod window;
pub mod words;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;
