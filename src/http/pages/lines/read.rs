//! Converts form fields to settings. Settings that the form does not show stay unchanged.

use super::setting::{HOURS, MINUTES, SECONDS, Units, worded};
use crate::frame::form::{Fields, Form};
use lastword_base::names::ConnectionId;
use lastword_domain::answer::rating::Scale;
use lastword_domain::answer::reason::{Reason, is_code};
use lastword_domain::line::ask_rule::AskRule;
use lastword_domain::line::days_off::DayOff;
use lastword_domain::line::deadline::{Deadline, HOURS_MAX};
use lastword_domain::line::tag_rule::TagRule;
use lastword_domain::line::texts::words;
use lastword_domain::line::{AskHandled, Attribution, LabelRoute, LineSettings, OtherText, QuietHours, Resolved, ShutOut, Texts};
use lastword_domain::session::label::LabelIs;
use lastword_http::locale::language::Language;
use lastword_import::icalendar;
use lastword_life::Millis;
use std::collections::BTreeMap;

/// Reads one form.
struct Reader<'a> {
    form: &'a Form,
    fields: &'a mut Fields,
    language: Language,
    now: Millis,
}

/// Settings from a form, based on the present ones in `there`. Errors are added to `fields`.
pub(super) fn settings(form: &Form, there: &LineSettings, fields: &mut Fields, language: Language, now: Millis) -> LineSettings {
    let mut reader = Reader { form, fields, language, now };
    let mut settings = there.clone();
    reader.plain(&mut settings);
    reader.alerts(&mut settings);
    reader.times(&mut settings);
    reader.texts(&mut settings);
    reader.rules(&mut settings);
    reader.label_rules(&mut settings);
    reader.check(&settings);
    settings
}

