//! Checks Cargo.lock: one HTTP stack, one TLS, one driver.

use super::{NEVER, ONE_VERSION, none};

/// Violations in a lock file.
pub(super) fn violations(lock: &str) -> Vec<String> {
    let count = |name: &str| lock.lines().filter(|line| *line == format!("name = \"{name}\"")).count();
    let mut found = Vec::new();
    for name in ONE_VERSION {
        let versions = count(name);
        if versions != 1 {
            found.push(format!("Cargo.lock holds {versions} versions of {name}, not one: `cargo tree -i {name}` tells who wants which"));
        }
    }
    for name in NEVER {
        if count(name) > 0 {
            found.push(format!("Cargo.lock holds {name}: `cargo tree -i {name}` tells who wants it; rustls with ring is our TLS"));
        }
    }
    found
}

#[test]
fn one_version_of_each_big_crate_is_locked() {
    none(&violations(include_str!("../../../Cargo.lock")));
}
