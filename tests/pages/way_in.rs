//! Sign-in: the first admin, sign-in and sign-out, expiry of logins, and slowing down attempts.

use crate::on_both_databases;
use crate::rig::house::{Browser, House, PASSWORD, wanted};
use crate::rig::world::MORNING;
use lastword::domain::access::audit::By;
use lastword::domain::access::rights::Role;
use lastword::life::access::admit_person::{IDLE_MAX, LOGIN_MAX};
use lastword::life::access::change_account::{self, FIRST_LINK_TIME, PASSWORD_LINK_TIME};
use lastword::settings::Limits;
use lastword::store::access::{account, audit, login};
use std::collections::BTreeSet;

on_both_databases! {
    the_first_link_makes_one_admin_and_ends => first_admin;
    everybody_gets_from_the_start_to_a_page_of_their_own => start;
    a_login_ends_by_itself_and_by_hand => life_of_a_login;
    a_password_is_chosen_by_a_link_once => password_link;
    tries_are_slowed_down_and_nobody_is_locked_out => throttle;
}

const CHOSEN: &str = "seven green boats sleep";

async fn first_admin(url: String) {
    let house = House::on(&url, None).await;
    let engine = &house.world.engine;
    let link = format!("/first/{}", change_account::first_link(engine, house.world.now()).await.unwrap().unwrap());
    let mut browser = house.browser();
    assert!(browser.get("/sign-in").await.text.contains("server’s console"), "who comes too early is told where the link is");
    assert_eq!(browser.get(&link).await.status, 200);
    assert_eq!(browser.get(&link.replace("admin", "root")).await.status, 404);
    let fields = |name, login, password, again| [("name", name), ("login", login), ("password", password), ("password_again", again)];
    for (fields, words) in [
        (fields("", "anna", CHOSEN, CHOSEN), "1 to 100 characters"),
        (fields("Anna", "an na", CHOSEN, CHOSEN), "without spaces"),
        (fields("Anna", "anna", "too short", "too short"), "at least 12"),
        (fields("Anna", "anna", "Password2026!", "Password2026!"), "most common passwords"),
        (fields("Anna", "anna", "my login is anna", "my login is anna"), "must not contain"),
        (fields("Anna", "anna", CHOSEN, PASSWORD), "do not match"),
    ] {
        let refused = browser.send(&link, &link, &fields).await;
        assert!(refused.status == 422 && refused.text.contains(words), "{words}: {refused:?}");
        assert!(!refused.text.contains(CHOSEN), "a password is never shown again");
    }
    let made = browser.send(&link, &link, &fields("Anna", "Anna", CHOSEN, CHOSEN)).await;
    assert_eq!(made.leads_to(), "/");
    let page = browser.get("/today").await;
    assert!(page.status == 200 && page.text.contains("Anna"), "{page:?}");
    assert_eq!(house.browser().get(&link).await.status, 404, "a link is used once");
    assert_eq!(change_account::first_link(engine, house.world.now()).await.unwrap(), None);
    let trail = audit::list(&engine.db, &audit::Filter::default(), None, 10).await.unwrap();
    let acts: BTreeSet<(&str, &str)> = trail.iter().map(|entry| (entry.act.as_str(), entry.by_name.as_str())).collect();
    assert_eq!(acts, [("account.added", "one-time link"), ("account.signed_in", "Anna")].into());
    assert!(!format!("{trail:?}").contains("argon2"), "no secret gets into the trail");
}

async fn start(url: String) {
    let house = House::on(&url, None).await;
    assert_eq!(house.browser().get("/").await.leads_to(), "/sign-in");
    for (login, role, first) in [("olga", Role::Operator, "/me"), ("boris", Role::Supervisor, "/today"), ("anna", Role::Admin, "/today")] {
        house.person(login, role, &[]).await;
        let mut browser = house.browser();
        let entered = browser.send("/sign-in", "/sign-in", &[("login", login), ("password", PASSWORD)]).await;
        let mut next = entered.leads_to().to_owned();
        let page = loop {
            let page = browser.get(&next).await;
            if page.status != 303 {
                break page;
            }
            next = page.leads_to().to_owned();
        };
        assert_eq!((page.status, next.as_str()), (200, first), "{login}");
    }
}

