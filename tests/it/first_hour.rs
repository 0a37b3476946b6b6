//! The first hour of an owner without a shell: from an empty installation to the first rating and its alert using only the
//! pages, on the real binary. On PostgreSQL with two nodes, which both apply what was entered on one of them.

use crate::on_both_databases;
use crate::rig::browser;
use crate::rig::folder::Folder;
use crate::rig::process::Process;
use crate::rig::tables::rows;
use crate::telegram_emulated::Emulator;

on_both_databases! {
    an_owner_without_a_shell_gets_the_first_rating => first_rating;
    a_shop_with_a_web_chat_alone_gets_the_first_rating => site_alone;
}

fn serve(url: &str, folder: &Folder) -> Process {
    serve_with(url, folder, &[])
}

pub(crate) fn serve_with(url: &str, folder: &Folder, more: &[(&str, &str)]) -> Process {
    let mut serve = std::process::Command::new(env!("CARGO_BIN_EXE_lastword"));
    serve.arg("serve").current_dir(folder.path()).env("LASTWORD__HTTP__LISTEN", "127.0.0.1:0").env("LASTWORD__DATABASE__URL", url);
    serve.env("LASTWORD__SECURITY__KEY", "ab".repeat(32)).envs(more.iter().copied());
    Process::spawn(serve.into())
}

/// The link of the first admin, as printed at the start, at the address on which the server listens.
pub(crate) async fn first_link(server: &Process, base: &str) -> String {
    let said = server.says("/first/").await;
    let printed = said.split_whitespace().find(|word| word.contains("/first/")).unwrap();
    format!("{base}/first/{}", printed.split_once("/first/").unwrap().1)
}

async fn first_rating(url: String) {
    let (folder, telegram) = (Folder::new(), Emulator::start().await);
    let server = serve(&url, &folder);
    let base = format!("http://{}", server.listening().await);
    let first = first_link(&server, &base).await;
    let other = if url.starts_with("postgres") { Some(serve(&url, &folder)) } else { None };
    let second = match &other {
        Some(other) => format!("http://{}", other.listening().await),
        None => String::new(),
    };
    let shots = std::env::var("SHOTS").unwrap_or_default();
    let environment = [("BASE", &*base), ("OTHER", &second), ("FIRST", &first), ("EMULATOR", &telegram.url), ("SHOTS", &shots)];
    let output = browser::run("first_hour.mjs", &environment).await;
    assert!(output.contains("the first rating and its alert came"), "{output}");
    let logs = stopped(std::iter::once(server).chain(other)).await;
    nothing_of(&["hush-hush"], &logs, &url, &folder).await;
}

/// The logs of the nodes, which end well.
pub(crate) async fn stopped(servers: impl Iterator<Item = Process>) -> Vec<String> {
    let mut logs = Vec::new();
    for server in servers {
        let (status, log) = server.stop().await;
        assert!(status.success(), "{log}");
        logs.push(log);
    }
    logs
}

/// None of the secrets is in a log, in the database, or in a backup of it.
pub(crate) async fn nothing_of(secrets: &[&str], logs: &[String], url: &str, folder: &Folder) {
    let mut places: Vec<(String, Vec<u8>)> = logs.iter().map(|log| ("the log".to_owned(), log.clone().into_bytes())).collect();
    if let Some(path) = url.strip_prefix("sqlite://") {
        let backup = std::process::Command::new(env!("CARGO_BIN_EXE_lastword"))
            .args(["backup", "backup"])
            .current_dir(folder.path())
            .env("LASTWORD__DATABASE__URL", url)
            .env("LASTWORD__SECURITY__KEY", "ab".repeat(32))
            .output()
            .unwrap();
        assert!(backup.status.success(), "{backup:?}");
        places.push((path.to_owned(), std::fs::read(path).unwrap()));
        let copies: Vec<_> = std::fs::read_dir(folder.path().join("backup")).unwrap().map(|file| file.unwrap().path()).collect();
        assert!(
            copies.iter().any(|copy| std::fs::read(copy).unwrap().starts_with(b"SQLite format 3")),
            "a backup is a database: {copies:?}"
        );
        places.extend(copies.iter().filter(|copy| copy.is_file()).map(|copy| (copy.display().to_string(), std::fs::read(copy).unwrap())));
    } else {
        let tables =
            rows(url, "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace").await;
        assert!(tables.len() > 30, "{tables:?}");
        for table in tables.into_iter().flatten().flatten() {
            let all = rows(url, &format!("SELECT t::text FROM {table} t")).await;
            places.push((table, all.into_iter().flatten().flatten().collect::<String>().into_bytes()));
        }
    }
    for secret in secrets {
        for (place, bytes) in &places {
            assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret} is in {place}");
        }
    }
}

async fn site_alone(url: String) {
    let folder = Folder::new();
    let rooms = [("LASTWORD__CONNECTIONS__ROOMS__KIND", "room"), ("LASTWORD__CONNECTIONS__ROOMS__ALLOW_PRIVATE_NETWORKS", "true")];
    let server = serve_with(&url, &folder, &rooms);
    let base = format!("http://{}", server.listening().await);
    let first = first_link(&server, &base).await;
    let other = if url.starts_with("postgres") { Some(serve_with(&url, &folder, &rooms)) } else { None };
    let second = match &other {
        Some(other) => format!("http://{}", other.listening().await),
        None => String::new(),
    };
    let shots = std::env::var("SHOTS").unwrap_or_default();
    let environment = [("BASE", &*base), ("OTHER", &second), ("FIRST", &first), ("SHOTS", &shots)];
    let output = browser::run("first_hour_site.mjs", &environment).await;
    assert!(output.contains("the first ratings and their alerts came"), "{output}");
    let secrets: Vec<&str> = output.lines().filter_map(|line| line.strip_prefix("secret: ")).collect();
    assert_eq!(secrets.len(), 2, "{output}");
    let logs = stopped(std::iter::once(server).chain(other)).await;
    nothing_of(&secrets, &logs, &url, &folder).await;
}
