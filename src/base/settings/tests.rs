//! Tests of reading settings: the defaults as a document, the order of the layers, and the exact message for each mistake.

use super::sources::DEFAULTS;
use super::*;
use secrecy::ExposeSecret;
use std::io::Write;

pub(super) fn settings_file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

pub(super) fn load(path: Option<&Path>, env: &[(&str, &str)]) -> Result<Settings, SettingsProblems> {
    Settings::load(path, env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

#[test]
fn the_defaults_are_valid_and_as_documented() {
    let settings = load(None, &[]).unwrap();
    assert_eq!(settings.http.listen, "127.0.0.1:8080".parse().unwrap());
    assert_eq!(settings.http.batch_body_max_bytes, 4 << 20);
    assert_eq!(settings.queue.lease, Duration::from_secs(30));
    assert_eq!(settings.queue.resend, Resend::Once);
    assert_eq!(settings.organisation.time_zone, chrono_tz::Tz::UTC);
    assert_eq!(settings.key_file(), Some(PathBuf::from("./lastword.key")));
    assert!(settings.http.public_url.is_none() && settings.security.key.is_none() && settings.connections.is_empty());
}

#[test]
fn every_key_of_the_defaults_has_its_sentence() {
    let mut before = "";
    let mut keys = 0;
    for line in DEFAULTS.lines() {
        if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) {
            let sentence = before.strip_prefix("# ").unwrap_or_else(|| panic!("{key} has no comment"));
            assert!(sentence.starts_with(char::is_uppercase) && sentence.ends_with('.'), "{key}: {sentence}");
            keys += 1;
        }
        before = line;
    }
    let table: toml::Table = toml::from_str(DEFAULTS).unwrap();
    assert_eq!(keys, table.values().map(|section| section.as_table().unwrap().len()).sum::<usize>());
}

/// A documented key must be read: setting each key to nonsense must cause a problem.
#[test]
fn every_key_of_the_defaults_is_read() {
    let free = ["metrics.token", "database.url"];
    let table: toml::Table = toml::from_str(DEFAULTS).unwrap();
    for (section, keys) in &table {
        for (name, default) in keys.as_table().unwrap() {
            let key = format!("{section}.{name}");
            let nonsense = match default {
                toml::Value::Integer(_) => "-1",
                toml::Value::Array(_) => "[\"\\u0000\"]",
                toml::Value::Boolean(_) => continue,
                _ if free.contains(&&*key) => continue,
                _ => "\"\\u0000\"",
            };
            let file = settings_file(&format!("[{section}]\n{name} = {nonsense}\n"));
            let problems = load(Some(file.path()), &[]).expect_err(&key).to_string();
            assert!(problems.contains(&key), "{problems}");
        }
    }
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let file = settings_file("[http]\nlisten = \"0.0.0.0:1\"\nmax_connections = 7\n[log]\nlevel = \"debug\"\n");
    let secret = settings_file("hush hush\n");
    let env = [
        ("LASTWORD__HTTP__LISTEN", "0.0.0.0:2"),
        ("LASTWORD__HTTP__TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8"),
        ("LASTWORD__DATABASE__MIGRATE", "false"),
        ("LASTWORD__HTTP__PUBLIC_URL", "https://rate.example.com/lw"),
        ("LASTWORD__METRICS__TOKEN_FILE", secret.path().to_str().unwrap()),
        ("LASTWORD_CONFIG", "not a key"),
        ("HOME", "/root"),
    ];
    let settings = load(Some(file.path()), &env).unwrap();
    assert_eq!(settings.http.listen.port(), 2);
    assert_eq!(settings.http.max_connections, 7);
    assert_eq!(settings.http.trusted_proxies.len(), 2);
    assert_eq!(settings.http.public_url.as_ref().unwrap().join("r/x").unwrap().as_str(), "https://rate.example.com/lw/r/x");
    assert_eq!(settings.log.level, tracing::Level::DEBUG);
    assert!(!settings.database.migrate);
    assert_eq!(settings.metrics.token.as_ref().unwrap().expose_secret(), "hush hush");
    assert!(!format!("{settings:?}").contains("hush"));
}

/// Each case: the content of the file, and the whole line that `check` prints after the file name.
#[test]
fn each_mistake_in_a_file_gets_its_line() {
    let table = [
        ("http.listen = \"80a\"", r#"http.listen in F: "80a" is not an address with a port; write for instance "127.0.0.1:8080""#),
        ("http.listen = 80", r#"http.listen in F: 80 is not a text; put it in quotes"#),
        ("http.listne = \"x\"", "http.listne in F: there is no such key; did you mean http.listen?"),
        ("log.colour_of_text = 1", "log.colour_of_text in F: there is no such key; [log] has format, level"),
        ("htpp.listen = \"x\"", "htpp in F: there is no such section; did you mean [http]?"),
        (
            "wonderland.x = 1",
            "wonderland in F: there is no such section; the sections are backup, database, http, limits, log, metrics, organisation, queue, security, sessions, watch, connections",
        ),
        ("http = 3", "http in F: 3 is not a section; write [http]"),
        ("http.max_connections = \"many\"", r#"http.max_connections in F: "many" is not a whole number; write for instance 512"#),
        ("http.max_connections = 0", "http.max_connections in F: 0 is out of range; write a number from 1 to 100000"),
        (
            "http.public_url = \"rate.example.com\"",
            r#"http.public_url in F: "rate.example.com" is not an address of a web server; write for instance "https://rate.example.com""#,
        ),
        (
            "http.trusted_proxies = \"127.0.0.1\"",
            r#"http.trusted_proxies in F: "127.0.0.1" is not a list; write for instance ["127.0.0.1"]"#,
        ),
        (
            "http.trusted_proxies = [\"x\"]",
            r#"http.trusted_proxies in F: "x" is not an address or network; write for instance "127.0.0.1" or "10.0.0.0/8""#,
        ),
        ("database.migrate = \"no\"", r#"database.migrate in F: "no" is neither true nor false; write one of them, without quotes"#),
        (
            "database.url = \"mysql://me:hush@h/d\"",
            r#"database.url in F: what stands there is not a database we know; write "sqlite://FILE", "sqlite::memory:" or "postgres://USER:PASSWORD@HOST/NAME""#,
        ),
        (
            "security.key = \"hush\"",
            "security.key in F: what stands there is not a key of 32 bytes or more in hex or base64; make one with: openssl rand -hex 32",
        ),
        ("queue.lease_ms = 12000", "queue.lease_ms in F: 12000 is less than queue.send_timeout_ms (10000) + 5000; write at least 15000"),
        ("queue.resend = \"twice\"", r#"queue.resend in F: "twice" is not a choice; write "once" or "never""#),
        ("log.level = \"loud\"", r#"log.level in F: "loud" is not a choice; write "error", "warn", "info", "debug" or "trace""#),
        (
            "organisation.time_zone = \"Mars\"",
            r#"organisation.time_zone in F: "Mars" is not a time zone; write an IANA name, for instance "UTC" or "Europe/Berlin""#,
        ),
        (
            "organisation.language = \"english!\"",
            r#"organisation.language in F: "english!" is not a language; write for instance "en" or "pt-BR""#,
        ),
        (
            "connections.Shop.kind = \"x\"",
            "connections.Shop in F: is not a name for a connection; write 1 to 40 small letters, digits and hyphens",
        ),
        ("connections.shop.token = \"x\"", r#"connections.shop in F: kind is missing; write for instance kind = "telegram""#),
        ("connections.shop = 1", "connections.shop in F: 1 is not a section; write [connections.shop]"),
        ("\nlisten", "F: line 2: is not TOML: key with no value, expected `=`"),
    ];
    for (text, line) in table {
        let file = settings_file(text);
        let problems = load(Some(file.path()), &[]).expect_err(text).to_string();
        let whole = line.replacen("F:", &format!("{}:", file.path().display()), 1);
        assert_eq!(problems, whole);
    }
}

#[test]
fn each_mistake_in_the_environment_gets_its_line() {
    let table = [
        ("HTTP__MAX_CONNECTIONS", "many", r#"http.max_connections in V: "many" is not a whole number; write for instance 512"#),
        ("HTTP__LISTNE", "x", "http.listne in V: there is no such key; did you mean http.listen?"),
        ("HTTP", "x", "http in V: there is no such key; [http] has batch_body_max_bytes"),
        ("CONNECTIONS__SHOP", "x", "connections.shop in V: is not a key of a connection; write LASTWORD__CONNECTIONS__NAME__KEY"),
        (
            "SECURITY__KEY_FILE",
            "/no/such",
            r#"security.key in V: the file "/no/such" cannot be read (No such file or directory (os error 2)); name one that holds the value"#,
        ),
    ];
    for (name, value, line) in table {
        let name = format!("LASTWORD__{name}");
        let problems = load(None, &[(&name, value)]).expect_err(line).to_string();
        assert!(problems.starts_with(&line.replace('V', &format!("the environment variable {name}"))), "{problems}");
    }
    let both = load(None, &[("LASTWORD__METRICS__TOKEN", "a"), ("LASTWORD__METRICS__TOKEN_FILE", "b")]).unwrap_err().to_string();
    assert_eq!(
        both,
        "metrics.token in the environment variable LASTWORD__METRICS__TOKEN_FILE: \
         the environment variable LASTWORD__METRICS__TOKEN sets the same key; keep one of them"
    );
}

#[test]
fn all_problems_are_named_at_once() {
    let file = settings_file("[http]\nlisten = \"x\"\nmax_connections = 0\n[log]\nlevel = 4\n");
    let problems = load(Some(file.path()), &[("LASTWORD__QUEUE__BATCH", "x")]).unwrap_err();
    assert_eq!(problems.0.len(), 4, "{problems}");
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let problems = load(Some(Path::new("/no/such.toml")), &[]).unwrap_err().to_string();
    assert_eq!(problems, "/no/such.toml: cannot be read (No such file or directory (os error 2)); name another file with --config");
}

#[test]
fn the_key_is_the_given_one_or_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/l.db", folder.path().display());
    let given = "11".repeat(32);
    let env = [("LASTWORD__DATABASE__URL", &*url), ("LASTWORD__SECURITY__KEY", &*given)];
    assert_eq!(load(None, &env).unwrap().key([9; 32]).unwrap().bytes(), [0x11; 32]);
    assert_eq!(load(None, &env[..1]).unwrap().key([9; 32]).unwrap().bytes(), [9; 32]);
    assert_eq!(load(None, &env[..1]).unwrap().key([8; 32]).unwrap().bytes(), [9; 32], "kept for the next start");
    let twice = load(None, &[env[1], ("LASTWORD__SECURITY__PREVIOUS_KEY", &given)]).unwrap_err().to_string();
    assert!(twice.contains("is the same as security.key"), "{twice}");
}
