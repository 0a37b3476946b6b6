//! A client edits a rating through its link: twice within three months; a higher score counts immediately, a lower one is
//! held for three days.

use super::{DAY, HOUR};
use crate::on_both_databases;
use crate::rig::world::{PUBLIC_URL, World, messenger};
use lastword::domain::answer::Disposition;
use lastword::domain::answer::rating::Scale;
use lastword::domain::answer::scanner::SentForm;
use lastword::domain::line::LineSettings;
use lastword::domain::report::calendar::Day;
use lastword::domain::report::period::Period;
use lastword::life::answer::accept::accept;
use lastword::life::answer::by_link::{FormInput, SentPage, answers};
use lastword::life::answer::open_link::{Behind, open};
use lastword::life::report::recount::recount;
use lastword::life::report::summary;
use lastword::names::RequestId;
use lastword::store::answer::rating::{self, Rating};
use lastword::store::report::Closes;
use lastword_contract::{Capabilities, Choice, ChoiceKind, Outgoing};

on_both_databases! {
    up_counts_at_once_and_down_is_held_for_three_days => up_and_down;
    a_held_edit_is_taken_back_and_costs_nothing => taken_back;
    after_three_months_or_two_edits_a_rating_stays => locked;
    a_tap_in_the_chat_is_no_edit => only_through_the_link;
    who_taps_too_late_is_told_where_to_edit => told_in_place;
    where_thanks_stay_as_they_are_it_is_a_word_of_its_own => told_in_a_word;
    a_line_without_time_for_changes_leads_to_the_page_at_once => page_at_once;
}

/// A world whose client receives links, with five stars.
async fn world(url: &str) -> World {
    let world = World::on(url, Capabilities { links: true, edits: false, ..messenger() }).await;
    world.line(LineSettings { scale: Scale::FiveStar, ..LineSettings::default() }).await;
    world
}

/// The client opens the link of the question and submits this score on its page.
async fn gives(world: &World, question: &Outgoing, score: u8) -> Disposition {
    let Some(Behind::Question(behind)) = open(&world.engine, &question.choices[0].token).await.unwrap() else { panic!("it opens") };
    let form = Some(SentForm { shown_at: world.now(), sent_at: world.now(), opened: true });
    let page = SentPage { id: format!("n{}", world.engine.ids.fraction()), form };
    let events = answers(&world.engine, &behind, &[FormInput::Score(score)], &page, world.now());
    let taken = accept(&world.engine, events, None, world.now()).await.unwrap().remove(0);
    world.pass(1_000).await;
    taken.disposition
}

async fn rating_of(world: &World, request: &str) -> Rating {
    rating::of_requests(&world.engine.db, &[RequestId::named(request)]).await.unwrap().remove(&RequestId::named(request)).unwrap()
}

/// Good and bad ratings according to the counters.
async fn counted(world: &World) -> (i64, i64) {
    let period = Period { from: Day::parse("2026-09-01").unwrap(), until: Day::parse("2027-09-01").unwrap() };
    let score = summary(&world.engine.db, &Closes::of(period)).await.unwrap().report.score;
    (score.raw.good, score.raw.bad)
}

async fn up_and_down(url: String) {
    let world = world(&url).await;
    let (request, question) = world.ask("S-1").await;
    assert_eq!(gives(&world, &question, 2).await, Disposition::Counted);
    world.staff.take();
    world.pass(20 * DAY).await;
    assert_eq!(gives(&world, &question, 5).await, Disposition::Changed, "up at once");
    assert_eq!((rating_of(&world, &request).await.score, counted(&world).await), (5, (1, 0)));
    world.staff.take();
    world.pass(DAY).await;
    assert_eq!(gives(&world, &question, 1).await, Disposition::Held);
    world.pass(2 * DAY + 23 * HOUR).await;
    assert_eq!((rating_of(&world, &request).await.score, counted(&world).await), (5, (1, 0)), "not yet");
    assert!(world.staff.take().iter().all(|message| message.purpose != lastword_contract::Purpose::Alert));
    world.pass(2 * HOUR).await;
    let now = rating_of(&world, &request).await;
    assert_eq!((now.score, now.low, counted(&world).await), (1, 1, (0, 1)), "a step on any node lets it count");
    let told = world.staff.take();
    assert!(told.iter().any(|message| message.purpose == lastword_contract::Purpose::Alert), "and it is told: {told:?}");
    assert_eq!(gives(&world, &question, 4).await, Disposition::Locked, "two edits are all");
    assert!(recount(&world.engine.db, world.now(), |_| {}).await.unwrap().wrong == 0, "the counters are those of the rows");
}

async fn taken_back(url: String) {
    let world = world(&url).await;
    let (request, question) = world.ask("S-1").await;
    gives(&world, &question, 4).await;
    world.pass(DAY).await;
    assert_eq!(gives(&world, &question, 2).await, Disposition::Held);
    world.pass(DAY).await;
    assert_eq!(gives(&world, &question, 1).await, Disposition::Held, "lower still, in its place");
    world.pass(2 * DAY).await;
    assert_eq!(gives(&world, &question, 4).await, Disposition::Withdrawn, "though both edits are used up");
    world.pass(5 * DAY).await;
    assert_eq!(rating_of(&world, &request).await.score, 4);
    assert_eq!(gives(&world, &question, 5).await, Disposition::Locked);
}

