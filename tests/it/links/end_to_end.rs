//! Links from end to end: the real binary between a desk, a mail server, a mail scanner and a person with a browser without
//! scripts. A chat is closed, the mail arrives, its link opens a page, and the page's form becomes the rating.

use super::visitor::assets;
use crate::rig::browser;
use crate::rig::folder::Folder;
use crate::rig::mail::{Mail, MailServer};
use crate::rig::process::Process;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;

const CLIENT: &str = "anna.client@example.org";
const SUPERVISOR: &str = "sven@example.com";

async fn run(folder: &Path, arguments: &[&str]) -> String {
    let mut words = vec!["--config", "lastword.toml"];
    words.extend(arguments);
    let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_lastword")).args(words).current_dir(folder).output().await.unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// An installation with a mail connection, and the desk's key.
struct Shop {
    server: Process,
    address: SocketAddr,
    key: String,
    http: reqwest::Client,
}

impl Shop {
    async fn open(folder: &Path, mail: &MailServer) -> Self {
        let settings = format!(
            "http.listen = \"127.0.0.1:0\"\nhttp.public_url = \"https://rate.example.com\"\norganisation.name = \"Example Ltd\"\n\
             [connections.mail]\nkind = \"email\"\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nfrom = \"Support <support@example.com>\"\n",
            mail.address.port()
        );
        std::fs::write(folder.join("lastword.toml"), settings).unwrap();
        run(folder, &["check"]).await;
        run(folder, &["recipient", "add", "--id", "sven", "--name", "Sven", "--connection", "mail", "--chat", SUPERVISOR]).await;
        run(folder, &["line", "add", "--id", "support", "--name", "Support", "--recipient", "sven"]).await;
        let arabic = "texts.ar={\"question\":\"كيف كانت الخدمة؟\",\"thanks_good\":\"شكراً لك!\"}";
        run(folder, &["line", "set", "support", "delay_secs=0", "scale=five_star", "once_per_client_hours=0", arabic]).await;
        let scopes = ["--scope", "sessions:write", "--scope", "ratings:read", "--scope", "admin"];
        let key = run(folder, &[&["key", "create", "--name", "desk"], &scopes[..]].concat()).await;
        let mut serve = std::process::Command::new(env!("CARGO_BIN_EXE_lastword"));
        serve.args(["serve"]).current_dir(folder);
        let server = Process::spawn(serve.into());
        let address = server.listening().await;
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { server, address, key, http }
    }

    async fn close(&self, session: &str, language: &str) -> String {
        let closed_at = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
        let close = json!({ "event_key": session, "session": session, "line": "support", "closed_at": closed_at, "language": language,
            "operator": { "id": "42", "name": "Olga" }, "connection": "mail", "address": { "chat": CLIENT } });
        let url = format!("http://{}/v1/sessions/close", self.address);
        let closed = self.http.post(url).bearer_auth(&self.key).json(&close).send().await.unwrap();
        assert_eq!(closed.status(), 202);
        closed.json::<Value>().await.unwrap()["rating_request"].as_str().unwrap().to_owned()
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        let answer = self.http.get(format!("http://{}{path}", self.address)).bearer_auth(&self.key).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or_default())
    }

    /// The address of a link on this machine.
    fn here(&self, link: &str) -> String {
        link.replace("https://rate.example.com", &format!("http://{}", self.address))
    }

    /// Does what a mail scanner does with every link.
    async fn scans(&self, mail: &Mail) {
        for link in mail.links() {
            let link = self.here(&link);
            if !link.contains("/r/") {
                let page = self.http.get(&link).send().await.unwrap();
                assert_eq!(page.status(), 401, "a page of ours is for those who sign in");
                continue;
            }
            assert_eq!(self.http.get(&link).send().await.unwrap().status(), 200);
            assert_eq!(self.http.head(&link).send().await.unwrap().status(), 200);
            assert_eq!(self.http.post(&link).form(&[("score", "5")]).send().await.unwrap().status(), 200, "the page again");
        }
    }
}

