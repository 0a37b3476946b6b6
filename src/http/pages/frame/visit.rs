//! One request of a browser: its person, its language, and its form token.

use crate::frame::cookies::{self, CHOICE, FLASH, GUEST, LOGIN};
use crate::{Pages, Who};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lastword_base::names::{LineId, OperatorId};
use lastword_http::locale::language::Language;
use lastword_http::problem::Problem;
use lastword_life::access::admit_person::{self, Person};
use lastword_store::StoreError;
use sha2::{Digest, Sha256};
use std::ops::Deref;
use std::sync::Arc;

/// A color theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The name in tables and pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// Parses [`Theme::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        [Theme::Light, Theme::Dark].into_iter().find(|theme| theme.as_str() == word)
    }
}

/// A message that is shown once after an action: a message key, and a name for it if needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flash {
    /// The message key.
    pub key: String,
    /// The value of `$name`.
    pub name: String,
}

impl Flash {
    /// True if the object was kept and the requested action was not done, so that the message is a warning.
    pub fn warns(&self) -> bool {
        self.key.ends_with("-kept")
    }

    fn read(cookie: &str) -> Option<Self> {
        let (key, name) = cookie.split_once('.')?;
        let name = String::from_utf8(URL_SAFE_NO_PAD.decode(name).ok()?).ok()?;
        let fits = key.starts_with("done-") && key.len() <= 60 && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        fits.then(|| Self { key: key.to_owned(), name })
    }

    pub(crate) fn cookie(key: &str, name: &str) -> String {
        format!("{key}.{}", URL_SAFE_NO_PAD.encode(name.chars().take(200).collect::<String>()))
    }
}

/// A request of a browser.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The signed-in person.
    pub person: Option<Person>,
    /// The language of the response.
    pub language: Language,
    /// The chosen theme; `None` to follow the system.
    pub theme: Option<Theme>,
    /// The token in every form.
    pub form_token: String,
    /// The one-time message.
    pub flash: Option<Flash>,
    /// The requested path and query.
    pub address: String,
    /// A cookie to set in a browser that has none yet.
    pub(super) fresh_guest: Option<HeaderValue>,
    /// True if the request has the cookie of a login that has ended.
    pub(super) stale_login: bool,
}

impl Visit {
    /// Identifies the person and the settings from the headers.
    pub(crate) async fn of(pages: &Pages, headers: &HeaderMap, address: String) -> Result<Self, StoreError> {
        let (engine, https) = (&pages.app.engine, pages.https);
        let now = engine.now();
        let secret = cookies::read(headers, LOGIN, https);
        let person = match &secret {
            Some(secret) => admit_person::admit(engine, &admit_person::hash(secret), now).await?,
            None => None,
        };
        let stale_login = secret.is_some() && person.is_none();
        let mut fresh_guest = None;
        let bound_to = match (secret.filter(|_| person.is_some()), cookies::read(headers, GUEST, https)) {
            (Some(secret), _) => secret,
            (None, Some(guest)) => guest,
            (None, None) => {
                let guest = URL_SAFE_NO_PAD.encode(engine.ids.bytes::<16>());
                fresh_guest = Some(cookies::set(GUEST, &guest, https, None));
                guest
            }
        };
        let choice = cookies::read(headers, CHOICE, https).unwrap_or_default();
        let (language, theme) = choice.split_once('.').unwrap_or_default();
        let own = |pick: fn(&Person) -> Option<&String>| person.as_ref().and_then(pick).map(String::as_str);
        let chosen = own(|person| person.language.as_ref()).unwrap_or(language);
        let language = Language::parse(chosen).or_else(|| Language::accepted(headers)).unwrap_or(pages.language);
        let theme = Theme::parse(own(|person| person.theme.as_ref()).unwrap_or(theme));
        let flash = cookies::read(headers, FLASH, https).and_then(|cookie| Flash::read(&cookie));
        Ok(Self { language, theme, form_token: form_token(&bound_to), flash, address, fresh_guest, stale_login, person })
    }

    /// A request of a page framed by a desk: without cookies and without forms of ours.
    pub(crate) fn in_a_desk(person: Option<Person>, language: Language) -> Self {
        Self {
            person,
            language,
            theme: None,
            form_token: String::new(),
            flash: None,
            address: String::new(),
            fresh_guest: None,
            stale_login: false,
        }
    }

    /// Checks whether this request is allowed for `who`.
    pub(crate) fn may(&self, who: Who) -> Result<(), Problem> {
        match (who, &self.person) {
            (Who::Anybody, _) | (Who::SignedIn, Some(_)) => Ok(()),
            (Who::May(right), Some(person)) if person.rights.may(right) => Ok(()),
            (Who::May(_), Some(_)) => Err(Problem::forbidden("a right that your role does not have")),
            (Who::SignedIn | Who::May(_), None) => Err(Problem::unauthorized()),
        }
    }
}

/// The token in the forms of a browser: a hash of its secret, from which the secret cannot be derived.
fn form_token(secret: &str) -> String {
    let mut sum = Sha256::new();
    sum.update(b"the forms of ");
    sum.update(secret.as_bytes());
    URL_SAFE_NO_PAD.encode(sum.finalize())
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Arc<Visit>>().map(|visit| (**visit).clone()).ok_or_else(Problem::internal)
    }
}

/// The signed-in person. The route's guard has checked that they may call it; `rights` limits what they may see.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The request.
    pub visit: Visit,
    person: Person,
}

impl Deref for SignedIn {
    type Target = Person;

    fn deref(&self) -> &Person {
        &self.person
    }
}

impl SignedIn {
    /// A person who signed in on a page framed by a desk.
    pub(crate) fn in_a_desk(person: Person, language: Language) -> Self {
        Self { visit: Visit::in_a_desk(Some(person.clone()), language), person }
    }

    /// Refuses access to a line or operator that this person may not see, as if it did not exist.
    ///
    /// # Errors
    /// Not found.
    pub fn sees(&self, line: &LineId, operator: Option<&OperatorId>) -> Result<(), Problem> {
        if self.rights.sees(line, operator) { Ok(()) } else { Err(Problem::not_found()) }
    }
}

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let visit = Visit::from_request_parts(parts, state).await?;
        let person = visit.person.clone().ok_or_else(Problem::unauthorized)?;
        Ok(Self { visit, person })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flash_is_one_of_ours() {
        let cookie = Flash::cookie("done-added", "Анна <b>");
        assert_eq!(Flash::read(&cookie), Some(Flash { key: "done-added".to_owned(), name: "Анна <b>".to_owned() }));
        for other in ["", "done-added", "sign-in-title.QQ", "done-a b.QQ", "done-added.%%"] {
            assert_eq!(Flash::read(other), None, "{other}");
        }
    }

    #[test]
    fn tokens_of_two_browsers_differ() {
        assert_ne!(form_token("a"), form_token("b"));
        assert_eq!(form_token("a"), form_token("a"));
    }
}
