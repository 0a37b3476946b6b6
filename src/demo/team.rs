//! Made-up supervisors: they reply to low ratings or handle them in another way, sometimes ask for one to be voided, and
//! score conversations themselves.

use super::agenda::{Answer, Event, Task, What};
use super::history::History;
use super::words::{self, one_of};
use lastword_base::time::{DAY, HOUR, MINUTE, Millis};
use lastword_life::review::act::{ReviewAct, act};
use lastword_life::review::supervisor_score::{Opinion, score};
use lastword_queue::Handler;
use lastword_store::StoreError;

/// Share of scored conversations, of satisfied clients and of others.
const SCORED: (f64, f64) = (0.05, 0.3);

impl<H: Handler> History<H> {
    /// Plans the work on a rating: most low ones get a reply within the working day, some are forgotten.
    pub(super) fn plan_work(&mut self, answer: &Answer) {
        let task = |what| Event::Work(Task { request: answer.request, what });
        let (low, chance) = (!answer.well, self.chance());
        if low && chance < 0.58 {
            self.plan_gathered(
                answer.at + self.between(12 * MINUTE, 6 * HOUR),
                task(What::Reply(words::reply(answer.reason, self.chance()))),
            );
        } else if low && chance < 0.74 {
            self.plan_gathered(answer.at + self.between(HOUR, 9 * HOUR), task(What::Note(words::note(self.chance()))));
        } else if low && chance < 0.8 && answer.at + 10 * DAY > self.until {
            // Earlier appeals have already been decided.
            self.plan_gathered(answer.at + self.between(HOUR, 9 * HOUR), task(What::Appeal));
        } else if low && answer.at + 12 * DAY < self.until {
            // Forgotten ratings are handled days later.
            self.plan_gathered(answer.at + self.between(2 * DAY, 9 * DAY), task(What::Note(words::note(self.chance()))));
        }
        if self.chance() < if low { SCORED.1 } else { SCORED.0 } {
            let stars = if low { 1 + (self.chance() * 4.0) as u8 } else { 4 + u8::from(self.chance() < 0.6) };
            let note = (self.chance() < 0.5).then(|| *one_of(words::SCORE_NOTES, self.chance()));
            self.plan_gathered(answer.at + self.between(3 * HOUR, DAY), task(What::Score(stars, note)));
        }
    }

    /// Does a task. It is skipped if it is no longer possible because the client changed the rating.
    pub(super) async fn work(&mut self, Task { request, what }: Task, now: Millis) -> Result<(), StoreError> {
        let by = one_of(&self.supervisors, self.chance()).clone();
        let engine = &self.engine;
        match what {
            What::Reply(text) => drop(act(engine, &by, request, ReviewAct::Reply(text.to_owned()), None, now).await?),
            What::Note(text) => drop(act(engine, &by, request, ReviewAct::Settle(text.to_owned()), None, now).await?),
            What::Appeal => drop(act(engine, &by, request, ReviewAct::Appeal(words::APPEAL.to_owned()), None, now).await?),
            What::Score(stars, note) => {
                let opinion = Opinion { score: Some(stars), comment: note.map(str::to_owned), by, seen: None };
                drop(score(engine, request, opinion, now).await?);
            }
        }
        Ok(())
    }
}
