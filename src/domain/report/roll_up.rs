//! Roll-ups: which of line, operator and channel a counter keeps apart. Every close is counted in all of them, so that a
//! report reads one counter for each thing it shows, however many lines, operators and channels there are.

/// What a counter keeps apart; over everything else it is a sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RollUp {
    /// Lines.
    pub line: bool,
    /// Operators. Then a close counts for each operator it belongs to, otherwise once.
    pub operator: bool,
    /// Kinds of channels.
    pub channel: bool,
}

impl RollUp {
    /// All of them: each is kept.
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

    /// The finest, with or without operators: all others are sums of one of the two.
    pub const fn finest(operator: bool) -> Self {
        Self::of(true, operator, true)
    }

    /// Its word.
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

    /// The roll-up of a word.
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
