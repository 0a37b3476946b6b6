//! Shows a rating to operators: as a notification to the operator who served last and, if configured, as the client's vote
//! and the supervisor's score of the conversation. A score and comment that a supervisor entered are kept.

use crate::api::{Api, NO_ACCESS};
use crate::config::Config;
use crate::history::{self, History};
use crate::lost::is_session;
use crate::notify::notify;
use crate::vote;
use lastword_contract::{Receipt, Scale, SendError, Verdict, WriteBack};
use serde_json::json;

/// Maximum length of a comment in Bitrix24, in characters.
const COMMENT_MAX: usize = 10_000;
/// End mark of our part of a comment.
const END: &str = "[/lastword]";

/// Writes a rating, once per key.
///
/// # Errors
/// Errors of the API; a retry does not repeat completed parts.
pub(crate) async fn write_back(api: &Api, config: &Config, rating: &WriteBack) -> Result<Receipt, SendError> {
    let gone = || SendError::new(Verdict::RecipientGone, "no_such_session", "there is no such conversation, or it is not ours to see");
    if !is_session(&rating.session) {
        return Err(gone());
    }
    let history = match history::of_session(api, &rating.session).await {
        Err(error) if error.kind == NO_ACCESS => return Err(gone()),
        read => read?,
    };
    // First the vote that Bitrix24 waits for. If it is refused, the operator is notified anyway.
    let voted = match config.vote_as_client.get(&history.connector) {
        Some(form) => match vote::write(api, &history, rating, form).await {
            Err(error) if error.verdict != Verdict::Refused => return Err(error),
            voted => voted,
        },
        None => Ok(()),
    };
    let shown = show(api, config, &history, rating).await?;
    voted.map(|()| shown)
}

/// Shows a rating to operators.
async fn show(api: &Api, config: &Config, history: &History, rating: &WriteBack) -> Result<Receipt, SendError> {
    if config.supervisor_score {
        score(api, history, rating).await?;
    }
    if !config.notify {
        return Ok(Receipt::default());
    }
    match history.operator() {
        Some(operator) => {
            let text = format!("#{}\n{}", history.session, rating.text);
            notify(api, &operator.id, &text, &rating.key, &rating.rating_request).await
        }
        // The score or the vote is written; no operator wrote to the client who could be notified.
        None if config.supervisor_score || config.vote_as_client.contains_key(&history.connector) => Ok(Receipt::default()),
        None => Err(SendError::new(Verdict::Refused, "no_operator", "no person wrote in this conversation: no operator to notify")),
    }
}

/// Writes the supervisor's score. The call replaces the score and the comment, so both are sent in full.
async fn score(api: &Api, history: &History, rating: &WriteBack) -> Result<(), SendError> {
    let (before, ours, after) = parts(&history.comment, &rating.rating_request);
    // A score that differs from our last one is the supervisor's own.
    let own = history.score != 0 && ours != Some(history.score);
    let stars = stars(rating.scale, rating.score);
    // With a supervisor's own score, our part says 0.
    let (shown, written) = if own { (history.score, 0) } else { (stars, stars) };
    let head = head(&rating.rating_request, written);
    let fits = COMMENT_MAX.saturating_sub([before, after, head.as_str(), END].iter().map(|part| part.chars().count()).sum::<usize>() + 4);
    let text: String = rating.text.replace(END, "").chars().take(fits).collect();
    let block = format!("{head}\n{text}\n{END}");
    let comment: Vec<&str> = [before, &block, after].into_iter().filter(|part| !part.is_empty()).collect();
    let vote = json!({ "SESSION_ID": history.session, "RATING": shown, "COMMENT": comment.join("\n") });
    match api.write("imopenlines.session.head.vote", vote).await {
        Ok(_) => Ok(()),
        Err(error) if error.kind == NO_ACCESS => {
            let why = "Bitrix24 allows no supervisor's score: give the user who installed the application the right to rate, or set supervisor_score = false";
            Err(SendError::new(Verdict::Refused, "missing_right", why))
        }
        Err(error) => Err(error),
    }
}

fn head(request: &str, stars: u64) -> String {
    format!("[lastword {request} {stars}]")
}

/// Splits a comment into the supervisor's text before our part, the score in our part, and the text after it.
fn parts<'c>(comment: &'c str, request: &str) -> (&'c str, Option<u64>, &'c str) {
    let mark = format!("[lastword {request} ");
    let whole = || (comment.trim(), None, "");
    let Some((before, rest)) = comment.split_once(&mark) else { return whole() };
    let Some((stars, rest)) = rest.split_once(']') else { return whole() };
    let after = rest.split_once(END).map_or("", |(_, after)| after);
    (before.trim(), stars.parse().ok(), after.trim())
}

/// The score in stars. Bitrix24 stores 👍 as 5 and 👎 as 1.
fn stars(scale: Scale, score: u8) -> u64 {
    match scale {
        Scale::FiveStar => u64::from(score.clamp(1, 5)),
        Scale::Binary if score == 1 => 5,
        Scale::Binary => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_part_of_a_comment_is_known_again_and_the_rest_is_the_supervisors() {
        let ours = format!("{}\n★★★★\n{END}", head("rrq_1", 4));
        for (comment, read) in [
            (String::new(), ("", None, "")),
            ("Well handled".to_owned(), ("Well handled", None, "")),
            (ours.clone(), ("", Some(4), "")),
            (format!("Before\n{ours}\nAfter"), ("Before", Some(4), "After")),
            (ours.replace("rrq_1", "rrq_2"), (ours.replace("rrq_1", "rrq_2").as_str(), None, "")),
        ] {
            assert_eq!(parts(&comment, "rrq_1"), read, "{comment}");
        }
    }
}