#[tokio::test]
async fn the_first_link_is_over_after_an_hour() {
    let house = House::on("sqlite::memory:", None).await;
    let link = change_account::first_link(&house.world.engine, MORNING).await.unwrap().unwrap();
    house.world.clock.advance(FIRST_LINK_TIME);
    assert_eq!(house.browser().get(&format!("/first/{link}")).await.status, 404);
}

async fn life_of_a_login(url: String) {
    let house = House::on(&url, None).await;
    let anna = house.person("anna", Role::Supervisor, &["support"]).await;
    let mut browser = house.browser();
    assert_eq!(browser.get("/today").await.leads_to(), "/sign-in?next=%2Ftoday");
    let guest = browser.get("/sign-in").await.token();
    let entered = browser.send("/sign-in", "/sign-in", &[("login", "ANNA"), ("password", PASSWORD), ("next", "/today")]).await;
    assert_eq!(entered.leads_to(), "/today");
    let cookie = entered.sets("lastword").unwrap();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
    let first = browser.cookies["lastword"].clone();
    assert!(first.len() >= 43 && !format!("{:?}", login::of_account(&house.world.engine.db, anna.id, 0).await.unwrap()).contains(&first));
    assert_ne!(browser.get("/account").await.token(), guest, "forms shown before are worth nothing afterwards");

    // Signing out ends it on the server too; the next login has another secret.
    let thief = browser.clone();
    let left = browser.send("/account", "/sign-out", &[]).await;
    assert_eq!((left.leads_to(), &left.headers["clear-site-data"]), ("/sign-in", &"\"cache\"".parse().unwrap()));
    assert!(browser.get("/sign-in").await.text.contains("You are signed out"));
    assert!(!browser.get("/sign-in").await.text.contains("You are signed out"), "it is said once");
    assert_eq!(thief.clone().get("/account").await.status, 303, "the old secret is worth nothing");
    browser.sign_in("anna", PASSWORD).await.leads_to();
    assert_ne!(browser.cookies["lastword"], first);

    // It ends after half an hour without use, and after twelve hours in any case.
    house.world.clock.advance(IDLE_MAX - 1);
    assert_eq!(used(&house, &mut browser).await, 200);
    house.world.clock.advance(IDLE_MAX);
    assert_eq!(used(&house, &mut browser).await, 303);
    browser.sign_in("anna", PASSWORD).await.leads_to();
    let began = house.world.now();
    while house.world.now() < began + LOGIN_MAX - IDLE_MAX / 2 {
        house.world.clock.advance(IDLE_MAX / 2);
        assert_eq!(used(&house, &mut browser).await, 200);
    }
    house.world.clock.set(began + LOGIN_MAX);
    assert_eq!(used(&house, &mut browser).await, 303);

    // Other browsers are signed out from this one, and all of them when the account is disabled.
    browser.sign_in("anna", PASSWORD).await.leads_to();
    let mut other = house.signed_in(&anna).await;
    assert!(browser.get("/account").await.text.contains("192.0.2.7"));
    assert_eq!(browser.send("/account", "/account/logins", &[]).await.leads_to(), "/account");
    assert_eq!((other.get("/account").await.status, browser.get("/account").await.status), (303, 200));
    let off = change_account::Wanted { disabled: true, ..wanted("anna", Role::Supervisor, &["support"]) };
    change_account::change(&house.world.engine, &By::command(), anna.id, off, house.world.now()).await.unwrap();
    assert_eq!(browser.get("/account").await.status, 303);
    assert_eq!(browser.sign_in("anna", PASSWORD).await.status, 401, "nobody learns that the account is switched off");
}

