//! The score of a period beside that of all days so far.

use super::naive::{expected, rows};
use super::pages::{Site, everything, grouped, shop};
use crate::on_both_databases;
use lastword::domain::access::rights::Role;
use lastword::domain::report::calendar::Day;
use lastword::store::report::Closes;

on_both_databases! {
    the_score_of_all_days_stands_beside_that_of_the_period => beside_overall;
}

async fn beside_overall(url: String) {
    let shop = shop(&url, 45).await;
    let (site, rows) = (Site::over(&shop.engine), rows(&shop.engine.db).await);
    let admin = site.reader("admin", Role::Admin, &[], true).await;
    let today = Day::of(shop.engine.now(), shop.engine.db.zone());
    let (from, until) = (today.plus(-3), today.plus(-2));
    for only in [everything(), Closes { operator: Some("olga".into()), ..everything() }] {
        let chosen = only.operator.as_ref().map(|id| format!("&operator={id}")).unwrap_or_default();
        let page = admin.page(&format!("/reports?from={from}&until={until}{chosen}")).await;
        let all = expected(&rows, &only);
        let rated = all["answered"] - all.get("voided").copied().unwrap_or(0);
        let few = expected(&rows, &Closes { from, until: until.plus(1), ..only.clone() })["answered"];
        assert!(few < rated, "the days are a part of all: {few} of {rated}");
        let overall = page.split("overall: ").nth(1).expect("the score of all days").split('<').next().unwrap();
        assert!(overall.ends_with(&format!(" of {} ratings", grouped(rated))), "{overall}");
    }
}
