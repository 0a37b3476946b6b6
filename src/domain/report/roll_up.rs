//! Roll-ups: the dimensions (line, operator, channel) that a counter distinguishes. Every close is counted in all of them, so that
//! a report reads one counter for each figure, however many lines, operators and channels there are.

/// Dimensions of a counter; it is a sum over all others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RollUp {
    /// By line.
    pub line: bool,
    /// By operator. Then a close counts for each of its operators, otherwise once.
    pub operator: bool,
    /// By kind of channel.
    pub channel: bool,
}

impl RollUp {
    /// All roll-ups; each is stored.
    pub const ALL: [Self; 8] = [
        Self::of(false, false, false),
        Self::of(true, false, false),
        Self::of(false, false, true),
        Self::of(true, false, true),
        Self::of(false, true, false),
        Self::of(true, true, false),
        Self::of(false, true, true),
        Self::of(true, true, true),
    ];

    const fn of(line: bool, operator: bool, channel: bool) -> Self {
        Self { line, operator, channel }
    }

    /// The finest one, with or without operators: each other one is a sum of one of the two.
    pub const fn finest(operator: bool) -> Self {
        Self::of(true, operator, true)
    }

    /// Its text in tables.
    pub fn as_str(self) -> &'static str {
        match (self.line, self.operator, self.channel) {
            (false, false, false) => "all",
            (true, false, false) => "line",
            (false, false, true) => "channel",
            (true, false, true) => "line_channel",
            (false, true, false) => "operator",
            (true, true, false) => "line_operator",
            (false, true, true) => "operator_channel",
            (true, true, true) => "line_operator_channel",
        }
    }

    /// Parses [`RollUp::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|roll_up| roll_up.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_roll_up_has_its_word() {
        for roll_up in RollUp::ALL {
            assert_eq!(RollUp::parse(roll_up.as_str()), Some(roll_up));
        }
        assert_eq!(RollUp::ALL.iter().collect::<std::collections::BTreeSet<_>>().len(), 8);
        assert_eq!(RollUp::parse("day"), None);
    }
}
