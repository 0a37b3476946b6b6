//! The language and the theme: chosen in the menu, stored in the browser and, for signed-in people, with the account.

use super::visit::Theme;
use crate::frame::cookies::{self, CHOICE, YEAR};
use crate::{Form, Pages, Visit};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use lastword_http::locale::language::Language;
use lastword_http::problem::Problem;
use lastword_life::access::change_account;
use std::sync::Arc;

/// `POST /choice`: `language`, `theme` (`auto` resets it), and the page to go back to.
pub(crate) async fn keep(State(pages): State<Arc<Pages>>, visit: Visit, form: Form) -> Result<Response, Problem> {
    let language = Language::parse(form.get("language")).unwrap_or(visit.language);
    let theme = match form.get("theme") {
        "" => visit.theme,
        word => Theme::parse(word),
    };
    // Without a chosen language, the browser's stays in effect.
    let chosen = !form.get("language").is_empty() || visit.person.as_ref().is_some_and(|person| person.language.is_some());
    let language = chosen.then(|| language.tag().to_owned());
    let theme = theme.map(|theme| theme.as_str().to_owned());
    if let Some(person) = &visit.person {
        change_account::choose(&pages.app.engine, person.id, language.clone(), theme.clone()).await?;
    }
    let value = format!("{}.{}", language.unwrap_or_default(), theme.unwrap_or_default());
    let cookie = cookies::set(CHOICE, &value, pages.https, Some(YEAR));
    let headers = [(header::LOCATION, back(form.get("back")))];
    Ok((StatusCode::SEE_OTHER, headers, [(header::SET_COOKIE, cookie)]).into_response())
}

/// A page of ours to go back to; never another site's (`//other.example`).
pub(crate) fn back(address: &str) -> String {
    let plain = address.starts_with('/') && !address.starts_with("//") && !address.starts_with("/\\");
    let fits = plain && address.len() <= 2_000 && address.bytes().all(|byte| (0x21..0x7f).contains(&byte));
    if fits { address.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_never_another_sites() {
        assert_eq!(back("/today?day=1"), "/today?day=1");
        for other in ["", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nSet-Cookie: x", "javascript:alert(1)"] {
            assert_eq!(back(other), "/", "{other}");
        }
    }
}
