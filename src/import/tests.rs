//! Valid and invalid rows of each format.

use super::*;
use lastword_domain::line::LineSettings;
use lastword_domain::session::ClosedBy;

fn reading() -> Reading {
    let settings = LineSettings { scale: Scale::FiveStar, low_max: Some(3), ..LineSettings::default() };
    let line = Arc::new(KnownLine { id: "sales".into(), version: 3, settings });
    let lines = [("sales", &line), ("отдел продаж", &line)].map(|(name, line)| (name.to_owned(), line.clone())).into();
    let named = |text: &str| Named::parse(text).expect(text);
    let named = Named { labels: [named("vip"), named("refund")].into(), fields: [named("topic")].into() };
    Reading { zone: Tz::UTC, dates: DateOrder::MonthFirst, now: 1_800_000_000_000, scale: None, line: None, lines, named }
}

fn texts(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|&cell| cell.to_owned()).collect()
}

fn read(word: &str, header: &[&str], cells: &[&str]) -> Result<PastClose, String> {
    let layout = format(word).unwrap().layout(&texts(header)).map_err(|bad| bad.to_string())?;
    let only = Reading { line: (!layout.has_line()).then(|| reading().lines["sales"].clone()), ..reading() };
    layout.read(&texts(cells), &only).map_err(|bad| bad.to_string())
}

const OURS: [&str; 7] = ["Session", "line", "closed_at", "score", "comment", "asked", "operator"];

#[test]
fn labels_and_fields_are_kept_as_far_as_they_are_named() {
    let header = ["session", "line", "closed_at", "labels", "fields"];
    let row = |labels, fields| read("csv", &header, &["s1", "sales", "2026-03-04 10:15:00", labels, fields]);
    let close = row("vip, other|refund", "topic: late parcel, mood: bad").unwrap();
    assert_eq!((close.labels.join(" "), close.fields.written()), ("refund vip".to_owned(), "topic: late parcel".to_owned()));
    assert!(row("", "late parcel").unwrap_err().contains("is no list of fields"));
}

#[test]
fn a_row_of_ours_is_a_close_with_its_rating() {
    let close = read("csv", &OURS, &["s1", "Отдел продаж", "2026-03-04 10:15:00", "3", "so, so", "yes", "op-7"]).unwrap();
    let rating = close.rating.clone().unwrap();
    assert_eq!((rating.score, rating.low, close.scale, close.line.id.as_str()), (3, true, Scale::FiveStar, "sales"));
    assert_eq!((rating.comment.as_deref(), rating.at, close.operator.unwrap().id.as_str()), (Some("so, so"), close.closed_at, "op-7"));
    let unrated = read("csv", &OURS, &["s2", "sales", "2026-03-04 10:15:00", "", "", "no", ""]).unwrap();
    assert!(unrated.rating.is_none() && unrated.asked == Some(false) && unrated.operator.is_none());
    let thumb = read("csv", &OURS, &["s3", "sales", "2026-03-04", "👍", "", "", ""]).unwrap();
    assert_eq!((thumb.scale, thumb.rating.unwrap().score), (Scale::Binary, 1));
    for (text, scale, score) in [
        ("👎🏽", Scale::Binary, 0),
        ("TRUE", Scale::Binary, 1),
        ("False", Scale::Binary, 0),
        ("★★★★★", Scale::FiveStar, 5),
        ("★★★☆☆", Scale::FiveStar, 3),
        ("5/5", Scale::FiveStar, 5),
        ("4 out of 5", Scale::FiveStar, 4),
        ("2 stars", Scale::FiveStar, 2),
        ("\u{ff15}", Scale::FiveStar, 5),
        ("4\u{fe0f}\u{20e3}", Scale::FiveStar, 4),
    ] {
        let close = read("csv", &OURS, &["s4", "sales", "2026-03-04", text, "", "", ""]).unwrap();
        assert_eq!((close.scale, close.rating.map(|rating| rating.score)), (scale, Some(score)), "{text}");
    }
    for text in ["8/10", "10", "★★★★★★", "5 - great", "85%"] {
        assert!(read("csv", &OURS, &["s5", "sales", "2026-03-04", text, "", "", ""]).is_err(), "{text}");
    }
}

