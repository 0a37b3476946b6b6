//! Converts settings to form fields.

use super::setting::{HOURS, MINUTES, SECONDS, Units};
use crate::frame::form::Fields;
use lastword_domain::answer::reason::Reason;
use lastword_domain::line::ask_rule::AskRule;
use lastword_domain::line::tag_rule::TagRule;
use lastword_domain::line::{FollowUp, LabelRoute, LineSettings, OtherText, Resolved, ShutOut, Texts};
use lastword_domain::session::label::LabelIs;

/// The texts of one language that have a field each, with their names.
pub(super) fn single_texts(texts: &Texts) -> [(&'static str, &Option<String>); 10] {
    [
        ("question", &texts.question),
        ("reminder", &texts.reminder),
        ("thanks_good", &texts.thanks_good),
        ("thanks_neutral", &texts.thanks_neutral),
        ("thanks_low", &texts.thanks_low),
        ("expired", &texts.expired),
        ("goes_on", &texts.goes_on),
        ("resolved", &texts.resolved),
        ("comment", &texts.comment),
        ("review", &texts.review),
    ]
}

/// Reasons as form text, one per line: `slow: Took too long`.
pub(super) fn written_reasons(reasons: &[Reason]) -> String {
    let written: Vec<String> = reasons.iter().map(|Reason { code, text }| format!("{code}: {text}")).collect();
    written.join("\n")
}

/// Keyword rules as form text, one language of a rule per line: `price / en: price, too expensive`.
fn written_rules(rules: &[TagRule]) -> String {
    let lines = rules
        .iter()
        .flat_map(|rule| rule.words.iter().map(|(language, words)| format!("{} / {language}: {}", rule.code, words.join(", "))));
    lines.collect::<Vec<_>>().join("\n")
}

/// Recipients by label as form text, one per line: `anna: vip, topic:refund`.
fn written_routes(routes: &[LabelRoute]) -> String {
    let labels = |route: &LabelRoute| route.any.iter().map(LabelIs::to_string).collect::<Vec<_>>().join(", ");
    routes.iter().map(|route| format!("{}: {}", route.recipient, labels(route))).collect::<Vec<_>>().join("\n")
}

/// Form value of [`Resolved`].
pub(super) fn resolved_word(resolved: Resolved) -> &'static str {
    match resolved {
        Resolved::Never => "never",
        Resolved::AfterLow => "after_low",
        Resolved::Always => "always",
    }
}