async fn locked(url: String) {
    let world = world(&url).await;
    let (request, question) = world.ask("S-1").await;
    gives(&world, &question, 2).await;
    world.pass(95 * DAY).await;
    assert_eq!(gives(&world, &question, 5).await, Disposition::Locked);
    assert_eq!(rating_of(&world, &request).await.score, 2);
}

async fn only_through_the_link(url: String) {
    let world = world(&url).await;
    let (request, question) = world.ask("S-1").await;
    world.tap(&question, "★★").await;
    world.pass(DAY).await;
    assert_eq!(world.tap(&question, "★★★★★").await.disposition, Disposition::Locked);
    assert_eq!(rating_of(&world, &request).await.score, 2);
}

/// A messenger with buttons and without links.
async fn buttons(url: &str, edits: bool) -> World {
    let world = World::on(url, Capabilities { edits, ..messenger() }).await;
    world.line(LineSettings { scale: Scale::FiveStar, ..LineSettings::default() }).await;
    world
}

/// The question of the address in a text.
async fn behind_address_in(world: &World, text: &str) -> Outgoing {
    let (_, token) = text.split_once(&format!("{PUBLIC_URL}r/")).unwrap_or_else(|| panic!("no address in {text}"));
    let Some(Behind::Question(behind)) = open(&world.engine, token.trim()).await.unwrap() else { panic!("it opens") };
    assert!(behind.may_change(world.now()));
    let choice = Choice { label: String::new(), token: token.trim().to_owned(), kind: ChoiceKind::Change, link: None };
    Outgoing { choices: vec![choice], ..Outgoing::default() }
}

async fn told_in_place(url: String) {
    let world = buttons(&url, true).await;
    let (request, question) = world.ask("S-1").await;
    world.tap(&question, "★★").await;
    let thanks = Outgoing { key: question.key.clone(), ..world.client.take().pop().expect("thanks") };
    assert!(!thanks.text.contains(PUBLIC_URL), "while it can be tapped, nobody needs an address");
    world.pass(DAY).await;
    assert_eq!(world.tap(&thanks, "Change my answer").await.disposition, Disposition::Locked);
    let told = world.client.take().pop().expect("a word");
    assert_eq!(told.replaces.as_deref(), Some(format!("m-{}", question.key).as_str()));
    assert!(told.text.starts_with("Thank you for telling us") && told.text.contains("You can still change your rating here:"), "{told:?}");
    let page = behind_address_in(&world, &told.text).await;
    assert_eq!(gives(&world, &page, 5).await, Disposition::Unconfirmed, "a tap in the messenger says more of a person than a page");
    assert_eq!(gives(&world, &page, 5).await, Disposition::Changed, "up at once");
    assert_eq!(rating_of(&world, &request).await.score, 5);
    assert_eq!(gives(&world, &page, 1).await, Disposition::Held);
    world.pass(DAY).await;
    world.client.take();
    // Both edits are used up, but the held one can be withdrawn.
    assert_eq!(world.tap(&question, "★★★").await.disposition, Disposition::Locked);
    assert!(world.client.take().pop().expect("a word").text.contains(PUBLIC_URL));
    world.pass(3 * DAY).await;
    world.client.take();
    assert_eq!(world.tap(&question, "★★★").await.disposition, Disposition::Locked);
    let told = world.client.take().pop().expect("thanks, as before");
    assert!(!told.text.contains(PUBLIC_URL), "two edits are all: {told:?}");
}

async fn told_in_a_word(url: String) {
    let world = buttons(&url, false).await;
    let (_, question) = world.ask("S-1").await;
    world.tap(&question, "★★").await;
    world.client.take();
    world.pass(DAY).await;
    assert_eq!(world.tap(&question, "★★★★").await.disposition, Disposition::Locked);
    let told = world.client.take().pop().expect("a word");
    assert!(told.text.starts_with("You can still change your rating here:") && told.choices.is_empty(), "{told:?}");
    let page = behind_address_in(&world, &told.text).await;
    assert_eq!(gives(&world, &page, 4).await, Disposition::Unconfirmed);
    assert_eq!(gives(&world, &page, 4).await, Disposition::Changed);
    world.client.take();
    world.pass(95 * DAY).await;
    assert_eq!(world.tap(&question, "★★★★★").await.disposition, Disposition::Locked);
    assert!(world.client.take().is_empty(), "after three months there is nothing to say");
}

/// In a messenger and in a web chat alike.
async fn page_at_once(url: String) {
    let web_chat = Capabilities { comment_box: true, asks_at_close: true, ..messenger() };
    let world = World::on(&url, web_chat).await;
    world.line(LineSettings { scale: Scale::FiveStar, change_minutes: 0, ..LineSettings::default() }).await;
    let (request, question) = world.ask("S-1").await;
    world.tap(&question, "★★").await;
    let thanks = Outgoing { key: question.key.clone(), ..world.client.take().pop().expect("thanks") };
    world.pass(1_000).await;
    assert_eq!(world.tap(&thanks, "Change my answer").await.disposition, Disposition::Locked);
    let told = world.client.take().pop().expect("a word");
    let page = behind_address_in(&world, &told.text).await;
    gives(&world, &page, 5).await;
    assert_eq!(gives(&world, &page, 5).await, Disposition::Changed, "once more, as a tap was there before");
    assert_eq!(rating_of(&world, &request).await.score, 5);
}
