//! Watched shares: the baseline is learnt, a fall is reported once, and so is its end.

use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::line::{LineSettings, Texts};
use lastword::domain::report::watch::{AlarmEnd, Watched};
use lastword::life::answer::accept::accept;
use lastword::life::facts::inbound::Arrived;
use lastword::life::report::watch::learn::{Anew, learn_next, look};
use lastword::life::report::watch::tell::tell;
use lastword::life::session::close::close_sessions;
use lastword::life::session::close_batch::Close;
use lastword::store::report::alarm::{self, ShareAlarm, behind};
use lastword::store::report::watch::{self, ShareWatch};
use lastword::store::{alert, line};
use lastword_contract::{Inbound, InboundKind, Outgoing, Purpose, SendError, Verdict};

const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;

on_both_databases! {
    a_fall_is_told_once_with_its_chats_and_so_is_its_end => score_falls;
    with_fewer_than_five_hundred_clients_there_is_no_alarm => too_few;
    another_question_is_learnt_anew => asked_otherwise;
    silence_counts_once_the_question_is_mature => silence;
    questions_that_do_not_arrive_are_noticed_within_few => lost;
    a_client_counts_once_a_week_and_as_they_say_last => once_a_week;
}

/// A day of the shop: `closes` chats are closed, the given number of clients tap each label in turn, and the others do not
/// answer. `name` is the prefix of the session names.
async fn day(world: &World, name: &str, closes: usize, taps: &[(&str, usize)]) {
    let of = |number: usize| Close { client: Some(format!("{name}-{number}").into()), ..world.close_of(&format!("{name}-{number}")) };
    let all: Vec<Close> = (0..closes).map(of).collect();
    close_sessions(&world.engine, all, world.now()).await.unwrap();
    world.clock.advance(2_000);
    world.work().await;
    let questions = questions(world);
    let labels = taps.iter().flat_map(|&(label, times)| std::iter::repeat_n(label, times));
    tap(world, &questions.iter().zip(labels).collect::<Vec<_>>()).await;
    world.clock.advance(DAY - 2_000);
}

/// Questions received by clients, without replacements of earlier ones.
fn questions(world: &World) -> Vec<Outgoing> {
    world.client.take().into_iter().filter(|message| matches!(message.purpose, Purpose::Question(_))).collect()
}

async fn tap(world: &World, taps: &[(&Outgoing, &str)]) {
    let arrived = taps.iter().map(|(question, label)| {
        let choice = question.choices.iter().find(|choice| choice.label == *label).expect("a choice");
        let kind = InboundKind::Press { token: choice.token.clone(), by: question.to.clone(), message_id: None, press_id: None };
        let key = format!("tap-{}-{label}-{}", question.key, world.now());
        Arrived {
            connection: "bot".into(),
            inbound: Inbound { key, order: world.now(), at: None, kind },
            body_hash: String::new(),
            came: None,
            form: None,
        }
    });
    accept(&world.engine, arrived.collect(), None, world.now()).await.unwrap();
}

/// Fifteen days with sixty chats each, of which forty are rated and four of those low.
async fn usual(world: &World) {
    for number in 0..15 {
        day(world, &format!("usual{number}"), 60, &[("👎", 4), ("👍", 36)]).await;
    }
    world.pass(DAY).await;
    world.staff.take();
    assert!(learn_next(&world.engine, world.now()).await.is_ok());
}

async fn share(world: &World, kind: Watched) -> ShareWatch {
    let all = watch::all(&world.engine.db, Some(&"support".into())).await.unwrap();
    all.into_iter().find(|watch| watch.kind == kind && watch.channel == "parrot").expect("a watched share")
}

async fn alarms(world: &World) -> Vec<ShareAlarm> {
    alarm::of_line(&world.engine.db, &"support".into(), 10).await.unwrap()
}