#[test]
fn what_is_wrong_with_a_row_names_the_column_and_the_remedy() {
    let bad = |cells: &[&str]| read("csv", &OURS, cells).unwrap_err();
    let at = "2026-03-04 10:15";
    assert_eq!(
        bad(&["s", "sales", "", "3", "", "", ""]),
        "closed_at: is empty: only conversations that were closed can be imported; give the moment"
    );
    assert!(bad(&["s", "nowhere", at, "3", "", "", ""]).starts_with("line: there is no line \"nowhere\"; make it"));
    assert!(bad(&["s", "sales", at, "6", "", "", ""]).starts_with("score: \"6\" is no score; write 0 or 1"));
    assert!(bad(&["s", "sales", at, "", "hello", "", ""]).starts_with("comment: is there without a score"));
    assert!(bad(&["s", "sales", at, "3", "", "no", ""]).starts_with("asked: says that the client was not asked"));
    assert!(bad(&["s", "sales", "2030-01-01", "3", "", "", ""]).starts_with("closed_at: lies in the future"));
    assert!(bad(&["s", "sales", at, "3", "", ""]).starts_with("the row has 6 cells and the header 7"));
    assert!(bad(&["a\u{7}b", "sales", at, "3", "", "", ""]).starts_with("Session: is no name or id"));
}

#[test]
fn a_missing_or_double_column_is_named() {
    let layout = |header: &[&str]| format("bitrix24").unwrap().layout(&texts(header)).unwrap_err().to_string();
    let missing = layout(&["Session ID", "Closed on"]);
    assert!(missing.starts_with("rated by clients: there is no such column in the file, which has: Session ID, Closed on."), "{missing}");
    assert!(missing.ends_with("Is the format bitrix24 right, and the separator and encoding?"), "{missing}");
    let twice = format("csv").unwrap().layout(&texts(&["closed_at", "score", "Score"])).unwrap_err().to_string();
    assert_eq!(twice, "Score: is there twice; take one of the two columns out of the file");
}

#[test]
fn the_grid_of_bitrix24_is_read_in_both_languages() {
    let russian = [
        "Номер сессии",
        "Открытая линия",
        "Канал",
        "Клиент",
        "Сотрудник",
        "Дата создания",
        "Дата закрытия",
        "Спам",
        "Оценка клиента",
        "Оценка руководителя",
    ];
    let row = [
        "17",
        "Отдел продаж",
        "Онлайн-чат",
        "Иван",
        "Ольга Петрова",
        "04.03.2026 09:00:00",
        "04.03.2026 10:15:00",
        "Нет",
        "Не нравится",
        "4",
    ];
    let close = read("bitrix24", &russian, &row).unwrap();
    let rating = close.rating.unwrap();
    assert_eq!((rating.score, rating.low, close.scale, close.channel.as_deref()), (0, true, Scale::Binary, Some("webchat")));
    assert_eq!((close.session_id.as_str(), close.supervisor, close.client), ("17", Some((4, None)), None), "a name is no id");
    assert_eq!(close.operator.unwrap().name.as_deref(), Some("Ольга Петрова"));
    let english = ["#", "Open Channel", "Employee", "Closed on", "Spam / Force stop", "Rated by clients"];
    for (vote, expected) in [("5", Some(1)), ("1", Some(0)), ("0", None), ("-", None), ("Like", Some(1)), ("Dislike", Some(0))] {
        let close = read("bitrix24", &english, &["18", "sales", "Ann", "03/04/2026 10:15:00 am", "Yes", vote]).unwrap();
        assert_eq!(close.rating.map(|rating| rating.score), expected, "{vote}");
        assert_eq!((close.scale, close.closed_by, close.asked), (Scale::Binary, ClosedBy::Spam, None));
    }
    assert!(
        read("bitrix24", &english, &["18", "sales", "Ann", "03/04/2026", "No", "3"])
            .unwrap_err()
            .starts_with("Rated by clients: \"3\" is no vote")
    );
}

#[test]
fn of_two_columns_for_one_thing_the_better_known_counts() {
    let header = ["№", "Номер сессии", "Открытая линия", "Дата закрытия", "Оценка клиента"];
    let close = read("bitrix24", &header, &["1", "8841", "sales", "04.03.2026 10:15:00", "5"]).unwrap();
    assert_eq!(close.session_id, "8841");
    let layout = format("bitrix24").unwrap().layout(&texts(&header)).unwrap();
    assert_eq!(layout.unknown, ["№"], "the other one is left out, and said");
}

