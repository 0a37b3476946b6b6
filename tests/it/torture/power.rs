//! A power failure: possible contents of the disk for a SQLite database whose process is dead. Data that was written but
//! not synced may be there or not, sector by sector.

use lastword::id::Ids;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Size in bytes that a disk writes completely or not at all.
const SECTOR: usize = 512;

/// Header of a record of `power_recorder.c`: kind, file, offset and length; the bytes of a write follow.
const HEAD: usize = 24;

/// The certain contents of the disk for one database.
pub(super) struct Disk {
    recorder: String,
    record: String,
    /// The database and its log.
    files: [(PathBuf, Vec<u8>); 2],
}

/// A disk operation.
enum Order<'a> {
    Write(usize, &'a [u8]),
    Length(usize),
}

impl Disk {
    /// The disk of a closed database, with the recorder in `folder`.
    pub(super) fn under(database: &Path, folder: &Path) -> Self {
        let (source, recorder) = (concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/torture/power_recorder.c"), folder.join("recorder.so"));
        let built =
            Command::new("cc").args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"]).arg(&recorder).arg(source).status();
        assert!(built.expect("a C compiler, which SQLite needs too").success());
        let files = [database.to_owned(), beside(database, "-wal")].map(|path| {
            let held = std::fs::read(&path).unwrap_or_default();
            (path, held)
        });
        Self { recorder: recorder.display().to_string(), record: folder.join("record").display().to_string(), files }
    }

    /// Environment that makes a process record its disk operations.
    pub(super) fn environment(&self) -> [(&str, &str); 3] {
        let database = self.files[0].0.to_str().expect("a path of ours");
        [("LD_PRELOAD", &self.recorder), ("POWER_RECORD", &self.record), ("POWER_DATABASE", database)]
    }

    /// Cuts the power; the process is already dead. Returns the number of written bytes that are lost.
    pub(super) fn cut(&mut self, chance: &Ids) -> usize {
        let record = std::fs::read(&self.record).expect("the process wrote it");
        let mut unsure: [Vec<Order<'_>>; 2] = Default::default();
        let mut rest = record.as_slice();
        while let Some((head, after)) = rest.split_at_checked(HEAD) {
            let number = |at: usize| u64::from_le_bytes(head[at..at + 8].try_into().expect("eight bytes")) as usize;
            let (file, place) = (usize::from(head[1]) - 1, number(8));
            // The process died while recording the last operation.
            let Some((bytes, after)) = after.split_at_checked(number(16)) else { break };
            match head[0] {
                b'w' => unsure[file].push(Order::Write(place, bytes)),
                b'l' => unsure[file].push(Order::Length(place)),
                b's' => {
                    for order in unsure[file].drain(..) {
                        order.done(&mut self.files[file].1, || true);
                    }
                }
                kind => panic!("a record of the kind {kind}"),
            }
            rest = after;
        }
        let lost = unsure.into_iter().zip(&mut self.files).map(|(orders, (path, held))| {
            // All, none, or some of it.
            let share = [0.0, 0.5, 1.0][(chance.fraction() * 3.0) as usize];
            let lost: usize = orders.into_iter().map(|order| order.done(held, || chance.fraction() < share)).sum();
            write(path, held);
            lost
        });
        let lost = lost.sum();
        // The state of the dead process and the kernel is lost too.
        let _ = std::fs::remove_file(beside(&self.files[0].0, "-shm"));
        std::fs::remove_file(&self.record).expect("it was there");
        lost
    }
}

impl Order<'_> {
    /// Applies the operation to each sector for which `reaches` is true. Returns the number of bytes that did not reach the disk.
    fn done(self, held: &mut Vec<u8>, mut reaches: impl FnMut() -> bool) -> usize {
        match self {
            Order::Length(length) => {
                if reaches() {
                    held.resize(length, 0);
                }
                0
            }
            Order::Write(place, bytes) => {
                let (mut at, mut lost) = (0, 0);
                while at < bytes.len() {
                    let end = bytes.len().min((place + at) / SECTOR * SECTOR + SECTOR - place);
                    if reaches() {
                        held.resize(held.len().max(place + end), 0);
                        held[place + at..place + end].copy_from_slice(&bytes[at..end]);
                    } else {
                        lost += end - at;
                    }
                    at = end;
                }
                lost
            }
        }
    }
}

/// A file that SQLite stores beside its database.
fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Overwritten in place: a database in another file sends nothing.
fn write(path: &Path, held: &[u8]) {
    let file = std::fs::OpenOptions::new().write(true).create(true).truncate(false).open(path).expect("its file");
    std::os::unix::fs::FileExt::write_all_at(&file, held, 0).expect("written");
    file.set_len(held.len() as u64).expect("cut to its length");
}

#[test]
fn what_was_not_waited_for_is_there_or_not_sector_by_sector() {
    let mut held = vec![1; 600];
    let mut turns = [false, true, false].into_iter();
    let lost = Order::Write(500, &[2; 600]).done(&mut held, || turns.next().expect("three sectors"));
    assert_eq!(lost, 12 + 76, "the first and the last of them");
    assert!(held[..512].iter().all(|&byte| byte == 1) && held[512..1024].iter().all(|&byte| byte == 2));
    assert_eq!(held.len(), 1024);
    Order::Length(10).done(&mut held, || false);
    assert_eq!(held.len(), 1024);
    Order::Length(10).done(&mut held, || true);
    assert_eq!(held.len(), 10);
}
