//! Enums that tables, the API and messages name by a word.

/// An enum with a word for each variant, and from the same list `ALL`, `as_str`, `parse`, `Display` and serde's `Serialize`.
///
/// ```text
/// words! {
///     /// Where a session stands.
///     pub enum Status {
///         /// Nobody has closed it.
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
            /// All of them, in their order.
            $visible const ALL: [Self; [$($word),+].len()] = [$(Self::$Variant),+];

            /// The word in tables and API.
            $visible const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$Variant => $word,)+
                }
            }

            /// Reads the word back.
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
