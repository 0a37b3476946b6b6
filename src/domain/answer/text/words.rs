//! Words that express a score, in the languages with built-in texts. Only words that are unambiguous on their own.

use lastword_language::primary;

/// Meaning of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Yes, plus: good, but only on its own.
    Plus,
    /// No, minus: bad, but only on its own.
    Minus,
    /// Good.
    Good,
    /// Bad.
    Bad,
    /// Thanks, very: neutral.
    Polite,
}

/// The words of one language.
struct Words {
    language: &'static str,
    plus: &'static [&'static str],
    minus: &'static [&'static str],
    good: &'static [&'static str],
    bad: &'static [&'static str],
    polite: &'static [&'static str],
    /// One to five.
    numbers: [&'static [&'static str]; 5],
    /// Units of scores.
    units: &'static [&'static str],
    /// Between the score and the maximum: "4 out of 5".
    links: &'static [&'static str],
}

static ALL: [Words; 14] = [
    Words {
        language: "en",
        plus: &["yes", "yep", "yeah", "plus", "like", "thumbs up", "thumb up"],
        minus: &["no", "nope", "minus", "dislike", "thumbs down", "thumb down"],
        good: &["good", "great", "excellent", "perfect", "super", "awesome", "amazing", "fantastic", "wonderful"],
        bad: &["bad", "terrible", "awful", "horrible", "poor"],
        polite: &["thanks", "thank", "you", "very", "much", "so", "really", "all", "everything", "was"],
        numbers: [&["one"], &["two"], &["three"], &["four"], &["five"]],
        units: &["star", "stars", "point", "points"],
        links: &["of", "out", "from"],
    },
    Words {
        language: "ru",
        plus: &["да", "плюс", "лайк"],
        minus: &["нет", "минус", "дизлайк"],
        good: &["хорошо", "отлично", "супер", "класс", "прекрасно", "превосходно", "замечательно"],
        bad: &["плохо", "ужасно", "отвратительно"],
        polite: &["спасибо", "большое", "огромное", "благодарю", "вам", "очень", "все", "было"],
        numbers: [
            &["один", "одна", "единица"],
            &["два", "две", "двойка"],
            &["три", "тройка"],
            &["четыре", "четверка"],
            &["пять", "пятерка"],
        ],
        units: &["звезда", "звезды", "звезд", "балл", "балла", "баллов"],
        links: &["из"],
    },
    Words {
        language: "de",
        plus: &["ja", "plus"],
        minus: &["nein", "minus"],
        good: &["gut", "super", "toll", "prima", "perfekt", "ausgezeichnet", "hervorragend", "klasse"],
        bad: &["schlecht", "schrecklich", "furchtbar", "miserabel"],
        polite: &["danke", "vielen", "dank", "sehr", "schön", "alles", "war"],
        numbers: [&["eins", "ein"], &["zwei"], &["drei"], &["vier"], &["fünf", "fuenf"]],
        units: &["stern", "sterne", "sternen", "punkt", "punkte", "punkten"],
        links: &["von"],
    },
    Words {
        language: "es",
        plus: &["sí", "si", "positivo"],
        minus: &["no", "negativo"],
        good: &["bien", "excelente", "perfecto", "genial", "súper", "super", "estupendo"],
        bad: &["mal", "malo", "pésimo", "pesimo", "terrible", "horrible"],
        polite: &["gracias", "muchas", "muy", "todo", "estuvo", "fue"],
        numbers: [&["uno", "una"], &["dos"], &["tres"], &["cuatro"], &["cinco"]],
        units: &["estrella", "estrellas", "punto", "puntos"],
        links: &["de", "sobre"],
    },
    Words {
        language: "pt",
        plus: &["sim", "positivo"],
        minus: &["não", "nao", "negativo"],
        good: &["bom", "boa", "bem", "ótimo", "otimo", "ótima", "excelente", "perfeito", "maravilhoso"],
        bad: &["ruim", "mau", "má", "mal", "péssimo", "pessimo", "péssima", "horrível", "terrível"],
        polite: &["obrigado", "obrigada", "muito", "tudo", "foi"],
        numbers: [&["um", "uma"], &["dois", "duas"], &["três", "tres"], &["quatro"], &["cinco"]],
        units: &["estrela", "estrelas", "ponto", "pontos"],
        links: &["de", "em"],
    },
    Words {
        language: "fr",
        plus: &["oui", "plus"],
        minus: &["non", "moins"],
        good: &["bien", "bon", "super", "parfait", "excellent", "excellente", "génial", "genial"],
        bad: &["mal", "mauvais", "mauvaise", "nul", "nulle", "horrible"],
        polite: &["merci", "beaucoup", "très", "tres", "tout", "était", "etait"],
        numbers: [&["un", "une"], &["deux"], &["trois"], &["quatre"], &["cinq"]],
        units: &["étoile", "étoiles", "etoile", "etoiles", "point", "points"],
        links: &["sur", "de"],
    },
    Words {
        language: "uk",
        plus: &["так", "плюс", "лайк"],
        minus: &["ні", "мінус", "дизлайк"],
        good: &["добре", "чудово", "супер", "відмінно", "прекрасно", "клас"],
        bad: &["погано", "жахливо"],
        polite: &["дякую", "дуже", "вам", "щиро", "все", "було"],
        numbers: [&["один", "одна"], &["два", "дві"], &["три"], &["чотири"], &["п'ять", "п’ять", "пять"]],
        units: &["зірка", "зірки", "зірок", "бал", "бали", "балів"],
        links: &["з", "із"],
    },
    Words {
        language: "tr",
        plus: &["evet", "arti"],
        minus: &["hayir", "eksi"],
        good: &["iyi", "güzel", "harika", "mükemmel", "süper", "super"],
        bad: &["kötü", "berbat"],
        polite: &["teşekkürler", "teşekkür", "ederim", "çok", "her", "şey"],
        numbers: [&["bir"], &["iki"], &["üç"], &["dört"], &["beş"]],
        units: &["yildiz", "puan"],
        links: &["üzerinden"],
    },
    Words {
        language: "ar",
        plus: &["نعم"],
        minus: &["لا"],
        good: &["جيد", "جيدة", "ممتاز", "ممتازة", "رائع", "رائعة"],
        bad: &["سيئ", "سيئة", "سيء"],
        polite: &["شكرا", "جدا", "لكم", "كل", "شيء", "كان"],
        numbers: [&["واحد"], &["اثنان", "اثنين"], &["ثلاثة"], &["أربعة", "اربعة"], &["خمسة"]],
        units: &["نجمة", "نجوم", "نقطة", "نقاط"],
        links: &["من"],
    },
    Words {
        language: "it",
        plus: &["sì", "si", "più"],
        minus: &["no", "meno"],
        good: &["bene", "buono", "ottimo", "ottima", "eccellente", "perfetto", "fantastico", "bravissimi"],
        bad: &["male", "cattivo", "pessimo", "pessima", "scarso", "terribile", "orribile"],
        polite: &["grazie", "mille", "molto", "tutto", "stato"],
        numbers: [&["uno", "una"], &["due"], &["tre"], &["quattro"], &["cinque"]],
        units: &["stella", "stelle", "punto", "punti"],
        links: &["su", "di"],
    },
    Words {
        language: "pl",
        plus: &["tak", "plus"],
        minus: &["nie", "minus"],
        good: &["dobrze", "świetnie", "super", "doskonale", "znakomicie", "rewelacja"],
        bad: &["źle", "słabo", "okropnie", "fatalnie", "tragicznie"],
        polite: &["dziękuję", "dzięki", "bardzo", "wszystko", "było"],
        numbers: [&["jeden", "jedna"], &["dwa", "dwie"], &["trzy"], &["cztery"], &["pięć"]],
        units: &["gwiazdka", "gwiazdki", "gwiazdek", "punkt", "punkty", "punktów"],
        links: &["na", "z"],
    },
    Words {
        language: "nl",
        plus: &["ja", "plus"],
        minus: &["nee", "min"],
        good: &["goed", "super", "prima", "uitstekend", "perfect", "geweldig", "top"],
        bad: &["slecht", "vreselijk", "verschrikkelijk"],
        polite: &["bedankt", "dank", "je", "u", "heel", "erg", "zeer", "alles", "was"],
        numbers: [&["een", "één"], &["twee"], &["drie"], &["vier"], &["vijf"]],
        units: &["ster", "sterren", "punt", "punten"],
        links: &["van", "uit", "de"],
    },
    Words {
        language: "he",
        plus: &["כן"],
        minus: &["לא"],
        good: &["טוב", "מצוין", "מעולה", "נהדר", "מושלם"],
        bad: &["רע", "גרוע", "נורא"],
        polite: &["תודה", "רבה", "מאוד", "הכל", "היה"],
        numbers: [&["אחד", "אחת"], &["שניים", "שתיים"], &["שלוש", "שלושה"], &["ארבע", "ארבעה"], &["חמש", "חמישה"]],
        units: &["כוכב", "כוכבים", "כוכבי", "נקודה", "נקודות"],
        links: &["מתוך"],
    },
    // Without spaces between words, so a score and its unit are one word.
    Words {
        language: "zh",
        plus: &["是", "赞", "點讚", "点赞"],
        minus: &["否", "踩"],
        good: &["好", "很好", "非常好", "满意", "滿意", "很满意", "非常满意", "非常滿意", "好评", "好評"],
        bad: &["差", "很差", "不好", "不满意", "不滿意", "差评", "差評"],
        polite: &["谢谢", "謝謝"],
        numbers: [
            &["一", "一星", "一分"],
            &["二", "两", "二星", "两星", "二分"],
            &["三", "三星", "三分"],
            &["四", "四星", "四分"],
            &["五", "五星", "五分"],
        ],
        units: &["星", "分", "颗星", "顆星", "个星", "個星"],
        links: &[],
    },
];

