//! Setup from the shell by a newcomer with a Telegram bot: recipient, line, test alert, key, server.

use super::shop::{Shop, bot};
use crate::rig::postgres;
use crate::rig::process::Process;
use crate::rig::stub::{Answer, Seen, Stub};
use serde_json::{Value, json};

/// The part of Telegram that a bot of ours needs.
pub(super) fn telegram() -> Stub {
    Stub::start(|seen: &Seen| {
        let result = match seen.path.rsplit('/').next().unwrap_or_default().to_lowercase().as_str() {
            "getme" => json!({ "id": 123456, "is_bot": true, "first_name": "Rating", "username": "rating_bot" }),
            "getwebhookinfo" => json!({ "url": "", "has_custom_certificate": false, "pending_update_count": 0 }),
            "getupdates" => return Answer::Hang,
            "sendmessage" if seen.json()["chat_id"].to_string().contains("403") => {
                let body = json!({ "ok": false, "error_code": 403, "description": "Forbidden: bot was blocked by the user" });
                return Answer::json(403, &body);
            }
            "sendmessage" => {
                let body = seen.json();
                json!({ "message_id": 77, "date": 1_790_000_000, "chat": { "id": 42, "type": "private" }, "text": body["text"] })
            }
            _ => Value::Bool(true),
        };
        Answer::json(200, &json!({ "ok": true, "result": result }))
    })
}

async fn recipients(shop: &Shop) {
    let add = |id: &'static str, chat: &'static str| ["recipient", "add", "--id", id, "--name", id, "--connection", "bot", "--chat", chat];
    assert_eq!(shop.run(&add("anna", "42")).await.done(), "created recipient anna; test it with: lastword alert-test anna");
    assert!(shop.run(&add("anna", "43")).await.refused(1).starts_with("--id: the recipient \"anna\" already exists"));
    assert!(shop.run(&add("operator", "43")).await.refused(2).starts_with("--id: \"operator\" is reserved in a line's settings"));
    shop.run(&add("gone", "403")).await.done();
    let unknown = shop.run(&["recipient", "add", "--id", "b", "--name", "B", "--connection", "boot", "--chat", "1"]).await.refused(2);
    assert_eq!(unknown, "--connection: \"boot\" is not in the settings (there is bot); add [connections.boot] to lastword.toml");
    let nowhere = shop.run(&add("c", "@")).await.refused(2);
    assert_eq!(
        nowhere,
        "--chat: \"@\" is not a valid address there. Send the number of the chat, such as 4711, a group's number and topic, such as -1001234/12, or the @name of a channel."
    );
    let member = shop.run(&["recipient", "group", "--id", "team", "--name", "Team", "--member", "zed"]).await.refused(2);
    assert!(member.starts_with("--member: there is no recipient \"zed\""), "{member}");
    shop.run(&["recipient", "group", "--id", "team", "--name", "Team", "--member", "anna", "--member", "gone"]).await.done();
    let listed = shop.run(&["recipient", "list", "--json"]).await.json();
    assert_eq!(listed[2]["members"], json!(["anna", "gone"]));
}

async fn lines(shop: &Shop) {
    let added = shop.run(&["line", "add", "--id", "support", "--name", "Support"]).await;
    assert!(added.err.contains("warning: Nobody is alerted to low ratings on this line"), "{}", added.err);
    added.done();
    assert!(shop.run(&["line", "add", "--id", "support", "--name", "S"]).await.refused(1).contains("the line \"support\" already exists"));
    let set =
        shop.run(&["line", "set", "support", "scale=five_star", "delay_secs=0", "alerts.recipients=[\"anna\"]", "name=Our support"]).await;
    assert_eq!(set.err, "");
    set.done();
    for (change, said) in [
        ("dela=5", "dela: unknown field `dela`"),
        ("delay_secs=abc", "delay_secs: invalid type: string \"abc\", expected u32"),
        ("sampling_percent=101", "sampling_percent: 101 is more than all of them; write 0 to 100"),
        ("nonsense", "\"nonsense\" is not a setting; write key=value, for example scale=five_star"),
    ] {
        let refused = shop.run(&["line", "set", "support", change]).await.refused(2);
        assert!(refused.starts_with(said), "{refused}");
    }
    let nobody = shop.run(&["line", "set", "sales", "enabled=false"]).await.refused(1);
    assert_eq!(nobody, "there is no line \"sales\"; see: lastword line list");
    let listed = shop.run(&["line", "list", "--json"]).await.json();
    assert_eq!(
        (&listed[0]["name"], &listed[0]["version"], &listed[0]["settings"]["scale"]),
        (&json!("Our support"), &json!(2), &json!("five_star"))
    );
}

