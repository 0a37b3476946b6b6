//! The pages of operators: filters, the comparison with the own past, and reasons equal a full count of the rows.

use super::naive::{Row, expected, rows};
use super::pages::{Reader, Site, equals, filter, shop, split};
use super::shop::OPERATORS;
use super::tabs::ALL_COLUMNS;
use crate::on_both_databases;
use lastword::domain::access::rights::Role;
use lastword::domain::report::calendar::Day;
use lastword::domain::report::period::Period;
use lastword::store::report::Closes;
use rand::rngs::StdRng;

on_both_databases! {
    operators_follow_their_filters_and_the_own_past_is_a_full_count => filters;
    operators_are_in_the_order_of_what_can_be_expected_and_equal_names_have_their_ids => told_apart;
}

async fn filters(url: String) {
    let mut shop = shop(&url, 53).await;
    let (site, rows) = (Site::over(&shop.engine), rows(&shop.engine.db).await);
    let admin = site.reader("admin", Role::Admin, &[], true).await;
    follow(&admin, &rows, &mut shop.chance).await;
    let boris = site.reader("boris-1", Role::Supervisor, &["sales"], true).await;
    let page = boris.page("/operators?from=2026-09-10").await;
    assert!(page.contains("<option value=\"sales\"") && !page.contains("<option value=\"vip\""), "lines of others are no choice");
    assert_eq!(boris.get("/operators?line=vip").await.0, 422);
    assert_eq!(boris.get("/operators/olga?from=2026-09-10&line=vip").await.0, 422);
}

/// All operators of the shop have the same name.
async fn told_apart(url: String) {
    let shop = shop(&url, 54).await;
    let site = Site::over(&shop.engine);
    let admin = site.reader("admin", Role::Admin, &[], true).await;
    let days = "from=2026-09-10&until=2026-12-30";
    let list = admin.page(&format!("/operators?{days}&{ALL_COLUMNS}")).await;
    assert!(OPERATORS.iter().all(|id| list.matches(&format!("N. ({id})")).count() >= 3), "in the filter, the chart and the table: {list}");
    for path in [format!("/reports?{days}&tab=compare&by=operator"), format!("/reports?{days}&tab=reasons&by=operator"), "/ratings".into()]
    {
        assert!(admin.page(&path).await.contains("N. (olga)"), "{path} names an operator who may be another");
    }
    let profile = admin.page(&format!("/operators/olga?{days}")).await;
    assert!(profile.contains("<span class=\"zone\">olga</span>") && profile.contains("Estimate: "), "{profile}");
    let estimates = list
        .split("data-label=\"Estimate\">")
        .skip(1)
        .filter_map(|cell| cell.split_once("</span>")?.0.rsplit('>').next()?.trim_end_matches('%').parse::<f64>().ok());
    let estimates: Vec<f64> = estimates.collect();
    assert_eq!(estimates.len(), OPERATORS.len(), "{list}");
    assert!(estimates.is_sorted_by(|one, next| one >= next), "{estimates:?}");
    let places = |part: &str| {
        let mut ids: Vec<(usize, &str)> = OPERATORS.iter().filter_map(|id| Some((part.find(&format!("N. ({id})"))?, *id))).collect();
        ids.sort_unstable();
        ids.into_iter().map(|(_, id)| id).collect::<Vec<_>>()
    };
    let (chart, table) = list.split_once("class=\"whiskers\"").unwrap().1.split_once("id=\"h-all\"").unwrap();
    assert_eq!(places(chart), places(table), "chart and table have one order");
}

/// The list and the profiles with random filters: each figure equals that of the rows, also in the comparison with the own past.
async fn follow(admin: &Reader<'_>, rows: &[Row], chance: &mut StdRng) {
    let (mut compared, mut why) = (0, 0);
    for _ in 0..30 {
        let (closes, address) = filter(chance);
        let (_, operators) = split(&admin.page(&format!("/operators?{address}&{ALL_COLUMNS}")).await);
        for (key, row) in &operators {
            equals(row, rows, &Closes { operator: Some(key.clone().into()), ..closes.clone() }, &format!("{key} on /operators?{address}"));
        }
        let Some(key) = operators.keys().rfind(|key| !key.is_empty()) else { continue };
        let (is_compared, reasons) = profile(admin, rows, key, &closes, &address).await;
        (compared, why) = (compared + usize::from(is_compared), why + reasons);
    }
    // Halves of the history contain enough clients for a comparison.
    for key in OPERATORS {
        let (from, until) = (Day::parse("2026-10-12").unwrap(), Day::parse("2026-11-12").unwrap());
        let closes = Closes::of(Period { from, until });
        let (is_compared, reasons) = profile(admin, rows, key, &closes, &format!("from={from}&until={}", until.plus(-1))).await;
        (compared, why) = (compared + usize::from(is_compared), why + reasons);
    }
    assert!(compared > 1 && why > 0, "the filters leave something to compare: {compared}, {why}");
}

/// The profile of an operator: true if it compares with the own past, and the number of reasons shown.
async fn profile(admin: &Reader<'_>, rows: &[Row], key: &str, closes: &Closes, address: &str) -> (bool, usize) {
    let page = admin.page(&format!("/operators/{key}?{address}")).await;
    let closes = Closes { operator: Some(key.into()), ..closes.clone() };
    let figures = split(&page).0;
    equals(&figures, rows, &closes, &format!("/operators/{key}?{address}"));
    let why = figures.keys().filter(|name| name.starts_with("chosen ")).count();
    let Some(past) = page.split("data-past=\"score\"").nth(1) else { return (false, why) };
    let before = Period { from: closes.from, until: closes.until }.previous().unwrap();
    let of = |closes: &Closes| {
        let counts = expected(rows, closes);
        let [good, neutral, bad] = ["adjusted good", "adjusted neutral", "adjusted bad"].map(|name| counts[name]);
        format!("({good} of {})", good + neutral + bad)
    };
    let then = of(&Closes { from: before.from, until: before.until, ..closes.clone() });
    let shown = past.split("</li>").next().unwrap();
    let (was, is) = shown.split_once(" → ").unwrap();
    assert!(was.contains(&then) && is.contains(&of(&closes)), "{then} and {} on {address}: {shown}", of(&closes));
    (true, why)
}
