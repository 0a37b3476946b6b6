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

/// Draws the scores as bars; the longest is the most frequent score.
pub fn draw(scores: &[Score]) -> Safe<String> {
    let most = scores.iter().map(|score| score.count).max().unwrap_or(0).max(1);
    let bar = |score: &Score| Bar {
        name: score.name.clone(),
        length: score.count as f64 * 100.0 / most as f64,
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
    fn the_most_frequent_score_fills_its_row_and_none_divides_by_nothing() {
        let score = |count| Score { name: "<5>".into(), tone: "good", count, value: count.to_string(), share: "x".into() };
        let drawn = draw(&[score(10), score(5), score(0)]).0;
        assert!(drawn.contains("width=\"100.00%\"") && drawn.contains("width=\"50.00%\"") && drawn.contains("width=\"0.00%\""), "{drawn}");
        assert!(drawn.contains("&lt;5&gt;") && !drawn.contains("<5>"), "{drawn}");
        assert!(!draw(&[score(0)]).0.contains("NaN"));
    }
}
