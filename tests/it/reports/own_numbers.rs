//! An operator's own figures: in groups that hide each client, and the comments that count for them.

use super::naive::{Row, expected, rows};
use super::pages::{Site, equals, everything, figures, split};
use super::shop::{OPERATORS, Shop};
use crate::on_both_databases;
use lastword::domain::access::rights::Role;
use lastword::domain::report::calendar::Day;
use lastword::domain::report::k_anonymity::MIN_GROUP_SIZE;
use lastword::names::RequestId;
use lastword::store::answer::rating::newest_commented;
use lastword::store::report::Closes;
use std::collections::BTreeMap;

on_both_databases! {
    an_operators_own_numbers_come_in_groups_that_hide_each_client => own_numbers;
}

async fn own_numbers(url: String) {
    let mut shop = Shop::open(&url, 44).await;
    shop.set_up().await;
    shop.live(200, 60).await;
    let (site, rows) = (Site::over(&shop.engine), rows(&shop.engine.db).await);
    let silent = site.reader("olga-1", Role::Operator, &[], false).await;
    let page = silent.page("/me").await;
    let groups: Vec<BTreeMap<String, i64>> =
        page.split("data-row=\"").skip(1).map(|part| figures(part.split("</tr>").next().unwrap())).collect();
    assert!(groups.len() > 1, "{} groups", groups.len());
    assert!(groups.iter().all(|group| group["answered"] >= MIN_GROUP_SIZE), "{groups:?}");
    let (above, _) = split(&page);
    assert_eq!(above["answered"], groups.iter().map(|group| group["answered"]).sum::<i64>(), "nothing but the groups is counted");
    // All days of the groups, from a Monday to a Monday that was over three days ago.
    let until = Day::of(site.engine.now(), site.engine.db.zone()).plus(-3).monday();
    let own = |until: Day| expected(&rows, &Closes { until, operator: Some("olga".into()), ..everything() })["answered"];
    let last = (0..).map(|weeks| until.plus(-7 * weeks)).find(|&until| own(until) == above["answered"]);
    let last = last.expect("whole weeks make the number");
    equals(&above, &rows, &Closes { until: last, operator: Some("olga".into()), ..everything() }, "me");
    assert!(own(until) - above["answered"] < MIN_GROUP_SIZE, "no group that is complete is held back");
    assert!(!page.contains("printer"), "comments are not for everybody");
    let told = site.reader("olga-2", Role::Operator, &[], true).await.page("/me").await;
    assert!(told.contains("the printer is still broken"));
    newest_words(&site, &rows).await;
    // The address does not affect what is counted.
    assert_eq!(split(&silent.page("/me?from=2026-09-20&until=2026-09-20&line=vip").await), split(&page));
    let nobody = site.reader("nobody-1", Role::Operator, &[], true).await.page("/me").await;
    assert!(figures(&nobody).is_empty(), "too few answers are no numbers");
}

/// The comments shown to each operator are the newest of all that count for them.
async fn newest_words(site: &Site, rows: &[Row]) {
    for operator in OPERATORS {
        let mut said: Vec<RequestId> =
            rows.iter().filter(|row| row.operators().iter().any(|id| id == operator)).filter_map(words_of).collect();
        said.sort_by(|a, b| b.cmp(a));
        assert!(operator == OPERATORS[2] || said.len() > 3, "{operator}, who is no program, was told something");
        for limit in [3, 1_000] {
            let newest = newest_commented(&site.engine.db, &operator.into(), 0, limit).await.unwrap();
            let newest: Vec<RequestId> = newest.iter().map(|rating| rating.request_id).collect();
            assert_eq!(newest, said[..said.len().min(limit as usize)], "{operator}");
        }
    }
}

/// ID of a close with a comment.
fn words_of(row: &Row) -> Option<RequestId> {
    row.rating.as_ref().filter(|rating| rating.comment.is_some()).map(|rating| rating.request_id)
}
