//! The X-ray page: one self-contained file, rendered by `lastword xray` and never served. It uses the design and languages
//! of the pages; each figure has its rule beside it.

use crate::chart::operators::{Whisker, draw, groups};
use askama::Template;
use askama::filters::Safe;
use chrono_tz::Tz;
use lastword_domain::report::Part;
use lastword_domain::report::comparison::Verdict;
use lastword_domain::report::share::Share;
use lastword_http::locale::catalogue::Argument;
use lastword_http::locale::format;
use lastword_http::locale::language::Language;
use lastword_life::Millis;
use lastword_xray::operators::{ListEnds, Operator};
use lastword_xray::rates::{Bare, Basis, WithTheSilent};
use lastword_xray::{Figure, Missed, Rule, Xray};

/// Maximum number of operators in the chart; the table has all of them.
const DRAWN_MAX: usize = 40;
/// Number of ratings below which a figure is marked as uncertain.
const FEW: i64 = lastword_domain::report::FEW;

/// A rule as a sentence.
pub fn rule(language: Language, rule: Rule) -> String {
    language.text(&format!("xray-rule-{}", rule.as_str().replace('_', "-")), &[])
}

/// Renders the page.
///
/// # Errors
/// The template's error.
pub fn draw_page(xray: &Xray, name: &str, made_at: Millis, zone: Tz, language: Language) -> Result<String, String> {
    let words = Wording { language, zone };
    let page = XrayPage {
        name,
        made_at,
        css: concat!(
            include_str!("../frame/assets/app.css"),
            include_str!("../frame/assets/numbers.css"),
            "
",
            include_str!("xray.css")
        ),
        pairs: pairs(&words, xray),
        steps: [steps(&words, score_figures(xray), xray.score.with_the_silent), steps(&words, response_figures(xray), None)],
        fresh: xray.response.fresh,
        findings: findings(&words, xray),
        ends: xray.operators.list.as_ref().map(|ends| ends_sentence(&words, ends)),
        drawing: drawing(&words, xray),
        operators: xray.operators.operators.iter().map(|operator| operator_row(&words, operator)).collect(),
        missed: xray.not_read.iter().map(|missed| MissedRow::of(&words, missed.what, missed.count, &missed.example)).collect(),
        xray,
        words,
    };
    page.render().map_err(|error| format!("the page cannot be drawn: {error}"))
}

#[derive(Template)]
#[template(path = "pages/report/xray.html")]
struct XrayPage<'a> {
    words: Wording,
    xray: &'a Xray,
    name: &'a str,
    made_at: Millis,
    css: &'static str,
    pairs: [Pair; 2],
    steps: [Vec<StepRow>; 2],
    fresh: i64,
    findings: Vec<Finding>,
    ends: Option<String>,
    drawing: Option<Safe<String>>,
    operators: Vec<OperatorRow>,
    missed: Vec<MissedRow>,
}

/// Formats texts, numbers and days.
struct Wording {
    language: Language,
    zone: Tz,
}

impl Wording {
    fn t(&self, key: &str) -> String {
        self.language.text(key, &[])
    }

    fn t1(&self, key: &str, name: &'static str, value: impl Argument) -> String {
        self.language.text(key, &[(name, &value)])
    }

    fn number(&self, number: &i64) -> String {
        format::number(self.language, *number)
    }

    fn percent(&self, percent: f64) -> String {
        format::percent(self.language, percent, 1)
    }

    fn range(&self, low: f64, high: f64) -> String {
        format!("{}–{}", format::decimal(self.language, low, 1), self.percent(high))
    }

    fn of(&self, part: i64, of: i64) -> String {
        self.language.text("num-n-of-n", &[("part", &part), ("of", &of)])
    }

    fn interval(&self, part: &Part) -> String {
        part.low.zip(part.high).map_or_else(String::new, |(low, high)| self.range(low, high))
    }

    fn share(&self, part: &Part) -> String {
        part.percent.map_or_else(|| "–".to_owned(), |percent| self.percent(percent))
    }

    fn date(&self, at: &Millis) -> String {
        format::date(self.language, self.zone, *at)
    }

    fn moment(&self, at: &Millis) -> String {
        let (date, time) = (self.date(at), format::time(self.zone, *at));
        self.language.text("date-time", &[("date", &date), ("time", &time)])
    }
}

/// A reported figure beside the result of the data.
struct Pair {
    title: String,
    reported: String,
    reported_of: String,
    reported_rule: String,
    honest: String,
    honest_of: String,
    honest_rule: String,
}

