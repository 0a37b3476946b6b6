//! Figures on pages equal a full count of the rows too: under any filter, for people limited to lines, and for an operator
//! in groups that are never small.

pub(super) use super::counts::all as everything;
use super::counts::day;
use super::naive::{Row, expected, reasons, rows, shown_reasons};
use super::shop::{CHANNELS, LINES, OPERATORS, Shop};
use super::tabs::ALL_COLUMNS;
use crate::on_both_databases;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use lastword::domain::access::audit::By as Author;
use lastword::domain::access::rights::{Lines, Role};
use lastword::domain::answer::rating::Scale;
use lastword::domain::report::calendar::Day;
use lastword::domain::session::HandledBy;
use lastword::http::middleware::rate_limit::RateLimits;
use lastword::http::pages::{self, Options, Pages};
use lastword::http::state::{AppState, BodyMax};
use lastword::life::Engine;
use lastword::life::access::change_account::{self, Wanted};
use lastword::life::access::sign_in::let_in;
use lastword::metrics::Metrics;
use lastword::settings::Limits;
use lastword::store::report::Closes;
use lastword_base::names::{LineId, OperatorId};
use rand::Rng;
use rand::rngs::StdRng;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tower::ServiceExt;

on_both_databases! {
    every_number_on_every_page_is_a_full_count => full_counts;
    a_supervisor_of_some_lines_counts_those_alone => some_lines;
    one_can_choose_from_the_operators_and_channels_that_one_sees => choices;
    a_question_that_makes_no_sense_is_answered_beside_its_field => nonsense;
    a_table_is_kept_as_a_file => files;
    every_number_leads_to_the_list_of_as_many => lists_behind;
}

/// The pages over a shop.
pub(super) struct Site {
    pub(super) engine: Engine,
    router: Router,
}

/// A signed-in person.
pub(super) struct Reader<'s> {
    site: &'s Site,
    cookie: String,
}

impl Site {
    pub(super) fn over(engine: &Engine) -> Self {
        let metrics = Arc::new(Metrics::new("test"));
        let app = AppState::open(engine, Default::default(), metrics, BodyMax::default(), RateLimits::of(&Limits::NONE));
        let options = Options { language: "en".to_owned(), ..Options::default() };
        Self { engine: engine.clone(), router: pages::routes(&Pages::new(&app, options, Default::default())) }
    }

    pub(super) async fn reader(&self, login: &str, role: Role, lines: &[&str], comments: bool) -> Reader<'_> {
        let wanted = Wanted {
            name: login.to_owned(),
            role,
            operator_id: (role == Role::Operator).then(|| login.split('-').next().unwrap().to_owned()).map(OperatorId::from),
            all_lines: lines.is_empty(),
            lines: lines.iter().map(|&line| line.into()).collect(),
            comments,
            disabled: false,
        };
        let now = self.engine.now();
        let account = change_account::add(&self.engine, &Author::command(), login, wanted, None, now).await.unwrap().unwrap();
        let secret = let_in(&self.engine, &account, "192.0.2.7", "test", now).await.unwrap();
        Reader { site: self, cookie: format!("lastword={secret}") }
    }
}

impl Reader<'_> {
    pub(super) async fn bytes(&self, path: &str) -> (u16, Vec<u8>) {
        let request = Request::get(path).header("host", "desk.example").header("accept", "text/html").header("cookie", &self.cookie);
        let answer = self.site.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        (answer.status().as_u16(), answer.into_body().collect().await.unwrap().to_bytes().to_vec())
    }

    pub(super) async fn get(&self, path: &str) -> (u16, String) {
        let (status, body) = self.bytes(path).await;
        (status, String::from_utf8(body).unwrap())
    }

    pub(super) async fn page(&self, path: &str) -> String {
        let (status, text) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {text}");
        text
    }
}

/// The figures of a part of a page, by name. A figure that occurs twice must be equal, and the displayed and the
/// machine-readable value must agree.
pub(super) fn figures(piece: &str) -> BTreeMap<String, i64> {
    let mut found = BTreeMap::new();
    for part in piece.split("data-figure=\"").skip(1) {
        let (name, rest) = part.split_once("\" value=\"").unwrap();
        let (value, rest) = rest.split_once("\">").unwrap();
        let (shown, _) = rest.split_once('<').unwrap();
        if name != "average secs" {
            assert_eq!(shown.replace(',', ""), value, "{name}");
        }
        let value: i64 = value.parse().unwrap();
        assert_eq!(*found.entry(name.to_owned()).or_insert(value), value, "{name} is two numbers on {piece}");
    }
    found
}

