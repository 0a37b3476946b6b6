//! `lastword desk setup` and `lastword doctor` as typed by a new admin.

use super::chatwoot_day::stub::{Inside, SECRET, Stub, TOKEN};
use crate::rig::folder::Folder;
use std::path::Path;
use std::process::Output;

async fn lastword(folder: &Path, arguments: &[&str]) -> Output {
    let mut words = vec!["--config", "lastword.toml"];
    words.extend(arguments);
    tokio::process::Command::new(env!("CARGO_BIN_EXE_lastword")).args(words).current_dir(folder).output().await.unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test]
async fn a_chatwoot_is_made_ready_by_one_command_and_the_doctor_says_what_is_wrong() {
    let (stub, folder) = (Stub::start(Inside::at(1_790_000_000_000)).await, Folder::new());
    let url = stub.url();
    stub.lock().csat = true;
    let file = folder.path().join("lastword.toml");
    let base = "[http]\npublic_url = \"https://rate.example.com/\"\n";
    std::fs::write(&file, base).unwrap();
    let setup = ["desk", "setup", "chatwoot", "--url", url.as_str(), "--token", TOKEN];

    let dry = lastword(folder.path(), &[setup.as_slice(), &["--dry-run"]].concat()).await;
    assert!(dry.status.success() && said(&dry).contains("would: A webhook is made"), "{}", said(&dry));
    assert_eq!(stub.changes(), 0, "a dry run changes nothing");

    let done = lastword(folder.path(), &setup).await;
    let told = said(&done);
    assert!(done.status.success() && told.contains(&format!("secret = \"{SECRET}\"")), "{told}");
    assert!(told.contains("own CSAT is on in the inbox \"Site\"") && told.contains("--native-off"), "{told}");
    assert_eq!(stub.lock().hooks[0]["url"], "https://rate.example.com/hooks/chatwoot");

    // The printed settings work once the line is filled in.
    let printed = told.split_once("in lastword.toml:\n").unwrap().1.replace("line = \"…\"", "line = \"support\"");
    std::fs::write(&file, format!("{base}{printed}")).unwrap();
    let again = lastword(folder.path(), &["desk", "setup", "chatwoot", "--native-off"]).await;
    assert!(said(&again).contains("there already") && said(&again).contains("switched off"), "{}", said(&again));
    let (csat, hooks) = {
        let inside = stub.lock();
        (inside.csat, inside.hooks.len())
    };
    assert_eq!((csat, hooks), (false, 1));
    let well = said(&lastword(folder.path(), &["doctor"]).await);
    assert!(well.contains("connection chatwoot: chatwoot works: connected as Lastword"), "{well}");
    assert!(!well.contains("PROBLEM connection chatwoot"), "{well}");

    stub.lock().hooks.clear();
    let deaf = said(&lastword(folder.path(), &["doctor"]).await);
    assert!(
        deaf.contains("Chatwoot posts nothing to https://rate.example.com/hooks/chatwoot: use \"Set up the desk\" on its page"),
        "{deaf}"
    );
    stub.lock().administrator = false;
    let few = lastword(folder.path(), &["desk", "setup", "chatwoot"]).await;
    assert!(!few.status.success() && said(&few).contains("administrator"), "{}", said(&few));
}

#[tokio::test]
async fn a_desk_that_is_set_up_by_hand_says_so() {
    let folder = Folder::new();
    std::fs::write(folder.path().join("lastword.toml"), "").unwrap();
    let told = lastword(folder.path(), &["desk", "setup", "desk", "--set", "key=a-key-that-is-long-enough-to-be-one"]).await;
    assert!(!told.status.success() && said(&told).contains("docs/close.md"), "{}", said(&told));
}

