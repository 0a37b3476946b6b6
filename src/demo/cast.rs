//! Who plays in the demo: lines, operators, messengers, and what is different about them. All of it is made up.

use lastword_domain::answer::rating::Scale;
use lastword_domain::answer::reason::Reason;
use lastword_domain::line::ask_rule::AskRule;
use lastword_domain::line::deadline::Deadline;
use lastword_domain::line::tag_rule::TagRule;
use lastword_domain::line::{Alerts, FollowUp, LabelRoute, LineSettings, Resolved, Texts};
use lastword_domain::session::Operator;
use lastword_domain::session::label::{Fields, LabelIs};

/// Whose clients they are.
pub const SHOP: &str = "Northwind Shop";
/// The line of the chat on the page.
pub const LIVE_LINE: &str = "support";
/// The recipient of all alerts.
pub const SUPERVISOR: &str = "supervisor";
/// The recipient who is told of late replies, the connection, and the chat there: on nobody's screen here.
pub const HEAD: (&str, &str, &str) = ("head-of-service", "demo-telegram", "head-of-service");
/// Where the supervisor's screen is, among the visitors of its connection.
pub const SUPERVISOR_CHAT: &str = "supervisor-screen";

/// The login of the admin as whom visitors see the people's pages.
pub const ADMIN: &str = "demo";

/// The lines: id, name, scale, share of all chats.
pub const LINES: &[(&str, &str, Scale, f64)] =
    &[(LIVE_LINE, "Support", Scale::Binary, 0.56), ("sales", "Sales", Scale::Binary, 0.29), ("billing", "Billing", Scale::FiveStar, 0.15)];

/// Operators: id, name, share of all chats, how many of those who answer are content. One is better than the others and one is
/// not as good: the data can say so of these two, and of nobody else.
pub const OPERATORS: &[(&str, &str, f64, f64)] = &[
    ("ann", "Ann Keller", 0.19, 0.90),
    ("boris", "Boris Petrov", 0.16, 0.90),
    ("chen", "Chen Wei", 0.20, 0.985),
    ("dalia", "Dalia Haddad", 0.15, 0.89),
    ("emeka", "Emeka Obi", 0.14, 0.90),
    ("farah", "Farah Nasser", 0.06, 0.90),
    ("georg", "Georg Weiss", 0.10, 0.68),
];

/// Those who work off low ratings: login and name.
pub const SUPERVISORS: &[(&str, &str)] = &[("mara", "Mara Lind"), ("tom", "Tom Reyes")];

/// Messengers: connection, kind, share of all chats, how many clients answer.
pub const MESSENGERS: &[(&str, &str, f64, f64)] =
    &[(SHOP_CHAT, "webchat", 0.48, 0.5), ("demo-telegram", "telegram", 0.32, 0.27), ("demo-whatsapp", "whatsapp", 0.20, 0.19)];
/// The chat on the made-up shop's site.
const SHOP_CHAT: &str = "demo-web";

/// The last days, in which clients of one line wait too long.
pub const BAD_DAYS: i64 = 6;
/// The share of content clients who stay content on these days: in the chat on the shop's site, and elsewhere.
const LEFT_CONTENT: (f64, f64) = (0.45, 0.6);

/// Of those who were content with an operator, how many are on this line and messenger; `bad_days` are the last ones.
pub fn mood(line: &str, connection: &str, bad_days: bool) -> f64 {
    match connection {
        _ if !bad_days || line != LIVE_LINE => 1.0,
        SHOP_CHAT => LEFT_CONTENT.0,
        _ => LEFT_CONTENT.1,
    }
}

/// What clients of a line are unhappy about: the reason, its share before the bad days and in them.
pub fn complaints(line: &str) -> &'static [(&'static str, f64, f64)] {
    match line {
        LIVE_LINE => &[("slow", 0.2, 0.78), ("unresolved", 0.45, 0.12), ("unfriendly", 0.15, 0.05), ("unclear", 0.2, 0.05)],
        "sales" => &[("price", 0.6, 0.6), ("slow", 0.15, 0.15), ("unclear", 0.25, 0.25)],
        _ => &[("unclear", 0.5, 0.5), ("unresolved", 0.4, 0.4), ("slow", 0.1, 0.1)],
    }
}

/// How many of the unhappy choose a reason.
pub const REASON_SHARE: f64 = 0.7;
/// How many of the unhappy write a comment.
pub const COMMENT_SHARE: f64 = 0.65;
/// How many of those who are asked say whether their issue was resolved.
pub const RESOLVED_SHARE: f64 = 0.4;
/// How many of these say that it was, after a high score and after a low one.
pub const RESOLVED_YES: (f64, f64) = (0.93, 0.22);