/// The figures above the table, and those of its rows.
pub(super) fn split(page: &str) -> (BTreeMap<String, i64>, BTreeMap<String, BTreeMap<String, i64>>) {
    let report = page.split_once("data-report").map_or("", |(_, rest)| rest).split("data-row=\"").next().unwrap();
    let row = |part: &str| {
        let (key, rest) = part.split_once('"').unwrap();
        (key.to_owned(), figures(rest.split("</tr>").next().unwrap()))
    };
    (figures(report), page.split("data-row=\"").skip(1).map(row).collect())
}

/// Checks that each figure of the page equals that of the rows. Figures missing on the page must be 0.
pub(super) fn equals(found: &BTreeMap<String, i64>, rows: &[Row], closes: &Closes, case: &str) {
    let mut wanted = expected(rows, closes);
    wanted.insert("unresolved".to_owned(), wanted["said whether resolved"] - wanted["resolved"]);
    wanted.extend(shown_reasons(rows, closes));
    for ((outcome, reason), count) in reasons(rows, closes) {
        wanted.insert(format!("reason {outcome} {reason}"), count);
    }
    for (name, number) in found {
        assert_eq!(*number, wanted.get(name).copied().unwrap_or(0), "{name} of {case}: {closes:?}");
    }
    for (name, number) in wanted.iter().filter(|(name, _)| found.contains_key("closed") && name.starts_with("reason")) {
        assert!(found.get(name) == Some(number) || !found.contains_key("late"), "{name} is missing on {case}: {closes:?}");
    }
}

/// A random filter, and its address.
pub(super) fn filter(chance: &mut StdRng) -> (Closes, String) {
    let from = day("2026-09-10").plus(chance.random_range(0..60));
    let until = from.plus(chance.random_range(1..70));
    let mut some = |all: &[&str]| chance.random_bool(0.4).then(|| all[chance.random_range(0..all.len())].to_owned());
    let (line, operator, channel) = (some(&LINES), some(&OPERATORS), some(&CHANNELS));
    let (scale, handled_by) = (some(&["binary", "five_star"]), some(&["human", "both"]));
    let mut address = format!("from={from}&until={}", until.plus(-1));
    let places = [("line", &line), ("operator", &operator), ("channel", &channel)];
    for (name, value) in places.into_iter().chain([("scale", &scale), ("handled_by", &handled_by)]) {
        address += &value.as_ref().map(|value| format!("&{name}={value}")).unwrap_or_default();
    }
    let (scale, handled_by) = (scale.and_then(|word| Scale::parse(&word)), handled_by.and_then(|word| HandledBy::parse(&word)));
    (
        Closes {
            from,
            until,
            line: line.map(LineId::from),
            operator: operator.map(OperatorId::from),
            channel,
            scale,
            handled_by,
            ..everything()
        },
        address,
    )
}

pub(super) async fn shop(url: &str, seed: u64) -> Shop {
    let mut shop = Shop::open(url, seed).await;
    shop.set_up().await;
    shop.live(110, 60).await;
    shop
}

