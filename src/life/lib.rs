//! The life of a rating, in rooms: ONE FILE PER STEP, named for it. Who reads only the names in `src/life` has read what the
//! program does. `domain` and `store` have the same rooms: rules there, tables here below.
//!
//! | room | what happens there |
//! |---|---|
//! | [`session`] | it [opens](session::open), is [claimed](session::claim) by a page, [written in](session::message), [reassigned](session::reassign), [merged](session::merge), [reopened](session::reopen); it [closes](session::close), or is [closed as idle](session::close_idle); an admin [tries it out](session::try_out); [its whole story](session::explain), for people |
//! | [`question`] | [which way](question::routes) it goes, [its message](question::compose), [the call](question::send), [its end](question::record_end), what [the platform says later](question::delivery_status); [another way](question) where the window was shut; it gives way [to thanks](question::settle), or [expires](question::expire); somebody has it asked [by hand](question::ask_by_hand), [from a page](question::ask_from_page), [in an open chat](question::ask_while_talking); the client's [address changes](question::address_change) |
//! | [`answer`] | it is [accepted](answer::accept), judged, and takes effect; by [link](answer::by_link) too, and [edited](answer::edit) later; the wish [not to be asked](answer::opt_out) |
//! | [`alert`] | a low rating is [raised](alert::raise), [acknowledged](alert::acknowledge), [escalated](alert::escalate), and [whether it was told](alert::record); [a test](alert::test_alert) of the way |
//! | [`review`] | a rating is [viewed](review::view), [assigned](review::assign), [replied to](review::reply), [resolved](review::resolve), [overdue](review::overdue), [objected to](review::object) and [judged](review::judge_objection), [scored by a supervisor](review::supervisor_score), [asked about again](review::ask_again), [shown in public](review::showcase) |
//! | [`desk`] | what [it tells](desk::events), what [it says when read](desk::read_chat), what [was lost](desk::reconcile), and [the rating, shown there](desk::write_back) |
//! | [`shared_account`] | what is not ours is [kept](shared_account::forward_outbox) and [forwarded](shared_account::forward) to the desk behind a shared bot |
//! | [`connection`] | [the channels](connection::channels) of this node, [made and changed](connection::keep), [paused](connection::suspend), [deleted](connection::delete), [watched](connection::watch), [renewed](connection::renew_secrets), [sealed anew](connection::reseal), [resumed](connection::resume) |
//! | [`report`] | counters become figures, [operators are compared](report::compare_operators), lines held against [targets](report::targets), counters [against the rows](report::recount), shares are [watched](report::watch), and [letters](report::letter) are sent |
//! | [`access`] | [people](access::sign_in) and [programs](access::admit_program) are let in; [accounts](access::change_account) and [keys](access::change_key) |
//! | [`admin`] | [lines](admin::change_line) are changed and [tried out](admin::dry_run), [deliveries mended](admin::mend_delivery) |
//! | [`records`] | the past is [imported](records::import_history), what leaves [is noted](records::export_audit), one client's data [found and erased](records::client_data), all of it [removed in time](records::retention); a copy [is detected](records::detect_copy) and [released](records::release_quarantine) |
//!
//! Programs and desks are told in [`events`], those who watch in [`notifications`]; [`web_chat`] is our own minimal chat.
//!
//! A step is one transaction or one call of a channel, never both; it gets `now` and takes slices.

pub mod access;
pub mod admin;
pub mod alert;
pub mod answer;
pub mod connection;
pub mod desk;
pub mod engine;
pub mod events;
pub mod notifications;
pub mod question;
pub mod records;
pub mod report;
pub mod review;
pub mod session;
pub mod shared_account;
pub(crate) mod stop;
pub mod web_chat;

pub use self::notifications::Notification;
pub use engine::{Engine, Options};

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;
