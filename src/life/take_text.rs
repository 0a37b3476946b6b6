//! A client typed something: it is a comment where it replies to our thanks, and an ordinary message otherwise. Either way
//! the client wrote, so the window is open from then.

use super::accept_answer::{Arrived, Batch, Judged};
use crate::domain::answer::Disposition;
use crate::domain::token::TokenValue;
use crate::store::{StoreError, Tx, conversation, ending};
use lastword_contract::Address;

impl Batch<'_> {
    /// A typed text.
    pub(super) async fn text(
        &mut self,
        tx: &mut Tx,
        one: &Arrived,
        text: &str,
        by: &Address,
        reply_to: Option<&str>,
    ) -> Result<Judged, StoreError> {
        let at = one.inbound.at.unwrap_or(self.now);
        let news = self.conversation_news(one, by, None, Some(at));
        conversation::learn(tx, &news).await?;
        let ordinary = (Disposition::NotAnAnswer, None, String::new());
        let Some(message_id) = reply_to else { return Ok(ordinary) };
        let Some((_, kind, Some(subject))) = ending::behind_message(tx, &one.connection, message_id).await? else { return Ok(ordinary) };
        if !matches!(kind.as_str(), "ask" | "reminder" | "settle") {
            return Ok(ordinary);
        }
        if !self.requests.contains_key(&subject) {
            self.hold(tx, &[&subject]).await?;
        }
        let Some(request) = self.requests.get(&subject).cloned() else { return Ok(ordinary) };
        let (Some(line), true) = (self.lines.get(&request.line_id).cloned(), self.ratings.contains_key(&subject)) else {
            return Ok(ordinary);
        };
        let address: Address = request.address.as_deref().and_then(|address| serde_json::from_str(address).ok()).unwrap_or_default();
        if !address.admits(by) {
            return Ok((Disposition::Foreign, Some(subject), String::new()));
        }
        let disposition = self.follow_up(one, &request, &line, TokenValue::Comment, Some(text), None);
        Ok((disposition, Some(subject), String::new()))
    }
}
