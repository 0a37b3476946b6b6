//! Random numbers from one seed, and the trace that shows if two runs were the same.

/// A seed for one part of a run: neighbouring seeds are unrelated.
pub(crate) fn mix(seed: u64, part: u64) -> u64 {
    let mut mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ part.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 29)
}

/// All events as one number (FNV-1a) and, on demand, as text.
#[derive(Debug)]
pub(crate) struct Trace {
    pub(crate) hash: u64,
    loud: bool,
}

impl Trace {
    pub(crate) fn new(loud: bool) -> Self {
        Self { hash: 0xcbf2_9ce4_8422_2325, loud }
    }

    pub(crate) fn note(&mut self, text: &str) {
        self.hash = text.bytes().fold(self.hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        if self.loud {
            eprintln!("{text}");
        }
    }
}
