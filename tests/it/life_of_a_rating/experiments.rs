//! Two ways to ask on one line: each person always gets the same one, half of all get each; frozen at the close, and counted once.

use super::HOUR;
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::access::audit::By;
use lastword::domain::answer::rating::Scale;
use lastword::domain::line::LineSettings;
use lastword::domain::line::experiment::{Trial, Variant};
use lastword::domain::report::calendar::Day;
use lastword::domain::report::experiment::ExperimentVerdict;
use lastword::domain::report::period::Period;
use lastword::life::admin::change_experiment::{ExperimentChange, Wanted, end, figures, start};
use lastword::life::admin::change_line::{Changed, save_line};
use lastword::life::admin::dry_run::plan_line;
use lastword::life::report::rules_of;
use lastword::life::session::close_batch::{Close, Closed};
use lastword::life::session::explain::explain;
use lastword::store::line::experiment::{self, Experiment};
use lastword::store::line::{self, Line, LineChange};
use lastword::store::question::rating_request::{self, RatingRequest};
use lastword::store::report::Closes;
use lastword_base::names::ClientId;
use lastword_contract::Address;
use std::collections::BTreeMap;

on_both_databases! {
    people_are_asked_in_two_ways_and_each_always_in_one => two_ways;
    two_names_of_one_person_are_asked_alike => two_names;
    the_figures_equal_a_recount => recounted;
    what_is_asked_is_held_still_until_the_end => held_still;
    what_did_better_is_kept_by_a_persons_word => kept;
}

async fn line(world: &World) -> Line {
    line::find(&world.engine.db, &"support".into()).await.unwrap().unwrap()
}

fn trial() -> Trial {
    Trial { questions: [("en".to_owned(), "And now?".to_owned())].into(), delay_secs: Some(60), scale: Some(Scale::FiveStar) }
}

async fn begin(world: &World, trial: Trial) -> Experiment {
    let wanted = Wanted { trial, margin: 5, clients_max: 6_000 };
    match start(&world.engine, &By::command(), &line(world).await, wanted, world.now()).await.unwrap() {
        ExperimentChange::Done(experiment) => *experiment,
        other => panic!("{other:?}"),
    }
}

async fn world(url: &str) -> World {
    let world = World::on(url, messenger()).await;
    world.line(LineSettings { once_per_client_hours: 0, ..LineSettings::default() }).await;
    world
}

async fn closed(world: &World, close: Close) -> RatingRequest {
    let Closed::Kept { rating_request, decision: Ok(_), .. } = world.tell(close).await else { panic!("asks") };
    rating_request::load(&world.engine.db, &[rating_request]).await.unwrap().remove(0)
}

async fn two_ways(url: String) {
    let world = world(&url).await;
    let begun = begin(&world, trial()).await;
    let mut variants: BTreeMap<String, Variant> = BTreeMap::new();
    for round in 0..2 {
        for person in 0..60 {
            let close = Close { client: Some(format!("c{person}").into()), ..world.close_of(&format!("S-{round}-{person}")) };
            let request = closed(&world, close).await;
            let variant = request.variant.expect("a variant");
            assert_eq!(request.experiment_id.as_ref(), Some(&begun.id));
            let (scale, delay) = if variant == Variant::B { (Scale::FiveStar, 60_000) } else { (Scale::Binary, 2_000) };
            assert_eq!((request.scale, request.due_at.unwrap() - request.closed_at), (scale, delay), "as the variant asks");
            assert_eq!(*variants.entry(request.client_id.unwrap().into()).or_insert(variant), variant, "always alike");
        }
    }
    let b = variants.values().filter(|variant| **variant == Variant::B).count();
    assert!((15..=45).contains(&b), "{b} of 60");
    world.clock.advance(61_000);
    world.work().await;
    let questions = world.client.take();
    for question in &questions {
        let tried = question.text.starts_with("And now?");
        assert_eq!(question.choices.len(), if tried { 5 } else { 2 }, "{question:?}");
        world.tap(question, question.choices[0].label.as_str()).await;
    }
    let today = Period::last(2, Day::of(world.now(), world.engine.db.zone()));
    let rules = rules_of(&world.engine.db, &Closes::of(today)).await.unwrap();
    let good: Vec<_> = rules.iter().map(|rule| (rule.scale, &rule.good[..])).collect();
    assert_eq!(good, [(Scale::Binary, &[1][..]), (Scale::FiveStar, &[4, 5][..])], "a report shows what is good on both scales");
    let request = closed(&world, world.close_of("S-told")).await;
    let story = explain(&world.engine.db, &"S-told".into()).await.unwrap();
    let variant = request.variant.unwrap().as_str().to_uppercase();
    let said = format!("this client is asked as variant {variant}");
    assert!(story.iter().flat_map(|story| &story.history).any(|sentence| sentence.text.contains(&said)), "{story:?}");
    let dry = plan_line(&world.engine, &"support".into(), &line(&world).await.settings, request.closed_at, world.now() + 1).await.unwrap();
    assert_eq!(dry.closes.last().unwrap().variant, request.variant, "a dry run says it too");
}

async fn two_names(url: String) {
    let world = world(&url).await;
    for person in 0..12 {
        let close = |session: String, chat: String, client: Option<String>| Close {
            client: client.map(ClientId::from),
            address: Some(Address::chat(chat)),
            ..world.close_of(&session)
        };
        let (chat, client) = (format!("chat{person}"), format!("person{person}"));
        // Known from before: the desk reported both names once.
        closed(&world, close(format!("A{person}"), chat.clone(), Some(client.clone()))).await;
        if person == 0 {
            begin(&world, Trial { delay_secs: Some(30), ..Trial::default() }).await;
        }
        let by_chat = closed(&world, close(format!("B{person}"), chat, None)).await;
        let by_id = closed(&world, close(format!("C{person}"), format!("other{person}"), Some(client))).await;
        assert!(by_chat.variant.is_some() && by_chat.variant == by_id.variant, "{:?} {:?}", by_chat.variant, by_id.variant);
    }
}

