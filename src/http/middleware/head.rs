//! Requirements of HTTP on the head of a request (RFC 9112): exactly one host, and limited size.

use super::headers;
use crate::problem::{Code, Problem};
use axum::extract::Request;
use axum::http::{Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Maximum size of a request head in bytes: URL and headers.
pub const HEAD_MAX_BYTES: usize = 64 * 1024;

/// Maximum length of a URL in bytes.
pub const ADDRESS_MAX_BYTES: usize = HEAD_MAX_BYTES / 2;

/// Refuses a request whose head is malformed or too large.
pub async fn well_formed(request: Request, next: Next) -> Response {
    let problem = match wrong(&request) {
        None => return next.run(request).await,
        Some(problem) => problem,
    };
    let mut response = problem.into_response();
    headers::add_missing(response.headers_mut(), false);
    // What follows on this connection cannot be trusted to be a separate request.
    response.headers_mut().insert(header::CONNECTION, header::HeaderValue::from_static("close"));
    response
}

fn wrong(request: &Request) -> Option<Problem> {
    let address = request.uri().path_and_query().map_or(0, |path| path.as_str().len());
    let lines = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len());
    if address > ADDRESS_MAX_BYTES {
        let detail = format!("The address has more than {ADDRESS_MAX_BYTES} bytes.");
        return Some(
            Problem::new(Code::AddressTooLong, detail).remedy("Send a shorter one: less in the path, or fewer and shorter filters."),
        );
    }
    if address + lines.sum::<usize>() > HEAD_MAX_BYTES {
        let detail = format!("The address and the headers together have more than {HEAD_MAX_BYTES} bytes.");
        return Some(Problem::new(Code::HeadTooLarge, detail).remedy("Send less of them; what is long belongs into the body."));
    }
    let hosts = request.headers().get_all(header::HOST).iter().count();
    let detail = match hosts {
        0 if request.version() == Version::HTTP_11 => "The call has no header Host.",
        0 | 1 => return None,
        _ => "The call has more than one header Host.",
    };
    Some(Problem::new(Code::BadRequest, detail).remedy("Send the header Host once, as HTTP/1.1 asks for."))
}
