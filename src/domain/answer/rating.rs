//! The value that counts: a score on its scale.

/// The scale of a question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// 👍 (1) or 👎 (0).
    #[default]
    Binary,
    /// One to five stars.
    FiveStar,
}

impl Scale {
    /// The word in tables and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Scale::Binary => "binary",
            Scale::FiveStar => "five_star",
        }
    }

    /// Reads [`Scale::as_str`] back.
    pub fn parse(word: &str) -> Option<Self> {
        [Scale::Binary, Scale::FiveStar].into_iter().find(|scale| scale.as_str() == word)
    }

    /// Whether `score` is on this scale.
    pub fn admits(self, score: u8) -> bool {
        self.scores().any(|other| other == score)
    }

    /// Its scores, lowest first.
    pub fn scores(self) -> impl DoubleEndedIterator<Item = u8> {
        match self {
            Scale::Binary => 0..=1,
            Scale::FiveStar => 1..=5,
        }
    }

    /// The highest score that is low where the line names none: 👎, or two stars.
    pub fn low_max_default(self) -> u8 {
        match self {
            Scale::Binary => 0,
            Scale::FiveStar => 2,
        }
    }

    /// The lowest score that is good, unless the line calls it low: 👍, or four stars.
    pub fn good_min(self) -> u8 {
        match self {
            Scale::Binary => 1,
            Scale::FiveStar => 4,
        }
    }

    /// The best score there is: 👍, or five stars.
    pub fn top(self) -> u8 {
        match self {
            Scale::Binary => 1,
            Scale::FiveStar => 5,
        }
    }

    /// How a person reads `score`: 👍, 👎 or stars with their number.
    pub fn show(self, score: u8) -> String {
        match self {
            Scale::Binary if score == 1 => "👍".to_owned(),
            Scale::Binary => "👎".to_owned(),
            Scale::FiveStar => format!("{}{} {score}/5", "★".repeat(score.into()), "☆".repeat(5_usize.saturating_sub(score.into()))),
        }
    }
}

/// What a score says: bad where the line's rule at the answer calls it low; of the rest, good from 👍 or four stars up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// 👍, or four stars and more.
    Good,
    /// Neither good nor bad: three stars where two are low.
    Neutral,
    /// Low by the line's rule.
    Bad,
}

impl Grade {
    /// All of them, best first.
    pub const ALL: [Grade; 3] = [Grade::Good, Grade::Neutral, Grade::Bad];

    /// The grade of a score that was `low` or not when it was given.
    pub fn of(scale: Scale, score: u8, low: bool) -> Self {
        match (low, score >= scale.good_min()) {
            (true, _) => Grade::Bad,
            (false, true) => Grade::Good,
            (false, false) => Grade::Neutral,
        }
    }

    /// The word in tables and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Grade::Good => "good",
            Grade::Neutral => "neutral",
            Grade::Bad => "bad",
        }
    }

    /// Reads [`Grade::as_str`] back.
    pub fn parse(word: &str) -> Option<Self> {
        Grade::ALL.into_iter().find(|grade| grade.as_str() == word)
    }
}
