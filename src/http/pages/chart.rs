//! Charts, drawn on the server: pure functions from figures to SVG, one file for each kind. Each has a title, what it
//! says in a sentence, and the table behind it; none needs a script, and none changes its height while it loads.
//!
//! Places across are percentages and places down are pixels, so that letters are as large on a phone as on a wide screen.
//! Colours are classes of `assets/numbers.css`; what they say is also said by shape, place or words.

pub mod bars;
pub mod distribution;
pub mod funnel;
pub mod heat;
pub mod operators;
pub mod trend;

use askama::filters::Safe;

/// A chart with everything around it.
pub struct Chart {
    /// Its place on the page.
    pub id: &'static str,
    /// What it shows.
    pub title: String,
    /// What it says, in a sentence.
    pub finding: String,
    /// The drawing.
    pub drawing: Safe<String>,
    /// `img`; `group` for one that holds links.
    pub role: &'static str,
    /// What lines, bands and dots mean: class and words.
    pub legend: Vec<(&'static str, String)>,
    /// The heads of the table behind it.
    pub head: Vec<String>,
    /// The rows of the table behind it.
    pub rows: Vec<Vec<String>>,
    /// The lists behind its cells, laid out as `rows`; empty, or an empty text, where there is none.
    pub lists: Vec<Vec<String>>,
}

impl Chart {
    /// The cells of the table, each with the list behind it.
    pub fn table(&self) -> Vec<Vec<(&str, &str)>> {
        let list = |row: usize, cell: usize| self.lists.get(row).and_then(|lists| lists.get(cell)).map_or("", String::as_str);
        let rows = self.rows.iter().enumerate();
        rows.map(|(at, row)| row.iter().enumerate().map(|(cell, text)| (text.as_str(), list(at, cell))).collect()).collect()
    }
}

/// Text inside of markup.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

/// Adds to a drawing; writing into a text does not fail.
macro_rules! draw {
    ($out:expr, $($words:tt)*) => {{ let _ = write!($out, $($words)*); }};
}
use draw;

/// An axis of shares or stars: from a round number below all that is shown to the end of the scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// Its lower end.
    pub from: f64,
    /// Its upper end.
    pub to: f64,
    /// From one line to the next.
    pub step: f64,
}

impl Axis {
    /// For shares in percent, of which the lowest that matters is this.
    pub fn percent(lowest: f64) -> Self {
        let from = ((lowest.clamp(0.0, 90.0) / 10.0).floor() * 10.0).max(0.0);
        let step = if 100.0 - from > 50.0 {
            25.0
        } else if 100.0 - from > 20.0 {
            10.0
        } else {
            5.0
        };
        Self { from: (from / step).floor() * step, to: 100.0, step }
    }

    /// From one star to five.
    pub fn stars() -> Self {
        Self { from: 1.0, to: 5.0, step: 1.0 }
    }

    /// How far along a value is, from 0 to 1.
    pub fn place(self, value: f64) -> f64 {
        ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }

    /// Its lines, lowest first.
    pub fn lines(self) -> impl Iterator<Item = f64> {
        let count = ((self.to - self.from) / self.step).round().clamp(0.0, 20.0) as u32;
        (0..=count).map(move |line| self.from + f64::from(line) * self.step)
    }
}

/// How many points there are, as a number to divide by.
pub(super) fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_holds_its_values_between_round_lines() {
        for (lowest, from) in [(0.0, 0.0), (43.0, 25.0), (62.0, 60.0), (88.0, 80.0), (99.0, 90.0), (-5.0, 0.0)] {
            let axis = Axis::percent(lowest);
            assert_eq!((axis.from, axis.to), (from, 100.0), "{lowest}");
            assert!(axis.lines().all(|line| (axis.from..=axis.to).contains(&line)) && axis.lines().count() <= 6, "{lowest}");
            assert_eq!((axis.place(100.0), axis.place(-10.0)), (1.0, 0.0));
        }
        assert_eq!(Axis::stars().lines().collect::<Vec<_>>(), [1.0, 2.0, 3.0, 4.0, 5.0]);
    }

    #[test]
    fn names_hold_no_markup() {
        assert_eq!(escaped("<b> & \"c\""), "&lt;b&gt; &amp; &quot;c&quot;");
    }
}
