//! Funnel from closes to answers: closed, asked, delivered, answered. Each bar is a part of the one above.

use super::bars::{Bar, rows};
use askama::filters::Safe;

/// One step of the funnel.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// Number that reached this step.
    pub count: i64,
    /// The count as displayed.
    pub value: String,
    /// Share of the previous step, as displayed.
    pub share: String,
}

/// Draws the steps as bars; the first has the full width.
pub fn draw(steps: &[Step]) -> Safe<String> {
    let all = steps.first().map_or(1, |step| step.count.max(1));
    let bar = |(place, step): (usize, &Step)| Bar {
        name: step.name.clone(),
        length: step.count as f64 * 100.0 / all as f64,
        tone: if place + 1 == steps.len() { "good" } else { "plain" },
        value: step.value.clone(),
        of: step.share.clone(),
    };
    rows(&steps.iter().enumerate().map(bar).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_as_long_as_its_share_of_all() {
        let step = |count: i64| Step { name: "s".into(), count, value: count.to_string(), share: String::new() };
        let drawn = draw(&[step(200), step(150), step(100), step(20)]).0;
        for length in ["100.00%", "75.00%", "50.00%", "10.00%"] {
            assert!(drawn.contains(length), "{length} in {drawn}");
        }
    }
}
