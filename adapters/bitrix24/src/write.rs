//! A rating, shown to operators: as a notice to whoever served last and, where that is wished, as the client's vote and as the
//! supervisor's score of the conversation. A supervisor's own score and words stay.

use crate::api::{Api, NO_ACCESS};
use crate::config::Config;
use crate::history::{self, History};
use crate::notify::notify;
use crate::read::is_session;
use crate::vote;
use lastword_contract::{Receipt, Scale, SendError, Verdict, WriteBack};
use serde_json::json;

/// The longest comment that Bitrix24 keeps, in characters.
const COMMENT_MAX: usize = 10_000;
/// What our part of a comment ends with.
const END: &str = "[/lastword]";

/// Shows a rating, once per key.
///
/// # Errors
/// As the API's; what was done already is done no second time when it is called again.
pub(crate) async fn write_back(api: &Api, config: &Config, rating: &WriteBack) -> Result<Receipt, SendError> {
    let gone = || SendError::new(Verdict::RecipientGone, "no_such_session", "there is no such conversation, or it is not ours to see");
    if !is_session(&rating.session) {
        return Err(gone());
    }
    let history = match history::of_session(api, &rating.session).await {
        Err(error) if error.kind == NO_ACCESS => return Err(gone()),
        read => read?,
    };
    // First what Bitrix24 waits for. A vote that it refuses keeps nobody from being told.
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

/// Shows a rating to people.
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
        // The score, or the vote, is there; nobody wrote to the client whom it could be told.
        None if config.supervisor_score || config.vote_as_client.contains_key(&history.connector) => Ok(Receipt::default()),
        None => Err(SendError::new(Verdict::Refused, "no_operator", "no person wrote in this conversation: there is nobody to notify")),
    }
}

/// Writes the supervisor's score. What is written takes the place of all that was there, so that everything is sent again.
async fn score(api: &Api, history: &History, rating: &WriteBack) -> Result<(), SendError> {
    let (before, ours, after) = parts(&history.comment, &rating.rating_request);
    // A score that is not the one of our last writing is a supervisor's own.
    let own = history.score != 0 && ours != Some(history.score);
    let stars = stars(rating.scale, rating.score);
    // Where the score is a supervisor's, our part says that none is ours.
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
            let why = "Bitrix24 allows no supervisor's score: give whoever installed the application the right to rate, or set supervisor_score = false";
            Err(SendError::new(Verdict::Refused, "missing_right", why))
        }
        Err(error) => Err(error),
    }
}

fn head(request: &str, stars: u64) -> String {
    format!("[lastword {request} {stars}]")
}

/// The comment of a supervisor before our part, the score that our part says, and the comment after it.
fn parts<'c>(comment: &'c str, request: &str) -> (&'c str, Option<u64>, &'c str) {
    let mark = format!("[lastword {request} ");
    let whole = || (comment.trim(), None, "");
    let Some((before, rest)) = comment.split_once(&mark) else { return whole() };
    let Some((stars, rest)) = rest.split_once(']') else { return whole() };
    let after = rest.split_once(END).map_or("", |(_, after)| after);
    (before.trim(), stars.parse().ok(), after.trim())
}

/// The score in stars. Bitrix24 itself keeps 👍 as 5 and 👎 as 1.
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
