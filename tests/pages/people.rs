//! People, keys and the audit log on their pages.

use crate::on_both_databases;
use crate::rig::house::House;
use lastword::domain::access::api_key::ApiKey;
use lastword::domain::access::rights::Role;
use lastword::store::access::{account, api_key, audit};

on_both_databases! {
    somebody_is_invited_by_a_link_and_limited_to_lines => invited;
    a_key_is_shown_once_and_taken_back => keys;
    the_trail_is_read_by_person_thing_and_day => trail;
}

/// The secret shown once on a page.
fn secret(page: &str) -> String {
    let (_, rest) = page.split_once("class=\"secret\" tabindex=\"0\">").unwrap_or_else(|| panic!("no secret on {page}"));
    rest.split('<').next().unwrap().to_owned()
}

async fn invited(url: String) {
    let house = House::on(&url, None).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let person = [("login", "boris"), ("name", "Boris"), ("role", "supervisor"), ("lines", "support")];
    for (changed, words) in [
        (("lines", "nowhere"), "Choose at least one line"),
        (("role", "owner"), "Choose a role."),
        (("role", "operator"), "Enter the operator’s ID in the desk"),
        (("login", "a b"), "without spaces"),
        (("login", "anna"), "This login is taken."),
        (("name", ""), "Enter a name"),
    ] {
        let mut fields: Vec<(&str, &str)> = person.into_iter().filter(|(name, _)| *name != changed.0).collect();
        fields.push(changed);
        let answer = browser.send("/people", "/people", &fields).await;
        assert!(answer.status == 422 && answer.text.contains(words), "{changed:?}: {}", answer.status);
    }
    let made = browser.send("/people", "/people", &person).await;
    assert_eq!(made.status, 200);
    let link = secret(&made.text);
    assert!(link.starts_with("http://desk.example/password/"), "{link}");
    let path = link.trim_start_matches("http://desk.example").to_owned();
    assert!(browser.get("/people").await.text.contains("invited"));
    let chosen = [("password", "seven green boats sleep"), ("password_again", "seven green boats sleep")];
    let mut his = house.browser();
    assert_eq!(his.send(&path, &path, &chosen).await.leads_to(), "/");
    let db = &house.world.engine.db;
    let boris = account::by_login(db, "boris").await.unwrap().unwrap();
    assert_eq!((boris.all_lines, account::lines(db, boris.id).await.unwrap()), (false, ["support".into()].into()));
    assert_eq!(his.get("/lines/support").await.status, 200);

    let his_page = format!("/people/{}", boris.id);
    assert!(browser.get(&his_page).await.text.contains("Sign out everywhere"));
    assert_eq!(browser.send(&his_page, &format!("{his_page}/logins"), &[]).await.leads_to(), his_page);
    assert_eq!(his.get("/lines").await.status, 303, "signed out from elsewhere");
    let again = secret(&browser.send(&his_page, &format!("{his_page}/link"), &[]).await.text);
    assert_ne!(again, link);
    let off = [("name", "Boris"), ("role", "supervisor"), ("all_lines", "1"), ("disabled", "1")];
    assert_eq!(browser.send(&his_page, &his_page, &off).await.leads_to(), his_page);
    assert!(account::find(db, boris.id).await.unwrap().unwrap().disabled_at.is_some());
    let hers = format!("/people/{}", anna.id);
    let last = browser.send(&hers, &hers, &[("name", "Anna"), ("role", "supervisor"), ("all_lines", "1")]).await;
    assert!(last.status == 422 && last.text.contains("This is the last admin who can sign in"));
}

async fn keys(url: String) {
    let house = House::on(&url, None).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let none = browser.send("/people", "/keys", &[("key_name", "desk")]).await;
    assert!(none.status == 422 && none.text.contains("Choose at least one permission"));
    let made = browser.send("/people", "/keys", &[("key_name", "desk"), ("scopes", "lines:read"), ("scopes", "alerts:read")]).await;
    let key = ApiKey::parse(&secret(&made.text)).unwrap();
    let db = &house.world.engine.db;
    let kept = api_key::by_hash(db, &key.hash()).await.unwrap().unwrap();
    assert_eq!((kept.name.as_str(), kept.scopes), ("desk", vec!["lines:read".to_owned(), "alerts:read".to_owned()]));
    let page = browser.get("/people").await.text;
    assert!(page.contains(&kept.prefix) && !page.contains(key.text()), "never again");
    assert!(!browser.get("/audit").await.text.contains(key.text()));
    let revoke = format!("/keys/{}/revoke", kept.id);
    assert_eq!(browser.send("/people", &revoke, &[]).await.leads_to(), "/people#keys");
    assert!(api_key::by_hash(db, &key.hash()).await.unwrap().unwrap().revoked_at.is_some());
}

async fn trail(url: String) {
    let house = House::on(&url, None).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let made = [("name", "Sales"), ("id", "sales"), ("scale", "five_star")];
    browser.send("/lines", "/lines", &made).await.leads_to();
    for name in 0..45 {
        let name = format!("Key {name}");
        browser.send("/people", "/keys", &[("key_name", &name), ("scopes", "admin")]).await;
    }
    let page = browser.get("/audit?kind=line").await.text;
    assert!(page.contains("Line saved:") && page.contains("<ins>five stars</ins>") && !page.contains("Key created:"), "{page}");
    let first = browser.get("/audit?kind=key").await.text;
    assert!(first.contains("</b> Key 44<") && !first.contains("</b> Key 0<"));
    let (_, next) = first.split_once("class=\"pages\"><a class=\"button\" href=\"").unwrap();
    let next = next.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    let second = browser.get(&next).await.text;
    assert!(second.contains("</b> Key 0<") && !second.contains("</b> Key 44<"));
    let nobody = browser.get("/audit?by=nobody-at-all").await.text;
    assert!(nobody.contains("Nothing matches this filter."));
    let hers = browser.get(&format!("/audit?by={}&kind=account", anna.id)).await.text;
    assert!(!hers.contains("Key created:"));
    assert!(browser.get("/audit?from=2026-10-02&until=2026-10-01").await.text.contains("The end date is before the start date"));
    assert!(browser.get("/audit?from=2030-01-01").await.text.contains("Nothing matches this filter."));
    assert!(!audit::list(&house.world.engine.db, &audit::Filter::default(), None, 100).await.unwrap().is_empty());
}
