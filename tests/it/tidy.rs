//! Holds the house rules of docs/architecture.md by reading the sources: which crate may depend on which, where SQL and drivers live, how
//! long things get. A new line in [`LAYERS`] is a change of the design: write its sentence, and say it in the commit.

mod english;
mod files;
mod house;
mod locked;
mod planted;
mod rooms;
mod source;
mod typed;

/// A crate of ours, the crates of ours that its manifest may name, and why. The compiler refuses what the manifest does not name.
struct Layer {
    name: &'static str,
    may: &'static [&'static str],
    #[expect(dead_code, reason = "the sentence is for the reader of the table")]
    why: &'static str,
}

const fn layer(name: &'static str, may: &'static [&'static str], why: &'static str) -> Layer {
    Layer { name, may, why }
}

/// Which crate may depend on which. A crate without a line is refused.
const LAYERS: &[Layer] = &[
    layer("base", &[], "Time, ids, settings, log and metrics: what every layer may use."),
    layer("stats", &[], "Mathematics: knows numbers, not ratings."),
    layer("domain", &["stats"], "Pure: it can be read, tested and trusted alone."),
    layer("store", &["domain", "base"], "It keeps what the domain means, and decides nothing."),
    layer("life", &["store", "domain", "contract", "base"], "The steps: decide in domain, keep in store."),
    layer("queue", &["store", "domain", "base"], "It knows rows and times, not ratings: its handler is an argument."),
    layer("http", &["life", "store", "domain", "contract", "base"], "The edge: it reads, and asks life to act."),
    layer(
        "http/pages",
        &["http", "life", "store", "domain", "import", "xray", "contract", "base"],
        "Pages for people, above the edge's ground.",
    ),
    layer("import", &["domain"], "Readers of foreign files: bytes in, past closes and days off out."),
    layer("xray", &["domain", "stats"], "What a desk's own ratings show: chats in, figures out."),
    layer("demo", &["pages", "http", "life", "queue", "store", "domain", "contract", "base"], "Made-up people who use the real steps."),
];

/// The modules of the root crate, from the top: none names one that stands above it.
const ROOT: &[(&str, &[&str])] = &[("main", &["cli"]), ("cli", &["app", "settings", "log"])];

/// The one file that names adapters.
const ADAPTERS_ARE_NAMED_IN: &str = "src/app.rs";
/// The one place that names the database driver: this file, or files under the folder of that name.
const DRIVER_IS_NAMED_IN: &str = "src/store/db";
/// The places that hold SQL.
const SQL_IS_IN: &[&str] = &["src/store/"];
/// The places that may print: everything else logs or returns.
const PRINTS: &[&str] = &["src/cli", "src/main.rs", "examples/", "tests/", "adapters/contract/src/kit"];
/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["utils", "util", "common", "helpers", "helper", "manager", "misc", "mod"];
/// Words that were ours alone, each with the field's own.
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
/// Lines of code in one file before its tests; blank lines and comments are free.
const FILE_LINES_MAX: usize = 400;
/// Lines of one function, from its `fn` to its last brace: what fits on a screen.
const FUNCTION_LINES_MAX: usize = 70;
/// Crates of which a second version means a second HTTP stack, TLS or driver in the binary.
const ONE_VERSION: &[&str] = &["reqwest", "rustls", "hyper", "axum", "tower-http", "sqlx", "sqlx-core", "tokio"];
/// Crates that need a C toolchain of their own or a library of the machine, for TLS that rustls and ring already do.
const NEVER: &[&str] = &["aws-lc-rs", "aws-lc-sys", "openssl-sys", "native-tls"];

/// Fails with all violations at once, one a line.
fn none(violations: &[String]) {
    assert!(violations.is_empty(), "{} violations of the house's rules (tests/it/tidy.rs):\n{}", violations.len(), violations.join("\n"));
}
