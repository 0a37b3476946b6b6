#![no_main]

#[allow(dead_code, reason = "one target of many")]
#[path = "../src/parsers.rs"]
mod parsers;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    parsers::webchat(bytes);
});
