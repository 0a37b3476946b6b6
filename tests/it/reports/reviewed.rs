//! Random actions of people and clients long after the close: replies, appeals judged and reversed, second questions, and
//! edits through links that count immediately, are held, withdrawn and released.

use super::shop::Shop;
use lastword::domain::access::audit::By;
use lastword::domain::answer::Disposition;
use lastword::domain::answer::rating::Scale;
use lastword::domain::answer::scanner::SentForm;
use lastword::domain::question::token::{Purpose, TokenValue};
use lastword::life::answer::accept::accept;
use lastword::life::facts::inbound::Arrived;
use lastword::life::review::act::{ReviewAct, act};
use lastword::life::review::judge_objection::Verdict;
use lastword::names::{AccountId, ConnectionId};
use lastword::store::answer::rating::Rating;
use lastword::store::question::rating_request;
use lastword::store::records::inspect;
use lastword::time::{Clock, HOUR, SECOND};
use lastword_contract::{Address, Inbound, InboundKind};
use rand::Rng;

impl Shop {
    /// One action on one of the newest ratings.
    pub(super) async fn review(&mut self) {
        let ratings = inspect::ratings(&self.engine.db).await.unwrap();
        if ratings.is_empty() {
            return;
        }
        let newest = ratings.len().saturating_sub(12);
        let rating = ratings[self.chance.random_range(newest..ratings.len())].clone();
        let (engine, id, now) = (self.engine.clone(), rating.request_id, self.clock.now());
        let by = By::person(AccountId::first_of(2), "Sam");
        match self.chance.random_range(0..6) {
            0 => drop(act(&engine, &by, id, ReviewAct::Reply("Sorry.".to_owned()), None, now).await.unwrap()),
            1 => {
                let settles = self.chance.random_bool(0.7);
                let what = if settles { ReviewAct::Settle(String::new()) } else { ReviewAct::Reopen };
                drop(act(&engine, &by, id, what, None, now).await.unwrap());
            }
            2 => {
                let verdict = if self.chance.random_bool(0.7) { Verdict::Uphold } else { Verdict::Decline };
                if let Ok(appeal) = act(&engine, &by, id, ReviewAct::Appeal("Not ours".to_owned()), None, now).await.unwrap() {
                    act(&engine, &by, id, ReviewAct::Judge(appeal.objection.unwrap(), verdict, "So it is".to_owned()), None, now)
                        .await
                        .unwrap()
                        .unwrap();
                }
            }
            3 => drop(act(&engine, &by, id, ReviewAct::Restore("Ours after all".to_owned()), None, now).await.unwrap()),
            4 => {
                act(&engine, &by, id, ReviewAct::Reply("Sorry, and thanks.".to_owned()), None, now).await.unwrap().unwrap();
                self.seconds += i64::from(act(&engine, &by, id, ReviewAct::AskAgain, None, now).await.unwrap().is_ok());
            }
            _ => {
                self.clock.advance(HOUR);
                for _ in 0..self.chance.random_range(1..=4) {
                    self.edit(&rating).await;
                    self.clock.advance(SECOND);
                }
            }
        }
    }

    /// The client gives another score on the page of the link.
    async fn edit(&mut self, rating: &Rating) {
        let request = rating_request::load(&self.engine.db, &[rating.request_id]).await.unwrap().remove(0);
        let Some((connection, address)) = request.asked_at() else { return };
        let by: Address = serde_json::from_str(&address).unwrap();
        let score = if rating.scale == Scale::Binary { self.chance.random_range(0..=1) } else { self.chance.random_range(1..=5) };
        let place = format!("{connection}:{}", by.chat);
        let token = self.engine.keys.mint(Purpose::Rate, request.id, &place, TokenValue::Score(score));
        let mut became = self.sends(&token, &by, connection).await;
        if became == Disposition::Unconfirmed {
            // It contradicts an answer with more evidence, so another tap is required.
            self.clock.advance(SECOND);
            became = self.sends(&token, &by, connection).await;
        }
        self.edited.insert(became.as_str());
    }

    /// The client reads the page of a link, and submits its form.
    async fn sends(&mut self, token: &str, by: &Address, connection: &ConnectionId) -> Disposition {
        let shown_at = self.clock.now();
        self.clock.advance(2 * SECOND);
        let form = Some(SentForm { shown_at, sent_at: self.clock.now(), opened: true });
        let what = InboundKind::Press { token: token.to_owned(), by: by.clone(), message_id: None, press_id: None };
        let inbound = Inbound { key: format!("link:{}", self.engine.ids.fraction()), order: self.clock.now(), at: None, kind: what };
        let arrived = Arrived { connection: connection.clone(), inbound, body_hash: String::new(), came: None, form };
        accept(&self.engine, vec![arrived], None, self.clock.now()).await.unwrap().remove(0).disposition
    }
}
