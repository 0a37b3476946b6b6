//! The public showcase of a line: its score, and clients' comments. It stays when the line no longer asks (V8): only the setting
//! `publication` removes it.

use crate::engine::Engine;
use crate::report::summary;
use lastword_base::names::{LineId, RequestId};
use lastword_domain::answer::rating::Scale;
use lastword_domain::report::calendar::Day;
use lastword_domain::review::showcase::{PublicScore, days, shown_before};
use lastword_store::line::{self, Line};
use lastword_store::report::Closes;
use lastword_store::review::showcase::{self, ShowcaseRating};
use lastword_store::{Millis, StoreError};

/// Number of ratings on a page.
pub const ROWS: usize = 20;

/// Public data of a line.
#[derive(Clone, Debug)]
pub struct Showcase {
    /// The line.
    pub line: Line,
    /// Its score; `None` without ratings.
    pub score: Option<PublicScore>,
    /// Ratings, newest first.
    pub ratings: Vec<ShowcaseRating>,
    /// Start of the next page.
    pub next: Option<(Millis, RequestId)>,
}

/// The public score of a line that publishes one; `None` for all others, whether they exist or not.
#[lastword_base::boxed]
pub async fn score(engine: &Engine, id: &LineId, now: Millis) -> Result<Option<(Line, Option<PublicScore>)>, StoreError> {
    let Some(line) = line::find(&engine.db, id).await?.filter(|line| line.settings.publication) else { return Ok(None) };
    let score = score_of(engine, &line, now).await?;
    Ok(Some((line, score)))
}

/// All published lines, ranked by the lower bound of their score; those without ratings come last.
#[lastword_base::boxed]
pub async fn ranking(engine: &Engine, now: Millis) -> Result<Vec<(Line, Option<PublicScore>)>, StoreError> {
    let mut ranked = Vec::new();
    for line in line::all(&engine.db).await?.into_iter().filter(|line| line.settings.publication) {
        let score = score_of(engine, &line, now).await?;
        ranked.push((line, score));
    }
    let rank = |score: &Option<PublicScore>| score.and_then(PublicScore::lower_end).unwrap_or(-1.0);
    ranked.sort_by(|(_, a), (_, b)| rank(b).total_cmp(&rank(a)));
    Ok(ranked)
}

async fn score_of(engine: &Engine, line: &Line, now: Millis) -> Result<Option<PublicScore>, StoreError> {
    let db = &engine.db;
    let (period, scale) = (days(Day::of(now, db.zone())), line.settings.scale);
    let closes = Closes { line: Some(line.id.clone()), scale: Some(scale), ..Closes::of(period) };
    let report = summary(db, &closes).await?.report;
    let bars = report.on(scale).map(|scale| scale.distribution.as_slice()).unwrap_or_default();
    let counted: Vec<(u8, i64)> = bars.iter().map(|bar| (bar.score, bar.count - bar.voided)).collect();
    let (from, until) = (period.from.start(db.zone()), period.until.start(db.zone()));
    let hidden = showcase::flagged(db, &line.id, scale.as_str(), from, until).await?;
    Ok(PublicScore::of(scale, &counted, report.score.adjusted.share.part, &hidden))
}

/// The public showcase of a line, from below `before`.
#[lastword_base::boxed]
pub async fn show(engine: &Engine, id: &LineId, before: Option<&(Millis, RequestId)>, now: Millis) -> Result<Option<Showcase>, StoreError> {
    let Some((line, score)) = score(engine, id, now).await? else { return Ok(None) };
    let limit = i64::try_from(ROWS).unwrap_or(i64::MAX).saturating_add(1);
    let mut ratings = showcase::page(&engine.db, id, shown_before(now), before, limit).await?;
    let more = ratings.len() > ROWS;
    ratings.truncate(ROWS);
    let next = ratings.last().filter(|_| more).map(|last| (last.rated_at, last.request_id));
    Ok(Some(Showcase { line, score, ratings, next }))
}

/// The best and the worst score of a scale.
pub fn ends(scale: Scale) -> (u8, u8) {
    (scale.scores().max().unwrap_or(0), scale.scores().min().unwrap_or(0))
}