impl Reader<'_> {
    fn plain(&mut self, settings: &mut LineSettings) {
        let form = self.form;
        settings.enabled = form.ticked("enabled");
        match Scale::parse(form.get("scale")) {
            Some(scale) => settings.scale = scale,
            None => self.fields.wrong("set-bad-scale", "scale", self.language),
        }
        if !form.get("language").is_empty() {
            form.get("language").clone_into(&mut settings.language);
        }
        settings.ask_after_timeout = form.ticked("ask_after_timeout");
        settings.ask_after_bot = form.ticked("ask_after_bot");
        settings.low_max = form.get("low_max").parse().ok();
        settings.follow_up.reasons = form.ticked("follow_up.reasons");
        settings.follow_up.comment = form.ticked("follow_up.comment");
        settings.follow_up.resolved = match form.get("follow_up.resolved") {
            "after_low" => Resolved::AfterLow,
            "always" => Resolved::Always,
            _ => Resolved::Never,
        };
        settings.ask_handled = AskHandled::parse(form.get("ask_handled")).unwrap_or_default();
        settings.skip.no_operator = form.ticked("skip.no_operator");
        settings.skip.operator_silent = form.ticked("skip.operator_silent");
        settings.skip.client_silent = form.ticked("skip.client_silent");
        settings.skip.min_messages = self.number("skip.min_messages", 0, 1_000).unwrap_or(0);
        settings.sampling_percent = self.number("sampling_percent", 0, 100).and_then(|percent| percent.try_into().ok()).unwrap_or(100);
        settings.while_talking.enabled = form.ticked("while_talking.enabled");
        settings.while_talking.closes = form.ticked("while_talking.closes");
        settings.target_percent = match form.get("target_percent") {
            "" => None,
            _ => self.number("target_percent", 1, 99).and_then(|percent| percent.try_into().ok()).or(settings.target_percent),
        };
        settings.deadline = self.deadline(settings.deadline.as_ref());
        settings.praise = form.ticked("praise");
        settings.review_link = text(form.get("review_link"));
        settings.publication = form.ticked("publication");
        settings.retention_months = self.number("retention_months", 0, 1_200).unwrap_or(settings.retention_months);
        settings.window.ask_early = form.ticked("window.ask_early");
        settings.window.template = form.ticked("window.template");
        settings.window.fallback = text(form.get("window.fallback")).map(ConnectionId::from);
        settings.other_text = if form.get("other_text") == "cancel" { OtherText::Cancel } else { OtherText::KeepOpen };
        settings.attribution = if form.get("attribution") == "shared" { Attribution::Shared } else { Attribution::Closing };
        settings.quiet_hours = form.ticked("quiet_hours").then(|| QuietHours {
            from: form.get("quiet_hours.from").to_owned(),
            to: form.get("quiet_hours.to").to_owned(),
            time_zone: text(form.get("quiet_hours.time_zone")),
            shut_out: if form.get("quiet_hours.shut_out") == "skip" { ShutOut::Skip } else { ShutOut::Early },
        });
    }

    /// The deadline if hours are given; an invalid number keeps the present one.
    fn deadline(&mut self, there: Option<&Deadline>) -> Option<Deadline> {
        if self.form.get("deadline.hours").is_empty() {
            return None;
        }
        let hours = self.number("deadline.hours", 1, HOURS_MAX).or(there.map(|there| there.hours))?;
        Some(Deadline {
            hours,
            days: self.form.all("deadline.days").filter_map(|day| day.parse().ok()).collect(),
            days_off: self.days_off(),
            from: text(self.form.get("deadline.from")),
            to: text(self.form.get("deadline.to")),
            time_zone: text(self.form.get("deadline.time_zone")),
        })
    }

    /// Days off, one on each line, or from an iCalendar file. If events of the file cannot be used, the field shows its days off and the
    /// reason, and saving it again keeps them.
    fn days_off(&mut self) -> Vec<String> {
        const NAME: &str = "deadline.days_off";
        let text = unix(self.form.get(NAME));
        if !icalendar::is_calendar(&text) {
            let mut days = Vec::new();
            for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
                if DayOff::parse(line).is_err() {
                    let shown: String = line.chars().take(60).collect();
                    self.fields.refuse(NAME, self.language.text("set-bad-day-off", &[("line", &shown)]));
                }
                days.push(DayOff::parse(line).map_or_else(|_| line.to_owned(), |day| day.to_string()));
            }
            return days;
        }
        match icalendar::read(&text, self.now) {
            Ok(calendar) => {
                let days: Vec<String> = calendar.days.iter().map(ToString::to_string).collect();
                self.fields.put(NAME, days.join("\n"));
                if calendar.unused > 0 {
                    let (count, first) = (i64::try_from(calendar.unused).unwrap_or(i64::MAX), calendar.left_out.join("; "));
                    let words = self.language.text("set-calendar-left-out", &[("n", &count), ("events", &first)]);
                    self.fields.refuse(NAME, words);
                }
                days
            }
            Err(problem) => {
                self.fields.refuse(NAME, self.language.text("set-bad-calendar", &[("problem", &problem)]));
                Vec::new()
            }
        }
    }

    fn alerts(&mut self, settings: &mut LineSettings) {
        let list = |name: &str| -> Vec<String> {
            let mut ids: Vec<String> = Vec::new();
            for id in self.form.all(name).filter(|id| !id.is_empty()) {
                if !ids.iter().any(|known| known == id) {
                    ids.push(id.to_owned());
                }
            }
            ids
        };
        settings.alerts.recipients = list("alerts.recipients");
        settings.alerts.supervisors = list("alerts.supervisors");
        settings.alerts.escalate_to = list("alerts.escalate_to");
        settings.alerts.text = text(&unix(self.form.get("alerts.text")));
        settings.alerts.escalate_after_minutes =
            self.duration("alerts.escalate_after_minutes", MINUTES, true).filter(|&minutes| minutes > 0);
    }

    fn times(&mut self, settings: &mut LineSettings) {
        settings.delay_secs = self.duration("delay_secs", SECONDS, false).unwrap_or(settings.delay_secs);
        settings.expires_after_hours = self.duration("expires_after_hours", HOURS, false).unwrap_or(settings.expires_after_hours);
        settings.change_minutes = self.duration("change_minutes", MINUTES, false).unwrap_or(settings.change_minutes);
        settings.once_per_client_hours = self.duration("once_per_client_hours", HOURS, false).unwrap_or(settings.once_per_client_hours);
        settings.reminder_after_hours = self.duration("reminder_after_hours", HOURS, true);
        let given = |number: Option<u32>| number.filter(|&number| number > 0);
        settings.idle_minutes = given(self.duration("idle_minutes", MINUTES, true));
        settings.while_talking.time_limit_secs = given(self.duration("while_talking.time_limit_secs", SECONDS, true));
    }

    fn texts(&mut self, settings: &mut LineSettings) {
        for language in self.form.all("texts") {
            let get = |name: &str| text(&unix(self.form.get(&format!("texts.{language}.{name}"))));
            let mut texts = settings.texts.get(language).cloned().unwrap_or_default();
            let known = words(settings, Some(language)).reasons;
            texts.question = get("question");
            texts.reminder = get("reminder");
            texts.thanks_good = get("thanks_good");
            texts.thanks_neutral = get("thanks_neutral");
            texts.thanks_low = get("thanks_low");
            texts.expired = get("expired");
            texts.goes_on = get("goes_on");
            texts.resolved = get("resolved");
            texts.comment = get("comment");
            texts.review = get("review");
            texts.reasons = get("reasons").map(|text| reasons(&text, &known));
            if texts == Texts::default() {
                settings.texts.remove(language);
            } else {
                settings.texts.insert(language.to_owned(), texts);
            }
        }
    }

    /// Keyword rules, each language of a rule on its own line: `price / en: price, too expensive`.
    fn rules(&mut self, settings: &mut LineSettings) {
        let mut rules: Vec<TagRule> = Vec::new();
        let text = unix(self.form.get("tag_rules"));
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let parts = line.split_once(':').and_then(|(head, words)| Some((head.split_once('/')?, words)));
            let Some(((code, language), words)) = parts else {
                let shown: String = line.chars().take(60).collect();
                let words = self.language.text("set-bad-tag-rule-line", &[("line", &shown)]);
                return self.fields.refuse("tag_rules", words);
            };
            let words = words.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned);
            let (code, language) = (code.trim(), language.trim());
            let known = rules.iter().position(|rule| rule.code == code);
            let at = known.unwrap_or_else(|| {
                rules.push(TagRule { code: code.to_owned(), words: BTreeMap::new() });
                rules.len() - 1
            });
            rules[at].words.entry(language.to_owned()).or_default().extend(words);
        }
        settings.tag_rules = rules;
    }

    /// Ask rules and recipients by label, each on its own line: `ask: vip & topic:refund`, `anna: vip`.
    fn label_rules(&mut self, settings: &mut LineSettings) {
        fn rows<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, String> {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            lines.map(|line| parse(line).ok_or_else(|| line.chars().take(60).collect())).collect()
        }
        match rows(self.form.get("ask_rules"), AskRule::parse) {
            Ok(rules) => settings.ask_rules = rules,
            Err(line) => self.fields.refuse("ask_rules", self.language.text("set-bad-ask-rule-line", &[("line", &line)])),
        }
        let route = |line: &str| {
            let (recipient, labels) = line.split_once(':')?;
            let any: Option<Vec<LabelIs>> = labels.split(',').map(|label| LabelIs::parse(label.trim())).collect();
            Some(LabelRoute { recipient: recipient.trim().to_owned(), any: any? })
        };
        match rows(self.form.get("alerts.by_label"), route) {
            Ok(routes) => settings.alerts.by_label = routes,
            Err(line) => self.fields.refuse("alerts.by_label", self.language.text("set-bad-route-line", &[("line", &line)])),
        }
    }

    /// Checks the settings and adds each error to its field, as text in the reader's language.
    fn check(&mut self, settings: &LineSettings) {
        let Err(bad) = settings.check() else { return };
        if let Some(unknown) = settings.unknown_macro().filter(|unknown| unknown.field == bad.field) {
            let key = if unknown.known.is_empty() { "wrong-macro-none" } else { "wrong-macro" };
            let words = self.language.text(key, &[("name", &unknown.name), ("known", &unknown.known())]);
            return self.fields.refuse(unknown.field, words);
        }
        let gated = settings.review_link.is_some() && bad.problem.contains("review_link");
        let key = match worded(&bad.field).as_str() {
            text if gated && text.starts_with("texts.") => "set-bad-review-gated".to_owned(),
            "texts" => "set-bad-language".to_owned(),
            "texts.reasons" => "set-bad-reasons".to_owned(),
            text if text.starts_with("texts.") => "set-bad-text".to_owned(),
            name => format!("set-bad-{}", name.replace(['.', '_'], "-")),
        };
        let words = self.language.text(&key, &[]);
        let words = if words == key { bad.problem } else { words };
        self.fields.refuse(if bad.field == "texts" { "texts.add".to_owned() } else { bad.field }, words);
    }

    fn number(&mut self, name: &'static str, min: u32, max: u32) -> Option<u32> {
        match self.form.get(name).parse() {
            Ok(number) if (min..=max).contains(&number) => Some(number),
            _ => {
                let words = self.language.text("set-bad-number", &[("min", &min), ("max", &max)]);
                self.fields.refuse(name, words);
                None
            }
        }
    }

    /// A number with its unit; `None` if the field is empty and `optional`.
    fn duration(&mut self, name: &'static str, units: Units, optional: bool) -> Option<u32> {
        if optional && self.form.get(name).is_empty() {
            return None;
        }
        let number: Option<u32> = self.form.get(name).parse().ok();
        let unit = self.form.get(&format!("{name}.unit"));
        let size = units.iter().find(|(word, _)| *word == unit).map_or(1, |(_, size)| *size);
        let whole = number.and_then(|number| number.checked_mul(size)).filter(|&whole| whole <= 100_000_000);
        if whole.is_none() {
            self.fields.wrong("set-bad-duration", name, self.language);
        }
        whole
    }
}

/// Reasons of a form, one per line. A reason without a code keeps the code of the known reason with the same text, or gets
/// one derived from its text.
fn reasons(text: &str, known: &[Reason]) -> Vec<Reason> {
    let line = |line: &str| {
        let coded =
            line.split_once(':').map(|(code, text)| (code.trim(), text.trim())).filter(|(code, text)| is_code(code) && !text.is_empty());
        let kept = || known.iter().find(|reason| reason.text == line).cloned().unwrap_or_else(|| Reason::worded(line));
        coded.map_or_else(kept, |(code, text)| Reason { code: code.to_owned(), text: text.to_owned() })
    };
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(line).collect()
}

fn text(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Converts CRLF line ends, as browsers send them, to LF.
fn unix(text: &str) -> String {
    text.replace("\r\n", "\n")
}
