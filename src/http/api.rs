//! The JSON API under `/v1`, one module per resource. The type of a handler's first argument is the scope it requires.

pub mod alerts;
pub mod chats;
pub mod clients;
pub mod close;
pub mod connections;
pub mod deliveries;
pub mod keys;
pub mod lines;
pub mod openapi;
pub mod people;
pub mod quarantine;
pub mod rating_requests;
pub mod ratings;
pub mod recipients;
pub mod refused;
pub mod reports;
pub mod request;
pub mod reviews;
pub mod sessions;

use super::json::BodyLimit;
use super::state::{AppState, BodyMax};
use axum::Extension;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// All API routes with their OpenAPI description.
pub fn routes(body_max: BodyMax) -> OpenApiRouter<Arc<AppState>> {
    let many = OpenApiRouter::new().routes(routes!(close::close)).layer(Extension(BodyLimit(body_max.batch)));
    let single = OpenApiRouter::new()
        .routes(routes!(sessions::open))
        .routes(routes!(sessions::message))
        .routes(routes!(sessions::reopen))
        .routes(routes!(sessions::reassign))
        .routes(routes!(sessions::merge))
        .routes(routes!(sessions::story::one))
        .routes(routes!(refused::list))
        .routes(routes!(sessions::ask::ask))
        .routes(routes!(ratings::list))
        .routes(routes!(ratings::one))
        .routes(routes!(rating_requests::list))
        .routes(routes!(rating_requests::one))
        .routes(routes!(rating_requests::ask))
        .routes(routes!(reviews::one))
        .routes(routes!(reviews::list_low))
        .routes(routes!(reviews::replies::put))
        .routes(routes!(reviews::replies::list_templates, reviews::replies::add_template))
        .routes(routes!(reviews::replies::put_template, reviews::replies::remove_template))
        .routes(routes!(reviews::objections::flag))
        .routes(routes!(reviews::objections::appeal))
        .routes(routes!(reviews::objections::judge))
        .routes(routes!(reviews::objections::restore))
        .routes(routes!(reviews::assign))
        .routes(routes!(reviews::settle))
        .routes(routes!(reviews::ask_again))
        .routes(routes!(alerts::list))
        .routes(routes!(alerts::acknowledge))
        .routes(routes!(chats::list))
        .routes(routes!(chats::messages, chats::write))
        .routes(routes!(chats::close))
        .routes(routes!(chats::ask))
        .routes(routes!(clients::list))
        .routes(routes!(clients::export))
        .routes(routes!(clients::erase))
        .routes(routes!(clients::opt_out_of, clients::ask_no_more, clients::ask_again))
        .routes(routes!(connections::list, connections::managed::create))
        .routes(routes!(connections::managed::one, connections::managed::change, connections::managed::delete))
        .routes(routes!(connections::resume_one))
        .routes(routes!(connections::replay::replay_events))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::one))
        .routes(routes!(deliveries::resend))
        .routes(routes!(deliveries::dismiss))
        .routes(routes!(deliveries::cancel))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::revoke))
        .routes(routes!(sessions::operators::one, sessions::operators::put))
        .routes(routes!(people::list, people::invite))
        .routes(routes!(people::one, people::change))
        .routes(routes!(quarantine::show))
        .routes(routes!(quarantine::free))
        .merge(set_up())
        .layer(Extension(BodyLimit(body_max.ordinary)));
    let reports = reports().layer(Extension(BodyLimit(body_max.ordinary)));
    OpenApiRouter::with_openapi(openapi::head()).merge(many).merge(single).merge(reports)
}

fn reports() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new()
        .routes(routes!(reports::summary))
        .routes(routes!(reports::operators))
        .routes(routes!(reports::lines))
        .routes(routes!(reports::channels))
        .routes(routes!(reports::handled_by))
        .routes(routes!(reports::labels))
        .routes(routes!(reports::trend::trend))
        .routes(routes!(reports::heat::heat))
        .routes(routes!(reports::funnel))
        .routes(routes!(reports::reasons::reasons))
        .routes(routes!(reports::recovery::recovery))
}

/// Routes for lines, letters and recipients.
fn set_up() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new()
        .routes(routes!(lines::list))
        .routes(routes!(lines::one, lines::put, lines::delete))
        .routes(routes!(lines::bitrix24::export, lines::bitrix24::import))
        .routes(routes!(lines::plan::plan))
        .routes(routes!(lines::alarms::show))
        .routes(routes!(lines::alarms::learn))
        .routes(routes!(lines::experiments::list, lines::experiments::start))
        .routes(routes!(lines::experiments::end))
        .routes(routes!(recipients::letters::list))
        .routes(routes!(recipients::letters::put, recipients::letters::delete))
        .routes(routes!(recipients::letters::preview))
        .routes(routes!(recipients::letters::send))
        .routes(routes!(recipients::list))
        .routes(routes!(recipients::one, recipients::put, recipients::delete))
        .routes(routes!(recipients::test))
}
