//! Closes by weekday and hour: the darker, the more; a dot grows with the bad ratings among them.

use super::{count, draw, escaped};
use askama::filters::Safe;
use std::fmt::Write;

/// The height of a row.
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
    /// Bad ratings of these.
    pub bad: i64,
}

/// The week as a grid. `weekdays` are the names of the rows, `said` what a cell says when somebody points at it.
pub fn draw(hours: &[Hour], weekdays: &[String], said: impl Fn(&Hour) -> String) -> Safe<String> {
    let most = hours.iter().map(|hour| hour.closes).max().unwrap_or(0).max(1);
    let worst = hours.iter().map(|hour| hour.bad).max().unwrap_or(0).max(1);
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
        // Five shades; by the square root, so that quiet hours are told apart too.
        let shade = ((hour.closes as f64 / most as f64).sqrt() * 5.0).ceil().clamp(1.0, 5.0);
        let (x, y) = (count(hour.hour) * 100.0 / 24.0, hour.weekday * ROW);
        draw!(
            out,
            "<g><title>{}</title><rect class=\"cell h{shade}\" x=\"{x:.3}%\" y=\"{y}\" width=\"4.167%\" height=\"{ROW}\"/>",
            escaped(&said(hour))
        );
        if hour.bad > 0 {
            let radius = 1.5 + (hour.bad as f64 / worst as f64).sqrt() * 3.0;
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
        let hour = |weekday, hour, closes, bad| Hour { weekday, hour, closes, bad };
        let days: Vec<String> = ["Mon"; 7].map(str::to_owned).into();
        let drawn = draw(&[hour(0, 0, 100, 0), hour(6, 23, 1, 1), hour(3, 12, 0, 0)], &days, |hour| format!("<{}>", hour.closes)).0;
        assert_eq!(drawn.matches("class=\"cell").count(), 2, "{drawn}");
        assert!(drawn.contains("cell h5") && drawn.contains("cell h1") && drawn.matches("<circle").count() == 1, "{drawn}");
        assert!(drawn.contains("&lt;100&gt;") && drawn.contains("x=\"95.833%\""), "{drawn}");
    }
}
