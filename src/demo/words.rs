//! Made-up texts of the demo: of clients in chats and after low scores, of operators, and of supervisors.

/// Comments after a low score, each with its reason.
const COMMENTS: &[(&str, &str)] = &[
    ("slow", "I waited 40 minutes for the first answer."),
    ("slow", "Too slow. I had to explain everything twice while waiting."),
    ("slow", "By the time somebody answered I had found it out myself."),
    ("slow", "Twenty minutes of waiting for a question that took one."),
    ("slow", "You used to answer at once. This week it is a waiting room."),
    ("slow", "My lunch break is over and I still have no answer."),
    ("slow", "Answer after an hour, then one sentence, then silence again."),
    ("slow", "I was number 14 in the queue. Fourteen!"),
    ("slow", "Please just say how long it takes, then I can do something else."),
    ("slow", "I closed the window, came back in the evening, and it was the same queue."),
    ("slow", "The first reply took longer than the delivery."),
    ("slow", "It works in the end, but the waiting is not funny any more."),
    ("slow", "Half an hour for \"please restart it\"."),
    ("slow", "Nobody there between twelve and two, it seems."),
    ("unresolved", "My refund is still not there."),
    ("unresolved", "The parcel is still lost and nobody knows where it is."),
    ("unresolved", "You closed the chat before my problem was solved."),
    ("unresolved", "I was told to call another number, which does not answer."),
    ("unresolved", "Third contact about the same order. Third promise."),
    ("unresolved", "The replacement has the same fault as the first one."),
    ("unresolved", "I still cannot log in, and the chat is closed."),
    ("unresolved", "You sent me a link to the page I had come from."),
    ("unresolved", "The voucher still shows as used."),
    ("unresolved", "My address is wrong again, although you changed it twice."),
    ("unfriendly", "I felt like a nuisance."),
    ("unfriendly", "A little more patience would have been nice."),
    ("unfriendly", "No hello, no goodbye, just a link."),
    ("unfriendly", "I was told that it is all in the manual. Thanks a lot."),
    ("unfriendly", "Being called \"customer\" in every sentence is not polite."),
    ("unfriendly", "You could have said sorry. Once."),
    ("unclear", "I did not understand what I was supposed to do."),
    ("unclear", "Lots of words, but no clear answer."),
    ("unclear", "Two people told me two different things about my invoice."),
    ("unclear", "What is a pro rata advance? I only want to know what to pay."),
    ("unclear", "The steps do not match what I see on my screen."),
    ("unclear", "So is it covered by the warranty or not?"),
    ("unclear", "I got three links and no answer."),
    ("unclear", "Is the price with or without tax? I asked twice."),
    ("price", "Twice as expensive as last year, and nobody could say why."),
    ("price", "The price on the page was a different one."),
    ("price", "The discount code from your own mail does not work."),
    ("price", "Shipping costs more than the cable."),
    ("price", "The same lamp is 15 cheaper elsewhere."),
    ("price", "I would have bought two, but not at that price."),
    ("price", "A set-up fee that appears only at the very end."),
    ("price", "No discount for somebody who has ordered here for eight years?"),
];

/// Comments after a high score.
const PRAISE: &[&str] = &[
    "Quick, friendly and to the point.",
    "Solved at the first try. Thank you!",
    "That was the best chat I have had with a shop.",
    "Very patient with me, and I ask a lot.",
    "Finally somebody who reads what I write.",
    "The parcel was found the same day.",
    "Great. And the tip about the cable saved me money.",
    "Thank you, the refund has arrived.",
    "She even called me back to make sure.",
    "Clear steps, worked at the first try.",
    "Kind and competent. More of that.",
    "I did not expect an answer at eleven at night!",
    "You let me swap the size without any fuss.",
    "Honest advice: I bought the cheaper one.",
    "My father understood every word. Thank you.",
    "He stayed with me until it worked.",
    "All good, as always.",
    "Fast answer, no copy and paste. I like that.",
    "A real person at last, and a nice one.",
    "You admitted the mistake and fixed it. Respect.",
    "Perfect, and with a sense of humour.",
    "The invoice is right now. Thanks for checking twice.",
];

/// Conversations by the cause of the dissatisfaction: the client's messages and the operator's replies.
const TALKS: &[(&str, [&str; 4])] = &[
    (
        "slow",
        [
            "Hello? Is anybody there?",
            "Sorry to keep you waiting, it is very busy today. How can I help?",
            "I only want to change my delivery address.",
            "Done. Anything else?",
        ],
    ),
    (
        "slow",
        [
            "Can I still swap the size of my order?",
            "Hi, thank you for waiting. Which order is it?",
            "4711. I wrote that half an hour ago.",
            "I have changed it for you.",
        ],
    ),
    (
        "unresolved",
        [
            "My parcel should have been here on Monday.",
            "I can see that it left our warehouse.",
            "And where is it now?",
            "I am afraid I cannot see more than that.",
        ],
    ),
    (
        "unresolved",
        [
            "I sent the shoes back three weeks ago. Where is my refund?",
            "It can take up to 14 working days.",
            "Those are over.",
            "Please give it a few more days.",
        ],
    ),
    (
        "unfriendly",
        [
            "I have the same problem as yesterday.",
            "Did you try what we told you yesterday?",
            "Yes, of course.",
            "Then I can only tell you the same again.",
        ],
    ),
    (
        "unclear",
        [
            "Why are there two amounts on my invoice?",
            "One is the pro rata share, the other is the advance.",
            "So what do I have to pay?",
            "Both, less the credit note.",
        ],
    ),
    (
        "unclear",
        [
            "How do I cancel the subscription?",
            "In your account, under contract, then options, then manage.",
            "There is no such menu.",
            "It depends on your plan.",
        ],
    ),
    (
        "price",
        [
            "The page said 39, now it says 52.",
            "The page shows the price without the set-up fee.",
            "Why does it not say so?",
            "I will pass that on.",
        ],
    ),
    ("price", ["Is there a discount if I order two?", "Not at the moment, sorry.", "There was one last month.", "That offer has ended."]),
];

