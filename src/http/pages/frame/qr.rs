//! A link as a QR code, for a phone beside the screen. It is drawn within the page, so that the Content-Security-Policy allows it.

use qrcode::{Color, QrCode};

/// Width of the empty border that readers need, in modules.
const QUIET: usize = 4;

/// A QR code for the template: the side of the square and the path of its dark modules.
pub(crate) struct Qr {
    /// Side, in modules, with the border.
    pub(crate) side: usize,
    /// Data of an SVG path.
    pub(crate) path: String,
}

impl Qr {
    /// The code of a text; `None` if the text is too long for one.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let code = QrCode::new(text).ok()?;
        let width = code.width();
        let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
        let path = dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET)).collect();
        Some(Self { side: width + 2 * QUIET, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The modules that the path fills.
    fn drawn(qr: &Qr) -> BTreeSet<(usize, usize)> {
        let square = |square: &str| {
            let (x, y) = square.strip_suffix("h1v1h-1z").and_then(|place| place.split_once(' ')).expect("a square");
            (x.parse().unwrap(), y.parse().unwrap())
        };
        qr.path.split('M').skip(1).map(square).collect()
    }

    #[test]
    fn a_reader_gets_the_link_back() {
        for link in ["https://t.me/lastword_bot", "https://t.me/lastword_bot?start=кому-то & <b>"] {
            let qr = Qr::of(link).unwrap();
            let dark = drawn(&qr);
            // Four pixels for each module.
            let mut image =
                rqrr::PreparedImage::prepare_from_greyscale(
                    qr.side * 4,
                    qr.side * 4,
                    |x, y| {
                        if dark.contains(&(x / 4, y / 4)) { 0 } else { 255 }
                    },
                );
            let grids = image.detect_grids();
            assert_eq!(grids.len(), 1);
            assert_eq!(grids[0].decode().unwrap().1, link);
        }
        assert!(Qr::of(&"x".repeat(5_000)).is_none());
    }
}
