//! Deliberate violations, to test tidy itself.

use super::source::Source;
use super::{files, house, locked};
use std::collections::BTreeSet;

/// Lines with violations.
fn lines(path: &str, text: &str) -> Vec<usize> {
    let found = house::violations(&Source::new(path, text));
    let line = |violation: &String| violation.strip_prefix(path)?[1..].split(':').next()?.parse().ok();
    found.iter().map(|violation| line(violation).unwrap_or_else(|| panic!("{violation}"))).collect()
}

#[track_caller]
fn check(path: &str, text: &str, expected: &[usize]) {
    assert_eq!(lines(path, text), expected, "{path}:\n{text}");
}

#[test]
fn a_path_to_a_module_above_is_found_however_it_is_written() {
    check("src/cli/serve.rs", "//! x\nuse crate::store::Db;\n", &[2]);
    check("src/cli/serve.rs", "//! x\nuse crate::{app::serve, life::{self, store}, http};\n", &[2, 2]);
    check("src/cli/serve.rs", "//! x\nuse crate::{\n    app::serve,\n    http,\n};\n", &[4]);
    check("src/cli/serve.rs", "//! x\nfn f() { crate :: life :: go() }\n", &[2]);
    check("src/cli/serve.rs", "//! x\nuse super::super::queue;\n", &[2]);
    check("src/cli/serve.rs", "//! x\nuse super::opening;\nuse super::super::app::serve;\n", &[]);
    check("src/cli.rs", "//! x\nuse super::queue;\n", &[2]);
    check("src/cli/serve.rs", "//! x\nuse crate::*;\n", &[2]);
    check("src/cli/serve.rs", "//! x\npub(in crate::cli) fn f() {}\npub(crate) fn g() {}\n", &[]);
    check("src/main.rs", "//! x\nfn main() { lastword::cli::run(); lastword::store::open() }\n", &[2]);
    check("src/lib.rs", "//! x\npub mod store;\npub use crate::store::Db;\n", &[]);
}

#[test]
fn a_layer_that_climbs_is_found() {
    let manifest = |name: &str| format!("[dependencies]\nlastword-{name}.workspace = true\nserde.workspace = true\n");
    assert_eq!(files::layer("src/domain/Cargo.toml", &manifest("stats")), [""; 0]);
    assert_eq!(files::layer("src/domain/Cargo.toml", &manifest("store")).len(), 1);
    assert_eq!(files::layer("src/queue/Cargo.toml", &manifest("life")).len(), 1);
    assert_eq!(files::layer("src/queue/Cargo.toml", &manifest("life").replace("[dep", "[dev-dep")), [""; 0], "a test may");
    assert_eq!(files::layer("src/life/Cargo.toml", &manifest("telegram")).len(), 1);
    assert_eq!(files::layer("src/new/Cargo.toml", "").len(), 1);
}

#[test]
fn a_public_step_that_is_compiled_by_everybody_is_found() {
    check("src/life/report.rs", "//! x\npub async fn of(db: &Db) -> i64 {\n    1\n}\n", &[2]);
    check("src/life/report.rs", "//! x\npub async fn of<'a>(db: &'a Db) -> i64 {\n    1\n}\n", &[2]);
    check("src/life/report.rs", "//! x\n#[lastword_base::boxed]\npub async fn of(db: &Db) -> i64 {\n    1\n}\n", &[]);
    check("src/life/report.rs", "//! x\npub async fn of(\n    tell: impl Fn(i64),\n) -> i64 {\n    1\n}\n", &[]);
    check("src/life/report.rs", "//! x\npub async fn of<T>(of: T) -> i64 {\n    1\n}\n", &[]);
    check("src/store/report.rs", "//! x\npub async fn of(db: &Db) -> i64 {\n    1\n}\n", &[]);
}

#[test]
fn a_word_of_our_own_is_found() {
    check("src/http/state.rs", "//! x\nstruct Doors;\nfn f(doors: &Doors) {}\n// Doors\n", &[2, 3]);
    check("adapters/some/src/receive.rs", "//! x\nuse lastword_contract::Happening;\nconst A: &str = \"Happening\";\n", &[2]);
}

