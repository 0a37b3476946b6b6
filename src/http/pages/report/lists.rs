//! Links from figures to the list of their closes on the ratings page.

use crate::frame::Frame;
use lastword_base::names::{LineId, OperatorId};
use lastword_domain::report::rating_filter::NONE;
use lastword_store::report::Closes;

/// Builds links to lists of these closes.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// Empty if the person has no access to the list.
    base: String,
}

impl Lists {
    /// Links to lists of these closes; no links if no list can show exactly these.
    pub fn of_some(page: &Frame, closes: Option<&Closes>) -> Self {
        closes.map_or_else(Self::default, |closes| Self::of(page, closes))
    }

    /// Links to lists of these closes.
    pub fn of(page: &Frame, closes: &Closes) -> Self {
        Self::over(closes, page.leads("/ratings"))
    }

    fn over(closes: &Closes, there: bool) -> Self {
        if !there {
            return Self::default();
        }
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("from", &closes.from.to_string()).append_pair("until", &closes.until.plus(-1).to_string());
        let (scale, handled_by) = (closes.scale.map(|scale| scale.as_str().to_owned()), closes.handled_by.map(|by| by.to_string()));
        let label = closes.label.as_ref().map(ToString::to_string);
        let values = [
            ("line", closes.line.as_ref().map(LineId::as_str)),
            ("operator", closes.operator.as_ref().map(OperatorId::as_str)),
            ("channel", closes.channel.as_deref()),
            ("scale", scale.as_deref()),
            ("handled_by", handled_by.as_deref()),
            ("label", label.as_deref()),
        ];
        for (name, value) in values {
            if let Some(value) = value {
                query.append_pair(name, if value.is_empty() { NONE } else { value });
            }
        }
        Self { base: format!("/ratings?{}", query.finish()) }
    }

    /// Link to the list with these additional filters; empty if there is none.
    pub fn to(&self, more: &[(&str, &str)]) -> String {
        if self.base.is_empty() {
            return String::new();
        }
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(more);
        let more = query.finish();
        if more.is_empty() { self.base.clone() } else { format!("{}&{more}", self.base) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lastword_domain::answer::rating::Scale;
    use lastword_domain::report::calendar::Day;
    use lastword_domain::report::period::Period;
    use lastword_domain::session::HandledBy;

    #[test]
    fn a_list_is_of_the_same_closes_as_the_number() {
        let period = Period::new(Day::parse("2026-09-01").unwrap(), Day::parse("2026-10-01").unwrap()).unwrap();
        let (line, operator) = (Some("a&b".to_owned()), Some("op 7".to_owned()));
        let closes = Closes {
            line: line.map(LineId::from),
            operator: operator.map(OperatorId::from),
            scale: Some(Scale::FiveStar),
            ..Closes::of(period)
        };
        let lists = Lists::over(&closes, true);
        let base = "/ratings?from=2026-09-01&until=2026-09-30&line=a%26b&operator=op+7&scale=five_star";
        assert_eq!(lists.to(&[]), base);
        assert_eq!(lists.to(&[("outcome", "not_asked"), ("reason", "spam")]), format!("{base}&outcome=not_asked&reason=spam"));
        let by_both = Closes { handled_by: Some(HandledBy::Both), ..closes.clone() };
        assert_eq!(Lists::over(&by_both, true).to(&[]), format!("{base}&handled_by=both"));
        assert_eq!(Lists::over(&closes, false).to(&[]), "", "no page, no link");
        let nobodys = Closes { operator: Some(OperatorId::default()), channel: Some(String::new()), line: None, scale: None, ..closes };
        assert_eq!(Lists::over(&nobodys, true).to(&[]), "/ratings?from=2026-09-01&until=2026-09-30&operator=-&channel=-");
    }
}
