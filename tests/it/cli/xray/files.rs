//! Exports of desks, and the files that an X-ray writes.

use super::{elsewhere, same};
use crate::cli::shop::Shop;
use serde_json::Value;
use std::fmt::Write as _;

/// The X-ray of a file with this content.
async fn xray(name: &str, content: impl AsRef<[u8]>, more: &[&str]) -> Value {
    let shop = elsewhere();
    std::fs::write(shop.dir().join(name), content).unwrap();
    shop.run(&[&["xray", "file", name, "--json", "-"], more].concat()).await.json()
}

async fn refused(content: &str, more: &[&str]) -> String {
    let shop = elsewhere();
    std::fs::write(shop.dir().join("file.csv"), content).unwrap();
    shop.run(&[&["xray", "file", "file.csv"], more].concat()).await.refused(2)
}

fn missed(xray: &Value, what: &str) -> Value {
    let found = xray["not_read"].as_array().unwrap().iter().find(|missed| missed["what"] == what);
    found.map_or(Value::Null, |missed| missed["count"].clone())
}

#[tokio::test]
async fn the_list_of_bitrix24_is_known_by_its_columns_and_judged_by_its_own_rule() {
    let mut list =
        "Номер сессии;Открытая линия;Канал;Сотрудник;Дата создания;Дата закрытия;Дата последнего сообщения;Оценка клиента\n".to_owned();
    for n in 1..=40 {
        let vote = ["Нравится", "Не нравится", "-", "Нравится"][n % 4];
        let operator = ["Анна", "Борис", ""][n % 3];
        // On WhatsApp, every second chat was closed three days after the last message.
        let (channel, closed) =
            if n % 2 == 0 { ("WhatsApp", "04.03.2026 10:00:00") } else { ("Онлайн-чат", "01.03.2026 12:00:00") };
        writeln!(list, "{n};Отдел продаж;{channel};{operator};01.03.2026 09:00:00;{closed};01.03.2026 10:00:00;{vote}").unwrap();
    }
    list.push_str("41;Отдел продаж;WhatsApp;Анна;01.03.2026 09:00:00;;;-\n42;Отдел продаж;WhatsApp;Анна;вчера;04.03.2026 10:00:00;;-\n");
    let found = xray("list.csv", &list, &["--language", "ru", "--time-zone", "Europe/Moscow"]).await;
    let votes = |wanted: &str| (1..=40).filter(|n| ["Нравится", "Не нравится", "-", "Нравится"][n % 4] == wanted).count();
    let (likes, dislikes) = (votes("Нравится"), votes("Не нравится"));
    assert_eq!((&found["source"], &found["closed"], &found["since"]), (&"bitrix24".into(), &40.into(), &"2026-03-01T09:00:00.000Z".into()));
    assert_eq!((&found["reported"]["basis"], &found["reported"]["response"]), (&"rebuilt".into(), &Value::Null));
    same(&found["reported"]["score"], likes, likes + dislikes);
    same(&found["response"]["of_closed"], likes + dislikes, 40);
    assert!(found["response"]["of_asked"].is_null(), "the list does not say who was asked");
    assert_eq!((&found["score"]["with_the_silent"]["asked"], &found["score"]["each_client_once"]), (&false.into(), &Value::Null));
    same(&found["credit"]["without_operator"], (1..=40).filter(|n| n % 3 == 2 && n % 4 != 2).count(), likes + dislikes);
    same(&found["window"]["never_in_time"], 20, 20);
    assert_eq!((missed(&found, "open"), missed(&found, "unreadable")), (1.into(), 1.into()));
    let bad = found["not_read"].as_array().unwrap().iter().find(|missed| missed["what"] == "unreadable").unwrap();
    assert!(bad["example"].as_str().unwrap().starts_with("line 43: Дата создания: \"вчера\" is no date"), "{bad}");
    assert!(found["rules"]["bitrix24_score"].as_str().unwrap().starts_with("Лайки"), "the rules are in the language of the page");
    // Bitrix24's "Excel" file is an HTML table.
    let rows = list.lines().map(|line| format!("<tr><td>{}</td></tr>\n", line.replace(';', "</td><td>"))).collect::<String>();
    let html = xray("list.xls", format!("<html><body><table>\n{rows}</table></body></html>"), &["--time-zone", "Europe/Moscow"]).await;
    assert_eq!((&html["score"]["all"], &html["window"]), (&found["score"]["all"], &found["window"]));
}