/// Requests a page, and waits until the use is recorded if it is due.
async fn used(house: &House, browser: &mut Browser<'_>) -> u16 {
    let status = browser.get("/account").await.status;
    if status != 200 {
        return status;
    }
    loop {
        let account = account::by_login(&house.world.engine.db, "anna").await.unwrap().unwrap();
        let logins = login::of_account(&house.world.engine.db, account.id, 0).await.unwrap();
        if logins.iter().any(|login| house.world.now() - login.seen_at < 60_000) {
            return status;
        }
        tokio::task::yield_now().await;
    }
}

async fn password_link(url: String) {
    let house = House::on(&url, None).await;
    let (engine, by) = (&house.world.engine, By::command());
    let boris =
        change_account::add(engine, &by, "boris", wanted("Boris", Role::Operator, &[]), None, house.world.now()).await.unwrap().unwrap();
    let mut browser = house.browser();
    assert_eq!(browser.sign_in("boris", "!").await.status, 401, "no password is chosen yet");
    let link = change_account::password_link(engine, &by, boris.id, house.world.now()).await.unwrap().unwrap();
    let path = format!("/password/{link}");
    assert!(browser.get(&path).await.text.contains("boris"));
    let chosen = browser.send(&path, &path, &[("password", CHOSEN), ("password_again", CHOSEN)]).await;
    assert_eq!(chosen.leads_to(), "/");
    assert_eq!(house.browser().get(&path).await.status, 404, "the password it was made for is another one now");
    let late = change_account::password_link(engine, &by, boris.id, house.world.now()).await.unwrap().unwrap();
    house.world.clock.advance(PASSWORD_LINK_TIME);
    assert_eq!(house.browser().get(&format!("/password/{late}")).await.status, 404);

    // The person's own password: the present one is required, and all other browsers are signed out.
    let mut here = house.browser();
    here.sign_in("boris", CHOSEN).await.leads_to();
    let mut elsewhere = house.browser();
    elsewhere.sign_in("boris", CHOSEN).await.leads_to();
    let fields = |now| [("password_now", now), ("password", PASSWORD), ("password_again", PASSWORD)];
    assert_eq!(here.send("/account", "/account/password", &fields("wrong one entirely")).await.status, 422);
    assert_eq!(here.send("/account", "/account/password", &fields(CHOSEN)).await.leads_to(), "/account");
    assert_eq!((here.get("/account").await.status, elsewhere.get("/account").await.status), (200, 303));
}

async fn throttle(url: String) {
    let house = House::on(&url, None).await;
    house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.browser();
    let strip = |text: &str, token: &str, login: &str| text.replace(token, "T").replace(login, "L");
    let (known, unknown) = (browser.sign_in("anna", "not the password").await, browser.sign_in("nobody", "not the password").await);
    assert_eq!((known.status, unknown.status), (401, 401));
    assert_eq!(
        strip(&known.text, &known.token(), "anna"),
        strip(&unknown.text, &unknown.token(), "nobody"),
        "nobody learns who has an account"
    );
    for _ in 0..4 {
        assert_eq!(browser.sign_in("anna", "not the password").await.status, 401);
    }
    let slowed = browser.sign_in("anna", PASSWORD).await;
    assert_eq!((slowed.status, &slowed.headers["retry-after"]), (429, &"1".parse().unwrap()), "also the right one waits");
    house.world.clock.advance(1_000);
    assert_eq!(browser.sign_in("anna", "not the password").await.status, 401);
    assert_eq!(browser.sign_in("anna", PASSWORD).await.headers["retry-after"], "2");
    house.world.clock.advance(2_000);
    assert_eq!(browser.sign_in("anna", PASSWORD).await.leads_to(), "/");
    let mut other = house.browser();
    assert_eq!(other.sign_in("anna", "not the password").await.status, 401, "a success begins anew");
    // Parallel attempts are limited like sequential ones.
    let parallel = (0..10).map(|_| {
        let mut browser = house.browser();
        async move { browser.sign_in("anna", "not the password").await.status }
    });
    let answers = futures_util::future::join_all(parallel).await;
    assert_eq!(answers.iter().filter(|&&status| status == 401).count(), 4, "{answers:?}");
}

