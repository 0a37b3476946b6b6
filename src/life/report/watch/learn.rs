//! Learns the baselines of a line from the last half year, for each channel, once there are enough cases. A baseline is valid for a
//! year, unless the question changes or a person wants it learned again.

use crate::engine::Engine;
use lastword_base::names::{AlarmId, LineId, RequestId};
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::line::LineSettings;
use lastword_domain::report::stats::alarm::BASELINE_MIN;
use lastword_domain::report::watch::{AlarmEnd, Case, LEARNT_FOR, LEARNT_FROM, Learnt, Watched, learn, matures_after};
use lastword_store::access::audit;
use lastword_store::line::{self, Line};
use lastword_store::report::alarm;
use lastword_store::report::watch::{self, ShareWatch};
use lastword_store::{Millis, StoreError, transaction};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Interval between checks of a line.
const LOOK_EVERY: Millis = 6 * 3_600_000;

/// The share that a person wants learned again.
#[derive(Clone, Debug)]
pub struct Anew {
    /// The kind of channel; empty if unknown.
    pub channel: String,
    /// The share.
    pub kind: Watched,
    /// The person.
    pub by: By,
}

/// Checks the line that is due. Returns whether there was one.
#[lastword_base::boxed]
pub async fn learn_next(engine: &Engine, now: Millis) -> Result<bool, StoreError> {
    let turn = transaction!(engine.db, async |tx| { watch::take_turn(tx, now - LOOK_EVERY, now).await }).await?;
    let Some(id) = turn else { return Ok(false) };
    if let Some(line) = line::find(&engine.db, &id).await? {
        look(engine, &line, None, now).await?;
    }
    Ok(true)
}

/// Learns the missing or outdated baselines of a line; and that of `anew` in any case.
#[lastword_base::boxed]
pub async fn look(engine: &Engine, line: &Line, anew: Option<Anew>, now: Millis) -> Result<(), StoreError> {
    let known = watch::all(&engine.db, Some(&line.id)).await?;
    let versions = line::versions_of(&engine.db, Some(&line.id)).await?;
    let mut all = Vec::new();
    for kind in Watched::ALL {
        let since = asked_alike_since(kind, &line.settings, &versions);
        let mut cases = watch::cases(&engine.db, kind, (&line.id, &line.settings), since.max(now - LEARNT_FROM), now).await?;
        // A channel without recent cases is checked as well.
        for silent in known.iter().filter(|watch| watch.kind == kind) {
            cases.entry(silent.channel.clone()).or_default();
        }
        all.push((kind, since, cases));
    }
    let here = all.iter().flat_map(|(.., cases)| cases.values()).filter(|cases| cases.len() as i64 >= BASELINE_MIN).count();
    let shares = watch::watched_elsewhere(&engine.db, &line.id).await? + here as i64;
    let found: Vec<ShareWatch> =
        all.iter().flat_map(|(kind, since, cases)| learnt((line, *kind, *since), &known, &anew, cases, (shares, now))).collect();
    if found.is_empty() {
        return Ok(());
    }
    let facts = Arc::new((engine.clone(), line.id.clone(), anew, found));
    transaction!(engine.db, [facts], async |tx| {
        let (engine, line, anew, found) = &*facts;
        let held = watch::hold_line(tx, line).await?;
        let before = |new: &ShareWatch| held.iter().find(|old| (&old.channel, old.kind) == (&new.channel, new.kind));
        // Another node may have done it in the meantime.
        let newer = |new: &&ShareWatch| before(new).is_none_or(|old| old.looked_at <= new.looked_at);
        let found: Vec<ShareWatch> = found.iter().filter(newer).cloned().collect();
        let over: Vec<AlarmId> = found.iter().filter_map(|new| before(new)?.alarm_id).collect();
        alarm::end(tx, &over, AlarmEnd::LearntAnew, now).await?;
        watch::write(tx, &found).await?;
        if let Some(Anew { channel, kind, by }) = anew {
            let new = found.iter().find(|new| (&new.channel, new.kind) == (channel, *kind));
            let old = new.and_then(before).map_or(Value::Null, told_of);
            let entry = Entry::new(Act::LineBaselineLearnt, line.as_str()).with(&old, &new.map_or(Value::Null, told_of)).on_line(line);
            audit::write(tx, engine.ids.next(now), now, by, &entry).await?;
        }
        Ok(())
    })
    .await
}

