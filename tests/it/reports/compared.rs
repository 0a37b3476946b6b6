//! Comparison of operators: the cases equal a full scan of the rows, and the claims of pages are right.

use super::naive::{Row, rows};
use super::pages::{Site, everything, grouped, shop};
use crate::on_both_databases;
use lastword::domain::access::rights::{Lines, Role};
use lastword::domain::answer::rating::Scale;
use lastword::domain::report::case::{Member, Whose};
use lastword::domain::report::share::Share;
use lastword::domain::report::stats::team::{Ratings, against_the_rest};
use lastword::domain::report::watch::Watched;
use lastword::domain::session::label::LabelIs;
use lastword::life::report::compare_operators::compare_operators;
use lastword::store::report::Closes;
use lastword::store::report::votes::votes;
use lastword::store::sql::Sql;
use lastword::store::{Db, StoreError};
use lastword_base::names::{LineId, OperatorId};
use std::collections::BTreeMap;

on_both_databases! {
    each_client_counts_once_for_each_operator_with_the_last_rating => cases;
    the_page_says_what_is_counted_and_claims_no_more => page;
    whichever_index_finds_the_closes_their_votes_are_the_same => voted;
}

/// Operators, each with the strata and the number of all ratings.
type Team = BTreeMap<String, (BTreeMap<String, Share>, i64)>;

/// For each operator, all ratings of each client, oldest first, of which the last counts, implemented as simply as possible.
fn expected(rows: &[Row], closes: &Closes) -> Team {
    let mut given: BTreeMap<(String, String), Vec<&Row>> = BTreeMap::new();
    let stays = |row: &&Row| row.rating.as_ref().is_some_and(|rating| rating.voided_at.is_none());
    for row in rows.iter().filter(|row| row.is_in(&Closes { operator: None, ..closes.clone() })).filter(stays) {
        let client = row.request.client_id.clone().unwrap_or_else(|| row.request.id.to_string().into());
        for operator in row.operators().into_iter().filter(|operator| !operator.is_empty()) {
            given.entry((operator, client.to_string())).or_default().push(row);
        }
    }
    let mut team = Team::new();
    for ((operator, _), mut ratings) in given {
        ratings.sort_by_key(|row| (row.request.closed_at, row.request.id));
        let (last, member) = (ratings[ratings.len() - 1], team.entry(operator).or_default());
        let request = &last.request;
        let stratum = format!("{} {} {}", request.line_id, request.channel.clone().unwrap_or_default(), request.scale.as_str());
        let share = member.0.entry(stratum).or_default();
        *share = share.and(Share::of(i64::from(last.grade() == Some("good")), 1));
        member.1 += ratings.len() as i64;
    }
    team
}

/// Makes all closes belong to two returning clients, chosen by the last character of the request's ID.
async fn come_again(db: &Db) {
    static AGAIN: Sql = Sql::new("UPDATE rating_request SET client_id = CASE WHEN substr(id, length(id)) < 'V' THEN 'one' ELSE 'two' END");
    let step = db.write(|tx| Box::pin(async move { tx.execute(&AGAIN, vec![]).await.map(drop) }));
    let () = step.await.map_err(|error: StoreError| error).unwrap();
}