fn pairs(words: &Wording, xray: &Xray) -> [Pair; 2] {
    let score = xray.score.each_client_once.or(xray.score.all);
    let response = xray.response.of_asked.or(xray.response.of_closed);
    [
        pair(words, words.t("xray-score"), xray.reported.basis, xray.reported.score, score),
        pair(words, words.t("xray-response"), xray.reported.basis, xray.reported.response, response),
    ]
}

fn pair(words: &Wording, title: String, basis: Basis, reported: Option<Bare>, honest: Option<Figure>) -> Pair {
    let by = words.t(match basis {
        Basis::Told => "xray-basis-told",
        Basis::Rebuilt => "xray-basis-rebuilt",
        Basis::Plain => "xray-basis-plain",
    });
    let told =
        |bare: Bare| (words.percent(bare.percent), format!("{} · {by}", words.of(bare.part, bare.of)), rule(words.language, bare.rule));
    let why = if basis == Basis::Plain { by.clone() } else { String::new() };
    let (value, of, said) = reported.map_or_else(|| (words.t("xray-not-shown"), why, String::new()), told);
    let say = |figure: Figure| {
        let part = &figure.part;
        (words.interval(part), format!("{} · {}", words.share(part), words.of(part.part, part.of)), rule(words.language, figure.rule))
    };
    let (honest, honest_of, honest_rule) = honest.map_or_else(|| (words.t("xray-not-known"), String::new(), String::new()), say);
    Pair { title, reported: value, reported_of: of, reported_rule: said, honest, honest_of, honest_rule }
}

/// One of several figures of the same kind.
struct StepRow {
    key: &'static str,
    label: String,
    rule: String,
    share: String,
    interval: String,
    of: String,
}

fn score_figures(xray: &Xray) -> (Option<Bare>, Vec<Option<Figure>>) {
    (xray.reported.score, vec![xray.score.all, xray.score.each_client_once, xray.score.served_by_people])
}

fn response_figures(xray: &Xray) -> (Option<Bare>, Vec<Option<Figure>>) {
    (xray.reported.response, vec![xray.response.of_asked, xray.response.of_closed])
}

fn steps(words: &Wording, (reported, figures): (Option<Bare>, Vec<Option<Figure>>), silent: Option<WithTheSilent>) -> Vec<StepRow> {
    let bare = |bare: Bare| StepRow {
        key: bare.rule.as_str(),
        label: words.t("xray-reported"),
        rule: rule(words.language, bare.rule),
        share: words.percent(bare.percent),
        interval: String::new(),
        of: words.of(bare.part, bare.of),
    };
    let figure = |figure: Figure| StepRow {
        key: figure.rule.as_str(),
        label: label(words, figure.rule),
        rule: rule(words.language, figure.rule),
        share: words.share(&figure.part),
        interval: words.interval(&figure.part),
        of: words.of(figure.part.part, figure.part.of),
    };
    let all = |silent: WithTheSilent| StepRow {
        key: silent.rule.as_str(),
        label: label(words, silent.rule),
        rule: format!(
            "{} {}",
            rule(words.language, silent.rule),
            words.t(if silent.asked { "xray-silent-asked" } else { "xray-silent-closed" })
        ),
        share: words.range(silent.low, silent.high),
        interval: String::new(),
        of: words.language.text("xray-silent-of", &[("silent", &silent.silent), ("of", &silent.of)]),
    };
    let rows = reported.map(bare).into_iter().chain(figures.into_iter().flatten().map(figure));
    rows.chain(silent.map(all)).collect()
}

fn label(words: &Wording, rule: Rule) -> String {
    words.t(&format!("xray-label-{}", rule.as_str().replace('_', "-")))
}

/// A notable finding.
struct Finding {
    key: &'static str,
    label: String,
    value: String,
    of: String,
    rule: String,
    calls: bool,
}

fn findings(words: &Wording, xray: &Xray) -> Vec<Finding> {
    let credit = xray.credit;
    let figures = [credit.without_operator, credit.credited_elsewhere, credit.by_program, xray.window.never_in_time, xray.clients.repeats];
    let finding = |figure: Figure| Finding {
        key: figure.rule.as_str(),
        label: label(words, figure.rule),
        value: words.number(&figure.part.part),
        of: format!("{} · {}", words.of(figure.part.part, figure.part.of), words.share(&figure.part)),
        rule: rule(words.language, figure.rule),
        calls: figure.part.part > 0 && figure.rule != Rule::Repeats,
    };
    let mut found: Vec<Finding> = figures.into_iter().flatten().map(finding).collect();
    let operators = &xray.operators;
    if operators.people > 1 {
        let people = i64::try_from(operators.people).unwrap_or(i64::MAX);
        let together = i64::try_from(operators.not_told_apart).unwrap_or(i64::MAX);
        found.push(Finding {
            key: operators.rule.as_str(),
            label: label(words, operators.rule),
            value: words.number(&together),
            of: words.of(together, people),
            rule: rule(words.language, operators.rule),
            calls: false,
        });
    }
    found
}

