//! The setup pages in a real Chromium, on the real binary over a folder set up by its commands.

use super::shop::Shop;
use crate::rig::browser;
use crate::rig::process::Process;
use calamine::{Data, Reader as _, Xlsx};
use std::collections::HashMap;
use std::net::TcpListener;

const PASSWORD: &str = "quiet lamp under rivers";

#[tokio::test]
async fn a_line_is_set_up_and_its_preview_follows_what_is_typed() {
    let crm = "[connections.crm]\nkind = \"webhook\"\nurl = \"https://crm.example/\"\nsecret = \"a secret of 24 bytes or more\"\n";
    let shop = Shop::new(&format!("[http]\nlisten = \"127.0.0.1:0\"\n{crm}"));
    let add = ["user", "add", "--login", "anna", "--name", "Anna", "--role", "admin", "--password-file", "-"];
    shop.run_with(&add, &format!("{PASSWORD}\n")).await.done();
    shop.run(&["recipient", "add", "--id", "berg", "--name", "Anna Berg", "--connection", "crm", "--chat", "berg"]).await.done();
    shop.run(&["line", "add", "--id", "support", "--name", "Support"]).await.done();
    let server = Process::spawn(shop.command(&["serve"]));
    let base = format!("http://{}", server.listening().await);
    let shots = std::env::var("SHOTS").unwrap_or_default();
    let output = browser::run("lines.mjs", &[("BASE", &base), ("PASSWORD", PASSWORD), ("SHOTS", &shots)]).await;
    assert!(output.contains("the line is set up"), "{output}");
    let saved = shop.run(&["line", "list", "--json"]).await.json();
    assert_eq!((&saved[0]["settings"]["delay_secs"], &saved[0]["settings"]["scale"]), (&180.into(), &"five_star".into()));
    assert_eq!(saved[0]["settings"]["alerts"]["recipients"], serde_json::json!(["berg"]));
    let (status, log) = server.stop().await;
    assert!(status.success(), "{log}");
}

/// An unused address for a server that must be known before it runs.
fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// The link on the console, a line and its preview, a chat and its close, the rating that arrives live and is opened from
/// its figure, reply, appeal, void, and the list downloaded as files that open.
#[tokio::test]
async fn the_whole_path_from_the_link_to_the_files() {
    let (listen, site, hook) = (free_address(), free_address().replace("127.0.0.1", "localhost"), free_address());
    let (base, site, hook) = (format!("http://{listen}"), format!("http://{site}"), format!("http://{hook}"));
    let shop = Shop::new(&format!(
        "[http]\nlisten = \"{listen}\"\npublic_url = \"{base}\"\n\
         [connections.site]\nkind = \"webchat\"\nline = \"support\"\norigins = [\"{site}\"]\n\
         [connections.pager]\nkind = \"webhook\"\nurl = \"{hook}/\"\nsecret = \"a secret of 24 bytes or more\"\n\
         allow_http = true\nallow_private_networks = true\n"
    ));
    let server = Process::spawn(shop.command(&["serve"]));
    server.listening().await;
    let said = server.says("/first/").await;
    let first = said.split_whitespace().find(|word| word.contains("/first/")).unwrap().to_owned();
    let shots = std::env::var("SHOTS").unwrap_or_default();
    let files = shop.dir().display().to_string();
    let environment = [("BASE", &*base), ("FIRST", &first), ("SITE", &site), ("HOOK", &hook), ("FILES", &files), ("SHOTS", &shots)];
    let output = browser::run("whole_path.mjs", &environment).await;
    assert!(output.contains("the whole path was walked"), "{output}");

    let mut csv = csv::Reader::from_path(shop.dir().join("ratings.csv")).unwrap();
    let heads: Vec<String> = csv.headers().unwrap().iter().map(|head| head.trim_start_matches('\u{feff}').to_owned()).collect();
    let lines: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    let of_csv: HashMap<&str, &str> = heads.iter().map(String::as_str).zip(lines[0].iter()).collect();
    let mut book: Xlsx<_> = calamine::open_workbook(shop.dir().join("ratings.xlsx")).unwrap();
    let sheet = book.worksheet_range("Ratings").unwrap();
    assert_eq!(sheet.height(), 2);
    let of_xlsx: HashMap<String, Data> = heads.iter().cloned().zip(sheet.rows().nth(1).unwrap().iter().cloned()).collect();
    for (head, value) in [("Outcome", "answered"), ("Grade", "bad"), ("Line", "support"), ("Operator name", "Olga")] {
        assert_eq!((of_csv[head], of_xlsx[head].to_string().as_str()), (value, value), "{head}");
    }
    assert_eq!((of_csv["Score"], of_xlsx["Score"].clone()), ("2", Data::Float(2.0)));
    assert_eq!(of_csv["Comment"], "Nobody could tell me where my parcel is.");
    let voided = "Voided at (UTC)";
    assert!(of_csv[voided].len() == 19 && matches!(of_xlsx[voided], Data::DateTime(_)), "{of_csv:?} {of_xlsx:?}");
    let (status, log) = server.stop().await;
    assert!(status.success(), "{log}");
}

/// A desk of another origin frames the panel: its page sends the chat, its operator signs in, looks, replies and signs out;
/// other sites may not frame it.
#[tokio::test]
async fn the_panel_stands_beside_a_chat_of_another_origin() {
    let (listen, desk, stranger) = (free_address(), free_address(), free_address());
    let base = format!("http://{listen}");
    // A different site than ours, from the browser's point of view.
    let [desk, stranger] = [desk, stranger].map(|address| format!("http://{}", address.replace("127.0.0.1", "localhost")));
    let shop = Shop::new(&format!(
        "[http]\nlisten = \"{listen}\"\npublic_url = \"{base}\"\n\
         [connections.chatwoot]\nkind = \"chatwoot\"\nurl = \"{desk}\"\ntoken = \"t\"\nsecret = \"s\"\nline = \"support\"\nreconcile_minutes = 0\n"
    ));
    let add = ["user", "add", "--login", "anna", "--name", "Anna", "--role", "admin", "--password-file", "-"];
    shop.run_with(&add, &format!("{PASSWORD}\n")).await.done();
    shop.run(&["line", "add", "--id", "support", "--name", "Support"]).await.done();
    let past = "session,line,closed_at,rated_at,scale,score,comment,operator,operator_name,client,channel,asked\n\
        16,support,2026-11-20T09:00:00Z,2026-11-20T09:05:00Z,binary,1,Quick and kind,ann,Ann,c9,webchat,yes\n\
        17,support,2026-11-21T09:00:00Z,2026-11-21T09:05:00Z,binary,0,Nobody could tell me where my parcel is.,ann,Ann,c9,webchat,yes\n\
        18,support,2026-11-21T10:00:00Z,,binary,,,ann,Ann,c10,webchat,yes\n";
    std::fs::write(shop.dir().join("past.csv"), past).unwrap();
    shop.run(&["import", "past.csv", "--format", "csv", "--source", "chatwoot", "--yes"]).await.done();
    let server = Process::spawn(shop.command(&["serve"]));
    server.listening().await;
    let shots = std::env::var("SHOTS").unwrap_or_default();
    let environment = [("BASE", &*base), ("DESK", &desk), ("STRANGER", &stranger), ("PASSWORD", PASSWORD), ("SHOTS", &shots)];
    let output = browser::run("panel.mjs", &environment).await;
    assert!(output.contains("the panel is as it should be"), "{output}");
    let (status, log) = server.stop().await;
    assert!(status.success(), "{log}");
}
