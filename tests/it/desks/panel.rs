//! The panel beside a chat: framing, content by account, and actions.

use super::{MINUTE, SECOND, closed, requests, tell, world};
use crate::rig::house::{Answer, Browser, House, PASSWORD, wanted};
use crate::rig::world::{Parrot, World};
use async_trait::async_trait;
use lastword::domain::access::rights::Role;
use lastword::domain::line::{LineSettings, WhileTalking};
use lastword::life::Engine;
use lastword::life::engine::desks::{Desks, Routing};
use lastword::life::facts::opted_out::on_the_list;
use lastword::settings::Limits;
use lastword::store::access::audit;
use lastword_contract::{
    Abilities, Account, Beside, Desk, DeskEvent, DeskEventKind, Heard, PanelPlace, PanelTold, RawRequest, Rejected, SendError, Verdict,
};
use std::sync::Arc;

/// A desk that posts the chat, authenticated by a token.
#[derive(Debug)]
struct Posts;

#[async_trait]
impl Desk for Posts {
    fn kind(&self) -> &'static str {
        "posts"
    }

    fn abilities(&self) -> Abilities {
        Abilities::default()
    }

    fn receive(&self, _: &RawRequest) -> Result<Heard, Rejected> {
        Err(Rejected::NotHere)
    }

    async fn look(&self, _: Option<&str>) -> Result<Account, SendError> {
        Ok(Account::default())
    }

    fn panel(&self) -> Option<PanelPlace> {
        Some(PanelPlace { origin: "https://portal.example".to_owned(), told_by: PanelTold::Post })
    }

    async fn panel_chat(&self, request: &RawRequest) -> Result<Option<Beside>, SendError> {
        match request.body.as_slice() {
            b"word=right&chat=17" => Ok(Some(Beside::Chat("17".to_owned()))),
            b"word=right&client=9" => Ok(Some(Beside::Client { id: "9".to_owned(), queue: None })),
            b"word=right" => Ok(None),
            b"word=later" => Err(SendError::new(Verdict::RetryAfter(1_000), "busy", "not now")),
            _ => Err(SendError::new(Verdict::Refused, "another_token", "another word")),
        }
    }
}

/// A world with both desks behind its routes.
async fn house() -> (House, Arc<Parrot>) {
    let (mut world, desk, chats) = world().await;
    let desks = Desks::default();
    let routing = world.engine.desks.get(&"cw".into()).unwrap().routing.clone();
    desks.add("cw", desk, routing);
    desks.add("portal", Arc::new(Posts), Routing::default());
    world.engine = Engine { desks: Arc::new(desks), ..world.engine.clone() };
    world.runner = lastword::app::runner(&world.engine, lastword::queue::Tuning::default(), None);
    (House::over(world, Some("https://rate.example.com/"), Limits::NONE, None), chats)
}

/// A panel in a browser.
struct Panel<'h>(Browser<'h>);

impl<'h> Panel<'h> {
    fn of(house: &'h House, secret: &str) -> Self {
        let mut browser = house.browser();
        browser.headers = vec![("lastword-panel", secret.to_owned())];
        Self(browser)
    }