/// Form fields filled with these settings.
pub(super) fn fields(name: &str, settings: &LineSettings) -> Fields {
    let fields = Fields::default()
        .with("name", name)
        .with("scale", settings.scale.as_str())
        .with("language", &*settings.language)
        .with("low_max", settings.low_max.map(|low| low.to_string()).unwrap_or_default())
        .with("skip.min_messages", settings.skip.min_messages.to_string())
        .with("sampling_percent", settings.sampling_percent.to_string())
        .with("target_percent", settings.target_percent.map(|percent| percent.to_string()).unwrap_or_default())
        .with("retention_months", settings.retention_months.to_string())
        .with("other_text", if settings.other_text == OtherText::Cancel { "cancel" } else { "keep_open" })
        .with("attribution", settings.attribution.as_str())
        .with("ask_handled", settings.ask_handled.as_str())
        .with("window.fallback", settings.window.fallback.clone().unwrap_or_default())
        .with("review_link", settings.review_link.clone().unwrap_or_default())
        .with("tag_rules", written_rules(&settings.tag_rules))
        .with("ask_rules", settings.ask_rules.iter().map(AskRule::written).collect::<Vec<_>>().join("\n"))
        .with("alerts.by_label", written_routes(&settings.alerts.by_label))
        .with("alerts.text", settings.alerts.text.clone().unwrap_or_default())
        .with("follow_up.resolved", resolved_word(settings.follow_up.resolved));
    let fields = durations(ticks(fields, settings), settings);
    let quiet = settings.quiet_hours.clone().unwrap_or_default();
    let fields = fields
        .with("quiet_hours.from", quiet.from)
        .with("quiet_hours.to", quiet.to)
        .with("quiet_hours.time_zone", quiet.time_zone.unwrap_or_default())
        .with("quiet_hours.shut_out", if quiet.shut_out == ShutOut::Skip { "skip" } else { "early" });
    let due = settings.deadline.clone().unwrap_or_default();
    let fields = fields
        .with("deadline.hours", settings.deadline.as_ref().map(|deadline| deadline.hours.to_string()).unwrap_or_default())
        .with("deadline.from", due.from.unwrap_or_default())
        .with("deadline.to", due.to.unwrap_or_default())
        .with("deadline.time_zone", due.time_zone.unwrap_or_default())
        .with("deadline.days_off", due.days_off.join("\n"));
    let fields = due.days.iter().fold(fields, |fields, day| fields.with("deadline.days", day.to_string()));
    let lists = [
        ("alerts.recipients", &settings.alerts.recipients),
        ("alerts.supervisors", &settings.alerts.supervisors),
        ("alerts.escalate_to", &settings.alerts.escalate_to),
    ];
    let fields = lists.into_iter().fold(fields, |fields, (name, ids)| ids.iter().fold(fields, |fields, id| fields.with(name, &**id)));
    settings.texts.iter().fold(fields, |fields, (language, texts)| {
        let fields = fields.with("texts", &**language);
        let fields = single_texts(texts)
            .into_iter()
            .fold(fields, |fields, (name, text)| fields.with(&format!("texts.{language}.{name}"), text.clone().unwrap_or_default()));
        fields.with(&format!("texts.{language}.reasons"), written_reasons(texts.reasons.as_deref().unwrap_or_default()))
    })
}

fn ticks(fields: Fields, settings: &LineSettings) -> Fields {
    let FollowUp { reasons, comment, .. } = settings.follow_up;
    let ticks = [
        ("enabled", settings.enabled),
        ("ask_after_timeout", settings.ask_after_timeout),
        ("ask_after_bot", settings.ask_after_bot),
        ("follow_up.reasons", reasons),
        ("follow_up.comment", comment),
        ("skip.no_operator", settings.skip.no_operator),
        ("skip.operator_silent", settings.skip.operator_silent),
        ("skip.client_silent", settings.skip.client_silent),
        ("window.ask_early", settings.window.ask_early),
        ("window.template", settings.window.template),
        ("quiet_hours", settings.quiet_hours.is_some()),
        ("while_talking.enabled", settings.while_talking.enabled),
        ("while_talking.closes", settings.while_talking.closes),
        ("praise", settings.praise),
        ("publication", settings.publication),
    ];
    ticks.into_iter().filter(|(_, on)| *on).fold(fields, |fields, (name, _)| fields.with(name, "1"))
}

fn durations(fields: Fields, settings: &LineSettings) -> Fields {
    let durations: [(&str, Option<u32>, Units); 8] = [
        ("delay_secs", Some(settings.delay_secs), SECONDS),
        ("expires_after_hours", Some(settings.expires_after_hours), HOURS),
        ("change_minutes", Some(settings.change_minutes), MINUTES),
        ("reminder_after_hours", settings.reminder_after_hours, HOURS),
        ("once_per_client_hours", Some(settings.once_per_client_hours), HOURS),
        ("idle_minutes", settings.idle_minutes, MINUTES),
        ("while_talking.time_limit_secs", settings.while_talking.time_limit_secs, SECONDS),
        ("alerts.escalate_after_minutes", settings.alerts.escalate_after_minutes, MINUTES),
    ];
    durations.into_iter().fold(fields, |fields, (name, value, units)| {
        // The largest unit that represents the value exactly; zero and no value use the smallest.
        let whole = |&&(_, size): &&(&str, u32)| value.is_some_and(|value| value > 0 && value.is_multiple_of(size));
        let &(unit, size) = units.iter().rev().find(whole).unwrap_or(&units[0]);
        let shown = value.map(|value| (value / size).to_string()).unwrap_or_default();
        fields.with(name, shown).with(&format!("{name}.unit"), unit)
    })
}
