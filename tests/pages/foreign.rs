//! I21: a person limited to one line finds nothing of another on any page, in any list of options or in any file.

use crate::on_both_databases;
use crate::rig::house::House;
use crate::rig::world::{World, messenger};
use axum::http::Method;
use lastword::domain::access::rights::Role;
use lastword::domain::answer::reason::Reason;
use lastword::domain::line::LineSettings;
use lastword::domain::session::Operator;
use lastword::domain::session::label::{Fields, Named};
use lastword::http::pages;
use lastword::life::Options;
use lastword::life::admin::change_line::{Changed, save_line};
use lastword::life::session::close_batch::{Close, Closed};
use lastword::settings::Limits;
use lastword::store::line::LineChange;
use lastword_contract::{Address, InboundKind};
use std::sync::Arc;

on_both_databases! {
    i21_a_supervisor_of_one_line_finds_nothing_of_another => nothing_foreign;
}

/// A text that occurs only on the other line.
const MARK: &str = "Zyxw";

async fn two_lines(url: &str) -> (World, String) {
    let mut world = World::on(url, messenger()).await;
    let named = |text: &str| Named::parse(text).unwrap();
    let named = Named { labels: [named("vip")].into(), fields: [named("order")].into() };
    world.engine.options = Arc::new(Options { named, ..(*world.engine.options).clone() });
    let mut settings = LineSettings { once_per_client_hours: 0, ..LineSettings::default() };
    settings.texts.entry("en".to_owned()).or_default().reasons =
        Some(vec![Reason { code: "mark".to_owned(), text: format!("{MARK} reason") }]);
    let sales = LineChange {
        id: "sales".into(),
        name: format!("{MARK} sales"),
        settings,
        archived: false,
        seen_version: 0,
        by: "test".to_owned(),
        at: world.now(),
    };
    assert!(matches!(save_line(&world.engine, sales).await.unwrap(), Changed::Saved(_)));
    let of = |line: &str, mark: &str, session: &str| Close {
        line_id: line.into(),
        fields: Fields([("order".to_owned(), format!("{mark}-order"))].into()),
        operator: Some(Operator { id: format!("op-{line}").into(), name: Some(format!("{mark} Olga")), kind: None }),
        client: Some(format!("{mark}-client-{session}").into()),
        client_name: Some(format!("{mark} Smith")),
        address: Some(Address::chat(format!("{mark}-chat-{session}"))),
        ..world.close_of(session)
    };
    let mut foreign = String::new();
    for (line, mark, session) in [("support", "Ours", "S-1"), ("sales", MARK, "S-2")] {
        let Closed::Kept { rating_request, .. } = world.tell(of(line, mark, session)).await else { panic!("kept") };
        foreign = rating_request.to_string();
        world.pass(10_000).await;
        let question = world.client.take().pop().expect("a question");
        world.tap(&question, "👎").await;
        let box_ = world.client.take().pop().expect("thanks").comment.expect("a box");
        let by = question.to.clone();
        world.happens("bot", InboundKind::Comment { token: box_.token, by, text: format!("{mark} words") }).await;
        world.pass(10_000).await;
    }
    (world, foreign)
}

async fn nothing_foreign(url: String) {
    let (world, foreign) = two_lines(&url).await;
    let house = House::over(world, None, Limits::NONE, None);
    let (admin, limited) = (house.person("ada", Role::Admin, &[]).await, house.person("sam", Role::Supervisor, &["support"]).await);
    let (mut admin, mut limited) = (house.signed_in(&admin).await, house.signed_in(&limited).await);
    let mut addresses: Vec<String> = Vec::new();
    for route in pages::table().into_iter().filter(|route| route.method == Method::GET) {
        let path = route.path.replace("{rating_request}", &foreign).replace("{source}", "desk").replace("{session}", "S-2");
        let path = path.replace("/lines/{id}", "/lines/sales").replace("/operators/{id}", "/operators/op-sales");
        addresses.push(path.replace(['{', '}'], ""));
    }
    for asked in ["line=sales", "operator=op-sales", "label=order", "chosen=mark", "recipient=anna", "show=all&line=sales"] {
        let pages =
            ["/ratings", "/reports", "/operators", "/low", "/alerts", "/deliveries", "/ratings.csv", "/reports/file", "/ratings/views"];
        addresses.extend(pages.map(|page| format!("{page}?{asked}")));
    }
    let mut marked = 0;
    for address in addresses {
        let seen = admin.get(&address).await;
        marked += usize::from(seen.text.contains(MARK));
        let answer = limited.get(&address).await;
        assert!(!answer.text.contains(MARK), "{address}: {}", around(&answer.text));
        if address.ends_with(".xlsx") && answer.status == 200 {
            let book = std::io::Cursor::new(answer.bytes);
            let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(book).unwrap();
            let cells = format!("{:?}", calamine::Reader::worksheets(&mut book));
            assert!(!cells.contains(MARK), "{address}");
        }
    }
    assert!(marked > 20, "the admin finds it: {marked}");
    // Their own things can be selected.
    for page in ["/ratings", "/reports", "/operators"] {
        assert!(limited.get(page).await.text.contains("Ours-order"), "{page}");
    }
}

/// The part of a page around the text.
fn around(text: &str) -> &str {
    let at = text.find(MARK).unwrap_or_default();
    let (from, until) = (text.floor_char_boundary(at.saturating_sub(200)), text.ceil_char_boundary((at + 100).min(text.len())));
    &text[from..until]
}
