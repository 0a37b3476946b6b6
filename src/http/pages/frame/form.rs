//! Forms that were sent, what is wrong with them, and the options of selects.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use lastword_http::locale::language::Language;
use lastword_http::problem::Problem;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The name of the field that binds a form to the browser it was shown in.
pub(super) const TOKEN_FIELD: &str = "form_token";

/// The fields of a form, in the order of the page. The guard has read them and checked their token.
#[derive(Clone, Debug, Default)]
pub struct Form(Arc<Vec<(String, String)>>);

impl Form {
    /// The fields of a body, as browsers write them.
    pub(crate) fn read(body: &[u8]) -> Self {
        Self(Arc::new(url::form_urlencoded::parse(body).into_owned().collect()))
    }

    /// A field as it was typed; empty where there is none. For passwords, whose blanks count.
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// A field without the blanks around it.
    pub fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// Whether a box was ticked.
    pub fn ticked(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// All values of a field that can be chosen several times.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.trim())
    }
}

impl<S: Sync> FromRequestParts<S> for Form {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Form>().cloned().ok_or_else(Problem::internal)
    }
}

/// An option of a select.
pub(crate) struct Choice {
    /// The value that is sent.
    pub(crate) value: String,
    /// The text that people see.
    pub(crate) words: String,
    /// True if it is selected.
    pub(crate) chosen: bool,
}

/// A form as it is shown: what stands in its fields, and what is wrong with which of them.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    values: BTreeMap<String, Vec<String>>,
    wrong: BTreeMap<String, String>,
}

impl Fields {
    /// Shows again what was sent, but for passwords.
    pub fn of(form: &Form) -> Self {
        let mut fields = Self::default();
        for (name, value) in form.0.iter().filter(|(name, _)| !name.contains("password") && name != TOKEN_FIELD) {
            fields.values.entry(name.clone()).or_default().push(value.clone());
        }
        fields
    }

    /// Puts a value into a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.entry(name.to_owned()).or_default().push(value.into());
        self
    }

    /// Replaces the values of a field.
    pub fn put(&mut self, name: &str, value: String) {
        self.values.insert(name.to_owned(), vec![value]);
    }

    /// Says what is wrong with a field, in words that are on the page already.
    pub fn refuse(&mut self, name: impl Into<String>, words: String) {
        self.wrong.entry(name.into()).or_insert(words);
    }

    /// Says what is wrong with a field, by the key of the words.
    pub fn wrong(&mut self, key: &'static str, name: &'static str, language: Language) {
        self.refuse(name, language.text(key, &[]));
    }

    /// Whether nothing is wrong.
    pub fn fine(&self) -> bool {
        self.wrong.is_empty()
    }

    /// How many fields have something wrong.
    pub fn wrong_count(&self) -> usize {
        self.wrong.len()
    }

    /// All values of a field that can have several.
    pub fn values<'f>(&'f self, name: &str) -> impl Iterator<Item = &'f str> {
        self.values.get(name).into_iter().flatten().map(String::as_str)
    }

    /// The fields in which something stands, with all that does.
    pub fn filled(self) -> BTreeMap<String, Vec<String>> {
        let mut values = self.values;
        values.values_mut().for_each(|values| values.retain(|value| !value.is_empty()));
        values.retain(|_, values| !values.is_empty());
        values
    }

    /// What stands in a field.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).and_then(|values| values.first()).map(String::as_str).unwrap_or_default()
    }

    /// Whether a box is ticked or a choice is made.
    pub fn chosen(&self, name: &str, value: &str) -> bool {
        self.values.get(name).is_some_and(|values| values.iter().any(|chosen| chosen == value))
    }

    /// What is wrong with a field; empty when nothing is.
    pub fn error(&self, name: &str) -> &str {
        self.wrong.get(name).map(String::as_str).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_browsers_write_it_and_passwords_are_not_shown_again() {
        let form = Form::read("name=+%D0%90%D0%BD%D0%BD%D0%B0+&line=a&line=b&password=+x+&on=1".as_bytes());
        assert_eq!((form.get("name"), form.raw("password"), form.get("none")), ("Анна", " x ", ""));
        assert_eq!(form.all("line").collect::<Vec<_>>(), ["a", "b"]);
        let mut fields = Fields::of(&form);
        assert!(fields.chosen("line", "b") && fields.value("password").is_empty() && fields.fine());
        fields.refuse("name", "too short".to_owned());
        assert_eq!((fields.error("name"), fields.fine()), ("too short", false));
    }
}
