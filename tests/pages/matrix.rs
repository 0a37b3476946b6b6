//! Access to every route of the table, tested for every kind of caller. New routes are included automatically.

use crate::on_both_databases;
use crate::rig::house::{House, wanted};
use axum::http::Method;
use lastword::domain::access::audit::By;
use lastword::domain::access::rights::{Role, may};
use lastword::http::pages::{self, Who};
use lastword::life::access::change_account;

on_both_databases! {
    every_route_is_for_those_whom_the_table_names => matrix;
}

fn address(path: &str) -> String {
    path.replace(['{', '}'], "")
}

async fn matrix(url: String) {
    let house = House::on(&url, None).await;
    let mut callers = Vec::new();
    for (name, role, lines) in [
        ("admin", Role::Admin, &[][..]),
        ("supervisor", Role::Supervisor, &[]),
        ("supervisor of another line", Role::Supervisor, &["sales"]),
        ("operator", Role::Operator, &[]),
    ] {
        let account = house.person(&name.replace(' ', "-"), role, lines).await;
        callers.push((name, Some((role, account))));
    }
    let gone = house.person("gone", Role::Admin, &[]).await;
    let browser = house.signed_in(&gone).await;
    let off = change_account::Wanted { disabled: true, ..wanted("gone", Role::Admin, &[]) };
    change_account::change(&house.world.engine, &By::command(), gone.id, off, house.world.now()).await.unwrap();
    callers.extend([("anonymous", None), ("disabled", None)]);

    for route in pages::table() {
        for (name, person) in &callers {
            let case = format!("{} {} as {name}", route.method, route.path);
            let role = person.as_ref().map(|(role, _)| *role);
            // A separate login for each call, because one of the calls ends it.
            let mut browser = match person {
                Some((_, account)) => house.signed_in(account).await,
                None if *name == "disabled" => browser.clone(),
                None => house.browser(),
            };
            let may = match route.who {
                Who::Anybody => true,
                Who::SignedIn => role.is_some(),
                Who::May(right) => role.is_some_and(|role| may(role, right)),
            };
            let answer = if route.method == Method::GET {
                browser.get(&address(route.path)).await
            } else {
                // With a valid form token for this browser, so only the right decides.
                let shown = if role.is_some() { "/account" } else { "/sign-in" };
                browser.send(shown, &address(route.path), &[]).await
            };
            let to_sign_in = answer.status == 303 && answer.leads_to().starts_with("/sign-in");
            match (may, role) {
                // The response to an empty call is up to the page, but never a refusal.
                (true, _) => assert!(answer.status != 403 && (route.path.starts_with("/sign") || !to_sign_in), "{case}: {answer:?}"),
                (false, None) => assert!(to_sign_in, "{case}: {answer:?}"),
                (false, Some(_)) => assert_eq!(answer.status, 403, "{case}: {answer:?}"),
            }
        }
    }
}

#[tokio::test]
async fn no_form_is_taken_from_elsewhere() {
    let house = House::on("sqlite::memory:", None).await;
    let account = house.person("anna", Role::Admin, &[]).await;
    let browser = house.signed_in(&account).await;
    let token = browser.clone().get("/account").await.token();
    let unauthenticated = house.browser().get("/sign-in").await.token();
    for route in pages::table().into_iter().filter(|route| route.method != Method::GET) {
        for (why, headers, token) in [
            ("no token", vec![("sec-fetch-site", "same-origin")], ""),
            ("another browser's token", vec![("sec-fetch-site", "same-origin")], unauthenticated.as_str()),
            ("another site", vec![("sec-fetch-site", "cross-site")], token.as_str()),
            ("a site beside us", vec![("sec-fetch-site", "same-site")], token.as_str()),
            ("another origin", vec![("origin", "https://evil.example")], token.as_str()),
            ("no origin at all", vec![("origin", "null")], token.as_str()),
            ("nothing said", vec![], token.as_str()),
        ] {
            let mut browser = browser.clone();
            browser.headers = headers.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
            let answer = browser.post(&address(route.path), &[("form_token", token)]).await;
            assert_eq!(answer.status, 403, "{} with {why}: {answer:?}", route.path);
        }
    }
    // A browser that does not send the fetch metadata sends its origin.
    let mut old = browser.clone();
    old.headers = vec![("origin", "http://desk.example".to_owned())];
    assert_eq!(old.post("/choice", &[("form_token", &token), ("theme", "dark"), ("back", "/account")]).await.leads_to(), "/account");
}

#[tokio::test]
async fn what_is_not_there_is_a_page_for_people_and_a_problem_for_programs() {
    let house = House::on("sqlite::memory:", None).await;
    let page = house.browser().get("/no-such-page").await;
    assert_eq!((page.status, &page.headers["content-type"]), (404, &"text/html; charset=utf-8".parse().unwrap()));
    for (name, value) in [("x-content-type-options", "nosniff"), ("referrer-policy", "same-origin"), ("cache-control", "no-store")] {
        assert_eq!(page.headers[name], value);
    }
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert!(!page.text.contains("<style") && !page.text.contains(" style=") && !page.text.contains(" onclick"), "nothing inline");
    let asset = page.text.split('"').find(|part| part.ends_with("app.css")).unwrap().to_owned();
    let styles = house.browser().get(&asset).await;
    assert!(styles.status == 200 && styles.headers["cache-control"].to_str().unwrap().contains("immutable"));
    let manifest = house.browser().get("/manifest.webmanifest").await;
    assert_eq!((manifest.status, &manifest.headers["content-type"]), (200, &"application/manifest+json".parse().unwrap()));
    assert!(policy.contains("manifest-src 'self'"), "{policy}");
    let manifest: serde_json::Value = serde_json::from_str(&manifest.text).unwrap();
    for icon in manifest["icons"].as_array().unwrap() {
        let file = house.browser().get(icon["src"].as_str().unwrap()).await;
        assert_eq!((file.status, file.headers["content-type"].to_str().unwrap()), (200, icon["type"].as_str().unwrap()), "{icon}");
    }
    let old = house.browser().get("/assets/0000000000000000/app.css").await;
    assert!(old.status == 200 && old.headers["cache-control"] == "no-store", "an old page is not left without styles");
}
