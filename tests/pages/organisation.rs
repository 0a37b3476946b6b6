//! How the organisation looks to clients: set by an admin, seen at once, refused with the reason.

use crate::on_both_databases;
use crate::rig::house::House;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lastword::domain::access::rights::Role;
use lastword::domain::brand::LOGO_BYTES_MAX;
use lastword::life::engine::brand::Brand;
use lastword::store::access::audit;

on_both_databases! {
    an_admin_says_who_they_are => looks;
}

const PAGE: &str = "/organisation";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand the rest of a picture";

async fn looks(url: String) {
    let house = House::on(&url, None).await;
    let admin = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&admin).await;
    assert!(browser.get("/r/unknown").await.text.contains("Our team"), "nobody has said a name");
    assert_eq!(browser.get("/r/logo").await.status, 404);
    let logo = STANDARD.encode(PNG);
    let fields = [("name", "Anna & Sons"), ("color", "#FFD400"), ("logo", logo.as_str()), ("version", "0")];
    assert_eq!(browser.send(PAGE, PAGE, &fields).await.leads_to(), PAGE);
    let page = browser.get(PAGE).await.text;
    assert!(page.contains("value=\"Anna &#38; Sons\"") && page.contains("value=\"#ffd400\"") && page.contains("/r/logo?1"), "{page}");
    assert!(browser.get("/r/unknown").await.text.contains("Anna &#38; Sons"), "clients read the name");
    let style = browser.get("/r/page.css").await.text;
    // Yellow cannot be read on white, and black can be read on it.
    let (_, own) = style.rsplit_once("\n:root{--accent:").expect("rules of the color");
    assert!(!own.starts_with("#ffd400") && own.contains("--accent:#ffd400;--on-accent:#000000"), "{own}");
    let shown = browser.get("/r/logo").await;
    assert_eq!((shown.bytes.as_slice(), shown.headers["content-type"].to_str().unwrap()), (PNG, "image/png"));
    assert_eq!(shown.headers["x-content-type-options"], "nosniff");

    for (field, typed, words) in [
        ("name", "x".repeat(61), "Use at most 60 characters"),
        ("color", "yellow".to_owned(), "Enter a colour as #"),
        ("logo", STANDARD.encode("<svg onload='alert(1)'/>"), "SVG files are not accepted"),
        ("logo", STANDARD.encode("GIF89a"), "no PNG, JPEG or WebP"),
        ("logo", "not base64!".to_owned(), "no PNG, JPEG or WebP"),
        ("logo", STANDARD.encode(vec![0; LOGO_BYTES_MAX + 1]), "too large: at most 256 kB"),
    ] {
        let answer = browser.send(PAGE, PAGE, &[(field, &typed), ("name", "Other")]).await;
        assert!(answer.status == 422 && answer.text.contains(words), "{field}: {} {words}", answer.status);
    }
    let huge = "A".repeat(27 * 1024 * 1024);
    assert_eq!(browser.send(PAGE, PAGE, &[("name", "Other"), ("logo", &huge)]).await.status, 413);
    assert!(browser.get("/r/unknown").await.text.contains("Anna &#38; Sons"), "what was refused changed nothing");

    // What another admin saved meanwhile is not overwritten, also if it was the first thing ever saved.
    for seen in ["0", "7"] {
        let late = browser.send(PAGE, PAGE, &[("name", "Late"), ("version", seen)]).await;
        assert!(
            late.status == 409 && late.text.contains("anna changed the organisation") && late.text.contains("value=\"Late\""),
            "{}",
            late.text
        );
    }
    assert!(browser.get("/r/unknown").await.text.contains("Anna &#38; Sons"), "nothing was overwritten");

    let other_node = Brand::default();
    other_node.reload(&house.world.engine.db).await.unwrap();
    assert_eq!((other_node.look().name.as_deref(), other_node.look().version), (Some("Anna & Sons"), 1));
    browser.send(PAGE, PAGE, &[("name", ""), ("remove", "1"), ("version", "1")]).await.leads_to();
    other_node.reload(&house.world.engine.db).await.unwrap();
    assert_eq!((other_node.look().name.is_none(), other_node.look().logo.is_none()), (true, true), "all of it can be taken back");
    let filter = audit::Filter { subject_kind: Some("organisation".to_owned()), ..audit::Filter::default() };
    let found = audit::list(&house.world.engine.db, &filter, None, 10).await.unwrap();
    assert_eq!(found.len(), 2);
}
