//! Imports the sessions that lie in folders of transcripts: passes over what is known, and adds up what was done.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::sessions::{Counted, Session, find_session, find_sessions};
use super::state::{ImportState, Oddities};
use crate::error::Result;
use crate::event::time;
use crate::monitor::{ImportOptions, ImportReport, Importer, ModelUsage, Monitor, Unknown};
use crate::transcript::PRICES;

/// What is remembered is written at least so often.
const SAVE_EVERY: Duration = Duration::from_secs(2);

/// What to import, and from where.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Asked {
    /// Folders of transcripts, absolute.
    pub folders: Vec<PathBuf>,
    /// Only the session whose own file has this path.
    pub session: Option<PathBuf>,
    /// The rest.
    #[serde(flatten)]
    pub options: ImportOptions,
}

/// What an import found, and what became of it.
#[derive(Debug, Serialize)]
pub struct Summary {
    schema: u32,
    dry_run: bool,
    folders: Vec<PathBuf>,
    sessions: usize,
    unchanged: usize,
    files: usize,
    lines: u64,
    unknown_types: Unknown,
    unknown_fields: Unknown,
    bytes: u64,
    skills: u64,
    episodes: u64,
    subagents: u64,
    cujs: u64,
    provider_calls: u64,
    imported: u64,
    already_there: u64,
    damaged: u64,
    usage: BTreeMap<String, ModelUsage>,
    prices: Option<&'static str>,
    /// Sessions of which more can be said when some time has passed.
    waiting: u64,
    #[serde(serialize_with = "iso")]
    first: Option<i64>,
    #[serde(serialize_with = "iso")]
    last: Option<i64>,
}

/// What could be imported, and what earlier imports did not understand.
#[derive(Debug, Serialize)]
pub struct Importable {
    #[serde(flatten)]
    all: Counted,
    /// Those with something to import.
    new: usize,
    seen: Imported,
}

#[derive(Debug, Serialize)]
struct Imported {
    sessions: usize,
    #[serde(flatten)]
    odd: Oddities,
}

/// What an import from folders would have to do at a time, epoch ms, and what is remembered of earlier ones.
#[must_use]
pub fn importable(monitor: &Monitor, folders: &[PathBuf], now: f64) -> Importable {
    let sessions = find_sessions(folders);
    let (cache, data) = monitor.cache_and_data();
    let state = ImportState::read(cache, &data, rules_of(&ImportOptions::default()));
    let at = time::from_js(now);
    let (seen, odd) = state.oddities();
    Importable {
        all: Counted::of(&sessions),
        new: sessions.iter().filter(|session| !state.is_known(session, None, at)).count(),
        seen: Imported { sessions: seen, odd },
    }
}

/// A text of the settings by which events are found.
fn rules_of(options: &ImportOptions) -> String {
    format!("{:?}", (&options.cuj, options.duplicates))
}

#[expect(clippy::ref_option, reason = "serde calls it so")]
fn iso<S: serde::Serializer>(at: &Option<i64>, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    at.map(time::iso).serialize(serializer)
}

/// How far an import is.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Progress {
    sessions: usize,
    of_sessions: usize,
    bytes: u64,
    of_bytes: u64,
}

/// An import, some sessions after the other.
pub struct Import {
    importer: Option<Importer>,
    state: ImportState,
    open: std::vec::IntoIter<Session>,
    since: Option<f64>,
    now: f64,
    progress: Progress,
    saved: Instant,
    report: Summary,
}

impl std::fmt::Debug for Import {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Import").field("progress", &self.progress).finish_non_exhaustive()
    }
}

impl Import {
    /// Lists the sessions and, when there may be something new in one, takes the lock and reads what is on record.
    ///
    /// # Errors
    /// When another import is at work, what is on record cannot be read, or nothing may be written.
    pub fn begin(monitor: &Arc<Monitor>, asked: Asked, now: f64) -> Result<Self> {
        let Asked { folders, session, options } = asked;
        let sessions = match &session {
            Some(name) => find_session(name).into_iter().collect(),
            None => find_sessions(&folders),
        };
        let rules = rules_of(&options);
        let (cache, data) = monitor.cache_and_data();
        let state = ImportState::read(cache, &data, rules);
        let mut import = Self {
            importer: None,
            state,
            open: Vec::new().into_iter(),
            since: options.since,
            now,
            progress: Progress::default(),
            saved: Instant::now(),
            report: Summary::new(folders, &sessions, options.dry_run),
        };
        import.take_up(monitor, sessions, options, session.is_some())?;
        Ok(import)
    }

