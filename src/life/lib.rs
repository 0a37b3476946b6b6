//! The life of a rating, in rooms: ONE FILE PER STEP, named after it, so the file names in `src/life` outline what the
//! program does. `domain` and `store` have the same rooms, for rules and for tables.
//!
//! | room | steps |
//! |---|---|
//! | [`session`] | A session is opened, continued, reassigned, reopened and merged ([changed](session::change)), [claimed](session::claim) by a page, [closed](session::close), or [closed as idle](session::close_idle); an admin [tries out](session::try_out) a close; its history is [explained](session::explain) |
//! | [`question`] | A question's [route](question::routes), [call](question::send), [result](question::record_end) and later [delivery status](question::delivery_status); [another route](question) if the window was shut; withdrawn or [expired](question::expire); the client's [address changes](question::address_change) |
//! | [`asking`] | A question without a close: [by hand](asking::by_hand), [from a page](asking::from_page), [in an open chat](asking::while_talking) |
//! | [`message`] | Every message is [written](message::compose) when it is sent; a question is replaced by [thanks](message::settle) |
//! | [`answer`] | An answer is [accepted](answer::accept), judged and applied, also by [link](answer::by_link), and [edited](answer::edit) later; the [opt-out](answer::opt_out) |
//! | [`recipient`] | The [browsers](recipient::push) and [rooms](recipient::room) that are told |
//! | [`alert`] | An alert is [raised](alert::raise), its delivery [recorded](alert::record), [acknowledged](alert::acknowledge), [escalated](alert::escalate); a [test alert](alert::test_alert) |
//! | [`review`] | A rating is [viewed](review::view), assigned, replied to, resolved, objected to, judged and asked about again ([acts](review::act)), [overdue](review::overdue), [scored by a supervisor](review::supervisor_score), [shown in public](review::showcase) |
//! | [`desk`] | A desk's [events](desk::events), [reading a chat](desk::read_chat), [finding lost events](desk::reconcile), and [showing the rating](desk::write_back) |
//! | [`shared_account`] | Updates that are not ours are [stored](shared_account::forward_outbox) and [forwarded](shared_account::forward) to the desk behind a shared bot |
//! | [`connection`] | A connection is [created and changed](connection::keep), [paused](connection::suspend), [resumed](connection::resume), [deleted](connection::delete) and [monitored](connection::watch); its secrets are [renewed](connection::renew_secrets) and [resealed](connection::reseal) |
//! | [`report`] | Counters become figures; [operators](report::compare_operators) are compared, lines compared with their [targets](report::targets), counters [recounted](report::recount), shares [watched](report::watch), and [letters](report::letter) sent |
//! | [`access`] | [People](access::sign_in) and [programs](access::admit_program) are authenticated; [accounts](access::change_account) and [keys](access::change_key) are changed |
//! | [`admin`] | [Lines](admin::change_line) are changed and [dry-run](admin::dry_run), [stuck deliveries](admin::mend_delivery) handled |
//! | [`records`] | History is [imported](records::import_history), exports are [recorded](records::export_audit), one client's data is [found and erased](records::client_data), old data [deleted](records::retention); a copied database is [detected](records::detect_copy) and [released](records::release_quarantine) |
//!
//! Below the rooms lie the [`engine`] with the [channels](engine::channels) and desks of this node, and [`facts`] that several rooms need; no
//! room imports one that imports it, held by a test. [`events`] notifies programs and desks, [`engine::notifications`] live pages and metrics; [`session::web_chat`] is our own minimal chat.
//!
//! A step is one transaction or one call of a channel, never both; it receives `now` and accepts slices. A function that returns
//! `StoreError` fails with an error of the database; an `# Errors` section names only further errors.

pub mod access;
pub mod admin;
pub mod alert;
pub mod answer;
pub mod asking;
pub mod connection;
pub mod desk;
pub mod engine;
pub mod events;
pub mod facts;
pub mod message;
pub mod question;
pub mod recipient;
pub mod records;
pub mod report;
pub mod review;
pub mod session;
pub mod shared_account;

pub use crate::engine::notifications::Notification;
pub use engine::{Engine, Options};

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;