#[tokio::test]
async fn zendesk_says_who_was_asked_as_a_table_and_as_json() {
    let scores = ["Good", "Bad", "Offered", "Not Offered", "Offered"];
    let (mut table, mut json) =
        ("Id,Requester,Requester id,Assignee,Group,Via,Created at,Solved at,Satisfaction Score\n".to_owned(), String::new());
    for n in 0..50_usize {
        let (score, day) = (scores[n % 5], 1 + n % 20);
        let at = format!("2026-05-{day:02} 10:{n:02}");
        writeln!(table, "{n},Jane,{},Ann,Support,Mail,{at},{at},{score}", n % 30).unwrap();
        let word = if score == "Not Offered" { "unoffered".to_owned() } else { score.to_lowercase() };
        let at = at.replace(' ', "T");
        writeln!(
            json,
            "{{\"id\":{n},\"requester_id\":{},\"assignee_id\":7,\"group_id\":2,\"via\":{{\"channel\":\"email\"}},\"status\":\"solved\",\
             \"solved_at\":\"{at}:00Z\",\"satisfaction_rating\":{{\"score\":\"{word}\"}},\"tags\":[\"a\",\"b\"]}}",
            n % 30
        )
        .unwrap();
    }
    table.push_str("99,Jane,1,Ann,Support,Mail,2026-05-01 10:00,,Not Offered\n");
    let (table, json) = (xray("tickets.csv", &table, &[]).await, xray("tickets.json", &json, &[]).await);
    // The last day of the data is too recent to count as unanswered: of the 20 days, the tickets after 10:39 of day 19.
    let last = (0..50_usize).map(|n| (1 + n % 20, n)).max().unwrap();
    let mature = |n: &usize| (1 + n % 20, *n) <= (last.0 - 1, last.1);
    let asked: Vec<usize> = (0..50).filter(|n| scores[n % 5] != "Not Offered").filter(mature).collect();
    for found in [&table, &json] {
        assert_eq!((&found["source"], &found["closed"]), (&"zendesk".into(), &50.into()));
        same(&found["reported"]["score"], 10, 20);
        same(&found["reported"]["response"], 20, 40);
        same(&found["response"]["of_asked"], asked.iter().filter(|n| *n % 5 < 2).count(), asked.len());
        assert_eq!(found["clients"]["ratings"], 20);
    }
    assert_eq!((missed(&table, "open"), &table["operators"]["operators"][0]["name"]), (1.into(), &"Ann".into()));
}

#[tokio::test]
async fn freescout_rocketchat_chatwoots_report_and_our_own_table_are_known() {
    let freescout = "number,mailbox,user_id,user,customer_id,type,closed_at,rating,rating_comment\n\
                     1,Support,1,Ann,10,email,2026-05-01 10:00:00,1,thanks\n2,Support,1,Ann,11,email,2026-05-02 10:00:00,2,\n\
                     3,Support,2,Ben,10,email,2026-05-03 10:00:00,3,\n4,Support,2,Ben,12,email,2026-05-04 10:00:00,,\n";
    let found = xray("conversations.csv", freescout, &[]).await;
    assert_eq!((&found["source"], &found["reported"]["basis"]), (&"freescout".into(), &"plain".into()));
    same(&found["score"]["all"], 1, 3);
    same(&found["score"]["each_client_once"], 0, 2);

    let room = |id: &str, satisfaction: &str, by: &str, last: &str| {
        format!(
            "{{\"_id\":\"{id}\",\"t\":\"l\",\"open\":false,\"closedAt\":{{\"$date\":\"2026-05-03T10:00:00Z\"}},\"v\":{{\"_id\":\"v-{id}\",\
             \"lastMessageTs\":\"{last}\"}},\"servedBy\":{{\"_id\":\"{by}\",\"username\":\"{by}\"}},\"source\":{{\"type\":\"app\",\"alias\":\
             \"WhatsApp\"}},\"surveyFeedback\":{{\"satisfaction\":\"{satisfaction}\"}}}}"
        )
    };
    let rooms = [
        room("a", "5", "ann", "2026-05-03T09:00:00Z"),
        room("b", "1", "rocket.cat", "2026-05-01T09:00:00Z"),
        room("c", "", "ann", "2026-05-01T09:00:00Z"),
    ];
    for content in [format!("{{\"rooms\":[{}],\"count\":3}}", rooms.join(",")), rooms.join("\n")] {
        let found = xray("rooms.json", &content, &[]).await;
        assert_eq!((&found["source"], &found["operators"]["programs"]), (&"rocketchat".into(), &1.into()), "{content}");
        same(&found["score"]["served_by_people"], 1, 1);
        same(&found["credit"]["by_program"], 1, 2);
        same(&found["window"]["never_in_time"], 2, 3);
    }

    let report = "Agent name,Rating,Feedback comment,Contact name,Contact email address,Contact phone number,Link to the conversation,Recorded date\n\
                  Ann (ann@example.com),5,,J,j@example.com,,https://c.example.com/app/accounts/1/conversations/7,2026-05-01 10:00\n\
                  ,2,,K,k@example.com,,https://c.example.com/app/accounts/1/conversations/8,2026-05-02 10:00\nReporting period 1 May to 3 May\n";
    let found = xray("report.csv", report, &[]).await;
    assert_eq!(
        (&found["source"], &found["response"]["of_closed"], &found["response"]["of_asked"]),
        (&"chatwoot_csat".into(), &Value::Null, &Value::Null)
    );
    same(&found["credit"]["without_operator"], 1, 2);

    let ours = "session,closed_at,score,scale,operator,client,channel,client_wrote_at,asked\n\
                1,2026-05-01 10:00,5,five_star,ann,c1,instagram,2026-04-29 10:00,yes\n2,2026-05-02 10:00,,,bot-7,c2,instagram,,yes\n\
                3,2026-05-09 10:00,4,five_star,BOT-7,c1,instagram,2026-05-09 09:00,yes\n3,2026-05-09 10:00,2,five_star,bot-7,c1,instagram,2026-05-09 09:00,yes\n";
    let found = xray("ours.csv", ours, &["--program", "bot-7"]).await;
    assert_eq!((&found["source"], missed(&found, "repeated"), &found["operators"]["people"]), (&"csv".into(), 1.into(), &1.into()));
    // The client's last message of the second chat is unknown.
    same(&found["window"]["never_in_time"], 1, 2);
    assert_eq!(found["window"]["channels"][0]["unknown"], 1);
    assert_eq!((&found["reported"]["score"], &found["reported"]["basis"]), (&Value::Null, &"plain".into()), "nobody reported anything");
    same(&found["response"]["of_asked"], 1, 2);
}