    fn take_up(
        &mut self,
        monitor: &Arc<Monitor>,
        sessions: Vec<Session>,
        options: ImportOptions,
        one: bool,
    ) -> Result<()> {
        let at = time::from_js(self.now);
        let (dry_run, total) = (options.dry_run, sessions.len());
        let is_new = |state: &ImportState, session: &Session| dry_run || !state.is_known(session, self.since, at);
        if sessions.iter().any(|session| is_new(&self.state, session)) {
            if !dry_run && monitor.may_write() {
                self.state.lock()?;
            }
            self.importer = Some(Importer::new(Arc::clone(monitor), options, one)?);
            let open: Vec<Session> = sessions.into_iter().filter(|session| is_new(&self.state, session)).collect();
            self.progress.of_sessions = open.len();
            self.progress.of_bytes = open.iter().map(|session| session.size).sum();
            self.open = open.into_iter();
        }
        self.report.unchanged = total - self.progress.of_sessions;
        Ok(())
    }

    /// Imports the next sessions; false when there are none.
    ///
    /// # Errors
    /// When a file cannot be read, or the disk does not take the records.
    pub fn advance(&mut self) -> Result<bool> {
        let Self { importer: Some(importer), open, state, report, progress, .. } = self else { return Ok(false) };
        let sessions = next_of(open);
        if sessions.is_empty() {
            return Ok(false);
        }
        let files = |number: usize| sessions[number].files.iter().map(super::sessions::Transcript::as_file).collect();
        let since = self.since;
        importer.import(sessions.len(), self.now, files, |number, found| {
            let session = &sessions[number];
            state.note(session, since, found.waits_until, Oddities::of(&found));
            report.add(found);
            progress.sessions += 1;
            progress.bytes += session.size;
        })?;
        if self.saved.elapsed() > SAVE_EVERY {
            self.state.save();
            self.saved = Instant::now();
        }
        Ok(true)
    }

    /// How far it is.
    #[must_use]
    pub const fn progress(&self) -> Progress {
        self.progress
    }

    /// What was done so far.
    #[must_use]
    pub const fn summary(&self) -> &Summary {
        &self.report
    }
}

/// So many sessions, or so many of their bytes, are imported between two looks at how far it is.
const AT_ONCE: (usize, u64) = (500, 128_000_000);

/// Takes the next sessions.
fn next_of(open: &mut std::vec::IntoIter<Session>) -> Vec<Session> {
    let (most, most_bytes) = AT_ONCE;
    let mut bytes = 0;
    let mut sessions = Vec::new();
    while bytes < most_bytes && sessions.len() < most {
        let Some(session) = open.next() else { break };
        bytes += session.size;
        sessions.push(session);
    }
    sessions
}

impl Drop for Import {
    fn drop(&mut self) {
        if self.progress.sessions > 0 {
            self.state.save();
        }
    }
}

impl Summary {
    fn new(folders: Vec<PathBuf>, sessions: &[Session], dry_run: bool) -> Self {
        Self {
            schema: 1,
            dry_run,
            folders,
            sessions: sessions.len(),
            unchanged: 0,
            files: sessions.iter().map(|session| session.files.len()).sum(),
            lines: 0,
            unknown_types: Unknown::default(),
            unknown_fields: Unknown::default(),
            bytes: 0,
            skills: 0,
            episodes: 0,
            subagents: 0,
            cujs: 0,
            provider_calls: 0,
            imported: 0,
            already_there: 0,
            damaged: 0,
            usage: BTreeMap::new(),
            prices: None,
            waiting: 0,
            first: None,
            last: None,
        }
    }

    fn add(&mut self, found: ImportReport) {
        self.lines += found.lines;
        self.bytes += found.bytes;
        self.skills += found.skills;
        self.episodes += found.episodes;
        self.subagents += found.subagents;
        self.cujs += found.cujs;
        self.provider_calls += found.provider_calls;
        self.imported += found.imported;
        self.already_there += found.already_there;
        self.damaged += found.damaged;
        self.waiting += u64::from(found.waits_until.is_some());
        self.first = [self.first, found.first].into_iter().flatten().min();
        self.last = self.last.max(found.last);
        if !found.usage.is_empty() {
            self.prices = Some(PRICES);
        }
        for (model, usage) in found.usage {
            self.usage.entry(model).or_default().merge(&usage);
        }
        self.unknown_types.add(&found.unknown_types);
        self.unknown_fields.add(&found.unknown_fields);
    }
}
