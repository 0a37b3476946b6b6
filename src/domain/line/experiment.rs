//! Experiments: two ways to ask on one line. A is the line as it is; B differs in the text of the question, the delay or the scale.
//! A hash of the person selects the variant, so that one person is always asked in the same way.

use super::{BadSetting, LineSettings};
use crate::answer::rating::Scale;
use crate::word::words;
use lastword_base::names::ExperimentId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Default for a difference that would not matter, in percentage points.
pub const MARGIN_DEFAULT: u8 = 5;
/// Default number of clients in each variant after which an experiment is complete.
pub const CLIENTS_MAX_DEFAULT: u32 = 6_000;
/// Range of the planned number of clients.
pub const CLIENTS_MAX: std::ops::RangeInclusive<u32> = 200..=50_000;

words! {
    /// One of the two ways to ask.
    #[derive(Deserialize, ToSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum Variant {
        /// The line as it is.
        A = "a",
        /// The trial.
        B = "b",
    }
}

/// The trial: how B differs from the line. At least one setting differs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Trial {
    /// The question by language (`en`, `pt-BR`); other languages use the line's text.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub questions: BTreeMap<String, String>,
    /// Seconds between the close and the question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_secs: Option<u32>,
    /// The scale. Its default decides which scores are low.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<Scale>,
}

/// A running experiment of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// Its ID.
    pub id: ExperimentId,
    /// The trial.
    pub trial: Trial,
}

impl Running {
    /// The variant of `person`: half of all people each, and always the same for one person.
    pub fn variant_of(&self, person: &str) -> Variant {
        let digest = Sha256::new().chain_update(self.id.to_string()).chain_update([0]).chain_update(person).finalize();
        if digest[0] & 1 == 0 { Variant::A } else { Variant::B }
    }
}

impl LineSettings {
    /// These settings with `trial` applied.
    pub fn tried(&self, trial: &Trial) -> Self {
        let mut settings = self.clone();
        if let Some(scale) = trial.scale.filter(|scale| *scale != self.scale) {
            (settings.scale, settings.low_max) = (scale, None);
        }
        settings.delay_secs = trial.delay_secs.unwrap_or(self.delay_secs);
        for (language, question) in &trial.questions {
            settings.texts.entry(language.clone()).or_default().question = Some(question.clone());
        }
        settings
    }

    /// Checks that `trial` can be used on this line.
    ///
    /// # Errors
    /// Names the field and the remedy.
    pub fn check_trial(&self, trial: &Trial) -> Result<(), BadSetting> {
        let tried = self.tried(trial);
        if tried == *self {
            let problem = "is asked like the line itself: give B another question, delay or scale".to_owned();
            return Err(BadSetting { field: "trial".to_owned(), problem });
        }
        tried.check()
    }

    /// The first setting that would change how clients are asked, compared with `before`: an experiment forbids such changes.
    /// Asking may be switched off at any time, and settings that asked clients do not notice may change.
    pub fn asks_otherwise(&self, before: &Self) -> Option<String> {
        let (now, then) = (self.held_still(before), before.clone());
        let (now, then) = (serde_json::to_value(now).ok()?, serde_json::to_value(then).ok()?);
        let names = now.as_object().into_iter().chain(then.as_object()).flat_map(serde_json::Map::keys);
        names.into_iter().find(|name| now.get(*name) != then.get(*name)).cloned()
    }

