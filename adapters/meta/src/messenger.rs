//! Channel of one Facebook Page on Messenger.

mod config;
mod form;
mod limits;

pub use config::{Buttons, Feedback, MessengerConfig};

use crate::error::INVALID_PARAMETER;
use crate::messaging::{Inbox, WINDOW, account, message};
use crate::sharing::Sharing;
use crate::wording::{body, check_choices, links, titles};
use async_trait::async_trait;
use lastword_contract::{
    Account, Address, Capabilities, Channel, Choice, Millis, Outgoing, OutsideForm, Purpose, RawRequest, Receipt, Received, Rejected,
    Scale, SendError, TextLimit, Verdict, WindowRule,
};
use serde_json::{Value, json};

/// Maximum length of a message's text.
const TEXT_MAX: TextLimit = TextLimit::Utf16(2_000);
/// Maximum length of a button template's text.
const TEMPLATE_TEXT_MAX: TextLimit = TextLimit::Utf16(640);
/// Maximum buttons of a button template.
const BUTTONS_MAX: usize = 3;
/// Maximum choices shown as links.
const LINKS_MAX: usize = 10;

/// Time after the client's message in which the form may be sent with the tag `CUSTOMER_FEEDBACK` (Meta's message tags).
const FORM_WINDOW: Millis = 7 * WINDOW;
/// Scales of the platform's own form, which has no thumbs.
const FORM_SCALES: &[Scale] = &[Scale::FiveStar];

/// Fields without which no answers and no proof of delivery arrive.
const FIELDS_NEEDED: [&str; 3] = ["messages", "messaging_postbacks", "message_echoes"];
/// Fields to which the Page is subscribed.
const FIELDS: [&str; 10] = [
    "messages",
    "messaging_postbacks",
    "messaging_feedback",
    "message_echoes",
    "message_edits",
    "message_reads",
    "message_deliveries",
    "message_reactions",
    "messaging_referrals",
    "messaging_policy_enforcement",
];

/// One Facebook Page.
pub struct Messenger {
    inbox: Inbox,
    buttons: Buttons,
    feedback: Option<Feedback>,
}

impl Messenger {
    /// Creates the channel of one Page. `client` is shared by the whole program; every call has its own time limit.
    ///
    /// # Errors
    /// The problems from [`MessengerConfig::validate`].
    pub fn new(config: MessengerConfig, client: reqwest::Client) -> Result<Self, String> {
        config.validate()?;
        let inbox = Inbox::new(&config.access(), config.per_chat_ms, &config.page_id, &[&config.page_id], client);
        Ok(Self { inbox, buttons: config.buttons, feedback: config.feedback })
    }

    /// The body for `outgoing`, and true if it is sent with the feedback tag.
    fn body(&self, outgoing: &Outgoing) -> Result<(Value, bool), SendError> {
        message::check_purpose(outgoing)?;
        if outgoing.outside_window {
            let form = self.form(outgoing).filter(|_| self.feedback.as_ref().is_some_and(|feedback| feedback.outside_window));
            let form = form.ok_or_else(|| {
                SendError::new(
                    Verdict::WindowShut,
                    "no_form",
                    "outside the window Messenger takes five-star questions in its own form alone",
                )
            })?;
            let mut body = message::to(outgoing, form?)?;
            body["messaging_type"] = json!("MESSAGE_TAG");
            body["tag"] = json!("CUSTOMER_FEEDBACK");
            return Ok((body, true));
        }
        let message = match self.form(outgoing) {
            Some(form) => form?,
            None if self.inbox.links() => json!({ "text": body(outgoing, links(outgoing)?, TEXT_MAX)? }),
            None if self.stays(outgoing) => button_template(outgoing)?,
            None => message::quick_replies(outgoing, body(outgoing, None, TEXT_MAX)?)?,
        };
        let mut body = message::to(outgoing, message)?;
        body["messaging_type"] = json!("RESPONSE");
        Ok((body, false))
    }

    /// True if the choices become permanent buttons.
    fn stays(&self, outgoing: &Outgoing) -> bool {
        self.buttons == Buttons::Template && (1..=BUTTONS_MAX).contains(&outgoing.choices.len())
    }

