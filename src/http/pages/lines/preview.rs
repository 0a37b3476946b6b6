//! Preview of messages to clients and alert recipients on each channel, written from the form by the step that writes real messages.

use super::super::Pages;
use super::super::frame::{Frame, html};
use super::{read, theirs};
use crate::frame::changes::said;
use crate::frame::form::{Fields, Form};
use crate::frame::visit::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use lastword_contract::ChoiceKind;
use lastword_domain::answer::rating::Scale;
use lastword_domain::line::LineSettings;
use lastword_domain::line::texts::words;
use lastword_http::locale::language::Language;
use lastword_http::problem::Problem;
use lastword_life::Engine;
use lastword_life::admin::preview_message::{self, MessagePreview, Moment};
use std::sync::Arc;

/// A button or link of a message.
pub struct Tap {
    /// Label.
    pub label: String,
    /// Style: `score`, `reason` or `plain`.
    pub look: &'static str,
    /// Address, if it is a link.
    pub link: Option<String>,
}

/// A message on one channel.
pub struct Card {
    /// The channel's kind, for its colours.
    pub kind: &'static str,
    /// Name of the channel.
    pub name: String,
    /// Name of the connection, or the note that there is none.
    pub connection: String,
    /// The text, by paragraphs.
    pub paragraphs: Vec<String>,
    /// Buttons and links.
    pub taps: Vec<Tap>,
    /// Invitation to comment.
    pub comment: Option<String>,
    /// True if the message has a text field for the comment.
    pub comment_box: bool,
    /// Further notes about the message.
    pub notes: Vec<String>,
}

/// The preview for all channels.
#[derive(Template)]
#[template(path = "pages/lines/preview.html")]
pub struct Preview {
    language: String,
    moment: Moment,
    moments: Vec<(&'static str, String)>,
    /// Messages on connected channels; on all channels if none is connected.
    cards: Vec<Card>,
    /// Messages on the other channels.
    others: Vec<Card>,
    /// Heading of the other channels.
    other_title: String,
    none: String,
    caption: String,
}

/// The languages of the pages, which every form has texts in. Others are added by their tag.
pub(super) fn written_in() -> impl Iterator<Item = &'static str> {
    Language::ALL.into_iter().map(Language::tag)
}

/// The languages that a form has texts in: tag and name.
pub(super) fn tongues(fields: &Fields) -> Vec<(String, String)> {
    let name = |tag: &str| match Language::parse(tag).filter(|language| language.tag() == tag) {
        Some(language) => language.own_name().to_owned(),
        None => tag.to_owned(),
    };
    let mut tags: Vec<&str> = written_in().collect();
    tags.extend(fields.values("texts"));
    let mut seen = Vec::new();
    tags.retain(|tag| {
        !seen.contains(tag) && {
            seen.push(*tag);
            true
        }
    });
    tags.into_iter().map(|tag| (tag.to_owned(), name(tag))).collect()
}

