//! Rights on the pages: one matrix. What is not in it is refused.
//!
//! A role decides what kind of thing a person may see and do. The person's limits decide which ones: a supervisor with lines sees
//! only those lines, an operator only their own numbers. Anything else appears not to exist.

use crate::word::words;
use lastword_base::names::{LineId, OperatorId};
use std::collections::BTreeSet;

words! {
    /// Role of a person.
    #[derive(Default)]
    pub enum Role {
        /// Everything.
        Admin = "admin",
        /// The work on ratings of all lines, or of some.
        Supervisor = "supervisor",
        /// Their own numbers.
        #[default]
        Operator = "operator",
    }
}

/// Something to see or do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Right {
    /// The page of today's events.
    SeeToday,
    /// Ratings, rating requests and sessions of the lines.
    SeeRatings,
    /// The low ratings to work on.
    SeeLowRatings,
    /// Assign, answer and settle low ratings; reply to ratings and flag them.
    WorkLowRatings,
    /// Void ratings and restore them.
    JudgeAppeals,
    /// Read, answer and close the chats of our own web chat.
    AnswerChats,
    /// The numbers of operators of the lines.
    SeeOperators,
    /// One's own numbers.
    SeeOwnNumbers,
    /// Download lists and reports as files.
    Export,
    /// Lines and their settings.
    SeeLines,
    /// Create, change and archive lines.
    ChangeLines,
    /// Recipients of alerts.
    SeeRecipients,
    /// Change recipients, and send them test alerts.
    ChangeRecipients,
    /// Connections and their state.
    SeeConnections,
    /// Resume a stopped connection.
    ResumeConnections,
    /// Make, change, pause and delete connections.
    ManageConnections,
    /// Deliveries.
    SeeDeliveries,
    /// Send deliveries again, or cancel them.
    MendDeliveries,
    /// Alerts and their recipients.
    SeeAlerts,
    /// Acknowledge alerts.
    AcknowledgeAlerts,
    /// The audit log.
    SeeAudit,
    /// Accounts of people and API keys.
    ManagePeople,
    /// Export or erase all data about one client.
    ManageClients,
    /// Release the quarantine of a copied database.
    ReleaseQuarantine,
    /// The name, color and logo that clients see.
    ChangeOrganisation,
}

impl Right {
    /// All rights.
    pub const ALL: [Right; 25] = [
        Right::SeeToday,
        Right::SeeRatings,
        Right::SeeLowRatings,
        Right::WorkLowRatings,
        Right::JudgeAppeals,
        Right::AnswerChats,
        Right::SeeOperators,
        Right::SeeOwnNumbers,
        Right::Export,
        Right::SeeLines,
        Right::ChangeLines,
        Right::SeeRecipients,
        Right::ChangeRecipients,
        Right::SeeConnections,
        Right::ResumeConnections,
        Right::ManageConnections,
        Right::SeeDeliveries,
        Right::MendDeliveries,
        Right::SeeAlerts,
        Right::AcknowledgeAlerts,
        Right::SeeAudit,
        Right::ManagePeople,
        Right::ManageClients,
        Right::ReleaseQuarantine,
        Right::ChangeOrganisation,
    ];
}

/// The roles with each right. A right without a row is granted to no role.
const MATRIX: &[(Right, &[Role])] = &[
    (Right::SeeToday, &[Role::Admin, Role::Supervisor]),
    (Right::SeeRatings, &[Role::Admin, Role::Supervisor]),
    (Right::SeeLowRatings, &[Role::Admin, Role::Supervisor]),
    (Right::WorkLowRatings, &[Role::Admin, Role::Supervisor]),
    (Right::JudgeAppeals, &[Role::Admin]),
    (Right::AnswerChats, &[Role::Admin, Role::Supervisor]),
    (Right::SeeOperators, &[Role::Admin, Role::Supervisor]),
    (Right::SeeOwnNumbers, &[Role::Operator]),
    (Right::Export, &[Role::Admin, Role::Supervisor]),
    (Right::SeeLines, &[Role::Admin, Role::Supervisor]),
    (Right::ChangeLines, &[Role::Admin, Role::Supervisor]),
    (Right::SeeRecipients, &[Role::Admin, Role::Supervisor]),
    (Right::ChangeRecipients, &[Role::Admin]),
    (Right::SeeConnections, &[Role::Admin, Role::Supervisor]),
    (Right::ResumeConnections, &[Role::Admin]),
    (Right::ManageConnections, &[Role::Admin]),
    (Right::SeeDeliveries, &[Role::Admin, Role::Supervisor]),
    (Right::MendDeliveries, &[Role::Admin, Role::Supervisor]),
    (Right::SeeAlerts, &[Role::Admin, Role::Supervisor]),
    (Right::AcknowledgeAlerts, &[Role::Admin, Role::Supervisor]),
    (Right::SeeAudit, &[Role::Admin]),
    (Right::ManagePeople, &[Role::Admin]),
    (Right::ManageClients, &[Role::Admin]),
    (Right::ReleaseQuarantine, &[Role::Admin]),
    (Right::ChangeOrganisation, &[Role::Admin]),
];