async fn full_counts(url: String) {
    let mut shop = shop(&url, 41).await;
    let (site, rows) = (Site::over(&shop.engine), rows(&shop.engine.db).await);
    let admin = site.reader("admin", Role::Admin, &[], true).await;
    let mut answered = 0;
    for round in 0..28 {
        let (closes, address) = filter(&mut shop.chance);
        let by = ["operator", "line", "channel", "handled_by", "day", "week", "month"][round % 7];
        let page = admin.report(&format!("{address}&by={by}")).await;
        let (above, below) = split(&page);
        for name in ["closed", "asked", "delivered", "answered", "open", "expired", "not_asked", "resolved"] {
            assert!(above.contains_key(name), "no {name} on {address}");
        }
        // A page has one score, the adjusted one.
        let one_score = |grade: &&str| above.contains_key(&format!("adjusted {grade}")) && !above.contains_key(*grade);
        assert!(["good", "neutral", "bad"].iter().all(one_score), "{address}");
        equals(&above, &rows, &closes, &address);
        answered += above["answered"];
        // Numerator and denominator of the response rate count the same closes.
        let counts = expected(&rows, &closes);
        let answered_over = counts["answered"] - counts["answered and running"];
        let questions = if counts["over"] == 1 { "question" } else { "questions" };
        let response = format!("{} of {} {questions} whose time is over", grouped(answered_over), grouped(counts["over"]));
        assert!(page.contains(&response), "{response} on {address}");
        for (key, row) in below {
            let only = match by {
                "operator" => Closes { operator: Some(key.clone().into()), ..closes.clone() },
                "line" => Closes { line: Some(key.clone().into()), ..closes.clone() },
                "channel" => Closes { channel: Some(key.clone()), ..closes.clone() },
                "handled_by" => Closes { handled_by: HandledBy::parse(&key), ..closes.clone() },
                by => Closes { from: day(&key), until: closes.until.min(next(day(&key), by)), ..closes.clone() },
            };
            equals(&row, &rows, &only, &format!("{key} on {address}"));
            assert!(row.contains_key("closed") && row.contains_key("adjusted bad"), "{key} on {address}");
        }
    }
    assert!(answered > 50, "the filters leave something to count: {answered}");
    let (_, operators) = split(&admin.page(&format!("/operators?from=2026-09-10&until=2026-12-31&{ALL_COLUMNS}")).await);
    assert!(operators.len() > 2, "{operators:?}");
    for (key, row) in operators {
        let closes = Closes { from: day("2026-09-10"), until: day("2027-01-01"), operator: Some(key.clone().into()), ..everything() };
        equals(&row, &rows, &closes, &key);
    }
    let (profile, _) = split(&admin.page("/operators/olga?from=2026-09-10&until=2026-12-31").await);
    equals(&profile, &rows, &Closes { from: day("2026-09-10"), operator: Some("olga".into()), ..everything() }, "olga");
    assert!(profile["answered"] > 0 && profile.contains_key("supervised"));
    let today = Day::of(site.engine.now(), site.engine.db.zone());
    let (glance, _) = split(&admin.page("/today").await);
    equals(&glance, &rows, &Closes { from: today, until: today.plus(1), ..everything() }, "today");
    assert_eq!(admin.get("/operators/nobody").await.0, 404);
}

pub(super) fn grouped(number: i64) -> String {
    lastword::http::locale::format::number(lastword::http::locale::language::Language::En, number)
}

fn next(day: Day, by: &str) -> Day {
    match by {
        "day" => day.plus(1),
        "week" => day.monday().plus(7),
        _ => day.month().plus(1).first(),
    }
}

