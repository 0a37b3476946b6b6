//! Made-up lines, operators and messengers of the demo, and their properties.

use lastword_domain::answer::rating::Scale;
use lastword_domain::answer::reason::Reason;
use lastword_domain::line::ask_rule::AskRule;
use lastword_domain::line::deadline::Deadline;
use lastword_domain::line::tag_rule::TagRule;
use lastword_domain::line::{Alerts, FollowUp, LabelRoute, LineSettings, Resolved, Texts};
use lastword_domain::session::Operator;
use lastword_domain::session::label::{Fields, LabelIs};

/// Name of the organisation.
pub const SHOP: &str = "Northwind Shop";
/// Line of the chat on the page.
pub const LIVE_LINE: &str = "support";
/// Recipient of all alerts.
pub const SUPERVISOR: &str = "supervisor";
/// Recipient of alerts about late replies: ID, connection and chat. Not shown on the page.
pub const HEAD: (&str, &str, &str) = ("head-of-service", "demo-telegram", "head-of-service");
/// Chat of the supervisor's screen, among the visitors of its connection.
pub const SUPERVISOR_CHAT: &str = "supervisor-screen";

/// The chat room that receives alerts, alarms, letters and warnings: ID and name.
pub const ROOM: (&str, &str) = ("team-room", "the team’s room");

/// Login of the admin that visitors of the people's pages are signed in with.
pub const ADMIN: &str = "demo";

/// Lines: ID, name, scale, share of all chats.
pub const LINES: &[(&str, &str, Scale, f64)] =
    &[(LIVE_LINE, "Support", Scale::Binary, 0.56), ("sales", "Sales", Scale::Binary, 0.29), ("billing", "Billing", Scale::FiveStar, 0.15)];

/// Operators: ID, name, weight among all chats, share of satisfied clients who answer. One is better and one is worse than the
/// others; only for these two is the difference significant.
pub const OPERATORS: &[(&str, &str, f64, f64)] = &[
    ("ann", "Ann Keller", 0.19, 0.90),
    ("boris", "Boris Petrov", 0.16, 0.90),
    ("chen", "Chen Wei", 0.22, 0.995),
    ("dalia", "Dalia Haddad", 0.15, 0.89),
    ("emeka", "Emeka Obi", 0.14, 0.90),
    ("farah", "Farah Nasser", 0.06, 0.90),
    ("georg", "Georg Weiss", 0.10, 0.6),
];

/// Supervisors who deal with low ratings: login and name.
pub const SUPERVISORS: &[(&str, &str)] = &[("mara", "Mara Lind"), ("tom", "Tom Reyes")];

/// Messengers: connection, kind, share of all chats, share of clients who answer.
pub const MESSENGERS: &[(&str, &str, f64, f64)] =
    &[(SHOP_CHAT, "webchat", 0.48, 0.5), ("demo-telegram", "telegram", 0.32, 0.27), ("demo-whatsapp", "whatsapp", 0.20, 0.19)];
/// The chat on the made-up shop's site.
pub const SHOP_CHAT: &str = "demo-web";

/// Number of recent days in which clients of one line wait too long.
pub const BAD_DAYS: i64 = 7;
/// Factors for the odds that a client is satisfied on these days: in the chat on the shop's site, and elsewhere. Of nine of ten, four or
/// five remain; the best operator loses few.
const BAD_DAY_ODDS: (f64, f64) = (0.08, 0.13);

/// The share of satisfied clients on this line and messenger, of an operator whose share is `content` on other days; `bad_days` are the
/// last ones.
pub fn mood(content: f64, line: &str, connection: &str, bad_days: bool) -> f64 {
    let factor = match connection {
        _ if !bad_days || line != LIVE_LINE => return content,
        SHOP_CHAT => BAD_DAY_ODDS.0,
        _ => BAD_DAY_ODDS.1,
    };
    let odds = content / (1.0 - content) * factor;
    odds / (1.0 + odds)
}

