//! What is seen first: the verdict of *Today*, six columns, filters as chips. And the report with all its tabs, for tests that read
//! figures from any of them.

use super::pages::{Reader, Site, shop};
use crate::on_both_databases;
use lastword::domain::access::rights::Role;
use lastword::domain::report::calendar::Day;
use lastword::domain::report::change::Errors;
use lastword::domain::report::comparison::Verdict;
use lastword::domain::report::period::Period;
use lastword::life::report::changed::claims;
use lastword::store::report::Closes;

on_both_databases! {
    today_begins_with_the_verdict_that_the_report_claims => verdict;
    a_table_has_six_columns_until_others_are_chosen => columns;
    a_filter_is_a_chip_that_can_be_removed => chips;
}

/// All columns of a table of groups, of which a page shows six.
pub(super) const ALL_COLUMNS: &str =
    "cols=score,estimate,beside,place,closed,asked,delivered,answered,response,good,neutral,bad,stars,kept_back";

impl Reader<'_> {
    /// The report at an address, with all its tabs as one page: the tables of groups last.
    pub(super) async fn report(&self, query: &str) -> String {
        let mut whole = "<main data-report>".to_owned();
        for tab in ["overview", "details", "week", "reasons", "compare"] {
            let page = self.page(&format!("/reports?{query}&tab={tab}&{ALL_COLUMNS}")).await;
            let report = page.split_once("data-report").expect("a report").1;
            // The reasons of each group have a table and a test of their own.
            whole.push_str(report.split("id=\"why-split\"").next().unwrap_or_default());
        }
        whole
    }
}

async fn verdict(url: String) {
    let shop = shop(&url, 61).await;
    let site = Site::over(&shop.engine);
    let (db, now) = (&shop.engine.db, shop.engine.now());
    let admin = site.reader("admin", Role::Admin, &[], true).await;
    let closes = Closes::of(Period::last(7, Day::of(now, db.zone())));
    let page = admin.page("/today").await;
    let said = page.split("id=\"h-verdict\"").nth(1).and_then(|rest| rest.split("</h2>").next());
    let claims = claims(db, &closes, Errors::PAGE).await.unwrap().expect("the days before");
    let expected = match claims.score.difference.map(|difference| difference.verdict) {
        Some(Verdict::Higher) => "The last 7 days are better",
        Some(Verdict::Lower) => "The last 7 days are worse",
        Some(Verdict::CannotTell) => "No clear change",
        None if claims.no_common_scale() => "clients rated on another scale",
        None => "Too few finished questions",
    };
    assert!(said.is_some_and(|said| said.contains(expected)), "{expected}: {said:?}");
    // Work comes next, then figures.
    let at = |id: &str| page.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("{id} on {page}"));
    assert!(at("verdict") < at("waits") && at("waits") < at("figures") && at("figures") < at("since"));
    let nobody = site.reader("sam", Role::Supervisor, &["none"], true).await;
    assert!(!nobody.page("/today").await.contains("h-verdict"), "nothing is said of no chats");
}

async fn columns(url: String) {
    let shop = shop(&url, 62).await;
    let site = Site::over(&shop.engine);
    let admin = site.reader("admin", Role::Admin, &[], true).await;
    let days = "from=2026-09-10&until=2026-12-31";
    let heads = async |path: String| {
        let page = admin.page(&path).await;
        let table = page.split("class=\"turns numbers\"").nth(1).unwrap_or_else(|| panic!("a table on {page}"));
        let row = table.split("</thead>").nth(1).and_then(|rows| rows.split("</tr>").next()).unwrap();
        let count = table.split("</thead>").next().unwrap().matches("<th scope=\"col\"").count();
        assert_eq!(row.matches("<td ").count() + 1, count, "each head has its cell: {row}");
        count
    };
    for path in [format!("/operators?{days}"), format!("/reports?{days}&tab=compare")] {
        assert_eq!(heads(path.clone()).await, 6, "{path}");
        assert_eq!(heads(format!("{path}&cols=closed&cols=bad")).await, 3, "as the form sends them");
        assert_eq!(heads(format!("{path}&cols=closed,bad,%3Cb%3E")).await, 3, "as links have them");
        assert_eq!(heads(format!("{path}&cols=nothing")).await, 6, "an unknown one is ignored");
    }
    assert!(admin.page(&format!("/operators?{days}&cols=closed,bad")).await.contains("period=7&#38;cols=closed%2Cbad"), "links keep them");
}

async fn chips(url: String) {
    let shop = shop(&url, 63).await;
    let site = Site::over(&shop.engine);
    let admin = site.reader("admin", Role::Admin, &[], true).await;
    let page = admin.page("/reports?period=90&line=vip&operator=-").await;
    let chips: Vec<&str> = page.split("<li class=\"chip on\">").skip(1).filter_map(|chip| chip.split("</li>").next()).collect();
    assert_eq!(chips.len(), 2, "{page}");
    assert!(chips[0].contains("Line: <b dir=\"auto\">VIP") && chips[0].contains("href=\"/reports?period=90&#38;operator=-\""), "{chips:?}");
    assert!(
        chips[1].contains("Operator: <b dir=\"auto\">No operator</b>") && chips[1].contains("href=\"/reports?period=90&#38;line=vip\""),
        "{chips:?}"
    );
}