#[test]
fn the_report_of_chatwoot_is_read() {
    let header = [
        "Agent Name",
        "Rating",
        "Feedback Comment",
        "Contact Name",
        "Contact Email Address",
        "Contact Phone Number",
        "Link to the conversation",
        "Recorded date",
    ];
    let link = "https://chat.example.com/app/accounts/1/conversations/123";
    let row = ["Anna A (anna@example.com)", "2", "slow", "Bob", "", "+4912345", link, "2026-03-04 10:15:00 UTC"];
    let close = read("chatwoot", &header, &row).unwrap();
    let operator = close.operator.unwrap();
    assert_eq!((operator.id.as_str(), operator.name.as_deref()), ("anna@example.com", Some("Anna A")));
    assert_eq!((close.session_id.as_str(), close.contact.as_deref(), close.asked), ("123", Some("+4912345"), Some(true)));
    assert_eq!(close.rating.unwrap().comment.as_deref(), Some("slow"));
    let layout = format("chatwoot").unwrap().layout(&texts(&header)).unwrap();
    assert!(layout.is_empty(&texts(&["Reporting period 2026-01-01 to 2026-02-01"])), "the line under the table is no row");
    assert!(
        layout.is_empty(&texts(&["Reporting period 2026-01-01 to 2026-02-01", "", "", "", "", "", "", ""])),
        "nor is it with empty cells"
    );
}

#[test]
fn the_same_row_has_the_same_key_and_another_another() {
    let row = |session: &'static str, closed_at: &'static str, comment: &'static str| {
        read("csv", &OURS, &[session, "sales", closed_at, "3", comment, "", ""]).unwrap()
    };
    let (at, later) = ("2026-03-04 10:15", "2026-03-04 10:16");
    assert_eq!(row("s", at, "a").key, row("s", at, "b").key, "a session and its close say which");
    assert_ne!(row("s", at, "a").key, row("s", later, "a").key);
    assert_eq!(row("", at, "a").session_id, row("", at, "a").session_id);
    assert_ne!(row("", at, "a").session_id, row("", at, "b").session_id, "without a session, everything says which");
}

#[test]
fn numbers_that_a_spreadsheet_wrote_as_fractions_are_whole() {
    let at = "2026-03-04 10:15:00";
    let close = read("csv", &OURS, &["8841.0", "sales", at, "5.0", "", "1.0", "7.0"]).unwrap();
    assert_eq!((close.session_id.as_str(), close.operator.unwrap().id.as_str(), close.asked), ("8841", "7", Some(true)));
    assert_eq!((close.rating.unwrap().score, close.scale), (5, Scale::FiveStar));
    let header = ["session", "line", "closed_at", "score", "scale", "supervisor_score"];
    let close = read("csv", &header, &["s", "sales", at, "1,0", "5,0", "4,0"]).unwrap();
    assert_eq!((close.rating.unwrap().score, close.scale, close.supervisor), (1, Scale::FiveStar, Some((4, None))));
    assert!(read("csv", &OURS, &["s", "sales", at, "4.5", "", "", ""]).unwrap_err().starts_with("score: \"4.5\" is no score"));
    assert!(
        read("csv", &OURS, &["s", "sales", at, "5", "", "", "1.23457E+11"]).unwrap_err().starts_with("operator: 1.23457E+11 is a number")
    );
    assert!(
        read("csv", &OURS, &["1,23457E+11", "sales", at, "5", "", "", ""]).unwrap_err().starts_with("Session: 1,23457E+11 is a number")
    );
    // JSON writes 1e5 as 100000.0.
    assert_eq!(read("csv", &OURS, &["s", "sales", at, "5", "", "", "100000.0"]).unwrap().operator.unwrap().id, "100000");
    let grid = ["#", "Open Channel", "Employee", "Closed on", "Rated by clients"];
    for (vote, expected) in [("5.0", Some(1)), ("1.0", Some(0)), ("0.0", None)] {
        let close = read("bitrix24", &grid, &["17.0", "sales", "Ann", at, vote]).unwrap();
        assert_eq!((close.session_id.as_str(), close.rating.map(|rating| rating.score)), ("17", expected), "{vote}");
    }
}

#[test]
fn a_row_keeps_its_key_whatever_a_spreadsheet_made_of_its_numbers() {
    // With another key, a resumed import would add rows twice.
    let close = read("csv", &OURS, &["8841.0", "sales", "2026-03-04 10:15:00", "5.0", "", "", ""]).unwrap();
    let as_it_stands: [u8; 32] = {
        use sha2::{Digest, Sha256};
        let text = [&b"close "[..], &close.closed_at.to_be_bytes(), b"8841.0"].concat();
        Sha256::digest(text).into()
    };
    assert_eq!(close.key, as_it_stands);
}

