//! Validation of settings: each error names the key and the remedy.

use super::{BadSetting, LineSettings, QuietHours, ask_rule, tag_rule};
use crate::line::quiet_hours;

impl LineSettings {
    /// Refuses the first invalid setting.
    ///
    /// # Errors
    /// Names the field and the remedy.
    pub fn check(&self) -> Result<(), BadSetting> {
        let bad = |field: &str, problem: String| Err(BadSetting { field: field.to_owned(), problem });
        if self.sampling_percent > 100 {
            return bad("sampling_percent", format!("{} is more than all of them; write 0 to 100", self.sampling_percent));
        }
        if self.target_percent.is_some_and(|target| !(1..=99).contains(&target)) {
            return bad("target_percent", "write 1 to 99, or leave it out for no target".to_owned());
        }
        if self.low_max.is_some_and(|low| !self.scale.admits(low)) {
            return bad("low_max", format!("must be a score on the scale {}", self.scale.as_str()));
        }
        if self.expires_after_hours == 0 || self.expires_after_hours > 24 * 90 {
            return bad("expires_after_hours", "write 1 hour to 2160 (90 days)".to_owned());
        }
        if u64::from(self.delay_secs) >= u64::from(self.expires_after_hours) * 3_600 {
            return bad("delay_secs", "the question would expire before it is sent; shorten the delay".to_owned());
        }
        if self.reminder_after_hours.is_some_and(|hours| hours == 0 || hours >= self.expires_after_hours) {
            return bad(
                "reminder_after_hours",
                "must lie between the question and its end; write 1 or more, less than expires_after_hours".to_owned(),
            );
        }
        if self.alerts.escalate_after_minutes.is_some() && self.alerts.escalate_to.is_empty() {
            return bad("alerts.escalate_to", "name at least one recipient to escalate to, or leave escalate_after_minutes out".to_owned());
        }
        if self.window.fallback.as_ref().is_some_and(|name| name.as_str().trim().is_empty()) {
            return bad("window.fallback", "name a connection, or leave it out".to_owned());
        }
        if self.retention_months > 1_200 {
            return bad("retention_months", "write 1 to 1200 months, or 0 to keep personal data for ever".to_owned());
        }
        if self.idle_minutes.is_some_and(|minutes| minutes == 0 || minutes > IDLE_MINUTES_MAX) {
            return bad("idle_minutes", format!("write 1 minute to {IDLE_MINUTES_MAX} (31 days), or leave it out to close nothing"));
        }
        let limit = self.while_talking.time_limit_secs;
        if limit.is_some_and(|secs| !TALK_SECS.contains(&secs)) {
            let problem = format!("write {TALK_SECS_MIN} seconds to {TALK_SECS_MAX} (90 days), or leave it out for expires_after_hours");
            return bad("while_talking.time_limit_secs", problem);
        }
        if let Some(quiet) = &self.quiet_hours {
            quiet.check()?;
        }
        if let Some(deadline) = &self.deadline {
            deadline.check()?;
        }
        self.check_review_link()?;
        self.alerts.check()?;
        ask_rule::check(&self.ask_rules)?;
        tag_rule::check(&self.tag_rules, is_language)?;
        if !is_language(&self.language) {
            return bad("language", format!("\"{}\" is not a language; write for instance \"en\" or \"pt-BR\"", self.language));
        }
        for (language, texts) in &self.texts {
            if !is_language(language) {
                return bad("texts", format!("\"{language}\" is not a language; write for instance \"en\" or \"pt-BR\""));
            }
            texts.check(language)?;
        }
        self.unknown_macro().map_or(Ok(()), |unknown| Err(unknown.into()))
    }
}

fn is_language(tag: &str) -> bool {
    (1..=35).contains(&tag.len()) && tag.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
}

impl QuietHours {
    fn check(&self) -> Result<(), BadSetting> {
        let bad = |field: &str, problem: String| Err(BadSetting { field: format!("quiet_hours.{field}"), problem });
        for (field, text) in [("from", &self.from), ("to", &self.to)] {
            if quiet_hours::time_of_day(text).is_none() {
                return bad(field, format!("\"{text}\" is not a time of day; write 00:00 to 23:59, for instance \"22:00\""));
            }
        }
        if self.from == self.to {
            return bad("to", "is the same as from, so that nobody would ever be asked; leave quiet_hours out for none".to_owned());
        }
        match &self.time_zone {
            Some(name) if quiet_hours::zone(name).is_none() => {
                bad("time_zone", format!("there is no time zone \"{name}\"; write for instance \"Europe/Berlin\", or leave it out"))
            }
            _ => Ok(()),
        }
    }
}

/// Maximum of the idle timer: 31 days.
pub const IDLE_MINUTES_MAX: u32 = 31 * 24 * 60;
/// Minimum time for an answer while talking: a message needs some seconds to arrive.
const TALK_SECS_MIN: u32 = 10;
/// Maximum time for an answer while talking: 90 days.
const TALK_SECS_MAX: u32 = 90 * 24 * 3_600;
/// Range of the time for an answer while talking.
pub(super) const TALK_SECS: std::ops::RangeInclusive<u32> = TALK_SECS_MIN..=TALK_SECS_MAX;
