//! Middleware around every call: request ID, timeout, metrics, client address, response headers, and a problem response if
//! a handler panics.

pub mod api_key_cache;
pub mod client_ip;
pub mod head;
pub mod headers;
pub mod rate_limit;
pub mod shares;
pub mod too_old;

use self::client_ip::ClientIp;
use self::shares::{Share, Shares, keep_while_it_lasts};
use super::problem::{Code, Problem};
use axum::Router;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use ipnet::IpNet;
use lastword_base::metrics::Metrics;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Once};
use std::time::Duration;
use tracing::Instrument;

/// Header with the ID of a call, in requests and responses.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Configuration of the middleware.
#[derive(Clone)]
pub struct Middleware {
    /// Creates a new request ID.
    pub new_id: Arc<dyn Fn() -> String + Send + Sync>,
    /// Metrics of calls.
    pub metrics: Arc<Metrics>,
    /// Proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Arc<[IpNet]>,
    /// Maximum time until a handler's response begins; a streamed body may take longer.
    pub timeout: Duration,
    /// True if clients reach us only by TLS.
    pub https: bool,
    /// Concurrent calls per client behind a trusted proxy.
    pub shares: Shares,
}

impl Middleware {
    /// The configuration from the settings.
    pub fn of(settings: &lastword_base::settings::Http, metrics: Arc<Metrics>, new_id: Arc<dyn Fn() -> String + Send + Sync>) -> Self {
        let https = settings.public_url.as_ref().is_some_and(|url| url.scheme() == "https");
        let trusted_proxies = settings.trusted_proxies.clone().into();
        let shares = Shares::new(settings.connections_per_address);
        Self { new_id, metrics, trusted_proxies, timeout: settings.request_timeout, https, shares }
    }
}

impl fmt::Debug for Middleware {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Middleware").field("timeout", &self.timeout).field("https", &self.https).finish_non_exhaustive()
    }
}

/// The ID of a call, shared by the log, the problem and the response header. Handlers get it with `Extension<RequestId>`.
#[derive(Clone, Debug)]
pub struct RequestId(pub Arc<str>);

/// Wraps all routes of `router` in the middleware. Adds a problem response for unknown paths, if the router has no fallback of its own.
pub fn wrap(router: Router, layers: Middleware) -> Router {
    router.layer(from_fn_with_state(Arc::new(layers), around))
}

async fn around(State(layers): State<Arc<Middleware>>, mut request: Request, next: Next) -> Response {
    let id = given_id(request.headers()).unwrap_or_else(|| (layers.new_id)());
    let id = RequestId(id.into());
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip());
    let client = ClientIp::find(peer, request.headers(), &layers.trusted_proxies);
    notice_proxy(&layers, peer, client, request.headers());
    // The route pattern, never the path: paths contain tokens.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let span = tracing::info_span!("http", request.id = %id.0, http.method = %request.method(), http.route = route);
    request.extensions_mut().insert(client);
    request.extensions_mut().insert(id.clone());
    let mut response = match share(&layers, peer, client, &request) {
        Ok(share) => keep_while_it_lasts(answer(&layers, request, next).instrument(span).await, share),
        Err(problem) => problem.into_response(),
    };
    complete(&mut response, &id, layers.https);
    layers.metrics.http_request(route, response.status().as_u16());
    response
}

/// Takes one of the concurrent calls of a client behind a proxy, whose connections belong to the proxy and count for no
/// client. Programs with a key and platforms have their own limits.
fn share(layers: &Middleware, peer: IpAddr, client: ClientIp, request: &Request) -> Result<Option<Share>, Problem> {
    let program = request.headers().contains_key(header::AUTHORIZATION) || request.uri().path().starts_with("/hooks/");
    if client.0 == peer.to_canonical() || program {
        return Ok(None);
    }
    let share = layers.shares.take(client.0);
    share.map(Some).ok_or_else(|| Problem::busy("Too many calls from this address are under way at once.", 1))
}

/// Warns about an untrusted proxy: all callers behind it count as one, which soon exceeds its limit.
fn notice_proxy(layers: &Middleware, peer: IpAddr, client: ClientIp, headers: &HeaderMap) {
    static NOTICED: Once = Once::new();
    let peer = peer.to_canonical();
    let near = match peer {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local(),
    };
    if near && client.0 == peer && layers.trusted_proxies.is_empty() && headers.contains_key("x-forwarded-for") {
        NOTICED.call_once(|| {
            tracing::warn!(%peer, "a proxy is missing in http.trusted_proxies: its callers count as one, also for limits");
        });
    }
}