/// Settings of Bitrix24 are imported from a file, and exported again.
async fn from_bitrix(shop: &Shop) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), r#"{"result": {"VOTE_MESSAGE": "Y", "VOTE_TIME_LIMIT": "172800", "CLOSE_RULE": "quality"}}"#).unwrap();
    let path = file.path().to_str().unwrap();
    let looked = shop.run(&["line", "from-bitrix24", "support", path, "--dry-run"]).await.done();
    assert!(looked.contains("VOTE_TIME_LIMIT") && looked.contains("expires_after_hours") && !looked.contains("changed line"), "{looked}");
    assert!(shop.run(&["line", "from-bitrix24", "support", path]).await.done().ends_with("changed line support"));
    let fields = shop.run(&["line", "to-bitrix24", "support"]).await;
    assert!(fields.err.contains("scale: clipped"), "{}", fields.err);
    assert_eq!(fields.json()["VOTE_TIME_LIMIT"], "172800");
    std::fs::write(file.path(), "{}").unwrap();
    let refused = shop.run(&["line", "from-bitrix24", "support", path]).await.refused(2);
    assert!(refused.starts_with("these are not the settings of a Bitrix24 line"), "{refused}");
}

async fn test_alerts(shop: &Shop, telegram: &Stub) {
    let sent = shop.run(&["alert-test", "anna", "--line", "support"]).await.done();
    assert_eq!(sent, "anna: sent through bot: the platform accepted it as message 77");
    let message = telegram.wait_for(|seen| seen.path.to_lowercase().ends_with("sendmessage")).await.json();
    let text = message["text"].as_str().unwrap();
    assert!(text.starts_with("Test alert.") && text.contains("Our support"), "{text}");
    let team = shop.run(&["alert-test", "team"]).await;
    assert!(team.out.contains("gone: failed") && team.out.contains("bot was blocked"), "{}", team.out);
    team.refused(1);
    let zed = shop.run(&["alert-test", "zed"]).await.refused(1);
    assert_eq!(zed, "there is no recipient \"zed\" (there is anna, gone, team); add one with: lastword recipient add");
}