#[tokio::test]
async fn a_one_is_one_star_where_the_others_are_of_stars() {
    let table = |scores: &[&str]| {
        let rows = scores.iter().enumerate().map(|(n, score)| format!("{n},2026-05-01 10:{n:02},{score}\n"));
        format!("session,closed_at,score\n{}", rows.collect::<String>())
    };
    same(&xray("stars.csv", table(&["1", "1", "5", "3"]), &[]).await["score"]["all"], 1, 4);
    same(&xray("thumbs.csv", table(&["1", "1", "0", "👍"]), &[]).await["score"]["all"], 3, 4);
    let said = refused(&table(&["1", "0", "5"]), &[]).await;
    assert!(said.starts_with("--scale: thumbs and stars stand in one column"), "{said}");
}

#[tokio::test]
async fn a_file_that_is_not_known_is_asked_about_with_its_columns() {
    let said = refused("a,b\n1,2\n", &[]).await;
    assert!(
        said.starts_with("file.csv: it is not to be seen which desk this is from; say with --from what it is (csv, bitrix24,"),
        "{said}"
    );
    assert!(said.ends_with("its columns are: a, b"), "{said}");
    let said = refused("a,b\n1,2\n", &["--from", "zendesk"]).await;
    assert!(said.starts_with("file.csv: id: there is no such column in the file, which has: a, b. Is the format zendesk right"), "{said}");
    let said = refused("session,closed_at,score\n1,soon,5\n", &[]).await;
    assert!(said.starts_with("file.csv: holds no closed chat that can be read: line 2: closed_at: \"soon\" is no date"), "{said}");
    let said = refused("session,closed_at,score\n1,03/04/2026 10:00,5\n", &[]).await;
    assert!(said.starts_with("--dates: 03/04/2026 in line 2 can be read in two ways"), "{said}");
    let said = refused("session,closed_at,score\n1,2026-04-03 10:00,5\n", &["--language", "fr"]).await;
    assert_eq!(said, "--language: write one of en, ru, de, es, pt, pt-PT");
}

const SMALL: &str = "session,closed_at,score,scale,operator\n1,2026-05-01 10:00,5,five_star,<b>Ann & \"Co\"</b>\n2,2026-05-02 10:00,,,\n";

async fn in_folder(shop: &Shop, arguments: &[&str]) -> super::super::shop::Said {
    std::fs::write(shop.dir().join("small.csv"), SMALL).unwrap();
    shop.run(&[&["xray", "file", "small.csv"], arguments].concat()).await
}

#[tokio::test]
async fn an_earlier_xray_is_replaced_and_nothing_else_is() {
    let shop = elsewhere();
    for _ in 0..2 {
        in_folder(&shop, &["--json", "x.json"]).await.done();
    }
    std::fs::write(shop.dir().join("notes.html"), "<p>mine</p>").unwrap();
    std::fs::write(shop.dir().join("notes.json"), "{\"mine\":1}").unwrap();
    for arguments in [["--html", "notes.html"], ["--json", "notes.json"]] {
        let said = in_folder(&shop, &arguments).await.refused(2);
        assert!(said.contains("is there already and is no X-ray; delete it, or name another file"), "{said}");
    }
    assert_eq!(std::fs::read_to_string(shop.dir().join("notes.html")).unwrap(), "<p>mine</p>");
    assert!(std::fs::read_dir(shop.dir()).unwrap().all(|file| !file.unwrap().file_name().to_string_lossy().ends_with(".part")));
    let said = in_folder(&shop, &["--html", "nowhere/x.html"]).await.refused(1);
    assert!(said.starts_with("nowhere/x.html cannot be written: "), "{said}");
}
