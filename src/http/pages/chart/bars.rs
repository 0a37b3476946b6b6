//! Horizontal bars, used by the distribution and the funnel.

use super::{draw, escaped};
use askama::filters::Safe;
use std::fmt::Write;

/// One bar.
#[derive(Clone, Debug)]
pub struct Bar {
    /// Name of what it counts.
    pub name: String,
    /// Length in percent of the available width.
    pub length: f64,
    /// `good`, `mid`, `bad` or `plain`.
    pub tone: &'static str,
    /// Text at its end.
    pub value: String,
    /// Smaller text after `value`.
    pub of: String,
}

/// The bars as rows, in this order.
pub fn rows(bars: &[Bar]) -> Safe<String> {
    let mut out = String::from("<div class=\"bars\">");
    for Bar { name, length, tone, value, of } in bars {
        let (name, value, of) = (escaped(name), escaped(value), escaped(of));
        draw!(
            out,
            "<div><span class=\"name\">{name}</span><svg height=\"18\" width=\"100%\"><title>{name}: {value} {of}</title>\
             <rect class=\"track\" width=\"100%\" height=\"18\" rx=\"5\"/><rect class=\"{tone}\" width=\"{:.2}%\" height=\"18\" rx=\"5\"/></svg>\
             <span class=\"value\">{value} <small>{of}</small></span></div>",
            length.clamp(0.0, 100.0)
        );
    }
    out.push_str("</div>");
    Safe(out)
}