#[tokio::test]
async fn a_mail_is_answered_on_the_page_behind_its_link() {
    let (folder, mail) = (Folder::new(), MailServer::start().await);
    let shop = Shop::open(folder.path(), &mail).await;
    let request = shop.close("S-1", "en").await;
    let question = mail.wait_for(CLIENT, |mail| mail.text.contains("Please rate")).await;
    assert_eq!(question.links().len(), 5);
    shop.scans(&question).await;
    assert_eq!(shop.get(&format!("/v1/ratings/{request}")).await.0, 404, "a scanner casts no vote");

    // A person without scripts: two stars, a reason, a comment.
    let two = shop.here(&question.links()[1]);
    let shots = std::env::var("SHOTS").unwrap_or_default();
    let said = browser::run("link_page.mjs", &[("PAGE", &two), ("STORY", "low"), ("SHOTS", &shots)]).await;
    assert!(said.contains("the page takes an answer"), "{said}");
    let (_, rating) = shop.get(&format!("/v1/ratings/{request}")).await;
    let kept = &rating["rating_request"]["rating"];
    assert_eq!((&kept["score"], &kept["low"], &kept["channel"]), (&json!(2), &json!(true), &json!("email")));
    assert_eq!((&kept["comment"], &kept["reasons"][0]["text"]), (&json!("Nobody called back."), &json!("Took too long")));

    // The supervisor is notified by mail, and acknowledges on a page, too.
    // A program may have given the first score, so the alert waited a little, and contains what the person added.
    let alert = mail.wait_for(SUPERVISOR, |mail| mail.text.contains("2/5") && mail.text.contains("Nobody called back")).await;
    shop.scans(&alert).await;
    assert!(alert.links().iter().any(|link| link.ends_with(&format!("/ratings/{request}"))), "it leads to the rating");
    let link = shop.here(alert.links().iter().find(|link| link.contains("/r/")).expect("it can be acknowledged"));
    let page = shop.http.get(&link).send().await.unwrap().text().await.unwrap();
    for asset in assets(&page) {
        assert_eq!(shop.http.get(format!("http://{}{asset}", shop.address)).send().await.unwrap().status(), 200);
    }
    let nonce = page.split("name=\"nonce\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a form");
    assert_eq!(shop.http.post(&link).form(&[("nonce", nonce)]).send().await.unwrap().status(), 303);
    let (_, alerts) = shop.get("/v1/alerts").await;
    assert_eq!(alerts["items"][0]["acknowledged_by"], "Sven");

    // Another client has a right-to-left language.
    shop.close("S-2", "ar").await;
    let arabic = mail.wait_for(CLIENT, |mail| mail.text.contains("Content-Language: ar")).await;
    let five = shop.here(&arabic.links()[4]);
    let said = browser::run("link_page.mjs", &[("PAGE", &five), ("STORY", "right"), ("SHOTS", &shots)]).await;
    assert!(said.contains("the page takes an answer"), "{said}");

    let token = two.rsplit('/').next().unwrap();
    let (status, log) = shop.server.stop().await;
    assert!(status.success(), "{log}");
    for personal in [CLIENT, SUPERVISOR, token, "Nobody called back"] {
        assert!(!log.contains(personal), "I22: {personal} is in the log:\n{log}");
    }
    let to = |address: &str| mail.mails().into_iter().filter(|mail| mail.to.contains(address)).collect::<Vec<_>>();
    assert_eq!(to(CLIENT).len(), 2, "two questions; the pages have thanked");
    // A comment that arrived after the wait is reported in a separate mail, once.
    let with_comment = to(SUPERVISOR).into_iter().filter(|mail| mail.text.contains("Nobody called back")).count();
    assert!(with_comment == 1 && to(SUPERVISOR).len() <= 2, "{:#?}", to(SUPERVISOR));
}
