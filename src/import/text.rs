//! Decodes a file to UTF-8. The encoding comes from a byte order mark, from the bytes, or from the user.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, UTF_8, UTF_16BE, UTF_16LE};
use sha2::{Digest, Sha256};
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes read at a time, and bytes examined to detect the encoding.
const CHUNK: usize = 1 << 16;

/// Encoding of a file: one of the WHATWG's Encoding Standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// UTF-8, with or without a byte order mark.
    pub const UTF_8: Self = Self(UTF_8);

    /// Name on the command line: the standard's name in lower case.
    pub fn word(self) -> String {
        self.0.name().to_ascii_lowercase()
    }

    /// Parses a label of the Encoding Standard (<https://encoding.spec.whatwg.org/#names-and-labels>), or a common short name.
    pub fn parse(word: &str) -> Option<Self> {
        let word = match word.trim().to_lowercase().as_str() {
            "utf16" => "utf-16".to_owned(),
            other => other.strip_prefix("win-").map_or_else(|| other.to_owned(), |page| format!("windows-{page}")),
        };
        // The standard's "replacement" represents encodings that must not be decoded.
        encoding_rs::Encoding::for_label(word.as_bytes()).filter(|known| *known != encoding_rs::REPLACEMENT).map(Self)
    }

    /// Detects the encoding of a file. If its start has only ASCII, the first part with other bytes is examined.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(super) fn of_file(mut file: impl Read) -> io::Result<Self> {
        let mut part = Vec::with_capacity(CHUNK);
        loop {
            part.clear();
            file.by_ref().take(CHUNK as u64).read_to_end(&mut part)?;
            if part.is_empty() {
                return Ok(Self::UTF_8);
            }
            if !part.is_ascii() || part.contains(&0) {
                return Ok(Self::of(&part));
            }
        }
    }

    /// Detects the encoding of a part. It is UTF-8 if it has more valid multi-byte characters than invalid bytes, so that a
    /// damaged character does not change the encoding of a whole file.
    fn of(part: &[u8]) -> Self {
        if let Some((marked, _)) = encoding_rs::Encoding::for_bom(part) {
            return Self(marked);
        }
        // In UTF-16, every other byte of Latin text is zero; other encodings contain no zeros.
        let zeros = |odd: usize| part.iter().skip(odd).step_by(2).filter(|&&byte| byte == 0).count();
        if part.len() >= 4 && zeros(1) * 4 > part.len() {
            return Self(UTF_16LE);
        }
        if part.len() >= 4 && zeros(0) * 4 > part.len() {
            return Self(UTF_16BE);
        }
        let (mut right, mut wrong) = (0_usize, 0_usize);
        let mut rest = part.len();
        for chunk in part.utf8_chunks() {
            right += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
            rest -= chunk.valid().len() + chunk.invalid().len();
            // A character that is cut at either end of the part is not invalid.
            let is_cut =
                rest == 0 && part.len() == CHUNK && std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
            wrong += usize::from(!chunk.invalid().is_empty() && !is_cut);
        }
        if wrong == 0 || right >= wrong {
            return Self::UTF_8;
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(part, true);
        Self(detector.guess(None, Utf8Detection::Deny))
    }
}

/// A byte that never occurs in UTF-8. It marks bytes that are invalid in the file's encoding.
const NO_LETTER: u8 = 0xff;

/// A reader that returns UTF-8 without the byte order mark. Invalid bytes become a byte that never occurs in UTF-8, so that
/// the row parser can report their position.
pub(super) struct Decoded<R> {
    inner: R,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    out: Vec<u8>,
    given: usize,
}

impl<R: Read> Decoded<R> {
    /// Decodes `inner`, which has this encoding.
    pub(super) fn new(inner: R, encoding: Encoding) -> Self {
        let decoder = Some(encoding.0.new_decoder_with_bom_removal());
        Self { inner, decoder, raw: vec![0; CHUNK], out: Vec::new(), given: 0 }
    }

    /// Decodes the next bytes. Returns true if there may be more.
    fn more(&mut self) -> io::Result<bool> {
        let Some(decoder) = &mut self.decoder else { return Ok(false) };
        let read = self.inner.read(&mut self.raw)?;
        let is_last = read == 0;
        (self.given, self.out) = (0, decoded(decoder, &self.raw[..read], is_last, std::mem::take(&mut self.out)));
        if is_last {
            self.decoder = None;
        }
        Ok(true)
    }
}