/// Causes of dissatisfaction on a line: the reason, and its share before and during the bad days.
pub fn complaints(line: &str) -> &'static [(&'static str, f64, f64)] {
    match line {
        LIVE_LINE => &[("slow", 0.2, 0.78), ("unresolved", 0.45, 0.12), ("unfriendly", 0.15, 0.05), ("unclear", 0.2, 0.05)],
        "sales" => &[("price", 0.6, 0.6), ("slow", 0.15, 0.15), ("unclear", 0.25, 0.25)],
        _ => &[("unclear", 0.5, 0.5), ("unresolved", 0.4, 0.4), ("slow", 0.1, 0.1)],
    }
}

/// Share of dissatisfied clients who choose a reason.
pub const REASON_SHARE: f64 = 0.7;
/// Share of dissatisfied clients who write a comment.
pub const COMMENT_SHARE: f64 = 0.65;
/// Share of satisfied clients in a messenger who write one.
pub const PRAISE_SHARE: f64 = 0.3;
/// Share of asked clients who say if their issue was resolved.
pub const RESOLVED_SHARE: f64 = 0.4;
/// Share of those who say that it was, after a high score and after a low one.
pub const RESOLVED_YES: (f64, f64) = (0.93, 0.22);

/// The operator on the demo's page.
pub fn operator_on_duty() -> Operator {
    let (id, name, ..) = OPERATORS[0];
    Operator { id: id.into(), name: Some(name.to_owned()), kind: None }
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

/// Deadline of one working day for the reply to a low rating.
fn deadline() -> Deadline {
    let at = |time: &str| Some(time.to_owned());
    Deadline { hours: 8, days: vec![1, 2, 3, 4, 5], from: at("09:00"), to: at("18:00"), ..Deadline::default() }
}

/// Labels and fields in the format of the settings.
pub const LABELS: [&str; 1] = ["vip: Important clients"];
/// See [`LABELS`].
pub const FIELDS: [&str; 1] = ["topic: Topic"];

/// Labels of a past chat: every eleventh has an important client.
pub fn labels(chat: u64) -> Vec<String> {
    if chat.is_multiple_of(11) { vec!["vip".to_owned()] } else { Vec::new() }
}

/// Topic of a past chat, if an operator recorded it.
pub fn fields(chat: u64) -> Fields {
    let topic = ["delivery", "refund", "", "delivery", "invoice", "", "warranty"][(chat % 7) as usize];
    Fields(Some(("topic".to_owned(), topic.to_owned())).filter(|(_, topic)| !topic.is_empty()).into_iter().collect())
}

/// The experiment on one line in the last weeks: another text of the question, which more clients answer.
pub struct Tried {
    /// The line.
    pub line: &'static str,
    /// Days since its start.
    pub days: i64,
    /// Question of variant B.
    pub question: &'static str,
    /// Factor for the share of clients who answer.
    pub answers: f64,
}

/// See [`Tried`].
pub const TRIED: Tried = Tried { line: "sales", days: 28, question: "Did we help you to choose? One tap is enough.", answers: 1.5 };

/// Public page on which all clients of one line may review the shop.
const REVIEW_LINK: &str = "https://reviews.example/northwind";

/// A line's target share of good ratings, in percent.
fn target(id: &str) -> Option<u8> {
    match id {
        LIVE_LINE => Some(90),
        "sales" => Some(80),
        _ => None,
    }
}

/// On the billing line, clients are not asked about warranties, which the manufacturers handle, except important clients.
fn ask_rules(id: &str) -> Vec<AskRule> {
    let rules = ["skip: topic:warranty", "ask: vip & topic:warranty"];
    if id == "billing" { rules.iter().filter_map(|rule| AskRule::parse(rule)).collect() } else { Vec::new() }
}

/// The supervisor gets all low ratings; the head of service also immediately gets those of important clients.
fn alerts() -> Alerts {
    let vip = LabelIs::parse("vip").into_iter().collect();
    Alerts {
        recipients: vec![SUPERVISOR.to_owned()],
        by_label: vec![LabelRoute { recipient: HEAD.0.to_owned(), any: vip }],
        escalate_to: vec![HEAD.0.to_owned()],
        ..Alerts::default()
    }
}

/// Settings of a line of the demo.
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
        // Visitors of the demo close more than one chat a day.
        once_per_client_hours: if id == LIVE_LINE { 0 } else { 24 },
        ..LineSettings::default()
    }
}