async fn answer(layers: &Middleware, request: Request, next: Next) -> Response {
    // TRACE would return headers that scripts on a page must not read.
    if request.method() == Method::TRACE || request.method().as_str() == "TRACK" {
        return Problem::new(Code::MethodNotAllowed, "TRACE is not supported.").into_response();
    }
    let safe = request.method().is_safe();
    let handled = tokio::time::timeout(layers.timeout, next.run(request));
    let Ok(handled) = AssertUnwindSafe(handled).catch_unwind().await else {
        // The panic hook has logged the location; the panic message may contain a client's text.
        tracing::error!("a handler panicked");
        return Problem::internal().into_response();
    };
    match handled {
        Ok(response) => response,
        Err(_) => {
            tracing::warn!(timeout_ms = layers.timeout.as_millis(), "a call took too long and was aborted");
            let (detail, remedy) = if safe {
                (
                    "No answer was ready in time.",
                    "Send the same call again. A report over many closes is still being computed, and is cached when it is ready.",
                )
            } else {
                ("No answer was ready in time. The call may still take effect.", "Send the same call again with the same event key.")
            };
            Problem::new(Code::TimedOut, detail).remedy(remedy).retry_after(1).into_response()
        }
    }
}

/// Writes the request ID to the header and the problem, and adds missing headers.
fn complete(response: &mut Response, id: &RequestId, https: bool) {
    if response.status() == StatusCode::METHOD_NOT_ALLOWED && response.extensions().get::<Box<Problem>>().is_none() {
        let allow = response.headers_mut().remove(header::ALLOW);
        *response = Problem::new(Code::MethodNotAllowed, "This path does not accept this method.").into_response();
        response.headers_mut().extend(allow.map(|allow| (header::ALLOW, allow)));
    }
    // The router's own response for unknown paths is empty and has no content type.
    if response.status() == StatusCode::NOT_FOUND && !response.headers().contains_key(header::CONTENT_TYPE) {
        let remedy = "The page /docs lists the addresses of the API; a / inside an ID is written as %2F: desk%2Fc-204.";
        *response = Problem::not_found().remedy(remedy).into_response();
    }
    if let Some(mut problem) = response.extensions_mut().remove::<Box<Problem>>() {
        problem.request_id = Some((*id.0).into());
        *response.body_mut() = serde_json::to_vec(&*problem).unwrap_or_default().into();
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    headers::add_missing(response.headers_mut(), https);
}

/// The request ID set by a proxy, if it is safe to log.
fn given_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let fit = (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    fit.then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::routing::get;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    fn app(timeout: Duration) -> (Router, Arc<Metrics>) {
        let metrics = Arc::new(Metrics::new("test"));
        let new_id: Arc<dyn Fn() -> String + Send + Sync> = Arc::new(|| "made-here".to_owned());
        let shares = Shares::new(2);
        let trusted_proxies = Arc::new(["10.0.0.0/8".parse().unwrap()]);
        let layers = Middleware { new_id, metrics: metrics.clone(), trusted_proxies, timeout, https: true, shares };
        let panics = async || -> &'static str { panic!("with a client's words") };
        let router = Router::new()
            .route("/fine/{token}", get(async |ClientIp(ip): ClientIp| ip.to_string()))
            .route("/own", get(async || ([(header::CONTENT_SECURITY_POLICY, "own"), (header::SERVER, "axum")], "x")))
            .route("/panics", get(panics))
            .route("/never", get(std::future::pending::<&'static str>));
        (wrap(router, layers), metrics)
    }

    async fn call(request: Request) -> (StatusCode, HeaderMap, String) {
        let (parts, body) = app(Duration::from_secs(60)).0.oneshot(request).await.unwrap().into_parts();
        (parts.status, parts.headers, String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap())
    }

    fn to(method: &str, path: &str) -> Request {
        Request::builder().method(method).uri(path).body(Body::empty()).unwrap()
    }

    #[tokio::test]
    async fn every_answer_has_its_id_and_headers() {
        let (status, headers, body) = call(to("GET", "/fine/x")).await;
        assert_eq!((status, &*body), (StatusCode::OK, "127.0.0.1"));
        assert_eq!(headers[REQUEST_ID], "made-here");
        for name in [
            "content-security-policy",
            "x-content-type-options",
            "referrer-policy",
            "cross-origin-opener-policy",
            "permissions-policy",
            "strict-transport-security",
        ] {
            assert!(headers.contains_key(name), "{name}");
        }
        let (_, headers, _) = call(to("GET", "/own")).await;
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], "own");
        assert!(!headers.contains_key(header::SERVER));
    }

    #[tokio::test]
    async fn an_id_from_outside_is_kept_if_it_is_fit() {
        for (given, expected) in [("abc-1.2_3", "abc-1.2_3"), ("a b", "made-here"), ("", "made-here"), (&"x".repeat(65), "made-here")] {
            let mut request = to("GET", "/fine/x");
            request.headers_mut().insert(REQUEST_ID, given.parse().unwrap());
            assert_eq!(call(request).await.1[REQUEST_ID], expected, "{given}");
        }
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_without_its_words() {
        let (status, headers, body) = call(to("GET", "/panics")).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!((body["code"].as_str(), body["request_id"].as_str()), (Some("internal"), Some("made-here")));
        assert!(!body.to_string().contains("client's words"));
    }

    #[tokio::test]
    async fn what_is_not_there_is_a_problem_too() {
        for (request, status, code) in [
            (to("GET", "/nowhere"), StatusCode::NOT_FOUND, "not_found"),
            (to("POST", "/own"), StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            (to("TRACE", "/own"), StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
        ] {
            let (found, headers, body) = call(request).await;
            assert_eq!(found, status);
            assert!(body.contains(code) && body.contains("made-here"), "{body}");
            assert!(headers.contains_key("content-security-policy"));
        }
        assert_eq!(call(to("POST", "/own")).await.1[header::ALLOW], "GET,HEAD");
    }

    /// The timeout applies to the start of a response, because a large file may take longer.
    #[tokio::test(start_paused = true)]
    async fn a_stream_goes_on_beyond_the_limit() {
        let pieces = |left: u32| async move {
            let _ = tokio::time::timeout(Duration::from_secs(60), std::future::pending::<()>()).await;
            (left > 0).then(|| (Ok::<_, std::io::Error>("piece "), left - 1))
        };
        let file = move || async move { Body::from_stream(futures_util::stream::unfold(3, pieces)) };
        let (_, metrics) = app(Duration::from_secs(10));
        let new_id: Arc<dyn Fn() -> String + Send + Sync> = Arc::new(|| "made-here".to_owned());
        let layers = Middleware {
            new_id,
            metrics,
            trusted_proxies: Arc::new([]),
            timeout: Duration::from_secs(10),
            https: true,
            shares: Shares::new(2),
        };
        let answer = wrap(Router::new().route("/file", get(file)), layers).oneshot(to("GET", "/file")).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "piece piece piece ".as_bytes());
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_behind_a_proxy_has_so_many_calls_under_way() {
        let (router, _) = app(Duration::from_secs(10));
        let from = |client: &str, path: &str, key: bool| {
            let mut request = to("GET", path);
            request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 1))));
            request.headers_mut().insert("x-forwarded-for", client.parse().unwrap());
            if key {
                request.headers_mut().insert("authorization", "Bearer lw_x".parse().unwrap());
            }
            router.clone().oneshot(request)
        };
        let long: Vec<_> = (0..2).map(|_| tokio::spawn(from("192.0.2.1", "/never", false))).collect();
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        let refused = from("192.0.2.1", "/own", false).await.unwrap();
        assert_eq!((refused.status(), &refused.headers()[header::RETRY_AFTER]), (StatusCode::SERVICE_UNAVAILABLE, &"1".parse().unwrap()));
        assert_eq!(from("192.0.2.2", "/own", false).await.unwrap().status(), StatusCode::OK, "another client");
        assert_eq!(from("192.0.2.1", "/own", true).await.unwrap().status(), StatusCode::OK, "a key has limits of its own");
        for call in long {
            call.await.unwrap().unwrap();
        }
        let answer = from("192.0.2.1", "/own", false).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let another = from("192.0.2.1", "/own", false).await.unwrap();
        let third = from("192.0.2.1", "/own", false).await.unwrap();
        assert_eq!(third.status(), StatusCode::SERVICE_UNAVAILABLE, "an answer is under way until its end");
        drop((answer, another));
        assert_eq!(from("192.0.2.1", "/own", false).await.unwrap().status(), StatusCode::OK);
    }

    #[tokio::test(start_paused = true)]
    async fn a_handler_that_never_answers_is_given_up() {
        let (router, metrics) = app(Duration::from_secs(10));
        let response = router.oneshot(to("GET", "/never")).await.unwrap();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[header::RETRY_AFTER], "1");
        assert!(metrics.encode().contains(r#"lastword_http_requests_total{route="/never",status="503"} 1"#), "{}", metrics.encode());
    }
}
