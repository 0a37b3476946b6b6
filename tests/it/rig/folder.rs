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

#[test]
fn a_folder_stays_only_where_a_test_has_failed() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let failing = std::thread::spawn(move || {
        let folder = Folder::new();
        sender.send(folder.path().to_owned()).expect("heard");
        panic!("on purpose: a test that fails");
    });
    failing.join().expect_err("it failed");
    let kept = receiver.recv().expect("told");
    assert!(kept.is_dir());
    std::fs::remove_dir(&kept).expect("empty");

    let passed = Folder::new().path().to_owned();
    assert!(!passed.exists());
}
