//! The settings of a line in five tabs of one form: assigns each setting to a tab and section.

use super::super::Pages;
use super::super::frame::Frame;
use super::fill;
use super::setting::{Draw, HOURS, MINUTES, SECONDS, Setting};
use lastword_domain::line::texts::{Words, words};
use lastword_domain::line::{AskHandled, LineSettings};
use lastword_life::engine::channels::contract_scale;
use lastword_store::alert::recipient::Recipient;

/// IDs of the tabs in addresses, in the order of the page.
const TABS: [&str; 5] = ["question", "timing", "alerts", "after", "rules"];

/// A tab of the form.
pub(super) struct Tab {
    /// ID in addresses.
    pub(super) id: &'static str,
    /// Title.
    pub(super) title: String,
    /// Number of fields with errors.
    pub(super) wrong: usize,
    /// True if this tab is shown.
    pub(super) chosen: bool,
    /// Its groups of settings.
    pub(super) sections: Vec<Section>,
}

/// A group of settings.
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) lead: String,
    pub(super) settings: Vec<Setting>,
}

/// The texts in one language.
pub(super) struct Tongue {
    pub(super) tag: String,
    pub(super) name: String,
    /// Open if it is the first language or has an error.
    pub(super) open: bool,
    /// True if some of its texts are the line's own.
    pub(super) own: bool,
    pub(super) settings: Vec<Setting>,
}

/// The tab with this ID; the first if there is none.
pub(super) fn named(word: &str) -> &'static str {
    TABS.iter().find(|known| **known == word).unwrap_or(&TABS[0])
}

/// Query string that opens this tab; empty for the first.
pub(super) fn behind(tab: &'static str) -> String {
    if tab == TABS[0] { String::new() } else { format!("?tab={tab}") }
}

/// Data for rendering the tabs.
pub(super) struct Material<'a> {
    pub(super) languages: &'a [(String, String)],
    pub(super) texts: &'a [Tongue],
    pub(super) recipients: &'a [Recipient],
    pub(super) connections: &'a [(String, String)],
    pub(super) settings: &'a LineSettings,
}

/// All tabs. The first tab with an error is shown, otherwise `wished`.
pub(super) fn tabs(draw: Draw<'_>, of: &Material<'_>, wished: &'static str) -> Vec<Tab> {
    let sections = |tab: &str| match tab {
        "question" => vec![asking(draw, of.languages), low(draw)],
        "timing" => vec![answering(draw), windows(draw, of.connections), talking(draw)],
        "alerts" => vec![alerts(draw, of.recipients, of.settings)],
        "after" => vec![deadline(draw), keeping(draw)],
        _ => vec![leaving_out(draw), keywords(draw)],
    };
    let mut tabs: Vec<Tab> = TABS
        .iter()
        .map(|&id| {
            let sections = sections(id);
            let texts = of.texts.iter().filter(|_| id == TABS[0]).flat_map(|text| &text.settings);
            let fields = sections.iter().flat_map(|section| &section.settings).chain(texts);
            let added = usize::from(id == TABS[0] && !draw.fields.error("texts.add").is_empty());
            let wrong = fields.filter(|setting| !setting.error.is_empty()).count() + added;
            Tab { id, title: draw.page.t(&format!("set-tab-{id}")), wrong, chosen: false, sections }
        })
        .collect();
    let shown = tabs.iter().position(|tab| tab.wrong > 0).or_else(|| tabs.iter().position(|tab| tab.id == wished));
    if let Some(tab) = tabs.get_mut(shown.unwrap_or_default()) {
        tab.chosen = true;
    }
    tabs
}

/// Connections through which a line can ask, in addition to "none".
pub(super) fn askers(pages: &Pages, settings: &LineSettings) -> Vec<(String, String)> {
    let scale = contract_scale(settings.scale);
    let can = pages.app.engine.channels.iter().filter(|(_, connection)| connection.channel.capabilities().shows(scale));
    let mut names: Vec<(String, String)> =
        can.map(|(name, connection)| (name.to_string(), format!("{name} ({})", connection.channel.kind()))).collect();
    if let Some(chosen) = settings.window.fallback.as_ref().filter(|chosen| !names.iter().any(|(name, _)| *chosen == name)) {
        names.push((chosen.to_string(), chosen.to_string()));
    }
    names
}

