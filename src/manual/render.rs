//! Markdown to HTML: links lead to pages of the manual, headings have anchors as on GitHub, pictures are replaced by their words.

use crate::documents::DOCUMENTS;
use crate::{Page, name_of, resolved};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};
use std::collections::BTreeMap;

/// The page of a document.
pub(crate) fn page(path: &str, text: &str, base: &str) -> Page {
    let events: Vec<Event<'_>> = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS).collect();
    let mut headings = headings(&events).into_iter();
    let (mut title, mut out, mut linked) = (String::new(), Vec::with_capacity(events.len()), Vec::new());
    for event in events {
        match event {
            Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
                let (words, anchor) = headings.next().unwrap_or_default();
                if title.is_empty() {
                    title = words;
                }
                out.push(Event::Start(Tag::Heading { level, id: Some(CowStr::from(anchor)), classes, attrs }));
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let target = target(path, &dest_url, base);
                linked.push(target.is_some());
                if let Some(target) = target {
                    out.push(Event::Start(Tag::Link { link_type, dest_url: CowStr::from(target), title, id }));
                }
            }
            Event::End(TagEnd::Link) => {
                if linked.pop() == Some(true) {
                    out.push(Event::End(TagEnd::Link));
                }
            }
            // A wide table scrolls by itself, also by keyboard.
            Event::Start(Tag::Table(columns)) => {
                out.push(Event::Html(CowStr::from("<div class=\"wide\" tabindex=\"0\">")));
                out.push(Event::Start(Tag::Table(columns)));
            }
            Event::End(TagEnd::Table) => {
                out.push(Event::End(TagEnd::Table));
                out.push(Event::Html(CowStr::from("</div>")));
            }
            Event::TaskListMarker(true) => out.push(Event::Text(CowStr::from("✓ "))),
            Event::TaskListMarker(false) => out.push(Event::Text(CowStr::from("✗ "))),
            // Comments, and pictures, whose words stay.
            Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            event => out.push(event),
        }
    }
    let mut html = String::with_capacity(text.len() * 2);
    html::push_html(&mut html, out.into_iter());
    Page { title, html }
}

/// The text and the anchor of each heading: lower-case letters, digits, hyphens and underscores, numbered where several are equal.
fn headings(events: &[Event<'_>]) -> Vec<(String, String)> {
    let (mut found, mut words, mut seen) = (Vec::new(), None::<String>, BTreeMap::new());
    for event in events {
        match (event, &mut words) {
            (Event::Start(Tag::Heading { .. }), _) => words = Some(String::new()),
            (Event::Text(text) | Event::Code(text), Some(words)) => words.push_str(text),
            (Event::End(TagEnd::Heading(_)), _) => {
                let words = words.take().unwrap_or_default();
                let letter = |letter: char| match letter {
                    ' ' => Some('-'),
                    '-' | '_' => Some(letter),
                    letter => letter.is_alphanumeric().then_some(letter),
                };
                let anchor: String = words.to_lowercase().chars().filter_map(letter).collect();
                let number = seen.entry(anchor.clone()).and_modify(|number| *number += 1).or_insert(0);
                let anchor = if *number == 0 { anchor } else { format!("{anchor}-{number}") };
                found.push((words, anchor));
            }
            _ => {}
        }
    }
    found
}

/// Where a link of a document leads; `None` if that is in no page of the manual.
fn target(path: &str, link: &str, base: &str) -> Option<String> {
    if link.starts_with('#') || link.contains("://") || link.starts_with("mailto:") {
        return Some(link.to_owned());
    }
    let (file, anchor) = link.split_once('#').map_or((link, String::new()), |(file, anchor)| (file, format!("#{anchor}")));
    let file = resolved(path, file);
    let known = |known: &&(&str, &str)| known.0 == file || known.0.strip_suffix("/README.md") == Some(file.as_str());
    DOCUMENTS.iter().find(known).map(|(path, _)| format!("{base}{}{anchor}", name_of(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_pages_or_nowhere() {
        let text = "# A `close`\n\n[here](close.md#any) [code](../src/lib.rs) [out](https://example.com) ![a picture](p.png)\n\n<script>x</script>\n\n## A\n\n## A\n";
        let page = page("docs/tutorial.md", text, "/manual/");
        assert_eq!(page.title, "A close");
        assert!(
            page.html.contains(r#"<a href="/manual/close#any">here</a> code <a href="https://example.com">out</a> a picture"#),
            "{}",
            page.html
        );
        assert!(super::page("docs/a.md", "- [x] can\n- [ ] cannot\n", "/").html.contains("<li>✓ can</li>\n<li>✗ cannot</li>"));
        assert!(page.html.contains(r#"<h1 id="a-close">"#) && page.html.contains(r#"<h2 id="a-1">"#) && !page.html.contains("script"));
    }
}
