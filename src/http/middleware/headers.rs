//! The headers that every answer carries. A handler that has set one of them itself (the widget's own policy) keeps its own.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// What our pages may load and where they may be shown: our own files, nowhere else. No inline script or style.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Addresses hold tokens: no other site may learn them.
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    // Answers hold people's words; a handler of files says otherwise.
    (header::CACHE_CONTROL, "no-store"),
];

/// Adds what is missing. `https` says that the outside reaches us by TLS alone, so that browsers may insist on it.
pub fn add_missing(headers: &mut HeaderMap, https: bool) {
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if https {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(HeaderValue::from_static("max-age=31536000"));
    }
    headers.remove(header::SERVER);
}