/// Wrong attempts lock out only those who make them.
#[tokio::test]
async fn whoever_has_the_right_password_gets_in_while_others_try_wrong_ones() {
    let house = House::on("sqlite::memory:", None).await;
    house.person("anna", Role::Admin, &[]).await;
    let mut known = house.browser();
    assert_eq!(known.sign_in("anna", PASSWORD).await.leads_to(), "/");
    known.send("/account", "/sign-out", &[]).await.leads_to();
    let mut attacker = house.browser();
    while attacker.sign_in("anna", "not the password").await.status == 401 {}
    assert_eq!(attacker.sign_in("anna", PASSWORD).await.status, 429, "who tried too often waits, whatever comes then");
    assert_eq!(known.sign_in("anna", PASSWORD).await.leads_to(), "/", "a browser that signed in before is known, at the same address too");
    assert_eq!(
        house.browser().from("198.51.100.7").sign_in("anna", PASSWORD).await.leads_to(),
        "/",
        "and another address is another place"
    );
    // An attacker with such a browser is slowed down like any other.
    known.send("/account", "/sign-out", &[]).await.leads_to();
    while known.sign_in("anna", "not the password").await.status == 401 {}
    assert_eq!(known.sign_in("anna", PASSWORD).await.status, 429);
}

#[tokio::test]
async fn an_address_tries_only_so_often_whatever_logins_it_types() {
    let limits = Limits { sign_ins_per_minute: 20, ..Limits::NONE };
    let house = House::limited("sqlite::memory:", None, limits, None).await;
    house.person("anna", Role::Admin, &[]).await;
    for number in 0..30 {
        // This login does not exist, so only the address can be slowed down.
        assert_eq!(house.browser().sign_in(&format!("nobody-{number}"), PASSWORD).await.status, 401);
    }
    let slowed = house.browser().sign_in("anna", PASSWORD).await;
    assert_eq!((slowed.status, &slowed.headers["retry-after"]), (429, &"3".parse().unwrap()));
    assert!(slowed.text.contains("Try again in 3 seconds"), "{}", slowed.text);
    house.world.clock.advance(3_001);
    assert_eq!(house.browser().sign_in("anna", PASSWORD).await.leads_to(), "/");
}

#[tokio::test]
async fn by_tls_cookies_are_this_hosts_alone() {
    let house = House::on("sqlite::memory:", Some("https://rate.example/")).await;
    house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.browser();
    let page = browser.get("/sign-in").await;
    assert!(page.headers["strict-transport-security"].to_str().unwrap().contains("31536000"));
    assert!(page.sets("__Host-lastword-guest").unwrap().ends_with("HttpOnly; SameSite=Lax; Secure"));
    let entered = browser.sign_in("anna", PASSWORD).await;
    assert!(entered.sets("__Host-lastword").unwrap().ends_with("Path=/; HttpOnly; SameSite=Lax; Secure"), "{entered:?}");
    assert!(browser.get("/account").await.status == 200);
}

#[tokio::test]
async fn a_person_reads_the_pages_in_the_chosen_language_and_theme() {
    let house = House::on("sqlite::memory:", None).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let choice = [("language", "ru"), ("back", "/account")];
    assert_eq!(browser.send("/account", "/choice", &choice).await.leads_to(), "/account");
    assert_eq!(browser.send("/account", "/choice", &[("theme", "dark"), ("back", "//evil.example")]).await.leads_to(), "/");
    let page = browser.get("/account").await.text;
    assert!(page.contains("<html lang=\"ru\" dir=\"ltr\" data-theme=\"dark\">") && page.contains("Моя учётная запись"), "{page}");
    let elsewhere = house.signed_in(&anna).await.get("/account").await.text;
    assert!(elsewhere.contains("lang=\"ru\""), "the choice goes with the person");
    assert!(house.browser().get("/sign-in").await.text.contains("lang=\"en\""));
}
