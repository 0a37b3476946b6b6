//! The life of a rating: ONE FILE PER STEP, named for it. Who reads only the names in `src/life` has read what the
//! program does.
//!
//! | step | file |
//! |---|---|
//! | a session begins, is reopened, gets another operator, is merged | [`open_session`], [`reopen_session`], [`reassign_session`], [`merge_session`] |
//! | somebody wrote in it | [`note_message`] |
//! | a page beside another desk's chat says which session it shows | [`claim_session`] |
//! | a session closes: ask or not, and why | [`close_session`], its facts frozen in `close_facts`; closed already: `close_again` |
//! | a message is written and sent | [`compose_message`], alerts in `compose_alert`, macros in [`fill_macros`]; [`dispatch`] |
//! | what became of it | [`record_end`], [`hear_platform`]; where the window was shut: `try_another_way` |
//! | the client answers | [`accept_answer`], judged in `judge_answer`, a typed one in `take_text`; what nobody can read: [`keep_unreadable`]; what a desk told in vain: [`keep_refused`] |
//! | the client wrote, so the window is open | `move_window` |
//! | the answer takes effect | `take_effect` |
//! | the client opens a link and answers on its page | [`open_link`], [`answer_by_link`]; signs of programs: `notice_scanner` |
//! | the client does not want to be asked any more, or wants to again | [`opt_out`] |
//! | the client has another address | [`follow_move`] |
//! | the question gives way to thanks | [`settle_question`] |
//! | a low rating is told | [`raise_alert`], [`acknowledge_alert`], [`escalate_alert`]; [`test_alert`] tries the way |
//! | whether it was: on to the next who can be told, where not | [`record_alert`] |
//! | the client adds to a low rating, so its alerts say more | `update_alert` |
//! | programs are told | [`emit_event`] |
//! | the time is over, or the client wrote about something else | [`expire_request`], `withdraw_question` |
//! | the whole story, for people | [`explain_session`] |
//! | a desk tells what happened to its chats | [`hear_desk`]; what it told is read again in [`read_chat`], what was lost is found in [`reconcile_desk`]; a typed answer that opens a chat: `answer_echo` |
//! | operators see the rating at the end of the chat | [`write_back`] |
//! | what would have been asked, and what it would look like | [`plan_line`], [`preview_message`] |
//! | a database that came from a copy sends nothing, until a person releases it | [`detect_copy`], [`release_quarantine`] |
//! | a person mends what is stuck | [`mend_delivery`], [`resume_connection`], [`change_line`]; [`delete_line`], [`delete_recipient`] |
//! | the counters behind reports are added up, and held against the rows | [`recount`] |
//! | the words of older comments are read, for searching | [`read_comments`] |
//! | past closes and ratings come in from a file | [`import_history`] |
//! | personal data is removed when its time is over; a client is shown all that is held, or erased | [`remove_personal_data`], [`client_data`] |
//! | a supervisor scores a conversation too | [`score_session`] |
//! | how all that stands, for people and programs | [`look_at_review`] |
//! | a rating is worked off: given to somebody, replied to, marked as resolved | [`assign_review`], [`write_reply`], [`settle_review`]; [`change_template`] |
//! | the client of a low rating is asked once more | [`ask_once_more`] |
//! | the client is asked while the session is open | [`ask_while_talking`] |
//! | nobody writes any more, so the session is closed | [`close_idle`] |
//! | a person has the client asked about a close that nobody was asked about | [`ask_by_hand`] |
//! | the client edits a rating later, and what was held counts | [`edit_rating`], [`release_edit`] |
//! | a rating is flagged or appealed against, and an admin judges | [`raise_objection`], [`judge_objection`] |
//! | a line shows its ratings in public | [`show_case`] |
//! | counters become figures, operators are compared, lines held against their targets | [`report`], [`compare_operators`], [`targets`] |
//! | somebody takes a list or a report as a file | [`note_export`] |
//! | a program shows its key | [`admit_program`] |
//! | what is not ours goes on to the desk behind a shared bot | [`keep_for_desk`], [`pass_on`] |
//! | a person signs in, and shows it | [`sign_in`], [`admit_person`]; [`change_account`] says who they are |
//!
//! A step is one transaction or one call of a channel, never both; it gets `now` and takes slices.

pub mod accept_answer;
pub mod acknowledge_alert;
pub mod admit_person;
pub mod admit_program;
pub mod answer_by_link;
mod answer_echo;
pub mod ask_by_hand;
pub mod ask_from_page;
pub mod ask_once_more;
pub mod ask_while_talking;
pub mod assign_review;
pub mod change_account;
pub mod change_key;
pub mod change_line;
pub mod change_template;
pub mod channels;
pub mod claim_session;
pub mod client_data;
mod close_again;
mod close_facts;
pub mod close_idle;
mod close_known;
pub mod close_session;
pub mod compare_operators;
mod compose_alert;
pub mod compose_message;
pub mod delete_line;
pub mod delete_recipient;
pub mod desks;
pub mod detect_copy;
pub mod dispatch;
pub mod edit_rating;
pub mod emit_event;
pub mod engine;
pub mod escalate_alert;
pub mod expire_request;
pub mod explain_session;
pub mod fill_macros;
pub mod follow_move;
pub mod hear_desk;
pub mod hear_platform;
pub mod hearing;
mod hold_answer;
pub mod import_history;
mod judge_answer;
pub mod judge_objection;
pub mod keep_for_desk;
pub mod keep_refused;
pub mod keep_unreadable;
mod kept_facts;
pub mod lines;
pub mod look_at_review;
pub mod mend_delivery;
pub mod merge_session;
mod move_window;
pub mod news;
pub mod note_export;
pub mod note_message;
mod notice_scanner;
pub mod open_link;
pub mod open_session;
pub mod opt_out;
pub mod pass_on;
pub mod passwords;
mod person_budget;
pub mod plan_line;
pub mod preview_message;
pub mod raise_alert;
pub mod raise_objection;
pub mod read_chat;
pub mod read_comments;
pub mod reassign_session;
pub mod reconcile_desk;
pub mod record_alert;
pub mod record_end;
pub mod recount;
pub mod release_edit;
pub mod release_quarantine;
pub mod remove_personal_data;
pub mod renew_secrets;
pub mod reopen_session;
pub mod report;
pub mod resume_connection;
pub mod review;
pub mod score_session;
pub mod session_event;
pub mod settle_question;
pub mod settle_review;
pub mod show_case;
pub mod sign_in;
mod take_effect;
mod take_text;
pub mod targets;
pub mod test_alert;
mod try_another_way;
mod update_alert;
pub mod watch_connections;
pub mod ways;
pub mod web_chat;
mod withdraw_question;
pub mod write_back;
pub mod write_reply;

pub use engine::{Engine, Options};
pub use news::News;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;