/// Supervisors' replies, by the cause of the dissatisfaction.
const REPLIES: &[(&str, &str)] = &[
    ("slow", "You are right, that took far too long. We have put two more people on the chat this week."),
    ("slow", "I am sorry that we kept you waiting. It was unusually busy, which is no excuse: we are changing the shifts."),
    ("slow", "Thank you for saying so openly. From Monday on we show the waiting time, so that you need not sit and wait."),
    ("slow", "An hour is not what we promise. I have looked at your case, and it is done: the new address is on the label."),
    ("unresolved", "Thank you for telling us. I have looked at it myself: it is on its way, and I will write to you on Thursday."),
    ("unresolved", "I am sorry that we left you alone with this. Your refund was booked this morning."),
    ("unresolved", "I have opened it again and it stays with me until it is solved. My direct number is in the mail I just sent you."),
    ("unresolved", "The second parcel left today with a tracking number. The first one is not your loss: keep it if it turns up."),
    ("unfriendly", "I have read the chat, and you are right. I apologise, and I would like to make up for it with your next order."),
    ("unfriendly", "This is not how we want to talk to you. I am sorry, and I have spoken with my colleague."),
    ("unclear", "I am sorry for the confusion. In one sentence: you have to pay 24.90, and nothing else."),
    ("unclear", "Short answer: yes, it is covered. You only need the order number, and we collect it for free."),
    ("price", "The code works again, and I have taken the discount off your last order by hand."),
    ("price", "You are right, the page did not show the fee. It does now, and you pay the price that you saw."),
];

/// Notes on low ratings that were handled in another way.
const NOTES: &[&str] = &[
    "Called the client: all is well again.",
    "Refund booked.",
    "Spoke with the operator, see the shift plan.",
    "Second parcel sent, client informed by phone.",
    "Not our mistake: the courier has apologised to the client.",
    "Page corrected, the fee is shown now.",
    "Voucher for the next order sent by mail.",
];
/// Supervisors' notes on their scores.
pub(super) const SCORE_NOTES: &[&str] = &[
    "Calm and clear, good closing question.",
    "Right answer, but it could have come sooner.",
    "Should have offered a call back.",
    "Textbook: listened, repeated, solved.",
];
/// Reason of an appeal.
pub(super) const APPEAL: &str = "The client wrote to us afterwards that the thumb was meant for the courier, not for us.";

const FIRST: &[&str] = &[
    "Olivia", "Mateo", "Aisha", "Jonas", "Priya", "Lucas", "Sofia", "Yusuf", "Hanna", "Diego", "Mei", "Noah", "Elif", "Ivan", "Clara",
    "Samuel", "Leila", "Oscar", "Nina", "Tariq", "Julia", "Pedro", "Amara", "Felix",
];
const LAST: &[&str] = &[
    "Martins", "Novak", "Khan", "Berg", "Silva", "Okafor", "Rossi", "Schmidt", "Dubois", "Kaya", "Ivanova", "Tanaka", "Nguyen", "Lopez",
    "Larsen", "Costa", "Haas", "Murphy", "Popescu", "Sato", "Moreau", "Wagner", "Farkas",
];

/// Name of a client; the same number always has the same name.
pub(super) fn client_name(number: u64) -> String {
    let place = |of: &'static [&'static str], number: u64| of[usize::try_from(number).unwrap_or(0) % of.len()];
    format!("{} {}", place(FIRST, number), place(LAST, number / 7))
}

/// An item of `from`, chosen by a random number from 0 to 1.
pub(super) fn one_of<T>(from: &[T], chance: f64) -> &T {
    &from[((chance * from.len() as f64) as usize).min(from.len() - 1)]
}

fn about<T: Copy>(from: &[(&str, T)], reason: &str, chance: f64) -> T {
    let fitting: Vec<T> = from.iter().filter(|(of, _)| *of == reason).map(|(_, words)| *words).collect();
    if fitting.is_empty() { from[0].1 } else { *one_of(&fitting, chance) }
}

/// A comment of a client with this cause.
pub(super) fn comment(reason: &str, chance: f64) -> &'static str {
    about(COMMENTS, reason, chance)
}

/// A comment of a satisfied client.
pub(super) fn praise(chance: f64) -> &'static str {
    one_of::<&str>(PRAISE, chance)
}

/// The conversation before a rating: messages of the client and the operator in turn.
pub(super) fn talk(reason: &str, chance: f64) -> [&'static str; 4] {
    about(TALKS, reason, chance)
}

/// A supervisor's reply.
pub(super) fn reply(reason: &str, chance: f64) -> &'static str {
    about(REPLIES, reason, chance)
}

/// A supervisor's note on a rating that was handled in another way.
pub(super) fn note(chance: f64) -> &'static str {
    one_of::<&str>(NOTES, chance)
}
