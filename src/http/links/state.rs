//! Chooses the contents of the page: the question, thanks with follow-up questions, or a notice that the time is over.

use super::Refused;
use super::form::Form;
use super::page::{Comment, FollowUp, Own, Page, Reason, Resolved, Tile, Tiles, Wished};
use super::words::{self, LinkTexts};
use chrono_tz::Tz;
use lastword_domain::answer::COMMENT_CHARS_MAX;
use lastword_domain::answer::opt_out::Wish;
use lastword_domain::answer::rating::{Grade, Scale};
use lastword_domain::line::texts;
use lastword_domain::outcome::Outcome;
use lastword_domain::question::token::TokenValue;
use lastword_life::Millis;
use lastword_life::Options;
use lastword_life::answer::open_link::{Behind, LinkedAlert, OwnRating, Question};
use lastword_life::facts::fill_macros::{conversation, day, words_for};
use lastword_store::answer::rating::Rating;

/// Reason why the page is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StateView {
    /// A link was opened.
    Opened,
    /// The client wants to choose another score.
    Change,
    /// The client does not want to be asked any more.
    Stop,
    /// A form was accepted.
    Done,
    /// A form was accepted, but its score came too late.
    Locked,
    /// A form was not accepted.
    Again,
    /// A form needs a second tap; with its score, if it has one.
    OnceMore(Option<u8>),
    /// "Do not ask me again" needs a second tap.
    StopOnceMore,
}

/// Builds the page for the target of a link at `now`, with the contents of the form that was not accepted.
pub(super) fn page((organisation, options): (&str, &Options), behind: &Behind, shown: StateView, form: &Form, now: Millis) -> Page {
    let mut page = match behind {
        Behind::Alert(told) => alert(organisation, told, &options.language),
        Behind::Question(question) => asked((organisation, options.time_zone), question, shown, form, now),
    };
    let words = words::words(&page.language);
    page.person = words.person;
    // Without a button there is nothing to press a second time.
    let pressable = page.question.is_some() || page.follow_up.is_some() || page.seen.is_some() || page.wish.is_some();
    let once_more = matches!(shown, StateView::OnceMore(_) | StateView::StopOnceMore);
    page.problem = match form.refused.filter(|_| pressable) {
        None if once_more && pressable => words.once_more,
        None => "",
        Some(Refused::NoNonce) => words.again,
        Some(Refused::Nothing) => words.choose,
        Some(Refused::Busy) => words.busy,
    };
    page
}

fn alert(organisation: &str, told: &LinkedAlert, language: &str) -> Page {
    let words = words::words(told.language.as_deref().unwrap_or(language));
    let plain = |text: &str| Page::plain(organisation, words, words.alert_title, text);
    match &told.alert.acknowledged_by {
        Some(name) => plain(&words.seen_by(name)),
        None => Page { seen: Some(words.seen), ..plain(words.alert_text) },
    }
}

fn asked((organisation, zone): (&str, Tz), question: &Question, shown: StateView, form: &Form, now: Millis) -> Page {
    let (request, rating) = (&question.request, question.rating.as_ref());
    let texts = words_for(organisation, &question.line, request, rating);
    let words = words::words(&texts.language);
    let page = Page { about: conversation(&texts, request, zone, now), ..Page::empty(organisation, &texts.language) };
    let wanted = matches!(shown, StateView::Stop | StateView::StopOnceMore)
        || (question.value == TokenValue::Stop && shown == StateView::Opened)
        || form.wish == Some(Wish::Stop);
    if wanted && !question.opted_out {
        let wish = Some(Wished { text: words.stop_text, value: "stop", button: texts.stop.clone() });
        return Page { title: words.stop_title.to_owned(), wish, ..page };
    }
    let back = || Wished { text: words.stopped, value: "start", button: texts.start.clone() };
    let wish = question.opted_out.then(back);
    let stop = (!question.opted_out).then(|| texts.stop.clone());
    let page = Page { wish, stop, ..page };
    let Some(rating) = rating else {
        if over(question, now) {
            return Page { title: texts.over(request.reason.as_deref()).to_owned(), ..page };
        }
        let explains = request.held_at.is_some() && !matches!(shown, StateView::OnceMore(_));
        let text = if explains { words.confirm.to_owned() } else { String::new() };
        return Page {
            title: texts.question.clone(),
            text,
            question: Some(tiles(question, (&texts, words), chosen(question, shown, form))),
            ..page
        };
    };
    let open = question.may_change(now);
    // A link with another score asks whether to change the rating, while it can be changed.
    let other = matches!(question.value, TokenValue::Score(score) if i64::from(score) != rating.score);
    let wanted = match shown {
        StateView::Opened => other || question.value == TokenValue::Again,
        StateView::Change => true,
        StateView::Again => form.score.is_some(),
        StateView::OnceMore(score) => score.is_some(),
        StateView::Done | StateView::Locked | StateView::Stop | StateView::StopOnceMore => false,
    };
    let given = u8::try_from(rating.score).unwrap_or(0);
    let scale = rating.scale;
    let answered = Some((words.answered, scale.show(given)));
    if wanted && open {
        let chosen = if shown == StateView::Change { Some(given) } else { chosen(question, shown, form) };
        return Page { title: texts.question.clone(), answered, question: Some(tiles(question, (&texts, words), chosen)), ..page };
    }
    let locked = match (wanted || shown == StateView::Locked, question.edits_used_up(now)) {
        (false, _) => "",
        (true, true) => words.used_up,
        (true, false) => words.locked,
    };
    let held = question.held().zip(question.held().and_then(|edit| edit.due_at)).map(|(edit, at)| {
        let score = scale.show(u8::try_from(edit.score).unwrap_or(0));
        words.held(&score, &day(&texts.language, at, zone, now))
    });
    // A client who wanted another score first reads why it does not count yet.
    let text = match held {
        Some(held) if shown == StateView::Locked => format!("{locked} {held}"),
        Some(held) => held,
        None => locked.to_owned(),
    };
    let title = match &rating.comment {
        Some(_) => &texts.thanks_comment,
        None => texts.thanks(Grade::of(scale, given, rating.low == 1)),
    };
    let follow_up = follow_up(question, rating, &texts, words, form, now);
    let change = open.then(|| texts.change.clone());
    let review = texts.public_review().unwrap_or_default();
    Page { title: title.to_owned(), text, answered, follow_up, review, change, ..page }
}

