//! `lastword import`: valid and invalid files, imported twice, killed half-way; no client is asked, no alert is sent, and
//! the figures equal a full count.

use super::shop::Shop;
use crate::on_both_databases;
use crate::rig::process::Process;
use lastword::life::report::recount::recount;
use lastword::names::ConnectionId;
use lastword::store::Db;
use lastword::store::answer::rating;
use lastword::store::question::rating_request;
use lastword::store::records::{import_run, inspect};
use std::collections::BTreeMap;
use std::fmt::Write as _;

on_both_databases! {
    a_file_is_checked_and_imported_once => checked_and_imported;
    broken_rows_are_listed_with_line_and_reason => broken;
    a_quote_that_is_not_closed_swallows_no_row => unclosed;
    the_order_of_dates_is_that_of_the_whole_file => dates;
    an_import_that_was_killed_goes_on_and_nothing_is_double => killed;
    closes_that_the_desk_told_are_not_there_twice => beside_the_desk;
}

const HEADER: &str = "session,line,closed_at,score,scale,comment,asked,operator,client,connection,chat,supervisor_score\n";

/// `count` closes, a minute apart; two of three rated, one of ten low with a comment.
fn table(count: u32) -> String {
    let mut text = HEADER.to_owned();
    for n in 0..count {
        let at = 1_700_000_000 + 60 * u64::from(n);
        let (score, comment) = match n % 10 {
            0 => ("1", "\"too slow,\nreally\""),
            1 | 2 | 4 | 5 | 7 => ("5", ""),
            _ => ("", ""),
        };
        let asked = if n % 10 == 3 { "no" } else { "yes" };
        let supervisor = if n % 50 == 0 { "4" } else { "" };
        writeln!(text, "s{n:06},sales,{at},{score},five_star,{comment},{asked},op-{},c{},bot,chat-{n},{supervisor}", n % 7, n % 40)
            .unwrap();
    }
    text
}

async fn shop(url: &str, file: &str) -> Shop {
    let shop = Shop::over("", url);
    shop.run(&["line", "add", "--id", "sales", "--name", "Sales", "--scale", "five_star"]).await.done();
    std::fs::write(shop.dir().join("past.csv"), file).unwrap();
    shop
}

const IMPORT: [&str; 5] = ["import", "past.csv", "--format", "csv", "--yes"];

/// Number of rating requests and ratings; checks that the counters match the rows and that nothing was sent.
async fn counted(shop: &Shop) -> (usize, usize) {
    let db = Db::open(&shop.url(), 2).await.unwrap();
    let requests = inspect::rating_requests(&db).await.unwrap();
    let ratings = inspect::ratings(&db).await.unwrap();
    let recounted = recount(&db, 1_800_000_000_000, |_| {}).await.unwrap();
    assert_eq!((recounted.wrong, recounted.told), (0, Vec::new()));
    assert!(inspect::deliveries(&db).await.unwrap().is_empty(), "nobody is asked, nobody is told");
    assert!(inspect::alerts(&db).await.unwrap().is_empty());
    assert!(requests.is_sorted_by_key(|request| (request.closed_at, request.id)), "ids are in the order of the closes");
    db.close().await;
    (requests.len(), ratings.len())
}

async fn checked_and_imported(url: String) {
    let shop = shop(&url, &table(100)).await;
    let said = shop.run(&["import", "past.csv", "--format", "csv", "--check"]).await.done();
    assert!(
        said.contains("past.csv: 100 rows, utf-8") && said.contains("100 closed chats can be imported, 60 of them with a rating"),
        "{said}"
    );
    assert_eq!(counted(&shop).await, (0, 0), "checking writes nothing");
    let alone = shop.run(&["import", "past.csv", "--format", "csv"]).await.refused(2);
    assert_eq!(alone, "no terminal to ask for confirmation; add --yes to import, or --check to only check");

    let said = shop.run(&IMPORT).await.done();
    assert!(said.ends_with("imported 100 closed chats, 60 of them with a rating; 0 already existed"), "{said}");
    assert_eq!(counted(&shop).await, (100, 60));
    let said = shop.run(&IMPORT).await.done();
    assert!(said.contains("This file was already imported on "), "{said}");

    // The same rows in another file, and additional ones.
    std::fs::write(shop.dir().join("past.csv"), table(130)).unwrap();
    let said = shop.run(&IMPORT).await.done();
    assert!(said.ends_with("imported 30 closed chats, 18 of them with a rating; 100 already existed"), "{said}");
    assert_eq!(counted(&shop).await, (130, 78));

    let story = shop.run(&["explain", "s000010"]).await.done();
    assert!(story.contains("Imported from a file as rating request ") && story.contains("ended as answered"), "{story}");
    let db = Db::open(&shop.url(), 2).await.unwrap();
    let first = inspect::rating_requests(&db).await.unwrap().remove(0);
    let rated = rating::of_requests(&db, &[first.id]).await.unwrap().remove(&first.id).unwrap();
    assert_eq!((rated.low, rated.comment.as_deref()), (1, Some("too slow,\nreally")));
    assert_eq!(
        (first.client_id.as_ref().map(|id| id.as_str()), first.connection.as_ref().map(ConnectionId::as_str)),
        (Some("import/c0"), Some("bot"))
    );
    db.close().await;
}