fn only<T: std::fmt::Debug>(mut all: Vec<T>) -> T {
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

/// Messages to people about alarms.
fn told(world: &World) -> Vec<Outgoing> {
    let of_alarm = |message: &Outgoing| message.purpose == Purpose::Alert && message.data.get("alarm").is_some();
    world.staff.take().into_iter().filter(of_alarm).collect()
}

/// Clients without an answer are among the last of a day, which also looks like a fall of answers: those alarms are ignored here.
async fn alarms_of_score(world: &World) -> Vec<ShareAlarm> {
    alarms(world).await.into_iter().filter(|alarm| alarm.kind == Watched::Score).collect()
}

fn told_of_score(world: &World) -> Vec<Outgoing> {
    told(world).into_iter().filter(|message| message.data["share"] == "score").collect()
}

async fn score_falls(url: String) {
    let world = World::on(&url, messenger()).await;
    usual(&world).await;
    let known = share(&world, Watched::Score).await;
    assert_eq!((known.clients, known.cases, known.bad), (600, 600, 60), "{known:?}");
    assert!(known.learnt_at.is_some() && (115_000..120_000).contains(&known.usual), "{known:?}");
    assert!((13_000..15_000).contains(&known.promise), "a year of cases: {known:?}");

    day(&world, "as-usual", 60, &[("👎", 4), ("👍", 36)]).await;
    assert!(alarms_of_score(&world).await.is_empty());
    day(&world, "bad", 60, &[("👎", 20), ("👍", 20)]).await;
    let raised = &only(alarms_of_score(&world).await);
    assert_eq!((raised.kind, raised.ended_at), (Watched::Score, None));
    assert!(raised.bad <= 20 && raised.cases <= 40 && raised.bad * 2 >= raised.cases, "{raised:?}");
    let chats = behind(&world.engine.db, raised, DAY, 50).await.unwrap();
    assert!(chats.iter().filter(|chat| chat.session.as_str().starts_with("bad-")).count() as i64 >= raised.bad - 4, "{chats:?}");
    assert!(share(&world, Watched::Score).await.alarm_id.is_some());

    // Two nodes at once, and a crash before the report: the alarm is reported once.
    let (one, other) = tokio::join!(tell(&world.engine, world.now()), tell(&world.engine, world.now()));
    assert_eq!(one.unwrap() + other.unwrap(), 1);
    world.work().await;
    world.pass(HOUR).await;
    let message = &only(told_of_score(&world));
    assert_eq!(message.to.chat, "anna");
    assert!(message.text.starts_with("⚠ More low ratings than usual: Support (parrot)\nSince "), "{}", message.text);
    assert!(
        message.text.contains("chance alone would raise about 12 trend alarms a year, over everything that is watched"),
        "{}",
        message.text
    );
    assert!(message.text.ends_with("https://rate.example.com/lines/support/alarms"), "{}", message.text);
    assert_eq!(message.data["share"], "score");
    let alerts = alert::of_requests(&world.engine.db, &[raised.id.named_as()]).await.unwrap();
    assert_eq!(alerts.iter().map(|alert| (alert.kind.as_str(), alert.state.as_str())).collect::<Vec<_>>(), [("alarm", "raised")]);

    // More of the same is the same alarm.
    day(&world, "worse", 60, &[("👎", 40)]).await;
    world.pass(HOUR).await;
    assert_eq!((alarms_of_score(&world).await.len(), told_of_score(&world).len()), (1, 0));

    for number in 0..3 {
        day(&world, &format!("good{number}"), 60, &[("👍", 60)]).await;
    }
    world.pass(HOUR).await;
    let over = &only(alarms_of_score(&world).await);
    assert_eq!(over.end_reason, Some(AlarmEnd::AllClear));
    let message = &only(told_of_score(&world));
    assert!(message.text.starts_with("✓ All clear: low ratings are as rare as usual again: Support (parrot)"), "{}", message.text);
    assert_eq!(message.data["kind"], "all_clear");
    assert_eq!(share(&world, Watched::Score).await.alarm_id, None);
}

async fn too_few(url: String) {
    let world = World::on(&url, messenger()).await;
    day(&world, "few", 400, &[("👍", 400)]).await;
    world.pass(DAY).await;
    learn_next(&world.engine, world.now()).await.unwrap();
    let known = share(&world, Watched::Score).await;
    assert_eq!((known.learnt_at, known.clients), (None, 400));
    day(&world, "bad", 99, &[("👎", 99)]).await;
    world.pass(7 * HOUR).await;
    assert!(alarms(&world).await.is_empty());
    assert_eq!(told(&world).len(), 0);
    assert_eq!(share(&world, Watched::Score).await.clients, 499, "looked at again, and still one too few");
}

async fn asked_otherwise(url: String) {
    let world = World::on(&url, messenger()).await;
    usual(&world).await;
    day(&world, "bad", 60, &[("👎", 40)]).await;
    assert_eq!(alarms(&world).await.len(), 1);
    let mut settings = LineSettings::default();
    settings.texts.insert("en".into(), Texts { question: Some("How did we do?".into()), ..Texts::default() });
    world.line(settings.clone()).await;
    // No answer to the new question is compared with the old baseline, not even before it is learnt again.
    let before = share(&world, Watched::Score).await;
    day(&world, "other", 60, &[("👍", 60)]).await;
    assert_eq!(share(&world, Watched::Score).await.sum, before.sum);
    world.pass(HOUR).await;
    let known = share(&world, Watched::Score).await;
    assert_eq!((known.learnt_at, known.clients, known.alarm_id), (None, 60, None));
    assert_eq!(alarms(&world).await[0].end_reason, Some(AlarmEnd::LearntAnew));
    assert!(share(&world, Watched::Delivery).await.learnt_at.is_some(), "which does not depend on words");

    // Changes that do not affect the question keep the baseline.
    for number in 0..13 {
        day(&world, &format!("more{number}"), 40, &[("👎", 4), ("👍", 36)]).await;
    }
    world.pass(7 * HOUR).await;
    let known = share(&world, Watched::Score).await;
    assert!(known.learnt_at.is_some(), "{known:?}");
    world.line(LineSettings { once_per_client_hours: 12, ..settings }).await;
    day(&world, "on", 10, &[("👎", 2)]).await;
    let on = share(&world, Watched::Score).await;
    assert_eq!((on.learnt_at, on.sum), (known.learnt_at, known.sum + 2 * known.adds));

    // On the owner's request it is learnt from the existing answers.
    let line = line::find(&world.engine.db, &"support".into()).await.unwrap().unwrap();
    let by = lastword::domain::access::audit::By::command();
    look(&world.engine, &line, Some(Anew { channel: "parrot".into(), kind: Watched::Score, by }), world.now()).await.unwrap();
    let anew = share(&world, Watched::Score).await;
    assert_eq!((anew.learnt_at, anew.sum, anew.clients), (Some(world.now()), 0, 582));
}

async fn silence(url: String) {
    let world = World::on(&url, messenger()).await;
    usual(&world).await;
    let known = share(&world, Watched::Response).await;
    assert_eq!((known.clients, known.bad), (900, 300), "{known:?}");
    assert!(known.learnt_at.is_some());
    // An answer counts immediately; a missing answer only once the question is mature.
    let all: Vec<Close> = (0..120).map(|number| world.close_of(&format!("silent-{number}"))).collect();
    close_sessions(&world.engine, all, world.now()).await.unwrap();
    world.pass(HOUR).await;
    world.pass(20 * HOUR).await;
    assert!(alarms(&world).await.is_empty());
    world.pass(4 * HOUR).await;
    let raised = &only(alarms(&world).await);
    assert_eq!(raised.kind, Watched::Response);
    let chats = behind(&world.engine.db, raised, DAY + 2_000, 500).await.unwrap();
    assert!(chats.iter().filter(|chat| chat.session.as_str().starts_with("silent-")).count() as i64 >= raised.bad, "{raised:?}");
    world.pass(HOUR).await;
    assert!(told(&world)[0].text.starts_with("⚠ Fewer clients answer than usual: Support (parrot)"));
}

async fn lost(url: String) {
    let world = World::on(&url, messenger()).await;
    usual(&world).await;
    assert_eq!(share(&world, Watched::Delivery).await.clients, 900);
    world.client.is_down(Some(SendError::new(Verdict::RecipientGone, "blocked", "bot was blocked by the user")));
    day(&world, "lost", 20, &[]).await;
    let raised = &only(alarms(&world).await);
    assert_eq!((raised.kind, raised.bad), (Watched::Delivery, raised.cases));
    assert!(raised.cases <= 12, "{raised:?}");
    world.client.is_down(None);
    for number in 0..8 {
        day(&world, &format!("again{number}"), 60, &[]).await;
    }
    assert_eq!(alarms(&world).await[0].end_reason, Some(AlarmEnd::AllClear));
}

async fn once_a_week(url: String) {
    let world = World::on(&url, messenger()).await;
    usual(&world).await;
    world.line(LineSettings { once_per_client_hours: 0, ..LineSettings::default() }).await;
    // Advances to the beginning of a week, so that all that follows is in one week.
    world.clock.advance(7 * DAY - world.now() % (7 * DAY));
    let ask = async |session: &str| {
        let close = Close { client: Some("grumpy".into()), ..world.close_of(session) };
        close_sessions(&world.engine, vec![close], world.now()).await.unwrap();
        world.clock.advance(2_000);
        world.work().await;
        questions(&world).pop().expect("a question")
    };
    let adds = share(&world, Watched::Score).await.adds;
    let before = share(&world, Watched::Score).await.sum;
    let question = ask("G-1").await;
    tap(&world, &[(&question, "👎")]).await;
    assert_eq!(share(&world, Watched::Score).await.sum, before + adds);
    let again = ask("G-2").await;
    tap(&world, &[(&again, "👎")]).await;
    assert_eq!(share(&world, Watched::Score).await.sum, before + adds, "the same client in the same week");
    // They change it back.
    world.clock.advance(60_000);
    tap(&world, &[(&question, "👍")]).await;
    assert_eq!(share(&world, Watched::Score).await.sum, (before - 1).max(0));
    world.clock.advance(7 * DAY);
    let later = ask("G-3").await;
    tap(&world, &[(&later, "👎")]).await;
    assert_eq!(share(&world, Watched::Score).await.sum, (before - 1).max(0) + adds, "a week later");
}
