//! Holds the house of DESIGN section 4 by reading the sources: who may know whom, where SQL and drivers live, how long
//! things get. A new line in [`MAY_KNOW`] is a change of the design: write its sentence, and say it in the commit.

mod files;
mod house;
mod locked;
mod planted;
mod rooms;
mod source;
mod typed;

/// A module of ours, the modules of ours it may name, and why. `contract` stands for the crate `lastword_contract`;
/// the crates of the adapters are named by [`ADAPTERS_ARE_NAMED_IN`] alone.
struct Knows {
    who: &'static str,
    may: &'static [&'static str],
    #[expect(dead_code, reason = "the sentence is for the reader of the table")]
    why: &'static str,
}

const fn knows(who: &'static str, may: &'static [&'static str], why: &'static str) -> Knows {
    Knows { who, may, why }
}

/// Who may know whom. Whatever is not here is refused, also a module that has no line.
const MAY_KNOW: &[Knows] = &[
    knows("main", &["cli"], "It parses nothing and decides nothing: it calls the command line."),
    knows("cli", &["app", "settings", "log"], "Commands say what a person wants; the composition knows how."),
    knows(
        "app",
        &["http", "queue", "life", "store", "domain", "contract", "settings", "log", "metrics", "time", "id"],
        "The composition: it puts everything together, and nobody else has to.",
    ),
    knows("http", &["life", "store", "domain", "contract", "settings", "log", "metrics"], "The edge: it reads, and asks life to act."),
    knows("life", &["store", "domain", "contract", "time", "id", "metrics"], "The steps: decide in domain, keep in store."),
    knows("queue", &["store", "domain", "time", "metrics"], "It knows rows and times, not ratings: its handler is an argument."),
    knows("store", &["domain", "id"], "It keeps what the domain means, and decides nothing."),
    knows("domain", &[], "Pure: it can be read, tested and trusted alone."),
    knows("id", &["time"], "A leaf: an id begins with its time."),
    knows("time", &[], "A leaf: the one place of time."),
    knows("settings", &[], "A leaf: values, read once at the edge and passed on."),
    knows("log", &["settings"], "A leaf: how we speak, set up once."),
    knows("metrics", &[], "A leaf: counters."),
    knows("contract", &[], "All that a third party depends on."),
    knows("adapters", &["contract"], "An adapter is removed by deleting its folder, its feature and its line."),
];

/// The one file that names adapters.
const ADAPTERS_ARE_NAMED_IN: &str = "src/app.rs";
/// The one place that names the database driver: this file, or files under the folder of that name.
const DRIVER_IS_NAMED_IN: &str = "src/store/db";
/// The places that hold SQL.
const SQL_IS_IN: &[&str] = &["src/store/", "src/store.rs"];
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
