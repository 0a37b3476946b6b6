//! Headers of every response. A header set by a handler, such as the widget's own policy, is kept.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// Pages may load our own files only and may not be framed. No inline script or style.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // URLs contain tokens that no other site may learn.
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    // Responses contain personal texts; handlers of files override this.
    (header::CACHE_CONTROL, "no-store"),
];

/// Adds missing headers. `https` says that clients reach us by TLS only, so that browsers may insist on it.
pub fn add_missing(headers: &mut HeaderMap, https: bool) {
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if https {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(HeaderValue::from_static("max-age=31536000"));
    }
    headers.remove(header::SERVER);
}
