//! Changes reply templates. If two people change one at the same time, the second gets an error and nothing is overwritten.

use crate::engine::Engine;
use lastword_base::names::LineId;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::access::rights::Lines;
use lastword_domain::line::macros::{REPLIED, unknown};
use lastword_domain::review::{BadText, REPLY_CHARS_MAX, clean};
use lastword_store::access::audit;
use lastword_store::review::reply::{self, Template};
use lastword_store::{Millis, StoreError, transaction};
use serde_json::{Value, json};

/// Maximum length of a name, in characters.
pub const NAME_CHARS_MAX: usize = 80;

/// Input for a template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Its ID; `None` creates a new one.
    pub id: Option<String>,
    /// Its line; `None` for all lines.
    pub line_id: Option<LineId>,
    /// Its name.
    pub name: String,
    /// The text, with macros.
    pub text: String,
    /// Time of the last change that the person saw; `None` skips the check.
    pub seen: Option<Millis>,
}

/// Result of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It was saved, or deleted.
    Done(Template),
    /// There is no template with this ID that the person may change.
    Unknown,
    /// It was changed in the meantime: its current state.
    Outdated(Template),
    /// The name is empty or too long.
    BadName(BadText),
    /// The text is empty or too long.
    BadText(BadText),
    /// The text has an unknown macro.
    UnknownMacro(String),
}

/// Creates or changes a template, on behalf of a person who sees `lines`. Templates for all lines require access to all of them.
#[lastword_base::boxed]
pub async fn save(engine: &Engine, by: &By, lines: &Lines, wanted: Wanted, now: Millis) -> Result<Changed, StoreError> {
    let (name, text) = match (clean(&wanted.name, NAME_CHARS_MAX), clean(&wanted.text, REPLY_CHARS_MAX)) {
        (Err(bad), _) => return Ok(Changed::BadName(bad)),
        (_, Err(bad)) => return Ok(Changed::BadText(bad)),
        (Ok(name), Ok(text)) => (name.replace('\n', " "), text),
    };
    if let Some(name) = unknown(&text, REPLIED) {
        return Ok(Changed::UnknownMacro(name.to_owned()));
    }
    if !may_change(lines, wanted.line_id.as_ref()) {
        return Ok(Changed::Unknown);
    }
    let by = by.clone();
    let new = Template {
        id: wanted.id.clone().unwrap_or_else(|| engine.ids.text(now)),
        line_id: wanted.line_id,
        name,
        text,
        updated_at: now,
        updated_by: by.name.clone(),
    };
    let (seen, known) = (wanted.seen, wanted.id.is_some());
    transaction!(engine.db, [engine, by, lines, new], async |tx| {
        let before = reply::hold_template(tx, &new.id).await?;
        match &before {
            None if known => return Ok(Changed::Unknown),
            Some(before) if !may_change(&lines, before.line_id.as_ref()) => return Ok(Changed::Unknown),
            Some(before) if seen.is_some_and(|seen| seen != before.updated_at) => return Ok(Changed::Outdated(before.clone())),
            _ => {}
        }
        reply::save_template(tx, &new).await?;
        let entry = entry(Act::TemplateSaved, &new).with(&before.as_ref().map_or(Value::Null, summary), &summary(&new));
        audit::write(tx, engine.ids.next(now), now, &by, &entry).await?;
        Ok(Changed::Done(new))
    })
    .await
}

/// Deletes a template.
#[lastword_base::boxed]
pub async fn remove(engine: &Engine, by: &By, lines: &Lines, id: &str, now: Millis) -> Result<Changed, StoreError> {
    transaction!(engine.db, [engine, by, lines, id], async |tx| {
        let before = reply::hold_template(tx, &id).await?.filter(|before| may_change(&lines, before.line_id.as_ref()));
        let Some(before) = before else { return Ok(Changed::Unknown) };
        reply::remove_template(tx, &id).await?;
        let entry = entry(Act::TemplateRemoved, &before).with(&summary(&before), &Value::Null);
        audit::write(tx, engine.ids.next(now), now, &by, &entry).await?;
        Ok(Changed::Done(before))
    })
    .await
}

/// True if a person who sees `lines` may change templates of `line`, or of all lines.
fn may_change(lines: &Lines, line: Option<&LineId>) -> bool {
    line.map_or(*lines == Lines::All, |line| lines.admit(line))
}

fn entry(act: Act, template: &Template) -> Entry {
    let entry = Entry::new(act, &template.id);
    match &template.line_id {
        Some(line) => entry.on_line(line),
        None => entry,
    }
}

fn summary(template: &Template) -> Value {
    json!({ "name": template.name, "line": template.line_id, "text": template.text })
}
