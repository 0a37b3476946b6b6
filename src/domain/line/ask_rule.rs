//! Ask rules: which sessions a line asks about, by their labels and fields. The most specific matching rule applies.

use super::BadSetting;
use crate::session::label::{LabelIs, Labels};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Maximum number of rules of a line.
const RULES_MAX: usize = 20;
/// Maximum number of conditions of a rule.
const CONDITIONS_MAX: usize = 20;

/// An ask rule of a line. It matches a session that has all of `all` and at least one of `any`. Without conditions it matches every
/// session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskRule {
    /// Labels (`vip`) and fields (`topic:refund`, or `topic` for any value) that the session must all have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>, max_items = 20)]
    pub all: Vec<LabelIs>,
    /// Labels and fields of which the session must have at least one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>, max_items = 20)]
    pub any: Vec<LabelIs>,
    /// `true`: ask, even if the line's own preferences are against it (sampling, silent or short chats, timeouts, bots, who handled
    /// it). `false`: do not ask.
    pub ask: bool,
}

impl AskRule {
    fn fits(&self, of: Labels<'_>) -> bool {
        self.all.iter().all(|condition| condition.holds(of))
            && (self.any.is_empty() || self.any.iter().any(|condition| condition.holds(of)))
    }

    /// Number of conditions that a session must meet.
    fn conditions(&self) -> usize {
        self.all.len() + usize::from(!self.any.is_empty())
    }

    /// Text form: `ask: vip & (refund | topic:billing)`.
    pub fn written(&self) -> String {
        let joined = |of: &[LabelIs], by: &str| of.iter().map(LabelIs::to_string).collect::<Vec<_>>().join(by);
        let any = match (self.any.is_empty(), self.all.is_empty()) {
            (true, _) => None,
            (false, true) => Some(joined(&self.any, " | ")),
            (false, false) => Some(format!("({})", joined(&self.any, " | "))),
        };
        let parts: Vec<String> = Some(joined(&self.all, " & ")).filter(|all| !all.is_empty()).into_iter().chain(any).collect();
        let conditions = if parts.is_empty() { "*".to_owned() } else { parts.join(" & ") };
        format!("{}: {conditions}", if self.ask { "ask" } else { "skip" })
    }

    /// Parses [`AskRule::written`].
    pub fn parse(line: &str) -> Option<Self> {
        let (word, conditions) = line.split_once(':')?;
        let ask = match word.trim().to_lowercase().as_str() {
            "ask" => true,
            "skip" => false,
            _ => return None,
        };
        let mut rule = Self { ask, ..Self::default() };
        if conditions.trim() == "*" {
            return Some(rule);
        }
        for part in conditions.split('&').map(str::trim) {
            let inner = part.strip_prefix('(').and_then(|part| part.strip_suffix(')')).unwrap_or(part);
            let read: Option<Vec<LabelIs>> = inner.split('|').map(|text| LabelIs::parse(text.trim())).collect();
            match read? {
                one if one.len() == 1 => rule.all.extend(one),
                _ if !rule.any.is_empty() => return None,
                some => rule.any = some,
            }
        }
        Some(rule)
    }
}

/// The rule that applies to a session, and its number from 1: of the matching ones, the one with the most conditions; of several,
/// the first.
pub fn deciding<'r>(rules: &'r [AskRule], of: Labels<'_>) -> Option<(usize, &'r AskRule)> {
    let fitting = rules.iter().enumerate().filter(|(_, rule)| rule.fits(of));
    fitting.min_by_key(|(at, rule)| (std::cmp::Reverse(rule.conditions()), *at)).map(|(at, rule)| (at + 1, rule))
}

/// Refuses the first invalid rule.
pub(super) fn check(rules: &[AskRule]) -> Result<(), BadSetting> {
    let bad = |problem: String| Err(BadSetting { field: "ask_rules".to_owned(), problem });
    if rules.len() > RULES_MAX {
        return bad(format!("at most {RULES_MAX} rules; join some with `any`"));
    }
    for (at, rule) in rules.iter().enumerate() {
        if rule.all.len() + rule.any.len() > CONDITIONS_MAX {
            return bad(format!("rule {} has more than {CONDITIONS_MAX} conditions; take some out", at + 1));
        }
        let same = |other: &&AskRule| other.all == rule.all && other.any == rule.any;
        if let Some(before) = rules[..at].iter().position(|other| same(&other)) {
            return bad(format!(
                "rules {} and {} have the same conditions, so that the second never decides; take one out",
                before + 1,
                at + 1
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::label::Fields;

    #[test]
    fn the_most_specific_rule_decides_and_the_first_of_equals() {
        let rules: Vec<AskRule> = ["skip: *", "ask: vip", "skip: vip & topic:refund", "ask: topic | test", "skip: test"]
            .map(|line| AskRule::parse(line).unwrap())
            .into();
        let decides = |labels: &[&str], topic: Option<&str>| {
            let labels: Vec<String> = labels.iter().map(|&label| label.to_owned()).collect();
            let fields = Fields(topic.map(|topic| ("topic".to_owned(), topic.to_owned())).into_iter().collect());
            deciding(&rules, Labels::of(&labels, &fields)).map(|(number, rule)| (number, rule.ask))
        };
        assert_eq!(decides(&[], None), Some((1, false)), "a rule without conditions is for all others");
        assert_eq!(decides(&["vip"], None), Some((2, true)));
        assert_eq!(decides(&["vip"], Some("refund")), Some((3, false)), "more conditions win");
        assert_eq!(decides(&["vip"], Some("other")), Some((2, true)), "of equals the first");
        assert_eq!(decides(&["test"], None), Some((4, true)));
        assert_eq!(deciding(&rules[1..2], Labels::default()), None);
    }

    #[test]
    fn a_rule_is_written_as_it_is_read() {
        for line in ["ask: vip", "skip: *", "ask: vip & topic:refund", "skip: spam | test", "ask: vip & (topic:a b | refund)"] {
            assert_eq!(AskRule::parse(line).map(|rule| rule.written()).as_deref(), Some(line));
        }
        for line in ["vip", "maybe: vip", "ask:", "ask: vip & ", "ask: (a | b) & (c | d)", "ask: Very Important"] {
            assert_eq!(AskRule::parse(line), None, "{line}");
        }
    }

    #[test]
    fn rules_that_never_decide_are_refused() {
        let rule = |line: &str| AskRule::parse(line).unwrap();
        assert!(check(&[rule("ask: vip"), rule("skip: vip")]).unwrap_err().problem.contains("rules 1 and 2"));
        assert!(check(&vec![rule("ask: vip"); 21]).unwrap_err().problem.contains("at most 20"));
        assert_eq!(check(&[rule("ask: vip"), rule("skip: *")]), Ok(()));
    }
}
