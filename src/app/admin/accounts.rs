//! Accounts of people.

use super::{Failure, Shell, check_name};
use crate::domain::access::audit::By;
use crate::domain::access::rights::Role;
use crate::life::access::change_account::{self, Changed, Wanted};
use crate::life::access::passwords;
use crate::store::access::account::{self, Account};
use crate::store::line;
use lastword_base::names::{LineId, OperatorId};
use std::collections::BTreeSet;

/// Names of the roles.
pub const ROLES: [&str; 3] = ["admin", "supervisor", "operator"];

/// An account to create.
#[derive(Clone, Debug, Default)]
pub struct NewAccount {
    /// Login.
    pub login: String,
    /// Name of the person.
    pub name: String,
    /// Name of the role.
    pub role: String,
    /// Lines that a supervisor sees; all if empty.
    pub lines: Vec<String>,
    /// ID in the desk, for an operator.
    pub operator: Option<String>,
}

impl Shell {
    /// Creates an account.
    ///
    /// # Errors
    /// If the login is taken, the password is too short, or a line does not exist.
    pub async fn add_account(&self, new: NewAccount, password: String) -> Result<(), Failure> {
        let login = &new.login;
        let fits = (1..=100).contains(&login.len()) && login.chars().all(|c| c.is_alphanumeric() || "-_.@+".contains(c));
        if !fits {
            return Err(Failure::Usage(format!(
                "--login: \"{login}\" is not a valid login; use letters, digits or - _ . @ +, without spaces"
            )));
        }
        check_name("--name", &new.name)?;
        let role = Role::parse(&new.role).ok_or_else(|| Failure::Usage(format!("--role: write one of {}", ROLES.join(", "))))?;
        if role != Role::Supervisor && !new.lines.is_empty() {
            return Err(Failure::Usage("--line: only a supervisor can be limited to lines; leave it out".to_owned()));
        }
        if role != Role::Operator && new.operator.is_some() {
            return Err(Failure::Usage("--operator: only for the role operator; leave it out".to_owned()));
        }
        for id in &new.lines {
            if line::find(&self.db, &id.as_str().into()).await?.is_none() {
                return Err(Failure::Usage(format!("--line: there is no line \"{id}\"; see: lastword line list")));
            }
        }
        let wanted = Wanted {
            name: new.name,
            role,
            operator_id: new.operator.map(OperatorId::from),
            all_lines: new.lines.is_empty(),
            lines: new.lines.into_iter().map(LineId::from).collect::<BTreeSet<_>>(),
            comments: false,
            disabled: false,
        };
        let hash = self.hash(password).await?;
        let engine = self.node().await?.engine;
        match change_account::add(&engine, &By::command(), login, wanted, Some(hash), self.now()).await? {
            Some(_) => Ok(()),
            None => Err(Failure::Failed(format!(
                "--login: \"{login}\" is taken; choose another, or change its password with: lastword user password {login}"
            ))),
        }
    }

    /// Lists all accounts.
    ///
    /// # Errors
    /// Errors of the database.
    pub async fn accounts(&self) -> Result<Vec<Account>, Failure> {
        Ok(account::all(&self.db).await?)
    }

    /// Sets a new password.
    ///
    /// # Errors
    /// If the login does not exist or the password is not accepted.
    pub async fn set_password(&self, login: &str, password: String) -> Result<(), Failure> {
        let (account, hash) = (self.account(login).await?, self.hash(password).await?);
        let engine = self.node().await?.engine;
        let changed = change_account::set_password(&engine, &By::command(), account.id, hash, "", self.now()).await?;
        told(login, changed)
    }

    /// Disables or enables an account.
    ///
    /// # Errors
    /// If the login does not exist, or is the last admin.
    pub async fn set_disabled(&self, login: &str, disabled: bool) -> Result<(), Failure> {
        let account = self.account(login).await?;
        let wanted = Wanted {
            role: account.role,
            operator_id: account.operator_id,
            all_lines: account.all_lines,
            lines: account::lines(&self.db, account.id).await?,
            comments: account.comments,
            name: account.name,
            disabled,
        };
        let engine = self.node().await?.engine;
        told(login, change_account::change(&engine, &By::command(), account.id, wanted, self.now()).await?)
    }

    /// Checks that a login exists, before a password is requested.
    ///
    /// # Errors
    /// If it does not exist.
    pub async fn expect_account(&self, login: &str) -> Result<(), Failure> {
        self.account(login).await.map(drop)
    }

    async fn account(&self, login: &str) -> Result<Account, Failure> {
        let missing = || Failure::Failed(format!("there is no user \"{login}\"; see: lastword user list"));
        account::by_login(&self.db, login).await?.ok_or_else(missing)
    }

    async fn hash(&self, password: String) -> Result<String, Failure> {
        let hashed = passwords::hash_aside(password, self.ids.bytes()).await;
        let hashed = hashed.map_err(|_| Failure::Failed("the password could not be hashed; try again".to_owned()))?;
        hashed.map_err(|bad| Failure::Usage(bad.to_string()))
    }
}

fn told(login: &str, changed: Changed) -> Result<(), Failure> {
    match changed {
        Changed::Done => Ok(()),
        Changed::Unknown => Err(Failure::Failed(format!("there is no user \"{login}\" any more; see: lastword user list"))),
        Changed::LastAdmin => {
            Err(Failure::Failed(format!("\"{login}\" is the last admin who can sign in; add another one first: lastword user add")))
        }
    }
}
