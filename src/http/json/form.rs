//! Reads values strictly in the form of the API description, even where serde accepts more: no list for an object, no
//! string for an object, and numbers within their range. Errors use the terms of JSON, not of Rust.
//!
//! Events are read leniently ([`Patience::Event`]), so that a desk's close is not lost because an ID was sent as a number.

use serde::de::value::StrDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use std::fmt;

/// Greatest integer that JSON parsers of all languages represent exactly.
pub const INTEGER_MAX: i64 = (1 << 53) - 1;
/// Greatest integer where the description says int32.
pub const SMALL_INTEGER_MAX: i64 = i32::MAX as i64;

/// Tolerance for values in another form than described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    /// None.
    None,
    /// Accepts an integer for a string, and digits in a string for an integer.
    Event,
}

/// Reads a `T` in its described form.
pub(super) fn read<'de, T: Deserialize<'de>, D: Deserializer<'de>>(source: D, patience: Patience) -> Result<T, D::Error> {
    T::deserialize(Formed { inner: source, patience, due: Due::Anything })
}

/// The JSON type expected at a place.
#[derive(Clone, Copy)]
enum Due {
    Anything,
    Object,
    List,
    Text,
    Integer(i64, i64),
    Number,
    Word(&'static [&'static str]),
}

/// Wraps a deserializer, or an access object that serde passes on, and checks the form of everything read through it.
pub(super) struct Formed<T> {
    inner: T,
    patience: Patience,
    due: Due,
}

impl<T> Formed<T> {
    fn due<U>(&self, inner: U, due: Due) -> Formed<U> {
        Formed { inner, patience: self.patience, due }
    }

    fn around<U>(&self, inner: U) -> Formed<U> {
        self.due(inner, Due::Anything)
    }
}

/// Methods that pass the visitor on, with the expected type.
macro_rules! hands_on {
    ($($method:ident: $due:expr),* $(,)?) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            let visitor = self.due(visitor, $due);
            self.inner.$method(visitor)
        })*
    };
}

