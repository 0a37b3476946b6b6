//! The demo's folder: its settings, its key and its database, deleted at the end.

use super::{SITE, SUPERVISOR};
use crate::app::StartError;
use crate::settings::Settings;
use lastword_demo::cast::{FIELDS, LABELS, LIVE_LINE, SHOP};
use std::fmt::Write;
use std::fs::DirBuilder;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The demo's folder.
pub(super) struct Folder {
    path: PathBuf,
    keep: bool,
}

impl Folder {
    /// Creates the folder in the system's temporary folder, private to the user.
    ///
    /// # Errors
    /// If it cannot be created.
    pub(super) fn make(name: &str, keep: bool) -> Result<Self, StartError> {
        let path = std::env::temp_dir().join(format!("lastword-demo-{name}"));
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(|error| StartError::Other(format!("cannot make the folder {}: {error}", path.display())))?;
        Ok(Self { path, keep })
    }

    /// Path of the folder.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes and reads the settings of a node that listens on `address`; `stand_ins` are the settings of the demo's other services. The
    /// machine's own settings are not used.
    ///
    /// # Errors
    /// If the file cannot be written.
    /// When the file cannot be written.
    pub(super) fn settings(&self, address: SocketAddr, stand_ins: &str) -> Result<Settings, StartError> {
        let mut origins = vec![format!("http://{address}")];
        if address.ip().is_loopback() || address.ip().is_unspecified() {
            origins.extend(["127.0.0.1", "localhost", "[::1]"].map(|host| format!("http://{host}:{}", address.port())));
        }
        // Browsers omit this port from the origin.
        if address.port() == 80 {
            origins.iter_mut().for_each(|origin| *origin = origin.trim_end_matches(":80").to_owned());
        }
        let database = self.path.join("lastword.db");
        let mut text = format!("[http]\nlisten = \"{address}\"\n[organisation]\nname = {SHOP:?}\n");
        let _ = writeln!(text, "[sessions]\nlabels = {LABELS:?}\nfields = {FIELDS:?}");
        let _ = writeln!(text, "[database]\nurl = {:?}", format!("sqlite://{}", database.display()));
        for name in [SITE, SUPERVISOR] {
            let _ = writeln!(text, "[connections.{name}]\nkind = \"webchat\"\nline = {LIVE_LINE:?}\norigins = {origins:?}");
        }
        text.push_str(stand_ins);
        let file = self.path.join("lastword.toml");
        std::fs::write(&file, text).map_err(|error| StartError::Other(format!("cannot write {}: {error}", file.display())))?;
        Ok(Settings::load(Some(&file), std::iter::empty())?)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.keep {
            // What cannot be deleted is in the system's temporary folder, which is cleaned by the system.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}
