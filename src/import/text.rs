//! Bytes of a file as UTF-8: the encoding is told by a mark at its beginning, by what cannot be UTF-8, or by the person.

use sha2::{Digest, Sha256};
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How the letters of a file are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a mark.
    Utf8,
    /// UTF-16, the smaller byte first.
    Utf16Le,
    /// UTF-16, the larger byte first.
    Utf16Be,
    /// The Cyrillic one of older Windows.
    Windows1251,
}

impl Encoding {
    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
            Encoding::Windows1251 => "windows-1251",
        }
    }

    /// Reads a word.
    pub fn parse(word: &str) -> Option<Self> {
        match word.to_lowercase().as_str() {
            "utf-8" | "utf8" => Some(Encoding::Utf8),
            "utf-16" | "utf-16le" | "utf16" => Some(Encoding::Utf16Le),
            "utf-16be" => Some(Encoding::Utf16Be),
            "windows-1251" | "cp1251" | "win-1251" => Some(Encoding::Windows1251),
            _ => None,
        }
    }

    /// What the first bytes of a file look like.
    pub fn of(start: &[u8]) -> Self {
        match start {
            [0xef, 0xbb, 0xbf, ..] => return Encoding::Utf8,
            [0xff, 0xfe, ..] => return Encoding::Utf16Le,
            [0xfe, 0xff, ..] => return Encoding::Utf16Be,
            _ => {}
        }
        // Every other byte of Latin letters is zero in UTF-16, and no text of the others holds one.
        let zeros = |odd: usize| start.iter().skip(odd).step_by(2).filter(|&&byte| byte == 0).count();
        if start.len() >= 4 && zeros(1) * 4 > start.len() {
            return Encoding::Utf16Le;
        }
        if start.len() >= 4 && zeros(0) * 4 > start.len() {
            return Encoding::Utf16Be;
        }
        match std::str::from_utf8(start) {
            Ok(_) => Encoding::Utf8,
            // A letter that is cut at the end of what was read.
            Err(error) if error.error_len().is_none() => Encoding::Utf8,
            Err(_) => Encoding::Windows1251,
        }
    }
}

/// Windows-1251 from 0x80 to 0xbf; above are the letters from А to я in their order.
const WINDOWS_1251: [char; 64] = [
    'Ђ', 'Ѓ', '‚', 'ѓ', '„', '…', '†', '‡', '€', '‰', 'Љ', '‹', 'Њ', 'Ќ', 'Ћ', 'Џ', 'ђ', '‘', '’', '“', '”', '•', '–', '—', '\u{98}', '™',
    'љ', '›', 'њ', 'ќ', 'ћ', 'џ', '\u{a0}', 'Ў', 'ў', 'Ј', '¤', 'Ґ', '¦', '§', 'Ё', '©', 'Є', '«', '¬', '\u{ad}', '®', 'Ї', '°', '±', 'І',
    'і', 'ґ', 'µ', '¶', '·', 'ё', '№', 'є', '»', 'ј', 'Ѕ', 'ѕ', 'ї',
];

fn windows_1251(byte: u8) -> char {
    match byte {
        0..0x80 => char::from(byte),
        0x80..0xc0 => WINDOWS_1251[usize::from(byte - 0x80)],
        0xc0.. => char::from_u32(0x410 + u32::from(byte - 0xc0)).unwrap_or('\u{fffd}'),
    }
}

/// A reader that gives UTF-8, without the mark at the beginning. What is not UTF-8 where UTF-8 was expected comes through as
/// it is, so that whoever reads rows can say where it stands.
pub(super) struct Decoded<R> {
    inner: R,
    encoding: Encoding,
    raw: Vec<u8>,
    out: Vec<u8>,
    given: usize,
    began: bool,
    high: Option<u16>,
}

impl<R: Read> Decoded<R> {
    /// A reader of `inner`, which is written in `encoding`.
    pub(super) fn new(inner: R, encoding: Encoding) -> Self {
        Self { inner, encoding, raw: Vec::new(), out: Vec::new(), given: 0, began: false, high: None }
    }

