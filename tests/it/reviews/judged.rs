//! Flags and appeals: an admin judges with a reason, the original stays, and the counters follow.

use super::{low, sam};
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::access::audit::By;
use lastword::domain::access::rights::Lines;
use lastword::domain::report::calendar::Day;
use lastword::domain::report::period::Period;
use lastword::domain::review::FlagReason;
use lastword::life::report::summary;
use lastword::life::review::Refused;
use lastword::life::review::act::{ReviewAct, act};
use lastword::life::review::judge_objection::Verdict;
use lastword::names::{AccountId, RequestId};
use lastword::store::access::audit;
use lastword::store::answer::rating;
use lastword::store::report::{Closes, today};
use lastword::store::review::objection;

on_both_databases! {
    an_appeal_is_upheld_and_taken_back_and_the_original_stays => appealed;
    a_flag_has_a_reason_and_words_and_is_judged_once => flagged;
}

fn admin() -> By {
    By::person(AccountId::first_of(1), "Ada")
}

/// Bad ratings: in total, and without the voided ones.
async fn bad(world: &World) -> (i64, i64) {
    let period = Period { from: Day::parse("2026-09-01").unwrap(), until: Day::parse("2027-01-01").unwrap() };
    let score = summary(&world.engine.db, &Closes::of(period)).await.unwrap().report.score;
    (score.raw.bad, score.adjusted.bad)
}

async fn appealed(url: String) {
    let world = World::on(&url, messenger()).await;
    let (request, _) = low(&world, "A").await;
    let (engine, now) = (&world.engine, world.now());
    let does = async |by: By, what| act(engine, &by, RequestId::named(&request), what, None, now).await.unwrap();
    assert!(matches!(does(sam(), ReviewAct::Appeal(" ".to_owned())).await, Err(Refused::Text(_))));
    let appeal = does(sam(), ReviewAct::Appeal("Meant for another shop".to_owned())).await.unwrap();
    let again = does(admin(), ReviewAct::Appeal("Once more".to_owned())).await;
    assert_eq!(again.unwrap_err(), Refused::Already);
    assert_eq!(bad(&world).await, (1, 1), "an appeal alone changes nothing");
    assert_eq!(objection::open(&engine.db, 9).await.unwrap().len(), 1);

    does(admin(), ReviewAct::Judge(appeal.objection.unwrap(), Verdict::Uphold, "The chat shows it".to_owned())).await.unwrap();
    assert_eq!(bad(&world).await, (1, 0));
    let kept = rating::of_requests(&engine.db, &[RequestId::named(&request)]).await.unwrap().remove(&RequestId::named(&request)).unwrap();
    assert_eq!((kept.score, kept.low, kept.voided_at), (0, 1, Some(now)), "the original stays");
    assert_eq!(today::low_unanswered(&engine.db, &Lines::All).await.unwrap(), 0, "what is voided waits for nobody");
    let twice = does(admin(), ReviewAct::Judge(appeal.objection.unwrap(), Verdict::Decline, "No".to_owned())).await;
    assert_eq!(twice.unwrap_err(), Refused::NothingToJudge);
    assert_eq!(does(sam(), ReviewAct::Appeal("Void it".to_owned())).await.unwrap_err(), Refused::Already);

    does(admin(), ReviewAct::Restore("It was ours after all".to_owned())).await.unwrap();
    assert_eq!(bad(&world).await, (1, 1));
    assert_eq!(does(admin(), ReviewAct::Restore("Again".to_owned())).await.unwrap_err(), Refused::NothingToJudge);
    let said = objection::of_request(&engine.db, RequestId::named(&request)).await.unwrap();
    assert_eq!((said[0].state.as_str(), said[0].judgement.as_deref()), ("taken_back", Some("It was ours after all")));

    let declined =
        act(engine, &sam(), RequestId::named(&request), ReviewAct::Appeal("Please".to_owned()), None, now + 1).await.unwrap().unwrap();
    does(admin(), ReviewAct::Judge(declined.objection.unwrap(), Verdict::Decline, "The client meant us".to_owned())).await.unwrap();
    assert_eq!(bad(&world).await, (1, 1));
    let trail = audit::list(&engine.db, &audit::Filter { subject: Some(request), ..Default::default() }, None, 20).await.unwrap();
    let acts: Vec<&str> = trail.iter().rev().map(|entry| entry.act.as_str()).collect();
    assert_eq!(acts, ["rating.appealed", "rating.judged", "rating.restored", "rating.appealed", "rating.judged"]);
    assert_eq!(trail[3].after["reason"], "The chat shows it");
}

async fn flagged(url: String) {
    let world = World::on(&url, messenger()).await;
    let (request, _) = low(&world, "A").await;
    let (engine, now) = (&world.engine, world.now());
    let flag = act(engine, &sam(), RequestId::named(&request), ReviewAct::Flag(FlagReason::Spam, "An advertisement".to_owned()), None, now)
        .await
        .unwrap()
        .unwrap();
    let again = act(engine, &sam(), RequestId::named(&request), ReviewAct::Flag(FlagReason::Offensive, "And rude".to_owned()), None, now)
        .await
        .unwrap();
    assert_eq!(again.unwrap_err(), Refused::Already, "one open flag of each person");
    act(engine, &admin(), RequestId::named(&request), ReviewAct::Flag(FlagReason::Other, "Names a colleague".to_owned()), None, now)
        .await
        .unwrap()
        .unwrap();
    act(
        engine,
        &admin(),
        RequestId::named(&request),
        ReviewAct::Judge(flag.objection.unwrap(), Verdict::Uphold, "It is one".to_owned()),
        None,
        now,
    )
    .await
    .unwrap()
    .unwrap();
    assert_eq!(bad(&world).await, (1, 1), "a flag is about words, not about the score");
    let said = objection::of_request(&engine.db, RequestId::named(&request)).await.unwrap();
    assert_eq!((said[0].state.as_str(), said[0].reason.as_str(), said[1].state.as_str()), ("upheld", "spam", "open"));
}
