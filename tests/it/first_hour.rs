//! The first hour of an owner without a shell: from an empty installation to the first rating and its alert using only the
//! pages, on the real binary. On PostgreSQL with two nodes, which both apply what was entered on one of them.

use crate::on_both_databases;
use crate::rig::browser;
use crate::rig::folder::Folder;
use crate::rig::process::Process;
use crate::telegram_emulated::Emulator;

on_both_databases! {
    an_owner_without_a_shell_gets_the_first_rating => first_rating;
    a_shop_with_a_web_chat_alone_gets_the_first_rating => site_alone;
}

fn serve(url: &str, folder: &Folder) -> Process {
    serve_with(url, folder, &[])
}

fn serve_with(url: &str, folder: &Folder, more: &[(&str, &str)]) -> Process {
    let mut serve = std::process::Command::new(env!("CARGO_BIN_EXE_lastword"));
    serve.arg("serve").current_dir(folder.path()).env("LASTWORD__HTTP__LISTEN", "127.0.0.1:0").env("LASTWORD__DATABASE__URL", url);
    serve.env("LASTWORD__SECURITY__KEY", "ab".repeat(32)).envs(more.iter().copied());
    Process::spawn(serve.into())
}

async fn first_rating(url: String) {
    let (folder, telegram) = (Folder::new(), Emulator::start().await);
    let server = serve(&url, &folder);
    let base = format!("http://{}", server.listening().await);
    let said = server.says("/first/").await;
    let first = said.split_whitespace().find(|word| word.contains("/first/")).unwrap().to_owned();
    let other = if url.starts_with("postgres") { Some(serve(&url, &folder)) } else { None };
    let second = match &other {
        Some(other) => format!("http://{}", other.listening().await),
        None => String::new(),
    };
    let shots = std::env::var("SHOTS").unwrap_or_default();
    let environment = [("BASE", &*base), ("OTHER", &second), ("FIRST", &first), ("EMULATOR", &telegram.url), ("SHOTS", &shots)];
    let output = browser::run("first_hour.mjs", &environment).await;
    assert!(output.contains("the first rating and its alert came"), "{output}");
    for server in std::iter::once(server).chain(other) {
        let (status, log) = server.stop().await;
        assert!(status.success(), "{log}");
        assert!(!log.contains("hush"), "no secret is logged: {log}");
    }
    if let Some(path) = url.strip_prefix("sqlite://") {
        let bytes = std::fs::read(path).unwrap();
        assert!(!bytes.windows(9).any(|part| part == b"hush-hush"), "no secret is in the database");
    }
}

async fn site_alone(url: String) {
    let folder = Folder::new();
    let server = serve_with(
        &url,
        &folder,
        &[("LASTWORD__CONNECTIONS__ROOMS__KIND", "room"), ("LASTWORD__CONNECTIONS__ROOMS__ALLOW_PRIVATE_NETWORKS", "true")],
    );
    let base = format!("http://{}", server.listening().await);
    let said = server.says("/first/").await;
    let first = said.split_whitespace().find(|word| word.contains("/first/")).unwrap().to_owned();
    let shots = std::env::var("SHOTS").unwrap_or_default();
    let output = browser::run("first_hour_site.mjs", &[("BASE", &*base), ("FIRST", &first), ("SHOTS", &shots)]).await;
    assert!(output.contains("the first ratings and their alerts came"), "{output}");
    let (status, log) = server.stop().await;
    assert!(status.success(), "{log}");
}
