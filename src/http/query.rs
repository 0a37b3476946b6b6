//! Parses query strings; errors are problems like all others.

use super::json::described;
use super::problem::{Code, Problem};
use axum::extract::FromRequestParts;
use axum::http::Uri;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use url::form_urlencoded::{Serializer, parse};

/// Maximum length of a parameter value, in characters.
pub const VALUE_LENGTH_MAX: usize = 1_000;

/// The query parameters.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        possible(&parts.uri)?;
        let query = read(&parts.uri).map(Self)?;
        described::query(&parts.extensions, &parts.method, parts.uri.query().unwrap_or_default())?;
        Ok(query)
    }
}

/// Types with repeatable query parameters.
pub trait Repeats {
    /// Names of the repeatable parameters.
    const NAMES: &'static [&'static str];

    /// Adds a value.
    fn add(&mut self, name: &str, value: String);
}

/// Query parameters of which some can be repeated.
#[derive(Debug)]
pub struct RepeatedQuery<T>(pub T);

impl<S: Sync, T: DeserializeOwned + Repeats> FromRequestParts<S> for RepeatedQuery<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        possible(&parts.uri)?;
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        let (repeated, others): (Vec<_>, Vec<_>) = parse(query).partition(|(name, _)| T::NAMES.contains(&name.as_ref()));
        let others = format!("/?{}", Serializer::new(String::new()).extend_pairs(others).finish());
        let mut value: T = read(&others.parse().map_err(|_| Problem::new(Code::InvalidField, "The address cannot be read."))?)?;
        repeated.into_iter().for_each(|(name, text)| value.add(&name, text.into_owned()));
        described::query(&parts.extensions, &parts.method, parts.uri.query().unwrap_or_default())?;
        Ok(Self(value))
    }
}

/// Refuses NUL: no stored value contains it, and PostgreSQL accepts none.
fn possible(uri: &Uri) -> Result<(), Problem> {
    for (name, value) in parse(uri.query().unwrap_or_default().as_bytes()) {
        if value.contains('\0') || value.chars().count() > VALUE_LENGTH_MAX {
            let remedy = format!("Send at most {VALUE_LENGTH_MAX} characters, without NUL.");
            return Err(Problem::invalid_field(&name, format!("{name} has an impossible value."), remedy));
        }
    }
    Ok(())
}

fn read<T: DeserializeOwned>(uri: &Uri) -> Result<T, Problem> {
    let rejection = match axum::extract::Query::try_from_uri(uri) {
        Ok(axum::extract::Query(value)) => return Ok(value),
        Err(rejection) => rejection,
    };
    let words = rejection.body_text();
    // axum puts its own sentence before serde's message.
    let words = words.strip_prefix("Failed to deserialize query string: ").unwrap_or(&words);
    let named = |start: &str| words.strip_prefix(start)?.split('`').next().map(str::to_owned);
    let (code, field) = if let Some(field) = named("missing field `") {
        (Code::MissingField, Some(field))
    } else if let Some(at) = words.find("unknown field `") {
        (Code::UnknownField, words[at + "unknown field `".len()..].split('`').next().map(str::to_owned))
    } else if let Some(at) = words.find("duplicate field `") {
        (Code::InvalidField, words[at + "duplicate field `".len()..].split('`').next().map(str::to_owned))
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

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Several {
        after: u32,
        #[serde(default)]
        of: Vec<String>,
    }

    impl Repeats for Several {
        const NAMES: &'static [&'static str] = &["of"];

        fn add(&mut self, _: &str, value: String) {
            self.of.push(value);
        }
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
        let mut parts = Request::get("/?of=a&after=7&of=%20b%26&of=").body(()).unwrap().into_parts().0;
        let RepeatedQuery(several) = RepeatedQuery::<Several>::from_request_parts(&mut parts, &()).await.unwrap();
        assert_eq!((several.after, several.of), (7, ["a", " b&", ""].map(str::to_owned).to_vec()));
        let mut parts = Request::get("/?of=a&after=7&after=8").body(()).unwrap().into_parts().0;
        let twice = RepeatedQuery::<Several>::from_request_parts(&mut parts, &()).await.unwrap_err();
        assert_eq!((twice.code, twice.field.as_deref()), (Code::InvalidField, Some("after")), "others are given once");
        let mut parts = Request::get("/?after=7").body(()).unwrap().into_parts().0;
        assert!(Query::<Page>::from_request_parts(&mut parts, &()).await.is_ok());
    }
}
