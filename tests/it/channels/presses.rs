//! A press that is not ours gets its spinner stopped if no other program answers it.

use crate::on_both_databases;
use crate::rig::world::{World, messenger, parrot};
use async_trait::async_trait;
use lastword::domain::answer::Disposition;
use lastword::life::facts::inbound::AcceptResult;
use lastword_contract::{Account, Address, Capabilities, Channel, Inbound, InboundKind, Outgoing, Receipt, SendError};
use std::sync::Arc;

on_both_databases! {
    a_press_of_a_stranger_is_answered_with_nothing => answered;
    a_press_that_a_desk_hears_too_is_the_desks_to_answer => left_to_the_desk;
    somebody_else_in_the_group_hears_whom_the_question_is_for => not_theirs;
}

fn press(token: &str, number: i64) -> Inbound {
    let (by, press_id) = (Address::chat("somebody"), Some(format!("spin-{number}")));
    let what = InboundKind::Press { token: token.to_owned(), by, message_id: None, press_id };
    Inbound { key: format!("p{number}"), order: number, at: None, kind: what }
}

async fn answered(url: String) {
    let world = World::on(&url, messenger()).await;
    let (_, question) = world.ask("S-1").await;
    let forged = question.choices[0].token.replace("_1_", "_0_");
    for (number, token) in [(1, "r1_nonsense"), (2, forged.as_str()), (3, "buy:42")] {
        let AcceptResult { disposition, acknowledge, .. } = world.arrives("bot", press(token, number)).await;
        assert_eq!((disposition, acknowledge), (Disposition::Forged, Some((format!("spin-{number}"), String::new()))), "{token}");
        let again = world.arrives("bot", press(token, number)).await;
        assert_eq!((again.repeated, again.acknowledge), (true, Some((format!("spin-{number}"), String::new()))));
    }
}

async fn not_theirs(url: String) {
    let world = World::on(&url, messenger()).await;
    for (group, language, word) in
        [("-100", "en", "This question is for somebody else."), ("-200", "de", "Diese Frage ist für jemand anderen.")]
    {
        let by = |user: &str| Address { user: Some(user.to_owned()), ..Address::chat(group) };
        let mut close = world.close_of(group);
        (close.address, close.language) = (Some(by("anna")), Some(language.to_owned()));
        world.tell(close).await;
        world.pass(10_000).await;
        let question = world.client.take().pop().expect("a question");
        let what = InboundKind::Press {
            token: question.choices[0].token.clone(),
            by: by("boris"),
            message_id: None,
            press_id: Some("spin".to_owned()),
        };
        let taken = world.happens("bot", what).await;
        assert_eq!((taken.disposition, taken.acknowledge), (Disposition::Foreign, Some(("spin".to_owned(), word.to_owned()))));
    }
}

/// A bot whose presses another program receives too.
#[derive(Debug)]
struct Shared(Arc<crate::rig::world::Parrot>);

#[async_trait]
impl Channel for Shared {
    fn kind(&self) -> &'static str {
        "shared"
    }

    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        self.0.send(outgoing).await
    }

    fn shares_presses(&self) -> bool {
        true
    }

    async fn check(&self) -> Result<Account, SendError> {
        Ok(Account::default())
    }
}

async fn left_to_the_desk(url: String) {
    let world = World::on(&url, messenger()).await.and("shared", Arc::new(Shared(parrot(messenger())))).await;
    for _ in 0..2 {
        let taken = world.arrives("shared", press("buy:42", 1)).await;
        assert_eq!(taken.acknowledge, None, "its answer is the desk's");
    }
}
