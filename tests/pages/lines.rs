//! Lines on their pages: created, configured, previewed, changed by two people at once, restored.

use crate::on_both_databases;
use crate::rig::house::{Answer, Browser, House};
use lastword::domain::access::rights::Role;
use lastword::domain::answer::rating::Scale;
use lastword::domain::line::LineSettings;
use lastword::store::access::audit;
use lastword::store::line;
use lastword::store::line::Line;

on_both_databases! {
    a_line_is_set_as_it_is_typed_and_the_preview_follows => set_and_see;
    what_two_people_change_at_once_is_nobodys_loss => two_at_once;
    a_version_comes_back => versions;
}

/// The fields of the form on a page, as a browser would send them.
pub(super) fn fields_of(page: &str) -> Vec<(String, String)> {
    let unescape =
        |text: &str| text.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&");
    let (_, form) = page.split_once("id=\"rating-tab\"").expect("the form");
    let form = form.split("</form>").next().unwrap();
    let attribute =
        |tag: &str, name: &str| tag.split_once(&format!(" {name}=\"")).map(|(_, rest)| unescape(rest.split('"').next().unwrap()));
    let mut fields = Vec::new();
    for piece in form.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let name = attribute(tag, "name");
        match (tag.split(' ').next().unwrap(), name) {
            ("input", Some(name)) if tag.contains("type=\"checkbox\"") && !tag.ends_with(" checked") => drop(name),
            ("input", Some(name)) => fields.push((name, attribute(tag, "value").unwrap_or_default())),
            ("select", Some(name)) => fields.push((name, String::new())),
            ("option", _) if tag.ends_with(" selected") => fields.last_mut().unwrap().1 = attribute(tag, "value").unwrap(),
            ("textarea", Some(name)) => fields.push((name, unescape(text.strip_prefix('\n').unwrap_or(text)))),
            _ => {}
        }
    }
    fields
}

