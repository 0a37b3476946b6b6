//! A line's Rating tab: every setting with its sentence, and what the client would see beside it.

use super::super::frame::{Frame, html};
use super::super::{Pages, done};
use super::preview::{Preview, tongues, written_in};
use super::setting::{Draw, HOURS, MINUTES, SECONDS, Setting};
use super::{address, check_name, fill, read, theirs, warned};
use crate::domain::access::audit::{Act, Entry};
use crate::domain::access::rights::Right;
use crate::domain::line::LineSettings;
use crate::domain::line::merge::three_way;
use crate::domain::question::texts::{Words, words};
use crate::http::pages::frame::changes::{Change, changes};
use crate::http::pages::frame::form::{Fields, Form};
use crate::http::pages::frame::language::Language;
use crate::http::pages::frame::visit::SignedIn;
use crate::http::problem::Problem;
use crate::life::admin::change_line::{Changed, doubts, save_line_by, summary};
use crate::life::connection::channels::contract_scale;
use crate::store::alert::recipient::{self, Recipient};
use crate::store::line::{self, Line, LineChange};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use std::sync::Arc;

/// A group of settings.
struct Section {
    id: &'static str,
    title: String,
    lead: String,
    settings: Vec<Setting>,
}

/// The texts in one language.
struct Tongue {
    tag: String,
    name: String,
    /// It is read first, or something in it is wrong.
    open: bool,
    /// Some of its texts are the line's own.
    own: bool,
    settings: Vec<Setting>,
}

/// Somebody else saved the line meanwhile.
struct Clash {
    by: String,
    at: i64,
    changes: Vec<Change>,
}

#[derive(Template)]
#[template(path = "pages/lines/rating.html")]
struct RatingPage {
    page: Frame,
    address: String,
    name: String,
    archived: bool,
    may_change: bool,
    /// The version that was seen; saving with it overwrites no other.
    version: i64,
    /// The version that the person began with.
    base: i64,
    fields: Fields,
    sections: Vec<Section>,
    texts: Vec<Tongue>,
    languages: Vec<(String, String)>,
    warnings: Vec<String>,
    wrong: usize,
    clash: Option<Clash>,
    preview: Preview,
}

/// What a page is drawn from.
struct Drawn<'a> {
    line: &'a Line,
    settings: &'a LineSettings,
    fields: Fields,
    base: i64,
    clash: Option<Clash>,
}

/// `GET /lines/{id}`
pub async fn show(State(pages): State<Arc<Pages>>, person: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    let line = theirs(&pages, &person, &id).await?;
    let fields = fill::fields(&line.name, &line.settings);
    let drawn = Drawn { line: &line, settings: &line.settings, fields, base: line.version, clash: None };
    Ok(html(&draw(&pages, &person, drawn).await?))
}