fn section(draw: Draw<'_>, id: &'static str, settings: Vec<Setting>) -> Section {
    Section { id, title: draw.page.t(&format!("set-part-{id}")), lead: draw.page.t(&format!("set-part-{id}-lead")), settings }
}

/// Options whose labels are found by `prefix` and value.
fn worded(draw: Draw<'_>, prefix: &str, values: &[&str]) -> Vec<(String, String)> {
    values.iter().map(|value| ((*value).to_owned(), draw.page.t(&format!("{prefix}-{}", value.replace('_', "-"))))).collect()
}

fn asking(draw: Draw<'_>, languages: &[(String, String)]) -> Section {
    let scales = worded(draw, "line-scale", &["binary", "five_star"]);
    let settings = vec![draw.tick("enabled"), draw.text("name", ""), draw.select("scale", &scales), draw.select("language", languages)];
    section(draw, "asking", settings)
}

fn low(draw: Draw<'_>) -> Section {
    let mut lows = vec![(String::new(), draw.page.t("set-low-usual")), ("0".to_owned(), "👎".to_owned())];
    lows.extend((1..=5_i64).map(|stars| (stars.to_string(), draw.page.t1("set-low-stars", "n", stars))));
    let resolved = worded(draw, "set-resolved", &["never", "after_low", "always"]);
    let settings = vec![
        draw.select("low_max", &lows),
        draw.tick("follow_up.reasons"),
        draw.tick("follow_up.comment"),
        draw.select("follow_up.resolved", &resolved),
    ];
    section(draw, "low", settings)
}

fn alerts(draw: Draw<'_>, recipients: &[Recipient], settings: &LineSettings) -> Section {
    let named = |recipient: &Recipient| (recipient.id.clone(), recipient.name.clone());
    let gone = |ids: &[String]| -> Vec<(String, String)> {
        let known =
            |id: &String| matches!(id.as_str(), "operator" | "supervisors") || recipients.iter().any(|recipient| recipient.id == *id);
        ids.iter().filter(|id| !known(id)).map(|id| (id.clone(), id.clone())).collect()
    };
    let people: Vec<(String, String)> = recipients.iter().map(named).collect();
    let mut told = worded(draw, "alert-to", &["operator", "supervisors"]);
    told.extend(people.iter().cloned().chain(gone(&settings.alerts.recipients)));
    let supervisors: Vec<(String, String)> = people.iter().cloned().chain(gone(&settings.alerts.supervisors)).collect();
    let mut levels = vec![(String::new(), draw.page.t("alert-nobody"))];
    levels.extend(people.into_iter().chain(gone(&settings.alerts.escalate_to)));
    let settings = vec![
        draw.ticks("alerts.recipients", &told),
        draw.area("alerts.by_label", "anna: vip, topic:refund"),
        draw.ticks("alerts.supervisors", &supervisors),
        draw.area("alerts.text", lastword_domain::alert::words::words(draw.page.language.tag()).low),
        draw.duration("alerts.escalate_after_minutes", MINUTES),
        draw.levels("alerts.escalate_to", &levels, &settings.alerts.escalate_to),
    ];
    section(draw, "alerts", settings)
}

fn deadline(draw: Draw<'_>) -> Section {
    let days: Vec<(String, String)> = (1..=7).map(|day| (day.to_string(), draw.page.t(&format!("num-weekday-long-{day}")))).collect();
    let settings = vec![
        draw.number("deadline.hours", &draw.page.t("set-unit-working-hours")),
        draw.ticks("deadline.days", &days),
        draw.time("deadline.from"),
        draw.time("deadline.to"),
        draw.text("deadline.time_zone", draw.page.zone_name()),
        draw.file_text("deadline.days_off", "2026-12-24/2026-12-31\n05-01"),
    ];
    section(draw, "deadline", settings)
}