/// Summary of a watched share for the audit log.
fn told_of(watch: &ShareWatch) -> Value {
    let usual = watch.learnt_at.map(|_| watch.usual as f64 / 10_000.0);
    json!({ "channel": watch.channel, "share": watch.kind, "usual_percent": usual, "clients": watch.clients })
}

/// Time since which clients of the line have been asked in the present way.
fn asked_alike_since(kind: Watched, now: &LineSettings, versions: &[(LineId, Millis, LineSettings)]) -> Millis {
    let basis = kind.basis(now);
    let alike = versions.iter().rev().take_while(|(_, _, settings)| kind.basis(settings) == basis);
    match alike.count() {
        // It was never asked in another way: closes imported from before the line was created count, too.
        all if all == versions.len() => 0,
        some => versions[versions.len() - some.max(1)].1,
    }
}

/// Rows of the channels whose baseline has to be learned while `shares` are watched. A baseline that was learned for fewer shares
/// is learned again, unless there is an alarm.
fn learnt(
    (line, kind, since): (&Line, Watched, Millis),
    known: &[ShareWatch],
    anew: &Option<Anew>,
    cases: &BTreeMap<String, Vec<Case>>,
    (shares, now): (i64, Millis),
) -> Vec<ShareWatch> {
    let basis = kind.basis(&line.settings);
    let is_wanted = |channel: &str| anew.as_ref().is_some_and(|anew| anew.kind == kind && anew.channel == channel);
    let known = |channel: &str| {
        let of = known.iter().find(|watch| watch.kind == kind && watch.channel == channel);
        of.filter(|watch| watch.basis == basis && watch.learnt_at.is_some_and(|at| at > now - LEARNT_FOR))
    };
    let holds = |channel: &str| known(channel).is_some_and(|watch| shares <= watch.shares || watch.alarm_id.is_some());
    let wanted = cases.iter().filter(|(channel, _)| is_wanted(channel) || !holds(channel));
    let row = |(channel, cases): (&String, &Vec<Case>)| {
        let Learnt { clients, cases, bad, days, baseline } = learn(kind, cases, shares, now);
        let empty = ShareWatch {
            line_id: line.id.clone(),
            channel: channel.clone(),
            kind,
            basis: basis.clone(),
            since,
            looked_at: now,
            clients,
            cases,
            bad,
            days,
            ..ShareWatch::default()
        };
        let Some(baseline) = baseline else {
            // The known baseline stays if there are too few cases now to learn another.
            return Some(empty).filter(|_| is_wanted(channel) || known(channel).is_none());
        };
        let matures = kind == Watched::Response;
        Some(ShareWatch {
            learnt_at: Some(now),
            usual: baseline.usual,
            usual_low: baseline.usual_low,
            shares: baseline.shares,
            adds: baseline.plan.adds,
            takes: baseline.plan.takes,
            sum_limit: baseline.plan.limit,
            promise: baseline.promise,
            // Cases that are mature now are part of the baseline.
            read_to: if matures { RequestId::first_of(now - matures_after(&line.settings) + 1).to_string() } else { String::new() },
            next_at: matures.then_some(now),
            ..empty
        })
    };
    wanted.filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lastword_domain::answer::rating::Scale;

    #[test]
    fn a_baseline_begins_where_the_question_was_changed_last() {
        let (plain, stars) = (LineSettings::default(), LineSettings { scale: Scale::FiveStar, ..LineSettings::default() });
        let thin = LineSettings { sampling_percent: 50, ..plain.clone() };
        let since = |settings: &[&LineSettings]| {
            let versions: Vec<_> = settings.iter().zip(1..).map(|(&settings, at)| (LineId::default(), at, settings.clone())).collect();
            asked_alike_since(Watched::Score, settings.last().unwrap(), &versions)
        };
        assert_eq!(since(&[&plain]), 0);
        assert_eq!(since(&[&plain, &thin]), 0, "who is asked does not matter");
        assert_eq!(since(&[&stars, &plain, &thin]), 2);
        assert_eq!(since(&[&plain, &stars, &plain]), 3, "not what was there before");
    }
}
