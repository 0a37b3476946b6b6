//! Durations as people say them.

use super::Frame;

/// A duration in the largest unit that represents it exactly.
pub(crate) fn duration(page: &Frame, secs: u64) -> String {
    match secs {
        0 => page.t("line-at-once"),
        secs if secs.is_multiple_of(86_400) => page.t1("line-n-days", "n", secs / 86_400),
        secs if secs.is_multiple_of(3_600) => page.t1("line-n-hours", "n", secs / 3_600),
        secs if secs.is_multiple_of(60) => page.t1("line-n-minutes", "n", secs / 60),
        secs => page.t1("line-n-seconds", "n", secs),
    }
}
