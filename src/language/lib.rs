//! Which translation a reader gets. The one place that decides about tags of languages (BCP 47), for messages, pages, pages behind
//! links, the web chat and the labels of platforms.

mod day;

pub use day::day;
use unic_langid::LanguageIdentifier;

/// Maximum number of languages that are read of a header.
const WISHES_MAX: usize = 20;

/// Languages that are written from right to left.
const FROM_THE_RIGHT: [&str; 9] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ur", "yi"];

/// The translation for a tag such as `de-AT`, `pt_BR` or `pt-Latn-PT`: that of the language, because one serves all regions.
///
/// Portuguese has two. Without a region it is that of Brazil, which most of its speakers use and the CLDR assumes; with any other
/// region it is that of Portugal.
pub fn nearest(tag: &str) -> String {
    let primary = primary(tag);
    if primary != "pt" {
        return primary;
    }
    let of_brazil = read(tag).and_then(|read| Some(read.region?.as_str() == "BR")).unwrap_or(true);
    if of_brazil { "pt-BR" } else { "pt-PT" }.to_owned()
}

/// The language of a tag without its script and region, in lower case. What is no tag is taken up to its first hyphen.
pub fn primary(tag: &str) -> String {
    let word = || tag.split(['-', '_']).next().unwrap_or_default().trim().to_ascii_lowercase();
    read(tag).map_or_else(word, |read| read.language.as_str().to_owned())
}

/// Direction in which the language of a tag is written, as HTML calls it.
pub fn direction(tag: &str) -> &'static str {
    if FROM_THE_RIGHT.contains(&primary(tag).as_str()) { "rtl" } else { "ltr" }
}

/// The tags of an `Accept-Language` header, the most wanted first; those that the reader refuses (`q=0`) are missing. RFC 9110,
/// 12.5.4.
pub fn accepted(header: &str) -> Vec<&str> {
    let wish = |part: &'_ str| -> Option<(f32, usize)> {
        let weight = part.split(';').skip(1).find_map(|part| part.trim().strip_prefix("q="));
        let weight = weight.map_or(1.0, |weight| weight.trim().parse().unwrap_or(0.0));
        (weight > 0.0).then_some((weight, part.find(';').unwrap_or(part.len())))
    };
    let parts = header.split(',').take(WISHES_MAX);
    let wishes = parts.filter_map(|part| wish(part).map(|(weight, end)| (weight, part[..end].trim())));
    let mut wishes: Vec<(f32, &str)> = wishes.filter(|(_, tag)| !tag.is_empty()).collect();
    // The sort is stable: of equal weights, the first counts.
    wishes.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    wishes.into_iter().map(|(_, tag)| tag).collect()
}

fn read(tag: &str) -> Option<LanguageIdentifier> {
    let read: LanguageIdentifier = tag.trim().parse().ok()?;
    (!read.language.is_empty()).then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_translation_serves_all_regions_of_a_language() {
        for (tag, expected) in [("de", "de"), ("DE-at", "de"), ("es-419", "es"), ("en_GB", "en"), ("sr-Latn-RS", "sr"), ("", "")] {
            assert_eq!(nearest(tag), expected, "{tag}");
        }
    }

    #[test]
    fn portuguese_is_that_of_the_region_however_it_is_written() {
        for tag in ["pt", "pt-BR", "pt_br", "PT-br", "pt-Latn-BR", "pt-Latn"] {
            assert_eq!(nearest(tag), "pt-BR", "{tag}");
        }
        for tag in ["pt-PT", "pt_pt", "pt-AO", "pt-Latn-PT", "pt-MZ"] {
            assert_eq!(nearest(tag), "pt-PT", "{tag}");
        }
    }

    #[test]
    fn what_is_no_tag_is_read_up_to_its_first_hyphen() {
        assert_eq!([primary("russian!"), primary("de-"), primary("x-klingon")], ["russian!", "de", "x"]);
    }

    #[test]
    fn a_browser_is_heard_by_its_weights() {
        assert_eq!(accepted("de;q=0.1, en;q=0.9"), ["en", "de"]);
        assert_eq!(accepted("de-AT,de;q=0.9,en;q=0.8"), ["de-AT", "de", "en"]);
        assert_eq!(accepted("fr;q=0, ru; q=0.5,,uk"), ["uk", "ru"]);
        assert_eq!(accepted("de;q=much"), [""; 0]);
    }

    #[test]
    fn arabic_and_hebrew_are_written_from_the_right() {
        assert_eq!([direction("ar-EG"), direction("he"), direction("de"), direction("pt-BR")], ["rtl", "rtl", "ltr", "ltr"]);
    }
}
