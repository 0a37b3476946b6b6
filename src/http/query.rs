//! Reads query strings, with problems in the shape of all others.

use super::problem::{Code, Problem};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// The longest value of a parameter, in characters.
pub const VALUE_LENGTH_MAX: usize = 1_000;

/// The parameters behind `?`.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        for (name, value) in url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
            // No value that is kept holds NUL, and PostgreSQL reads none.
            if value.contains('\0') || value.chars().count() > VALUE_LENGTH_MAX {
                let remedy = format!("Send at most {VALUE_LENGTH_MAX} characters, without NUL.");
                return Err(Problem::invalid_field(&name, format!("{name} has an impossible value."), remedy));
            }
        }
        match axum::extract::Query::try_from_uri(&parts.uri) {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => {
                let words = rejection.body_text();
                // axum puts a sentence of its own before serde's "from: where" words.
                let words = words.strip_prefix("Failed to deserialize query string: ").unwrap_or(&words);
                let named = |start: &str| words.strip_prefix(start)?.split('`').next().map(str::to_owned);
                let (code, field) = if let Some(field) = named("missing field `") {
                    (Code::MissingField, Some(field))
                } else if let Some(at) = words.find("unknown field `") {
                    (Code::UnknownField, words[at + "unknown field `".len()..].split('`').next().map(str::to_owned))
                } else {
                    let field = words.split_once(": ").map(|(field, _)| field.to_owned());
                    (Code::InvalidField, field.filter(|field| !field.contains(' ')))
                };
                let problem = Problem::new(code, words.chars().take(300).collect::<String>());
                Err(match field {
                    Some(field) => problem.field(field),
                    None => problem,
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Page {
        #[expect(dead_code, reason = "only reading it is tested")]
        after: u32,
    }

    #[tokio::test]
    async fn each_mistake_names_its_field() {
        for (uri, code) in [("/?after=x", Code::InvalidField), ("/", Code::MissingField), ("/?after=1&before=2", Code::UnknownField)] {
            let mut parts = Request::get(uri).body(()).unwrap().into_parts().0;
            let problem = Query::<Page>::from_request_parts(&mut parts, &()).await.unwrap_err();
            let field = if code == Code::UnknownField { "before" } else { "after" };
            assert_eq!((problem.code, problem.field.as_deref()), (code, Some(field)), "{}", problem.detail);
        }
        for wrong in ["/?after=%00".to_owned(), format!("/?after={}", "7".repeat(VALUE_LENGTH_MAX + 1))] {
            let mut parts = Request::get(wrong).body(()).unwrap().into_parts().0;
            let problem = Query::<Page>::from_request_parts(&mut parts, &()).await.unwrap_err();
            assert_eq!((problem.code, problem.field.as_deref()), (Code::InvalidField, Some("after")));
        }
        let mut parts = Request::get("/?after=7").body(()).unwrap().into_parts().0;
        assert!(Query::<Page>::from_request_parts(&mut parts, &()).await.is_ok());
    }
}
