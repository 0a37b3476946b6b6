//! Dates as people write them in a sentence: "25 November".

use super::nearest;

/// How one language writes a date.
struct Form {
    language: &'static str,
    /// As after a day: in some languages another case than alone.
    months: [&'static str; 12],
    /// Between the day and the month.
    link: &'static str,
    /// Before and after the year.
    year: (&'static str, &'static str),
}

/// English first: it is the fallback. CLDR 45, long forms without a weekday; the word for the year is written out, so that a sentence may
/// end with the date.
const FORMS: [Form; 10] = [
    Form {
        language: "en",
        months: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
        link: " ",
        year: (" ", ""),
    },
    Form {
        language: "ru",
        months: ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"],
        link: " ",
        year: (" ", " года"),
    },
    Form {
        language: "de",
        months: ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"],
        link: ". ",
        year: (" ", ""),
    },
    Form {
        language: "es",
        months: [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
        link: " de ",
        year: (" de ", ""),
    },
    // Brazil and Portugal.
    Form {
        language: "pt",
        months: [
            "janeiro",
            "fevereiro",
            "março",
            "abril",
            "maio",
            "junho",
            "julho",
            "agosto",
            "setembro",
            "outubro",
            "novembro",
            "dezembro",
        ],
        link: " de ",
        year: (" de ", ""),
    },
    Form {
        language: "fr",
        months: ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
        link: " ",
        year: (" ", ""),
    },
    Form {
        language: "uk",
        months: ["січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня", "вересня", "жовтня", "листопада", "грудня"],
        link: " ",
        year: (" ", " року"),
    },
    Form {
        language: "tr",
        months: ["Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık"],
        link: " ",
        year: (" ", ""),
    },
    Form {
        language: "ar",
        months: ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"],
        link: " ",
        year: (" ", ""),
    },
    Form {
        language: "he",
        months: ["ינואר", "פברואר", "מרץ", "אפריל", "מאי", "יוני", "יולי", "אוגוסט", "ספטמבר", "אוקטובר", "נובמבר", "דצמבר"],
        link: " ב",
        year: (" ", ""),
    },
];

/// A date in `language`, in English if that is unknown. `month` counts from 1; the year is left out if it is `None`.
pub fn day(language: &str, day: u32, month: u32, year: Option<i32>) -> String {
    let nearest = nearest(language);
    let nearest = nearest.strip_prefix("pt-").map_or(nearest.as_str(), |_| "pt");
    let form = FORMS.iter().find(|form| form.language == nearest).unwrap_or(&FORMS[0]);
    let name = form.months[(month.clamp(1, 12) - 1) as usize];
    let first = if day == 1 && form.language == "fr" { "er" } else { "" };
    let year = year.map(|year| format!("{}{year}{}", form.year.0, form.year.1)).unwrap_or_default();
    format!("{day}{first}{}{name}{year}", form.link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_reads_as_people_write_it() {
        for (language, expected) in [
            ("en-GB", "25 November 2026"),
            ("ru", "25 ноября 2026 года"),
            ("de-AT", "25. November 2026"),
            ("es", "25 de noviembre de 2026"),
            ("pt-BR", "25 de novembro de 2026"),
            ("pt-PT", "25 de novembro de 2026"),
            ("fr", "25 novembre 2026"),
            ("uk", "25 листопада 2026 року"),
            ("tr", "25 Kasım 2026"),
            ("ar", "25 نوفمبر 2026"),
            ("he", "25 בנובמבר 2026"),
            ("xx", "25 November 2026"),
        ] {
            assert_eq!(day(language, 25, 11, Some(2026)), expected, "{language}");
        }
        assert_eq!([day("de", 1, 1, None), day("fr", 1, 1, None), day("en", 9, 12, None)], ["1. Januar", "1er janvier", "9 December"]);
    }
}