async fn some_lines(url: String) {
    let shop = shop(&url, 42).await;
    let (site, rows) = (Site::over(&shop.engine), rows(&shop.engine.db).await);
    let supervisor = site.reader("sam", Role::Supervisor, &["sales"], true).await;
    let sees = Lines::Some(["sales".into()].into());
    let page = supervisor.report("from=2026-09-01&until=2026-12-31&by=line").await;
    let (above, below) = split(&page);
    equals(&above, &rows, &Closes { sees: sees.clone(), ..everything() }, "sales alone");
    assert!(above["closed"] > 10 && below.keys().eq(["sales"]), "{above:?} {below:?}");
    assert!(!page.contains("VIP"), "lines of others have no name here");
    let (profile, _) = split(&supervisor.page("/operators/olga?from=2026-09-01&until=2026-12-31").await);
    equals(&profile, &rows, &Closes { operator: Some("olga".into()), sees, ..everything() }, "olga on sales");
    // Lines and operators of others look like ones that do not exist.
    let told = |text: &str| text.split("id=\"e-line\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let (others, never) = (supervisor.get("/reports?line=vip").await, supervisor.get("/reports?line=never").await);
    assert_eq!((others.0, told(&others.1)), (never.0, told(&never.1)));
    assert_eq!(others.0, 422);
    let stranger = site.reader("sue", Role::Supervisor, &["elsewhere"], true).await;
    let cut = |text: String| text.split("<h1>").nth(1).unwrap().replace("/operators/olga", "/operators/nobody");
    let (hidden, missing) = (stranger.get("/operators/olga").await, stranger.get("/operators/nobody").await);
    assert_eq!((hidden.0, cut(hidden.1)), (404, cut(missing.1)));
    let (empty, _) = split(&stranger.page("/reports?from=2026-09-01&until=2026-12-31").await);
    assert!(empty.values().all(|number| *number == 0), "{empty:?}");
}

/// The options of a select of a page.
fn options(page: &str, name: &str) -> BTreeSet<String> {
    let select = page.split(&format!("name=\"{name}\"")).nth(1).unwrap().split("</select>").next().unwrap();
    let all = select.split("<option value=\"").skip(1).map(|option| option.split('"').next().unwrap().to_owned());
    all.filter(|value| !value.is_empty() && value != "-").collect()
}

async fn choices(url: String) {
    let shop = shop(&url, 44).await;
    let (site, rows) = (Site::over(&shop.engine), rows(&shop.engine.db).await);
    let admin = site.reader("admin", Role::Admin, &[], true).await;
    let supervisor = site.reader("sam", Role::Supervisor, &["sales"], true).await;
    for (reader, sees) in [(&admin, &LINES[..]), (&supervisor, &["sales"])] {
        let seen = || rows.iter().filter(|row| sees.contains(&row.request.line_id.as_str()));
        let page = reader.page("/reports?from=2026-09-01&until=2026-12-31").await;
        let operators: BTreeSet<String> = seen().flat_map(Row::operators).filter(|operator| !operator.is_empty()).collect();
        let channels: BTreeSet<String> = seen().filter_map(|row| row.request.channel.clone()).collect();
        assert!(operators.len() > 1 && channels.len() > 1, "{operators:?} {channels:?}");
        assert_eq!((options(&page, "operator"), options(&page, "channel")), (operators, channels), "{sees:?}");
        let before = reader.page("/reports?from=2024-01-01&until=2024-12-31").await;
        assert_eq!((options(&before, "operator").len(), options(&before, "channel").len()), (0, 0), "nobody worked in that year");
    }
}

async fn nonsense(url: String) {
    let shop = Shop::open(&url, 44).await;
    shop.set_up().await;
    let site = Site::over(&shop.engine);
    let admin = site.reader("admin", Role::Admin, &[], true).await;
    for (query, field, words) in [
        ("from=2026-09-30&until=2026-09-01", "until", "before the start"),
        ("from=2010-01-01&until=2026-01-01", "until", "ten years"),
        ("from=yesterday", "from", "Enter a date"),
        ("until=2026-02-30", "until", "Enter a date"),
        ("line=%3Ci%3E", "line", "line does not exist"),
        ("scale=ten", "scale", "scale does not exist"),
        ("by=mood", "by", "cannot be grouped"),
        ("by=day&from=2020-01-01&until=2026-01-01", "by", "week or month"),
    ] {
        let (status, text) = admin.get(&format!("/reports?{query}")).await;
        let said = text.split(&format!("id=\"e-{field}\">")).nth(1).unwrap_or_default().split('<').next().unwrap();
        assert!(status == 422 && said.contains(words), "{query}: {status} {said:?}");
        assert!(!text.contains("data-report") && !text.contains("<i>"), "{query}");
        assert_eq!(admin.get(&format!("/reports/file?{query}")).await.0, 422, "{query}");
    }
    // A fresh installation: pages without figures link to the next steps.
    assert!(admin.page("/today").await.contains("Add a recipient for alerts"));
    for path in ["/reports", "/operators", "/reports?operator=never&channel=never", "/reports?period=today"] {
        assert!(admin.page(path).await.contains("No chats closed on these days"), "{path}");
    }
}

async fn files(url: String) {
    let shop = shop(&url, 45).await;
    let (site, rows) = (Site::over(&shop.engine), rows(&shop.engine.db).await);
    let admin = site.reader("admin", Role::Admin, &[], true).await;
    let asked = "from=2026-09-10&until=2026-12-31&by=line";
    let (status, csv) = admin.bytes(&format!("/reports/file?{asked}&format=csv")).await;
    let mut reader = csv::Reader::from_reader(csv.strip_prefix("\u{feff}".as_bytes()).unwrap());
    let mut lines = BTreeSet::new();
    for row in reader.records().map(Result::unwrap) {
        let closes = Closes { from: day("2026-09-10"), line: Some(row[1].into()), ..everything() };
        let numbers = expected(&rows, &closes);
        for (column, name) in [
            (2, "closed"),
            (3, "asked"),
            (4, "delivered"),
            (5, "answered"),
            (14, "adjusted good"),
            (16, "adjusted bad"),
            (25, "good"),
            (27, "bad"),
            (28, "voided"),
            (30, "commented"),
        ] {
            assert_eq!(row[column].parse(), Ok(numbers[name]), "{name} of {}", &row[1]);
        }
        lines.insert(row[1].to_owned());
    }
    assert_eq!((status, lines.len()), (200, 3));
    let (_, xlsx) = admin.bytes(&format!("/reports/file?{asked}&format=xlsx")).await;
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(xlsx)).unwrap();
    let sheet = calamine::Reader::worksheet_range_at(&mut book, 0).unwrap().unwrap();
    assert_eq!((sheet.height(), sheet.get_value((0, 2))), (4, Some(&calamine::Data::String("Closed".to_owned()))));
    assert_eq!(admin.get(&format!("/reports/file?{asked}&format=pdf")).await.0, 422);
}