async fn recounted(url: String) {
    let world = world(&url).await;
    let begun = begin(&world, Trial { scale: Some(Scale::FiveStar), ..Trial::default() }).await;
    // The counting rule implemented independently: the last question of each person counts.
    let mut naive: BTreeMap<(Variant, String), (bool, bool)> = BTreeMap::new();
    let mut asked = BTreeMap::from([(Variant::A, 0), (Variant::B, 0)]);
    for round in 0..40 {
        let person = format!("c{}", round % 25);
        let request = closed(&world, Close { client: Some(person.clone().into()), ..world.close_of(&format!("S-{round}")) }).await;
        world.clock.advance(5_000);
        world.work().await;
        let question = world.client.take().pop().expect("the question");
        let variant = request.variant.unwrap();
        *asked.get_mut(&variant).unwrap() += 1;
        let (answers, low) = (round % 3 != 0, round % 5 == 0);
        if answers {
            let label = match (variant, low) {
                (Variant::A, true) => "👎",
                (Variant::A, false) => "👍",
                (Variant::B, true) => "★",
                (Variant::B, false) => "★★★★★",
            };
            world.tap(&question, label).await;
            world.client.take();
        }
        naive.insert((variant, person), (answers, low));
    }
    assert_eq!(figures(&world.engine, &begun, world.now()).await.unwrap().a.matured, 0, "nothing is mature within a day");
    world.clock.advance(25 * HOUR);
    let found = figures(&world.engine, &begun, world.now()).await.unwrap();
    for (variant, found) in [(Variant::A, found.a), (Variant::B, found.b)] {
        let of = || naive.iter().filter(|((own, _), _)| *own == variant).map(|(_, said)| *said);
        assert_eq!((found.asked, found.matured), (asked[&variant], asked[&variant]), "{variant}");
        assert_eq!((found.clients, found.answered), (of().count() as i64, of().filter(|said| said.0).count() as i64), "{variant}");
        assert!(found.rated >= found.answered && found.good + found.low == found.rated, "{variant}: {found:?}");
    }
    assert_eq!(found.verdict, ExperimentVerdict::GoOn, "far too few to say anything");
}

async fn held_still(url: String) {
    let world = world(&url).await;
    let before = line(&world).await;
    begin(&world, trial()).await;
    let after = line(&world).await;
    assert_eq!((after.version, &after.settings), (before.version + 1, &before.settings), "a version of its own");
    let save = async |settings: LineSettings| {
        let line = line(&world).await;
        let change = LineChange {
            id: line.id,
            name: line.name,
            settings,
            archived: false,
            seen_version: line.version,
            by: "test".to_owned(),
            at: world.now(),
        };
        save_line(&world.engine, change).await.unwrap()
    };
    match save(LineSettings { delay_secs: 7, ..before.settings.clone() }).await {
        Changed::Bad(bad) => assert!(bad.field == "delay_secs" && bad.problem.contains("end the experiment first"), "{bad:?}"),
        other => panic!("{other:?}"),
    }
    assert!(
        matches!(save(LineSettings { retention_months: 6, ..before.settings.clone() }).await, Changed::Saved(_)),
        "nobody is asked otherwise"
    );
    assert!(line(&world).await.experiment.is_some(), "it runs on");
    let (wanted, present) = (Wanted { trial: trial(), margin: 5, clients_max: 500 }, line(&world).await);
    let twice = start(&world.engine, &By::command(), &present, wanted, world.now()).await.unwrap();
    assert!(matches!(twice, ExperimentChange::Conflict), "one at a time");
}

async fn kept(url: String) {
    let world = world(&url).await;
    begin(&world, trial()).await;
    let ended = end(&world.engine, &By::command(), &line(&world).await, Variant::B, world.now()).await.unwrap();
    let ExperimentChange::Done(ended) = ended else { panic!("{ended:?}") };
    assert_eq!((ended.kept, ended.verdict), (Some(Variant::B), Some(ExperimentVerdict::GoOn)));
    let now = line(&world).await;
    assert_eq!((now.settings.delay_secs, now.settings.scale, &now.experiment), (60, Scale::FiveStar, &None));
    assert_eq!(now.settings.texts["en"].question.as_deref(), Some("And now?"));
    let request = closed(&world, world.close_of("S-1")).await;
    assert_eq!((request.variant, request.scale), (None, Scale::FiveStar), "everybody is asked alike again");
    let again = end(&world.engine, &By::command(), &now, Variant::A, world.now()).await.unwrap();
    assert!(matches!(again, ExperimentChange::Conflict), "it ended already");
    let all = experiment::of_line(&world.engine.db, &"support".into(), 9).await.unwrap();
    assert_eq!(all.iter().map(|one| (one.kept, one.ended_at)).collect::<Vec<_>>(), [(Some(Variant::B), Some(world.now()))]);
    // Another experiment may run now, and the figures of the first are unchanged.
    begin(&world, Trial { delay_secs: Some(5), ..Trial::default() }).await;
    assert_eq!(experiment::of_line(&world.engine.db, &"support".into(), 9).await.unwrap().len(), 2);
}
