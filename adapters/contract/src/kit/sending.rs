//! Messages sent to the platform.

use super::cases::{
    MANY_SCRIPTS, choice, claimed_scales, ensure, ensure_tokens, longest_token, only_call, plain, question, question_with_longest_tokens,
    send, send_ok, usual,
};
use super::{CaseResult, Harness, Passed};
use crate::{ChoiceKind, CommentBox, Footer, Outgoing, PageLink, Purpose, Scale, Verdict};

/// One call of send is one message, and two are two.
pub async fn sends_once_per_call<H: Harness>(harness: &H) -> CaseResult {
    send_ok(harness, &usual(harness, "How was it?")).await?;
    only_call(harness).await?;
    send_ok(harness, &Outgoing { key: "dlv_kit_2".into(), ..usual(harness, "How was it?") }).await?;
    let calls = harness.calls().await.len();
    ensure(calls == 2, || format!("after two sends the stub has {calls} messages"))?;
    Ok(Passed::Held)
}

/// A text that is too long is cut at a character boundary, or refused before anything is sent; choices are never cut off.
pub async fn stays_within_its_text_limit<H: Harness>(harness: &H) -> CaseResult {
    let Some(limit) = harness.channel().capabilities().text_max else {
        return Ok(Passed::NotClaimed("no limit of text is stated"));
    };
    let mut long = MANY_SCRIPTS.to_owned();
    while limit.admits(&long) {
        long = long.repeat(2);
    }
    let outgoing = usual(harness, &long);
    match send(harness, &outgoing).await? {
        Ok(_) => {
            let call = only_call(harness).await?;
            ensure(limit.admits(&call.text), || format!("a text beyond {limit:?} reached the wire"))?;
            let beginning: String = long.chars().take(10).collect();
            ensure(call.text.contains(&beginning), || "the beginning of the text was lost when it was shortened".into())?;
            ensure(!call.text.contains('\u{fffd}'), || "the text was cut inside a character".into())?;
            ensure_tokens(&outgoing, &call)?;
        }
        Err(error) => {
            ensure(error.verdict == Verdict::Refused, || format!("too long a text has to be Refused, not {:?}", error.verdict))?;
            ensure(harness.calls().await.is_empty(), || "too long a text was refused, but only after it was sent".into())?;
        }
    }
    Ok(Passed::Held)
}

/// Text in any script arrives unchanged.
pub async fn keeps_non_ascii_text<H: Harness>(harness: &H) -> CaseResult {
    if harness.channel().capabilities().text_max.is_some_and(|limit| !limit.admits(MANY_SCRIPTS)) {
        return Ok(Passed::NotClaimed("the limit of text is too short for the sample"));
    }
    send_ok(harness, &usual(harness, MANY_SCRIPTS)).await?;
    let text = only_call(harness).await?.text;
    ensure(text.contains(MANY_SCRIPTS), || format!("the text arrived as {text:?} instead of {MANY_SCRIPTS:?}"))?;
    Ok(Passed::Held)
}

/// Choices of every claimed scale are sent, best first, with complete tokens, also of maximum length.
pub async fn shows_every_scale_it_claims<H: Harness>(harness: &H) -> CaseResult {
    let scales = claimed_scales(harness);
    if scales.is_empty() {
        return Ok(Passed::NotClaimed("no scale is claimed"));
    }
    for scale in scales {
        let before = harness.calls().await.len();
        let outgoing = question_with_longest_tokens(harness, scale);
        send_ok(harness, &outgoing).await?;
        let calls = harness.calls().await;
        ensure(calls.len() == before + 1, || format!("the {} question took {} messages", scale.as_str(), calls.len() - before))?;
        ensure_tokens(&outgoing, &calls[before])?;
    }
    Ok(Passed::Held)
}