    /// The panel of a person with this role on the lines `lines`; empty means all lines.
    async fn signed_in(house: &'h House, login: &str, role: Role, lines: &[&str]) -> Self {
        house.person(login, role, lines).await;
        let answer = Self::of(house, "nobody").0.post("/panel/cw/sign-in", &[("login", login), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(answer.headers.get_all("set-cookie").iter().next().is_none(), "no cookie: {answer:?}");
        Self::of(house, &answer.text)
    }

    async fn shows(&mut self) -> String {
        let answer = self.0.post("/panel/cw/chat", &[("session", "17")]).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.text
    }

    async fn does(&mut self, act: &str, more: &[(&str, &str)]) -> Answer {
        let mut fields = vec![("session", "17"), ("act", act)];
        fields.extend_from_slice(more);
        self.0.post("/panel/cw/act", &fields).await
    }
}

fn policy(answer: &Answer) -> String {
    answer.headers["content-security-policy"].to_str().unwrap().to_owned()
}

/// Chat 17, rated 👎 with a comment.
async fn rated(world: &World) {
    tell(world, closed(world.now(), "3")).await;
    world.pass(3 * SECOND).await;
    let question = world.client.take().pop().unwrap();
    world.tap(&question, "👎").await;
    world.pass(MINUTE).await;
}

#[tokio::test]
async fn only_the_desk_frames_the_panel_and_nothing_else_may_be_framed() {
    let (house, _) = house().await;
    let page = house.browser().get("/panel/cw").await;
    assert_eq!(page.status, 200, "{page:?}");
    assert!(policy(&page).ends_with("frame-ancestors https://chat.example.com"), "{page:?}");
    assert!(page.text.contains("data-origin=\"https://chat.example.com\"") && page.text.contains("data-ask=\"which?\""));
    assert!(page.headers.get("x-frame-options").is_none() && page.headers.get_all("set-cookie").iter().next().is_none());
    assert!(!page.text.contains("<style") && !page.text.contains(" style=") && !page.text.contains("<script>"), "nothing inline");
    for path in ["/sign-in", "/panel/nowhere", "/panel/bot", "/panel/portal"] {
        let other = house.browser().get(path).await;
        assert!(policy(&other).contains("frame-ancestors 'none'"), "{path}: {other:?}");
        assert_eq!(other.status, if path == "/sign-in" { 200 } else { 404 }, "{path}");
    }
}

#[tokio::test]
async fn a_desk_that_posts_the_chat_proves_itself() {
    let (house, _) = house().await;
    let mut browser = house.browser();
    let page = browser.post("/panel/portal", &[("word", "right"), ("chat", "17")]).await;
    assert!(page.status == 200 && page.text.contains("data-session=\"17\"") && page.text.contains("data-ask=\"\""), "{page:?}");
    assert!(policy(&page).ends_with("frame-ancestors https://portal.example"), "{page:?}");
    let beside_none = browser.post("/panel/portal", &[("word", "right")]).await;
    assert!(beside_none.text.contains("data-session=\"\""), "{beside_none:?}");
    let unknown = browser.post("/panel/portal", &[("word", "right"), ("client", "9")]).await;
    assert!(unknown.status == 200 && unknown.text.contains("data-session=\"\""), "a client of whom nothing is known: {unknown:?}");
    assert_eq!(browser.post("/panel/portal", &[("word", "wrong")]).await.status, 401);
    assert_eq!(browser.post("/panel/portal", &[("word", "later")]).await.status, 503);
    assert_eq!(browser.post("/panel/cw", &[("word", "right")]).await.status, 404, "this desk posts nothing");
}

#[tokio::test]
async fn who_has_not_signed_in_sees_nothing_and_no_other_site_can_ask() {
    let (house, _) = house().await;
    rated(&house.world).await;
    let account = house.person("anna", Role::Admin, &[]).await;
    // The cookie of the pages is not accepted here: a frame of another site would send it.
    let mut signed_in = house.signed_in(&account).await;
    for (path, fields) in [("/panel/cw/chat", vec![("session", "17")]), ("/panel/cw/act", vec![("session", "17"), ("act", "stop")])] {
        assert_eq!(signed_in.post(path, &fields).await.status, 403, "{path}: without the header that other sites cannot send");
        for secret in ["nobody", "", "00"] {
            assert_eq!(Panel::of(&house, secret).0.post(path, &fields).await.status, 401, "{path}: {secret}");
        }
    }
    let mut nobody = Panel::of(&house, "nobody");
    for (login, password, status) in [("anna", "not the password", 401), ("nobody", PASSWORD, 401), ("", PASSWORD, 422)] {
        let answer = nobody.0.post("/panel/cw/sign-in", &[("login", login), ("password", password)]).await;
        assert_eq!((answer.status, answer.headers["content-type"].to_str().unwrap()), (status, "text/plain; charset=utf-8"), "{answer:?}");
    }
    let secret = nobody.0.post("/panel/cw/sign-in", &[("login", "anna"), ("password", PASSWORD)]).await.text;
    assert!(Panel::of(&house, &secret).shows().await.contains("👎"));
    // A login of the panel opens no page, and the other way round.
    let mut page = house.browser();
    page.sign_in("anna", PASSWORD).await.leads_to();
    assert_eq!(page.get("/account").await.status, 200);
    let name = page.cookies.keys().find(|name| name.ends_with("lastword")).expect("a login").clone();
    let cookie = page.cookies.insert(name, secret.clone()).expect("there");
    assert_eq!(page.get("/account").await.status, 303, "not signed in");
    assert_eq!(Panel::of(&house, &cookie).0.post("/panel/cw/chat", &[("session", "17")]).await.status, 401);
    assert_eq!(Panel::of(&house, &secret).0.post("/panel/cw/sign-out", &[]).await.status, 204);
    assert_eq!(Panel::of(&house, &secret).0.post("/panel/cw/chat", &[("session", "17")]).await.status, 401, "signed out");
    // Half an hour without use ends it.
    let secret = nobody.0.post("/panel/cw/sign-in", &[("login", "anna"), ("password", PASSWORD)]).await.text;
    house.world.clock.advance(31 * MINUTE);
    assert_eq!(Panel::of(&house, &secret).0.post("/panel/cw/chat", &[("session", "17")]).await.status, 401);
}

#[tokio::test]
async fn each_sees_and_does_what_their_role_may() {
    let (house, _) = house().await;
    rated(&house.world).await;
    let mut admin = Panel::signed_in(&house, "anna", Role::Admin, &[]).await;
    let mut supervisor = Panel::signed_in(&house, "sam", Role::Supervisor, &["support"]).await;
    let mut stranger = Panel::signed_in(&house, "sol", Role::Supervisor, &["sales"]).await;
    let mut other = Panel::signed_in(&house, "olga", Role::Operator, &[]).await;
    let shown = admin.shows().await;
    for part in ["👎", "Chat 17", "Send the reply", "Stop asking this client", "a bot and a person", "Open in Lastword"] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
    let shown = supervisor.shows().await;
    assert!(shown.contains("Send the reply") && !shown.contains("Stop asking"), "{shown}");
    for panel in [&mut stranger, &mut other] {
        let shown = panel.shows().await;
        assert!(shown.contains("Nothing is known about this chat yet") && !shown.contains("👎"), "{shown}");
        for act in ["ask", "hold", "reply", "stop"] {
            assert_eq!(panel.does(act, &[("text", "Sorry")]).await.status, 404, "{act}");
        }
    }
    assert_eq!(supervisor.does("stop", &[]).await.status, 403);
    assert_eq!(admin.does("dance", &[]).await.status, 422);
    let unknown = admin.0.post("/panel/cw/chat", &[("session", "no-such-chat")]).await;
    assert!(unknown.status == 200 && unknown.text.contains("Nothing is known about this chat yet"), "{unknown:?}");
    // Operators see their own chats, without the actions reserved for supervisors.
    let engine = &house.world.engine;
    let own = lastword::life::access::change_account::Wanted { operator_id: Some("ann".into()), ..wanted("ann", Role::Operator, &[]) };
    let hash = lastword::life::access::passwords::hash(PASSWORD, [7; 16]).unwrap();
    let by = lastword::domain::access::audit::By::command();
    lastword::life::access::change_account::add(engine, &by, "ann", own, Some(hash), house.world.now()).await.unwrap().unwrap();
    let secret = Panel::of(&house, "nobody").0.post("/panel/cw/sign-in", &[("login", "ann"), ("password", PASSWORD)]).await.text;
    let shown = Panel::of(&house, &secret).shows().await;
    assert!(shown.contains("👎") && !shown.contains("<form") && !shown.contains("Open in Lastword"), "{shown}");
}

#[tokio::test]
async fn a_reply_and_a_wish_go_the_way_of_our_pages() {
    let (house, _) = house().await;
    rated(&house.world).await;
    let mut admin = Panel::signed_in(&house, "anna", Role::Admin, &[]).await;
    let empty = admin.does("reply", &[("text", " "), ("seen", "0")]).await.text;
    assert!(empty.contains("role=\"alert\""), "{empty}");
    let replied = admin.does("reply", &[("text", "Sorry, we look into it."), ("seen", "0")]).await.text;
    assert!(replied.contains("The reply is on its way") && replied.contains("Save the reply"), "{replied}");
    house.world.pass(MINUTE).await;
    assert!(house.world.client.take().iter().any(|message| message.text.contains("Sorry, we look into it.")));
    let outdated = admin.does("reply", &[("text", "Another"), ("seen", "0")]).await.text;
    assert!(outdated.contains("role=\"alert\""), "somebody wrote since: {outdated}");
    let stopped = admin.does("stop", &[]).await.text;
    assert!(stopped.contains("will no longer be asked") && stopped.contains("Allow questions again"), "{stopped}");
    let engine = &house.world.engine;
    let client = requests(&house.world).await[0].client_id.clone().unwrap();
    assert_eq!(on_the_list(engine, std::slice::from_ref(&client)).await.unwrap().len(), 1);
    assert!(admin.does("start", &[]).await.text.contains("may be asked again"));
    assert!(on_the_list(engine, &[client]).await.unwrap().is_empty());
    let trail = audit::list(&engine.db, &audit::Filter::default(), None, 50).await.unwrap();
    let acts: Vec<&str> = trail.iter().map(|entry| entry.act.as_str()).collect();
    for act in ["rating.replied", "client.opted_out", "client.opted_in"] {
        assert!(acts.contains(&act), "{act} by anna is not in {acts:?}");
    }
}

#[tokio::test]
async fn a_client_is_asked_now_or_not_at_all() {
    let (house, _) = house().await;
    let world = &house.world;
    world.line(LineSettings { delay_secs: 600, once_per_client_hours: 0, ..LineSettings::default() }).await;
    let mut supervisor = Panel::signed_in(&house, "sam", Role::Supervisor, &["support"]).await;
    tell(world, closed(world.now(), "3")).await;
    assert!(supervisor.shows().await.contains("Do not ask"));
    let held = supervisor.does("hold", &[]).await.text;
    assert!(held.contains("The client will not be asked about this chat."), "{held}");
    world.pass(20 * MINUTE).await;
    assert!(world.client.take().is_empty());
    let again = supervisor.does("hold", &[]).await.text;
    assert!(again.contains("Too late: the chat has changed"), "{again}");
    // A client who was not asked is asked by hand.
    world.line(LineSettings { sampling_percent: 0, once_per_client_hours: 0, ..LineSettings::default() }).await;
    world.pass(MINUTE).await;
    tell(world, DeskEvent::new("open-17", world.now(), "17", DeskEventKind::Reopened)).await;
    world.pass(MINUTE).await;
    tell(world, closed(world.now(), "3")).await;
    assert!(supervisor.shows().await.contains("not in the sample"));
    let asked = supervisor.does("ask", &[]).await.text;
    assert!(asked.contains("The client is being asked."), "{asked}");
    world.pass(MINUTE).await;
    assert_eq!(world.client.take().len(), 1);
}

#[tokio::test]
async fn an_open_chat_is_asked_about_where_its_line_allows_it() {
    let (house, _) = house().await;
    let world = &house.world;
    let talking = WhileTalking { enabled: true, ..WhileTalking::default() };
    world.line(LineSettings { while_talking: talking, ..LineSettings::default() }).await;
    let mut supervisor = Panel::signed_in(&house, "sam", Role::Supervisor, &["support"]).await;
    let DeskEventKind::Closed(closing) = closed(world.now(), "3").kind else { unreachable!() };
    let opened = DeskEvent::new("opened:17", world.now(), "17", DeskEventKind::Opened(Box::new(closing.chat)));
    tell(world, opened).await;
    assert!(supervisor.shows().await.contains("The chat is open"));
    let asked = supervisor.does("ask", &[]).await.text;
    assert!(asked.contains("The client is being asked."), "{asked}");
    world.pass(MINUTE).await;
    assert_eq!(world.client.take().len(), 1);
    assert!(!supervisor.shows().await.contains("data-act=\"ask\""), "nobody is asked twice");
}
