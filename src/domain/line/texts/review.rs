//! Built-in texts before a public review link, the same for every client and score.

use super::nearest;

/// In each language; English first.
const WORDS: [(&str, &str); 11] = [
    ("en", "You can also share your experience in a public review:"),
    ("ru", "Вы также можете оставить публичный отзыв:"),
    ("de", "Sie können Ihre Erfahrung auch öffentlich teilen:"),
    ("es", "También puede compartir su experiencia en una reseña pública:"),
    ("pt-BR", "Você também pode contar sua experiência em uma avaliação pública:"),
    ("pt-PT", "Também pode partilhar a sua experiência numa avaliação pública:"),
    ("fr", "Vous pouvez aussi partager votre expérience dans un avis public\u{a0}:"),
    ("uk", "Ви також можете залишити публічний відгук:"),
    ("tr", "Deneyiminizi herkese açık bir yorumda da paylaşabilirsiniz:"),
    ("ar", "يمكنك أيضًا مشاركة تجربتك في تقييم علني:"),
    ("he", "אפשר גם לשתף את החוויה שלך בביקורת פומבית:"),
];

/// The text in `language`, or in English.
pub(super) fn built_in(language: &str) -> &'static str {
    let nearest = nearest(language);
    WORDS.iter().find(|(tag, _)| tag.eq_ignore_ascii_case(&nearest)).unwrap_or(&WORDS[0]).1
}
