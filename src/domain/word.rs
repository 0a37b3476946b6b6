//! Enums with a fixed text for each variant, used in tables, the API and messages.

/// Defines an enum with a text for each variant, and from the same list `ALL`, `as_str`, `parse`, `Display` and serde's
/// `Serialize`.
///
/// ```text
/// words! {
///     /// State of a session.
///     pub enum Status {
///         /// It is not closed.
///         Open = "open",
///     }
/// }
/// ```
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $visible:vis enum $Name:ident { $($(#[$variant_meta:meta])* $Variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        $visible enum $Name {
            $($(#[$variant_meta])* $Variant,)+
        }

        impl $Name {
            /// All variants, in their order.
            $visible const ALL: [Self; [$($word),+].len()] = [$(Self::$Variant),+];

            /// The text in tables and the API.
            $visible const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$Variant => $word,)+
                }
            }

            /// Parses the text.
            $visible fn parse(word: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|one| one.as_str() == word)
            }
        }

        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $Name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

pub use words;
