//! The pages that set things up, in a real Chromium, on the real binary over a folder set up by its commands.

use super::shop::Shop;
use crate::rig::browser;
use crate::rig::process::Process;

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
