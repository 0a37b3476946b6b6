//! Letters with the numbers of the day, week or month.

use crate::app::admin::{Failure, Shell};
use crate::domain::access::audit::By;
use crate::domain::report::letter::Every;
use crate::life::admin::change_letter;
use crate::life::report::letter::{last_period, send_trial, text};
use crate::store::report::letter::{self, Letter};

/// A letter to be made.
#[derive(Clone, Debug)]
pub struct NewLetter {
    /// Its id.
    pub id: String,
    /// Who gets it.
    pub recipient: String,
    /// How often.
    pub every: String,
    /// At which hour of the organisation's clock.
    pub hour: i64,
    /// The lines it is about; all of them where none is named.
    pub lines: Vec<String>,
}

impl Shell {
    /// All letters, by id.
    ///
    /// # Errors
    /// The database's error.
    pub async fn letters(&self) -> Result<Vec<Letter>, Failure> {
        Ok(letter::all(&self.db).await?)
    }

    /// Makes a letter, or changes the one with this id.
    ///
    /// # Errors
    /// Names what is wrong and the remedy.
    pub async fn add_letter(&self, new: NewLetter) -> Result<(), Failure> {
        let known = self.letters().await?.into_iter().find(|letter| letter.id == new.id);
        let (by, now) = (By::command(), self.now());
        let letter = Letter {
            id: new.id,
            recipient_id: new.recipient,
            every: Every::parse(&new.every).unwrap_or_default(),
            hour: new.hour,
            lines: (!new.lines.is_empty()).then_some(new.lines),
            created_at: known.map_or(now, |known| known.created_at),
            changed_at: now,
            changed_by: by.name.clone(),
        };
        match change_letter::save_letter(&self.node().await?.engine, &by, letter, now).await? {
            change_letter::Saved::Letter(_) => Ok(()),
            change_letter::Saved::Bad(bad) => Err(Failure::Usage(format!("--{}: {}", bad.field, bad.problem))),
        }
    }

    async fn letter(&self, id: &str) -> Result<Letter, Failure> {
        let found = self.letters().await?.into_iter().find(|letter| letter.id == id);
        found.ok_or_else(|| Failure::Failed(format!("there is no letter \"{id}\"; see: lastword letter list")))
    }

    /// What a letter would say about the last whole day, week or month.
    ///
    /// # Errors
    /// When there is no such letter.
    pub async fn letter_text(&self, id: &str) -> Result<String, Failure> {
        let (letter, node) = (self.letter(id).await?, self.node().await?);
        let (engine, now) = (&node.engine, self.now());
        Ok(text(engine, &letter, last_period(engine, letter.every, now), &engine.options.language, now).await?)
    }

    /// Sends a letter now, as a trial. Gives to how many people.
    ///
    /// # Errors
    /// When there is no such letter, or nobody can be told.
    pub async fn send_letter(&self, id: &str) -> Result<usize, Failure> {
        let letter = self.letter(id).await?;
        match send_trial(&self.node().await?.engine, &By::command(), &letter, self.now()).await? {
            0 => Err(Failure::Failed(format!("nobody can be told; check the recipient: lastword alert-test {}", letter.recipient_id))),
            people => Ok(people),
        }
    }

    /// Deletes a letter.
    ///
    /// # Errors
    /// When there is no such letter.
    pub async fn delete_letter(&self, id: &str) -> Result<(), Failure> {
        let letter = self.letter(id).await?;
        change_letter::delete_letter(&self.node().await?.engine, &By::command(), &letter.id, self.now()).await?;
        Ok(())
    }
}
