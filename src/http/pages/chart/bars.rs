//! Bars in rows: what distribution and funnel are made of.

use super::{draw, escaped};
use askama::filters::Safe;
use std::fmt::Write;

/// One bar.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What it counts.
    pub name: String,
    /// Its length, in percent of the widest place.
    pub length: f64,
    /// `good`, `mid`, `bad` or `plain`.
    pub tone: &'static str,
    /// What stands at its end.
    pub value: String,
    /// What stands after that, smaller.
    pub of: String,
}

/// The rows, in their order.
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