/// The refused test from the shell: shown, sent again, canceled, dismissed.
async fn deliveries(shop: &Shop) {
    let listed = shop.run(&["delivery", "list", "--kind", "alert", "--connection", "bot", "--json"]).await.json();
    let id = listed[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        (listed.as_array().unwrap().len(), &listed[0]["state"], &listed[0]["reason"]),
        (1, &json!("failed"), &json!("recipient_gone"))
    );
    assert!(listed[0]["created_at"].as_str().unwrap().ends_with('Z'), "{listed}");
    assert!(shop.run(&["delivery", "list"]).await.done().contains("recipient_gone: "));
    assert_eq!(shop.run(&["delivery", "list", "--line", "support", "--json"]).await.json(), json!([]), "a test is about no line");
    let shown = shop.run(&["delivery", "show", &id]).await.done();
    assert!(shown.contains("bot was blocked by the user") && shown.contains("state           failed"), "{shown}");
    let act = |act: &'static str| {
        let id = id.clone();
        async move { shop.run(&["delivery", act, &id]).await }
    };
    let said = act("cancel").await.refused(1);
    assert_eq!(said, "the delivery is failed (recipient_gone): only deliveries that have not been sent yet can be canceled");
    assert!(act("resend").await.done().contains("will be resent"));
    assert!(act("cancel").await.done().ends_with("is canceled"));
    let again = shop.run(&["delivery", "show", &id, "--json"]).await.json();
    assert_eq!((&again["delivery"]["state"], &again["delivery"]["resends"]), (&json!("unknown"), &json!(1)), "it was tried before");
    assert!(act("dismiss").await.done().ends_with("is dismissed"));
    assert!(act("dismiss").await.refused(1).contains("not dismissed yet"));
    assert_eq!(shop.run(&["delivery", "list", "--json"]).await.json(), json!([]));
    let wrong = shop.run(&["delivery", "list", "--state", "lost"]).await.refused(2);
    assert!(wrong.starts_with("--state: there is no state \"lost\"; write stuck, scheduled"), "{wrong}");
    let wrong = shop.run(&["delivery", "list", "--from", "yesterday"]).await.refused(2);
    assert!(wrong.starts_with("--from: \"yesterday\" is not a time"), "{wrong}");
    assert_eq!(shop.run(&["delivery", "show", "none"]).await.refused(1), "there is no delivery \"none\"; see: lastword delivery list");
}

/// Unused things can be deleted; used ones are refused with the reason. A line that never asks is no trouble.
async fn deleted(shop: &Shop) {
    shop.run(&["line", "add", "--id", "mistake", "--name", "Mistake", "--recipient", "gone"]).await.done();
    shop.run(&["line", "set", "mistake", "enabled=false"]).await.done();
    let doctor = shop.run(&["doctor"]).await.done();
    assert!(doctor.contains("ok      line mistake: asks no clients, so it needs no recipients"), "{doctor}");
    let said = shop.run(&["recipient", "delete", "gone"]).await.refused(1);
    assert_eq!(said, "the recipient gone cannot be deleted because of the line mistake; the group team: remove it there first");
    assert_eq!(shop.run(&["line", "delete", "mistake"]).await.done(), "deleted line mistake");
    shop.run(&["recipient", "group", "--id", "team", "--name", "Team", "--member", "anna", "--replace"]).await.done();
    assert_eq!(shop.run(&["recipient", "delete", "gone"]).await.done(), "deleted recipient gone");
    assert!(shop.run(&["recipient", "delete", "gone"]).await.refused(1).starts_with("there is no recipient \"gone\""));
    // A line with the same ID continues its version numbers, so that no node mistakes it for the old one.
    shop.run(&["line", "add", "--id", "mistake", "--name", "Again"]).await.done();
    let listed = shop.run(&["line", "list", "--json"]).await.json();
    assert_eq!((&listed[0]["id"], &listed[0]["version"]), (&json!("mistake"), &json!(3)));
    shop.run(&["line", "delete", "mistake"]).await.done();
}

