//! The values that queries accept where a closed list names them, for `#[param(value_type = …)]`.

use lastword_domain::answer::rating::Grade;
use lastword_domain::question::delivery::{Kind, State};
use lastword_domain::report::period::Step;
use lastword_domain::report::rating_filter::Ended;
use lastword_domain::word::words;
use lastword_store::review::low::{Order, Show};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ComponentsBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// The schema of a text that is one of these.
fn one_of(words: impl IntoIterator<Item = &'static str>) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
}

words! {
    /// Which alerts are listed.
    pub(in crate::api) enum AlertList {
        /// Those that were raised.
        Raised = "raised",
        /// Those that went with a digest.
        Digested = "digested",
        /// Those that reached nobody.
        Undeliverable = "undeliverable",
        /// Those that were taken back.
        Canceled = "canceled",
        /// Those that nobody has seen.
        Waiting = "waiting",
    }
}

impl PartialSchema for AlertList {
    fn schema() -> RefOr<Schema> {
        one_of(AlertList::ALL.map(AlertList::as_str))
    }
}

impl ToSchema for AlertList {}

/// Schemas of the API's description, each with its list of words.
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
    /// How a rating request ended.
    OutcomeFilter = Ended::all().map(Ended::as_str);
    /// The state of a delivery, or `stuck` for those that need a person.
    DeliveryStateFilter = State::ALL.map(State::as_str).into_iter().chain(["stuck"]);
    /// The purpose of a delivery.
    DeliveryKind = Kind::ALL.map(Kind::as_str);
    /// A list of low ratings. `mine` is for people: a key has no ratings of its own.
    LowRatingList = Show::ALL.into_iter().filter(|show| *show != Show::Mine).map(Show::as_str);
    /// The order of low ratings.
    LowRatingOrder = [Order::Newest, Order::Oldest].map(Order::as_str);
    /// The groups of a report of reasons.
    ReasonGroups = ["operator", "line", "channel", "handled_by", "label", "day", "week", "month"];
    /// Yes or no.
    YesOrNo = ["yes", "no"];
    /// On or off.
    Switch = ["0", "1"];
}

/// Adds these schemas: a parameter names its schema, and does not bring it along.
pub(super) fn add(components: ComponentsBuilder) -> ComponentsBuilder {
    components
        .schema_from::<AlertList>()
        .schema_from::<OutcomeFilter>()
        .schema_from::<DeliveryStateFilter>()
        .schema_from::<DeliveryKind>()
        .schema_from::<LowRatingList>()
        .schema_from::<LowRatingOrder>()
        .schema_from::<ReasonGroups>()
        .schema_from::<YesOrNo>()
        .schema_from::<Switch>()
        .schema_from::<Grade>()
        .schema_from::<Step>()
}
