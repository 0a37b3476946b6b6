//! The settings of a connection, described once: what the settings file, the page *Connections* and the API know of a key. What a key
//! means, in words, is in the messages of the pages, by kind and key.

/// One key of a connection's settings that a person fills in. Keys that are seldom needed may be left out of the list: they are
/// written as TOML, on the page too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setting {
    /// The key, as in `lastword.toml`.
    pub key: &'static str,
    /// The type of the value.
    pub input: Input,
    /// True if the connection cannot be made without it.
    pub required: bool,
    /// True if most people leave it as it is: it is folded away.
    pub advanced: bool,
    /// True if we make one up where it is left empty: a secret that no person has to know.
    pub made: bool,
    /// A value as it may look; empty where the input says enough. For [`Input::Choice`], the default.
    pub example: &'static str,
}

/// The type of the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// One line of text.
    Text,
    /// A whole number.
    Number,
    /// The address of a server that is called: `https://desk.example.com`.
    Address,
    /// A secret that the platform gives. It is kept sealed and never shown.
    Secret,
    /// A secret of our own, which the platform is told. A new one is proposed; kept as [`Input::Secret`].
    OwnSecret,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// On or off.
    Switch,
    /// Texts, one a line.
    List,
    /// The id of one of our lines.
    Line,
}

impl Input {
    /// True if it is kept sealed and never shown.
    pub fn is_secret(self) -> bool {
        matches!(self, Input::Secret | Input::OwnSecret)
    }

    /// The word for it in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Input::Text => "text",
            Input::Number => "number",
            Input::Address => "address",
            Input::Secret => "secret",
            Input::OwnSecret => "own_secret",
            Input::Choice(_) => "choice",
            Input::Switch => "switch",
            Input::List => "list",
            Input::Line => "line",
        }
    }
}

impl Setting {
    /// A key that has to be filled in.
    pub const fn required(key: &'static str, input: Input, example: &'static str) -> Self {
        Self { key, input, required: true, advanced: false, made: false, example }
    }

    /// A key that may stay empty.
    pub const fn optional(key: &'static str, input: Input, example: &'static str) -> Self {
        Self { key, input, required: false, advanced: false, made: false, example }
    }

    /// The same key, folded away.
    #[must_use]
    pub const fn advanced(self) -> Self {
        Self { advanced: true, ..self }
    }

    /// The same key, made up by us where it is left empty.
    #[must_use]
    pub const fn made(self) -> Self {
        Self { made: true, ..self }
    }
}