async fn cases(url: String) {
    let shop = shop(&url, 46).await;
    come_again(&shop.engine.db).await;
    let (db, rows) = (&shop.engine.db, rows(&shop.engine.db).await);
    let vip = Some("vip".to_owned());
    let some = Lines::Some(["sales".into(), "vip".into()].into());
    let mut returned = 0;
    for closes in [
        everything(),
        Closes { line: vip.map(LineId::from), operator: Some("olga".into()), ..everything() },
        Closes { scale: Some(Scale::FiveStar), channel: Some("bluebird".to_owned()), ..everything() },
        Closes { sees: some, from: everything().from.plus(30), until: everything().from.plus(61), ..everything() },
    ] {
        let (found, expected) = (compare_operators(db, &closes).await.unwrap(), expected(&rows, &closes));
        assert!(!found.operators.is_empty(), "{closes:?}");
        let mut strata: Vec<&String> = expected.values().flat_map(|(strata, _)| strata.keys()).collect();
        strata.sort();
        strata.dedup();
        let place = |name: &String| strata.binary_search(&name).unwrap();
        let team: Vec<Ratings> =
            expected.values().map(|(all, _)| all.iter().map(|(name, share)| (place(name), *share)).collect()).collect();
        let standings = against_the_rest(&team);
        assert_eq!(found.operators.iter().map(|one| &one.id).collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
        for ((one, (strata, ratings)), standing) in found.operators.iter().zip(expected.values()).zip(standings) {
            let own = strata.values().copied().fold(Share::default(), Share::and);
            assert_eq!((one.share.share(), one.clients, one.ratings), (own, own.whole, *ratings), "{} of {closes:?}", one.id);
            assert_eq!((one.verdict, one.compared), (standing.verdict, standing.compared), "{} of {closes:?}", one.id);
            returned += ratings - own.whole;
        }
        assert_eq!(found.ratings, found.operators.iter().map(|one| one.ratings).sum::<i64>());
    }
    assert!(returned > 0, "some clients came back");
}

async fn voted(url: String) {
    let shop = shop(&url, 48).await;
    let (db, rows) = (&shop.engine.db, rows(&shop.engine.db).await);
    let (sales, olga) = (Some(LineId::from("sales")), Some(OperatorId::from("olga")));
    let mut member = String::new();
    Member { share: Watched::Score, whose: Whose::All, id: "" }.write(&mut member);
    for closes in [
        everything(),
        Closes { line: sales.clone(), ..everything() },
        Closes { operator: olga.clone(), ..everything() },
        Closes { operator: olga.clone(), line: sales.clone(), scale: Some(Scale::Binary), ..everything() },
        Closes { label: LabelIs::parse("vip"), ..everything() },
        Closes { label: LabelIs::parse("topic:bill"), operator: olga, ..everything() },
        Closes { label: LabelIs::parse("topic"), sees: Lines::Some(sales.into_iter().collect()), ..everything() },
    ] {
        let rated = |row: &&Row| row.rating.as_ref().is_some_and(|rating| rating.voided_at.is_none()) && row.is_in(&closes);
        let expected = rows.iter().filter(rated).count() as i64;
        let found = votes(db, &closes).await.unwrap().cases.team().into_iter().find(|case| case.id == member).map(|case| case.given);
        assert!(expected > 0 && found == Some(expected), "{found:?} of {expected}: {closes:?}");
    }
}

async fn page(url: String) {
    let shop = shop(&url, 47).await;
    come_again(&shop.engine.db).await;
    let site = Site::over(&shop.engine);
    let admin = site.reader("admin", Role::Admin, &[], true).await;
    let found = compare_operators(&shop.engine.db, &everything()).await.unwrap();
    let page = admin.page("/operators?from=2026-09-01&until=2026-12-31").await;
    let counted = format!("Clients counted: {}. Their ratings: {}.", grouped(found.clients), grouped(found.ratings));
    assert!(page.contains(&counted) && found.clients < found.ratings, "{counted}");
    assert!(page.contains("Thumbs and stars are compared separately"), "three lines, two scales");
    for words in ["Stands alone", "whoever shares places", "surely"] {
        assert!(!page.contains(words), "{words}");
    }
    let row = |id: &str| page.split(&format!("data-row=\"{id}\"")).nth(1).map(|row| row.split("</tr>").next().unwrap().to_owned());
    for one in &found.operators {
        let row = row(&one.id).unwrap();
        assert!(row.contains(&format!("clients: {}, ratings: {}", grouped(one.clients), grouped(one.ratings))), "{}: {row}", one.id);
    }
    // Closes without an operator have no rank, and come last.
    let nobody = row("").expect("some closes count for nobody");
    assert!(!nobody.contains("clients:"), "{nobody}");
    assert_eq!(page.matches("data-row=").count(), page.split("data-row=\"\"").next().unwrap().matches("data-row=").count() + 1);
    let profile = admin.page("/operators/olga?from=2026-09-01&until=2026-12-31").await;
    let olga = found.about("olga").unwrap();
    assert!(profile.contains(&format!("clients: {}, ratings: {}", grouped(olga.clients), grouped(olga.ratings))), "{profile}");
}
