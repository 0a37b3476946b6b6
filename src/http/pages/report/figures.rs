//! Figures of a report for display: value, whole, and the list behind it.

use super::lists::Lists;
use super::words;
use crate::frame::Frame;
use lastword_domain::answer::rating::Scale;
use lastword_domain::outcome::Outcome;
use lastword_domain::report::Report;
use lastword_domain::report::share::Share;
use lastword_life::report::Summary;
use lastword_life::report::changed::Claims;

/// One figure.
#[derive(Clone, Debug, Default)]
pub struct Figure {
    /// Key for programs that read the page, such as tests.
    pub key: String,
    /// Label.
    pub label: String,
    /// Value as displayed.
    pub value: String,
    /// The plain number behind `value`; empty if there is no single number.
    pub raw: String,
    /// The whole, or the precision.
    pub of: String,
    /// Explanation of `of`, shown on hover and read aloud; empty if there is none.
    pub hint: String,
    /// Value of the previous period; empty if not shown.
    pub before: String,
    /// Value over all days so far; empty if not shown.
    pub overall: String,
    /// Link to the list behind it; empty if there is none.
    pub href: String,
    /// A short remark; empty if there is none.
    pub chip: String,
    /// Style of the remark: `on`, `bad`, `warn` or empty.
    pub tone: &'static str,
    /// Length of a bar below the value, in percent.
    pub bar: Option<f64>,
    /// Explanation of the remark, shown on request; empty if there is none.
    pub why: String,
}

/// True if the score of a report combines several scales.
fn is_pooled(report: &Report) -> bool {
    report.scales.iter().filter(|scale| scale.score.adjusted.rated > 0).count() > 1
}

/// Builds figures of one report.
#[derive(Debug)]
pub struct Maker<'a> {
    /// The frame, for texts.
    pub page: &'a Frame,
    /// The report.
    pub report: &'a Report,
    /// Links to the lists of its closes.
    pub lists: Lists,
}