async fn broken(url: String) {
    let mut file = table(12);
    file.push_str("s1,sales,yesterday,5,five_star,,yes,,,,,\n");
    file.push_str("s2,nowhere,1700000000,5,five_star,,yes,,,,,\n");
    file.push_str("s3,sales,1700000000\n\n");
    file.push_str("s4,sales,1700000000,9,five_star,,yes,,,,,\n");
    let shop = shop(&url, &file).await;
    let said = shop.run(&IMPORT).await.done();
    // The comments of two rows above contain a line break each.
    for expected in [
        "4 rows cannot be imported:",
        "line 16: closed_at: \"yesterday\" is no date; write it as 2026-03-04",
        "line 17: line: there is no line \"nowhere\"",
        "line 18: the row has 3 cells and the header 12",
        "line 20: score: \"9\" is no score",
        "4 rows could not be imported: see past.csv.rejects.csv",
    ] {
        assert!(said.contains(expected), "{expected} is not in\n{said}");
    }
    assert_eq!(counted(&shop).await, (12, 8));
    let rejects = std::fs::read_to_string(shop.dir().join("past.csv.rejects.csv")).unwrap();
    assert!(rejects.starts_with("row_number,problem,session,line,closed_at,"), "{rejects}");
    assert!(rejects.contains("16,\"closed_at: \"\"yesterday\"\" is no date"), "{rejects}");

    // The file of rejected rows can be imported once corrected.
    std::fs::write(shop.dir().join("past.csv"), rejects.replace("yesterday", "1700009999").replace("nowhere", "Sales")).unwrap();
    let said = shop.run(&IMPORT).await.done();
    assert!(said.contains("imported 2 closed chats, 2 of them with a rating") && said.contains("2 rows could not be imported"), "{said}");
    let missing = shop.run(&["import", "nothing.csv", "--format", "csv"]).await.refused(1);
    assert!(missing.starts_with("nothing.csv cannot be read: "), "{missing}");
    let wrong = shop.run(&["import", "past.csv", "--format", "chatwoot", "--line", "sales"]).await.refused(2);
    assert!(wrong.starts_with("past.csv: rating: there is no such column in the file, which has: row_number"), "{wrong}");
}

async fn unclosed(url: String) {
    let mut file = HEADER.to_owned();
    file.push_str("s1,sales,1700000000,5,five_star,,yes,,,,,\n");
    file.push_str("s2,sales,1700000060,1,five_star,\"never closed,yes,,,,,\n");
    file.push_str("s3,sales,1700000120,1,five_star,\"slow, and\nrude\",yes,,,,,\n");
    file.push_str("s4,sales,1700000180,5,five_star,,yes,,,,,\n");
    let shop = shop(&url, &file).await;
    let said = shop.run(&IMPORT).await.done();
    assert!(said.contains("past.csv: 4 rows") && said.contains("1 row cannot be imported:"), "{said}");
    assert!(said.contains("line 3: the row opens a quote that is not closed"), "{said}");
    assert!(said.contains("imported 3 closed chats, 3 of them with a rating"), "{said}");
    let rejects = std::fs::read_to_string(shop.dir().join("past.csv.rejects.csv")).unwrap();
    assert!(rejects.contains("\n3,\"the row opens a quote") && rejects.contains(",s2,sales,1700000060,"), "{rejects}");
    // An unclosed quote behaves the same with or without a closing quote at the end of the file.
    file.push_str("s5,sales,1700000240,5,five_star,\"to the end,yes,,,,,\n");
    std::fs::write(shop.dir().join("past.csv"), file).unwrap();
    let said = shop.run(&IMPORT).await.done();
    assert!(said.contains("2 rows cannot be imported:") && said.contains("line 7: the row opens a quote"), "{said}");
    assert_eq!(counted(&shop).await, (3, 3));
}