    /// The platform's own form, if it is switched on and fits the question. Outside the window it is the only way to ask,
    /// so a question that the form does not accept is replaced with our own text there.
    fn form(&self, outgoing: &Outgoing) -> Option<Result<Value, SendError>> {
        let (feedback, token) = (self.feedback.as_ref()?, outgoing.form.as_deref()?);
        let fits = outgoing.purpose == Purpose::Question(Scale::FiveStar) && (outgoing.outside_window || form::takes(&outgoing.text));
        fits.then(|| form::message(feedback, token, outgoing))
    }
}

/// Permanent buttons in the thread.
fn button_template(outgoing: &Outgoing) -> Result<Value, SendError> {
    check_choices(&outgoing.choices, BUTTONS_MAX, message::PAYLOAD_MAX)?;
    let titles = titles(&outgoing.choices, message::TITLE_MAX);
    let button = |(choice, title): (&Choice, &String)| json!({ "type": "postback", "title": title, "payload": choice.token });
    let buttons: Vec<Value> = outgoing.choices.iter().zip(&titles).map(button).collect();
    let payload = json!({ "template_type": "button", "text": body(outgoing, None, TEMPLATE_TEXT_MAX)?, "buttons": buttons });
    Ok(json!({ "attachment": { "type": "template", "payload": payload } }))
}

/// Omits the token, the secret and the IDs.
impl std::fmt::Debug for Messenger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Messenger");
        shown.field("graph", &self.inbox.graph.root()).field("sharing", &self.inbox.sharing).finish_non_exhaustive()
    }
}

#[async_trait]
impl Channel for Messenger {
    fn kind(&self) -> &'static str {
        "messenger"
    }

    fn admit(&self, to: Address) -> Result<Address, &'static str> {
        message::admit(to)
    }

    fn capabilities(&self) -> Capabilities {
        let receives = !self.inbox.links();
        Capabilities {
            binary: true,
            five_star: true,
            text_max: Some(if self.buttons == Buttons::Template && receives { TEMPLATE_TEXT_MAX } else { TEXT_MAX }),
            choices_max: if receives { message::QUICK_REPLIES_MAX } else { LINKS_MAX },
            label_max: receives.then_some(message::TITLE_MAX),
            free_text: receives,
            reactions: receives,
            edits_seen: receives,
            links: !receives,
            templates: if self.feedback.as_ref().is_some_and(|feedback| feedback.outside_window) { FORM_SCALES } else { &[] },
            template_window: WindowRule::AfterClient(FORM_WINDOW),
            // The form's answer needs a webhook, so with links there is nothing to switch on.
            outside_form: receives.then_some(OutsideForm::OfPlatform),
            native_form: if self.feedback.is_some() { FORM_SCALES } else { &[] },
            proof_of_delivery: receives,
            window: WindowRule::AfterClient(WINDOW),
            rate: self.inbox.rate,
            ..Capabilities::default()
        }
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        let (body, tagged) = self.body(outgoing)?;
        self.inbox.send(outgoing, &body).await.map_err(|error| match tagged && error.kind == INVALID_PARAMETER {
            // Meta refuses discontinued tags as a wrong parameter. Without the tag the window is closed.
            true => SendError { kind: "feedback_tag_refused", verdict: Verdict::WindowShut, ..error },
            false => error,
        })
    }

    fn receive(&self, request: &RawRequest) -> Result<Received, Rejected> {
        self.inbox.receive(request)
    }

    async fn check(&self) -> Result<Account, SendError> {
        let name = account::name(&self.inbox.graph, &self.inbox.through, &["name"]).await?;
        let mut needed = FIELDS_NEEDED.to_vec();
        needed.extend(self.feedback.as_ref().map(|_| "messaging_feedback"));
        let warning = match self.inbox.sharing {
            Sharing::Own | Sharing::Forwarded => account::subscription_warning(&self.inbox.graph, &self.inbox.through, &needed).await,
            Sharing::Links => None,
        };
        Ok(Account {
            name: name.unwrap_or_else(|| "unnamed Page".to_owned()),
            warnings: warning.into_iter().collect(),
            ..Account::default()
        })
    }

    /// Subscribes the Page to the app. The webhook's address is set in the app's dashboard.
    async fn register_hook(&self, hook_url: &str) -> Result<(), SendError> {
        self.inbox.register_hook(hook_url, &FIELDS_NEEDED, &FIELDS).await
    }
}
