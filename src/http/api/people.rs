//! People who sign in to the pages: invite, change, disable. Passwords are never sent: an invited person chooses one through a link.

use super::reports::query::known_line;
use super::request::created::Created;
use super::request::fields::{word, word_or_none};
use crate::auth::Caller;
use crate::json::Body;
use crate::path::PathId;
use crate::problem::{Code, Problem, Thing};
use crate::state::AppState;
use crate::timestamp::Timestamp;
use axum::Json;
use axum::extract::State;
use lastword_base::names::{AccountId, LineId, OperatorId};
use lastword_domain::access::api_key::Scope;
use lastword_domain::access::rights::Role;
use lastword_life::access::change_account::{self, Changed, Wanted};
use lastword_life::access::passwords::NONE_YET;
use lastword_store::access::account::{self, Account};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use utoipa::ToSchema;

/// Role of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PersonRole {
    /// May do everything.
    Admin,
    /// Works with the ratings of all lines, or of some.
    Supervisor,
    /// Sees their own figures.
    Operator,
}

impl From<PersonRole> for Role {
    fn from(role: PersonRole) -> Self {
        match role {
            PersonRole::Admin => Role::Admin,
            PersonRole::Supervisor => Role::Supervisor,
            PersonRole::Operator => Role::Operator,
        }
    }
}

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonOut {
    /// ID of the account.
    pub id: String,
    /// Login name.
    pub login: String,
    /// Display name.
    pub name: String,
    /// `admin`, `supervisor` or `operator`.
    #[schema(value_type = PersonRole)]
    pub role: String,
    /// For an operator: your ID of them.
    pub operator: Option<String>,
    /// For a supervisor: their lines; `null` for all lines.
    pub lines: Option<Vec<String>>,
    /// For an operator: true if they may read what clients wrote about them.
    pub comments: bool,
    /// True until they choose a password.
    pub invited: bool,
    /// True if they cannot sign in.
    pub disabled: bool,
    /// Time the account was created.
    pub created_at: Timestamp,
}

impl PersonOut {
    fn new(account: Account, lines: Vec<String>) -> Self {
        Self {
            lines: (account.role == Role::Supervisor && !account.all_lines).then_some(lines),
            invited: account.password_hash == NONE_YET,
            disabled: account.disabled_at.is_some(),
            id: account.id.to_string(),
            login: account.login,
            name: account.name,
            role: account.role.as_str().to_owned(),
            operator: account.operator_id.map(String::from),
            comments: account.comments,
            created_at: Timestamp(account.created_at),
        }
    }
}

/// All people.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeopleOut {
    /// The people, by login.
    pub items: Vec<PersonOut>,
}

/// A person to create or change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonBody {
    /// Display name.
    pub name: String,
    /// Role.
    pub role: PersonRole,
    /// For an operator: your ID of them.
    #[serde(default)]
    pub operator: Option<String>,
    /// For a supervisor: their lines; all lines if missing.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub lines: Option<Vec<String>>,
    /// For an operator: true if they may read what clients wrote about them.
    #[serde(default)]
    pub comments: bool,
    /// True to disable the account: they cannot sign in and are signed out everywhere.
    #[serde(default)]
    pub disabled: bool,
}

/// A new person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteBody {
    /// Login name: lowercase letters, digits and `.`, `-`, `_`, `@`.
    #[schema(min_length = 1, max_length = 100)]
    pub login: String,
    /// The person.
    pub person: PersonBody,
}

/// A person who was invited.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PersonInvited)]
pub struct Invited {
    /// The person.
    pub person: PersonOut,
    /// Link to choose a password, valid for a day and shown only once. It starts with `http.public_url`, or is a path if
    /// that is not set.
    pub link: String,
}

async fn found(app: &AppState, id: AccountId) -> Result<PersonOut, Problem> {
    let account = account::find(&app.engine.db, id).await?.ok_or_else(|| Problem::missing(Thing::Person, id))?;
    let lines = account::lines(&app.engine.db, id).await?;
    Ok(PersonOut::new(account, lines.into_iter().map(String::from).collect()))
}

/// Lists all people who sign in
#[utoipa::path(
    get, path = "/v1/people", operation_id = "listPeople", tag = "access", security(("api_key" = ["admin"])),
    responses((status = 200, body = PeopleOut))
)]
pub async fn list(_: Caller<{ Scope::Admin as u8 }>, State(app): State<Arc<AppState>>) -> Result<Json<PeopleOut>, Problem> {
    let db = &app.engine.db;
    let all = account::all_lines(db).await?;
    let lines_of = |id: AccountId| all.iter().filter(|(account, _)| *account == id).map(|(_, line)| line.to_string()).collect();
    let mut items: Vec<PersonOut> = account::all(db).await?.into_iter().map(|one| PersonOut::new(one.clone(), lines_of(one.id))).collect();
    items.sort_by(|one, other| one.login.cmp(&other.login));
    Ok(Json(PeopleOut { items }))
}

