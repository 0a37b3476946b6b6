//! Tests the product's own statistics on data whose truth is known, and prints the results:
//!
//! cargo run --release --example honest            1,000 teams of each kind and 100,000 days
//! cargo run --release --example honest -- 200     this many teams

#[path = "../tests/it"]
mod it {
    pub(crate) mod honest;
}

use it::honest::{Row, changes, equals, intervals, noise, power, reasons, single};
use std::process::ExitCode;

/// The promised results by number of ratings; see the simulations behind the choice of the method.
const PROMISED: [(i64, usize, f64); 18] = [
    (0, 7, 55.0),
    (0, 20, 60.0),
    (0, 50, 55.0),
    (8, 7, 8.0),
    (8, 20, 7.0),
    (8, 50, 4.0),
    (20, 7, 30.0),
    (20, 20, 28.0),
    (20, 50, 21.0),
    (40, 7, 64.0),
    (40, 20, 66.0),
    (40, 50, 55.0),
    (80, 7, 95.0),
    (80, 20, 95.0),
    (80, 50, 92.0),
    (150, 7, 100.0),
    (150, 20, 100.0),
    (150, 50, 100.0),
];

fn changed(reports: u32) -> Vec<Row> {
    let found = [(100, 50.0), (200, 85.0), (400, 98.0)].map(|(clients, least)| changes::found(reports, clients, least));
    found.into_iter().chain([changes::mix_is_named(reports)]).collect()
}

fn main() -> ExitCode {
    let teams = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(1_000);
    let (mut broken, few, many) = (0, noise(5.0, teams), noise(5.0, teams / 4));
    // Tolerances for alarms in 274 years and delays of three days.
    let alarms = 0.2 * (1_000.0 / f64::from(teams)).sqrt();
    let mut print = |title: &str, rows: Vec<Row>, noise: f64| {
        println!("\n{title}");
        for row in rows {
            let kept = row.keeps(noise);
            broken += u32::from(!kept);
            println!("  {row}{}", if kept { "" } else { "   BROKEN" });
        }
    };
    let kinds: Vec<(i64, f64)> = [8, 40, 150, 0].into_iter().flat_map(|n| [0.6, 0.8, 0.9, 0.95, 0.98].map(|share| (n, share))).collect();
    print("Nobody differs", equals::teams(teams, &kinds), few);
    let mixes = [(7, 40), (20, 8), (20, 40), (50, 40)].map(|(members, n)| equals::mixes(members, n, teams));
    print("Nobody differs on any line, and everybody works on lines of their own", mixes.into(), few);
    print("Nobody differs, and clients return", [7, 20, 50].map(|members| equals::returning(members, 40, teams)).into(), few);
    print("A period beside the one before, and nothing changed", changes::unchanged(teams), few);
    print("Letters", vec![changes::letters(teams)], few);
    print("… and something did", changed(teams), many);
    let mut named = reasons::unchanged(teams, &[12, 40, 150, 600]);
    named.push(reasons::changed(teams, 60, 70.0));
    print("Reasons of low ratings beside the period before", named, few);
    print("Intervals of differences", intervals::differences(teams * 4), few);
    print("Intervals of shares of clients who return", intervals::returning(teams * 2), few);
    print("Targets that are read every day", intervals::targets(teams * 2), few);
    print("How clients of an experiment are divided", intervals::splits(teams), few);
    print(
        "Places in a ranking of equals",
        [(7, 150), (20, 40), (50, 40)].map(|(members, n)| equals::places(members, n, teams)).into(),
        few,
    );
    print("Who differs is found", power::found(teams, &PROMISED), many);
    let on_lines = [power::found_on_lines(7, 40, teams, 40.0), power::found_on_lines(20, 40, teams, 50.0)];
    print("… also where everybody works on lines of their own", on_lines.into(), many);
    print("Averages of stars", single::stars(teams * 4, &[5, 8, 12, 20, 40, 60, 100, 200]), few);
    print("Alarms", single::alarms(teams * 100), alarms);
    print("Baselines of alarms", single::baselines(teams), few);
    print("Two questions", single::races(teams, 3_000), few);
    print("Experiments, by the function that the pages call", single::experiments(teams, 3_000), few);
    println!("\nThe same trials find what is wrong");
    for row in [equals::pooled(20, 40, teams), equals::returning_counted_each(20, 40, teams)] {
        println!("  {row}");
    }
    if broken > 0 {
        println!("\n{broken} of these are not as promised");
        return ExitCode::FAILURE;
    }
    println!("\nall as promised");
    ExitCode::SUCCESS
}
