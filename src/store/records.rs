//! Received and stored data: the inbox, imports, personal data; and the state of the database itself.

pub mod ahead;
pub mod aside;
pub mod client_data;
pub mod event_name;
pub mod import_run;
pub mod inspect;
pub mod installation;
pub mod line_deletion;
pub mod moving;
pub mod organisation;
pub mod personal;
pub mod refused_call;
pub mod restored;
pub mod retention;
pub mod server;
pub mod technical;
