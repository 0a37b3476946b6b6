//! The manifest that makes the pages an installable app: its name, colors and icons. The app opens on the first page of the signed-in
//! person.

use super::assets::address;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// `GET /manifest.webmanifest`
pub(crate) async fn serve() -> Response {
    let icon = |file: &str, sizes: &str, kind: &str, purpose: &str| json!({ "src": address(file), "sizes": sizes, "type": kind, "purpose": purpose });
    let manifest = json!({
        "id": "/",
        "name": "Lastword",
        "short_name": "Lastword",
        "start_url": "/today",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f3f6f6",
        "theme_color": "#0b6b62",
        "icons": [
            icon("icon.svg", "any", "image/svg+xml", "any"),
            icon("icon-192.png", "192x192", "image/png", "any"),
            icon("icon-512.png", "512x512", "image/png", "any"),
            icon("icon-maskable-512.png", "512x512", "image/png", "maskable"),
        ],
    });
    // The addresses of the icons change with a release.
    let headers = [(header::CONTENT_TYPE, "application/manifest+json"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, manifest.to_string()).into_response()
}