#[test]
fn a_day_count_of_a_spreadsheet_is_a_moment_and_is_told() {
    let row = |at: &'static str| read("csv", &OURS, &["s", "sales", at, "5", "", "", ""]);
    assert_eq!(row("45123.5").unwrap().closed_at, 1_689_508_800_000, "2023-07-16 12:00");
    assert!(row("36000.5").unwrap_err().contains("if the workbook counts from 1904, show the column as"));
    let layout = format("csv").unwrap().layout(&texts(&OURS)).unwrap();
    let told = layout.day_count(&texts(&["s", "sales", "45123.5", "5", "", "", ""])).unwrap();
    assert!(
        told.starts_with("closed_at: 45123.5 is a count of days, read as 2023-07-16 12:00:00; if the workbook counts from 1904"),
        "{told}"
    );
    assert_eq!(layout.day_count(&texts(&["s", "sales", "2026-03-04", "5", "", "", ""])), None);
}

/// Headers of Chatwoot's report. Only the first is in Chatwoot's own wording: the order of the columns matters, not the names.
const REPORTS: [&str; 6] = [
    "Nome do Agente,Classificação,Comentário de Feedback,Nome do contato,E-mail de contato,Telefone de contato,Link para a conversa,Data de gravação",
    "Mitarbeiter,Note,Anmerkung,Kunde,Mail des Kunden,Rufnummer des Kunden,Adresse des Gesprächs,Abgegeben am",
    "Сотрудник,Балл,Отзыв клиента,Клиент,Почта клиента,Телефон клиента,Адрес диалога,Когда записано",
    "员工,分数,留言,客户,客户邮箱,客户电话,对话地址,时间",
    "الموظف,الدرجة,الملاحظة,العميل,بريد العميل,هاتف العميل,عنوان المحادثة,وقت التسجيل",
    "Pracovník,Známka,Feedback Comment,Contact Name,Contact Email Address,Contact Phone Number,Link to the conversation,Recorded date",
];

#[test]
fn the_report_of_chatwoot_is_read_in_every_language_by_the_order_of_its_columns() {
    let link = "https://chat.example.com/app/accounts/1/conversations/123";
    let row = ["Anna A (anna@example.com)", "2", "slow", "Bob", "bob@example.com", "+4912345", link, "2026-03-04 10:15:00 UTC"];
    for report in REPORTS {
        let header: Vec<&str> = report.split(',').collect();
        let close = read("chatwoot", &header, &row).unwrap();
        let rating = close.rating.unwrap();
        assert_eq!(
            (close.session_id.as_str(), close.client.as_ref().map(|id| id.as_str()), rating.score),
            ("123", Some("bob@example.com"), 2),
            "{report}"
        );
        assert_eq!((rating.comment.as_deref(), close.operator.unwrap().id.as_str()), (Some("slow"), "anna@example.com"), "{report}");
        let chatwoot = format("chatwoot").unwrap();
        assert!(chatwoot.fits(&texts(&header), &texts(&row)), "{report}");
        assert_eq!(chatwoot.layout(&texts(&header)).unwrap().unknown, [header[3]], "{report}");
        // An enterprise edition appends the reviewer's notes.
        let (header, row) = ([&header[..], &["Notes"]].concat(), [&row[..], &["seen"]].concat());
        assert_eq!(read("chatwoot", &header, &row).unwrap().session_id, "123");
        // A rejects file has two additional columns at the start.
        let (header, row) = ([&REJECTS[..], &header].concat(), [&["7", "wrong"][..], &row].concat());
        assert_eq!(read("chatwoot", &header, &row).unwrap().session_id, "123");
    }
}

#[test]
fn columns_that_stand_elsewhere_are_not_read_by_their_order() {
    let moved = ["Rating", "Agent Name", "a", "b", "c", "d", "e", "Recorded date"];
    let close = read("chatwoot", &moved, &["4", "Anna (a@example.com)", "", "", "", "", "", "2026-03-04 10:15:00"]).unwrap();
    assert_eq!((close.rating.unwrap().score, close.operator.unwrap().id.as_str()), (4, "a@example.com"));
    let chatwoot = format("chatwoot").unwrap();
    assert!(chatwoot.layout(&texts(&["a", "b", "c", "", "e", "f", "g", "h"])).is_err(), "a title with empty cells behind it is no header");
    let foreign = ["a", "b", "c", "d", "e", "f", "g", "h"];
    assert!(!chatwoot.fits(&texts(&foreign), &texts(&["x", "5", "", "", "", "", "https://example.com/1", "2026-03-04"])));
}