#[test]
fn comments_strings_and_tests_are_not_code() {
    check("src/cli/serve.rs", "//! crate::store\n// crate::store\n/* crate::life /* x */ crate::http */\n/// [`crate::store`]\n", &[]);
    check(
        "src/cli/serve.rs",
        "//! x\nconst A: &str = \"crate::store \\\" crate::life\";\nconst B: char = '\"';\nuse crate::store;\n",
        &[4],
    );
    check(
        "src/cli/serve.rs",
        "//! x\nconst A: &str = r#\"\" crate::store \"#;\nfn f<'a>(x: &'a str) -> char { '\\'' }\nuse crate::store;\n",
        &[4],
    );
    check(
        "src/cli/serve.rs",
        "//! x\n#[cfg(test)]\nmod tests {\n    use crate::store;\n    fn f() { println!() }\n}\nuse crate::life;\n",
        &[7],
    );
    check("src/cli/serve.rs", "//! x\n#[cfg(test)]\nuse crate::store;\nuse crate::life;\n", &[4]);
}

#[test]
fn adapters_and_the_driver_have_one_place() {
    check("src/app.rs", "//! x\nuse lastword_telegram::Telegram;\nuse crate::life;\nuse sqlx::Pool;\n", &[4]);
    check("src/app/serve.rs", "//! x\nuse lastword_domain::Millis;\nuse lastword_telegram::Telegram;\n", &[3]);
    check("src/store/db.rs", "//! x\nuse sqlx::Pool;\n", &[]);
    check("src/store/db/sqlite.rs", "//! x\nuse sqlx::Pool;\n", &[]);
    check("src/store/sessions.rs", "//! x\ntype A = sqlx::Any;\n", &[2]);
    check("src/store/sessions.rs", "//! x\ntype A = rusqlite::Connection;\n", &[2]);
}

#[test]
fn sql_stays_in_the_store() {
    let planted = "//! x\nconst A: &str = \"SELECT id FROM sessions\";\nconst B: &str = r\"\n  UPDATE line SET x\";\nconst C: &str = \"delete from x where y\";\n";
    check("src/life/ask.rs", planted, &[2, 3, 5]);
    check("src/store/sessions.rs", planted, &[]);
    check("src/http/pages.rs", "//! x\nconst A: &str = \"select a line from the list\";\nconst B: &str = \"UPDATE of the line\";\n", &[]);
}

#[test]
fn what_is_left_over_or_too_long_is_found() {
    check("src/life/ask.rs", "//! x\nfn f() { println!(); dbg!(1); }\n", &[2, 2]);
    check("src/cli/serve.rs", "//! x\nfn f() { println!(); dbg!(1); }\n", &[2]);
    check("src/life/ask.rs", "fn f() {}\n", &[1]);
    let body = |lines: usize| format!("//! x\n\npub(crate) async fn long(a: [u8; 3]) -> bool {{\n{}}}\n", "    a();\n".repeat(lines));
    check("src/life/ask.rs", &body(68), &[]);
    check("src/life/ask.rs", &body(69), &[3]);
    let file = |lines: usize| {
        format!("//! x\n{}#[cfg(test)]\nmod tests {{\n{}}}\n", "const A: u8 = 1;\n\n// why\n".repeat(lines), "\n".repeat(500))
    };
    check("src/life/ask.rs", &file(400), &[]);
    check("src/life/ask.rs", &file(401), &[1]);
}

#[test]
fn twins_manifests_and_locks_are_read() {
    let set = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<BTreeSet<_>>();
    assert!(files::twins(&set(&["0001_a.sql", "0002_b.sql"]), &set(&["0001_a.sql", "0002_b.sql"])).is_empty());
    assert_eq!(files::twins(&set(&["0001_a.sql"]), &set(&["0001_b.sql"])).len(), 2);
    assert_eq!(files::twins(&set(&["0001_a.sql", "0003_b.sql"]), &set(&["0001_a.sql", "0003_b.sql"])).len(), 1);

    let manifest = |lines: &str| format!("[dependencies]\n{lines}[dev-dependencies]\nlastword-webchat = \"1\"\n");
    let adapter = manifest("lastword-contract.workspace = true\nlastword-webchat = { path = \"\" }\n");
    assert_eq!(files::dependencies("adapters/x/Cargo.toml", &adapter).len(), 1);
    let contract = manifest("serde = \"1\"\nsqlx = \"1\"\ntokio = { version = \"1\", optional = true }\n");
    assert_eq!(files::dependencies("adapters/contract/Cargo.toml", &contract).len(), 1);

    let lock = include_str!("../../../Cargo.lock");
    assert_eq!(locked::violations(&format!("{lock}\nname = \"reqwest\"\nname = \"openssl-sys\"\n")).len(), 2);
    assert_eq!(locked::violations("").len(), super::ONE_VERSION.len());
}
