//! Query values from a closed list, for `#[param(value_type = …)]`.

use lastword_domain::answer::rating::Grade;
use lastword_domain::question::delivery::{Kind, State};
use lastword_domain::report::period::Step;
use lastword_domain::report::rating_filter::Ended;
use lastword_domain::word::words;
use lastword_store::review::low::{Order, Show};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ComponentsBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A string schema with these values.
fn one_of(words: impl IntoIterator<Item = &'static str>) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
}

words! {
    /// States by which alerts are listed.
    pub(in crate::api) enum AlertList {
        /// Raised alerts.
        Raised = "raised",
        /// Alerts sent in a digest.
        Digested = "digested",
        /// Alerts that reached no recipient.
        Undeliverable = "undeliverable",
        /// Canceled alerts.
        Canceled = "canceled",
        /// Low ratings that are not acknowledged.
        Waiting = "waiting",
    }
}

impl PartialSchema for AlertList {
    fn schema() -> RefOr<Schema> {
        one_of(AlertList::ALL.map(AlertList::as_str))
    }
}

impl ToSchema for AlertList {}

/// Declares schemas, each with its list of values.
macro_rules! query_words {
    ($($(#[$meta:meta])* $Name:ident = $words:expr;)+) => {$(
        $(#[$meta])*
        pub(in crate::api) struct $Name;

        impl PartialSchema for $Name {
            fn schema() -> RefOr<Schema> {
                one_of($words)
            }
        }

        impl ToSchema for $Name {}
    )+};
}

query_words! {
    /// Outcome of a rating request, or `open`.
    OutcomeFilter = Ended::all().map(Ended::as_str);
    /// State of a delivery, or `stuck` for deliveries that need attention.
    DeliveryStateFilter = State::ALL.map(State::as_str).into_iter().chain(["stuck"]);
    /// Kind of a delivery.
    DeliveryKind = Kind::ALL.map(Kind::as_str);
    /// List of low ratings. `mine` is missing because a key has no ratings of its own.
    LowRatingList = Show::ALL.into_iter().filter(|show| *show != Show::Mine).map(Show::as_str);
    /// Order of low ratings.
    LowRatingOrder = [Order::Newest, Order::Oldest].map(Order::as_str);
    /// Groups of a report of reasons.
    ReasonGroups = ["operator", "line", "channel", "handled_by", "label", "day", "week", "month"];
}

/// Adds these schemas to the document; parameters only refer to them by name.
pub(super) fn add(components: ComponentsBuilder) -> ComponentsBuilder {
    components
        .schema_from::<AlertList>()
        .schema_from::<OutcomeFilter>()
        .schema_from::<DeliveryStateFilter>()
        .schema_from::<DeliveryKind>()
        .schema_from::<LowRatingList>()
        .schema_from::<LowRatingOrder>()
        .schema_from::<ReasonGroups>()
        .schema_from::<Grade>()
        .schema_from::<Step>()
}
