//! A recipient acknowledges an alert, by its button or on the page behind its link.

use super::batch::{Batch, Judged};
use crate::alert::acknowledge::{PressedMessage, seen_message};
use crate::facts::inbound::Arrived;
use lastword_base::names::RequestId;
use lastword_contract::Address;
use lastword_domain::answer::Disposition;
use lastword_domain::answer::scanner::Evidence;
use lastword_domain::question::token::Claimed;
use lastword_store::alert::{Alert, SeenBy};

impl Batch<'_> {
    /// Acknowledges an alert, and all others in its message.
    pub(super) fn alert_seen(&mut self, one: &Arrived, claimed: &Claimed, by: &Address, message_id: Option<&str>) -> Judged {
        let id = claimed.subject.as_id();
        let found = self.alerts.about.iter().find(|alert| Some(alert.id) == id).cloned();
        let moved = found.as_ref().is_some_and(|found| self.was_sent_to_an_earlier_chat(one, claimed, found, by));
        if !moved && !self.vouches(one, claimed, &by.chat) {
            return Judged::nothing(Disposition::Forged);
        }
        let Some(found) = found else { return Judged::nothing(Disposition::Unknown) };
        if Self::evidence(one) == Evidence::Form {
            return Judged::about(found.request_id, Disposition::Unconfirmed);
        }
        let name = self.alerts.names.get(&found.recipient_id).unwrap_or(&found.recipient_id).clone();
        let same = |alert: &&Alert| alert.delivery_id.is_some() && alert.delivery_id == found.delivery_id;
        let mut requests: Vec<RequestId> = self.alerts.about.iter().filter(same).map(|alert| alert.request_id).collect();
        requests.dedup();
        let mut new = false;
        for request in requests {
            let is_new = self.acknowledge(request, &name);
            if is_new && request == found.request_id {
                let place = message_id.map(|message_id| PressedMessage { connection: &one.connection, address: by, message_id });
                let edited = place.and_then(|place| seen_message(self.engine, &found, place, &name, self.now));
                self.writes.deliveries.extend(edited);
            }
            new |= is_new;
        }
        let disposition = if new { Disposition::Counted } else { Disposition::Repeated };
        Judged::about(found.request_id, disposition).with("✓")
    }

    /// True if it was sent before its recipient moved to the chat in which it is pressed.
    fn was_sent_to_an_earlier_chat(&self, one: &Arrived, claimed: &Claimed, alert: &Alert, by: &Address) -> bool {
        let theirs = self.alerts.earlier_chats.iter().filter(|earlier| {
            earlier.whose.subject == *alert.recipient_id && earlier.whose.connection == one.connection && earlier.names_today(&by.chat)
        });
        theirs.into_iter().any(|earlier| self.vouches(one, claimed, &earlier.chat))
    }

    /// Acknowledges all alerts about a rating request. Returns whether any was not acknowledged before.
    fn acknowledge(&mut self, request: RequestId, name: &str) -> bool {
        let mut new = false;
        for alert in self.alerts.about.iter_mut().filter(|alert| alert.request_id == request && alert.waits_to_be_seen()) {
            alert.acknowledged_at = Some(self.now);
            new = true;
        }
        if new {
            self.writes.seen_by.push(SeenBy { request_id: request, name: name.to_owned() });
        }
        new
    }
}
