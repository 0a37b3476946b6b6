//! Asks clients by hand, from the command line. The running server sends the question.

use super::{Failure, Shell};
use crate::domain::access::audit::By;
use crate::life::asking::by_hand::{AskedByHand, ask_by_hand};
use crate::life::asking::while_talking::{AskedTalking, ask_while_talking};
use crate::names::RequestId;
use crate::time::Millis;

impl Shell {
    /// Asks the client about a closed chat that was not asked about. Returns the time at which the question is sent.
    ///
    /// # Errors
    /// If the rating request does not exist, or its client is not asked, with the reason.
    pub async fn ask(&self, rating_request: &str, why: &str) -> Result<Millis, Failure> {
        let unknown = || {
            Failure::Failed(format!("there is no rating request \"{rating_request}\"; lastword explain SESSION shows those of a session"))
        };
        let request: RequestId = rating_request.parse().map_err(|_| unknown())?;
        match ask_by_hand(&self.node().await?.engine, &By::command(), request, why, self.now()).await? {
            AskedByHand::Asked(request) => Ok(request.due_at.unwrap_or_else(|| self.now())),
            AskedByHand::Not(reason) => Err(Failure::Failed(format!("the client cannot be asked: {}", reason.as_str().replace('_', " ")))),
            AskedByHand::Unknown => Err(unknown()),
        }
    }

    /// Asks the client of an open session. Returns the time at which the question is sent.
    ///
    /// # Errors
    /// If there is no such session, or several, or its client is not asked, with the reason.
    pub async fn ask_while_talking(&self, session: &str, source: Option<&str>) -> Result<Millis, Failure> {
        let mut stories = self.explain(session, source).await?;
        let (Some(story), true) = (stories.pop(), stories.is_empty()) else {
            return Err(Failure::Usage(format!("several sources report a session \"{session}\"; name one with --source")));
        };
        let engine = self.node().await?.engine;
        match ask_while_talking(&engine, &By::command(), &story.source, &session.into(), self.now()).await? {
            AskedTalking::Asked(request) => Ok(request.due_at.unwrap_or_else(|| self.now())),
            AskedTalking::Not(reason) => Err(Failure::Failed(format!("the client cannot be asked: {}", reason.as_str().replace('_', " ")))),
            AskedTalking::Unknown => Err(Failure::Failed(format!("there is no session \"{session}\""))),
        }
    }
}
