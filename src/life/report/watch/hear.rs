//! Records cases of watched shares, in the transaction that causes them. Called last in it, because rows of shares are locked after
//! everything else.

use crate::engine::Engine;
use lastword_base::names::{AlarmId, LineId, RequestId};
use lastword_domain::report::stats::alarm::Heard;
use lastword_domain::report::watch::{AlarmEnd, Watched};
use lastword_store::question::rating_request::RatingRequest;
use lastword_store::report::alarm::{self, ShareAlarm};
use lastword_store::report::watch::{self, Key, ShareWatch};
use lastword_store::{Millis, StoreError, Tx};
use std::collections::BTreeSet;

/// A possible case.
#[derive(Clone, Debug)]
pub(crate) struct PossibleCase {
    key: Key,
    request: RequestId,
    closed_at: Millis,
    bad: bool,
    /// Its time; for a changed rating, when it was first given.
    at: Millis,
    /// It was recorded before, and has changed.
    corrects: bool,
}

impl PossibleCase {
    /// A possible case about the close of `request`.
    pub(crate) fn of(request: &RatingRequest, kind: Watched, bad: bool, at: Millis) -> Self {
        Self {
            key: Key { line_id: request.line_id.clone(), channel: request.channel.clone().unwrap_or_default(), kind },
            request: request.id,
            closed_at: request.closed_at,
            bad,
            at,
            corrects: false,
        }
    }

    /// Marks it as recorded before, and changed.
    pub(crate) fn correcting(self) -> Self {
        Self { corrects: true, ..self }
    }
}

/// Records these cases in the given order.
pub(crate) async fn hear(tx: &mut Tx, engine: &Engine, news: &[PossibleCase], now: Millis) -> Result<(), StoreError> {
    if news.is_empty() {
        return Ok(());
    }
    let keys: BTreeSet<&Key> = news.iter().map(|news| &news.key).collect();
    let mut watches = watch::hold(tx, &keys.into_iter().cloned().collect::<Vec<_>>()).await?;
    if watches.is_empty() {
        return Ok(());
    }
    let lines: BTreeSet<&LineId> = watches.iter().map(|watch| &watch.line_id).collect();
    let lines = engine.lines.current(tx, &lines.into_iter().collect::<Vec<_>>()).await?;
    watches.retain(|watch| lines.get(&watch.line_id).is_some_and(|line| watch.kind.basis(&line.settings) == watch.basis));
    let scores: Vec<RequestId> = news.iter().filter(|news| news.key.kind == Watched::Score).map(|news| news.request).collect();
    let repeated = if scores.is_empty() { Vec::new() } else { watch::repeated(tx, &scores).await? };
    let mut sums = Sums::default();
    for news in news.iter().filter(|news| news.key.kind != Watched::Score || !repeated.contains(&news.request)) {
        let is_its = |watch: &&mut ShareWatch| {
            (&watch.line_id, &watch.channel, watch.kind) == (&news.key.line_id, &news.key.channel, news.key.kind)
                && news.closed_at >= watch.since
        };
        if let Some(watch) = watches.iter_mut().find(is_its) {
            sums.add(engine, watch, Added { bad: news.bad, at: news.at, corrects: news.corrects }, now);
        }
    }
    watch::write(tx, &watches).await?;
    sums.write(tx, now).await
}

/// A case to add to a sum.
#[derive(Clone, Copy)]
pub(super) struct Added {
    pub(super) bad: bool,
    pub(super) at: Millis,
    pub(super) corrects: bool,
}

/// Alarms that were raised or ended while cases were added.
#[derive(Default)]
pub(super) struct Sums {
    raised: Vec<ShareAlarm>,
    cleared: Vec<AlarmId>,
}

impl Sums {
    /// Adds one case to the sum of a watched share.
    pub(super) fn add(&mut self, engine: &Engine, watch: &mut ShareWatch, added: Added, now: Millis) {
        let Some(plan) = watch.plan() else { return };
        let mut run = watch.run();
        let heard = match added.corrects {
            true => run.correct(plan, added.bad, added.at),
            false => run.hear(plan, added.bad, added.at),
        };
        watch.keep(run);
        match heard {
            Heard::Nothing => {}
            Heard::Alarm => {
                let alarm = alarm::of(watch, engine.ids.next(now), (now, added.at));
                tracing::warn!(
                    line = watch.line_id.as_str(),
                    channel = watch.channel,
                    share = watch.kind.as_str(),
                    "a watched share has fallen"
                );
                watch.alarm_id = Some(alarm.id);
                self.raised.push(alarm);
            }
            Heard::AllClear => self.cleared.extend(watch.alarm_id.take()),
        }
    }

    /// Writes the changes of alarms.
    pub(super) async fn write(self, tx: &mut Tx, now: Millis) -> Result<(), StoreError> {
        alarm::raise(tx, &self.raised).await?;
        alarm::end(tx, &self.cleared, AlarmEnd::AllClear, now).await
    }
}