    fn held_still(&self, before: &Self) -> Self {
        let free = before.clone();
        let mut texts = self.texts.clone();
        for (language, own) in &mut texts {
            let there = before.texts.get(language).cloned().unwrap_or_default();
            // Only the texts of the question are fixed; thank-you and other texts are read after the answer.
            let asks = (own.question.clone(), own.reminder.clone());
            *own = super::Texts { question: asks.0, reminder: asks.1, ..there };
        }
        for (language, there) in &before.texts {
            let gone = super::Texts { question: None, reminder: None, ..there.clone() };
            texts.entry(language.clone()).or_insert(gone);
        }
        texts.retain(|language, own| *own != super::Texts::default() || before.texts.contains_key(language));
        Self {
            texts,
            enabled: free.enabled,
            alerts: free.alerts,
            praise: free.praise,
            tag_rules: free.tag_rules,
            target_percent: free.target_percent,
            deadline: free.deadline,
            retention_months: free.retention_months,
            publication: free.publication,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::{Alerts, Texts};

    fn running(trial: Trial) -> Running {
        Running { id: ExperimentId::first_of(1), trial }
    }

    #[test]
    fn people_are_shared_evenly_and_each_stays_where_they_are() {
        let experiment = running(Trial::default());
        let people: Vec<String> = (0..20_000).map(|person| format!("desk/{person}")).collect();
        let b = people.iter().filter(|person| experiment.variant_of(person) == Variant::B).count();
        // Four standard deviations of a fair coin.
        assert!((9_717..=10_283).contains(&b), "{b}");
        assert!(people.iter().all(|person| experiment.variant_of(person) == experiment.variant_of(person)));
        // Another experiment assigns people independently: about half of those in B are in B again.
        let other = Running { id: ExperimentId::first_of(2), ..experiment.clone() };
        let both =
            people.iter().filter(|person| experiment.variant_of(person) == Variant::B && other.variant_of(person) == Variant::B).count();
        assert!((4_755..=5_245).contains(&both), "{both}");
    }

    #[test]
    fn a_trial_differs_only_in_what_it_says() {
        let line = LineSettings { low_max: Some(0), delay_secs: 5, ..LineSettings::default() };
        let question = Trial { questions: [("en".to_owned(), "And?".to_owned())].into(), ..Trial::default() };
        let tried = line.tried(&question);
        assert_eq!(tried.texts["en"].question.as_deref(), Some("And?"));
        assert_eq!((tried.delay_secs, tried.scale, tried.low_max), (5, Scale::Binary, Some(0)));
        let stars = line.tried(&Trial { scale: Some(Scale::FiveStar), delay_secs: Some(60), ..Trial::default() });
        assert_eq!((stars.delay_secs, stars.scale, stars.low_max), (60, Scale::FiveStar, None), "low is what is usual on it");
        assert_eq!(line.check_trial(&question), Ok(()));
        for nothing in [Trial::default(), Trial { delay_secs: Some(5), ..Trial::default() }] {
            assert_eq!(line.check_trial(&nothing).expect_err("nothing is tried").field, "trial");
        }
        let odd = Trial { questions: [("en".to_owned(), "#COLOUR#?".to_owned())].into(), ..Trial::default() };
        assert_eq!(line.check_trial(&odd).expect_err("no such macro").field, "texts.en.question");
    }

    #[test]
    fn what_is_asked_is_held_still_and_the_rest_is_free() {
        let line = LineSettings::default();
        let texts = |texts: Texts| LineSettings { texts: [("en".to_owned(), texts)].into(), ..line.clone() };
        let own = |text: &str| Some(text.to_owned());
        let held = [
            (LineSettings { delay_secs: 9, ..line.clone() }, "delay_secs"),
            (LineSettings { scale: Scale::FiveStar, ..line.clone() }, "scale"),
            (LineSettings { low_max: Some(1), ..line.clone() }, "low_max"),
            (LineSettings { sampling_percent: 50, ..line.clone() }, "sampling_percent"),
            (texts(Texts { question: own("And?"), ..Texts::default() }), "texts"),
        ];
        for (after, field) in held {
            assert_eq!(after.asks_otherwise(&line).as_deref(), Some(field));
            assert_eq!(line.asks_otherwise(&after).as_deref(), Some(field), "taken out again");
        }
        let free = [
            LineSettings { enabled: false, ..line.clone() },
            LineSettings { alerts: Alerts { recipients: vec!["anna".to_owned()], ..Alerts::default() }, ..line.clone() },
            LineSettings { praise: false, retention_months: 3, target_percent: Some(90), publication: true, ..line.clone() },
            texts(Texts { thanks_good: own("Thanks!"), ..Texts::default() }),
        ];
        for after in free {
            assert_eq!((after.asks_otherwise(&line), line.asks_otherwise(&after)), (None, None), "{after:?}");
        }
    }
}
