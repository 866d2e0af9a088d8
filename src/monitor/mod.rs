//! The one stateful type: opens a root, records, and answers by joining files, columns and aggregates.

mod dashboard;
mod executions;
mod follower;
mod legacy;
mod progress;
mod providers;
mod recorded_lines;
mod settings;
mod skills;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use serde::Serialize;

pub use follower::Follower;
pub use recorded_lines::{Hit, LineRedactor, Redacted};
pub use settings::Settings;

use crate::column::Damaged;
use crate::error::{Error, Result};
use crate::event::{Drafter, time};
use crate::index::{Columns, Indexed, RootIndex, View};
use crate::redact::Redactor;
use crate::store::{Counts, Disk, Durability, Fault, Layout, OsDisk, Reason, Target, Writer};

/// Records and answers for one caller; several may share a root, also from other processes.
#[derive(Debug)]
pub struct Monitor {
    disk: Arc<dyn Disk>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    root: Root,
    writer: Writer,
    drafter: Drafter,
    redactor: Arc<Redactor>,
    disabled: bool,
}

#[derive(Debug, Clone)]
struct Root {
    layout: Layout,
    index: Arc<RootIndex>,
}

/// What a record call tells its caller.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recorded {
    /// There are faults to take.
    pub faults: bool,
    /// The stored record differs from what was given.
    pub changed: bool,
    /// Something is held in memory.
    pub pending: bool,
}

/// What `getStoreHealth()` reports.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StoreHealth {
    /// What became of the records.
    #[serde(flatten)]
    pub counts: Counts,
    /// Lines of the files read so far that did not count.
    pub skipped_lines: u64,
    /// When records have to be in their files.
    pub durability: Durability,
    /// The project root.
    pub project_root: String,
}

impl Monitor {
    /// A monitor for the project at `root`.
    #[must_use]
    pub fn open(root: &Path) -> Self {
        Self::on(Arc::new(OsDisk), root)
    }

    /// A monitor on a disk of the caller's.
    #[must_use]
    pub fn on(disk: Arc<dyn Disk>, root: &Path) -> Self {
        let settings = Settings::default();
        let state = State {
            root: Root::open(root, &*disk),
            writer: Writer::new(Arc::clone(&disk)),
            drafter: Drafter::new(settings.max_record_bytes),
            redactor: Arc::default(),
            disabled: false,
        };
        Self { disk, state: Mutex::new(state) }
    }

    /// Goes over to another root; what is pending is written to the old one first, as far as its disk takes it.
    pub fn reopen(&self, root: &Path) {
        let mut state = self.state.lock();
        state.writer.abandon();
        state.root = Root::open(root, &*self.disk);
    }

    /// Applies settings; those left out stay as they are.
    ///
    /// # Errors
    /// When a setting cannot be used; then nothing changes.
    pub fn configure(&self, settings: &Settings) -> Result<()> {
        let redactor = settings.redact.as_ref().map(Redactor::new).transpose()?;
        let mut state = self.state.lock();
        if let Some(durability) = settings.durability {
            state.writer.flush();
            state.writer.set_durability(durability);
        }
        if let Some(redactor) = redactor {
            state.redactor = Arc::new(redactor);
        }
        if let Some(disabled) = settings.disabled {
            state.disabled = disabled;
        }
        state.drafter = Drafter::new(settings.max_record_bytes);
        Ok(())
    }

    /// Tries to write everything that is pending.
    pub fn flush(&self) {
        self.state.lock().writer.flush();
    }

    /// Flushes and gives back descriptors and memory; the next call opens again.
    pub fn close(&self) {
        let mut state = self.state.lock();
        state.writer.close();
        state.root.index.release();
        let root = state.root.layout.root().to_owned();
        state.root = Root::open(&root, &*self.disk);
    }

    /// Takes the faults of the disk since the last call.
    #[must_use]
    pub fn take_faults(&self) -> Vec<Fault> {
        self.state.lock().writer.take_faults()
    }

