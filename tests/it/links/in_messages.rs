//! Which messages contain links, and the reaction to an answer through one.

use crate::on_both_databases;
use crate::rig::world::{PUBLIC_URL, World, messenger};
use lastword::domain::answer::Disposition;
use lastword_contract::Capabilities;

/// A channel that shows all choices as links, like mail.
pub(super) fn links() -> Capabilities {
    Capabilities { links: true, edits: false, free_text: false, ..messenger() }
}

on_both_databases! {
    links_stand_where_they_are_claimed => stands;
}

async fn stands(url: String) {
    let world = World::on(&url, links()).await;
    let (_, question) = world.ask("S-1").await;
    assert_eq!(question.choices.len(), 2);
    for choice in &question.choices {
        assert_eq!(choice.link.as_deref(), Some(format!("{PUBLIC_URL}r/{}", choice.token).as_str()));
    }
    assert_eq!(world.tap(&question, "👎").await.disposition, Disposition::Counted);
    assert_eq!(world.client.take(), [], "the page has thanked; another message would only disturb");
    let alert = world.staff.take().into_iter().find(|message| !message.choices.is_empty()).expect("an alert");
    assert_eq!(alert.choices[0].link, None, "the supervisor's channel has buttons");
}