/// The figures of a page, each with the link to its list, and the good ratings in the score, whose share is a link too.
fn numbers_and_lists(page: &str) -> Vec<(String, i64, String)> {
    let href = |before: &str| {
        let link = before.rfind("<a ").filter(|&at| before.rfind("</a>").is_none_or(|end| end < at))?;
        Some(before[link..].split_once("href=\"")?.1.split('"').next()?.replace("&#38;", "&"))
    };
    let number = |(at, _): (usize, &str)| {
        let (name, rest) = page[at..].trim_start_matches("data-figure=\"").split_once("\" value=\"").unwrap();
        (name.to_owned(), rest.split('"').next().unwrap().parse::<i64>().unwrap(), href(&page[..at]).unwrap_or_default())
    };
    page.match_indices("data-figure=\"").map(number).filter(|(name, number, _)| name != "average secs" && *number > 0).collect()
}

/// Number of closes in a list, over all its pages.
async fn length(reader: &Reader<'_>, list: &str) -> i64 {
    let (mut keys, mut next) = (BTreeSet::new(), Some(list.to_owned()));
    while let Some(address) = next {
        let page = reader.page(&address).await;
        for row in page.split("<tr data-key=\"").skip(1) {
            let key = row.split('"').next().unwrap().to_owned();
            assert!(keys.insert(key.clone()), "{list} has {key} twice");
        }
        let older = page.split("rel=\"next\"").next().filter(|before| before.len() < page.len());
        next = older.map(|before| before.rsplit("href=\"").next().unwrap().split('"').next().unwrap().replace("&#38;", "&"));
    }
    keys.len() as i64
}

async fn lists_behind(url: String) {
    let mut shop = Shop::open(&url, 45).await;
    shop.set_up().await;
    shop.live(160, 60).await;
    let site = Site::over(&shop.engine);
    let admin = site.reader("admin", Role::Admin, &[], true).await;
    let some = site.reader("sam", Role::Supervisor, &["sales", "vip"], true).await;
    let whole = "from=2026-09-10&until=2026-12-31";
    let mut paths: Vec<String> =
        ["operator", "line", "channel", "week"].map(|by| format!("/reports?{whole}&by={by}&tab=compare&{ALL_COLUMNS}")).into();
    for only in ["handled_by=human", "operator=-", "channel=-", "operator=-&channel=-", "line=vip&operator=olga"] {
        paths.extend(["overview", "details", "reasons"].map(|tab| format!("/reports?{whole}&{only}&tab={tab}")));
    }
    paths.extend(["/operators?", "/operators/olga?"].map(|page| format!("{page}{whole}&{ALL_COLUMNS}")));
    paths.push("/today".to_owned());
    let (mut counted, mut followed) = (BTreeMap::new(), BTreeMap::new());
    for reader in [&admin, &some] {
        followed.clear();
        for path in &paths {
            for (name, number, list) in numbers_and_lists(&reader.page(path).await) {
                assert!(list.starts_with("/ratings?"), "{name} of {path} leads nowhere: {list:?}");
                let rows = match followed.get(&list) {
                    Some(rows) => *rows,
                    None => length(reader, &list).await,
                };
                assert_eq!(rows, number, "{name} of {path}: {list}");
                followed.insert(list, rows);
                *counted.entry(name).or_insert(0) += number;
            }
        }
    }
    for name in ["closed", "asked", "delivered", "answered", "late", "voided", "adjusted bad", "supervised", "resolved"] {
        assert!(counted.contains_key(name), "no {name} to follow: {counted:?}");
    }
    assert!(counted.keys().filter(|name| name.starts_with("reason ")).count() > 2, "{counted:?}");
    // So does every figure in the tables of charts, each hour of the week included.
    let page = admin.report(whole).await;
    let mut cells = 0;
    for cell in page.split("<td><a href=\"").skip(1) {
        let (list, rest) = cell.split_once("\">").unwrap();
        let (list, number) = (list.replace("&#38;", "&"), rest.split('<').next().unwrap().replace(',', "").parse::<i64>().unwrap());
        assert_eq!(length(&admin, &list).await, number, "{list}");
        cells += 1;
    }
    assert!(cells > 100 && page.contains("<td>0</td>"), "{cells} cells lead somewhere");
    // The score is a share: it links to the ratings that are good and not voided.
    let page = admin.report(whole).await;
    let good = figures(page.split("data-report").nth(1).unwrap().split("data-row").next().unwrap())["adjusted good"];
    let score = page.split("data-share=\"score\"").next().unwrap().rsplit("href=\"").next().unwrap().split('"').next().unwrap();
    assert_eq!(length(&admin, &score.replace("&#38;", "&")).await, good, "{score}");
}