/// The claimed number of choices fits one message, and is sufficient for the claimed scales.
pub async fn carries_as_many_choices_as_it_claims<H: Harness>(harness: &H) -> CaseResult {
    let max = harness.channel().capabilities().choices_max;
    for scale in claimed_scales(harness) {
        let needed = scale.scores().len();
        ensure(max >= needed, || format!("claims {}, which needs {needed} choices, but choices_max is {max}", scale.as_str()))?;
    }
    if max == 0 {
        return Ok(Passed::NotClaimed("no choices are claimed"));
    }
    let reason = |n| choice(harness, &format!("Reason {n}"), format!("f1_kit_{n}"), ChoiceKind::Reason);
    let choices = (0..max.min(100)).map(reason).collect();
    let outgoing = Outgoing { purpose: Purpose::Settle, choices, ..plain(harness, "What went wrong?") };
    send_ok(harness, &outgoing).await?;
    ensure_tokens(&outgoing, &only_call(harness).await?)?;
    Ok(Passed::Held)
}

/// Every choice of a question is sent as the complete link from the engine.
pub async fn shows_links_where_it_claims_them<H: Harness>(harness: &H) -> CaseResult {
    if !harness.channel().capabilities().links {
        return Ok(Passed::NotClaimed("links are not claimed"));
    }
    let outgoing = usual(harness, "How was it?");
    ensure(!outgoing.choices.is_empty(), || "claims links, but no scale that they could answer".into())?;
    send_ok(harness, &outgoing).await?;
    let raw = only_call(harness).await?.raw;
    match outgoing.choices.iter().filter_map(|choice| choice.link.as_ref()).find(|link| !raw.contains(link.as_str())) {
        None => Ok(Passed::Held),
        Some(link) => Err(format!("the link {link} is not on the wire, whole")),
    }
}

/// The footer of a question is sent: the sender, the reason, and the link to opt out.
pub async fn shows_who_asks_and_why_where_it_claims_to<H: Harness>(harness: &H) -> CaseResult {
    if !harness.channel().capabilities().footer {
        return Ok(Passed::NotClaimed("footers are not claimed"));
    }
    let stop = choice(harness, "Stop asking", "r1_kitSTOPkit_x".into(), ChoiceKind::OptOut);
    let (sender, why) = ("Kit House".to_owned(), "Because kits ask.".to_owned());
    let footer = Footer { about: "Your kit of 1 May".into(), sender, why, stop: Some(stop.clone()), ..Footer::default() };
    send_ok(harness, &Outgoing { footer: Some(footer), ..usual(harness, "How was it?") }).await?;
    let raw = only_call(harness).await?.raw;
    let expected = ["Kit House", "Because kits ask.", stop.link.as_deref().unwrap_or("Stop asking")];
    match expected.into_iter().find(|part| !raw.contains(part)) {
        None => Ok(Passed::Held),
        Some(part) => Err(format!("{part:?} of the footer is not on the wire")),
    }
}

/// Outside the window, scales claimed for it are asked once, in the form approved by the platform, with all tokens or the
/// form's own; any other scale is refused before anything is sent, because the window is shut.
pub async fn asks_outside_its_window<H: Harness>(harness: &H) -> CaseResult {
    let capabilities = harness.channel().capabilities();
    if capabilities.templates.is_empty() {
        return Ok(Passed::NotClaimed("nothing is claimed for the time outside the window"));
    }
    for scale in claimed_scales(harness) {
        let claimed = capabilities.templates.contains(&scale);
        let form = capabilities.native_form.contains(&scale).then(|| longest_token('f'));
        let before = harness.calls().await.len();
        let outgoing = Outgoing { outside_window: true, form: form.clone(), ..question_with_longest_tokens(harness, scale) };
        let sent = send(harness, &outgoing).await?;
        let calls = harness.calls().await.split_off(before);
        match (sent, calls.as_slice()) {
            (Ok(_), _) if !claimed => {
                return Err(format!("asks the {} question outside the window, and does not claim it", scale.as_str()));
            }
            (Ok(_), [call]) if form.as_ref().is_some_and(|form| call.tokens.contains(form)) => {}
            (Ok(_), [call]) => ensure_tokens(&outgoing, call)?,
            (Err(error), []) if error.verdict == Verdict::WindowShut && !claimed => {}
            (Err(error), _) => return Err(format!("outside the window the {} question ends as {error:?}", scale.as_str())),
            (Ok(_), calls) => return Err(format!("the {} question took {} messages", scale.as_str(), calls.len())),
        }
    }
    let shown = claimed_scales(harness);
    let unshown = capabilities.templates.iter().find(|scale| !shown.contains(scale));
    ensure(unshown.is_none(), || format!("claims templates for {unshown:?}, a scale that it does not show"))?;
    Ok(Passed::Held)
}

