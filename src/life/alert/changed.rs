//! Handles changed ratings. A rating that became low raises alerts. One that is no longer low cancels unsent alerts, and those notified
//! receive a correction. One that stayed low with more content updates its alerts.

use super::audience::Audience;
use super::praise::{Given, praise};
use super::raise::{Low, Raising};
use super::update::{Update, says_more};
use crate::engine::Engine;
use crate::engine::notifications::Notification;
use crate::events::{self, LowEvent};
use crate::recipient::push::{Notice, push};
use lastword_base::names::RequestId;
use lastword_domain::alert::AlertKind;
use lastword_domain::question::delivery::Kind;
use lastword_store::answer::rating::Rating;
use lastword_store::line::Line;
use lastword_store::question::delivery;
use lastword_store::question::rating_request::RatingRequest;
use lastword_store::review;
use lastword_store::review::deadline::{self, ReplyDue};
use lastword_store::{Millis, StoreError, Tx, alert as alerts};

/// A rating that changed.
#[derive(Clone, Copy)]
pub(crate) struct Change<'a> {
    /// The rating request, which this transaction holds.
    pub(crate) request: &'a RatingRequest,
    /// Its line.
    pub(crate) line: &'a Line,
    /// The previous rating; `None` if this is the first score.
    pub(crate) before: Option<&'a Rating>,
    /// The current rating.
    pub(crate) after: &'a Rating,
    /// The rating became low and was not low before, even if it was low earlier in the same batch.
    pub(crate) fell: bool,
}

/// Action that a change requires.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Call {
    /// The first score, and low.
    Raise,
    /// It became low again. A correction that was not sent yet is dropped.
    RaiseAnew,
    /// It is no longer low.
    TakeBack,
    /// It stayed low with more content.
    Update,
}

impl<'a> Change<'a> {
    fn call(&self) -> Option<Call> {
        let was_low = self.before.is_some_and(|before| before.low == 1);
        match (self.before, was_low, self.after.low == 1) {
            (None, _, true) => Some(Call::Raise),
            (Some(_), false, true) => Some(Call::RaiseAnew),
            (_, true, false) => Some(Call::TakeBack),
            (Some(before), true, true) => says_more(before, self.after).then_some(Call::Update),
            (_, false, false) => None,
        }
    }

    /// `true` if recipients are notified of the rating, or of its change.
    pub(crate) fn concerns(&self) -> bool {
        let praise = self.line.settings.praise && self.after.is_praise();
        self.call().is_some() || praise || self.before.is_some_and(Rating::is_praise)
    }

    fn low(&self, kind: AlertKind) -> Low<'a> {
        Low { request: self.request, rating: self.after, line: self.line, level: 0, kind, instead_of: None }
    }
}

/// Notifies recipients of these changes, once per rating. `audience` are the recipients of all changes for which [`Change::concerns`] is
/// true.
pub(crate) async fn tell(
    tx: &mut Tx,
    engine: &Engine,
    audience: &mut Audience,
    changes: &[Change<'_>],
    now: Millis,
) -> Result<Vec<Notification>, StoreError> {
    // An earlier resolution was about the previous low rating.
    let fell: Vec<RequestId> = changes.iter().filter(|change| change.fell).map(|change| change.request.id).collect();
    review::wait_again(tx, &fell).await?;
    keep_deadlines(tx, engine, changes, now).await?;
    let calls: Vec<(Call, &Change<'_>)> = changes.iter().filter_map(|change| Some((change.call()?, change))).collect();
    let mut news = if calls.is_empty() { Vec::new() } else { alert(tx, engine, audience, &calls, now).await? };
    let given = changes.iter();
    let given: Vec<Given<'_>> =
        given.map(|change| Given { request: change.request, line: change.line, before: change.before, after: change.after }).collect();
    news.extend(praise(tx, engine, audience, &given, now).await?);
    Ok(news)
}

/// Notifies the recipients of low ratings.
async fn alert(
    tx: &mut Tx,
    engine: &Engine,
    audience: &mut Audience,
    calls: &[(Call, &Change<'_>)],
    now: Millis,
) -> Result<Vec<Notification>, StoreError> {
    let of = |wanted: &[Call]| {
        let of = calls.iter().filter(|(call, _)| wanted.contains(call));
        of.map(|(_, change)| change.request.id).collect::<Vec<_>>()
    };
    let turned = of(&[Call::RaiseAnew, Call::TakeBack]);
    delivery::cancel(tx, &turned, &[Kind::Alert.as_str()], "score_changed", now).await?;
    alerts::cancel_unsent(tx, &turned).await?;
    alerts::overtaken(tx, &of(&[Call::RaiseAnew]), &["changed"]).await?;
    alerts::overtaken(tx, &of(&[Call::TakeBack]), &["low", "more"]).await?;
    let all = of(&[Call::Raise, Call::RaiseAnew, Call::TakeBack, Call::Update]);
    let mut raising = Raising::read(tx, engine, audience, &all, now).await?;
    let update = Update::read(tx, &mut raising, &of(&[Call::Update])).await?;
    for (call, change) in calls {
        match call {
            Call::Raise | Call::RaiseAnew => raising.raise(&change.low(AlertKind::Low)),
            Call::TakeBack => raising.take_back(&change.low(AlertKind::Changed)),
            Call::Update => update.tell(&mut raising, &change.low(AlertKind::More)),
        }
    }
    let news = raising.write(tx, audience).await?;
    let became_low = calls.iter().filter(|(call, _)| matches!(call, Call::Raise | Call::RaiseAnew));
    let shown =
        became_low.map(|(_, change)| Notice { request: change.request, rating: change.after, line: change.line, kind: AlertKind::Low });
    let shown: Vec<Notice<'_>> = shown.collect();
    push(tx, engine, &shown, now).await?;
    let told = shown.iter().flat_map(|low| events::low_rating(engine, LowEvent::Raised, low.request, low.rating, now));
    delivery::schedule(tx, &told.collect::<Vec<_>>()).await?;
    Ok(news)
}

/// Starts the deadline for a reply if a rating became low on a line with a deadline, and ends it if the rating is no longer low.
async fn keep_deadlines(tx: &mut Tx, engine: &Engine, changes: &[Change<'_>], now: Millis) -> Result<(), StoreError> {
    let (mut due, mut over) = (Vec::new(), Vec::new());
    for change in changes.iter().filter(|change| change.request.is_counted()) {
        match change.call() {
            Some(Call::Raise | Call::RaiseAnew) => due.extend(change.line.settings.deadline.as_ref().map(|deadline| ReplyDue {
                request_id: change.request.id,
                line_id: change.request.line_id.clone(),
                since: now,
                due_at: deadline.due_at(engine.options.time_zone, now),
                ..ReplyDue::default()
            })),
            Some(Call::TakeBack) => over.push(change.request.id),
            Some(Call::Update) | None => {}
        }
    }
    deadline::begin(tx, &due).await?;
    deadline::over(tx, &over).await
}

impl Raising<'_> {
    /// The score is no longer low: sends a correction to everyone notified, in a message of their own or in a digest. Unsent alerts were
    /// canceled just before.
    fn take_back(&mut self, low: &Low<'_>) {
        let its = self.about.iter().filter(|alert| alert.request_id == low.request.id && alert.kind == AlertKind::Low);
        let told = its.filter(|alert| alert.state.is_told());
        let mut told: Vec<_> = told.map(|alert| Ok(alert.recipient_id.clone())).collect();
        told.dedup();
        self.raise_for(low, told);
    }
}
