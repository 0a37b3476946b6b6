//! The organisation as clients see it: its name, its color and its logo.

use crate::frame::form::{Fields, Form};
use crate::frame::visit::SignedIn;
use crate::frame::{Frame, html};
use crate::{Pages, done};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lastword_domain::brand::{LOGO_BYTES_MAX, LogoProblem, NAME_CHARS_MAX};
use lastword_http::problem::Problem;
use lastword_life::admin::change_organisation::{self, Changed, Refused, Wanted, WantedLogo};
use lastword_life::engine::brand::UNNAMED;
use std::sync::Arc;

const PATH: &str = "/organisation";

#[derive(Template)]
#[template(path = "pages/people/organisation.html")]
struct OrganisationPage {
    page: Frame,
    fields: Fields,
    /// True if the name comes from the settings file or the environment.
    in_file: bool,
    /// Version of the present logo, if there is one.
    logo: Option<i64>,
    /// Maximum size of a logo, in bytes.
    logo_max: usize,
    name_max: usize,
    /// The version that the person sees.
    version: i64,
    /// Another admin who changed it meanwhile, and when.
    conflict: Option<(String, i64)>,
}

async fn page(pages: &Pages, person: &SignedIn, fields: Fields, conflict: Option<(String, i64)>) -> Result<OrganisationPage, Problem> {
    let engine = &pages.app.engine;
    let look = engine.brand.look();
    Ok(OrganisationPage {
        page: Frame::of(pages, &person.visit).await?,
        fields,
        in_file: engine.options.organisation != UNNAMED,
        logo: look.logo.as_ref().map(|_| look.version),
        logo_max: LOGO_BYTES_MAX,
        name_max: NAME_CHARS_MAX,
        version: look.version,
        conflict,
    })
}

/// `GET /organisation`
pub(crate) async fn show(State(pages): State<Arc<Pages>>, person: SignedIn) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let name = engine.organisation();
    let color = engine.brand.look().color.map(|color| color.to_string()).unwrap_or_default();
    let fields = Fields::default().with("name", if name == UNNAMED { "" } else { &name }).with("color", color);
    Ok(html(&page(&pages, &person, fields, None).await?))
}

/// `POST /organisation`: `name`, `color`, `logo` (in base64, written by the page's script; empty keeps the present one), `remove`, and the
/// `version` that the person saw.
pub(crate) async fn change(State(pages): State<Arc<Pages>>, person: SignedIn, form: Form) -> Result<Response, Problem> {
    let engine = &pages.app.engine;
    let logo = match form.get("logo") {
        _ if form.ticked("remove") => WantedLogo::Removed,
        "" => WantedLogo::Kept,
        // What is not base64 is no picture, either.
        text => WantedLogo::New(STANDARD.decode(text).unwrap_or_default()),
    };
    let wanted = Wanted { name: form.get("name").to_owned(), color: form.get("color").to_owned(), logo };
    let refused = match change_organisation::check(wanted) {
        Ok(checked) => {
            let seen = form.get("version").parse().unwrap_or_default();
            let Changed::Outdated { by, at } = change_organisation::change(engine, &person.by(), checked, seen, engine.now()).await? else {
                return Ok(done(&pages, PATH, "done-organisation", ""));
            };
            let conflict = page(&pages, &person, typed(&form), Some((by, at))).await?;
            return Ok((StatusCode::CONFLICT, html(&conflict)).into_response());
        }
        Err(refused) => refused,
    };
    let language = person.visit.language;
    let mut fields = typed(&form);
    let kilobytes = LOGO_BYTES_MAX / 1024;
    match refused {
        Refused::Name => fields.refuse("name", language.text("organisation-bad-name", &[("n", &NAME_CHARS_MAX)])),
        Refused::Color => fields.wrong("organisation-bad-color", "color", language),
        Refused::Logo(LogoProblem::TooLarge) => fields.refuse("logo", language.text("organisation-logo-large", &[("n", &kilobytes)])),
        Refused::Logo(LogoProblem::Svg) => fields.wrong("organisation-logo-svg", "logo", language),
        Refused::Logo(LogoProblem::Unknown) => fields.wrong("organisation-logo-unknown", "logo", language),
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page(&pages, &person, fields, None).await?)).into_response())
}

/// The values of the form, except the logo: a browser sends a file only after it is chosen again.
fn typed(form: &Form) -> Fields {
    Fields::default().with("name", form.get("name")).with("color", form.get("color"))
}