/// A native form carries its token, also of maximum length, on every scale for which it is claimed.
pub async fn shows_its_native_form<H: Harness>(harness: &H) -> CaseResult {
    let scales = harness.channel().capabilities().native_form;
    if scales.is_empty() {
        return Ok(Passed::NotClaimed("a native form is not claimed"));
    }
    for &scale in scales {
        let (before, form) = (harness.calls().await.len(), longest_token('f'));
        let outgoing = Outgoing { form: Some(form.clone()), ..question(harness, scale, "How was it?") };
        send_ok(harness, &outgoing).await?;
        let calls = harness.calls().await.split_off(before);
        let carried = matches!(calls.as_slice(), [call] if call.tokens.contains(&form));
        ensure(carried, || format!("the {} form's token {form} is not on the wire, once", scale.as_str()))?;
    }
    Ok(Passed::Held)
}

/// An edit replaces the message it names, and the message keeps its ID.
pub async fn edits_in_place<H: Harness>(harness: &H) -> CaseResult {
    if !harness.channel().capabilities().edits {
        return Ok(Passed::NotClaimed("edits are not claimed"));
    }
    let asked = send_ok(harness, &usual(harness, "How was it?")).await?.message_id;
    ensure(asked.is_some(), || "claims edits, but the receipt of the first message has no message_id".into())?;
    let thanks = Outgoing { purpose: Purpose::Settle, replaces: asked.clone(), key: "dlv_kit_2".into(), ..plain(harness, "Thank you!") };
    let receipt = send_ok(harness, &thanks).await?;
    let calls = harness.calls().await;
    let edit = calls.last().ok_or("the edit never reached the wire")?;
    ensure(edit.replaces == asked, || format!("the edit names the message {:?} instead of {asked:?}", edit.replaces))?;
    ensure(receipt.message_id == asked, || format!("after the edit the message has the id {:?} instead of {asked:?}", receipt.message_id))?;
    Ok(Passed::Held)
}

/// The key of a delivery reaches the platform unchanged, on every attempt, if sends are idempotent or proven later.
pub async fn carries_its_key<H: Harness>(harness: &H) -> CaseResult {
    let capabilities = harness.channel().capabilities();
    if !capabilities.idempotent_sends && !capabilities.proof_of_delivery {
        return Ok(Passed::NotClaimed("neither idempotent sends nor proof of delivery are claimed"));
    }
    let outgoing = usual(harness, "How was it?");
    for _ in 0..2 {
        send_ok(harness, &outgoing).await?;
    }
    let calls = harness.calls().await;
    // A platform of our own may have recognised the second one already.
    ensure(!calls.is_empty(), || "nothing reached the wire".into())?;
    match calls.iter().find(|call| call.key.as_deref() != Some(&outgoing.key)) {
        None => Ok(Passed::Held),
        Some(call) => Err(format!("the key on the wire is {:?} instead of {:?}", call.key, outgoing.key)),
    }
}

/// An alert arrives with its text and its acknowledge button.
pub async fn carries_alerts<H: Harness>(harness: &H) -> CaseResult {
    let capabilities = harness.channel().capabilities();
    if !capabilities.alerts {
        return Ok(Passed::NotClaimed("alerts are not claimed"));
    }
    let seen = choice(harness, "Seen", "k1_kit".into(), ChoiceKind::Acknowledge);
    let choices = if capabilities.choices_max > 0 { vec![seen] } else { Vec::new() };
    let outgoing = Outgoing { purpose: Purpose::Alert, choices, ..plain(harness, "Low rating 👎") };
    send_ok(harness, &outgoing).await?;
    let call = only_call(harness).await?;
    ensure(call.text.contains("Low rating 👎"), || format!("the alert arrived as {:?}", call.text))?;
    ensure_tokens(&outgoing, &call)?;
    Ok(Passed::Held)
}

