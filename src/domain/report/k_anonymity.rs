//! Grouping of numbers for an operator's own page, so that one client's answer cannot be singled out.
//!
//! Whole weeks are merged, oldest first, until each group has enough answers. A complete group never changes when later weeks are
//! added, so that the difference between two views reveals no single answer.

use std::ops::Range;

/// Minimum number of answers in a group that is shown.
pub const MIN_GROUP_SIZE: i64 = 5;

/// Cuts steps with these numbers of answers, oldest first, into groups with at least [`MIN_GROUP_SIZE`]. The rest at the end waits
/// for more.
pub fn k_anonymous_groups(answers: &[i64]) -> Vec<Range<usize>> {
    let (mut groups, mut from, mut sum) = (Vec::new(), 0, 0);
    for (place, count) in answers.iter().enumerate() {
        sum += count.max(&0);
        if sum >= MIN_GROUP_SIZE {
            groups.push(from..place + 1);
            (from, sum) = (place + 1, 0);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Groups are contiguous, each has enough answers, and later steps change no group.
        #[test]
        fn no_group_is_small_and_none_changes_with_time(answers in proptest::collection::vec(0_i64..9, 0..60), later in 0_usize..60) {
            let groups = k_anonymous_groups(&answers);
            let mut end = 0;
            for group in &groups {
                prop_assert_eq!(group.start, end);
                prop_assert!(answers[group.clone()].iter().sum::<i64>() >= MIN_GROUP_SIZE);
                end = group.end;
            }
            prop_assert!(answers[end..].iter().sum::<i64>() < MIN_GROUP_SIZE);
            let before = k_anonymous_groups(&answers[..later.min(answers.len())]);
            prop_assert_eq!(&groups[..before.len()], &before[..]);
        }
    }
}
