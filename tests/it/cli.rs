//! The commands through the real binary: success, clear errors and exit codes.

mod bi;
mod copies;
mod doctor;
mod healthy;
mod import;
mod in_a_browser;
mod setup;
mod shop;
mod xray;

use crate::rig::{postgres, root};
use shop::Shop;

#[tokio::test]
async fn wrong_settings_are_said_with_key_place_and_remedy() {
    let shop = Shop::new("[http]\nlisten = \"nowhere\"\ncolour = 1\n[queue]\nlease_ms = 1000\n");
    let said = shop.run(&["check"]).await.refused(2);
    let expected = [
        "http.colour in lastword.toml: ",
        "http.listen in lastword.toml: \"nowhere\" is not an address with a port; write for instance \"127.0.0.1:8080\"",
        "queue.lease_ms in lastword.toml: 1000 is less than queue.send_timeout_ms (10000) + 5000; write at least 15000",
    ];
    for line in expected {
        assert!(said.contains(line), "{line} is not in\n{said}");
    }
    // Every command prints the same error.
    assert_eq!(shop.run(&["key", "list"]).await.refused(2), said);
}

#[tokio::test]
async fn check_tries_the_connections_too_and_names_each_that_is_wrong() {
    let shop = Shop::new("[connections.bot]\nkind = \"telegram\"\ntokne = \"hush\"\n[connections.pigeon]\nkind = \"pigeon\"\n");
    let said = shop.run(&["check"]).await.refused(2);
    assert!(said.contains("connections.bot.tokne in lastword.toml: unknown field `tokne`"), "{said}");
    assert!(said.contains("connections.pigeon.kind in lastword.toml: \"pigeon\" is not in this build"), "{said}");
    assert!(!said.contains("hush") && said.lines().count() == 3, "{said}");
    let missing = "connections.bot.token in lastword.toml: is missing; write token = … there, or set LASTWORD__CONNECTIONS__BOT__TOKEN ";
    assert!(said.contains(missing), "{said}");
    let shop = Shop::with_bot("http://127.0.0.1:9");
    assert!(shop.run(&["check"]).await.done().contains("bot (telegram)"));
    assert!(!shop.dir().join("lastword.db").exists(), "check makes nothing");
}

