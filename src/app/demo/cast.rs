//! Who plays in the demo: lines, operators, messengers, and what unhappy clients say. All of it is made up.

use crate::domain::answer::rating::Scale;
use crate::domain::line::{Alerts, FollowUp, LineSettings, Resolved, Texts};
use crate::domain::session::Operator;

/// The line of the chat on the page.
pub(super) const LIVE_LINE: &str = "support";
/// The recipient of all alerts.
pub(super) const SUPERVISOR: &str = "supervisor";
/// Where the supervisor's screen is, among the visitors of its connection.
pub(super) const SUPERVISOR_CHAT: &str = "supervisors-screen-001";

/// The login of the admin as whom visitors see the people's pages.
pub(super) const ADMIN: &str = "demo";

/// The lines: id, name, scale, share of all chats.
pub(super) const LINES: &[(&str, &str, Scale, f64)] =
    &[(LIVE_LINE, "Support", Scale::Binary, 0.56), ("sales", "Sales", Scale::Binary, 0.29), ("billing", "Billing", Scale::FiveStar, 0.15)];

/// Operators: id, name, share of all chats, how many of those who answer are content.
pub(super) const OPERATORS: &[(&str, &str, f64, f64)] = &[
    ("ann", "Ann Keller", 0.24, 0.93),
    ("boris", "Boris Petrov", 0.19, 0.90),
    ("chen", "Chen Wei", 0.17, 0.95),
    ("dalia", "Dalia Haddad", 0.16, 0.87),
    ("emeka", "Emeka Obi", 0.14, 0.91),
    ("farah", "Farah Nasser", 0.06, 0.84),
    ("georg", "Georg Weiss", 0.04, 0.74),
];

/// Messengers: connection, kind, share of all chats, how many clients answer.
pub(super) const MESSENGERS: &[(&str, &str, f64, f64)] =
    &[("demo-web", "webchat", 0.46, 0.29), ("demo-telegram", "telegram", 0.33, 0.24), ("demo-whatsapp", "whatsapp", 0.21, 0.17)];

/// What clients write after a low score, with the place of the reason it goes with.
pub(super) const COMMENTS: &[(usize, &str)] = &[
    (0, "I waited 40 minutes for the first answer."),
    (0, "Too slow. I had to explain everything twice while waiting."),
    (0, "By the time somebody answered I had found it out myself."),
    (1, "My refund is still not there."),
    (1, "The parcel is still lost and nobody knows where it is."),
    (1, "You closed the chat before my problem was solved."),
    (1, "I was told to call another number, which does not answer."),
    (2, "I felt like a nuisance."),
    (2, "A little more patience would have been nice."),
    (3, "I did not understand what I was supposed to do."),
    (3, "Many words, but no clear answer."),
];

/// How many of the unhappy choose a reason.
pub(super) const REASON_SHARE: f64 = 0.7;
/// How many of the unhappy write a comment.
pub(super) const COMMENT_SHARE: f64 = 0.45;

/// The operator at the desk of the demo's page.
pub(super) fn operator_on_duty() -> Operator {
    let (id, name, ..) = OPERATORS[0];
    Operator { id: id.to_owned(), name: Some(name.to_owned()) }
}

/// The settings of a line of the demo.
pub(super) fn settings(id: &str, scale: Scale) -> LineSettings {
    let texts = Texts { comment: Some("Tell us more".to_owned()), ..Texts::default() };
    LineSettings {
        scale,
        texts: [("en".to_owned(), texts)].into(),
        alerts: Alerts { recipients: vec![SUPERVISOR.to_owned()], ..Alerts::default() },
        follow_up: FollowUp { resolved: Resolved::AfterLow, ..FollowUp::default() },
        // Whoever tries the demo closes more than one chat a day.
        once_per_client_hours: if id == LIVE_LINE { 0 } else { 24 },
        ..LineSettings::default()
    }
}