async fn whole_set_up(shop: &Shop, telegram: &Stub) {
    recipients(shop).await;
    lines(shop).await;
    from_bitrix(shop).await;
    test_alerts(shop, telegram).await;
    let doctor = shop.run(&["doctor"]).await;
    for line in [
        "ok      connection bot: telegram works: connected as ",
        "ok      tables: up to date",
        "ok      line support: low ratings reach someone",
    ] {
        assert!(doctor.out.contains(line), "{line} is not in\n{}", doctor.out);
    }
    // A refused test is no finding.
    for line in ["ok      deliveries: none is stuck", "ok      alerts: every low rating", "ok      reports: days are counted"] {
        assert!(doctor.out.contains(line) && !doctor.out.contains("PROBLEM"), "{line} is not in\n{}", doctor.out);
    }
    doctor.done();
    deliveries(shop).await;
    deleted(shop).await;

    let key = shop.run(&["key", "create", "--name", "desk", "--scope", "sessions:write"]).await.done();
    let server = Process::spawn(shop.command(&["serve"]));
    let address = server.listening().await;
    let ready = shop.run(&["healthcheck", "--url", &format!("http://{address}/readyz")]).await.done();
    assert_eq!(ready, "ready");
    let body = json!({ "event_key": "close 1", "session": "chat-1", "line": "support", "closed_at": "2026-01-01T00:00:00Z", "connection": "bot",
        "address": { "chat": "42" } });
    let closed =
        reqwest::Client::new().post(format!("http://{address}/v1/sessions/close")).bearer_auth(&key).json(&body).send().await.unwrap();
    assert!(closed.status().is_success(), "{}", closed.text().await.unwrap());
    let story = shop.run(&["explain", "chat-1"]).await.done();
    assert!(story.starts_with("Session chat-1 of api, line support: closed") && story.contains("CET  Closed by operator"), "{story}");
    let stories = shop.run(&["explain", "chat-1", "--source", "api", "--json"]).await.json();
    assert_eq!(stories[0]["session"], "chat-1");
    let first = &stories[0]["history"][0];
    assert!(first["text"].is_string() && first["at"].as_str().is_some_and(|at| at.ends_with('Z')), "{stories}");
    let elsewhere = shop.run(&["explain", "chat-1", "--source", "desk"]).await.refused(1);
    assert_eq!(elsewhere, "there is a session \"chat-1\", but not from this source; leave out --source to see it");
    let unknown = shop.run(&["explain", "chat-2"]).await.refused(1);
    assert_eq!(unknown, "there is no session \"chat-2\"; use the desk's own id of the chat");
    dry_run(shop).await;
    export(shop).await;
    server.stop().await;
    opt_out(shop).await;
    recount(shop).await;
}

/// The list of closes as a file, with the filters of the page.
async fn export(shop: &Shop) {
    let said = shop.run(&["export", "ratings", "--outcome", "all", "--format", "jsonl"]).await;
    assert_eq!(said.err.trim(), "1 row");
    let row = said.json();
    assert_eq!(
        (&row["session"], &row["outcome"], &row["closed_at"]),
        (&json!("chat-1"), &json!("not_asked"), &json!("2026-01-01T00:00:00.000Z"))
    );
    let reason = row["reason"].as_str().unwrap();
    let csv = ["export", "ratings", "--reason", reason, "--line", "support", "--output", "list.csv"];
    shop.run(&csv).await.done();
    let written = std::fs::read_to_string(shop.dir().join("list.csv")).unwrap();
    assert!(written.starts_with('\u{feff}') && written.contains(&format!("2026-01-01 01:00:00,not_asked,{reason}")), "{written}");
    assert!(shop.run(&csv).await.refused(2).starts_with("--output: cannot create list.csv: "), "no file is written over");
    shop.run(&["export", "ratings", "--format", "xlsx", "--output", "list.xlsx"]).await.done();
    assert!(std::fs::read(shop.dir().join("list.xlsx")).unwrap().starts_with(b"PK"));
    let refused =
        |arguments: &'static [&'static str]| async move { shop.run(&[&["export", "ratings"], arguments].concat()).await.refused(2) };
    assert_eq!(refused(&["--from", "2026-02-30"]).await, "--from: Enter a date such as 2026-09-30.");
    assert_eq!(refused(&["--line", "none"]).await, "--line: there is no line \"none\"; see: lastword line list");
}

