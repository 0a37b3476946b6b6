//! The most important results of an X-ray, in a few lines for the screen.

use super::Made;
use lastword_xray::Figure;
use lastword_xray::rates::Bare;

/// The lines.
pub(super) fn lines(made: &Made) -> Vec<String> {
    let xray = &made.xray;
    let score = honest(xray.score.each_client_once.or(xray.score.all));
    let response = honest(xray.response.of_asked.or(xray.response.of_closed));
    let mut said = vec![
        format!("{} ({}): {} closed chats, {} ratings", made.name, xray.source.name(), xray.closed, xray.ratings),
        format!("score:         reported {}; the data say {score}", reported(xray.reported.score)),
        format!("response rate: reported {}; the data say {response}", reported(xray.reported.response)),
    ];
    let operators = &xray.operators;
    if operators.people > 1 {
        said.push(format!("operators:     {} of {} cannot be told apart from the others", operators.not_told_apart, operators.people));
    }
    let counted = [("without an operator", xray.credit.without_operator), ("closed too late to ask", xray.window.never_in_time)];
    for (what, figure) in counted {
        said.extend(figure.map(|figure| format!("{what}: {} of {}", figure.part.part, figure.part.of)));
    }
    said
}

fn reported(bare: Option<Bare>) -> String {
    bare.map_or_else(|| "not shown".to_owned(), |bare| format!("{:.1}% ({} of {})", bare.percent, bare.part, bare.of))
}

fn honest(figure: Option<Figure>) -> String {
    let Some(Figure { part, .. }) = figure else { return "cannot be told".to_owned() };
    let [percent, low, high] = [part.percent, part.low, part.high].map(Option::unwrap_or_default);
    format!("{percent:.1}%, between {low:.1} and {high:.1} ({} of {})", part.part, part.of)
}
