//! Generates the history of a large shop as a file for `lastword import`: five channels, twenty lines, two hundred
//! operators, three years, a comment in every tenth rating, the label `vip` on every hundredth close and the field `topic` on every
//! thirtieth. The same arguments generate the same file.
//!
//! ```console
//! cargo run --release --example make_history -- --ratings 100000 --out history.csv
//! lastword import history.csv --format csv --make-lines --yes
//! ```
//!
//! `--until` is the day after the last one, `--answered` the share of asked clients who rated. `report_times` measures the
//! speed of pages over such a history.

use clap::Parser;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::io::{BufWriter, Write};
use std::path::PathBuf;

const CHANNELS: [(&str, f64); 5] = [("telegram", 0.34), ("whatsapp", 0.28), ("webchat", 0.22), ("messenger", 0.1), ("email", 0.06)];
const LINES: u64 = 20;
const OPERATORS: u64 = 200;
const DAYS: u64 = 3 * 365;
const COMMENTS: [&str; 8] = [
    "Waited far too long for an answer.",
    "Very helpful, thank you!",
    "The problem is still there.",
    "Friendly, and quick.",
    "I had to explain everything three times, to three people.",
    "Спасибо, всё решили быстро.",
    "Sehr kompetent und freundlich.",
    "Could be faster, but in the end it worked.",
];

/// Generates a history for `lastword import`.
#[derive(Parser)]
struct Args {
    /// Number of ratings
    #[arg(long, default_value_t = 100_000)]
    ratings: u64,
    /// Output file; - for standard output
    #[arg(long)]
    out: PathBuf,
    /// The day after the last one
    #[arg(long, default_value = "2026-08-31")]
    until: chrono::NaiveDate,
    /// Share of asked clients who rate: from 0.01 to 1
    #[arg(long, default_value_t = 0.45)]
    answered: f64,
    /// Seed; another number generates another history
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> std::io::Result<()> {
    let args = Args::parse();
    let out: Box<dyn Write> =
        if args.out.as_os_str() == "-" { Box::new(std::io::stdout()) } else { Box::new(std::fs::File::create(&args.out)?) };
    let mut out = BufWriter::with_capacity(1 << 20, out);
    let begin = args.until.and_time(chrono::NaiveTime::MIN).and_utc().timestamp() - (DAYS * 86_400) as i64;
    let (begin, answered) = (u64::try_from(begin).unwrap_or(0), args.answered.clamp(0.01, 1.0));
    let mut chance = StdRng::seed_from_u64(args.seed);
    writeln!(
        out,
        "session,line,closed_at,opened_at,rated_at,scale,score,comment,reasons,resolved,operator,operator_name,client,channel,language,closed_by,asked,labels,fields"
    )?;
    let (mut session, mut rated) = (0, 0);
    while rated < args.ratings {
        session += 1;
        // Evenly over the years, in the order of their times.
        let share = (rated as f64 + chance.random::<f64>()) / args.ratings as f64;
        let day = (share * DAYS as f64) as u64;
        let hour = 8.0 + 12.0 * f64::midpoint(chance.random::<f64>(), chance.random::<f64>());
        let closed = begin + day * 86_400 + (hour * 3_600.0) as u64;
        rated += u64::from(row(&mut out, &mut chance, session, closed, answered)?);
    }
    out.flush()
}

/// Writes one close. Returns true if it was rated.
fn row(out: &mut impl Write, chance: &mut StdRng, session: u64, closed: u64, answered: f64) -> std::io::Result<bool> {
    let operator = chance.random_range(0..OPERATORS);
    // An operator works on one line, and sometimes on the next one.
    let line = (operator % LINES + u64::from(chance.random_bool(0.2))) % LINES;
    let (stars, skill) = (line % 2 == 1, 0.6 + 0.38 * ((operator * 37) % 100) as f64 / 100.0);
    let mut rest = chance.random::<f64>();
    let channel = CHANNELS.iter().find(|(_, share)| {
        rest -= share;
        rest < 0.0
    });
    let channel = channel.map_or("telegram", |(name, _)| name);
    let asked = chance.random_bool(0.92);
    let rated = asked && chance.random_bool(answered);
    let opened = closed - chance.random_range(60..3_600);
    write!(out, "s{session:09},line-{line:02},{closed},{opened},")?;
    let scale = if stars { "five_star" } else { "binary" };
    if rated {
        let happy = chance.random_bool(skill);
        let score = match (stars, happy) {
            (false, happy) => u8::from(happy),
            (true, true) => 4 + u8::from(chance.random_bool(0.7)),
            (true, false) => chance.random_range(1..=3),
        };
        let took = (60.0 * (1.0 / (1.0 - chance.random::<f64>() * 0.999)).powf(1.3)) as u64;
        let comment = if chance.random_bool(0.1) { COMMENTS[chance.random_range(0..COMMENTS.len())] } else { "" };
        let reason = if !happy && chance.random_bool(0.4) { "Too slow" } else { "" };
        let resolved = if chance.random_bool(0.3) { if happy { "yes" } else { "no" } } else { "" };
        write!(out, "{},{scale},{score},\"{comment}\",{reason},{resolved},", closed + took)?;
    } else {
        write!(out, ",{scale},,,,,")?;
    }
    let client = chance.random_range(0..2_000_000_u64);
    let by = if chance.random_bool(0.85) { "operator" } else { "timeout" };
    let asked = if asked { "yes" } else { "no" };
    write!(out, "op-{operator:03},Operator {operator:03},c{client:07},{channel},en,{by},{asked},")?;
    out.write_all(if chance.random_ratio(1, 100) { b"vip," } else { b"," })?;
    match chance.random_range(0..90) {
        0 => writeln!(out, "topic: refund")?,
        1 => writeln!(out, "topic: delivery")?,
        2 => writeln!(out, "topic: invoice")?,
        _ => writeln!(out)?,
    }
    Ok(rated)
}
