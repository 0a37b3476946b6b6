//! Closes by weekday and hour. The shade grows with the number of closes, between the quietest and the busiest hour; an hour that
//! clearly has more bad ratings than the others has a dot, which grows with their share.

use super::{count, draw, escaped};
use askama::filters::Safe;
use std::fmt::Write;

/// Height of a row.
const ROW: usize = 26;

/// One hour of one weekday.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hour {
    /// 0 for Monday.
    pub weekday: usize,
    /// 0 to 23.
    pub hour: usize,
    /// Closes.
    pub closes: i64,
    /// Ratings of these closes that are not voided.
    pub rated: i64,
    /// Bad ratings among them.
    pub bad: i64,
    /// True if a test shows that it has more bad ratings than the other hours.
    pub worse: bool,
}

impl Hour {
    fn share(&self) -> f64 {
        if self.rated > 0 { self.bad as f64 / self.rated as f64 } else { 0.0 }
    }
}

/// Draws the week as a grid. `weekdays` are the names of the rows; `said` returns the tooltip of a cell.
pub fn draw(hours: &[Hour], weekdays: &[String], said: impl Fn(&Hour) -> String) -> Safe<String> {
    let closes = || hours.iter().map(|hour| hour.closes).filter(|closes| *closes > 0);
    let (least, most) = (closes().min().unwrap_or(0), closes().max().unwrap_or(0));
    let height = ROW * 7;
    let mut out = format!("<div class=\"axes\"><svg class=\"y\" height=\"{height}\">");
    for (row, name) in weekdays.iter().enumerate() {
        draw!(out, "<text x=\"100%\" y=\"{}\">{}</text>", row * ROW + 17, escaped(name));
    }
    draw!(
        out,
        "</svg><svg class=\"heat\" height=\"{height}\" width=\"100%\"><rect class=\"h0\" width=\"100%\" height=\"{height}\" rx=\"6\"/>"
    );
    for hour in hours.iter().filter(|hour| hour.closes > 0) {
        // Five shades between the minimum and the maximum: a shop that is open day and night has no empty hour as a baseline.
        let above = if most > least { (hour.closes - least) as f64 / (most - least) as f64 } else { 1.0 };
        let shade = 1.0 + (above * 4.0).round();
        let (x, y) = (count(hour.hour) * 100.0 / 24.0, hour.weekday * ROW);
        draw!(
            out,
            "<g><title>{}</title><rect class=\"cell h{shade}\" x=\"{x:.3}%\" y=\"{y}\" width=\"4.167%\" height=\"{ROW}\"/>",
            escaped(&said(hour))
        );
        if hour.worse {
            let radius = 2.5 + hour.share() * 4.0;
            draw!(
                out,
                "<circle class=\"dot{}\" cx=\"{:.3}%\" cy=\"{}\" r=\"{radius:.1}\"/>",
                if shade > 3.0 { " on" } else { "" },
                x + 100.0 / 48.0,
                y + ROW / 2
            );
        }
        out.push_str("</g>");
    }
    out.push_str("</svg></div><svg class=\"x\" height=\"20\" width=\"100%\">");
    for hour in (0..24).step_by(3) {
        let minor = if hour % 6 == 0 { "" } else { " class=\"minor\"" };
        draw!(out, "<text x=\"{:.3}%\" y=\"15\"{minor}>{hour:02}</text>", (count(hour) + 0.5) * 100.0 / 24.0);
    }
    out.push_str("</svg>");
    Safe(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_busiest_hour_is_darkest_and_empty_ones_are_not_drawn() {
        let hour = |weekday, hour, closes, rated, bad| Hour { weekday, hour, closes, rated, bad, worse: bad > rated / 2 };
        let days: Vec<String> = ["Mon"; 7].map(str::to_owned).into();
        let hours = [hour(0, 0, 100, 50, 1), hour(6, 23, 1, 1, 1), hour(3, 12, 0, 0, 0)];
        let drawn = draw(&hours, &days, |hour| format!("<{}>", hour.closes)).0;
        assert_eq!(drawn.matches("class=\"cell").count(), 2, "{drawn}");
        assert!(drawn.contains("cell h5") && drawn.contains("cell h1"), "{drawn}");
        assert_eq!(drawn.matches("<circle").count(), 1, "only hours that are worse have a dot: {drawn}");
        assert!(drawn.contains("&lt;100&gt;") && drawn.contains("x=\"95.833%\""), "{drawn}");
        // Open day and night with similar counts: the shades still distinguish the hours.
        let alike: Vec<Hour> = (0..24).map(|at| hour(0, at, 1_000 + at as i64, 100, 5)).collect();
        let drawn = draw(&alike, &days, |_| String::new()).0;
        assert!((1..=5).all(|shade| drawn.contains(&format!("cell h{shade}"))), "{drawn}");
    }
}