/// An alert in parts arrives whole: its pages as they are, and last what the client wrote, cut where it is endless.
pub async fn carries_alerts_in_parts<H: Harness>(harness: &H) -> CaseResult {
    if !harness.channel().capabilities().parts {
        return Ok(Passed::NotClaimed("alerts in parts are not claimed"));
    }
    let page = PageLink { label: "Open".into(), url: "https://rate.example/r/k1_kitKITkit".into() };
    let alert =
        |quote: String| Outgoing { purpose: Purpose::Alert, quote: Some(quote), ..plain(harness, "Low rating 👎\nLine: Kit House") };
    send_ok(harness, &Outgoing { pages: vec![page.clone()], ..alert("Too slow".into()) }).await?;
    let call = only_call(harness).await?;
    let at = |part: &str| call.text.find(part).ok_or_else(|| format!("{part:?} is not in the alert, which arrived as {:?}", call.text));
    ensure(at("Low rating 👎")? < at("Kit House")? && at("Kit House")? < at("Too slow")?, || {
        format!("the quotation is not the last part of {:?}", call.text)
    })?;
    ensure(call.raw.contains(&page.url), || "the page is not on the wire, whole".into())?;
    send_ok(harness, &Outgoing { key: "dlv_kit_2".into(), ..alert("slow ".repeat(100_000)) }).await?;
    let calls = harness.calls().await;
    let long = calls.last().ok_or("the alert with a long quotation never reached the wire")?;
    ensure(long.text.contains("Low rating 👎"), || "a long quotation pushed the alert itself out".into())?;
    ensure(long.raw.len() < 64 * 1024, || format!("a quotation of 500 KB made a request of {} bytes", long.raw.len()))?;
    Ok(Passed::Held)
}

/// An event arrives with its name and its facts.
pub async fn carries_events<H: Harness>(harness: &H) -> CaseResult {
    if !harness.channel().capabilities().events {
        return Ok(Passed::NotClaimed("events are not claimed"));
    }
    let data = serde_json::json!({ "rating": { "id": "rtg_kit_canary", "score": 1 } });
    let outgoing = Outgoing { purpose: Purpose::Event("rating.created".into()), data, ..plain(harness, "") };
    send_ok(harness, &outgoing).await?;
    let raw = only_call(harness).await?.raw;
    for word in ["rating.created", "rtg_kit_canary"] {
        ensure(raw.contains(word), || format!("{word:?} is not in the event on the wire"))?;
    }
    Ok(Passed::Held)
}

/// A plain text needs nothing that is not claimed, and a message that needs more is simplified or refused.
pub async fn does_without_what_it_does_not_claim<H: Harness>(harness: &H) -> CaseResult {
    send_ok(harness, &plain(harness, "Hello.")).await?;
    ensure(only_call(harness).await?.text.contains("Hello."), || "a plain text did not arrive".into())?;

    let capabilities = harness.channel().capabilities();
    let comment = CommentBox { label: "Tell us more".into(), token: "c1_kit".into(), max_chars: 500 };
    let mut demanding = question(harness, Scale::FiveStar, "How was it?");
    demanding.comment = (!capabilities.comment_box).then_some(comment);
    demanding.replaces = (!capabilities.edits).then(|| "no-such-message".into());
    if let Err(error) = send(harness, &demanding).await? {
        ensure(error.verdict == Verdict::Refused, || format!("a form it cannot show has to be Refused, not {:?}", error.verdict))?;
    }
    let calls = harness.calls().await.len();
    ensure(calls <= 2, || format!("one demanding message became {}", calls - 1))?;
    Ok(Passed::Held)
}

/// A limit for groups requires groups, and does not slow down clients.
pub async fn tells_groups_from_clients<H: Harness>(harness: &H) -> CaseResult {
    let channel = harness.channel();
    ensure(!channel.is_group(&harness.client()), || "the client's own chat is taken for a group".into())?;
    let rate = channel.capabilities().rate;
    if rate.per_group_ms == 0 {
        return Ok(Passed::NotClaimed("no limit for groups is stated"));
    }
    let group = harness.group().ok_or("per_group_ms is set: the harness has to name a group, with Harness::group")?;
    ensure(channel.is_group(&group), || "a group of the platform is not taken for one".into())?;
    ensure(rate.between(true) >= rate.between(false), || "groups may not be written to more often than single people".into())?;
    Ok(Passed::Held)
}