/// Methods for integers. They are read as any value, because digits in a string may be accepted.
macro_rules! integers {
    ($($method:ident: $min:expr, $max:expr),* $(,)?) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            let visitor = self.due(visitor, Due::Integer($min, $max));
            self.inner.deserialize_any(visitor)
        })*
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Formed<D> {
    type Error = D::Error;

    hands_on! {
        deserialize_any: Due::Anything, deserialize_bool: Due::Anything, deserialize_char: Due::Text,
        deserialize_f32: Due::Number, deserialize_f64: Due::Number,
        deserialize_bytes: Due::Anything, deserialize_byte_buf: Due::Anything, deserialize_option: Due::Anything,
        deserialize_unit: Due::Anything, deserialize_seq: Due::List, deserialize_map: Due::Object,
        deserialize_identifier: Due::Anything, deserialize_ignored_any: Due::Anything,
    }

    integers! {
        deserialize_i8: i8::MIN.into(), i8::MAX.into(), deserialize_i16: i16::MIN.into(), i16::MAX.into(),
        deserialize_i32: i32::MIN.into(), SMALL_INTEGER_MAX, deserialize_i64: -INTEGER_MAX, INTEGER_MAX,
        deserialize_u8: 0, u8::MAX.into(), deserialize_u16: 0, u16::MAX.into(),
        deserialize_u32: 0, SMALL_INTEGER_MAX, deserialize_u64: 0, INTEGER_MAX,
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let visitor = self.due(visitor, Due::Text);
        self.inner.deserialize_any(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, D::Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        let visitor = self.around(visitor);
        self.inner.deserialize_unit_struct(name, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        let visitor = self.around(visitor);
        self.inner.deserialize_newtype_struct(name, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, D::Error> {
        let visitor = self.due(visitor, Due::List);
        self.inner.deserialize_tuple(len, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(self, name: &'static str, len: usize, visitor: V) -> Result<V::Value, D::Error> {
        let visitor = self.due(visitor, Due::List);
        self.inner.deserialize_tuple_struct(name, len, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(self, _: &'static str, words: &'static [&'static str], visitor: V) -> Result<V::Value, D::Error> {
        let visitor = self.due(visitor, Due::Word(words));
        self.inner.deserialize_any(visitor)
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Formed<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.due {
            Due::Anything => self.inner.expecting(f),
            Due::Object => f.write_str("an object"),
            Due::List => f.write_str("a list"),
            Due::Text => f.write_str("a string"),
            Due::Integer(min, max) => write!(f, "an integer from {min} to {max}"),
            Due::Number => f.write_str("a number"),
            Due::Word(words) => write!(f, "one of {}", words.join(", ")),
        }
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<V::Value, E> {
        match self.due {
            Due::Anything => self.inner.visit_bool(value),
            _ => Err(E::invalid_type(Unexpected::Bool(value), &self)),
        }
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<V::Value, E> {
        match self.due {
            Due::Text if self.patience == Patience::Event => self.inner.visit_string(value.to_string()),
            Due::Integer(min, max) if value < min || value > max => Err(E::invalid_value(Unexpected::Signed(value), &self)),
            Due::Anything | Due::Integer(..) | Due::Number => self.inner.visit_i64(value),
            _ => Err(E::invalid_type(Unexpected::Signed(value), &self)),
        }
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<V::Value, E> {
        match self.due {
            Due::Text if self.patience == Patience::Event => self.inner.visit_string(value.to_string()),
            Due::Integer(_, max) if i64::try_from(value).map_or(true, |value| value > max) => {
                Err(E::invalid_value(Unexpected::Unsigned(value), &self))
            }
            Due::Anything | Due::Integer(..) | Due::Number => self.inner.visit_u64(value),
            _ => Err(E::invalid_type(Unexpected::Unsigned(value), &self)),
        }
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<V::Value, E> {
        match self.due {
            Due::Anything | Due::Number => self.inner.visit_f64(value),
            _ => Err(E::invalid_type(Unexpected::Float(value), &self)),
        }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<V::Value, E> {
        match self.due {
            Due::Anything | Due::Text => self.inner.visit_str(value),
            Due::Word(_) => self.inner.visit_enum(StrDeserializer::new(value)),
            Due::Integer(..) if self.patience == Patience::Event => match value.trim().parse() {
                Ok(number) => self.visit_i64(number),
                Err(_) => Err(E::invalid_type(Unexpected::Str(value), &self)),
            },
            _ => Err(E::invalid_type(Unexpected::Str(value), &self)),
        }
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<V::Value, E> {
        match self.due {
            Due::Anything | Due::Text => self.inner.visit_borrowed_str(value),
            _ => self.visit_str(value),
        }
    }

    fn visit_string<E: Error>(self, value: String) -> Result<V::Value, E> {
        match self.due {
            Due::Anything | Due::Text => self.inner.visit_string(value),
            _ => self.visit_str(&value),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        match self.due {
            Due::Anything => self.inner.visit_unit(),
            _ => Err(E::invalid_type(Unexpected::Unit, &self)),
        }
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
        let value = self.around(value);
        self.inner.visit_some(value)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
        let value = self.around(value);
        self.inner.visit_newtype_struct(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        match self.due {
            Due::Anything | Due::List => {
                let items = self.around(items);
                self.inner.visit_seq(items)
            }
            _ => Err(A::Error::invalid_type(Unexpected::Seq, &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<V::Value, A::Error> {
        match self.due {
            Due::Anything | Due::Object => {
                let fields = self.around(fields);
                self.inner.visit_map(fields)
            }
            _ => Err(A::Error::invalid_type(Unexpected::Map, &self)),
        }
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Formed<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<S::Value, D::Error> {
        let source = self.around(source);
        self.inner.deserialize(source)
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Formed<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let seed = self.around(seed);
        self.inner.next_element_seed(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Formed<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.inner.next_key_seed(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let seed = self.around(seed);
        self.inner.next_value_seed(seed)
    }
}
