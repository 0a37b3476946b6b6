//! A folder for one test. It is deleted after the test; if the test fails it stays, so that the database, the settings and
//! the output can be inspected.

use std::path::Path;
use tempfile::TempDir;

/// The folder.
#[derive(Debug)]
pub(crate) struct Folder(TempDir);

impl Folder {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.disable_cleanup(true);
            eprintln!("---- what it kept is in {}", self.0.path().display());
        }
    }
}
