//! Claims about a period compared with the previous one if nothing changed, made by the functions that pages and letters
//! call: returning clients, another mix of lines and channels, open questions, another scale.

use super::chance::chance;
use super::{Bound, Row};
use lastword::domain::answer::rating::{Grade, Scale};
use lastword::domain::outcome::Outcome;
use lastword::domain::report::case::{Counted, Member, Question, Whose, stratum};
use lastword::domain::report::change::{Changes, Errors};
use lastword::domain::report::letter::Every;
use lastword::domain::report::stats::clients::{Cases, Given};
use lastword::domain::report::watch::Watched;
use rand::Rng;
use rand::rngs::StdRng;
use std::collections::BTreeSet;

/// Maximum share of reports with a wrong claim, in percent.
const MOST: Bound = Bound::Most(5.0);
const HOUR: f64 = 1.0;
const DAY: f64 = 24.0 * HOUR;

/// A question of the simulated shop.
struct Asked<'a> {
    client: &'a str,
    channel: &'a str,
    scale: Scale,
    operator: &'a str,
    /// Time of the close and time limit for the answer, in hours.
    at: f64,
    open_for: f64,
    /// Time of the answer, in hours after the close, and true if it is good.
    answer: Option<(f64, bool)>,
}

/// Cases of the questions of one period, as of `now`.
#[derive(Default)]
struct Shop {
    cases: Cases,
    name: String,
}

impl Shop {
    fn ask(&mut self, asked: &Asked<'_>, now: f64) {
        let answer = asked.answer.filter(|(after, _)| *after <= asked.open_for && asked.at + after <= now);
        let runs = asked.at + asked.open_for > now;
        let outcome = match answer {
            Some(_) => Some(Outcome::Answered),
            None => (!runs).then_some(Outcome::Expired),
        };
        let grade = answer.map(|(_, good)| if good { Grade::Good } else { Grade::Bad });
        let question = Question { outcome, delivered: true, runs, grade };
        let stratum = stratum(&"shop".into(), asked.channel, asked.scale);
        for share in Watched::ALL {
            let Some(Counted { good, is_case }) = question.counts_for(share) else { continue };
            for (whose, id) in [(Whose::All, ""), (Whose::Line, "shop"), (Whose::Channel, asked.channel), (Whose::Operator, asked.operator)]
            {
                Member { share, whose, id }.write(&mut self.name);
                let given = Given { member: &self.name, client: asked.client, stratum: &stratum, good, at: (asked.at * 60.0) as i64 };
                if is_case { self.cases.take(given) } else { self.cases.count(given) }
            }
        }
    }
}

/// The claims as made by a page.
fn said(now: &Shop, before: &Shop, errors: Errors) -> Changes {
    Changes::of(&now.cases, &before.cases, |whose| whose != Whose::All, &BTreeSet::new(), errors)
}

/// Share of `reports` with a claim, in percent.
fn claimed(reports: u32, errors: Errors, mut made: impl FnMut(&mut StdRng) -> (Shop, Shop)) -> f64 {
    let found = (0..reports).filter(|&seed| {
        let (now, before) = made(&mut chance(u64::from(seed) * 32_452_843 + 7));
        !said(&now, &before, errors).shown.is_empty()
    });
    found.count() as f64 * 100.0 / f64::from(reports)
}

/// A line with thumbs whose clients each come once; half of them answer, most within hours.
fn asked<'a>(chance: &mut StdRng, client: &'a str, at: f64, answers: f64, good: f64) -> Asked<'a> {
    let after = 60.0 * chance.random::<f64>().powi(3);
    let answer = chance.random_bool(answers).then(|| (after, chance.random_bool(good)));
    let operator = if chance.random_bool(0.5) { "kim" } else { "lee" };
    Asked { client, channel: "mail", scale: Scale::Binary, operator, at, open_for: 72.0 * HOUR, answer }
}

/// All promised rows.
pub(crate) fn unchanged(reports: u32) -> Vec<Row> {
    let rows: [(&str, f64); 6] = [
        ("response rate stable at 50%, the last 7 days beside the 7 before, questions open for 72 hours", open(reports, 0.9, 0.9)),
        ("who answers late is less content, the last 7 days beside the 7 before", open(reports, 0.95, 0.6)),
        ("20 clients who return four times a month, correlated by a half", returning(reports)),
        ("the mix of two channels (95% and 70%) turns from 80:20 to 20:80, one operator does both", mix(reports, 80)),
        ("the same with 400 ratings a month", mix(reports, 400)),
        ("thumbs at 90% give way to stars at 60%", scale(reports)),
    ];
    rows.map(|(what, found)| Row::new(format!("{what}: any change claimed"), found, MOST)).into()
}

/// The last seven days up to now, compared with the seven before.
fn open(reports: u32, early: f64, late: f64) -> f64 {
    claimed(reports, Errors::PAGE, |chance| {
        let (mut now, mut before) = (Shop::default(), Shop::default());
        for number in 0..40 * 14 {
            let (client, at) = (format!("c{number}"), f64::from(number) / 40.0 * DAY);
            let mut asked = asked(chance, &client, at, 0.5, 0.9);
            asked.answer = asked.answer.map(|(after, _)| (after, chance.random_bool(if after < 12.0 { early } else { late })));
            let shop = if at < 7.0 * DAY { &mut before } else { &mut now };
            shop.ask(&asked, 14.0 * DAY);
        }
        (now, before)
    })
}

