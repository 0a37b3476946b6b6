//! Lays choices out as rows of buttons.

use lastword_contract::{Choice, ChoiceKind, SendError, Verdict};
use teloxide::types::{InlineKeyboardButton, InlineKeyboardMarkup};
use url::Url;

/// Maximum buttons of one message at Telegram.
pub(crate) const CHOICES_MAX: usize = 100;

/// Maximum bytes of `callback_data`.
const TOKEN_BYTES_MAX: usize = 64;

/// Effect of tapping a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Buttons {
    /// The tap is sent to the program that receives the bot's updates.
    Press,
    /// Opens the choice's link; a choice without a link is left out.
    Link,
}

/// Lays out `choices`; `None` if there are none.
pub(crate) fn keyboard(choices: &[Choice], buttons: Buttons) -> Result<Option<InlineKeyboardMarkup>, SendError> {
    if choices.len() > CHOICES_MAX {
        return Err(SendError::new(Verdict::Refused, "too_many_choices", "Telegram takes at most 100 buttons"));
    }
    if choices.iter().any(|choice| !(1..=TOKEN_BYTES_MAX).contains(&choice.token.len())) {
        return Err(SendError::new(Verdict::Refused, "button_data_invalid", "a button's token has to be 1 to 64 bytes"));
    }
    let rows: Vec<Vec<InlineKeyboardButton>> = choices
        .chunk_by(|one, next| one.kind == next.kind)
        .flat_map(|alike| alike.chunks(per_row(alike[0].kind)))
        .map(|row| row.iter().filter_map(|choice| button(choice, buttons).transpose()).collect::<Result<Vec<_>, _>>())
        .collect::<Result<_, _>>()?;
    let rows: Vec<_> = rows.into_iter().filter(|row| !row.is_empty()).collect();
    Ok((!rows.is_empty()).then(|| InlineKeyboardMarkup::new(rows)))
}

/// Buttons per row: a scale is one row, sentences need more space.
fn per_row(kind: ChoiceKind) -> usize {
    match kind {
        ChoiceKind::Score => 5,
        ChoiceKind::Reason | ChoiceKind::Resolved => 2,
        _ => 1,
    }
}

fn button(choice: &Choice, buttons: Buttons) -> Result<Option<InlineKeyboardButton>, SendError> {
    let label = match choice.kind {
        ChoiceKind::Score => short(&choice.label),
        // In a row of its own. The last reason may be alone in its row too; the sign distinguishes them.
        ChoiceKind::Change => format!("↩ {}", choice.label),
        _ => choice.label.clone(),
    };
    match (buttons, &choice.link) {
        (Buttons::Press, _) => Ok(Some(InlineKeyboardButton::callback(label, choice.token.clone()))),
        (Buttons::Link, None) => Ok(None),
        (Buttons::Link, Some(link)) => match Url::parse(link) {
            Ok(link) => Ok(Some(InlineKeyboardButton::url(label, link))),
            Err(_) => Err(SendError::new(Verdict::Refused, "bad_link", "a choice's link is not an address")),
        },
    }
}

/// Five buttons with up to five stars do not fit a phone's row, so `★★★★★` becomes `5 ⭐`.
fn short(label: &str) -> String {
    let stars = label.matches('★').count();
    let run = "★".repeat(stars);
    match stars > 0 && label.contains(&run) {
        true => label.replacen(&run, &format!("{stars} ⭐"), 1),
        false => label.to_owned(),
    }
}