/// Gets a person
#[utoipa::path(
    get, path = "/v1/people/{id}", operation_id = "getPerson", tag = "access", security(("api_key" = ["admin"])),
    params(("id" = String, Path, description = "ID of the account")),
    responses((status = 200, body = PersonOut))
)]
pub async fn one(
    _: Caller<{ Scope::Admin as u8 }>,
    State(app): State<Arc<AppState>>,
    PathId(id): PathId<AccountId>,
) -> Result<Json<PersonOut>, Problem> {
    Ok(Json(found(&app, id).await?))
}

async fn wanted(app: &AppState, body: PersonBody, within: &str) -> Result<Wanted, Problem> {
    let role = Role::from(body.role);
    let operator_id = word_or_none("operator", body.operator).map_err(|problem| problem.within(within))?;
    if role == Role::Operator && operator_id.is_none() {
        let problem = Problem::new(Code::MissingField, "An operator account needs the desk's ID of the operator.");
        return Err(problem.field("operator").remedy("Send the operator's ID in operator.").within(within));
    }
    let lines: BTreeSet<String> = body.lines.iter().flatten().cloned().collect();
    for line in &lines {
        known_line(app, Some(line)).await.map_err(|problem| problem.field("lines").within(within))?;
    }
    let some = role == Role::Supervisor && body.lines.is_some();
    if some && lines.is_empty() {
        let remedy = "Name at least one line, or leave the field out for all of them.";
        return Err(Problem::invalid_field("lines", "A supervisor without lines would see nothing.", remedy).within(within));
    }
    Ok(Wanted {
        name: word("name", body.name).map_err(|problem| problem.within(within))?,
        role,
        operator_id: operator_id.filter(|_| role == Role::Operator).map(OperatorId::from),
        all_lines: role == Role::Supervisor && !some,
        lines: if some { lines.into_iter().map(LineId::from).collect() } else { BTreeSet::new() },
        comments: body.comments,
        disabled: body.disabled,
    })
}

/// Invites a person
///
/// Send them the link; they choose a password with it.
#[utoipa::path(
    post, path = "/v1/people", operation_id = "createPerson", tag = "access", request_body = InviteBody, security(("api_key" = ["admin"])),
    responses((status = 201, body = Invited, headers(("Location" = String, description = "Path of the new object."))), (status = 409, description = "`conflict`: the login is taken.", body = Problem))
)]
pub async fn invite(
    caller: Caller<{ Scope::Admin as u8 }>,
    State(app): State<Arc<AppState>>,
    Body(body): Body<InviteBody>,
) -> Result<Created<Invited>, Problem> {
    if !change_account::is_login(&body.login) {
        let remedy = "Write 1 to 100 small letters, digits and . - _ @.";
        return Err(Problem::invalid_field("login", "This cannot be a login.", remedy));
    }
    let (engine, now) = (&app.engine, app.engine.now());
    let wanted = wanted(&app, body.person, "person").await?;
    let added = change_account::add(engine, &caller.by(), &body.login, wanted, None, now).await?;
    let account = added.ok_or_else(|| Problem::new(Code::Conflict, "This login is taken.").field("login"))?;
    let link = change_account::password_link(engine, &caller.by(), account.id, now).await?;
    let path = format!("password/{}", link.ok_or_else(Problem::internal)?);
    let link = engine.options.public_url.as_ref().map_or_else(|| format!("/{path}"), |base| format!("{base}{path}"));
    Ok(Created(format!("/v1/people/{}", account.id), Invited { person: found(&app, account.id).await?, link }))
}

/// Changes a person
#[utoipa::path(
    put, path = "/v1/people/{id}", operation_id = "updatePerson", tag = "access", request_body = PersonBody, security(("api_key" = ["admin"])),
    params(("id" = String, Path, description = "ID of the account")),
    responses(
        (status = 200, body = PersonOut),
        (status = 404, body = Problem),
        (status = 409, description = "`conflict`: this is the last admin who can sign in.", body = Problem),
    )
)]
pub async fn change(
    caller: Caller<{ Scope::Admin as u8 }>,
    State(app): State<Arc<AppState>>,
    PathId(id): PathId<AccountId>,
    Body(body): Body<PersonBody>,
) -> Result<Json<PersonOut>, Problem> {
    let wanted = wanted(&app, body, "").await?;
    match change_account::change(&app.engine, &caller.by(), id, wanted, app.engine.now()).await? {
        Changed::Done => Ok(Json(found(&app, id).await?)),
        Changed::Unknown => Err(Problem::missing(Thing::Person, id)),
        Changed::LastAdmin => Err(Problem::new(Code::Conflict, "This is the last admin who can sign in.")
            .field("role")
            .remedy("Make somebody else an admin first.")),
    }
}