fn answering(draw: Draw<'_>) -> Section {
    let settings = vec![
        draw.duration("delay_secs", SECONDS),
        draw.duration("expires_after_hours", HOURS),
        draw.duration("change_minutes", MINUTES),
        draw.duration("reminder_after_hours", HOURS),
        draw.select("other_text", &worded(draw, "set-other-text", &["keep_open", "cancel"])),
        draw.select("attribution", &worded(draw, "set-attribution", &["closing", "shared"])),
    ];
    section(draw, "answering", settings)
}

fn talking(draw: Draw<'_>) -> Section {
    let settings = vec![
        draw.tick("while_talking.enabled"),
        draw.tick("while_talking.closes"),
        draw.duration("while_talking.time_limit_secs", SECONDS),
        draw.duration("idle_minutes", MINUTES),
    ];
    section(draw, "talking", settings)
}

fn leaving_out(draw: Draw<'_>) -> Section {
    let settings = vec![
        draw.select("ask_handled", &worded(draw, "set-ask-handled", &AskHandled::ALL.map(AskHandled::as_str))),
        draw.area("ask_rules", "ask: vip\nskip: spam | test"),
        draw.tick("ask_after_timeout"),
        draw.tick("ask_after_bot"),
        draw.tick("skip.no_operator"),
        draw.tick("skip.operator_silent"),
        draw.tick("skip.client_silent"),
        draw.number("skip.min_messages", ""),
        draw.duration("once_per_client_hours", HOURS),
        draw.number("sampling_percent", "%"),
    ];
    section(draw, "leaving-out", settings)
}

fn windows(draw: Draw<'_>, connections: &[(String, String)]) -> Section {
    let page: &Frame = draw.page;
    let mut fallbacks = vec![(String::new(), page.t("set-no-fallback"))];
    fallbacks.extend_from_slice(connections);
    let settings = vec![
        draw.tick("quiet_hours"),
        draw.time("quiet_hours.from"),
        draw.time("quiet_hours.to"),
        draw.text("quiet_hours.time_zone", page.zone_name()),
        draw.select("quiet_hours.shut_out", &worded(draw, "set-shut-out", &["early", "skip"])),
        draw.tick("window.ask_early"),
        draw.tick("window.template"),
        draw.select("window.fallback", &fallbacks),
    ];
    section(draw, "windows", settings)
}

/// Keyword rules for comments.
fn keywords(draw: Draw<'_>) -> Section {
    section(draw, "keywords", vec![draw.area("tag_rules", "price / en: price, expensive, too much")])
}

fn keeping(draw: Draw<'_>) -> Section {
    let months = draw.page.t("set-unit-months");
    let settings = vec![
        draw.number("target_percent", "%"),
        draw.tick("praise"),
        draw.text("review_link", "https://"),
        draw.tick("publication"),
        draw.number("retention_months", &months),
    ];
    section(draw, "keeping", settings)
}

/// The texts in one language; empty fields use the built-in texts.
pub(super) fn tongue(draw: Draw<'_>, settings: &LineSettings, tag: &str, name: &str) -> Tongue {
    let built_in = LineSettings { texts: Default::default(), ..settings.clone() };
    let Words { question, reminder, thanks_good, thanks_neutral, thanks_low, expired, goes_on, resolved, comment, review, reasons, .. } =
        words(&built_in, Some(tag));
    let texts = [
        ("question", question),
        ("reminder", reminder),
        ("thanks_good", thanks_good),
        ("thanks_neutral", thanks_neutral),
        ("thanks_low", thanks_low),
        ("reasons", fill::written_reasons(&reasons)),
        ("comment", comment),
        ("resolved", resolved),
        ("review", review),
        ("expired", expired),
        ("goes_on", goes_on),
    ];
    let of = |(text, words): &(&str, String)| draw.area(&format!("texts.{tag}.{text}"), words);
    let drawn: Vec<Setting> = texts.iter().map(of).collect();
    let wrong = drawn.iter().any(|setting| !setting.error.is_empty());
    Tongue {
        open: wrong || tag == settings.language || draw.fields.value("texts.add") == tag,
        own: drawn.iter().any(|setting| !setting.value.is_empty()),
        tag: tag.to_owned(),
        name: name.to_owned(),
        settings: drawn,
    }
}
