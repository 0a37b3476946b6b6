//! Options of the filters of a page of figures.

use super::ask::ReportQuery;
use super::{Choice, words};
use crate::frame::Frame;
use crate::frame::filter::Chip;
use lastword_base::names::{LineId, OperatorId};
use lastword_domain::session::HandledBy;
use lastword_store::report::{By, Closes, known, labelled};
use lastword_store::session::operator;
use lastword_store::{Db, StoreError};
use std::collections::BTreeMap;

/// Preset of the period without a custom one.
const USUAL: &str = "30";
/// Maximum number of operators and channels offered.
const CHOICES_MAX: usize = 1_000;

/// Options of the filters.
pub struct Choices {
    /// Lines that the person sees.
    pub lines: Vec<Choice>,
    /// Operators of the period.
    pub operators: Vec<Choice>,
    /// Channels of the period.
    pub channels: Vec<Choice>,
    /// Handled by humans or programs.
    pub handled: Vec<Choice>,
    /// Labels.
    pub labels: Vec<Choice>,
}

impl Choices {
    /// Loads the options for the selected period.
    pub async fn of(db: &Db, page: &Frame, asked: &ReportQuery, lines: &BTreeMap<LineId, String>) -> Result<Self, StoreError> {
        let all = Closes { sees: asked.closes.sees.clone(), ..Closes::of(asked.period) };
        let channels = known(db, &all, By::Channel, CHOICES_MAX).await?.into_iter().map(|kind| (kind.clone(), words::channel(page, &kind)));
        let labels = labelled::choices(db, &page.named, all.until.start(db.zone()), &all.sees).await?;
        Ok(Self {
            lines: lines.iter().map(|(id, name)| (id.to_string(), name.clone())).collect(),
            operators: with_chosen(operators(db, &all).await?, asked.fields.value("operator")),
            channels: with_chosen(channels.collect(), asked.fields.value("channel")),
            handled: HandledBy::ALL.map(|by| (by.to_string(), words::handled_by(page, by.as_str()))).into(),
            labels: with_label(labels, asked.fields.value("label")),
        })
    }
}

impl Choices {
    /// The active filters of the page at `path`.
    pub(crate) fn chips(&self, page: &Frame, asked: &ReportQuery, path: &str) -> Vec<Chip> {
        let scales = ["binary", "five_star"].map(|scale| (scale.to_owned(), page.t(&format!("num-scale-{}", scale.replace('_', "-")))));
        let filters: [(&str, &[Choice]); 6] = [
            ("line", &self.lines),
            ("operator", &self.operators),
            ("channel", &self.channels),
            ("handled_by", &self.handled),
            ("label", &self.labels),
            ("scale", &scales),
        ];
        let chip = |(name, choices): (&str, &[Choice])| {
            let value = asked.fields.value(name);
            if value.is_empty() || !asked.fields.error(name).is_empty() {
                return None;
            }
            let words = match (choices.iter().find(|(id, _)| id == value), name) {
                (Some((_, words)), _) => words.clone(),
                (None, "operator") if value == "-" => page.t("num-operator-none"),
                (None, "channel") if value == "-" => page.t("num-channel-none"),
                (None, _) => value.to_owned(),
            };
            let without = format!("{path}?{}", asked.address(&[(name, "")]));
            Some(Chip { label: page.t(&format!("num-filter-{}", name.replace('_', "-"))), value: words, without })
        };
        let days = asked.preset.is_empty() && asked.fields.fine();
        let days = days.then(|| Chip {
            label: page.t("num-period"),
            value: words::days(page, asked.period),
            without: format!("{path}?{}", asked.preset_address(USUAL)),
        });
        days.into_iter().chain(filters.into_iter().filter_map(chip)).collect()
    }
}

/// Operators of these closes, by name.
async fn operators(db: &Db, closes: &Closes) -> Result<Vec<Choice>, StoreError> {
    let ids = known(db, closes, By::Operator, CHOICES_MAX).await?;
    let named: Vec<OperatorId> = ids.iter().map(OperatorId::from).collect();
    let mut names = operator::names(db, &named.iter().collect::<Vec<_>>()).await?;
    Ok(ids.into_iter().map(|id| (id.clone(), names.remove(id.as_str()).unwrap_or(id))).collect())
}

/// Labels in their order, including the selected one.
fn with_label(mut choices: Vec<Choice>, chosen: &str) -> Vec<Choice> {
    if !chosen.is_empty() && !choices.iter().any(|(id, _)| id == chosen) {
        choices.insert(0, (chosen.to_owned(), chosen.to_owned()));
    }
    choices
}

/// Adds the selected value to the options if the period has none of it.
fn with_chosen(mut choices: Vec<Choice>, chosen: &str) -> Vec<Choice> {
    choices.sort_by(|a, b| a.1.cmp(&b.1));
    if !chosen.is_empty() && chosen != "-" && !choices.iter().any(|(id, _)| id == chosen) {
        choices.insert(0, (chosen.to_owned(), chosen.to_owned()));
    }
    choices
}
