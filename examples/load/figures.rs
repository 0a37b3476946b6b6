//! Figures of all rounds, and the table of medians.

use std::collections::BTreeMap;

/// Figures of all rounds, by name.
#[derive(Default)]
pub(crate) struct Figures(BTreeMap<String, Vec<f64>>);

/// Comparisons: name of a figure, its baseline (for a desk, the same figure without one), required ratio and target ratio.
const RATIOS: &[(&str, &str, f64, f64)] = &[
    ("sqlite: single closes/s", "floor: axum echo/s", 0.2, 0.35),
    ("sqlite: single closes/s, random keys", "sqlite: single closes/s", 0.5, 0.8),
    ("postgres: single closes/s", "floor: postgres single-row inserts/s", 0.6, 0.9),
    ("postgres: single closes/s, random keys", "postgres: single closes/s", 0.5, 0.8),
    ("sqlite: due → call → stored/s", "floor: reqwest calls/s", 0.25, 0.4),
    ("postgres: due → call → stored/s", "floor: reqwest calls/s", 0.25, 0.4),
    ("sqlite: desk: closes by webhook/s", "sqlite: single closes/s", 0.4, 0.8),
    ("postgres: desk: closes by webhook/s", "postgres: single closes/s", 0.4, 0.8),
    // Each rating is one call of the messenger and two of the desk.
    ("sqlite: desk: rated and written back/s", "sqlite: answers/s", 0.25, 0.5),
    ("postgres: desk: rated and written back/s", "postgres: answers/s", 0.25, 0.5),
];

impl Figures {
    /// Adds a figure of this round.
    pub(crate) fn add(&mut self, name: &str, value: f64) {
        println!("  {name:<46} {}", shown(value));
        self.0.entry(name.to_owned()).or_default().push(value);
    }

    fn median(&self, name: &str) -> Option<f64> {
        let mut values = self.0.get(name)?.clone();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    }

    /// Prints medians with the values of each round, and the ratios.
    pub(crate) fn show(&self) {
        println!("\n{:<48} {:>12}   rounds", "median", "");
        for (name, values) in &self.0 {
            let rounds: Vec<String> = values.iter().map(|&value| shown(value)).collect();
            println!("{name:<48} {:>12}   {}", shown(self.median(name).unwrap_or(0.0)), rounds.join(" / "));
        }
        println!("\nratio to the floor of the same run            must     aim");
        for &(name, floor, must, aim) in RATIOS {
            if let (Some(value), Some(floor)) = (self.median(name), self.median(floor)) {
                println!("{name:<40} {:>5.2}    {must:>4}    {aim:>4}", value / floor);
            }
        }
    }
}

fn shown(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}