async fn dates(url: String) {
    let row = |session: &str, date: &str| format!("{session},sales,{date} 10:15,5,five_star,,yes,,,,,\n");
    let shop = shop(&url, &format!("{HEADER}{}{}", row("s1", "03/04/2026"), row("s2", "04/05/2026"))).await;
    let asked = shop.run(&IMPORT).await.refused(2);
    assert!(asked.starts_with("--dates: 03/04/2026 in line 2 can be read in two ways") && asked.contains("--dates dmy"), "{asked}");
    std::fs::write(shop.dir().join("past.csv"), format!("{HEADER}{}{}", row("s1", "03/04/2026"), row("s2", "13/04/2026"))).unwrap();
    shop.run(&IMPORT).await.done();
    let db = Db::open(&shop.url(), 2).await.unwrap();
    let closed: Vec<i64> = inspect::rating_requests(&db).await.unwrap().iter().map(|request| request.closed_at).collect();
    assert_eq!(closed, [1_775_211_300_000, 1_776_075_300_000], "3 and 13 April");
    db.close().await;
}

async fn killed(url: String) {
    const ROWS: u32 = 32_000;
    let shop = shop(&url, &table(ROWS)).await;
    let db = Db::open(&shop.url(), 2).await.unwrap();
    let config = shop.dir().join("lastword.toml").display().to_string();
    let file = shop.dir().join("past.csv").display().to_string();
    let process =
        Process::lastword(&["--config", &config, "import", &file, "--format", "csv", "--yes"], &[("LASTWORD__DATABASE__URL", &shop.url())]);
    let done = loop {
        let requests = inspect::rating_requests(&db).await.unwrap().len();
        if requests > 0 {
            break requests;
        }
        tokio::task::yield_now().await;
    };
    drop(process);
    assert!(done < ROWS as usize, "it was killed in the middle");
    let said = shop.run(&IMPORT).await.done();
    assert!(said.contains(" rows already imported; continuing from there"), "{said}");
    assert!(said.contains("imported 32000 closed chats, 19200 of them with a rating; 0 already existed"), "{said}");
    assert_eq!(counted(&shop).await, (ROWS as usize, 19_200));
    db.close().await;
}

async fn beside_the_desk(url: String) {
    let line = "s1,sales,1700000000,5,five_star,,yes,,,,,\n";
    let (older, newer) = ("s1,sales,1690000000,1,five_star,,yes,,,,,\n", "s1,sales,1700009999,4,five_star,,yes,,,,,\n");
    let shop = shop(&url, &format!("{HEADER}{line}")).await;
    shop.run(&IMPORT).await.done();
    // Newest first, as desks list them.
    std::fs::write(shop.dir().join("past.csv"), format!("{HEADER}{newer}{line}{older}")).unwrap();
    let said = shop.run(&IMPORT).await.done();
    assert!(said.ends_with("imported 2 closed chats, 2 of them with a rating; 1 already existed"), "{said}");
    assert_eq!(counted(&shop).await, (3, 3));
    let db = Db::open(&shop.url(), 2).await.unwrap();
    let closes = rating_request::of_session(&db, &"import".into(), &"s1".into()).await.unwrap();
    let order: Vec<i64> = closes.iter().map(|close| close.closed_at).collect();
    assert_eq!(order, [1_690_000_000_000, 1_700_000_000_000, 1_700_009_999_000], "in the order of their times");
    let runs = import_run::find(&db, "none").await.unwrap();
    assert!(runs.is_none());
    db.close().await;
}

/// A new line gets the scale of its scores: a single 1 among stars is one star, and the rule for "good" is that of stars.
#[tokio::test]
async fn a_line_that_is_made_takes_its_scale_from_the_file() {
    let shop = Shop::new("");
    let table = "session,line,closed_at,score,scale\n\
                 a1,Shop,1700000000,1,\na2,Shop,1700000060,5,\na3,Shop,1700000120,4,\n\
                 b1,Desk,1700000000,1,\nb2,Desk,1700000060,0,\n\
                 c1,Named,1700000000,1,five_star\nc2,Named,1700000060,,\n\
                 d1,Both,1700000000,👍,\nd2,Both,1700000060,👍,\nd3,Both,1700000120,5,\n";
    std::fs::write(shop.dir().join("past.csv"), table).unwrap();
    let said = shop.run(&["import", "past.csv", "--format", "csv", "--make-lines", "--yes"]).await.done();
    assert!(said.contains("Shop (Shop, five_star)") && said.contains("Desk (Desk, binary)"), "{said}");
    let lines = shop.run(&["line", "list", "--json"]).await.json();
    let scales = lines.as_array().unwrap().iter().map(|line| (line["id"].as_str().unwrap(), line["settings"]["scale"].as_str().unwrap()));
    let scales: BTreeMap<&str, &str> = scales.collect();
    assert_eq!(scales, [("Both", "binary"), ("Desk", "binary"), ("Named", "five_star"), ("Shop", "five_star")].into());
    let db = Db::open(&shop.url(), 1).await.unwrap();
    let low = inspect::ratings(&db).await.unwrap().into_iter().filter(|rating| rating.low == 1).count();
    assert_eq!(low, 3, "one star is low in two lines, and a thumb down in one");
    db.close().await;
}