fn returning(reports: u32) -> f64 {
    claimed(reports, Errors::PAGE, |chance| {
        let month = |chance: &mut StdRng, month: f64| {
            let mut shop = Shop::default();
            for client in 0..20 {
                let (usual, name) = (chance.random_bool(0.85), format!("c{client}"));
                for visit in 0..4 {
                    // The square root of one half: any two of a client's ratings have a correlation of one half.
                    let good = if chance.random_bool(0.5_f64.sqrt()) { usual } else { chance.random_bool(0.85) };
                    let at = (month * 30.0 + f64::from(visit) * 7.0) * DAY;
                    let asked = asked(chance, &name, at, 1.0, 0.0);
                    shop.ask(&Asked { answer: Some((1.0, good)), ..asked }, 100.0 * DAY);
                }
            }
            shop
        };
        (month(chance, 1.0), month(chance, 0.0))
    })
}

fn mix(reports: u32, ratings: u32) -> f64 {
    claimed(reports, Errors::PAGE, |chance| {
        let month = |chance: &mut StdRng, telegram: f64, name: &str| {
            let mut shop = Shop::default();
            for client in 0..ratings {
                let (client, easy) = (format!("{name}{client}"), f64::from(client) < telegram * f64::from(ratings));
                let (channel, good) = if easy { ("telegram", 0.95) } else { ("mail", 0.7) };
                let asked = asked(chance, &client, 0.0, 1.0, good);
                shop.ask(&Asked { channel, operator: "op", ..asked }, 100.0 * DAY);
            }
            shop
        };
        (month(chance, 0.2, "n"), month(chance, 0.8, "b"))
    })
}

fn scale(reports: u32) -> f64 {
    claimed(reports, Errors::PAGE, |chance| {
        let month = |chance: &mut StdRng, scale: Scale, good: f64, name: &str| {
            let mut shop = Shop::default();
            for client in 0..200 {
                let client = format!("{name}{client}");
                let asked = asked(chance, &client, 0.0, 1.0, good);
                shop.ask(&Asked { scale, ..asked }, 100.0 * DAY);
            }
            shop
        };
        (month(chance, Scale::FiveStar, 0.6, "n"), month(chance, Scale::Binary, 0.9, "b"))
    })
}

/// Months of daily letters, each comparing a day with the day before, without changes.
pub(crate) fn letters(months: u32) -> Row {
    let errors = Errors { overall: Every::Daily.error() / 2.0, parts: None };
    let found = (0..months).filter(|&seed| {
        let mut chance = chance(u64::from(seed) * 6_700_417 + 3);
        let mut day = |day: u32| {
            let mut shop = Shop::default();
            for number in 0..40 {
                let client = format!("c{day} {number}");
                let asked = asked(&mut chance, &client, f64::from(day) * DAY, 0.5, 0.85);
                // Questions that stay open for some hours: the latest ones are not over in the next day's letter.
                shop.ask(&Asked { open_for: 8.0, ..asked }, f64::from(day + 1) * DAY + 8.0);
            }
            shop
        };
        let mut before = day(0);
        (1..=31).any(|number| {
            let now = day(number);
            let claimed = !said(&now, &before, errors).shown.is_empty();
            before = now;
            claimed
        })
    });
    let percent = found.count() as f64 * 100.0 / f64::from(months);
    Row::new("a month of daily letters, nothing changed: any letter claims a change".to_owned(), percent, MOST)
}

/// How often a real change is found: 90 % good become 75 %, with this many clients per month.
pub(crate) fn found(reports: u32, clients: u32, least: f64) -> Row {
    let percent = claimed(reports, Errors::PAGE, |chance| {
        let month = |chance: &mut StdRng, good: f64, name: &str| {
            let mut shop = Shop::default();
            for client in 0..clients {
                let client = format!("{name}{client}");
                let asked = asked(chance, &client, 0.0, 1.0, good);
                shop.ask(&asked, 100.0 * DAY);
            }
            shop
        };
        (month(chance, 0.75, "n"), month(chance, 0.9, "b"))
    });
    Row::new(format!("90% good become 75%, {clients} clients a month: the change claimed"), percent, Bound::Least(least))
}

/// Share of claims about a shift of the mix that are separated correctly: nothing changed within, and the mix did.
pub(crate) fn mix_is_named(reports: u32) -> Row {
    let found = (0..reports).filter(|&seed| {
        let mut chance = chance(u64::from(seed) * 101 + 13);
        let mut month = |telegram: u32, name: &str| {
            let mut shop = Shop::default();
            for client in 0..400 {
                let (channel, good) = if client < telegram { ("telegram", 0.95) } else { ("mail", 0.7) };
                let name = format!("{name}{client}");
                let asked = asked(&mut chance, &name, 0.0, 1.0, good);
                shop.ask(&Asked { channel, ..asked }, 100.0 * DAY);
            }
            shop
        };
        let (before, now) = (month(320, "b"), month(80, "n"));
        said(&now, &before, Errors::PAGE).overall[Watched::Score as usize].mix.is_some_and(|mix| mix < -5.0)
    });
    let percent = found.count() as f64 * 100.0 / f64::from(reports);
    Row::new("the mix turns from 80:20 to 20:80: the sentence names it".to_owned(), percent, Bound::Least(95.0))
}
