//! Possible routes to a client, as input of the planner (`domain::question::plan`), and the address of a route.

use crate::engine::Engine;
use crate::engine::channels::{contract_scale, fact, window_fact};
use crate::engine::other_address::OtherAddress;
use lastword_base::names::ConnectionId;
use lastword_contract::{Address, Capabilities, Conversation, OutsideForm, Window};
use lastword_domain::line::LineSettings;
use lastword_domain::outcome::NotAsked;
use lastword_domain::question::plan::{FallbackFact, Outside, Way, Ways};
use lastword_domain::question::window::WindowFact;
use lastword_store::Millis;
use lastword_store::session::conversation::Known;

/// A client, as input for finding routes.
pub(crate) struct Client<'a> {
    /// The conversation.
    pub(crate) place: Option<(&'a ConnectionId, &'a Address)>,
    /// Time of the client's last message there, by the desk and by the channel.
    pub(crate) wrote_at: Option<Millis>,
    /// End of the window there, if the platform reported it.
    pub(crate) window_expires_at: Option<Millis>,
    /// Other addresses of the client.
    pub(crate) others: &'a [OtherAddress],
}

/// The routes to `client` on a line with `settings`; `known` returns the state of a conversation elsewhere.
pub(crate) fn ways(
    engine: &Engine,
    settings: &LineSettings,
    client: &Client<'_>,
    known: impl Fn(&OtherAddress) -> Option<Known>,
    now: Millis,
) -> Ways {
    let none = Ways { window: WindowFact::Always, asks_at_close: false, outside: Outside::Never, fallback: None };
    let Some((connection, address)) = client.place else { return none };
    let Some(channel) = engine.channels.get(connection) else { return none };
    let capabilities = channel.capabilities();
    let conversation =
        Conversation { address: address.clone(), last_client_message_at: client.wrote_at, window_expires_at: client.window_expires_at };
    Ways {
        window: window_fact(channel.as_ref(), address, client.wrote_at, client.window_expires_at, now),
        asks_at_close: capabilities.asks_at_close,
        outside: outside(&capabilities, settings, &conversation, now),
        fallback: fallback(settings, client).and_then(|other| {
            let channel = engine.channels.get(&other.connection)?;
            let capabilities = channel.capabilities();
            let known = known(other).unwrap_or_default();
            let can = capabilities.asks(contract_scale(settings.scale))
                && known.blocked_at.is_none()
                && !engine.channels.is_nobodys_group(&other.connection, &other.address)
                && !engine.channels.is_unread(&other.connection, &other.address);
            let window = window_fact(channel.as_ref(), &other.address, known.last_client_message_at, known.window_expires_at, now);
            can.then_some(FallbackFact { window, asks_at_close: capabilities.asks_at_close })
        }),
    }
}

/// Options of a channel with `capabilities` for asking outside the window of `conversation`.
fn outside(capabilities: &Capabilities, settings: &LineSettings, conversation: &Conversation, now: Millis) -> Outside {
    if capabilities.templates.contains(&contract_scale(settings.scale)) {
        return Outside::Form(fact(Window::by_rule(capabilities.template_window, conversation, now)));
    }
    match capabilities.outside_form {
        Some(OutsideForm::Template) => Outside::Missing(NotAsked::TemplateMissing),
        Some(OutsideForm::OfPlatform) => Outside::Missing(NotAsked::NoForm),
        None => Outside::Never,
    }
}

/// The client's address at the line's fallback channel.
pub(crate) fn fallback<'a>(settings: &LineSettings, client: &Client<'a>) -> Option<&'a OtherAddress> {
    let name = settings.window.fallback.as_ref()?;
    let elsewhere = client.place.is_none_or(|(connection, _)| connection != name);
    client.others.iter().find(|other| elsewhere && other.connection == *name)
}

/// Connection and address of a route.
pub(crate) fn place<'a>(way: Way, settings: &LineSettings, client: &Client<'a>) -> Option<(&'a ConnectionId, &'a Address)> {
    match way {
        Way::InTime | Way::Early | Way::Template | Way::WindowUnknown => client.place,
        Way::Fallback => fallback(settings, client).map(|other| (&other.connection, &other.address)),
    }
}
