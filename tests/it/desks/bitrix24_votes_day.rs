//! A day at a portal whose conversations run through the channel of our application, with Bitrix24's own question enabled:
//! Lastword asks clients once, and their answer becomes their vote in Bitrix24, once and in time. Events are lost,
//! repeated, late and out of order, tokens expire, and the process is killed.

use super::bitrix24_day::begin as portal;
use super::bitrix24_day::portal::{BOT, CARRIED, CLIENT, Portal, Shape};
use super::shift::{Day, MINUTE, Questions};
use crate::on_both_databases;
use lastword_contract::RawRequest;
use lastword_contract::kit::Remote;

on_both_databases! {
    every_answer_of_a_day_is_one_vote_in_bitrix24_and_opens_nothing => a_day;
}

const CHATS: usize = 96;
/// Number of kinds of conversations; the number of a conversation selects its kind.
const KINDS: usize = 12;

async fn begin(url: &str) -> Day<Portal> {
    let day = portal(url).await;
    let mut inside = day.stub.lock();
    (inside.asks_itself, inside.registered, inside.active) = (true, true, true);
    drop(inside);
    day
}

fn outside(day: &Day<Portal>, id: u64) -> String {
    format!("out-{}", day.stub.lock().sessions[&id].chat)
}

/// Operators close their conversations, with events in the network's order. Returns the late events.
async fn morning(day: &mut Day<Portal>) -> (Vec<u64>, Vec<RawRequest>) {
    let (mut sessions, mut late) = (Vec::new(), Vec::new());
    for number in 0..CHATS {
        day.stub.lock().shape = [Shape::Named, Shape::Listed, Shape::Whole][number % 3];
        let id = day.stub.lock().open(CARRIED);
        sessions.push(id);
        let began = day.posted();
        match number % KINDS {
            8 => {}
            3 => {
                // The close arrives first, three times; then the opening.
                day.stub.lock().finish(id);
                let closed = day.posted();
                day.bring([closed.clone(), closed.clone(), closed, began].concat()).await;
                continue;
            }
            _ => day.bring(began).await,
        }
        {
            let mut inside = day.stub.lock();
            match number % KINDS {
                9 => {
                    inside.sessions.get_mut(&id).unwrap().messages.retain(|message| [0, CLIENT].contains(&message.sender));
                    inside.says(id, BOT, "");
                    inside.finish(id);
                }
                10 => inside.close(id, "spam"),
                _ => inside.finish(id),
            }
        }
        let mut posted = day.posted();
        match number % KINDS {
            2 | 8 => posted.clear(),
            4 => late.append(&mut posted),
            _ => {}
        }
        day.bring(posted).await;
        match number {
            // Killed while reads are pending.
            7 | 20 => day.start(),
            15 => day.stub.lock().spent = true,
            _ => {}
        }
    }
    (sessions, late)
}

/// While Bitrix24 waits: some clients continue the conversation, some vote there themselves.
async fn meanwhile(day: &Day<Portal>, sessions: &[u64]) {
    for (number, id) in sessions.iter().enumerate() {
        let chat = outside(day, *id);
        let user = format!("u-{chat}");
        match number % KINDS {
            5 => {
                day.stub.lock().comes_in(&chat, &user, "one more thing");
                day.stub.lock().finish(*id);
            }
            7 => drop(day.stub.lock().comes_in(&chat, &user, "1 thanks")),
            _ => {}
        }
        let posted = day.posted();
        day.bring(posted).await;
    }
}

/// Clients answer; the first votes are accepted, but their responses are lost; the process is killed before they are retried.
async fn answers(day: &mut Day<Portal>, sessions: &[u64], questions: &Questions) {
    day.stub.play(Remote::Hang).await;
    for (number, id) in sessions.iter().enumerate() {
        let label = match number % KINDS {
            0 | 2 | 3 | 5 | 7 => "👍",
            1 | 11 => "👎",
            _ => continue,
        };
        let question = questions[&outside(day, *id)].last().unwrap();
        day.world.tap(question, label).await;
    }
    day.go_on(5).await;
    day.start();
    day.stub.play(Remote::Ok).await;
    day.stub.lock().spent = true;
    day.go_on(90).await;
}

