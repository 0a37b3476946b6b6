//! Exposition formats, and which of them a reader gets.

use std::collections::HashMap;

/// Exposition format of the metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// OpenMetrics 1.0.
    OpenMetrics,
    /// Prometheus' text format 0.0.4.
    Plain,
}

impl Format {
    /// Value of `Content-Type`.
    pub fn content_type(self) -> &'static str {
        match self {
            Format::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Format::Plain => "text/plain; version=0.0.4; charset=utf-8",
        }
    }

    /// The format that the header `Accept` prefers. OpenMetrics if there is no preference; plain text, which every reader
    /// supports, if neither is accepted (RFC 9110, section 12.5.1).
    pub fn accepted(accept: Option<&str>) -> Self {
        let Some(accept) = accept.filter(|accept| !accept.trim().is_empty()) else { return Format::OpenMetrics };
        // The most specific range counts.
        let quality = |ranges: [&str; 3]| {
            let of = |wanted: &str| accept.split(',').find_map(|range| quality_of(range, wanted));
            ranges.into_iter().find_map(of).unwrap_or(0.0)
        };
        let open = quality(["application/openmetrics-text", "application/*", "*/*"]);
        let plain = quality(["text/plain", "text/*", "*/*"]);
        if open > 0.0 && open >= plain { Format::OpenMetrics } else { Format::Plain }
    }
}

/// The quality of one range of `Accept`, if it is `wanted`.
fn quality_of(range: &str, wanted: &str) -> Option<f64> {
    let mut parts = range.split(';').map(str::trim);
    if !parts.next()?.eq_ignore_ascii_case(wanted) {
        return None;
    }
    let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    Some(quality.map_or(1.0, |quality| quality.parse().unwrap_or(0.0)))
}

/// Converts OpenMetrics to Prometheus' text format 0.0.4, in which a counter has the name of its samples and there is
/// neither `info` nor an end mark (https://prometheus.io/docs/instrumenting/exposition_formats/).
pub(super) fn plain(page: &str) -> String {
    let kind = |line: &str| -> Option<(String, String)> {
        let (name, kind) = line.strip_prefix("# TYPE ")?.split_once(' ')?;
        Some((name.to_owned(), kind.to_owned()))
    };
    let kinds: HashMap<String, String> = page.lines().filter_map(kind).collect();
    let named = |name: &str| match kinds.get(name).map(String::as_str) {
        Some("counter") => format!("{name}_total"),
        Some("info") => format!("{name}_info"),
        _ => name.to_owned(),
    };
    let mut out = String::with_capacity(page.len());
    for line in page.lines() {
        let line = if let Some((name, kind)) = kind(line) {
            format!("# TYPE {} {}", named(&name), if kind == "info" { "gauge" } else { &kind })
        } else if let Some((name, about)) = line.strip_prefix("# HELP ").and_then(|rest| rest.split_once(' ')) {
            format!("# HELP {} {about}", named(name))
        } else if line.starts_with("# ") {
            continue;
        } else {
            line.to_owned()
        };
        out.push_str(&line);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Metrics;

    #[test]
    fn a_reader_gets_the_format_that_it_asks_for() {
        for (accept, format) in [
            (None, Format::OpenMetrics),
            (Some("*/*"), Format::OpenMetrics),
            (Some("text/plain"), Format::Plain),
            (Some("text/html, */*;q=0.1"), Format::OpenMetrics),
            (Some("application/json"), Format::Plain),
            // Prometheus 2 and 3, and one that is configured for plain text.
            (
                Some(
                    "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                ),
                Format::OpenMetrics,
            ),
            (Some("text/plain;version=0.0.4;q=0.5,*/*;q=0.1"), Format::Plain),
            (Some("application/openmetrics-text;q=0, */*"), Format::Plain),
        ] {
            assert_eq!(Format::accepted(accept), format, "{accept:?}");
        }
    }

    #[test]
    fn plain_text_names_counters_as_their_samples() {
        let metrics = Metrics::new("1.2.3");
        metrics.alert("sent");
        metrics.delivery_lateness(20);
        let page = metrics.encode_as(Format::Plain);
        for line in [
            "# TYPE lastword_build_info gauge",
            r#"lastword_build_info{version="1.2.3"} 1"#,
            "# TYPE lastword_alerts_total counter",
            "# HELP lastword_alerts_total Low-rating alerts, by the state they entered.",
            r#"lastword_alerts_total{state="sent"} 1"#,
            "# TYPE lastword_queue_due gauge",
            "# TYPE lastword_delivery_lateness_seconds histogram",
        ] {
            assert!(page.lines().any(|found| found == line), "{line} is not in\n{page}");
        }
        assert!(!page.contains("# EOF") && !page.contains("# UNIT") && !page.contains(" info"), "{page}");
    }
}
