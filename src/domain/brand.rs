//! The organisation as clients see it: its name, its color and its logo.

use std::fmt::Display;

/// Maximum length of the name, in characters.
pub const NAME_CHARS_MAX: usize = 60;
/// Maximum size of a logo.
pub const LOGO_BYTES_MAX: usize = 256 * 1024;
/// Contrast of the color on its ground: more than the 4.5 that text needs (WCAG 2.2, 1.4.3), because it is also used on a tint of itself.
const ACCENT_MIN: f64 = 5.5;
/// Grounds on which the color is used: of light and of dark pages.
const GROUNDS: [Color; 2] = [Color([0xff; 3]), Color([0x14, 0x1b, 0x1f])];
const BLACK: Color = Color([0; 3]);
const WHITE: Color = Color([0xff; 3]);

/// A color: red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color([u8; 3]);

/// The color as it can be read on a ground, and the color of text on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shade {
    /// For buttons, links and marks.
    pub accent: Color,
    /// For text on buttons.
    pub on_accent: Color,
}

impl Color {
    /// Parses `#0b6b62`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(Self([part(0)?, part(2)?, part(4)?]))
    }

    /// Its shades on light and on dark pages: darker or lighter where the color itself could not be read.
    pub fn shades(self) -> [Shade; 2] {
        GROUNDS.map(|ground| {
            let away = if ground == WHITE { BLACK } else { WHITE };
            let mut steps = (0..=20).map(|step| self.towards(away, f64::from(step) / 20.0));
            let accent = steps.find(|color| color.contrast(ground) >= ACCENT_MIN).unwrap_or(away);
            let on_accent = if accent.contrast(WHITE) >= accent.contrast(BLACK) { WHITE } else { BLACK };
            Shade { accent, on_accent }
        })
    }

    fn towards(self, other: Color, share: f64) -> Self {
        let mixed = |own: u8, other: u8| (f64::from(own) + (f64::from(other) - f64::from(own)) * share).round() as u8;
        Self([0, 1, 2].map(|at| mixed(self.0[at], other.0[at])))
    }

    /// Relative luminance (WCAG 2.2).
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn contrast(self, other: Color) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }
}

impl Display for Color {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// Reason why a file is refused as a logo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoProblem {
    /// It has more than [`LOGO_BYTES_MAX`].
    TooLarge,
    /// An SVG, which may contain scripts.
    Svg,
    /// Not a PNG, JPEG or WebP.
    Unknown,
}

/// The media type of a logo, by its bytes: its name and the browser may say anything.
///
/// # Errors
/// The reason why it is refused.
pub fn logo_type(bytes: &[u8]) -> Result<&'static str, LogoProblem> {
    if bytes.len() > LOGO_BYTES_MAX {
        return Err(LogoProblem::TooLarge);
    }
    match bytes {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Ok("image/png"),
        [0xff, 0xd8, 0xff, ..] => Ok("image/jpeg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok("image/webp"),
        _ if String::from_utf8_lossy(bytes).to_ascii_lowercase().contains("<svg") => Err(LogoProblem::Svg),
        _ => Err(LogoProblem::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_a_color_is_one() {
        assert_eq!(Color::parse("#0B6b62").map(|color| color.to_string()).as_deref(), Some("#0b6b62"));
        for text in ["", "0b6b62", "#0b6b6", "#0b6b622", "#0b6b6g", "red", "#+1+1+1", "#éé1"] {
            assert_eq!(Color::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_logo_is_known_by_its_bytes() {
        assert_eq!(logo_type(b"\x89PNG\r\n\x1a\n...."), Ok("image/png"));
        assert_eq!(logo_type(&[0xff, 0xd8, 0xff, 0xe0]), Ok("image/jpeg"));
        assert_eq!(logo_type(b"RIFF\x10\0\0\0WEBPVP8 "), Ok("image/webp"));
        for svg in ["<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "<?xml version='1.0'?><!-- x --><SVG/>"] {
            assert_eq!(logo_type(svg.as_bytes()), Err(LogoProblem::Svg), "{svg}");
        }
        assert_eq!([logo_type(b"GIF89a"), logo_type(b"")], [Err(LogoProblem::Unknown); 2]);
        assert_eq!(logo_type(&[0; 20 * 1024 * 1024]), Err(LogoProblem::TooLarge));
    }

    proptest! {
        /// Whatever an owner chooses, buttons and links can be read.
        #[test]
        fn any_color_can_be_read(parts in any::<[u8; 3]>()) {
            for (shade, ground) in Color(parts).shades().into_iter().zip(GROUNDS) {
                prop_assert!(shade.accent.contrast(ground) >= ACCENT_MIN, "{} on {ground}", shade.accent);
                prop_assert!(shade.on_accent.contrast(shade.accent) >= 4.5, "{} on {}", shade.on_accent, shade.accent);
            }
        }
    }
}