#[tokio::test]
async fn a_rocketchat_is_made_ready_by_one_command_which_leaves_another_programs_webhook_alone() {
    use super::rocketchat_day::stub::{Inside, OURS, SECRET, Stub, TOKEN};
    let (stub, folder) = (Stub::start(Inside::at(1_790_000_000_000)).await, Folder::new());
    let url = stub.url();
    let file = folder.path().join("lastword.toml");
    let base = "[http]\npublic_url = \"https://rate.example.com/\"\n";
    std::fs::write(&file, base).unwrap();
    let (user, secret) = (format!("user={OURS}"), format!("secret={SECRET}"));
    let proofless = ["desk", "setup", "rocketchat", "--url", url.as_str(), "--token", TOKEN, "--set", user.as_str()];
    let without = lastword(folder.path(), &proofless).await;
    assert!(!without.status.success() && said(&without).contains("openssl rand -hex 32"), "{}", said(&without));
    let setup = [proofless.as_slice(), &["--set", secret.as_str()]].concat();

    stub.lock().settings.insert("Livechat_webhookUrl", serde_json::json!("https://crm.example/in"));
    let refused = lastword(folder.path(), &setup).await;
    assert!(!refused.status.success() && said(&refused).contains("replace_webhook=true"), "{}", said(&refused));
    assert_eq!(stub.changes(), 0, "another program's webhook is left alone");
    let replace = [setup.as_slice(), &["--set", "replace_webhook=true"]].concat();
    let dry = lastword(folder.path(), &[replace.as_slice(), &["--dry-run"]].concat()).await;
    assert!(dry.status.success() && said(&dry).contains("would: The webhook, which calls crm.example, calls us"), "{}", said(&dry));
    assert_eq!(stub.changes(), 0, "a dry run changes nothing");
    let done = lastword(folder.path(), &replace).await;
    let told = said(&done);
    assert!(done.status.success() && told.contains(&format!("user = \"{OURS}\"")), "{told}");
    assert_eq!(stub.lock().settings["Livechat_webhookUrl"], "https://rate.example.com/hooks/rocketchat");

    assert!(told.contains("ask_through = { \"*\" = \"…\" }") && told.contains("carries no questions"), "{told}");
    // The printed settings work once the line is filled in.
    let printed = told.split_once("in lastword.toml:\n").unwrap().1.replace("line = \"…\"", "line = \"support\"");
    std::fs::write(&file, format!("{base}{printed}")).unwrap();
    let again = lastword(folder.path(), &["desk", "setup", "rocketchat"]).await;
    assert!(again.status.success() && said(&again).contains("there already"), "{}", said(&again));
    let well = said(&lastword(folder.path(), &["doctor"]).await);
    assert!(well.contains("connection rocketchat: rocketchat works: connected as lastword at 127.0.0.1"), "{well}");
    assert!(!well.contains("PROBLEM connection rocketchat"), "{well}");
    stub.lock().settings.insert("Livechat_webhook_on_close", serde_json::json!(false));
    let deaf = said(&lastword(folder.path(), &["doctor"]).await);
    assert!(deaf.contains("does not tell of closed chats"), "{deaf}");
}

#[tokio::test]
async fn a_zammad_is_made_ready_with_an_administrators_token_that_is_needed_for_nothing_else() {
    use super::zammad_day::stub::{Inside, SECRET, Stub, TOKEN};
    let (stub, folder) = (Stub::start(Inside::at(1_790_000_000_000)).await, Folder::new());
    let url = stub.url();
    let file = folder.path().join("lastword.toml");
    let base = "[http]\npublic_url = \"https://rate.example.com/\"\n";
    std::fs::write(&file, base).unwrap();
    let proofless = ["desk", "setup", "zammad", "--url", url.as_str(), "--token", TOKEN];
    let without = lastword(folder.path(), &proofless).await;
    assert!(!without.status.success() && said(&without).contains("openssl rand -hex 32"), "{}", said(&without));
    let secret = format!("secret={SECRET}");
    let setup = [proofless.as_slice(), &["--set", secret.as_str()]].concat();

    stub.lock().administrator = false;
    let few = lastword(folder.path(), &setup).await;
    assert!(!few.status.success() && said(&few).contains("admin.webhook") && said(&few).contains("setup_token"), "{}", said(&few));
    stub.lock().administrator = true;
    let dry = lastword(folder.path(), &[setup.as_slice(), &["--dry-run"]].concat()).await;
    assert!(dry.status.success() && said(&dry).contains("would: A webhook is made"), "{}", said(&dry));
    assert_eq!(stub.changes(), 0, "a dry run changes nothing");
    let done = lastword(folder.path(), &setup).await;
    let told = said(&done);
    assert!(done.status.success() && told.contains(&format!("secret = \"{SECRET}\"")), "{told}");
    let (hook, triggers) = {
        let inside = stub.lock();
        (inside.webhooks[0]["endpoint"].clone(), inside.triggers.len())
    };
    assert_eq!((hook.as_str(), triggers), (Some("https://rate.example.com/hooks/zammad"), 2));

    assert!(told.contains("ask_through = { \"*\" = \"…\" }") && told.contains("carries no questions"), "{told}");
    // The printed settings work once the line is filled in.
    let printed = told.split_once("in lastword.toml:\n").unwrap().1.replace("line = \"…\"", "line = \"support\"");
    std::fs::write(&file, format!("{base}{printed}")).unwrap();
    let again = lastword(folder.path(), &["desk", "setup", "zammad"]).await;
    assert!(again.status.success() && said(&again).contains("there already"), "{}", said(&again));
    let there = {
        let inside = stub.lock();
        (inside.webhooks.len(), inside.triggers.len())
    };
    assert_eq!(there, (1, 2), "set up twice, it is there once");
    let well = said(&lastword(folder.path(), &["doctor"]).await);
    assert!(well.contains("connection zammad: zammad works: connected as lastword@example.com"), "{well}");
    assert!(!well.contains("PROBLEM connection zammad"), "{well}");
    stub.lock().triggers.clear();
    let deaf = said(&lastword(folder.path(), &["doctor"]).await);
    assert!(deaf.contains("Triggers are missing or switched off") && deaf.contains("run lastword desk setup zammad"), "{deaf}");
}