/// The words of several languages.
pub(super) struct Vocabulary(Vec<&'static Words>);

impl Vocabulary {
    /// The words of these languages, and of English.
    pub(super) fn of(languages: &[&str]) -> Self {
        let wanted: Vec<String> = languages.iter().map(|language| primary(language)).collect();
        Self(ALL.iter().filter(|words| words.language == "en" || wanted.iter().any(|wanted| wanted == words.language)).collect())
    }

    /// Meaning of a word, or of a phrase of two; `None` if it is unknown, or two languages contradict each other.
    pub(super) fn meaning(&self, word: &str) -> Option<Meaning> {
        let in_one = |words: &&Words| {
            let lists = [
                (words.plus, Meaning::Plus),
                (words.minus, Meaning::Minus),
                (words.good, Meaning::Good),
                (words.bad, Meaning::Bad),
                (words.polite, Meaning::Polite),
            ];
            lists.into_iter().find(|(list, _)| list.contains(&word)).map(|(_, meaning)| meaning)
        };
        let mut meanings = self.0.iter().filter_map(in_one);
        let first = meanings.next()?;
        meanings.all(|meaning| meaning == first).then_some(first)
    }

    /// One to five.
    pub(super) fn number(&self, word: &str) -> Option<u8> {
        let in_one = |words: &&Words| words.numbers.iter().position(|forms| forms.contains(&word));
        self.0.iter().find_map(in_one).and_then(|place| u8::try_from(place + 1).ok())
    }

    /// True if it is a unit of scores.
    pub(super) fn is_unit(&self, word: &str) -> bool {
        self.0.iter().any(|words| words.units.contains(&word))
    }

    /// True if it may be between the score and the maximum.
    pub(super) fn links(&self, word: &str) -> bool {
        self.0.iter().any(|words| words.links.contains(&word))
    }
}