/// Adds the client's other ratings, unless the page is about something else.
pub(super) fn with_own(page: Page, own: &[OwnRating], zone: Tz, now: Millis) -> Page {
    let asks_for_a_wish = page.wish.as_ref().is_some_and(|wish| wish.value == "stop");
    let words = words::words(&page.language);
    let shown = |own: &OwnRating| {
        let score = u8::try_from(own.rating.score).unwrap_or(0);
        let scale = own.rating.scale;
        Own {
            day: day(&page.language, own.rating.closed_at, zone, now),
            line: own.line.clone(),
            score: scale.show(score),
            link: own.token.clone(),
        }
    };
    let own: Vec<Own> = own.iter().filter(|_| !asks_for_a_wish).map(shown).collect();
    Page { own: (!own.is_empty()).then_some((words.own_title, own)), ..page }
}

/// True if a first score would come too late.
fn over(question: &Question, now: Millis) -> bool {
    let ended = question.request.outcome;
    let closed = matches!(ended, Some(Outcome::Expired | Outcome::Canceled | Outcome::NotAsked));
    closed || question.request.expires_at.is_none_or(|expires_at| now > expires_at)
}

/// The score selected when the page opens: from the previous form, otherwise from the link.
fn chosen(question: &Question, shown: StateView, form: &Form) -> Option<u8> {
    let waits = if let StateView::OnceMore(score) = shown { score } else { None };
    let of_link = if let TokenValue::Score(score) = question.value { Some(score) } else { None };
    form.score.or(waits).or(of_link)
}

fn tiles(question: &Question, (texts, words): (&texts::Words, &LinkTexts), chosen: Option<u8>) -> Tiles {
    let scale = question.request.scale;
    let tile = |score: u8| {
        let (sign, label) = match scale {
            Scale::Binary if score == 1 => ("👍", words.good.to_owned()),
            Scale::Binary => ("👎", words.bad.to_owned()),
            Scale::FiveStar => ("★", words.stars(score)),
        };
        Tile { score, sign, label, chosen: chosen == Some(score) }
    };
    let tiles = match scale {
        Scale::Binary => scale.scores().rev().map(tile).collect(),
        Scale::FiveStar => scale.scores().map(tile).collect(),
    };
    let stars = scale == Scale::FiveStar;
    Tiles { stars, ends: stars.then_some(texts.ends), tiles, send: words.send }
}

fn follow_up(question: &Question, rating: &Rating, texts: &texts::Words, words: &LinkTexts, form: &Form, now: Millis) -> Option<FollowUp> {
    if question.request.expires_at.is_none_or(|expires_at| now > expires_at) {
        return None;
    }
    let follow_up = &question.line.settings.follow_up;
    let asks = follow_up.asks(rating.low == 1, rating.comment.is_some(), rating.resolved.is_some());
    let picked = |place: usize| {
        let place = u8::try_from(place).unwrap_or(u8::MAX);
        form.reasons.contains(&place) || question.value == TokenValue::Reason(place)
    };
    let reason = |(place, reason): (usize, &lastword_domain::answer::reason::Reason)| {
        let kept = rating.reasons.iter().any(|kept| kept.code == reason.code);
        Reason { place, label: reason.text.clone(), chosen: kept || picked(place), kept }
    };
    let reasons: Vec<Reason> = texts.reasons.iter().enumerate().filter(|_| asks.reasons).map(reason).collect();
    let resolved = asks.resolved.then(|| Resolved {
        question: texts.resolved.clone(),
        yes: texts.yes.clone(),
        no: texts.no.clone(),
        chosen: form.resolved.or(if let TokenValue::Resolved(yes) = question.value { Some(yes) } else { None }),
    });
    let comment = asks.comment.then(|| Comment { label: texts.comment.clone(), text: form.comment.clone(), max: COMMENT_CHARS_MAX });
    let anything = reasons.iter().any(|reason| !reason.kept) || resolved.is_some() || comment.is_some();
    anything.then_some(FollowUp { reasons, resolved, comment, send: words.send_more })
}
