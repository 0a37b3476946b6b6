//! `lastword xray`: a Chatwoot through its API, and exports of desks, through the real binary. Its figures are counted
//! again here independently; nothing is changed anywhere, and no foreign file is overwritten.

mod files;
mod page;

use super::shop::Shop;
use crate::desks::chatwoot_day::stub::{Inside, Stub, TOKEN};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600 * SECOND;
const DAY: i64 = 24 * HOUR;
const CHATS: u64 = 160;
const CLIENTS: u64 = 60;

/// A chat as played: the facts known from the desk's data.
#[derive(Clone, Debug)]
struct Played {
    closed_at: i64,
    client: u64,
    whatsapp: bool,
    late: bool,
    asked_at: Option<i64>,
    rating: Option<(u8, Option<&'static str>, i64)>,
}

/// Half a year at a Chatwoot, of which the last ninety days are analysed.
fn played(stub: &mut Inside, now: i64) -> Vec<Played> {
    stub.clients = CLIENTS;
    let mut chats = Vec::new();
    for n in 1..=CHATS {
        let step = 180 * DAY / i64::try_from(CHATS).unwrap();
        stub.now = now - 180 * DAY + step * i64::try_from(n - 1).unwrap();
        let whatsapp = n % 4 == 0;
        let late = n % 8 == 0;
        let id = stub.open(if whatsapp { "Channel::Whatsapp" } else { "Channel::WebWidget" });
        assert_eq!(id, n);
        stub.now += if late { 30 * HOUR } else { HOUR };
        stub.close(id, "operator");
        let closed_at = stub.now / SECOND * SECOND;
        stub.run_jobs();
        stub.now += 2 * SECOND;
        let asked = n % 5 != 1 && !(late && n % 16 == 0);
        let asked_at = asked.then_some(stub.now / SECOND * SECOND);
        if asked {
            stub.survey(id);
        }
        stub.now += HOUR;
        let agent = [Some((1, "Ann")), Some((2, "Ben")), Some((1, "Ann")), None][usize::try_from(n % 4).unwrap()];
        let score = if n % 7 == 0 {
            1
        } else if n % 7 == 3 {
            3
        } else {
            5
        };
        let rated = asked && n % 3 != 0;
        if rated {
            stub.rate(id, score, agent);
        }
        let rating = rated.then_some((score, agent.map(|(_, name)| name), stub.now / SECOND * SECOND));
        chats.push(Played { closed_at, client: 700 + n % CLIENTS, whatsapp, late, asked_at, rating });
    }
    chats
}

/// Wilson's interval, implemented independently.
fn wilson(part: usize, of: usize) -> (f64, f64) {
    let (z, n, p) = (1.959_963_984_540_054_f64, of as f64, part as f64 / of as f64);
    let (middle, half) = (p + z * z / (2.0 * n), z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt());
    let scale = 1.0 + z * z / n;
    (100.0 * (middle - half) / scale, 100.0 * (middle + half) / scale)
}

fn same(figure: &Value, part: usize, of: usize) {
    assert_eq!((&figure["part"], &figure["of"]), (&part.into(), &of.into()), "{figure}");
    let near = |name: &str, value: f64| assert!((figure[name].as_f64().unwrap() - value).abs() < 1e-6, "{name} of {figure} is {value}");
    near("percent", part as f64 * 100.0 / of as f64);
    if figure.get("low").is_some() {
        let (low, high) = wilson(part, of);
        near("low", low);
        near("high", high);
    }
}

/// A folder that contains only an unreadable settings file: an X-ray needs none.
fn elsewhere() -> Shop {
    Shop::new("this is no settings file [")
}

async fn busy_chatwoot() -> (Stub, Vec<Played>, i64) {
    let now = i64::try_from(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis()).unwrap();
    let stub = Stub::start(Inside::at(now)).await;
    let chats = played(&mut stub.lock(), now);
    stub.lock().now = now;
    (stub, chats, now)
}

#[tokio::test]
async fn a_chatwoot_is_read_and_every_figure_is_that_of_a_count_by_hand() {
    let (stub, chats, now) = busy_chatwoot().await;
    stub.lock().throttled = 2;
    let shop = elsewhere();
    std::fs::write(shop.dir().join("token"), format!("{TOKEN}\n")).unwrap();
    let url = stub.url();
    let said = shop.run(&["xray", "chatwoot", "--url", &url, "--token-file", "token", "--json", "-"]).await;
    assert!(said.err.contains("closed chats") && !said.err.contains(TOKEN) && !said.out.contains(TOKEN), "{}", said.err);
    let xray = said.json();
    assert_eq!(stub.changes(), 0, "it only reads");
    let files: BTreeSet<String> =
        std::fs::read_dir(shop.dir()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(files, ["lastword-xray.html", "lastword.toml", "token"].map(str::to_owned).into(), "no database, no key");

    let since = now - 90 * DAY;
    let closed: Vec<&Played> = chats.iter().filter(|chat| chat.closed_at >= since).collect();
    let ratings: Vec<&Played> = chats.iter().filter(|chat| chat.rating.is_some_and(|(.., at)| at >= since)).collect();
    let good = |chat: &&&Played| chat.rating.is_some_and(|(score, ..)| score >= 4);
    assert!(closed.len() > 60 && closed.len() < 100 && ratings.len() > 30, "{} {}", closed.len(), ratings.len());
    assert_eq!((&xray["closed"], &xray["ratings"]), (&closed.len().into(), &ratings.len().into()));
    // The desk's own report: ratings divided by surveys sent.
    let sent = chats.iter().filter(|chat| chat.asked_at.is_some_and(|at| at >= since)).count();
    assert_eq!(xray["reported"]["basis"], "told");
    same(&xray["reported"]["score"], ratings.iter().filter(good).count(), ratings.len());
    same(&xray["reported"]["response"], ratings.len(), sent);
    // The same with correct denominators.
    same(&xray["score"]["all"], ratings.iter().filter(good).count(), ratings.len());
    let mut last: BTreeMap<u64, &Played> = BTreeMap::new();
    for chat in &ratings {
        let known = last.entry(chat.client).or_insert(chat);
        if known.rating.unwrap().2 <= chat.rating.unwrap().2 {
            *known = chat;
        }
    }
    same(&xray["score"]["each_client_once"], last.values().filter(|chat| good(chat)).count(), last.len());
    let asked: Vec<&&Played> = closed.iter().filter(|chat| chat.asked_at.is_some_and(|at| at >= since && at <= now - DAY)).collect();
    let answered = asked.iter().filter(|chat| chat.rating.is_some()).count();
    same(&xray["response"]["of_asked"], answered, asked.len());
    same(&xray["response"]["of_closed"], closed.iter().filter(|chat| chat.rating.is_some()).count(), closed.len());
    let content = asked.iter().filter(|chat| chat.rating.is_some_and(|(score, ..)| score >= 4)).count();
    let silent = &xray["score"]["with_the_silent"];
    assert_eq!((&silent["silent"], &silent["of"]), (&(asked.len() - answered).into(), &asked.len().into()));
    let share = |part: usize| part as f64 * 100.0 / asked.len() as f64;
    assert!((silent["low"].as_f64().unwrap() - share(content)).abs() < 1e-6);
    assert!((silent["high"].as_f64().unwrap() - share(content + asked.len() - answered)).abs() < 1e-6);
    // Credited operators: Ann wrote everywhere, and Ben nowhere.
    let by = |name: Option<&str>| ratings.iter().filter(|chat| chat.rating.unwrap().1 == name).count();
    same(&xray["credit"]["without_operator"], by(None), ratings.len());
    same(&xray["credit"]["credited_elsewhere"], by(Some("Ben")), by(Some("Ben")) + by(Some("Ann")));
    assert_eq!(xray["operators"]["people"], 2);
    // Closed too late to ask, but asked nevertheless.
    let phone: Vec<&&Played> = closed.iter().filter(|chat| chat.whatsapp).collect();
    let late: Vec<&&&Played> = phone.iter().filter(|chat| chat.late).collect();
    same(&xray["window"]["never_in_time"], late.len(), phone.len());
    let channel = &xray["window"]["channels"][0];
    assert_eq!((&channel["channel"], &channel["hours"], &channel["unknown"]), (&"whatsapp".into(), &24.into(), &0.into()));
    assert_eq!(channel["asked_anyway"], late.iter().filter(|chat| chat.asked_at.is_some()).count());
    same(&xray["clients"]["repeats"], ratings.len() - last.len(), ratings.len());
    for figure in [&xray["score"]["all"], &xray["response"]["of_asked"], &xray["window"]["never_in_time"]] {
        let rule = &xray["rules"][figure["rule"].as_str().unwrap()];
        assert!(rule.as_str().is_some_and(|words| words.ends_with('.')), "{figure} names its rule");
    }
}

#[tokio::test]
async fn what_is_wrong_with_address_or_token_is_one_line_with_the_remedy() {
    let (stub, ..) = busy_chatwoot().await;
    let (shop, url) = (elsewhere(), stub.url());
    let look = async |url: &str, token: &str| shop.run(&["xray", "chatwoot", "--url", url, "--token", token]).await;
    let said = look(&url, "another").await.refused(1);
    assert!(said.starts_with("Chatwoot does not know this token; copy the access token of an administrator"), "{said}");
    stub.lock().administrator = false;
    let said = look(&url, TOKEN).await.refused(1);
    assert!(said.starts_with("this token is not an administrator's, and an agent sees a part of the chats alone"), "{said}");
    stub.lock().administrator = true;
    let said = shop.run(&["xray", "chatwoot", "--url", &url, "--token", TOKEN, "--account", "7"]).await.refused(2);
    assert_eq!(said, "--account: this user is not in the account 7, but in: 1 (Acme)");
    let said = look(&format!("{url}/app/accounts/1"), TOKEN).await.refused(1);
    assert!(said.starts_with("there is no Chatwoot at http") && said.contains("without a path"), "{said}");
    let said = look("chat.example.com", TOKEN).await.refused(2);
    assert_eq!(said, "--url is no address; write for instance https://chat.example.com");
    let said = shop.run(&["xray", "chatwoot", "--url", &url]).await.refused(2);
    assert!(said.contains("--token, --token-file or LASTWORD_DESK_TOKEN"), "{said}");
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let said = look(&format!("http://{nobody}"), TOKEN).await.refused(1);
    assert!(said.contains("does not answer") && said.ends_with("is the address right?"), "{said}");
    let by_environment = shop.run_in(&["xray", "chatwoot", "--url", &url, "--days", "2"], &[("LASTWORD_DESK_TOKEN", TOKEN)]).await.done();
    assert!(by_environment.contains("page: lastword-xray.html"), "{by_environment}");
}
