//! Stored facts of a close, for deciding again: by a dry run, or when a person asks by hand.

use crate::engine::Engine;
use crate::engine::channels::contract_scale;
use crate::engine::other_address::{OtherAddress, others};
use crate::question::routes::{Client, ways};
use lastword_contract::Address;
use lastword_domain::line::LineSettings;
use lastword_domain::question::kept_facts::KeptFacts;
use lastword_domain::question::schedule::CloseFacts;
use lastword_domain::session::Operator;
use lastword_store::question::rating_request::RatingRequest;
use lastword_store::session::conversation::Known;
use lastword_store::{Millis, StoreError, document_or_said};

/// A close with its stored facts.
pub(crate) struct KeptClose<'a> {
    pub(crate) request: &'a RatingRequest,
    pub(crate) kept: &'a KeptFacts,
    pub(crate) others: Vec<OtherAddress>,
    pub(crate) address: Option<Address>,
    operators: Vec<Operator>,
}

impl<'a> KeptClose<'a> {
    pub(crate) fn of(request: &'a RatingRequest) -> Result<Self, StoreError> {
        Ok(Self {
            request,
            kept: &request.facts,
            others: others(request)?,
            address: request.address().and_then(|address| document_or_said("rating_request", "address", request.id, &address)),
            operators: request.operators.clone(),
        })
    }

    /// The client, as input for finding routes.
    pub(crate) fn client(&self) -> Client<'_> {
        Client {
            place: self.request.connection.as_ref().zip(self.address.as_ref()),
            wrote_at: self.kept.wrote_at.max(self.request.last_client_message_at),
            window_expires_at: self.kept.window_expires_at,
            others: &self.others,
        }
    }

    /// The facts for a decision at `now` about a client who may be asked from `next_ask_at` on; `there` returns the state of a
    /// conversation elsewhere.
    pub(crate) fn facts(
        &self,
        engine: &Engine,
        settings: &LineSettings,
        client: &Client<'_>,
        there: impl Fn(&OtherAddress) -> Option<Known>,
        next_ask_at: Millis,
        now: Millis,
    ) -> CloseFacts<'a> {
        let (request, kept) = (self.request, self.kept);
        let channel = request.connection.as_ref().and_then(|name| engine.channels.get(name));
        CloseFacts {
            sample_key: request.session_id.as_str(),
            closed_at: request.closed_at,
            now,
            closed_by: request.closed_by.unwrap_or_default(),
            wish: kept.wish,
            has_client: client.place.is_some(),
            archived: false,
            nobodys_group: client.place.is_some_and(|(name, to)| engine.channels.is_nobodys_group(name, to)),
            unread: client.place.is_some_and(|(name, to)| engine.channels.is_unread(name, to)),
            channel_asks: channel.is_some_and(|channel| channel.capabilities().asks(contract_scale(settings.scale))),
            has_operator: request.operator_id.is_some() || !self.operators.is_empty(),
            handled_by: request.handled_by,
            labels: request.labelled(),
            operator_messages: request.operator_messages,
            client_messages: request.client_messages,
            recent_closes: kept.recent_closes,
            already_rated: kept.already_rated,
            opted_out: kept.opted_out,
            blocked: kept.blocked,
            next_ask_at,
            ways: ways(engine, settings, client, there, now),
            time_zone: engine.options.time_zone,
        }
    }
}
