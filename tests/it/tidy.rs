//! Enforces the house rules of docs/architecture.md by parsing the sources: permitted dependencies between crates, the
//! places of SQL and drivers, maximum lengths. A new line in [`LAYERS`] is a change of the design: write its sentence, and
//! mention it in the commit.

mod english;
mod files;
mod house;
mod locked;
mod names;
mod planted;
mod rooms;
mod source;
mod typed;

/// A crate of ours, the crates of ours that its manifest may name, and the reason. The compiler refuses what the manifest
/// does not name.
struct Layer {
    name: &'static str,
    may: &'static [&'static str],
    #[expect(dead_code, reason = "the sentence is for the reader of the table")]
    why: &'static str,
}

const fn layer(name: &'static str, may: &'static [&'static str], why: &'static str) -> Layer {
    Layer { name, may, why }
}

/// Permitted dependencies between crates. A crate without a line is refused.
const LAYERS: &[Layer] = &[
    layer("base", &[], "Time, ids, settings, log and metrics: what every layer may use."),
    layer("stats", &[], "Mathematics: knows numbers, not ratings."),
    layer("language", &[], "Which translation a reader gets, decided in one place."),
    layer("domain", &["stats", "language", "base"], "Pure: it can be read, tested and trusted alone."),
    layer("store", &["domain", "base"], "It keeps what the domain means, and decides nothing."),
    layer("life", &["store", "domain", "contract", "base"], "The steps: decide in domain, keep in store."),
    layer("queue", &["store", "domain", "base"], "It knows rows and times, not ratings: its handler is an argument."),
    layer("http", &["life", "store", "domain", "language", "contract", "base"], "The edge: it reads, and asks life to act."),
    layer(
        "http/pages",
        &["http", "life", "store", "domain", "import", "xray", "manual", "contract", "base"],
        "Pages for people, above the edge's ground.",
    ),
    layer("import", &["domain", "base"], "Readers of foreign files: bytes in, past closes and days off out."),
    layer("manual", &[], "The documentation as pages: Markdown in, HTML out."),
    layer("xray", &["domain", "stats"], "What a desk's own ratings show: chats in, figures out."),
    layer("demo", &["pages", "http", "life", "queue", "store", "domain", "contract", "base"], "Made-up people who use the real steps."),
];

/// Modules of the root crate from top to bottom: none may name one above it.
const ROOT: &[(&str, &[&str])] = &[("main", &["cli"]), ("cli", &["app", "settings", "log"])];

/// The only file that names adapters.
const ADAPTERS_ARE_NAMED_IN: &str = "src/app.rs";
/// The only place that names the database driver: this file, or files in the folder of that name.
const DRIVER_IS_NAMED_IN: &str = "src/store/db";
/// Places that contain SQL.
const SQL_IS_IN: &[&str] = &["src/store/"];
/// Places that may print: all others log or return.
const PRINTS: &[&str] = &["src/cli", "src/main.rs", "examples/", "tests/", "adapters/contract/src/kit"];
/// Names that do not describe their content.
const EMPTY_NAMES: &[&str] = &["utils", "util", "common", "helpers", "helper", "manager", "misc", "mod"];
/// Private terms, each with the standard term.
const PRIVATE_WORDS: &[(&str, &str)] = &[
    ("Door", "the name of what it checks"),
    ("Doors", "AppState"),
    ("Edge", "Middleware"),
    ("Believed", "ApiKeyCache"),
    ("Courier", "ChannelHandler"),
    ("Workshop", "ChannelDeps"),
    ("Lane", "ConnectionLimit"),
    ("Broke", "Panicked"),
    ("AsPassing", "Retryable"),
    ("is_passing", "is_retryable"),
    ("on_the_clock_of", "with_time_zone"),
    ("hindrances", "not_ready_reasons"),
    ("News", "Notification"),
    ("Happening", "InboundKind"),
    ("DeskHappening", "DeskEventKind"),
    ("Became", "DeskEventResult"),
    ("CloseTaken", "CloseReceipt"),
    ("EventTaken", "EventReceipt"),
    ("Stands", "RequestStatus"),
    ("Belongs", "CounterScope"),
];
/// Maximum lines of code in one file before its tests; blank lines and comments do not count.
const FILE_LINES_MAX: usize = 400;
/// Maximum lines of one function, from its `fn` to its last brace: one screen.
const FUNCTION_LINES_MAX: usize = 70;
/// Crates whose second version would add a second HTTP stack, TLS or driver to the binary.
const ONE_VERSION: &[&str] = &["reqwest", "rustls", "hyper", "axum", "tower-http", "sqlx", "sqlx-core", "tokio"];
/// Crates that need a C toolchain or a system library for TLS, which rustls and ring already provide.
const NEVER: &[&str] = &["aws-lc-rs", "aws-lc-sys", "openssl-sys", "native-tls"];

/// Fails with all violations at once, one per line.
fn none(violations: &[String]) {
    assert!(violations.is_empty(), "{} violations of the house's rules (tests/it/tidy.rs):\n{}", violations.len(), violations.join("\n"));
}