/// `POST /lines/{id}`: saves, or shows the form again with a preview, another language, or what somebody else changed.
pub async fn save(State(pages): State<Arc<Pages>>, person: SignedIn, Path(id): Path<String>, form: Form) -> Result<Response, Problem> {
    let line = theirs(&pages, &person, &id).await?;
    let (engine, language) = (&pages.app.engine, person.visit.language);
    let mut fields = Fields::of(&form);
    check_name(&mut fields, form.get("name"), language);
    let settings = read::settings(&form, &line.settings, &mut fields, language);
    let base: i64 = form.get("base").parse().unwrap_or(line.version);
    let again = async |fields: Fields, settings: &LineSettings, clash: Option<Clash>, status: StatusCode| {
        let drawn = Drawn { line: &line, settings, fields, base, clash };
        Ok::<_, Problem>((status, html(&draw(&pages, &person, drawn).await?)).into_response())
    };
    match form.get("act") {
        "preview" => return again(fields, &settings, None, StatusCode::OK).await,
        "language" => {
            let fields = with_language(fields, form.get("texts.add"), language);
            return again(fields, &settings, None, StatusCode::OK).await;
        }
        "merge" => {
            let (name, settings) = merged(&pages, &line, base, form.get("name"), &settings).await?;
            return again(fill::fields(&name, &settings), &settings, None, StatusCode::OK).await;
        }
        _ if !fields.fine() => return again(fields, &settings, None, StatusCode::UNPROCESSABLE_ENTITY).await,
        _ => {}
    }
    let change = LineChange {
        id: line.id.clone(),
        name: form.get("name").to_owned(),
        settings: settings.clone(),
        archived: line.archived_at.is_some(),
        seen_version: form.get("version").parse().unwrap_or(-1),
        by: person.name.clone(),
        at: engine.now(),
    };
    match save_line_by(engine, &person.by(), change).await? {
        Changed::Saved(line) => Ok(done(&pages, &address(&line.id), "done-line-saved", &line.name)),
        Changed::Bad(bad) => {
            fields.refuse(bad.field, bad.problem);
            again(fields, &settings, None, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Changed::Outdated(_) => {
            let clash = clash(&pages, &person, &line, base).await?;
            again(fields, &settings, Some(clash), StatusCode::CONFLICT).await
        }
    }
}

/// The language that somebody wants to write texts in.
fn with_language(mut fields: Fields, tag: &str, language: Language) -> Fields {
    let fits = (2..=35).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fits && !fields.chosen("texts", tag) {
        return fields.with("texts", tag);
    }
    if !fits {
        fields.wrong("set-bad-language", "texts.add", language);
    }
    fields
}

/// What others changed since the version that the person began with.
async fn clash(pages: &Pages, person: &SignedIn, line: &Line, base: i64) -> Result<Clash, Problem> {
    let page = Frame::of(pages, &person.visit).await?;
    let history = line::history(&pages.app.engine.db, &line.id, line.version + 1, 1).await?;
    let last = history.into_iter().next();
    let before = version(pages, &line.id, base).await?;
    let now = summary(&line.name, &line.settings, false);
    let entry = Entry::new(Act::LineSaved, &line.id).with(&before.unwrap_or(Value::Null), &now);
    Ok(Clash {
        changes: changes(&page, &entry.before, &entry.after),
        by: last.as_ref().map(|version| version.by.clone()).unwrap_or_default(),
        at: last.map_or(line.updated_at, |version| version.at),
    })
}

/// A version of a line as a document.
async fn version(pages: &Pages, line: &str, number: i64) -> Result<Option<Value>, Problem> {
    let found = line::history(&pages.app.engine.db, line, number.saturating_add(1), 1).await?.into_iter().next();
    Ok(found.filter(|version| version.version == number).map(|version| summary(&version.name, &version.settings, false)))
}

/// What the person typed with what others changed meanwhile.
async fn merged(pages: &Pages, line: &Line, base: i64, name: &str, mine: &LineSettings) -> Result<(String, LineSettings), Problem> {
    let base = version(pages, &line.id, base).await?.unwrap_or(Value::Null);
    let both = three_way(&base, &summary(name, mine, false), &summary(&line.name, &line.settings, false));
    let name = both.get("name").and_then(Value::as_str).unwrap_or(name).to_owned();
    let settings = both.get("settings").cloned().and_then(|settings| serde_json::from_value(settings).ok());
    Ok((name, settings.unwrap_or_else(|| mine.clone())))
}

async fn draw(pages: &Pages, person: &SignedIn, drawn: Drawn<'_>) -> Result<RatingPage, Problem> {
    let Drawn { line, settings, mut fields, base, clash } = drawn;
    let engine = &pages.app.engine;
    let page = Frame::of(pages, &person.visit).await?;
    for language in written_in() {
        if !fields.chosen("texts", language) {
            fields = fields.with("texts", language);
        }
    }
    let recipients = recipient::all(&engine.db).await?;
    let languages = tongues(&fields);
    let preview = Preview::of(&page, engine, settings, &fields);
    let draw = Draw { page: &page, fields: &fields };
    let connections = askers(pages, settings);
    let sections = vec![
        asking(draw, &languages),
        low(draw),
        alerts(draw, &recipients, settings),
        answering(draw),
        talking(draw),
        leaving_out(draw),
        windows(draw, &connections, &page),
        keeping(draw),
    ];
    let texts = languages.iter().map(|(tag, name)| tongue(draw, settings, tag, name)).collect();
    let doubts = doubts(engine, settings, &recipients);
    Ok(RatingPage {
        address: address(&line.id),
        name: line.name.clone(),
        archived: line.archived_at.is_some(),
        may_change: person.rights.may(Right::ChangeLines),
        version: line.version,
        base,
        sections,
        texts,
        warnings: doubts.iter().map(|warning| warned(&page, warning)).collect(),
        wrong: fields.wrong_count(),
        languages,
        clash,
        preview,
        fields,
        page,
    })
}

/// The connections through which a line can ask, besides none.
fn askers(pages: &Pages, settings: &LineSettings) -> Vec<(String, String)> {
    let scale = contract_scale(settings.scale);
    let can = pages.app.engine.channels.iter().filter(|(_, connection)| connection.channel.capabilities().shows(scale));
    let mut names: Vec<(String, String)> =
        can.map(|(name, connection)| (name.to_owned(), format!("{name} ({})", connection.channel.kind()))).collect();
    if let Some(chosen) = settings.window.fallback.as_ref().filter(|chosen| !names.iter().any(|(name, _)| name == *chosen)) {
        names.push((chosen.clone(), chosen.clone()));
    }
    names
}

fn section(draw: Draw<'_>, id: &'static str, settings: Vec<Setting>) -> Section {
    Section { id, title: draw.page.t(&format!("set-part-{id}")), lead: draw.page.t(&format!("set-part-{id}-lead")), settings }
}

/// Options whose words are found by `prefix` and their value.
fn worded(draw: Draw<'_>, prefix: &str, values: &[&str]) -> Vec<(String, String)> {
    values.iter().map(|value| ((*value).to_owned(), draw.page.t(&format!("{prefix}-{}", value.replace('_', "-"))))).collect()
}

fn asking(draw: Draw<'_>, languages: &[(String, String)]) -> Section {
    let scales = worded(draw, "line-scale", &["binary", "five_star"]);
    let settings = vec![
        draw.tick("enabled"),
        draw.text("name", ""),
        draw.select("scale", &scales),
        draw.duration("delay_secs", SECONDS),
        draw.select("language", languages),
        draw.tick("ask_after_timeout"),
        draw.tick("ask_after_bot"),
    ];
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
        draw.ticks("alerts.supervisors", &supervisors),
        draw.area("alerts.text", crate::domain::alert::words::words(draw.page.language.tag()).low),
        draw.duration("alerts.escalate_after_minutes", MINUTES),
        draw.levels("alerts.escalate_to", &levels, &settings.alerts.escalate_to),
    ];
    section(draw, "alerts", settings)
}

fn answering(draw: Draw<'_>) -> Section {
    let settings = vec![
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
        draw.tick("skip.no_operator"),
        draw.tick("skip.operator_silent"),
        draw.tick("skip.client_silent"),
        draw.number("skip.min_messages", ""),
        draw.duration("once_per_client_hours", HOURS),
        draw.number("sampling_percent", "%"),
    ];
    section(draw, "leaving-out", settings)
}

fn windows(draw: Draw<'_>, connections: &[(String, String)], page: &Frame) -> Section {
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

fn keeping(draw: Draw<'_>) -> Section {
    let months = draw.page.t("set-unit-months");
    section(draw, "keeping", vec![draw.number("target_percent", "%"), draw.tick("publication"), draw.number("retention_months", &months)])
}

/// The texts in one language; what is left out shows the built-in words.
fn tongue(draw: Draw<'_>, settings: &LineSettings, tag: &str, name: &str) -> Tongue {
    let built_in = LineSettings { texts: Default::default(), ..settings.clone() };
    let Words { question, reminder, thanks_good, thanks_neutral, thanks_low, expired, goes_on, resolved, comment, reasons, .. } =
        words(&built_in, Some(tag));
    let texts = [
        ("question", question),
        ("reminder", reminder),
        ("thanks_good", thanks_good),
        ("thanks_neutral", thanks_neutral),
        ("thanks_low", thanks_low),
        ("reasons", reasons.join("\n")),
        ("comment", comment),
        ("resolved", resolved),
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