/// Compares one conversation with the expected result.
async fn ended(day: &Day<Portal>, questions: &Questions, number: usize, id: u64) {
    let kind = number % KINDS;
    let asked = questions.get(&outside(day, id)).map_or(0, Vec::len);
    let outcomes = match kind {
        0 | 1 | 2 | 3 | 4 | 7 | 11 => "answered ",
        5 => "expired reopened, answered ",
        9 => "not_asked bot_close",
        10 => "not_asked spam",
        _ => "asked ",
    };
    assert_eq!(day.outcomes(&id.to_string()).await, outcomes, "conversation {number}");
    let times = match kind {
        9 | 10 => 0,
        5 => 2,
        _ => 1,
    };
    assert_eq!(asked, times, "conversation {number} was asked {asked} times");
    let inside = day.stub.lock();
    let session = &inside.sessions[&id];
    let (votes, rated) = match kind {
        0 | 2 | 3 | 5 => (vec!["1"], 5),
        1 | 11 => (vec!["0"], 1),
        // They voted there themselves: that vote stays, and is not repeated.
        7 => (Vec::new(), 5),
        // They answered after Bitrix24 stopped waiting.
        _ => (Vec::new(), 0),
    };
    let written: Vec<&str> = inside.written.iter().filter(|(landed, _)| *landed == id).map(|(_, text)| text.as_str()).collect();
    assert_eq!((written, session.rated), (votes.clone(), rated), "conversation {number}: one vote");
    assert!(session.closed.is_some(), "conversation {number} stays closed");
    let question = session.messages.iter().rfind(|message| message.asks).map(|message| message.id);
    let confirmed = question.is_some_and(|question| inside.delivered.contains(&question));
    assert_eq!(confirmed, rated != 0, "conversation {number}: a question that was answered is told as delivered");
    let head = format!("#{id}\n");
    let notices = inside.notices.values().filter(|notice| notice.text.starts_with(&head)).count();
    assert_eq!(notices, outcomes.matches("answered").count(), "conversation {number}: the operator is told once");
}

async fn a_day(url: String) {
    let mut day = begin(&url).await;
    let (sessions, late) = morning(&mut day).await;
    // Conversations whose opening was seen are asked about, because their question was lost. Each is read at the portal's rate limit.
    day.pass(5 * MINUTE).await;
    day.reconcile().await;
    day.go_on(120).await;
    let mut questions = Questions::new();
    day.keep_questions(&mut questions);
    meanwhile(&day, &sessions).await;
    day.go_on(120).await;
    day.keep_questions(&mut questions);
    answers(&mut day, &sessions, &questions).await;
    // Bitrix24 no longer waits; late events arrive, and the events lost entirely are in the list.
    day.stub.lock().full_closes();
    let posted = day.posted();
    day.bring([posted, late].concat()).await;
    day.go_on(60).await;
    day.pass(5 * MINUTE).await;
    day.reconcile().await;
    day.go_on(60).await;
    day.keep_questions(&mut questions);
    for (number, id) in sessions.iter().enumerate().filter(|(number, _)| number % KINDS == 4) {
        let question = questions[&outside(&day, *id)].last().unwrap_or_else(|| panic!("conversation {number} was asked"));
        day.world.tap(question, "👍").await;
    }
    day.go_on(60).await;
    let posted = day.posted();
    day.bring(posted).await;
    day.go_on(30).await;
    day.keep_questions(&mut questions);
    for (number, id) in sessions.iter().enumerate() {
        ended(&day, &questions, number, *id).await;
    }
    assert_eq!(day.stub.lock().sessions.len(), CHATS, "no vote began a conversation");
}
