//! The one stateful type: opens a root, records, and answers by joining files, columns and aggregates.

mod ahead;
mod answer;
mod ask;
mod dashboard;
mod data_file;
mod executions;
mod export;
mod failure_groups;
mod failures;
mod follower;
mod import;
mod import_report;
mod known;
mod known_cache;
mod last_used;
mod latest;
mod legacy;
mod lines;
mod named_runs;
mod objectives;
mod progress;
mod providers;
mod record;
mod run;
mod runs;
mod seen_run;
mod settings;
mod skill_sums;
mod skills;
mod slowest;
mod state;
mod tables;
mod timeline;

use std::path::Path;
use std::sync::Arc;

use parking_lot::Mutex;
use serde::Serialize;

pub use crate::event::{Known, Packed};
pub use crate::export::Asked as AskedExport;
pub use crate::objective::{Kind as SubjectKind, Question};
pub use crate::redact::{Hit, LineRedactor, Redacted};
use answer::Answer;
pub use data_file::{DataFile, DataStat};
pub use export::Exposition;
pub use failures::Failing;
pub use follower::{Follower, Stream};
pub use import::{ImportOptions, Importer, SessionFile};
pub use import_report::{ImportReport, ModelUsage, Unknown};
pub use objectives::AgainstUsual;
pub use record::Kind;
pub use seen_run::{has_ended, total_steps};
pub use settings::Settings;
use state::{Root, State};

use crate::error::Result;
use crate::event::{Apart, CujExecution, Drafter, ProgressEvent, ProviderCall, SkillInvocation, take_apart};
use crate::redact::Redactor;
use crate::store::{Counts, Disk, Durability, Fault, Found, Layout, OsDisk, Target, Writer};

/// A record may have this many bytes before its large strings are cut, unless the caller sets another limit.
const MAX_RECORD_BYTES: usize = 256 * 1024;

/// Records and answers for one caller; several may share a root, also from other processes.
///
/// Arguments have one shape throughout: `now` is the caller's `Date.now()`, epoch ms; a window is in milliseconds,
/// `None` or 0 meaning all history; an id is the text of a JSON value, such as `"CUJ-005"` with its quotes; the fields
/// of a record are the text of a JSON object, its keys those of the file, in that order. Recording fails only when such
/// a text is no object: faults of the disk are counted in [`Monitor::health`] and told by [`Monitor::take_faults`].
///
/// ```
/// use obs_native::monitor::Monitor;
///
/// let root = tempfile::tempdir()?;
/// let monitor = Monitor::open(root.path());
/// let now = 1_767_977_312_275.0;
/// let fields = br#"{"skill":"linter","params":{"token":"abc"},"result":"success","duration_ms":90}"#;
/// monitor.record_skill(None, fields, now)?;
/// let found = monitor.query_logs(None, &Default::default(), now)?;
/// assert!(found[0].contains(r#""params":"{\"token\":\"[REDACTED]\"}""#));
/// assert_eq!(monitor.health().counts.accepted, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Locks are taken in this order, each while those before it may be held and never the other way round, or two threads of a
/// program would wait for each other: what was settled of past days, then the index of one file, then the monitor's own
/// state, then the list of roots that are open in this process. Each question holds its file's index while it asks the state.
#[derive(Debug)]
pub struct Monitor {
    disk: Arc<dyn Disk>,
    state: Mutex<State>,
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
        let state = State {
            layout: Layout::new(root),
            root: None,
            writer: Writer::new(Arc::clone(&disk), found_in),
            drafter: Drafter::new(MAX_RECORD_BYTES),
            fields: Vec::new(),
            rules: None,
            disabled: false,
        };
        Self { disk, state: Mutex::new(state) }
    }

    /// Goes over to another root, with its data files in `data`; what is pending is written to the old one first, as far as
    /// its disk takes it. With the same ones there is nothing to do.
    pub fn reopen(&self, root: &Path, data: &Path) {
        let mut state = self.state.lock();
        let layout = Layout::with_data(root, data);
        if layout == state.layout {
            return;
        }
        state.writer.abandon();
        state.layout = layout;
        state.root = None;
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
            state.rules = Some(Arc::new(redactor));
        }
        if let Some(disabled) = settings.disabled {
            state.disabled = disabled;
        }
        if let Some(max_bytes) = settings.max_record_bytes {
            state.drafter.set_max_bytes(max_bytes);
        }
        Ok(())
    }

    /// Tries to write everything that is pending.
    pub fn flush(&self) {
        self.state.lock().writer.flush();
    }

    /// Tries to write everything that is pending, and from now on writes each record at once: the process is ending, and
    /// nobody will flush again.
    pub fn finish(&self) {
        let mut state = self.state.lock();
        state.writer.flush();
        if state.writer.durability() == Durability::Batch {
            state.writer.set_durability(Durability::Write);
        }
    }

    /// Flushes and gives back descriptors and memory; the next call opens again.
    pub fn close(&self) {
        let root = {
            let mut state = self.state.lock();
            state.writer.close();
            state.root.take()
        };
        if let Some(root) = root {
            root.index.release();
        }
    }

    /// Takes the faults of the disk since the last call.
    #[must_use]
    pub fn take_faults(&self) -> Vec<Fault> {
        self.state.lock().writer.take_faults()
    }

    /// The line of the record that was built last, without its newline; empty before the first one.
    #[must_use]
    pub fn last_record(&self) -> String {
        String::from_utf8_lossy(self.state.lock().drafter.last().line.trim_ascii_end()).into_owned()
    }

    /// What became of the records so far, and where they go.
    #[must_use]
    pub fn health(&self) -> StoreHealth {
        let root = self.state.lock().root.clone();
        let skipped_lines = root.map_or(0, |root| root.index.skipped());
        let state = self.state.lock();
        StoreHealth {
            counts: state.writer.counts().clone(),
            skipped_lines,
            durability: state.writer.durability(),
            project_root: state.layout.root().to_string_lossy().into_owned(),
        }
    }

    fn root(&self) -> Arc<Root> {
        self.state.lock().root(&*self.disk)
    }
}

/// How a file's reader finds a record behind a fragment.
fn found_in(target: &Target) -> Found {
    match target {
        Target::Executions => |line, at| begins_at(&take_apart::<CujExecution<'_>>(line), at),
        Target::Progress => |line, at| begins_at(&take_apart::<ProgressEvent<'_>>(line), at),
        Target::Providers => |line, at| begins_at(&take_apart::<ProviderCall<'_>>(line), at),
        Target::Skills(..) => |line, at| begins_at(&take_apart::<SkillInvocation<'_>>(line), at),
    }
}

fn begins_at(apart: &Apart, at: usize) -> bool {
    apart.records.iter().any(|record| record.start == at)
}