impl Preview {
    /// The messages to choose from.
    pub(super) fn moments(&self) -> &[(&'static str, String)] {
        &self.moments
    }

    /// True if this message is shown.
    pub(super) fn is_moment(&self, word: &str) -> bool {
        self.moment.as_str() == word
    }

    /// True if it is shown in this language.
    pub(super) fn is_language(&self, tag: &str) -> bool {
        self.language == tag
    }

    /// The preview as HTML, escaped by its template.
    pub(super) fn drawn(&self) -> String {
        self.render().unwrap_or_default()
    }

    /// Renders the preview according to the fields.
    pub(super) fn of(page: &Frame, engine: &Engine, settings: &LineSettings, fields: &Fields) -> Self {
        let languages = tongues(fields);
        let wished = fields.value("preview.language");
        let language = if languages.iter().any(|(tag, _)| tag == wished) { wished } else { &settings.language };
        let moment = Moment::parse(fields.value("preview.moment")).unwrap_or_default();
        let shown = preview_message::preview(engine, (fields.value("name"), settings), language, moment, page.now);
        let name = languages.iter().find(|(tag, _)| tag == language).map_or(language, |(_, name)| name);
        let named = |moment: Moment| (moment.as_str(), page.t(&format!("preview-moment-{}", moment.as_str().replace('_', "-"))));
        // The binary scale has no neutral grade.
        let there = |moment: &Moment| *moment != Moment::ThanksNeutral || settings.scale == Scale::FiveStar;
        let moments: Vec<_> = Moment::ALL.into_iter().filter(there).map(named).collect();
        let said = moments.iter().find(|(word, _)| *word == moment.as_str()).map(|(_, words)| words.as_str()).unwrap_or_default();
        let resolved = words(settings, Some(language)).resolved;
        let settles = !matches!(moment, Moment::Question | Moment::Reminder | Moment::Alert);
        let connected = shown.iter().filter(|shown| shown.connection.is_some()).count();
        let mut cards: Vec<Card> = shown.into_iter().map(|shown| card(page, shown, &resolved, settles)).collect();
        let leads = settings.alerts.text.as_ref().is_none_or(|text| text.contains("#LINK#"));
        let leads_nowhere = engine.options.public_url.is_none() && leads;
        if moment == Moment::Alert && leads_nowhere {
            cards.iter_mut().for_each(|card| card.notes.push(page.t("preview-no-link")));
        }
        let others = if connected > 0 { cards.split_off(connected) } else { Vec::new() };
        Self {
            caption: format!("{said} · {name}"),
            cards,
            others,
            other_title: page.t("preview-others"),
            none: page.t("preview-none"),
            moments,
            language: language.to_owned(),
            moment,
        }
    }
}

fn card(page: &Frame, shown: MessagePreview, resolved: &str, settles: bool) -> Card {
    let mut notes = Vec::new();
    let cut = shown.choices.iter().filter(|choice| choice.cut).count();
    if shown.cannot_ask {
        notes.push(page.t("preview-cannot-ask"));
    }
    if shown.cut {
        notes.push(page.t("preview-cut"));
    }
    if cut > 0 {
        notes.push(page.t1("preview-cut-labels", "n", cut));
    }
    if shown.left_out > 0 {
        notes.push(page.t1("preview-left-out", "n", shown.left_out));
    }
    if let Some(hint) = &shown.hint {
        notes.push(page.t1("preview-typed", "hint", hint.as_str()));
    }
    if settles && !shown.edits {
        notes.push(page.t("preview-new-message"));
    }
    let tap = |choice: preview_message::ChoicePreview| Tap {
        look: match choice.kind {
            ChoiceKind::Score => "score",
            ChoiceKind::Reason => "reason",
            _ => "plain",
        },
        label: choice.label,
        link: choice.link,
    };
    let mut paragraphs: Vec<String> = shown.text.split("\n\n").map(str::to_owned).collect();
    let asks_resolved = shown.choices.iter().any(|choice| choice.kind == ChoiceKind::Resolved);
    if asks_resolved && shown.comment_box {
        paragraphs.push(resolved.to_owned());
    }
    Card {
        name: said(page, &format!("preview-channel-{}", shown.kind)).unwrap_or_else(|| shown.kind.to_owned()),
        connection: shown.connection.map_or_else(|| page.t("preview-not-connected"), String::from),
        kind: shown.kind,
        paragraphs,
        taps: shown.choices.into_iter().map(tap).collect(),
        comment: shown.comment,
        comment_box: shown.comment_box,
        notes,
    }
}

/// `POST /lines/{id}/preview`: returns the preview of the submitted form. Nothing is stored.
pub async fn fragment(State(pages): State<Arc<Pages>>, person: SignedIn, Path(id): Path<String>, form: Form) -> Result<Response, Problem> {
    let line = theirs(&pages, &person, &id).await?;
    let page = Frame::of(&pages, &person.visit).await?;
    let mut fields = Fields::of(&form);
    let settings = read::settings(&form, &line.settings, &mut fields, person.visit.language, page.now);
    Ok(html(&Preview::of(&page, &pages.app.engine, &settings, &fields)))
}