#[tokio::test]
async fn check_tells_all_that_is_wrong_at_once() {
    let webhook = |name: &str, more: &str| {
        format!("[connections.{name}]\nkind = \"webhook\"\nsecret = \"a secret of at least twenty-four bytes\"\n{more}\n")
    };
    let local = "url = \"http://127.0.0.1:9000/\"\n";
    let settings = webhook("crm", &format!("{local}timeout_secs = 90\n"))
        + &webhook("sms", "url = \"https://sms.example.com:9443/\"")
        + "[connections.mail]\nkind = \"email\"\nhost = \"a b\"\nfrom = \"support\"\n"
        + "[connections.site]\nkind = \"webchat\"\nline = \"\"\norigins = [\"null\"]\n"
        + "[connections.wa]\nkind = \"whatsapp\"\nphone_number_id = \"+1\"\naccess_token = \"EAA\"\nsharing = \"links\"\nlist_button = \"\"\n";
    let said = Shop::new(&settings).run(&["check"]).await.refused(2);
    for part in [
        "connections.crm in lastword.toml: timeout_secs has to be 1 to 60",
        "connections.crm in lastword.toml: url has to begin with https:// (or set allow_http = true)",
        "connections.crm in lastword.toml: url points to an address inside a private network (or set allow_private_networks = true)",
        "connections.sms in lastword.toml: url has the port 9443, which is not among ports = [443, 8443]",
        "connections.mail in lastword.toml: host is not the name of a server",
        "connections.mail in lastword.toml: from is not a mail address",
        "connections.site in lastword.toml: line: name the line",
        "connections.site in lastword.toml: origins[0]: \"null\" is what every sandboxed page sends",
        "connections.wa in lastword.toml: `phone_number_id` has to be the number",
        "connections.wa in lastword.toml: `list_button` has to be 1 to 20 characters.",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    assert_eq!(said.lines().count(), 10, "{said}");
    let mended = webhook("crm", &format!("{local}allow_http = true\nallow_private_networks = true\n"));
    assert!(Shop::new(&mended).run(&["check"]).await.done().contains("crm (webhook)"));
}

#[tokio::test]
async fn a_command_ends_quietly_when_nobody_reads_on() {
    let shop = Shop::new("");
    let lastword = env!("CARGO_BIN_EXE_lastword");
    let mut command = tokio::process::Command::new("bash");
    command.args(["-c", "\"$0\" openapi | head -c 100 >/dev/null; echo ${PIPESTATUS[0]}", lastword]).current_dir(shop.dir());
    let output = command.output().await.unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(err, "", "no panic, no word");
    // Ended by SIGPIPE like any command of a pipe, or finished before the reader stopped.
    assert!(matches!(out.trim(), "141" | "0"), "{out}");
}

#[tokio::test]
async fn a_relative_database_is_beside_its_settings_and_reading_makes_none() {
    let shop = Shop::new("");
    std::fs::create_dir(shop.dir().join("real")).unwrap();
    std::fs::write(shop.dir().join("real/lastword.toml"), "[database]\nurl = \"sqlite://mine.db\"\n").unwrap();
    let real = ["--config", "real/lastword.toml"];
    for reading in
        [&["explain", "S"][..], &["line", "list"], &["client", "find", "x"], &["export", "ratings"], &["key", "list"], &["recount"]]
    {
        let said = shop.run(&[&real[..], reading].concat()).await.refused(1);
        assert!(said.starts_with("database.url: there is no database yet (SQLite in real/mine.db); "), "{reading:?}: {said}");
        assert!(said.contains("--config") && said.contains("lastword migrate"), "{said}");
    }
    let files = |folder: &str| std::fs::read_dir(shop.dir().join(folder)).unwrap().count();
    assert_eq!((files(""), files("real")), (2, 1), "nothing was made, not even a key");
    shop.run(&[&real[..], &["line", "add", "--id", "sales", "--name", "Sales"]].concat()).await.done();
    assert!(shop.dir().join("real/mine.db").exists() && !shop.dir().join("mine.db").exists());
    let listed = shop.run(&[&real[..], &["line", "list"]].concat()).await.done();
    assert!(listed.contains("sales"), "{listed}");
    // A path in a variable is relative to the working directory.
    let here = [("LASTWORD__DATABASE__URL", "sqlite://here.db")];
    shop.run_in(&[&real[..], &["migrate"]].concat(), &here).await.done();
    assert!(shop.dir().join("here.db").exists());
}

#[tokio::test]
async fn what_keeps_a_server_from_starting_is_one_line_with_key_and_remedy() {
    for path in ["none/lastword.db", "lastword.toml/lastword.db", "folder"] {
        let shop = Shop::new(&format!("database.url = \"sqlite://{path}\"\n"));
        std::fs::create_dir(shop.dir().join("folder")).unwrap();
        let said = shop.run(&["check"]).await.refused(2);
        assert!(said.starts_with("database.url: ") && said.contains("; ") && said.lines().count() == 1, "{said}");
        for command in [&["serve"][..], &["migrate"], &["key", "list"], &["explain", "S-1"]] {
            let refused = shop.run(command).await;
            assert!(refused.err.trim_end().ends_with(&said), "{command:?} says {} instead of {said}", refused.err);
        }
        let doctor = shop.run(&["doctor"]).await;
        assert!(doctor.out.contains(&format!("PROBLEM database: {said}")), "{}", doctor.out);
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    for (listen, words) in [
        (address.to_string(), "another program uses this port; stop it, or choose another port"),
        ("192.0.2.1:8080".to_owned(), "this machine has no such address; use one of its own, 127.0.0.1 or 0.0.0.0"),
    ] {
        let shop = Shop::new(&format!("http.listen = \"{listen}\"\n"));
        let said = shop.run(&["serve"]).await.refused(1);
        let last = said.lines().last().unwrap();
        assert!(last.starts_with(&format!("http.listen: cannot listen on {listen}: {words}")), "{said}");
    }
}

#[tokio::test]
async fn links_without_a_public_url_are_refused_with_key_and_remedy() {
    let sms = "[connections.sms]\nkind = \"webhook\"\nurl = \"https://sms.example/send\"\nsecret = \"a secret of 24 bytes or more\"\nlinks = true\n";
    let expected = "http.public_url: is not set, but connections.sms sends links; write the address at which clients reach this server, \
        for instance \"https://rate.example.com\"";
    let shop = Shop::new(sms);
    assert_eq!(shop.run(&["check"]).await.refused(2), expected);
    assert!(shop.run(&["serve"]).await.refused(1).ends_with(expected));
    let shop = Shop::new(&format!("http.public_url = \"https://rate.example.com\"\n{sms}"));
    shop.run(&["check"]).await.done();
}

#[tokio::test]
async fn people_are_added_listed_and_switched_off() {
    let shop = Shop::new("");
    let add = ["user", "add", "--login", "anna", "--name", "Anna A", "--role", "admin"];
    assert_eq!(shop.run_with(&add, "elevenchars\n").await.refused(2), "the password has 11 characters; it needs at least 12");
    assert_eq!(shop.run_with(&add, "correct horse\n").await.done(), "anna can sign in as admin");
    let taken = shop.run_with(&add, "correct horse\n").await.refused(1);
    assert_eq!(taken, "--login: \"anna\" is taken; choose another, or change its password with: lastword user password anna");
    let role = shop.run_with(&["user", "add", "--login", "b", "--name", "B", "--role", "boss"], "").await.refused(2);
    assert!(role.contains("'boss'") && role.contains("admin, supervisor, operator"), "{role}");

    std::fs::write(shop.dir().join("password"), "another correct horse\nnot this\n").unwrap();
    let changed = shop.run(&["user", "password", "anna", "--password-file", "password"]).await.done();
    assert_eq!(changed, "anna has a new password");
    let missing = shop.run(&["user", "password", "anna", "--password-file", "none"]).await.refused(1);
    assert!(missing.starts_with("--password-file: cannot read none: "), "{missing}");

    shop.run(&["user", "disable", "anna"]).await.done();
    let listed = shop.run(&["user", "list", "--json"]).await.json();
    assert!(listed[0]["login"] == "anna" && listed[0]["disabled_at"].as_str().is_some_and(|at| at.ends_with('Z')), "{listed}");
    assert!(!listed.to_string().contains("argon2"), "no hash is shown");
    shop.run(&["user", "enable", "anna"]).await.done();
    assert!(shop.run(&["user", "list"]).await.done().contains("anna   admin  Anna A  on"));
    assert_eq!(shop.run(&["user", "enable", "zed"]).await.refused(1), "there is no user \"zed\"; see: lastword user list");
}

async fn keys_on(shop: &Shop) {
    let key = shop.run(&["key", "create", "--name", "desk", "--scope", "sessions:write", "--scope", "ratings:read"]).await.done();
    assert!(key.starts_with("lw_") && key.len() == 46, "{key}");
    let listed = shop.run(&["key", "list", "--json"]).await.json();
    assert_eq!((&listed[0]["prefix"], &listed[0]["scopes"]), (&key[..9].into(), &serde_json::json!(["sessions:write", "ratings:read"])));
    assert!(!listed.to_string().contains(&key[9..]), "the key is shown once");
    let scope = shop.run(&["key", "create", "--name", "desk", "--scope", "everything"]).await.refused(2);
    assert!(scope.contains("'everything'") && scope.contains("sessions:write"), "{scope}");
    assert_eq!(shop.run(&["key", "revoke", &key[..9]]).await.done(), "key \"desk\" revoked");
    let again = shop.run(&["key", "revoke", &key[..9]]).await.refused(1);
    assert_eq!(again, format!("the key \"{}\" is already revoked; nothing to do", &key[..9]));
    assert_eq!(shop.run(&["key", "revoke", "lw_none"]).await.refused(1), "there is no key \"lw_none\"; see: lastword key list");
}

#[tokio::test]
async fn a_key_is_shown_once_and_taken_back_on_sqlite() {
    keys_on(&Shop::new("")).await;
}

#[tokio::test]
async fn a_key_is_shown_once_and_taken_back_on_postgres() {
    keys_on(&Shop::over("", &postgres::empty().await)).await;
}

async fn migrates_on(shop: &Shop) {
    let create = ["key", "create", "--name", "desk", "--scope", "reports:read"];
    let behind = shop.run_in(&create, &[("LASTWORD__DATABASE__MIGRATE", "false")]).await.refused(1);
    let count = std::fs::read_dir(root().join("migrations/sqlite")).unwrap().count();
    let plural = if count == 1 { "" } else { "s" };
    assert_eq!(behind, format!("database.migrate is false and the tables are {count} migration{plural} behind; run: lastword migrate"));
    assert!(shop.run(&["migrate"]).await.done().starts_with(&format!("{count} migration{plural} done: from 0 to ")));
    assert!(shop.run(&["migrate"]).await.done().starts_with("the database is up to date (migration "));
    shop.run_in(&["key", "list"], &[("LASTWORD__DATABASE__MIGRATE", "false")]).await.done();

    shop.newer_release().await;
    for command in [&["migrate"][..], &["key", "list"], &["explain", "s"]] {
        for migrate in ["true", "false"] {
            let said = shop.run_in(command, &[("LASTWORD__DATABASE__MIGRATE", migrate)]).await.refused(1);
            assert!(said.starts_with("the database has migration 9999, this program knows up to "), "{said}");
            assert!(said.ends_with("or put a backup made before the upgrade in its place with: lastword restore FILE"), "{said}");
        }
    }
    let doctor = shop.run(&["doctor"]).await;
    assert!(doctor.out.contains("PROBLEM tables: the database has migration 9999"), "{}", doctor.out);
}

#[tokio::test]
async fn tables_are_brought_up_to_date_and_a_newer_database_is_left_alone_on_sqlite() {
    migrates_on(&Shop::new("")).await;
}

#[tokio::test]
async fn tables_are_brought_up_to_date_and_a_newer_database_is_left_alone_on_postgres() {
    migrates_on(&Shop::over("", &postgres::empty().await)).await;
}

#[tokio::test]
async fn a_healthcheck_without_a_server_fails_with_the_address() {
    let shop = Shop::new("[http]\nlisten = \"0.0.0.0:1\"\n");
    let said = shop.run(&["healthcheck"]).await.refused(1);
    assert_eq!(said, "not ready: nothing responds there (http://127.0.0.1:1/readyz); is lastword serve running?");
    let said = shop.run(&["healthcheck", "--url", "nonsense"]).await.refused(1);
    assert_eq!(said, "--url: \"nonsense\" is not an address; write for example http://127.0.0.1:8080/readyz");
}
