//! Submitted forms, their problems, and the options of selects.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use lastword_http::locale::language::Language;
use lastword_http::problem::Problem;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Name of the field that binds a form to the browser in which it was shown.
pub(super) const TOKEN_FIELD: &str = "form_token";

/// The fields of a form, in the order of the page. The guard has parsed them and checked their token.
#[derive(Clone, Debug, Default)]
pub struct Form(Arc<Vec<(String, String)>>);

impl Form {
    /// Parses the fields of a form body.
    pub(crate) fn read(body: &[u8]) -> Self {
        Self(Arc::new(url::form_urlencoded::parse(body).into_owned().collect()))
    }

    /// A field as typed; empty if it is missing. For passwords, whose surrounding blanks count.
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// A field without surrounding blanks.
    pub fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// True if a checkbox was checked.
    pub fn ticked(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// All values of a field with several.
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
    /// Its label.
    pub(crate) words: String,
    /// True if it is selected.
    pub(crate) chosen: bool,
}

/// A form as shown: the values of its fields, and their problems.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    values: BTreeMap<String, Vec<String>>,
    wrong: BTreeMap<String, String>,
}

impl Fields {
    /// The submitted values, without passwords.
    pub fn of(form: &Form) -> Self {
        let mut fields = Self::default();
        for (name, value) in form.0.iter().filter(|(name, _)| !name.contains("password") && name != TOKEN_FIELD) {
            fields.values.entry(name.clone()).or_default().push(value.clone());
        }
        fields
    }

    /// Adds a value to a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.entry(name.to_owned()).or_default().push(value.into());
        self
    }

    /// Replaces the values of a field.
    pub fn put(&mut self, name: &str, value: String) {
        self.values.insert(name.to_owned(), vec![value]);
    }

    /// Adds a problem to a field, as text in the page's language.
    pub fn refuse(&mut self, name: impl Into<String>, words: String) {
        self.wrong.entry(name.into()).or_insert(words);
    }

    /// Adds a problem to a field, by message key.
    pub fn wrong(&mut self, key: &'static str, name: &'static str, language: Language) {
        self.refuse(name, language.text(key, &[]));
    }

    /// True if there are no problems.
    pub fn fine(&self) -> bool {
        self.wrong.is_empty()
    }

    /// Number of fields with problems.
    pub fn wrong_count(&self) -> usize {
        self.wrong.len()
    }

    /// All values of a field with several.
    pub fn values<'f>(&'f self, name: &str) -> impl Iterator<Item = &'f str> {
        self.values.get(name).into_iter().flatten().map(String::as_str)
    }

    /// All fields with a value, with all their values.
    pub fn filled(self) -> BTreeMap<String, Vec<String>> {
        let mut values = self.values;
        values.values_mut().for_each(|values| values.retain(|value| !value.is_empty()));
        values.retain(|_, values| !values.is_empty());
        values
    }

    /// The value of a field.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).and_then(|values| values.first()).map(String::as_str).unwrap_or_default()
    }

    /// True if a checkbox is checked or an option is selected.
    pub fn chosen(&self, name: &str, value: &str) -> bool {
        self.values.get(name).is_some_and(|values| values.iter().any(|chosen| chosen == value))
    }

    /// The problem of a field; empty if there is none.
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