/// The operator at the desk of the demo's page.
pub fn operator_on_duty() -> Operator {
    let (id, name, ..) = OPERATORS[0];
    Operator { id: id.to_owned(), name: Some(name.to_owned()), kind: None }
}

/// Keyword rules of all lines of the demo.
fn tag_rules() -> Vec<TagRule> {
    let rule = |(code, words): (&str, &[&str])| {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        TagRule { code: code.to_owned(), words: [("en".to_owned(), words)].into() }
    };
    let rules: [(&str, &[&str]); 4] = [
        ("slow", &["slow", "wait*", "minutes"]),
        ("refund", &["refund*", "money back"]),
        ("delivery", &["parcel*", "lost"]),
        ("price", &["price*", "expensive"]),
    ];
    rules.map(rule).into()
}

/// A working day for a reply to a low rating.
fn deadline() -> Deadline {
    let at = |time: &str| Some(time.to_owned());
    Deadline { hours: 8, days: vec![1, 2, 3, 4, 5], from: at("09:00"), to: at("18:00"), ..Deadline::default() }
}

/// Labels and fields of the settings, as they stand there.
pub const LABELS: [&str; 1] = ["vip: Important clients"];
/// See [`LABELS`].
pub const FIELDS: [&str; 1] = ["topic: Topic"];

/// The labels of a chat of the past: every eleventh is of an important client.
pub fn labels(chat: u64) -> Vec<String> {
    if chat.is_multiple_of(11) { vec!["vip".to_owned()] } else { Vec::new() }
}

/// What a chat of the past was about, where an operator wrote it down.
pub fn fields(chat: u64) -> Fields {
    let topic = ["delivery", "refund", "", "delivery", "invoice", "", "warranty"][(chat % 7) as usize];
    Fields(Some(("topic".to_owned(), topic.to_owned())).filter(|(_, topic)| !topic.is_empty()).into_iter().collect())
}

/// What is tried on one line in the last weeks: other words for the question, to which more clients answer.
pub struct Tried {
    /// The line.
    pub line: &'static str,
    /// Since so many days.
    pub days: i64,
    /// The question of B.
    pub question: &'static str,
    /// So many times as many clients answer.
    pub answers: f64,
}

/// See [`Tried`].
pub const TRIED: Tried = Tried { line: "sales", days: 28, question: "Did we help you to choose? One tap is enough.", answers: 1.5 };

/// Where contented and other clients of one line may review the shop in public.
const REVIEW_LINK: &str = "https://reviews.example/northwind";

/// The share of good ratings that a line is to reach, in percent.
fn target(id: &str) -> Option<u8> {
    match id {
        LIVE_LINE => Some(90),
        "sales" => Some(80),
        _ => None,
    }
}

/// Of billing nobody is asked about warranties, which the makers answer, but for important clients.
fn ask_rules(id: &str) -> Vec<AskRule> {
    let rules = ["skip: topic:warranty", "ask: vip & topic:warranty"];
    if id == "billing" { rules.iter().filter_map(|rule| AskRule::parse(rule)).collect() } else { Vec::new() }
}

/// The supervisor hears of all low ratings; of those of important clients, the head of service hears at once too.
fn alerts() -> Alerts {
    let vip = LabelIs::parse("vip").into_iter().collect();
    Alerts {
        recipients: vec![SUPERVISOR.to_owned()],
        by_label: vec![LabelRoute { recipient: HEAD.0.to_owned(), any: vip }],
        escalate_to: vec![HEAD.0.to_owned()],
        ..Alerts::default()
    }
}

/// The settings of a line of the demo.
pub fn settings(id: &str, scale: Scale) -> LineSettings {
    let reason = |(code, text): (&str, &str)| Reason { code: code.to_owned(), text: text.to_owned() };
    let own = [("price", "Too expensive"), ("slow", "Took too long"), ("unclear", "Hard to understand")];
    let reasons = (id == "sales").then(|| own.map(reason).to_vec());
    let texts = Texts { comment: Some("Tell us more".to_owned()), reasons, ..Texts::default() };
    LineSettings {
        scale,
        texts: [("en".to_owned(), texts)].into(),
        alerts: alerts(),
        ask_rules: ask_rules(id),
        target_percent: target(id),
        review_link: (id == "sales").then(|| REVIEW_LINK.to_owned()),
        deadline: Some(deadline()),
        tag_rules: tag_rules(),
        follow_up: FollowUp { resolved: if id == "billing" { Resolved::Always } else { Resolved::AfterLow }, ..FollowUp::default() },
        // Whoever tries the demo closes more than one chat a day.
        once_per_client_hours: if id == LIVE_LINE { 0 } else { 24 },
        ..LineSettings::default()
    }
}