    /// Decodes what is read next. Gives whether there was anything.
    fn more(&mut self) -> io::Result<bool> {
        let kept = self.raw.len();
        self.raw.resize(kept + (1 << 16), 0);
        let read = self.inner.read(&mut self.raw[kept..])?;
        self.raw.truncate(kept + read);
        self.out.clear();
        self.given = 0;
        if !self.began {
            // The mark is at most three bytes, and a read may bring fewer.
            if read > 0 && self.raw.len() < 3 {
                return Ok(true);
            }
            self.began = true;
            let mark = match (self.encoding, &self.raw[..]) {
                (Encoding::Utf8, [0xef, 0xbb, 0xbf, ..]) => 3,
                (Encoding::Utf16Le, [0xff, 0xfe, ..]) | (Encoding::Utf16Be, [0xfe, 0xff, ..]) => 2,
                _ => 0,
            };
            self.raw.drain(..mark);
        }
        match self.encoding {
            Encoding::Utf8 => std::mem::swap(&mut self.raw, &mut self.out),
            Encoding::Windows1251 => {
                let mut letter = [0; 4];
                for byte in self.raw.drain(..) {
                    self.out.extend_from_slice(windows_1251(byte).encode_utf8(&mut letter).as_bytes());
                }
            }
            Encoding::Utf16Le | Encoding::Utf16Be => self.utf16(),
        }
        Ok(read > 0 || !self.out.is_empty())
    }

    fn utf16(&mut self) {
        let whole = self.raw.len() / 2 * 2;
        let mut letter = [0; 4];
        for pair in self.raw[..whole].chunks_exact(2) {
            let bytes = [pair[0], pair[1]];
            let unit = if self.encoding == Encoding::Utf16Le { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) };
            let units = self.high.take().into_iter().chain([unit]);
            if (0xd800..0xdc00).contains(&unit) {
                self.high = Some(unit);
                continue;
            }
            for decoded in char::decode_utf16(units) {
                self.out.extend_from_slice(decoded.unwrap_or('\u{fffd}').encode_utf8(&mut letter).as_bytes());
            }
        }
        self.raw.drain(..whole);
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.out.len() {
            if !self.more()? {
                return Ok(0);
            }
        }
        let count = into.len().min(self.out.len() - self.given);
        into[..count].copy_from_slice(&self.out[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

/// A reader that counts what goes through it, and adds it to a sum where one is asked for.
pub(super) struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
    sum: Option<Arc<std::sync::Mutex<Sha256>>>,
}

impl<R: Read> Counted<R> {
    /// A reader of `inner` that tells `read` how many bytes are behind it.
    pub(super) fn new(inner: R, read: Arc<AtomicU64>, sum: Option<Arc<std::sync::Mutex<Sha256>>>) -> Self {
        Self { inner, read, sum }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        if let Some(sum) = &self.sum {
            sum.lock().unwrap_or_else(std::sync::PoisonError::into_inner).update(&into[..count]);
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> (Encoding, String) {
        let encoding = Encoding::of(bytes);
        let mut text = String::new();
        // A byte at a time is the hardest way to read.
        struct Slow<'b>(&'b [u8]);
        impl Read for Slow<'_> {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
                (into[0], self.0) = (*first, rest);
                Ok(1)
            }
        }
        Decoded::new(Slow(bytes), encoding).read_to_string(&mut text).unwrap();
        (encoding, text)
    }

    #[test]
    fn the_encoding_of_a_file_is_seen() {
        let text = "Оценка;Ёж 👍 №1";
        assert_eq!(decoded(text.as_bytes()), (Encoding::Utf8, text.to_owned()));
        let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        assert_eq!(decoded(&marked), (Encoding::Utf8, text.to_owned()));
        let little: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(&little), (Encoding::Utf16Le, text.to_owned()));
        let large: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        assert_eq!(decoded(&large), (Encoding::Utf16Be, text.to_owned()));
        let unmarked: Vec<u8> = "closed_at,score\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(&unmarked), (Encoding::Utf16Le, "closed_at,score\n".to_owned()));
        let old = [0xce, 0xf6, 0xe5, 0xed, 0xea, 0xe0, b';', 0xa8, 0xe6, b' ', 0xb9, b'1'];
        assert_eq!(decoded(&old), (Encoding::Windows1251, "Оценка;Ёж №1".to_owned()));
        assert_eq!(decoded(b"").1, "");
    }
}
