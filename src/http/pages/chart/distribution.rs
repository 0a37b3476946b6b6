//! Number of ratings by score.

use super::bars::{Bar, rows};
use askama::filters::Safe;

/// One score.
#[derive(Clone, Debug)]
pub struct Score {
    /// Score as displayed.
    pub name: String,
    /// `good`, `mid` or `bad`, according to the rule of the line.
    pub tone: &'static str,
    /// Number of ratings.
    pub count: i64,
    /// The count as displayed.
    pub value: String,
    /// The share as displayed.
    pub share: String,
}

/// Draws the scores as bars: each fills the share of its track that it is of all ratings.
pub fn draw(scores: &[Score]) -> Safe<String> {
    let all = scores.iter().map(|score| score.count).sum::<i64>().max(1);
    let bar = |score: &Score| Bar {
        name: score.name.clone(),
        length: score.count as f64 * 100.0 / all as f64,
        tone: score.tone,
        value: score.value.clone(),
        of: score.share.clone(),
    };
    rows(&scores.iter().map(bar).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bar_is_a_share_of_all_ratings_and_none_divides_by_nothing() {
        let score = |count| Score { name: "<5>".into(), tone: "good", count, value: count.to_string(), share: "x".into() };
        let drawn = draw(&[score(15), score(5), score(0)]).0;
        assert!(drawn.contains("width=\"75.00%\"") && drawn.contains("width=\"25.00%\"") && drawn.contains("width=\"0.00%\""), "{drawn}");
        assert!(drawn.contains("&lt;5&gt;") && !drawn.contains("<5>"), "{drawn}");
        assert!(!draw(&[score(0)]).0.contains("NaN"));
    }
}
