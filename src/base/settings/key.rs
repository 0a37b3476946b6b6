//! The key that signs buttons and links: from the settings, or stored in a file that is created on the first start.

use super::problem::{SettingsProblem, ValueSource};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretSlice};
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// Minimum length of a key in bytes.
pub const KEY_BYTES_MIN: usize = 32;

/// A key for MACs; never displayed.
#[derive(Clone, Debug)]
pub struct Key(SecretSlice<u8>);

impl Key {
    pub(super) const REMEDY: &'static str = "is not a key of 32 bytes or more in hex or base64; make one with: openssl rand -hex 32";

    /// Wraps bytes of sufficient length.
    pub fn new(bytes: [u8; KEY_BYTES_MIN]) -> Self {
        Self(bytes.to_vec().into())
    }

    /// Parses hex or base64; `None` if it is neither, or too short.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let bytes = hex::decode(text)
            .or_else(|_| STANDARD.decode(text))
            .or_else(|_| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')))
            .ok()
            .filter(|bytes| bytes.len() >= KEY_BYTES_MIN)?;
        Some(Self(bytes.into()))
    }

    /// The bytes, for a MAC.
    pub fn bytes(&self) -> &[u8] {
        self.0.expose_secret()
    }
}

/// Reads the key from the file at `path`. If the file is missing, creates it from `fresh`, readable only by its owner.
pub(super) fn read_or_make(path: &Path, fresh: [u8; KEY_BYTES_MIN]) -> Result<Key, SettingsProblem> {
    let fail = |message: String| SettingsProblem::new("security.key", ValueSource::file(path), message);
    match make(path, fresh) {
        Ok(()) => return Ok(Key::new(fresh)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => {
            return Err(fail(format!("cannot be made ({error}); make its folder writable, or set LASTWORD__SECURITY__KEY")));
        }
    }
    if others_can_read(path).unwrap_or(false) {
        return Err(fail("can be read by other users; run: chmod 600 on it".to_owned()));
    }
    let text = fs::read_to_string(path).map_err(|error| fail(format!("cannot be read ({error}); make it readable for this user")))?;
    Key::parse(&text).ok_or_else(|| {
        fail("does not hold a key; put the .key file of a backup in its place (without it, buttons already sent stop working)".to_owned())
    })
}

/// Creates the file atomically: a crash never leaves half a key.
fn make(path: &Path, fresh: [u8; KEY_BYTES_MIN]) -> io::Result<()> {
    if path.try_exists()? {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let half_made = path.with_extension(format!("new-{}", hex::encode(&fresh[..4])));
    let made = write_private(&half_made, &fresh).and_then(|()| fs::hard_link(&half_made, path));
    // Two processes may start at the same time; the link of the first one counts.
    let removed = fs::remove_file(&half_made);
    made.and(removed)?;
    fs::File::open(path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))?.sync_all()
}

fn write_private(path: &Path, key: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{}", hex::encode(key))?;
    file.sync_all()
}

#[cfg(unix)]
fn others_can_read(path: &Path) -> io::Result<bool> {
    Ok(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path)?.permissions()) & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_can_read(_: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_and_base64_are_keys_and_short_ones_are_not() {
        let bytes = [0xfb_u8; 32];
        for text in [hex::encode(bytes), STANDARD.encode(bytes), URL_SAFE_NO_PAD.encode(bytes), format!("{}\n", hex::encode(bytes))] {
            assert_eq!(Key::parse(&text).map(|key| key.bytes().to_vec()), Some(bytes.to_vec()), "{text}");
        }
        for text in ["", "short", &hex::encode([1; 31]), &"ü".repeat(40)] {
            assert!(Key::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_first_start_makes_a_private_file_and_the_second_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lastword.key");
        assert_eq!(read_or_make(&path, [7; 32]).unwrap().bytes(), [7; 32]);
        assert_eq!(read_or_make(&path, [8; 32]).unwrap().bytes(), [7; 32], "the key in the file counts");
        assert!(!others_can_read(&path).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half-made is left");
    }

    #[test]
    fn a_damaged_or_open_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lastword.key");
        write_private(&path, b"x").unwrap();
        assert!(read_or_make(&path, [7; 32]).unwrap_err().to_string().contains("does not hold a key"));
        #[cfg(unix)]
        {
            fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
            assert!(read_or_make(&path, [7; 32]).unwrap_err().to_string().contains("chmod 600"));
        }
        let nowhere = folder.path().join("none/lastword.key");
        assert!(read_or_make(&nowhere, [7; 32]).unwrap_err().to_string().contains("LASTWORD__SECURITY__KEY"));
    }
}
