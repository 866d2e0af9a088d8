//! Remembers which transcripts were imported, so that only what is new is read; it may be deleted at any time.

use std::collections::BTreeMap;
use std::hash::Hasher;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use siphasher::sip128::{Hasher128, SipHasher13};

use super::sessions::Session;
use crate::error::{Error, Result};
use crate::monitor::{ImportReport, Unknown};
use crate::store::{Disk, OsDisk, make_cache_folder, read_whole};

/// Another number means that everything is read again.
const VERSION: u32 = 4;

const NAME: &str = "import-claude";

/// A larger file of ours there is not: a few hundred bytes for each session.
pub(super) const MOST_BYTES: u64 = 64 << 20;

/// What is remembered for a workspace, and the lock under which it is written.
pub(super) struct ImportState {
    folder: PathBuf,
    lock: Option<Box<dyn Send>>,
    known: Remembered,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Remembered {
    version: u32,
    /// The folder of the data files that the sessions were imported into.
    data: PathBuf,
    /// A text of the settings by which events were found.
    rules: String,
    sessions: BTreeMap<String, Seen>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Seen {
    /// What its files were.
    files: String,
    /// From which time on it was imported, epoch ms.
    since: f64,
    /// When more can be said although nothing is written, epoch ms.
    waits: Option<i64>,
    /// What was not understood of it.
    #[serde(default, skip_serializing_if = "Oddities::is_none")]
    odd: Oddities,
}

/// Lines that an import did not understand.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Oddities {
    /// Those that could not be read.
    pub damaged: u64,
    /// Those of unknown types, by type.
    pub unknown_types: Unknown,
    /// Their members that are not known, as `type.member`.
    pub unknown_fields: Unknown,
}

impl Oddities {
    /// Those of a session.
    pub fn of(report: &ImportReport) -> Self {
        Self {
            damaged: report.damaged,
            unknown_types: report.unknown_types.clone(),
            unknown_fields: report.unknown_fields.clone(),
        }
    }

    fn is_none(&self) -> bool {
        self.damaged == 0 && self.unknown_types.is_empty() && self.unknown_fields.is_empty()
    }

    /// Adds those of another session.
    pub fn add(&mut self, other: &Self) {
        self.damaged += other.damaged;
        self.unknown_types.add(&other.unknown_types);
        self.unknown_fields.add(&other.unknown_fields);
    }
}

impl ImportState {
    /// What is remembered in a cache's folder of imports into `data` by these rules.
    pub fn read(folder: PathBuf, data: &Path, rules: String) -> Self {
        let known = Remembered { version: VERSION, data: data.to_owned(), rules, sessions: BTreeMap::new() };
        let mut state = Self { folder, lock: None, known };
        state.refresh();
        state
    }

    fn file(&self) -> PathBuf {
        self.folder.join(format!("{NAME}.json"))
    }

    fn refresh(&mut self) {
        // Where there is none yet, or it is none of ours, everything is read.
        let text = read_whole(&OsDisk, &self.file(), MOST_BYTES).unwrap_or_default();
        let found = serde_json::from_slice::<Remembered>(&text).ok();
        let is_ours = |found: &Remembered| {
            (found.version, &found.data, &found.rules) == (VERSION, &self.known.data, &self.known.rules)
        };
        self.known.sessions = found.filter(is_ours).unwrap_or_default().sessions;
    }

    /// Whether nothing can be new in a session at a moment, epoch ms.
    pub fn is_known(&self, session: &Session, since: Option<f64>, now: i64) -> bool {
        self.known.sessions.get(&*session.name.to_string_lossy()).is_some_and(|seen| {
            seen.files == hash_of(session)
                && seen.since <= since.unwrap_or(0.0)
                && seen.waits.is_none_or(|waits| now < waits)
        })
    }

    /// Notes that a session was imported from a time on; `waits` is when more can be said of it, `odd` what was not understood.
    pub fn note(&mut self, session: &Session, since: Option<f64>, waits: Option<i64>, odd: Oddities) {
        let seen = Seen { files: hash_of(session), since: since.unwrap_or(0.0), waits, odd };
        self.known.sessions.insert(session.name.to_string_lossy().into_owned(), seen);
    }

    /// How many sessions are remembered, and what was not understood of them.
    pub fn oddities(&self) -> (usize, Oddities) {
        let mut odd = Oddities::default();
        self.known.sessions.values().for_each(|seen| odd.add(&seen.odd));
        (self.known.sessions.len(), odd)
    }

    /// Nobody else imports into this workspace until the lock is given back; never waits.
    pub fn lock(&mut self) -> Result<()> {
        let path = self.folder.join(format!("{NAME}.lock"));
        make_cache_folder(&OsDisk, &self.folder).map_err(Error::io("make", &self.folder))?;
        self.lock = OsDisk.try_lock(&path).map_err(Error::io("lock", &path))?;
        if self.lock.is_none() {
            return Err(Error::Busy("another import into this workspace is running; try again when it is done"));
        }
        self.refresh();
        Ok(())
    }

    /// Writes what is remembered; without it the next import reads everything again, which changes nothing but its time.
    pub fn save(&self) {
        if self.lock.is_none() {
            return;
        }
        let next = self.folder.join(format!("{NAME}.json.new"));
        let text = serde_json::to_vec(&self.known).unwrap_or_default();
        let _ = std::fs::remove_file(&next);
        // A loss of power may leave less than the whole file, and then everything is read again.
        let kept = write_private(&next, &text).and_then(|()| OsDisk.rename(&next, &self.file()));
        if kept.is_err() {
            let _ = std::fs::remove_file(&next);
        }
    }
}

/// Writes a new file that only its owner reads, without waiting for the device.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    std::io::Write::write_all(&mut options.open(path)?, bytes)
}

/// A number for the files of a session as they were seen, as text.
fn hash_of(session: &Session) -> String {
    let mut hasher = SipHasher13::new();
    for file in &session.files {
        hasher.write(file.path.file_name().unwrap_or_default().as_encoded_bytes());
        hasher.write_u8(0);
        hasher.write(&file.seen.size.to_le_bytes());
        hasher.write(&file.seen.modified.to_le_bytes());
        hasher.write(&file.seen.identity.inode.to_le_bytes());
    }
    format!("{:032x}", hasher.finish128().as_u128())
}