/// Decodes `raw` to UTF-8, reusing `out`.
fn decoded(decoder: &mut Decoder, mut raw: &[u8], is_last: bool, mut out: Vec<u8>) -> Vec<u8> {
    let mut filled = 0;
    loop {
        let room = decoder.max_utf8_buffer_length_without_replacement(raw.len()).unwrap_or(CHUNK * 3);
        out.resize(filled + room + 1, 0);
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(raw, &mut out[filled..], is_last);
        raw = &raw[read..];
        filled += written;
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => {
                out.resize(filled.max(out.len()) + 1, 0);
                out[filled] = NO_LETTER;
                filled += 1;
            }
        }
    }
    out.truncate(filled);
    out
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

/// A reader that counts bytes, and hashes them if requested.
pub(super) struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
    sum: Option<Arc<std::sync::Mutex<Sha256>>>,
}

impl<R: Read> Counted<R> {
    /// Adds the bytes read from `inner` to `read`.
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

    fn decoded(bytes: &[u8]) -> (String, String) {
        let encoding = Encoding::of(bytes);
        let mut text = Vec::new();
        // Reading one byte at a time is the hardest case.
        struct Slow<'b>(&'b [u8]);
        impl Read for Slow<'_> {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
                (into[0], self.0) = (*first, rest);
                Ok(1)
            }
        }
        Decoded::new(Slow(bytes), encoding).read_to_end(&mut text).unwrap();
        (encoding.word(), String::from_utf8_lossy(&text).into_owned())
    }

    fn as_said(encoding: &str, text: &str) -> (String, String) {
        (encoding.to_owned(), text.to_owned())
    }

    #[test]
    fn the_encoding_of_a_file_is_seen() {
        let text = "Оценка;Ёж 👍 №1";
        assert_eq!(decoded(text.as_bytes()), as_said("utf-8", text));
        let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        assert_eq!(decoded(&marked), as_said("utf-8", text));
        let little: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(&little), as_said("utf-16le", text));
        let large: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        assert_eq!(decoded(&large), as_said("utf-16be", text));
        let unmarked: Vec<u8> = "closed_at,score\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(&unmarked), as_said("utf-16le", "closed_at,score\n"));
        assert_eq!(decoded(b""), as_said("utf-8", ""));
    }

    #[test]
    fn encodings_of_older_programs_are_seen_by_their_letters() {
        for (label, text) in [
            ("windows-1251", "Оценка;Ёж №1\n17;Нравится, спасибо"),
            ("windows-1252", "Bewertung;Kommentar\n2;Schöne Grüße, zu spät für mich"),
            ("windows-1250", "Ocena;Komentarz\n1;Dziękuję, wszystko w porządku, świetna obsługa"),
            ("shift_jis", "評価;コメント\n5;とても親切でした。ありがとうございます"),
            ("gbk", "评分;意见反馈\n1;等待时间太长，没有解决我的问题"),
        ] {
            let (bytes, _, _) = Encoding::parse(label).unwrap().0.encode(text);
            assert_eq!(decoded(&bytes), as_said(label, text));
        }
    }

    #[test]
    fn a_damaged_letter_makes_no_other_encoding_of_a_file() {
        let bytes = [&b"comment\nM\xc3\xbcller\ncaf"[..], b"\xe9\n"].concat();
        assert_eq!(decoded(&bytes), as_said("utf-8", "comment\nMüller\ncaf\u{fffd}\n"));
        let surrogate: Vec<u8> = [0xfeff, 0x41, 0xd800, 0x42].into_iter().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(&surrogate), as_said("utf-16le", "A\u{fffd}B"));
    }

    #[test]
    fn letters_far_behind_the_beginning_tell_the_encoding_too() {
        let plain = "closed_at,comment\n".repeat(CHUNK / 10);
        let old = [plain.as_bytes(), b"2026-03-04,Gr\xfc\xdfe, sch\xf6n sp\xe4t\n"].concat();
        assert_eq!(Encoding::of_file(&old[..]).unwrap().word(), "windows-1252");
        assert_eq!(Encoding::of_file(plain.as_bytes()).unwrap(), Encoding::UTF_8);
        // A character that is split between two parts is not invalid.
        let cut = [&b"x".repeat(CHUNK - 1)[..], "é".as_bytes()].concat();
        assert_eq!(Encoding::of_file(&cut[..]).unwrap(), Encoding::UTF_8);
    }

    #[test]
    fn encodings_have_the_names_of_the_standard_and_usual_short_ones() {
        for (word, expected) in [
            ("UTF-8", "utf-8"),
            ("utf8", "utf-8"),
            ("utf16", "utf-16le"),
            ("utf-16be", "utf-16be"),
            ("latin1", "windows-1252"),
            ("cp1251", "windows-1251"),
            ("win-1251", "windows-1251"),
            ("koi8-r", "koi8-r"),
        ] {
            assert_eq!(Encoding::parse(word).map(Encoding::word).as_deref(), Some(expected), "{word}");
        }
        assert!(Encoding::parse("utf-9").is_none() && Encoding::parse("iso-2022-kr").is_none());
    }
}