fn ends_sentence(words: &Wording, ends: &ListEnds) -> String {
    let points = format::decimal(words.language, ends.points, 1);
    let key = if ends.told_apart { "xray-ends-apart" } else { "xray-ends-not-apart" };
    words.language.text(key, &[("first", &ends.first), ("last", &ends.last), ("points", &points)])
}

fn drawing(words: &Wording, xray: &Xray) -> Option<Safe<String>> {
    let whisker = |operator: &Operator| {
        let share = Share::of(operator.compared.share.part, operator.compared.share.of);
        let value = words.share(&operator.compared.share);
        let interval = words.interval(&operator.compared.share);
        Whisker {
            said: format!("{}: {value} ({interval})", operator.name),
            name: operator.name.clone(),
            rank: operator.compared.estimate.or(operator.compared.share.low).unwrap_or_default(),
            href: String::new(),
            share,
            value,
            of: words.number(&share.whole),
            mark: match operator.compared.verdict {
                Verdict::Higher => "▲",
                Verdict::Lower => "▼",
                Verdict::CannotTell => "",
            },
        }
    };
    let mut most: Vec<&Operator> = xray.operators.operators.iter().collect();
    most.sort_by_key(|operator| std::cmp::Reverse(operator.compared.share.of));
    most.truncate(DRAWN_MAX);
    let drawn = groups(most.into_iter().map(whisker).collect(), FEW);
    let label = |line: f64| format::percent(words.language, line, 0);
    (xray.operators.people > 1).then(|| draw(&drawn, &words.t("xray-few"), label))
}

/// An operator in the table.
struct OperatorRow {
    name: String,
    list: String,
    share: String,
    interval: String,
    clients: String,
    verdict: String,
    tone: &'static str,
    places: String,
}

fn operator_row(words: &Wording, operator: &Operator) -> OperatorRow {
    let compared = &operator.compared;
    let (verdict, tone) = match compared.verdict {
        Verdict::Higher => ("xray-above", "on"),
        Verdict::Lower => ("xray-below", "bad"),
        Verdict::CannotTell => ("xray-cannot-tell", ""),
    };
    let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let places = compared.places.map(|places| {
        let (from, to, of) = (number(places.from), number(places.to), number(places.of));
        let key = if from == to { "num-place" } else { "num-places" };
        words.language.text(key, &[("from", &from), ("to", &to), ("of", &of)])
    });
    OperatorRow {
        name: operator.name.clone(),
        list: format!("{} · {}", words.share(&operator.all), words.of(operator.all.part, operator.all.of)),
        share: words.share(&compared.share),
        interval: words.interval(&compared.share),
        clients: words.of(compared.share.part, compared.share.of),
        verdict: words.t(verdict),
        tone,
        places: places.unwrap_or_default(),
    }
}

/// Data that was not read.
struct MissedRow {
    key: &'static str,
    label: String,
    count: String,
    example: String,
}

impl MissedRow {
    fn of(words: &Wording, what: Missed, count: i64, example: &str) -> Self {
        let label = words.t(&format!("xray-missed-{}", what.as_str().replace('_', "-")));
        Self { key: what.as_str(), label, count: words.number(&count), example: example.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_and_everything_that_is_missed_has_words_in_every_language() {
        let named = |key: String, language: Language| assert_ne!(language.text(&key, &[]), key, "{}", language.tag());
        for language in Language::ALL {
            Rule::ALL.into_iter().for_each(|rule| named(format!("xray-rule-{}", rule.as_str().replace('_', "-")), language));
            Missed::ALL.into_iter().for_each(|what| named(format!("xray-missed-{}", what.as_str().replace('_', "-")), language));
            for rule in [
                Rule::AllRatings,
                Rule::EachClientOnce,
                Rule::ServedByPeople,
                Rule::WithTheSilent,
                Rule::ResponseOfAsked,
                Rule::ResponseOfClosed,
                Rule::WithoutOperator,
                Rule::CreditedElsewhere,
                Rule::ByProgram,
                Rule::NeverInTime,
                Rule::Repeats,
                Rule::ToldApart,
            ] {
                named(format!("xray-label-{}", rule.as_str().replace('_', "-")), language);
            }
        }
    }
}