/// A client who opted out by phone before ever writing.
async fn opt_out(shop: &Shop) {
    let half = shop.run(&["client", "opt-out", "c-9"]).await.refused(1);
    assert!(half.starts_with("there is no client \"c-9\""), "{half}");
    let stranger = "; nothing else is stored about this ID: is it spelt as lastword client find lists it?";
    assert_eq!(shop.run(&["client", "opt-out", "desk/c-9"]).await.done(), format!("desk/c-9 will not be asked any more{stranger}"));
    let again = format!("desk/c-9 will not be asked any more (already opted out){stranger}");
    assert_eq!(shop.run(&["client", "opt-out", "desk/c-9"]).await.done(), again);
    let found = shop.run(&["client", "find", "desk/c-9"]).await.done();
    assert!(found.contains("ASKED") && found.contains("not since ") && found.contains("desk/c-9"), "{found}");
    assert_eq!(shop.run(&["client", "opt-in", "desk/c-9"]).await.done(), "desk/c-9 may be asked again");
}

/// The counters are right, and recounted for another time zone.
async fn recount(shop: &Shop) {
    let right = shop.run(&["recount"]).await.done();
    let words =
        "days counted in time zone Europe/Berlin: all numbers were correct\ncomments of 0 ratings checked: the search index was complete";
    assert!(right.ends_with(words), "{right}");
    let tokyo = [("LASTWORD__ORGANISATION__TIME_ZONE", "Asia/Tokyo")];
    let doubt = shop.run_in(&["doctor"], &tokyo).await;
    assert!(doubt.out.contains("PROBLEM reports: the days of reports were counted by the clock of Europe/Berlin"), "{}", doubt.out);
    let mended = shop.run_in(&["recount"], &tokyo).await.done();
    assert!(
        mended.contains("line \"support\", channel \"telegram\", five_star, handled by nobody: closes on weekday 4 at 9:00: 1 missing"),
        "{mended}"
    );
    assert!(mended.contains("numbers were wrong and have been corrected"), "{mended}");
    let well = shop.run_in(&["doctor"], &tokyo).await;
    assert!(well.out.contains("ok      reports: days are counted in time zone Asia/Tokyo"), "{}", well.out);
}