/// True if a role has a right.
pub fn may(role: Role, right: Right) -> bool {
    MATRIX.iter().any(|(row, roles)| *row == right && roles.contains(&role))
}

/// The lines that a person sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lines {
    /// All lines, including future ones.
    All,
    /// These.
    Some(BTreeSet<LineId>),
}

impl Lines {
    /// Only this line, if it is among them; all of them for `None`.
    #[must_use]
    pub fn narrowed(&self, line: Option<&LineId>) -> Self {
        match line {
            None => self.clone(),
            Some(line) => Lines::Some(if self.admit(line) { [line.clone()].into() } else { BTreeSet::new() }),
        }
    }

    /// True if this line is among them.
    pub fn admit(&self, line: &LineId) -> bool {
        match self {
            Lines::All => true,
            Lines::Some(lines) => lines.contains(line),
        }
    }
}

/// A person's rights: the role, and the limits of this person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    /// The role.
    pub role: Role,
    /// The lines that the person sees.
    pub lines: Lines,
    /// The desk's ID of the person, if an operator.
    pub operator: Option<OperatorId>,
    /// For operators: may read comments about themselves.
    pub comments: bool,
}

impl Rights {
    /// Rights from the fields of an account: an admin is never limited, and an operator sees no line as a whole.
    pub fn of(role: Role, all_lines: bool, lines: BTreeSet<LineId>, operator: Option<OperatorId>, comments: bool) -> Self {
        let lines = match role {
            Role::Admin => Lines::All,
            Role::Supervisor if all_lines => Lines::All,
            Role::Supervisor => Lines::Some(lines),
            Role::Operator => Lines::Some(BTreeSet::new()),
        };
        Self { role, lines, operator: operator.filter(|_| role == Role::Operator), comments: comments || role != Role::Operator }
    }

    /// True if the person has this right.
    pub fn may(&self, right: Right) -> bool {
        may(self.role, right)
    }

    /// True if the person may see data of this line and operator.
    pub fn sees(&self, line: &LineId, operator: Option<&OperatorId>) -> bool {
        match self.role {
            Role::Admin | Role::Supervisor => self.lines.admit(line),
            Role::Operator => self.operator.is_some() && self.operator.as_ref() == operator,
        }
    }

    /// True if the person sees everything, including what belongs to no line.
    pub fn sees_everything(&self) -> bool {
        self.lines == Lines::All
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rights(role: Role, lines: &[&str]) -> Rights {
        Rights::of(role, false, lines.iter().map(|&line| line.into()).collect(), Some("op-7".into()), false)
    }

    #[test]
    fn every_right_has_one_row_and_the_admin_all_but_the_operators_own() {
        for right in Right::ALL {
            assert_eq!(MATRIX.iter().filter(|(row, _)| *row == right).count(), 1, "{right:?}");
            assert_eq!(may(Role::Admin, right), right != Right::SeeOwnNumbers, "{right:?}");
            assert_eq!(may(Role::Operator, right), right == Right::SeeOwnNumbers, "{right:?}");
        }
    }

    #[test]
    fn a_supervisor_sees_their_lines_and_an_operator_themselves() {
        let some = rights(Role::Supervisor, &["support"]);
        assert!(
            some.sees(&"support".into(), Some(&"op-1".into()))
                && !some.sees(&"sales".into(), Some(&"op-7".into()))
                && !some.sees_everything()
        );
        let own = rights(Role::Operator, &["support"]);
        assert!(
            own.sees(&"sales".into(), Some(&"op-7".into()))
                && !own.sees(&"support".into(), Some(&"op-1".into()))
                && !own.sees(&"support".into(), None)
        );
        assert!(!own.lines.admit(&"support".into()) && !own.comments);
        assert!(rights(Role::Admin, &[]).sees(&"anything".into(), None));
        let nobody = Rights::of(Role::Operator, true, BTreeSet::new(), None, false);
        assert!(!nobody.sees(&"support".into(), None), "an operator without an id is nobody");
    }

    #[test]
    fn roles_are_words() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("owner"), None);
    }
}