#[tokio::test]
async fn files_of_others_come_as_they_are() {
    let shop = Shop::new("organisation.time_zone = \"Europe/Moscow\"\n");
    let grid = "Номер сессии;Открытая линия;Канал;Сотрудник;Дата закрытия;Оценка клиента\n\
                1;Продажи;Telegram;Ольга;04.03.2026 13:15:00;Нравится\n2;Продажи;Telegram;Ольга;04.03.2026 14:15:00;-\n";
    let letters = grid.chars().map(|letter| match letter {
        'А'..='я' => u8::try_from(u32::from(letter) - 0x410 + 0xc0).unwrap(),
        letter => u8::try_from(u32::from(letter)).unwrap(),
    });
    std::fs::write(shop.dir().join("grid.csv"), letters.collect::<Vec<u8>>()).unwrap();
    let said = shop.run(&["import", "grid.csv", "--format", "bitrix24", "--make-lines", "--yes"]).await.done();
    assert!(said.contains("windows-1251") && said.contains("imported 2 closed chats, 1 of them with a rating"), "{said}");
    assert!(said.contains("closed between 2026-03-04 13:15:00 MSK"), "{said}");
    let lines = shop.run(&["line", "list", "--json"]).await.json();
    assert!(lines[0]["name"] == "Продажи" && lines[0]["settings"]["enabled"] == false, "a line that is made asks nobody: {lines}");

    let rows = grid.lines().map(|line| format!("<tr><td>{}</td></tr>", line.replace("Telegram", "VK").replace(';', "</td><td>")));
    std::fs::write(shop.dir().join("grid.xls"), format!("<html><table>{}</table></html>", rows.collect::<String>())).unwrap();
    let again = shop.run(&["import", "grid.xls", "--format", "bitrix24", "--yes"]).await.done();
    assert!(
        again.contains("imported 0 closed chats") && again.contains("2 already existed"),
        "an Excel file of Bitrix24 is a table: {again}"
    );

    let report = "Agent Name,Rating,Feedback Comment,Contact Name,Contact Email Address,Contact Phone Number,Link to the conversation,Recorded date\n\n\
                  Anna (a@x.com),5,,Bob,bob@x.com,,https://c.example/app/accounts/1/conversations/7,2026-03-04 10:15:00 UTC\n\n\
                  Reporting period 2026-03-01 to 2026-04-01\n";
    let marked: Vec<u8> = [0xfeff].into_iter().chain(report.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    std::fs::write(shop.dir().join("csat.csv"), marked).unwrap();
    let alone = shop.run(&["import", "csat.csv", "--format", "chatwoot", "--check"]).await.refused(2);
    assert_eq!(alone, "--line: the rows of this file do not name a line; name one for all of them");
    let said = shop.run(&["import", "csat.csv", "--format", "chatwoot", "--line", "Продажи", "--yes"]).await.done();
    assert!(said.contains("1 row, utf-16le") && said.contains("imported 1 closed chat, 1 of them with a rating"), "{said}");

    std::fs::write(shop.dir().join("past.jsonl"), "{\"session\":\"j1\",\"closed_at\":1700000000,\"score\":5,\"reasons\":[\"kind\"]}\n[]\n")
        .unwrap();
    let said = shop.run(&["import", "past.jsonl", "--format", "jsonl", "--line", "Продажи", "--yes"]).await.done();
    assert!(said.contains("line 2: the row is not a JSON object") && said.contains("imported 1 closed chat"), "{said}");
}

#[tokio::test]
async fn what_a_spreadsheet_made_of_a_table_is_read_and_a_damaged_letter_is_told() {
    let shop = Shop::new("");
    let table = b"sep=;\nRatings of March;;;;;;\nsession;line;closed_at;scale;score;comment;operator\n\
                  u1;s;45123,5;five_star;5,0;M\xc3\xbcller;7,0\nu2;s;2026-03-25 13:05:00;five_star;1;caf\xe9;7\n";
    std::fs::write(shop.dir().join("table.csv"), table).unwrap();
    let said = shop.run(&["import", "table.csv", "--format", "csv", "--make-lines", "--yes"]).await.done();
    assert!(said.contains("table.csv: 2 rows, utf-8") && said.contains("closed between 2023-07-16 12:00:00"), "{said}");
    assert!(
        said.contains("line 4: closed_at: 45123,5 is a count of days, read as 2023-07-16 12:00:00; if the workbook counts from 1904"),
        "{said}"
    );
    assert!(said.contains("line 5: the row holds a byte that is no letter in utf-8"), "{said}");
    assert!(said.contains("imported 1 closed chat"), "{said}");
}