/// Dry run over the one chat, with the line's own settings and with others.
async fn dry_run(shop: &Shop) {
    let plan = ["plan", "--line", "support", "--from", "2026-01-01", "--until", "2026-02-01"];
    let said = shop.run(&plan).await.done();
    assert!(said.starts_with("CLOSED ") && said.contains("2026-01-01 01:00:00 CET  chat-1   not asked: no operator"), "{said}");
    assert!(said.contains("1 closed chats: 0 would be asked about, 1 not\n       1  not asked: no operator"), "{said}");
    let the_day = ["plan", "--line", "support", "--from", "2026-01-01", "--until", "2026-01-01"];
    assert_eq!(shop.run(&the_day).await.done(), said, "the day of --until belongs to it");
    let as_json = shop.run(&[&plan[..], &["--json"]].concat()).await.json();
    assert_eq!((&as_json["summary"]["closes"], &as_json["items"][0]["reason"]), (&json!(1), &json!("no_operator")));
    std::fs::write(shop.dir().join("other.toml"), "skip.operator_silent = true\n[quiet_hours]\nfrom = \"22:00\"\nto = \"8\"\n").unwrap();
    let refused = shop.run(&[&plan[..], &["--settings", "other.toml"]].concat()).await.refused(2);
    let time_of_day = "\"8\" is not a time of day; write 00:00 to 23:59, for instance \"22:00\"";
    assert_eq!(refused, format!("--settings: quiet_hours.to in other.toml: {time_of_day}"));
    std::fs::write(shop.dir().join("other.json"), r#"{ "window": { "fall_back": "mail" } }"#).unwrap();
    let refused = shop.run(&[&plan[..], &["--settings", "other.json"]].concat()).await.refused(2);
    assert!(refused.starts_with("--settings: window.fall_back in other.json: unknown field `fall_back`"), "{refused}");
    let refused = shop.run(&["plan", "--line", "support", "--from", "last week"]).await.refused(2);
    assert_eq!(refused, "--from: \"last week\" is not a time; write a date, such as 2026-05-01, or 2026-05-01T12:00:00Z");
    let refused = shop.run(&["plan", "--line", "none", "--from", "2026-01-01"]).await.refused(1);
    assert_eq!(refused, "there is no line \"none\"; see: lastword line list");
}

fn settings(telegram: &Stub) -> String {
    let bot = bot(&telegram.url());
    format!("{bot}[organisation]\ntime_zone = \"Europe/Berlin\"\n[http]\nlisten = \"127.0.0.1:0\"\n[metrics]\nenabled = false\n")
}

#[tokio::test]
async fn a_newcomer_sets_everything_up_on_sqlite() {
    let telegram = telegram();
    whole_set_up(&Shop::new(&settings(&telegram)), &telegram).await;
}

#[tokio::test]
async fn a_newcomer_sets_everything_up_on_postgres() {
    let telegram = telegram();
    whole_set_up(&Shop::over(&settings(&telegram), &postgres::empty().await), &telegram).await;
}

#[tokio::test]
async fn a_doctor_of_a_new_database_finds_no_trouble() {
    let shop = Shop::new("");
    shop.run(&["migrate"]).await.done();
    let doctor = shop.run(&["doctor"]).await;
    assert!(doctor.out.contains("ok      reports: ") && !doctor.out.contains("PROBLEM"), "{}", doctor.out);
    doctor.done();
}

/// A server that is absent or silent is reported immediately, without the pool's timeout of ten seconds.
#[tokio::test]
async fn where_postgresql_is_not_there_the_shell_says_so_at_once() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let shop = Shop::over("", &format!("postgres://lastword@{address}/none"));
    for command in [&["doctor"][..], &["explain", "S-1"], &["line", "list"]] {
        let said = shop.run(command).await;
        let words = "cannot reach PostgreSQL: error communicating with database: no answer within 2 seconds; check host, port";
        assert!(said.out.contains(words) || said.err.contains(words), "{}{}", said.out, said.err);
        said.refused(1);
    }
    drop(silent);
    let said = shop.run(&["explain", "S-1"]).await.refused(1);
    assert!(said.contains("cannot reach PostgreSQL: ") && said.contains("and that the server runs"), "{said}");
}

#[tokio::test]
async fn a_doctor_without_a_database_says_what_to_do_and_makes_none() {
    let shop = Shop::new("");
    let doctor = shop.run(&["doctor"]).await;
    let said = "PROBLEM database: there is no file lastword.db yet → run lastword serve or lastword migrate, or check database.url";
    assert!(doctor.out.contains(said), "{}", doctor.out);
    doctor.refused(1);
    assert!(!shop.dir().join("lastword.db").exists());
}

#[tokio::test]
async fn days_off_come_from_a_calendar() {
    let shop = Shop::new("");
    shop.run(&["line", "add", "--id", "support", "--name", "Support"]).await.done();
    std::fs::write(
        shop.dir().join("off.ics"),
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20201225\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Odd\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    )
    .unwrap();
    let without = shop.run(&["line", "days-off", "support", "off.ics"]).await.refused(2);
    assert!(without.ends_with("set one with: lastword line set support deadline.hours=8"), "{without}");
    shop.run(&["line", "set", "support", "deadline.hours=8"]).await.done();
    let days = shop.run(&["line", "days-off", "support", "off.ics"]).await;
    assert!(days.out.contains("changed line support: 1 days off, the last of them 12-25"), "{}", days.out);
    assert!(days.err.contains("left out: line 6, \"Odd\": it has no DTSTART"), "{}", days.err);
    let listed = shop.run(&["line", "list", "--json"]).await.json();
    assert_eq!(listed[0]["settings"]["deadline"]["days_off"][0], "12-25");
    let bad = shop.run(&["line", "set", "support", "deadline.days_off=[\"25.12.\"]"]).await.refused(2);
    assert!(bad.starts_with("deadline.days_off: \"25.12.\" is no day off; write 2026-12-24"), "{bad}");
}
