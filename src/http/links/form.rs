//! Parses the form of a page. The input is untrusted.

use super::Refused;
use lastword_domain::answer::COMMENT_CHARS_MAX;
use lastword_domain::answer::opt_out::Wish;
use lastword_domain::line::texts::words;
use lastword_life::answer::by_link::FormInput;
use lastword_life::answer::open_link::Question;

/// Maximum number of fields; no form of ours has more.
const FIELDS_MAX: usize = 64;

/// A parsed form.
#[derive(Clone, Debug, Default)]
pub(super) struct Form {
    pub(super) nonce: String,
    pub(super) score: Option<u8>,
    pub(super) reasons: Vec<u8>,
    pub(super) resolved: Option<bool>,
    pub(super) comment: String,
    /// The wish not to be asked any more, or to be asked again.
    pub(super) wish: Option<Wish>,
    /// True if the box that is visible only without the style sheet is ticked.
    pub(super) person: bool,
    /// True for a one-click unsubscribe by a mail program.
    pub(super) one_click: bool,
    /// Reason why it was not accepted, when its page is shown again.
    pub(super) refused: Option<Refused>,
}

impl Form {
    /// Parses `application/x-www-form-urlencoded`; unknown fields are ignored.
    pub(super) fn read(body: &[u8]) -> Self {
        let mut form = Self { one_click: one_click(body), ..Self::default() };
        for (name, value) in url::form_urlencoded::parse(body).take(FIELDS_MAX) {
            match &*name {
                "nonce" => form.nonce = value.into_owned(),
                "score" => form.score = value.parse().ok(),
                "reason" => form.reasons.extend(value.parse::<u8>()),
                "resolved" => form.resolved = Some(value == "yes").filter(|_| matches!(&*value, "yes" | "no")),
                "wish" if &*value == "stop" => form.wish = Some(Wish::Stop),
                "wish" if &*value == "start" => form.wish = Some(Wish::Start),
                "person" => form.person = value == "yes",
                "comment" => form.comment = value.chars().take(COMMENT_CHARS_MAX).collect(),
                _ => {}
            }
        }
        form
    }

    /// The answers to `question` in this form.
    pub(super) fn said(&self, question: &Question) -> Vec<FormInput> {
        let scale = question.request.scale;
        let reasons = words(&question.line.settings, question.request.language.as_deref()).reasons.len();
        let mut said: Vec<FormInput> = self.score.filter(|score| scale.admits(*score)).map(FormInput::Score).into_iter().collect();
        // A token has one digit for the index of a reason.
        let mut places: Vec<u8> = self.reasons.iter().copied().filter(|&place| usize::from(place) < reasons && place <= 9).collect();
        places.sort_unstable();
        places.dedup();
        said.extend(places.into_iter().map(FormInput::Reason));
        said.extend(self.resolved.map(FormInput::Resolved));
        said.extend(self.wish.map(FormInput::Wish));
        if !self.comment.trim().is_empty() {
            said.push(FormInput::Comment(self.comment.clone()));
        }
        said
    }
}

/// True if the body contains `List-Unsubscribe=One-Click`, in either encoding that RFC 8058 allows. Only links that mean
/// "do not ask me again" use it.
fn one_click(body: &[u8]) -> bool {
    let body = String::from_utf8_lossy(body);
    let part = body.split_once("name=\"List-Unsubscribe\"").is_some_and(|(_, rest)| rest.trim_start().starts_with("One-Click"));
    part || url::form_urlencoded::parse(body.as_bytes()).any(|(name, value)| name == "List-Unsubscribe" && value == "One-Click")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fields_of_ours_are_read_and_others_passed_over() {
        let form = Form::read("nonce=n&score=4&reason=0&reason=2&resolved=no&comment=zu+langsam+%F0%9F%91%8E&admin=1".as_bytes());
        assert_eq!((&*form.nonce, form.score, &form.reasons[..], form.resolved), ("n", Some(4), &[0, 2][..], Some(false)));
        assert_eq!(form.comment, "zu langsam 👎");
        let odd = Form::read(b"score=-1&reason=999&resolved=perhaps&nonce");
        assert_eq!((odd.score, odd.reasons.len(), odd.resolved), (None, 0, None));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(body in proptest::collection::vec(any::<u8>(), 0..400)) {
            let form = Form::read(&body);
            prop_assert!(form.reasons.len() <= FIELDS_MAX && form.comment.chars().count() <= COMMENT_CHARS_MAX);
        }
    }
}
