//! The documentation of this release, compiled in, as pages of HTML. The contents are those of `docs/SUMMARY.md`, without translations and
//! without what only developers need.

mod documents;
mod render;

use documents::{DOCUMENTS, SUMMARY};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use std::sync::LazyLock;

/// A chapter of the contents.
#[derive(Clone, Debug, Default)]
pub struct Chapter {
    /// Its title.
    pub title: String,
    /// Its pages, in order.
    pub pages: Vec<Entry>,
}

/// A page in the contents.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name in addresses, such as `adapters/telegram`.
    pub name: String,
    /// Its title.
    pub title: String,
    /// True if it belongs to the page above it.
    pub nested: bool,
}

/// A page.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// Its content, with its title as a heading.
    pub html: String,
}

/// The contents.
pub fn contents() -> &'static [Chapter] {
    static CONTENTS: LazyLock<Vec<Chapter>> = LazyLock::new(|| chapters(SUMMARY));
    &CONTENTS
}

/// The page of this name. Its links to other pages begin with `base`; what is in no page of the manual is not linked.
pub fn page(name: &str, base: &str) -> Option<Page> {
    let (path, text) = DOCUMENTS.iter().find(|(path, _)| name_of(path) == name)?;
    Some(render::page(path, text, base))
}

/// The name of a document in addresses: its path without `docs/` and `.md`; a folder stands for its README.
fn name_of(path: &str) -> String {
    let path = path.strip_prefix("docs/").unwrap_or(path);
    let path = path.strip_suffix("/README.md").or_else(|| path.strip_suffix(".md")).unwrap_or(path);
    path.to_lowercase()
}

/// Resolves a relative path from the folder of the document `from`.
fn resolved(from: &str, link: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn chapters(summary: &str) -> Vec<Chapter> {
    let mut chapters = vec![Chapter::default()];
    let (mut title, mut link, mut depth) = (String::new(), None, 0_usize);
    for event in Parser::new(summary) {
        match event {
            Event::Start(Tag::Heading { .. }) => title.clear(),
            Event::End(TagEnd::Heading(_)) => chapters.push(Chapter { title: std::mem::take(&mut title), pages: Vec::new() }),
            Event::Start(Tag::List(_)) => depth += 1,
            Event::End(TagEnd::List(_)) => depth = depth.saturating_sub(1),
            Event::Start(Tag::Link { dest_url, .. }) => {
                title.clear();
                link = Some(resolved("docs/SUMMARY.md", &dest_url));
            }
            Event::End(TagEnd::Link) => {
                let entry = link.take().filter(|path| DOCUMENTS.iter().any(|(known, _)| known == path));
                if let (Some(path), Some(chapter)) = (entry, chapters.last_mut()) {
                    chapter.pages.push(Entry { name: name_of(&path), title: std::mem::take(&mut title), nested: depth > 1 });
                }
            }
            Event::Text(text) | Event::Code(text) => title.push_str(&text),
            _ => {}
        }
    }
    chapters.retain(|chapter| !chapter.pages.is_empty());
    chapters
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// The values of an attribute.
    fn values<'h>(html: &'h str, attribute: &'h str) -> impl Iterator<Item = &'h str> {
        html.split(attribute).skip(1).filter_map(|rest| rest.split('"').next())
    }

    #[test]
    fn every_link_and_anchor_of_the_manual_leads_somewhere() {
        let pages: BTreeMap<String, Page> =
            DOCUMENTS.iter().map(|(path, _)| (name_of(path), page(&name_of(path), "/manual/").unwrap())).collect();
        let anchors: BTreeMap<&str, BTreeSet<&str>> =
            pages.iter().map(|(name, page)| (name.as_str(), values(&page.html, " id=\"").collect())).collect();
        let mut links = 0;
        for (name, page) in &pages {
            assert!(!page.title.is_empty() && page.html.contains("<h1"), "{name}");
            for link in values(&page.html, "href=\"").filter(|link| !link.starts_with("http") && !link.starts_with("mailto:")) {
                let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
                let target = if path.is_empty() { name } else { path.strip_prefix("/manual/").unwrap_or_else(|| panic!("{name}: {link}")) };
                let known = anchors.get(target).unwrap_or_else(|| panic!("{name}: {link} leads nowhere"));
                assert!(anchor.is_empty() || known.contains(anchor), "{name}: {link} has no anchor: {known:?}");
                links += 1;
            }
        }
        assert!(links > 100, "{links} links");
    }

    #[test]
    fn the_contents_are_those_of_the_documentation() {
        let listed: BTreeSet<&str> = contents().iter().flat_map(|chapter| &chapter.pages).map(|entry| entry.name.as_str()).collect();
        let known: BTreeSet<String> = DOCUMENTS.iter().map(|(path, _)| name_of(path)).collect();
        assert_eq!(listed, known.iter().map(String::as_str).collect());
        let chapters: Vec<&str> = contents().iter().map(|chapter| chapter.title.as_str()).collect();
        assert_eq!(chapters[..3], ["Begin", "Channels", "Desks"]);
        let telegram = contents()[1].pages.iter().find(|entry| entry.name == "adapters/telegram").unwrap();
        assert!(telegram.nested && telegram.title == "Telegram");
        // Left out: what is written for developers, translations, and pages of pictures.
        let (for_users, _) = SUMMARY.split_once("# Work on it").unwrap();
        let left_out = ["readme", "readme.ru", "readme.pt-br", "pages"];
        let all = Parser::new(for_users).filter_map(|event| match event {
            Event::Start(Tag::Link { dest_url, .. }) => Some(name_of(&resolved("docs/SUMMARY.md", &dest_url))),
            _ => None,
        });
        let missing: Vec<String> = all.filter(|name| !known.contains(name) && !left_out.contains(&name.as_str())).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