impl Maker<'_> {
    /// A whole number.
    pub fn count(&self, key: &str, label: &str, number: i64, list: Option<&[(&str, &str)]>) -> Figure {
        let href = list.filter(|_| number > 0).map(|more| self.lists.to(more)).unwrap_or_default();
        let (key, label) = (key.to_owned(), self.page.t(label));
        Figure { key, label, value: self.page.number(&number), raw: number.to_string(), href, ..Figure::default() }
    }

    /// Filter for the ratings of this grade that the score counts. If none is voided, these are all of them.
    fn in_the_score(&self, grade: &'static str) -> Vec<(&'static str, &'static str)> {
        let voided = (self.report.score.voided > 0).then_some(("voided", "no"));
        [("grade", grade)].into_iter().chain(voided).collect()
    }

    /// Filter for the ratings with this score that the score counts.
    pub fn with_score<'s>(&self, scale: Scale, score: &'s str) -> Vec<(&'static str, &'s str)> {
        let voided = (self.report.score.voided > 0).then_some(("voided", "no"));
        [("scale", scale.as_str()), ("score", score)].into_iter().chain(voided).collect()
    }

    fn share_of(&self, part: i64, whole: i64) -> String {
        let percent = Share::of(part, whole).percent();
        percent.map(|percent| words::percent(self.page, Some(percent))).unwrap_or_default()
    }

    /// The score with its interval.
    pub fn score(&self) -> Figure {
        let (page, score) = (self.page, &self.report.score);
        let share = &score.adjusted.share;
        let of = if share.of == 0 {
            page.t("num-no-ratings")
        } else {
            format!("{} · {}", words::part(page, share), words::interval(page, share))
        };
        // Each scale is shown separately below; a combined score says so.
        let pooled = share.of > 0 && is_pooled(self.report);
        let few = score.few && share.of > 0;
        Figure {
            key: "score".to_owned(),
            label: page.t("figure-score"),
            value: words::percent(page, share.percent),
            of,
            hint: if pooled { page.t("num-pooled") } else { String::new() },
            href: if share.part > 0 { self.lists.to(&self.in_the_score("good")) } else { String::new() },
            chip: if few { page.t("num-few") } else { String::new() },
            tone: if few { "warn" } else { "" },
            ..Figure::default()
        }
    }

    /// Response rate: answered of delivered questions whose time is over.
    pub fn response(&self) -> Figure {
        let (page, part) = (self.page, &self.report.response);
        let funnel = &self.report.funnel;
        let open = funnel.delivered_runs;
        let of = page.t2("num-response-of", "part", part.part, "of", part.of);
        let list: &[(&str, &str)] = if funnel.answered_runs > 0 { &[("outcome", "answered_over")] } else { &[] };
        Figure {
            key: "response".to_owned(),
            label: page.t("figure-response"),
            value: words::percent(page, part.percent),
            of: if open > 0 { format!("{of} · {}", page.t1("num-response-open", "n", open)) } else { of },
            href: if part.part > 0 { self.lists.to(list) } else { String::new() },
            ..Figure::default()
        }
    }

    /// Ratings of a grade that the score counts.
    pub fn graded(&self, grade: &'static str, number: i64) -> Figure {
        self.count(&format!("adjusted {grade}"), &format!("figure-{grade}"), number, Some(&self.in_the_score(grade)))
    }

    /// Bad ratings among all that the score counts.
    pub fn bad(&self) -> Figure {
        let adjusted = &self.report.score.adjusted;
        let of = if adjusted.rated == 0 {
            String::new()
        } else {
            self.page.t1("of-answered", "share", self.share_of(adjusted.bad, adjusted.rated).as_str())
        };
        Figure { label: self.page.t("figure-bad-ratings"), of, ..self.graded("bad", adjusted.bad) }
    }

    /// The headline figures. `overall` is the report of all days so far.
    pub fn headline(&self, summary: &Summary, overall: &Report, claims: Option<&Claims>) -> Vec<Figure> {
        let (page, funnel) = (self.page, &self.report.funnel);
        let (mut score, mut response) = (self.score(), self.response());
        if let Some(claims) = claims {
            if score.chip.is_empty() || claims.redefined {
                (score.chip, score.tone) = words::score_changed(page, claims);
                let before = summary.previous.as_ref().map(|(_, before)| before);
                // The shares combine all scales, but the points do not: they are not the difference of the two shares.
                let pooled = [Some(self.report), before].into_iter().flatten().any(is_pooled);
                if claims.score.difference.is_some() && pooled {
                    score.chip = format!("{} · {}", score.chip, page.t("num-each-scale"));
                }
            }
            (response.chip, response.tone) = words::changed(page, claims, &claims.response);
        }
        let mut answered = self.count("answered", "figure-answered", funnel.answered, Some(&[]));
        answered.of = page.t1("of-closed", "n", funnel.closed);
        let mut bad = self.bad();
        if let Some((_, before)) = &summary.previous {
            let was = |figure: &mut Figure, was: String| figure.before = page.t1("before-was", "n", was.as_str());
            was(&mut score, words::percent(page, before.score.adjusted.share.percent));
            was(&mut response, words::percent(page, before.response.percent));
            was(&mut answered, page.number(&before.funnel.answered));
            was(&mut bad, page.number(&before.score.adjusted.bad));
        }
        let share = &overall.score.adjusted.share;
        if share.of > 0 {
            let (percent, of) = (words::percent(page, share.percent), page.t1("of-ratings", "n", share.of));
            score.overall = page.t2("overall-is", "n", percent.as_str(), "of", of.as_str());
        }
        vec![score, response, answered, bad]
    }

    /// Outcomes of the closes.
    pub fn way(&self) -> Vec<Figure> {
        let funnel = &self.report.funnel;
        let outcome = |figure: Figure, of: i64| Figure { of: self.share_of(figure.raw.parse().unwrap_or(0), of), ..figure };
        let ended = |key: &'static str, label: &str, number: i64| self.count(key, label, number, Some(&[("outcome", key)]));
        vec![
            self.count("closed", "figure-closed", funnel.closed, Some(&[("outcome", "all")])),
            outcome(ended("not_asked", "figure-not-asked", funnel.not_asked), funnel.closed),
            outcome(ended("canceled", "figure-canceled", funnel.canceled), funnel.closed),
            outcome(ended("asked", "figure-asked", funnel.asked), funnel.closed),
            outcome(ended("delivered", "figure-delivered", funnel.delivered), funnel.asked),
            outcome(ended("answered", "figure-answered", funnel.answered), funnel.delivered),
            outcome(ended("open", "figure-open", funnel.open), funnel.asked),
            outcome(ended("expired", "figure-expired", funnel.expired), funnel.asked),
            outcome(ended("unreachable", "figure-unreachable", funnel.unreachable), funnel.asked),
            outcome(ended("unsure", "figure-unsure", funnel.unsure), funnel.asked),
            ended("late", "figure-late", funnel.late),
        ]
    }

    /// Reasons that closes were not asked about, canceled or not reached.
    pub fn reasons(&self, reasons: &[(Outcome, String, i64)]) -> Vec<Figure> {
        let figure = |(outcome, reason, count): &(Outcome, String, i64)| {
            let list = [("outcome", outcome.as_str()), ("reason", reason.as_str())];
            let key = format!("reason {} {reason}", outcome.as_str());
            let of = self.share_of(*count, self.report.funnel.closed);
            Figure { label: words::reason(self.page, *outcome, reason), of, ..self.count(&key, "", *count, Some(&list)) }
        };
        reasons.iter().map(figure).collect()
    }

    /// Content of the ratings. `overall` is the report of all days so far, if it is shown too.
    pub fn said(&self, overall: Option<&Report>) -> Vec<Figure> {
        let (page, report) = (self.page, self.report);
        let adjusted = &report.score.adjusted;
        let grade = |key: &'static str, number: i64| Figure { of: self.share_of(number, adjusted.rated), ..self.graded(key, number) };
        let mut figures = vec![grade("good", adjusted.good), grade("neutral", adjusted.neutral), grade("bad", adjusted.bad)];
        if report.score.voided > 0 {
            let voided = self.count("voided", "figure-voided", report.score.voided, Some(&[("voided", "yes")]));
            figures.push(Figure { of: self.share_of(report.score.voided, report.funnel.answered), ..voided });
        }
        if let Some(stars) = report.on(Scale::FiveStar).and_then(|stars| stars.adjusted_average) {
            let all = overall.and_then(|overall| overall.on(Scale::FiveStar)?.adjusted_average);
            let all = all.map(|all| (words::average(page, &all), page.t1("of-ratings", "n", all.of)));
            figures.push(Figure {
                label: page.t("figure-average"),
                value: words::average(page, &stars),
                of: page.t1("of-ratings", "n", stars.of),
                overall: all.map(|(mean, of)| page.t2("overall-is", "n", mean.as_str(), "of", of.as_str())).unwrap_or_default(),
                ..Figure::default()
            });
        }
        if let Some(bounds) = report.score.with_the_silent {
            let value = words::range(page, bounds.low, bounds.high);
            figures.push(Figure { label: page.t("figure-silent"), value, of: page.t("figure-silent-of"), ..Figure::default() });
        }
        figures
    }

    /// Other facts about the answers, such as the time to answer.
    pub fn more(&self) -> Vec<Figure> {
        let (page, report) = (self.page, self.report);
        let mut resolved = self.count("resolved", "figure-resolved", report.resolved.part, Some(&[("resolved", "yes")]));
        let said = page.t1("of-said", "n", report.resolved.of);
        resolved.of =
            report.resolved.percent.map_or_else(|| said.clone(), |percent| format!("{} {said}", words::percent(page, Some(percent))));
        let unresolved = report.resolved.of - report.resolved.part;
        let mut figures = vec![resolved, self.count("unresolved", "figure-unresolved", unresolved, Some(&[("resolved", "no")]))];
        let mut commented = self.count("commented", "figure-commented", report.commented.part, Some(&[("commented", "1")]));
        commented.of = self.share_of(report.commented.part, report.commented.of);
        figures.push(commented);
        if let Some(average) = report.took.average_secs {
            // The median first: a few answers after days raise the average far above what most clients took.
            let median = match (report.took.median_from_secs, report.took.median_to_secs) {
                (Some(0), Some(to)) => page.t1("median-under", "time", words::secs(page, to).as_str()),
                (Some(from), Some(to)) => words::span(page, from, to),
                _ => String::new(),
            };
            if !median.is_empty() {
                figures.push(Figure { label: page.t("figure-took-median"), value: median, ..Figure::default() });
            }
            let (key, label, value) = ("average secs".to_owned(), page.t("figure-took-average"), words::secs(page, average));
            figures.push(Figure { key, label, value, raw: average.to_string(), ..Figure::default() });
        }
        let mut supervised =
            self.count("supervised", "figure-supervised", report.supervisor.count, Some(&[("outcome", "all"), ("supervised", "1")]));
        supervised.of =
            report.supervisor.average.map(|mean| page.t1("average-of-5", "mean", words::stars(page, mean).as_str())).unwrap_or_default();
        figures.push(supervised);
        figures
    }

    /// Ratings of one scale by score, if the score counts them.
    pub fn scores(&self, scale: Scale) -> Vec<Figure> {
        let Some(found) = self.report.on(scale) else { return Vec::new() };
        let figure = |bar: &lastword_domain::report::Bar| {
            let (key, score, count) = (format!("adjusted {} {}", scale.as_str(), bar.score), bar.score.to_string(), bar.count - bar.voided);
            let figure = self.count(&key, "", count, Some(&self.with_score(scale, &score)));
            Figure { label: words::score(self.page, scale, bar.score), of: self.share_of(count, found.score.adjusted.rated), ..figure }
        };
        found.distribution.iter().rev().map(figure).collect()
    }
}
