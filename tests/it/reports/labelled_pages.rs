//! Reports that read many closes take long: the page is shown immediately, and what was counted follows.

use super::pages::Site;
use super::shop::{BEGIN, Shop};
use crate::on_both_databases;
use lastword::domain::access::rights::Role;
use lastword::domain::session::Operator;
use lastword::life::report::recount::fold;
use lastword::life::session::close::close_sessions;
use lastword::life::session::close_batch::Close;
use lastword::time::{HOUR, MINUTE, SECOND};

on_both_databases! {
    a_report_of_many_labelled_closes_follows_its_page => follows;
    a_claim_about_few_closes_among_many_follows_its_page => few_among_many;
}

/// More closes than a page counts immediately.
const MANY: i64 = 5_001;

fn close(key: i64, label: &str) -> Close {
    Close {
        source: "desk".into(),
        event_key: format!("e-{key}"),
        session_id: format!("s-{key}").into(),
        line_id: "sales".into(),
        closed_at: BEGIN + key * SECOND,
        operator: Some(Operator { id: "olga".into(), ..Operator::default() }),
        labels: vec![label.to_owned()],
        ..Close::default()
    }
}

async fn follows(url: String) {
    let shop = Shop::open(&url, 45).await;
    shop.set_up().await;
    let now = BEGIN + 2 * HOUR;
    shop.clock.set(now);
    let closes: Vec<Close> = (0..MANY).map(|key| close(key, "vip")).chain((0..7).map(|key| close(MANY + key, "refund"))).collect();
    for some in closes.chunks(500) {
        close_sessions(&shop.engine, some.to_vec(), now).await.unwrap();
    }
    while fold(&shop.engine.db).await.unwrap() > 0 {}
    let site = Site::over(&shop.engine);
    let admin = site.reader("admin", Role::Admin, &[], true).await;
    let days = "from=2026-09-10&until=2026-12-";
    let asked = [
        format!("/reports?{days}31&tab=details&label=vip"),
        format!("/reports?{days}31&tab=compare&by=label&cols=closed"),
        format!("/operators?{days}30&label=vip&cols=closed"),
        format!("/operators/olga?{days}30&label=vip"),
    ];
    for path in &asked {
        let follows = format!("data-follow=\"{}\" data-part=\"content\"", format!("{path}&wait=1").replace('&', "&#38;"));
        let page = admin.page(path).await;
        assert!(page.contains(&follows) && page.contains("id=\"content\"") && !page.contains("data-figure"), "{path}: {page}");
        let whole = admin.page(&format!("{path}&wait=1")).await;
        assert!(whole.contains("5,001") && !whole.contains("data-part"), "{path}: {whole}");
        let again = admin.page(path).await;
        assert!(again.contains("5,001") && !again.contains("data-part"), "{path} was counted a moment ago");
    }
    // Counts of one tab are reused by the others; a few closes are counted immediately.
    let tab = admin.page(&format!("/reports?{days}31&tab=week&label=vip")).await;
    assert!(!tab.contains("data-part"), "{tab}");
    let few = admin.page(&format!("/reports?{days}31&label=refund")).await;
    assert!(!few.contains("data-part"), "{few}");
    // After some time they are counted again.
    shop.clock.set(now + 11 * MINUTE);
    assert!(admin.page(&asked[0]).await.contains("data-part"));
    // A day is shown beside all days so far, which are counted once for all further days.
    let day = |day: u8| format!("/reports?from=2026-09-{day}&until=2026-09-{day}&label=vip");
    assert!(admin.page(&day(11)).await.contains("data-part"));
    assert!(!admin.page(&format!("{}&wait=1", day(11))).await.contains("data-part"));
    assert!(!admin.page(&day(12)).await.contains("data-part"), "all days were counted a moment ago");
}

/// Claims about one kind of handling read all closes of the line.
async fn few_among_many(url: String) {
    let shop = Shop::open(&url, 46).await;
    shop.set_up().await;
    let now = BEGIN + 3 * HOUR;
    shop.clock.set(now);
    let by_nobody = |key| Close { operator: None, ..close(key, "vip") };
    let of_another_line = |key| Close { line_id: "support".into(), ..close(key, "vip") };
    let closes = (0..6_001).map(|key| close(key, "vip")).chain((6_001..6_011).map(by_nobody)).chain((6_011..6_021).map(of_another_line));
    for some in closes.collect::<Vec<_>>().chunks(500) {
        close_sessions(&shop.engine, some.to_vec(), now).await.unwrap();
    }
    while fold(&shop.engine.db).await.unwrap() > 0 {}
    let site = Site::over(&shop.engine);
    let admin = site.reader("admin", Role::Admin, &[], true).await;
    let follows = async |query: &str| {
        let path = format!("/reports?from=2026-09-10&until=2026-12-30&{query}");
        let page = admin.page(&path).await;
        assert!(!admin.page(&format!("{path}&wait=1")).await.contains("data-follow"), "{path} waits");
        page.contains("data-follow")
    };
    assert!(follows("line=sales&handled_by=nobody").await && follows("line=sales&handled_by=nobody&tab=week").await);
    assert!(!follows("line=support").await && !follows("line=support&tab=week").await);
}
