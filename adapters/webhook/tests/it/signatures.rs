//! Signatures against the standard's vectors, and against every single flipped bit.

use crate::receiver::SECRET;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lastword_webhook::signature::Keys;

/// The vector of the standard's own libraries.
const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const AT_SECS: i64 = 1_614_265_330;
const BODY: &[u8] = br#"{"test": 2432232314}"#;
const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

fn keys(current: &str, previous: Option<&str>) -> Result<Keys, String> {
    Keys::parse(&current.into(), previous.map(Into::into).as_ref())
}

#[test]
fn signs_and_takes_the_vector_of_the_standard() {
    let keys = keys(SECRET, None).unwrap();
    assert_eq!(keys.sign(ID, AT_SECS, BODY), SIGNATURE);
    assert!(keys.verify(SIGNATURE, ID, AT_SECS, BODY));
}

#[test]
fn takes_one_good_signature_among_others() {
    let keys = keys(SECRET, None).unwrap();
    for others in ["v1,AAAA", "v1a,bm90IGZvciB1cw==", "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "", "v1,!!"] {
        assert!(keys.verify(&format!("{others} {SIGNATURE}"), ID, AT_SECS, BODY), "{others}");
        assert!(!keys.verify(others, ID, AT_SECS, BODY), "{others}");
    }
    let buried = format!("{}{SIGNATURE}", "v1,AAAA ".repeat(100));
    assert!(!keys.verify(&buried, ID, AT_SECS, BODY), "a header of a hundred signatures is not read to its end");
}

#[test]
fn refuses_every_flipped_bit() {
    let keys = keys(SECRET, None).unwrap();
    let flips = |bytes: &[u8]| -> Vec<Vec<u8>> {
        let flip = |bit: usize| {
            let mut flipped = bytes.to_vec();
            flipped[bit / 8] ^= 1 << (bit % 8);
            flipped
        };
        (0..bytes.len() * 8).map(flip).collect()
    };
    for body in flips(BODY) {
        assert!(!keys.verify(SIGNATURE, ID, AT_SECS, &body));
    }
    for signature in flips(SIGNATURE.as_bytes()).into_iter().filter_map(|bytes| String::from_utf8(bytes).ok()) {
        assert!(!keys.verify(&signature, ID, AT_SECS, BODY), "{signature}");
    }
    for id in flips(ID.as_bytes()).into_iter().filter_map(|bytes| String::from_utf8(bytes).ok()) {
        assert!(!keys.verify(SIGNATURE, &id, AT_SECS, BODY), "{id}");
    }
    for bit in 0..63 {
        assert!(!keys.verify(SIGNATURE, ID, AT_SECS ^ (1 << bit), BODY), "bit {bit} of the time");
    }
}

#[test]
fn refuses_a_signature_that_is_only_the_beginning() {
    let keys = keys(SECRET, None).unwrap();
    let whole = STANDARD.decode(&SIGNATURE["v1,".len()..]).unwrap();
    assert_eq!(whole.len(), 32);
    for length in 0..whole.len() {
        let part = format!("v1,{}", STANDARD.encode(&whole[..length]));
        assert!(!keys.verify(&part, ID, AT_SECS, BODY), "the first {length} bytes were enough");
    }
}

#[test]
fn signs_with_both_secrets_during_a_rotation_and_takes_either() {
    let (old, new) = ("an old raw secret, long enough", "a new raw secret, long enough");
    let both = keys(new, Some(old)).unwrap();
    let signed = both.sign(ID, AT_SECS, BODY);
    assert_eq!(signed.split(' ').count(), 2);
    for one in [old, new] {
        let one = keys(one, None).unwrap();
        assert!(one.verify(&signed, ID, AT_SECS, BODY));
        assert!(both.verify(&one.sign(ID, AT_SECS, BODY), ID, AT_SECS, BODY));
    }
    let stranger = keys("somebody else's raw secret", None).unwrap();
    assert!(!stranger.verify(&signed, ID, AT_SECS, BODY));
}

#[test]
fn refuses_secrets_that_protect_nothing_without_quoting_them() {
    for (secret, why) in [
        ("", "at least 24"),
        ("hunter2", "at least 24"),
        ("whsec_", "at least 24"),
        ("whsec_aHVudGVyMg==", "at least 24"),
        ("whsec_???", "base64"),
    ] {
        let error = keys(secret, None).unwrap_err();
        assert!(error.contains(why) && !error.contains("hunter2"), "{secret}: {error}");
    }
    assert!(keys(SECRET, Some("hunter2")).is_err(), "the previous one counts too");
    assert!(keys(&format!(" {SECRET}\n"), None).unwrap().verify(SIGNATURE, ID, AT_SECS, BODY), "pasted with blanks");
}
