//! Letters with the figures of the day, week or month.

use crate::app::admin::{Failure, Shell};
use crate::domain::access::audit::By;
use crate::domain::report::letter::Every;
use crate::life::admin::change_letter;
use crate::life::report::letter::{last_period, send_trial, text};
use crate::store::report::letter::{self, Letter};
use lastword_base::names::LineId;

/// A letter to create.
#[derive(Clone, Debug)]
pub struct NewLetter {
    /// ID of the letter.
    pub id: String,
    /// ID of its recipient.
    pub recipient: String,
    /// Period of the letter.
    pub every: String,
    /// Hour in the organisation's time zone.
    pub hour: i64,
    /// Lines of the letter; all if empty.
    pub lines: Vec<String>,
}

impl Shell {
    /// Lists all letters, by ID.
    ///
    /// # Errors
    /// Errors of the database.
    pub async fn letters(&self) -> Result<Vec<Letter>, Failure> {
        Ok(letter::all(&self.db).await?)
    }

    /// Creates a letter, or replaces the one with this ID.
    ///
    /// # Errors
    /// Names the problem and the remedy.
    pub async fn add_letter(&self, new: NewLetter) -> Result<(), Failure> {
        let known = self.letters().await?.into_iter().find(|letter| letter.id == new.id);
        let (by, now) = (By::command(), self.now());
        let letter = Letter {
            id: new.id,
            recipient_id: new.recipient,
            every: Every::parse(&new.every).unwrap_or_default(),
            hour: new.hour,
            lines: (!new.lines.is_empty()).then(|| new.lines.into_iter().map(LineId::from).collect()),
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

    /// Text of a letter about the last complete day, week or month.
    ///
    /// # Errors
    /// If the letter does not exist.
    pub async fn letter_text(&self, id: &str) -> Result<String, Failure> {
        let (letter, node) = (self.letter(id).await?, self.node().await?);
        let (engine, now) = (&node.engine, self.now());
        Ok(text(engine, &letter, last_period(engine, letter.every, now), &engine.options.language, now).await?)
    }

    /// Sends a letter now, as a trial. Returns the number of people.
    ///
    /// # Errors
    /// If the letter does not exist, or has no reachable recipient.
    pub async fn send_letter(&self, id: &str) -> Result<usize, Failure> {
        let letter = self.letter(id).await?;
        match send_trial(&self.node().await?.engine, &By::command(), &letter, self.now()).await? {
            0 => Err(Failure::Failed(format!("no recipient can be reached; check it: lastword alert-test {}", letter.recipient_id))),
            people => Ok(people),
        }
    }

    /// Deletes a letter.
    ///
    /// # Errors
    /// If the letter does not exist.
    pub async fn delete_letter(&self, id: &str) -> Result<(), Failure> {
        let letter = self.letter(id).await?;
        change_letter::delete_letter(&self.node().await?.engine, &By::command(), &letter.id, self.now()).await?;
        Ok(())
    }
}
