//! People who sign in.

use super::{Failure, Shell, check_name};
use crate::life::passwords;
use crate::store::StoreError;
use crate::store::account::{self, Account};

/// What a person may be.
pub const ROLES: [&str; 3] = ["admin", "supervisor", "operator"];

impl Shell {
    /// Adds a person.
    ///
    /// # Errors
    /// When the login is taken or the password too short.
    pub async fn add_account(&self, login: &str, name: &str, role: &str, password: String) -> Result<(), Failure> {
        let fits = (1..=100).contains(&login.len()) && login.chars().all(|c| c.is_alphanumeric() || "-_.@+".contains(c));
        if !fits {
            return Err(Failure::Usage(format!("--login: \"{login}\" is no login; write letters, digits or - _ . @ +, without spaces")));
        }
        check_name("--name", name)?;
        let account = Account {
            id: self.ids.next(self.now()),
            login: login.to_owned(),
            name: name.to_owned(),
            role: role.to_owned(),
            password_hash: self.hash(password).await?,
            created_at: self.now(),
            disabled_at: None,
        };
        let added = self.db.write(move |tx| {
            let account = account.clone();
            Box::pin(async move { account::insert(tx, &account).await })
        });
        match added.await {
            Ok(()) => Ok(()),
            Err(StoreError::Conflict) => Err(Failure::Failed(format!(
                "--login: \"{login}\" is taken; choose another, or change its password with: lastword user password {login}"
            ))),
            Err(error) => Err(error.into()),
        }
    }

    /// All people.
    ///
    /// # Errors
    /// The database's error.
    pub async fn accounts(&self) -> Result<Vec<Account>, Failure> {
        Ok(account::all(&self.db).await?)
    }

    /// Gives a person another password.
    ///
    /// # Errors
    /// When there is no such login or the password is too short.
    pub async fn set_password(&self, login: &str, password: String) -> Result<(), Failure> {
        let (who, hash) = (login.to_owned(), self.hash(password).await?);
        let found = self.db.write(move |tx| {
            let (who, hash) = (who.clone(), hash.clone());
            Box::pin(async move { account::set_password(tx, &who, &hash).await })
        });
        known(login, found.await?)
    }

    /// Switches a person off or on.
    ///
    /// # Errors
    /// When there is no such login.
    pub async fn set_disabled(&self, login: &str, disabled: bool) -> Result<(), Failure> {
        let (who, at) = (login.to_owned(), disabled.then(|| self.now()));
        let found = self.db.write(move |tx| {
            let who = who.clone();
            Box::pin(async move { account::set_disabled(tx, &who, at).await })
        });
        known(login, found.await?)
    }

    /// Whether there is such a login, before a password is asked for.
    ///
    /// # Errors
    /// When there is none.
    pub async fn expect_account(&self, login: &str) -> Result<(), Failure> {
        known(login, self.accounts().await?.iter().any(|account| account.login == login))
    }

    async fn hash(&self, password: String) -> Result<String, Failure> {
        let salt = self.ids.bytes();
        let hashed = tokio::task::spawn_blocking(move || passwords::hash(&password, salt)).await;
        let hashed = hashed.map_err(|error| Failure::Failed(format!("the password could not be hashed: {error}")))?;
        hashed.map_err(|bad| Failure::Usage(bad.to_string()))
    }
}

fn known(login: &str, found: bool) -> Result<(), Failure> {
    if found { Ok(()) } else { Err(Failure::Failed(format!("there is no user \"{login}\"; see: lastword user list"))) }
}