/// Submits the form of the page as shown, with these fields changed.
async fn send(browser: &mut Browser<'_>, shown: &Answer, path: &str, changed: &[(&str, &str)]) -> Answer {
    let mut fields = fields_of(&shown.text);
    for (name, value) in changed {
        fields.retain(|(known, _)| known != name);
        if !value.is_empty() {
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(path, &fields).await
}

async fn support(house: &House) -> Line {
    line::find(&house.world.engine.db, &"support".into()).await.unwrap().unwrap()
}

async fn set_and_see(url: String) {
    let house = House::on(&url, None).await;
    house.world.recipient("boris", None).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let before = support(&house).await;
    let shown = browser.get("/lines/support").await;
    assert_eq!(send(&mut browser, &shown, "/lines/support", &[]).await.leads_to(), "/lines/support");
    assert_eq!(support(&house).await.settings, before.settings, "saved as it was shown, nothing is different");

    let typed = [
        ("scale", "five_star"),
        ("delay_secs", "3"),
        ("delay_secs.unit", "minutes"),
        ("texts.de.question", "Wie war es <b>bei uns</b>?"),
        ("texts.de.reasons", "Zu langsam\r\n\r\n Zu laut \r\nteuer: Zu teuer: viel zu teuer"),
        ("tag_rules", "teuer / de: teuer*, zu viel\r\nteuer / en: expensive\r\nslow/de: langsam"),
        ("alerts.recipients", "boris"),
        ("quiet_hours", "1"),
        ("quiet_hours.from", "22:00"),
        ("quiet_hours.to", "08:00"),
        ("ask_after_timeout", ""),
        ("preview.language", "de"),
    ];
    let shown = browser.get("/lines/support").await;
    assert!(shown.text.contains("Please rate the quality of service"));
    let preview = send(&mut browser, &shown, "/lines/support/preview", &typed).await;
    assert!(preview.status == 200 && preview.text.contains("Wie war es &#60;b&#62;bei uns&#60;/b&#62;?"), "{}", preview.text);
    assert!(preview.text.contains("★★★★★") && !preview.text.contains("👎") && !preview.text.contains("<html"), "{}", preview.text);
    let without_script = send(&mut browser, &shown, "/lines/support", &[&typed[..], &[("act", "preview")]].concat()).await;
    assert!(without_script.status == 200 && without_script.text.contains("Wie war es &#60;b&#62;"));
    assert_eq!(support(&house).await.version, before.version + 1, "a preview keeps nothing");

    let odd = send(&mut browser, &shown, "/lines/support", &[("scale", "ten_points")]).await;
    assert!(odd.status == 422 && odd.text.contains("Unknown scale"), "{}", odd.text);
    let made = browser.send("/lines", "/lines", &[("id", "odd"), ("name", "Odd"), ("scale", "ten_points")]).await;
    assert!(made.status == 422 && made.text.contains("Unknown scale"), "{} {}", made.status, made.text);
    assert!(line::find(&house.world.engine.db, &"odd".into()).await.unwrap().is_none(), "not made with another scale instead");

    assert_eq!(send(&mut browser, &shown, "/lines/support", &typed).await.leads_to(), "/lines/support");
    let LineSettings { scale, delay_secs, texts, alerts, quiet_hours, ask_after_timeout, tag_rules, .. } = support(&house).await.settings;
    assert_eq!((scale, delay_secs, ask_after_timeout), (Scale::FiveStar, 180, false));
    assert_eq!(texts["de"].question.as_deref(), Some("Wie war es <b>bei uns</b>?"));
    let reasons = texts["de"].reasons.as_ref().unwrap();
    let reasons: Vec<(&str, &str)> = reasons.iter().map(|reason| (reason.code.as_str(), reason.text.as_str())).collect();
    // Reasons with known texts keep their code, even built-in ones; others get a code derived from the text, or the typed one.
    assert_eq!(reasons, [("slow", "Zu langsam"), ("zu_laut", "Zu laut"), ("teuer", "Zu teuer: viel zu teuer")]);
    assert_eq!(
        (tag_rules.len(), tag_rules[0].words["de"].clone(), &*tag_rules[1].code),
        (2, vec!["teuer*".to_owned(), "zu viel".to_owned()], "slow")
    );
    assert_eq!((alerts.recipients, quiet_hours.unwrap().from), (vec!["boris".to_owned()], "22:00".to_owned()));
    let low = [("preview.moment", "thanks_low"), ("preview.language", "de")];
    let shown = browser.get("/lines/support").await;
    assert!(shown.text.contains("Saved."));
    let preview = send(&mut browser, &shown, "/lines/support/preview", &low).await.text;
    assert!(preview.contains("Zu laut") && preview.contains("Das tut uns leid"), "{preview}");

    let filter = audit::Filter { subject_kind: Some("line".to_owned()), ..audit::Filter::default() };
    let trail = audit::list(&house.world.engine.db, &filter, None, 10).await.unwrap();
    assert_eq!((trail[0].by_name.as_str(), &trail[0].after["settings.delay_secs"]), ("anna", &180.into()));
}

async fn two_at_once(url: String) {
    let house = House::on(&url, None).await;
    let (anna, boris) = (house.person("anna", Role::Admin, &[]).await, house.person("boris", Role::Supervisor, &["support"]).await);
    let (mut hers, mut his) = (house.signed_in(&anna).await, house.signed_in(&boris).await);
    let (seen_by_her, seen_by_him) = (hers.get("/lines/support").await, his.get("/lines/support").await);
    let first = [("delay_secs", "9"), ("texts.en.question", "Hers?")];
    assert_eq!(send(&mut hers, &seen_by_her, "/lines/support", &first).await.leads_to(), "/lines/support");
    let typed = [("expires_after_hours", "2"), ("expires_after_hours.unit", "days"), ("texts.en.question", "His?")];
    let clash = send(&mut his, &seen_by_him, "/lines/support", &typed).await;
    assert_eq!(clash.status, 409);
    assert!(clash.text.contains("anna changed this line in the meantime") && clash.text.contains("Hers?") && clash.text.contains("His?"));
    assert!(!clash.text.contains("class=\"save\""), "no button saves without a choice");
    let kept = support(&house).await;
    assert_eq!((kept.settings.delay_secs, kept.settings.expires_after_hours), (9, 72), "nothing of hers is gone");

    // Merged: his fields override hers, saved after his confirmation.
    let both = send(&mut his, &clash, "/lines/support", &[("act", "merge")]).await;
    assert_eq!(support(&house).await.version, kept.version, "shown, and not kept yet");
    assert_eq!(send(&mut his, &both, "/lines/support", &[]).await.leads_to(), "/lines/support");
    let saved = support(&house).await.settings;
    assert_eq!((saved.delay_secs, saved.expires_after_hours, saved.texts["en"].question.as_deref()), (9, 48, Some("His?")));
}

async fn versions(url: String) {
    let house = House::on(&url, None).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let shown = browser.get("/lines/support").await;
    send(&mut browser, &shown, "/lines/support", &[("name", "Help"), ("delay_secs", "7")]).await.leads_to();
    let page = browser.get("/lines/support/versions").await.text;
    assert!(page.contains("Version 2") && page.contains("<del>2 seconds</del>") && page.contains("<ins>7 seconds</ins>"), "{page}");
    let back = [("version", "2"), ("to", "1")];
    assert_eq!(browser.send("/lines/support/versions", "/lines/support/versions", &back).await.leads_to(), "/lines/support");
    let line = support(&house).await;
    assert_eq!((line.version, line.settings.delay_secs, line.name.as_str()), (3, 2, "Support"));
    assert_eq!(browser.send("/account", "/lines/support/versions", &back).await.status, 409, "seen before the last change");
    assert_eq!(browser.send("/account", "/lines/support/versions", &[("version", "3"), ("to", "9")]).await.status, 404);
}

#[tokio::test]
async fn a_setting_that_makes_no_sense_is_named_and_what_was_typed_stays() {
    let house = House::on("sqlite::memory:", None).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let shown = browser.get("/lines/support").await;
    let long = "x".repeat(641);
    for (field, typed, words) in [
        ("delay_secs", "soon", "Enter a whole number and choose its unit."),
        ("delay_secs", "-1", "Enter a whole number"),
        ("expires_after_hours", "0", "Enter 1 hour to 90 days."),
        ("reminder_after_hours", "99", "The reminder must come"),
        ("sampling_percent", "101", "Enter a whole number from 0 to 100."),
        ("target_percent", "100", "Enter a whole number from 1 to 99."),
        ("skip.min_messages", "many", "Enter a whole number from 0 to 1,000."),
        ("low_max", "4", "This score is not on the line"),
        ("name", " ", "Enter 1 to 200 characters"),
        ("texts.en.question", &long, "Use at most 640 characters"),
        ("tag_rules", "price: too much", "This row is not a valid rule: “price: too much”"),
        ("tag_rules", "Price / en: price", "These rules are not valid"),
        ("texts.en.reasons", "slow: Slow\nslow: Late", "each with a code of its own"),
        ("texts.en.reasons", "1\n2\n3\n4\n5\n6\n7\n8\n9", "Enter at most eight reasons"),
        ("quiet_hours.time_zone", "Mars/Olympus", "Unknown time zone."),
        ("quiet_hours.from", "25:00", "Enter a time of day"),
    ] {
        let quiet = [("quiet_hours", "1"), ("quiet_hours.from", "22:00"), ("quiet_hours.to", "08:00"), (field, typed)];
        let typed_fields = if field.starts_with("quiet") { &quiet[..] } else { &quiet[3..] };
        let answer = send(&mut browser, &shown, "/lines/support", typed_fields).await;
        assert_eq!(answer.status, 422, "{field} = {typed}");
        let (_, from_field) = answer.text.split_once(&format!("name=\"{field}\"")).unwrap();
        let beside = from_field.split("class=\"field").next().unwrap();
        assert!(beside.contains(words) && beside.contains("<strong>"), "{field} = {typed}: {beside}");
        let kept = fields_of(&answer.text);
        let expected = if typed.trim().is_empty() { typed } else { typed.trim() };
        assert!(kept.iter().any(|(name, value)| name == field && value.trim() == expected.trim()), "{field} = {typed} stays");
    }
    assert_eq!(support(&house).await.version, 1, "nothing was saved");
}

/// Days off are typed, or loaded from a calendar: usable ones appear in the field, and others are reported.
#[tokio::test]
async fn days_off_are_typed_or_come_from_a_calendar() {
    let house = House::on("sqlite::memory:", None).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let days = async || support(&house).await.settings.deadline.unwrap_or_default().days_off;
    let event = |of: &str| format!("BEGIN:VEVENT\r\n{of}\r\nEND:VEVENT\r\n");
    let calendar = |events: &[&str]| {
        let events: String = events.iter().map(|of| event(of)).collect();
        format!("BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n")
    };
    let shown = browser.get("/lines/support?tab=after").await;
    let typed = [("deadline.hours", "8"), ("deadline.days_off", "2030-12-24/2030-12-26\r\n\r\n 5-1 ")];
    send(&mut browser, &shown, "/lines/support", &typed).await.leads_to();
    assert_eq!(days().await, ["2030-12-24/2030-12-26", "05-01"]);
    let shown = browser.get("/lines/support?tab=after").await;
    assert!(shown.text.contains("2030-12-24/2030-12-26\n05-01"), "{}", shown.text);

    let wrong = send(&mut browser, &shown, "/lines/support", &[("deadline.days_off", "2030-12-24\r\nEaster")]).await;
    assert!(wrong.status == 422 && wrong.text.contains("No day off: Easter"), "{wrong:?}");
    let none = send(&mut browser, &shown, "/lines/support", &[("deadline.days_off", "BEGIN:VCALENDAR\r\nEND:VCALENDAR")]).await;
    assert!(none.status == 422 && none.text.contains("The calendar cannot be used: it holds no whole-day event"), "{none:?}");

    let whole = calendar(&["DTSTART;VALUE=DATE:20301224\r\nDTEND;VALUE=DATE:20301227", "SUMMARY:Meeting\r\nDTSTART:20301230T090000Z"]);
    let some = send(&mut browser, &shown, "/lines/support", &[("deadline.days_off", &whole)]).await;
    assert!(some.status == 422 && some.text.contains("1 event cannot be used") && some.text.contains("Meeting"), "{some:?}");
    assert_eq!(days().await, ["2030-12-24/2030-12-26", "05-01"], "nothing is kept until it is saved again");
    send(&mut browser, &some, "/lines/support", &[]).await.leads_to();
    assert_eq!(days().await, ["2030-12-24/2030-12-26"], "what can be used is in the field");

    // A calendar of many years is larger than other forms.
    let many: Vec<String> =
        (0..600).map(|n| format!("DTSTART;VALUE=DATE:20{:02}1224\r\nDESCRIPTION:{}", 31 + n % 60, "x".repeat(200))).collect();
    let shown = browser.get("/lines/support?tab=after").await;
    let many = calendar(&many.iter().map(String::as_str).collect::<Vec<_>>());
    send(&mut browser, &shown, "/lines/support", &[("deadline.days_off", &many)]).await.leads_to();
    assert_eq!(days().await.len(), 60);
}

fn tabs_of(page: &str) -> (Vec<&str>, Vec<&str>) {
    let links: Vec<&str> = page.split("id=\"to-").skip(1).map(|link| link.split("</a>").next().unwrap()).collect();
    let words = |part: &str| -> Vec<&str> {
        let marked = links.iter().filter(|link| link.contains(part));
        marked.map(|link| link.split('"').next().unwrap()).collect()
    };
    (words("class=\"chosen\""), words("chip bad"))
}

#[tokio::test]
async fn each_tab_has_an_address_and_what_is_wrong_opens_its_own() {
    let house = House::on("sqlite::memory:", None).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    for (query, tab) in [("", "question"), ("?tab=rules", "rules"), ("?tab=nowhere", "question"), ("?tab=after&x=1", "after")] {
        let shown = browser.get(&format!("/lines/support{query}")).await;
        assert_eq!(tabs_of(&shown.text), (vec![tab], vec![]), "{query}");
        let part = shown.text.split("class=\"part chosen\" id=\"part-").nth(1).unwrap();
        assert!(part.starts_with(tab), "{query}: the part of the tab is the one that is shown");
    }
    // Every setting is in one tab, and all tabs are one form: saving one tab loses nothing of another.
    let timing = browser.get("/lines/support?tab=timing").await;
    let names: Vec<String> = fields_of(&timing.text).into_iter().map(|(name, _)| name).filter(|name| name == "delay_secs").collect();
    assert_eq!(names.len(), 1);
    let typed = [("delay_secs", "8"), ("sampling_percent", "50")];
    assert_eq!(send(&mut browser, &timing, "/lines/support", &typed).await.leads_to(), "/lines/support?tab=timing");
    let settings = support(&house).await.settings;
    assert_eq!((settings.delay_secs, settings.sampling_percent), (8, 50));

    let alerts = browser.get("/lines/support?tab=alerts").await;
    let wrong = [("sampling_percent", "101"), ("delay_secs", "soon"), ("expires_after_hours", "0"), ("change_minutes", "x")];
    let answer = send(&mut browser, &alerts, "/lines/support", &wrong).await;
    assert_eq!((answer.status, tabs_of(&answer.text)), (422, (vec!["timing"], vec!["timing", "rules"])));
    let only = send(&mut browser, &alerts, "/lines/support", &[("sampling_percent", "101")]).await;
    assert_eq!((only.status, tabs_of(&only.text)), (422, (vec!["rules"], vec!["rules"])));
    let text = send(&mut browser, &alerts, "/lines/support", &[("texts.de.question", &"x".repeat(641))]).await;
    assert_eq!((text.status, tabs_of(&text.text)), (422, (vec!["question"], vec!["question"])));
    let language = send(&mut browser, &alerts, "/lines/support", &[("act", "language"), ("texts.add", "?")]).await;
    assert_eq!(tabs_of(&language.text), (vec!["question"], vec!["question"]));
    let looked = send(&mut browser, &alerts, "/lines/support", &[("act", "preview"), ("delay_secs", "9")]).await;
    assert_eq!(tabs_of(&looked.text), (vec!["alerts"], vec![]), "the tab stays");
    // The saved values are beside the typed ones, for the bar that counts changes.
    let saved = looked.text.split("data-saved=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(saved.contains("&#34;delay_secs&#34;:[&#34;8&#34;]"), "{saved}");
}

#[tokio::test]
async fn a_line_is_made_put_away_and_asked_in_another_language() {
    let house = House::on("sqlite::memory:", None).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let made = browser.send("/lines", "/lines", &[("name", "Sales & more"), ("id", "sales"), ("scale", "five_star")]).await;
    assert_eq!(made.leads_to(), "/lines/sales");
    let page = browser.get("/lines/sales").await;
    assert!(page.text.contains("Nobody is alerted to low ratings on this line."));
    let taken = browser.send("/lines", "/lines", &[("name", "Again"), ("id", "sales")]).await;
    assert!(taken.status == 422 && taken.text.contains("This ID is taken"));
    let french = send(&mut browser, &page, "/lines/sales", &[("act", "language"), ("texts.add", "fr")]).await;
    assert!(french.status == 200 && french.text.contains("name=\"texts.fr.question\""));
    send(&mut browser, &french, "/lines/sales", &[("texts.fr.question", "Ça va ?")]).await.leads_to();
    let sales = line::find(&house.world.engine.db, &"sales".into()).await.unwrap().unwrap();
    assert_eq!(sales.settings.texts["fr"].question.as_deref(), Some("Ça va ?"));
    assert!(sales.settings.texts.len() == 1, "empty languages are not kept");
    let away = [("version", "2"), ("archived", "1")];
    assert_eq!(browser.send("/lines/sales", "/lines/sales/archive", &away).await.leads_to(), "/lines");
    assert!(line::find(&house.world.engine.db, &"sales".into()).await.unwrap().unwrap().archived_at.is_some());
}

#[tokio::test]
async fn a_supervisor_sees_and_sets_their_lines_alone() {
    let house = House::on("sqlite::memory:", None).await;
    let boris = house.person("boris", Role::Supervisor, &["sales"]).await;
    let mut browser = house.signed_in(&boris).await;
    assert!(!browser.get("/lines").await.text.contains("/lines/support"));
    assert_eq!(browser.get("/lines/support").await.status, 404);
    for path in ["/lines/support", "/lines/support/preview", "/lines/support/archive", "/lines/support/versions", "/lines"] {
        assert_eq!(browser.send("/account", path, &[("name", "X"), ("id", "x")]).await.status, 404, "{path}");
    }
    assert_eq!(support(&house).await.version, 1);
}

#[tokio::test]
async fn a_dry_run_says_what_would_have_been_asked_and_why_not() {
    let house = House::on("sqlite::memory:", None).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    house.world.ask("s-1").await;
    house
        .world
        .tell(lastword::life::session::close_batch::Close { client: Some("client-of-s-1".into()), ..house.world.close_of("s-2") })
        .await;
    let mut browser = house.signed_in(&anna).await;
    let page = browser.get("/lines/support/plan").await;
    assert!(page.status == 200 && page.text.contains("s-1") && page.text.contains("asked too recently"), "{}", page.text);
    let wrong = browser.get("/lines/support/plan?since=tomorrow").await;
    assert!(wrong.status == 200 && wrong.text.contains("This is not a past date."));
}

#[tokio::test]
async fn settings_of_bitrix24_are_looked_at_before_they_are_taken() {
    let house = House::on("sqlite::memory:", None).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let path = "/lines/support/bitrix24";
    for (pasted, words) in [("{", "This is not valid JSON."), ("{\"delay_secs\": 3}", "no VOTE_… field was found")] {
        let answer = browser.send(path, path, &[("document", pasted), ("act", "take")]).await;
        assert!(answer.status == 422 && answer.text.contains(words), "{pasted}");
    }
    let document = r#"{"result": {"LINE_NAME": "Shop", "VOTE_MESSAGE": "Y", "VOTE_TIME_LIMIT": "86400", "FULL_CLOSE_TIME": "10",
        "VOTE_MESSAGE_1_TEXT": "How did we do?", "VOTE_MESSAGE_1_LIKE": "[b]Thanks![/b]"}}"#;
    let looked = browser.send(path, path, &[("document", document), ("act", "look")]).await;
    assert!(looked.status == 200 && looked.text.contains("no equivalent") && looked.text.contains("<ins>How did we do?</ins>"));
    assert!(looked.text.contains("The desk decides when a chat is closed for good.") && looked.text.contains("Import"));
    assert_eq!(support(&house).await.version, 1);
    let taken = browser.send(path, path, &[("document", document), ("act", "take"), ("version", "1")]).await;
    assert_eq!(taken.leads_to(), "/lines/support");
    let line = support(&house).await;
    assert_eq!((line.name.as_str(), line.settings.expires_after_hours), ("Shop", 24));
    assert_eq!(line.settings.texts["en"].thanks_good.as_deref(), Some("Thanks!"));
    let file = browser.get("/lines/support/bitrix24.json").await;
    assert!(file.headers["content-disposition"].to_str().unwrap().contains("attachment"));
    let fields: serde_json::Value = serde_json::from_str(&file.text).unwrap();
    assert_eq!((&fields["VOTE_TIME_LIMIT"], &fields["VOTE_MESSAGE_1_TEXT"]), (&"86400".into(), &"How did we do?".into()));
    let again = browser.send(path, path, &[("document", document), ("act", "take"), ("version", "1")]).await;
    assert_eq!(again.status, 409, "seen before the last change");
}
