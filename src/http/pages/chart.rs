//! Charts, drawn on the server: pure functions from figures to SVG, one file for each kind. Each chart has a title, its
//! finding in a sentence, and the table of its values. Charts need no script, and their height does not change while they
//! load.
//!
//! Horizontal positions are percentages and vertical positions are pixels, so text has the same size on a phone as on a wide screen.
//! Colours are classes of `assets/numbers.css`; whatever a colour means is also shown by shape, position or text.

pub mod bars;
pub mod distribution;
pub mod funnel;
pub mod heat;
pub mod operators;
pub mod trend;

use askama::filters::Safe;

/// A chart with its title, legend and table.
pub struct Chart {
    /// ID of its element on the page.
    pub id: &'static str,
    /// Title.
    pub title: String,
    /// The finding, in a sentence.
    pub finding: String,
    /// The drawing as SVG.
    pub drawing: Safe<String>,
    /// ARIA role: `img`, or `group` for a chart that contains links.
    pub role: &'static str,
    /// Legend of lines, bands and dots: class and text.
    pub legend: Vec<(&'static str, String)>,
    /// Column headings of the table.
    pub head: Vec<String>,
    /// Rows of the table.
    pub rows: Vec<Vec<String>>,
    /// Links from the cells to lists, laid out as `rows`; empty, or an empty text, if there is no list.
    pub lists: Vec<Vec<String>>,
}

impl Chart {
    /// The cells of the table, each with its link.
    pub fn table(&self) -> Vec<Vec<(&str, &str)>> {
        let list = |row: usize, cell: usize| self.lists.get(row).and_then(|lists| lists.get(cell)).map_or("", String::as_str);
        let rows = self.rows.iter().enumerate();
        rows.map(|(at, row)| row.iter().enumerate().map(|(cell, text)| (text.as_str(), list(at, cell))).collect()).collect()
    }
}

/// Escapes text for markup.
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

/// Appends to a drawing; writing to a `String` cannot fail.
macro_rules! draw {
    ($out:expr, $($words:tt)*) => {{ let _ = write!($out, $($words)*); }};
}
use draw;

/// An axis of shares or stars: from a round number below the lowest value to the end of the scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// Lower end.
    pub from: f64,
    /// Upper end.
    pub to: f64,
    /// Distance between two grid lines.
    pub step: f64,
}

impl Axis {
    /// An axis for shares in percent; `lowest` is the lowest value that must be visible.
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

    /// An axis from one star to five.
    pub fn stars() -> Self {
        Self { from: 1.0, to: 5.0, step: 1.0 }
    }

    /// Position of a value, from 0 to 1.
    pub fn place(self, value: f64) -> f64 {
        ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }

    /// Grid lines, lowest first.
    pub fn lines(self) -> impl Iterator<Item = f64> {
        let count = ((self.to - self.from) / self.step).round().clamp(0.0, 20.0) as u32;
        (0..=count).map(move |line| self.from + f64::from(line) * self.step)
    }
}

/// Number of points as a divisor.
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