    /// The line of the record that was built last, without its newline.
    #[must_use]
    pub fn last_record(&self) -> String {
        String::from_utf8_lossy(self.state.lock().drafter.last().line.trim_ascii_end()).into_owned()
    }

    /// What became of the records so far, and where they go.
    #[must_use]
    pub fn health(&self) -> StoreHealth {
        let state = self.state.lock();
        StoreHealth {
            counts: state.writer.counts().clone(),
            skipped_lines: state.root.index.skipped(),
            durability: state.writer.durability(),
            project_root: state.root.layout.root().to_string_lossy().into_owned(),
        }
    }

    fn root(&self) -> Root {
        self.state.lock().root.clone()
    }

    /// Answers from a file's columns, after taking in what is new in the file and what is still in memory.
    fn ask<C: Columns, T>(
        &self,
        target: &Target,
        indexed: &Mutex<Indexed<C>>,
        answer: impl FnMut(&mut View<'_, C>) -> Answer<T>,
    ) -> Result<T> {
        let pending = self.pending(target);
        let failed = |source| Error::io("read", &self.root().path(target))(source);
        self.ask_indexed(&mut indexed.lock(), &pending, answer).map_err(failed)
    }

    /// The same for an index that is at hand. Columns whose cache proves damaged are made anew, once.
    fn ask_indexed<C: Columns, T>(
        &self,
        indexed: &mut Indexed<C>,
        pending: &[u8],
        mut answer: impl FnMut(&mut View<'_, C>) -> Answer<T>,
    ) -> std::io::Result<T> {
        let disk = &*self.disk;
        let mut fresh;
        let indexed = if pending.is_empty() {
            indexed.catch_up(disk)?;
            indexed
        } else {
            fresh = indexed.with_pending(disk, pending)?;
            &mut fresh
        };
        let first = answer(&mut indexed.view(disk, pending)?);
        if matches!(first, Err(Trouble::Damaged)) {
            indexed.rebuild(disk, pending)?;
            return answer(&mut indexed.view(disk, pending)?).map_err(Trouble::into_io);
        }
        first.map_err(Trouble::into_io)
    }

    /// Lines that the disk does not take even now.
    fn pending(&self, target: &Target) -> Vec<u8> {
        let mut state = self.state.lock();
        if state.writer.has_pending() {
            state.writer.flush();
        }
        state.writer.pending_lines(target).to_vec()
    }
}

/// An answer that may have to be made from the file anew.
type Answer<T> = std::result::Result<T, Trouble>;

/// Why an answer could not be made.
enum Trouble {
    Damaged,
    Disk(std::io::Error),
}

impl Trouble {
    fn into_io(self) -> std::io::Error {
        match self {
            Self::Damaged => std::io::Error::other(Damaged),
            Self::Disk(error) => error,
        }
    }
}

impl From<Damaged> for Trouble {
    fn from(_: Damaged) -> Self {
        Self::Damaged
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self::Disk(error)
    }
}

impl Root {
    fn open(root: &Path, disk: &dyn Disk) -> Self {
        let layout = Layout::new(root);
        let index = RootIndex::of(&layout, disk);
        Self { layout, index }
    }

    fn path(&self, target: &Target) -> PathBuf {
        self.layout.path(target, time::day_text)
    }
}

impl State {
    /// Appends the draft that was built last and tells what came of it.
    fn append_draft(&mut self, target: &Target) -> Recorded {
        let draft = self.drafter.last();
        let changed = draft.changed;
        if self.disabled {
            self.writer.refuse(Reason::Disabled);
        } else {
            let layout = &self.root.layout;
            self.writer.record(target, &draft.line, || layout.path(target, time::day_text));
        }
        Recorded { faults: self.writer.has_faults(), changed, pending: self.writer.has_pending() }
    }
}
