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
    /// The text in tables and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Scale::Binary => "binary",
            Scale::FiveStar => "five_star",
        }
    }

    /// Parses [`Scale::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        [Scale::Binary, Scale::FiveStar].into_iter().find(|scale| scale.as_str() == word)
    }

    /// True if `score` is on this scale.
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

    /// The highest low score by default: 👎, or two stars.
    pub fn low_max_default(self) -> u8 {
        match self {
            Scale::Binary => 0,
            Scale::FiveStar => 2,
        }
    }

    /// The lowest good score, unless the line counts it as low: 👍, or four stars.
    pub fn good_min(self) -> u8 {
        match self {
            Scale::Binary => 1,
            Scale::FiveStar => 4,
        }
    }

    /// The best score: 👍, or five stars.
    pub fn top(self) -> u8 {
        match self {
            Scale::Binary => 1,
            Scale::FiveStar => 5,
        }
    }

    /// `score` for display: 👍, 👎, or stars with their number.
    pub fn show(self, score: u8) -> String {
        match self {
            Scale::Binary if score == 1 => "👍".to_owned(),
            Scale::Binary => "👎".to_owned(),
            Scale::FiveStar => format!("{}{} {score}/5", "★".repeat(score.into()), "☆".repeat(5_usize.saturating_sub(score.into()))),
        }
    }
}

/// Grade of a score: bad if the line's rule at the time of the answer counts it as low; otherwise good from 👍 or four stars up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// 👍, or at least four stars.
    Good,
    /// Neither good nor bad: three stars where two are low.
    Neutral,
    /// Low by the line's rule.
    Bad,
}

impl Grade {
    /// All grades, best first.
    pub const ALL: [Grade; 3] = [Grade::Good, Grade::Neutral, Grade::Bad];

    /// The grade of a score; `low` states whether it was low when it was given.
    pub fn of(scale: Scale, score: u8, low: bool) -> Self {
        match (low, score >= scale.good_min()) {
            (true, _) => Grade::Bad,
            (false, true) => Grade::Good,
            (false, false) => Grade::Neutral,
        }
    }

    /// The text in tables and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Grade::Good => "good",
            Grade::Neutral => "neutral",
            Grade::Bad => "bad",
        }
    }

    /// Parses [`Grade::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Grade::ALL.into_iter().find(|grade| grade.as_str() == word)
    }
}
