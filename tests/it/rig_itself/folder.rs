//! Folders of tests.

use crate::rig::folder::Folder;

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
