//! Imports what transcripts of Claude Code tell: reads the files of a session, and records each event once.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use memchr::memchr;
use regex::bytes::Regex;
use serde::Deserialize;

use super::ahead::in_order;
use super::import_report::{ImportReport, Unknown};
use super::known::{self, Known, NEAR_MS};
use super::{Kind, Monitor};
use crate::error::{Error, Result};
use crate::event::time::{day_of, parse_day};
use crate::json;
use crate::redact;
use crate::store::{LineReader, Parse, Part, Sink, Target, day_of_file};
use crate::transcript::{self, CujFinder, Event, Fact, Found, Session, found_by, read_noting};

/// How a command names the CUJ that it runs, where the caller does not say otherwise.
const CUJ: &str = r"run-cuj\S*\s+(CUJ-\d+)";

/// What each of its matches begins with, in any case.
const CUJ_BEGINS: &[u8] = b"run-cuj";

/// The CUJ that a command runs by the usual expression, which is made when a command may match: that takes longer than most
/// hooks live.
fn usual_cuj(command: &[u8]) -> Option<transcript::Text> {
    static USUAL: LazyLock<Option<Regex>> = LazyLock::new(|| redact::expression(CUJ).ok());
    let may_match = command.windows(CUJ_BEGINS.len()).any(|part| part.eq_ignore_ascii_case(CUJ_BEGINS));
    if may_match { found_by(USUAL.as_ref()?, command) } else { None }
}

/// An error is cut at this many UTF-16 units, after it was redacted.
const ERROR_UNITS: usize = 500;

/// How often a session whose files are replaced while they are read is read again.
const TRIES: usize = 5;

/// A shorter file is read by one thread where other sessions are read at the same time, and where there is only one.
const MANY_ALONE_BELOW: u64 = 32 << 20;
const ONE_ALONE_BELOW: u64 = 4 << 20;

/// What to import, and how.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ImportOptions {
    /// Nothing before this time, epoch ms.
    pub since: Option<f64>,
    /// Nothing is written.
    pub dry_run: bool,
    /// An expression that finds the CUJ that a command of Bash runs: its first group, or all of it.
    pub cuj: Option<String>,
    /// What another program recorded at the same time under the same name is imported as well.
    pub duplicates: bool,
}

/// A file of a session.
#[derive(Debug, Deserialize)]
pub struct SessionFile {
    /// Where it is.
    pub path: PathBuf,
    /// The subagent whose it is.
    pub agent: Option<String>,
    /// The subagent's type, where a file beside it says so.
    pub kind: Option<String>,
}

/// Imports session by session, knowing what is on record.
#[derive(Debug)]
pub struct Importer {
    monitor: Arc<Monitor>,
    options: ImportOptions,
    cuj: CujFinder,
    known: Known,
    /// The files of invocations that are known, where not all of them are.
    days: Option<HashSet<PathBuf>>,
}

impl Importer {
    /// Reads what is on record. With `lazy` only what is near in time to the sessions to come: the records of an event stand
    /// in the file of its day.
    ///
    /// # Errors
    /// When that cannot be read, nothing may be written, or the expression for CUJs cannot be used.
    pub fn new(monitor: Arc<Monitor>, options: ImportOptions, lazy: bool) -> Result<Self> {
        if monitor.state.lock().disabled && !options.dry_run {
            return Err(Error::Disabled("import transcripts"));
        }
        let cuj = match options.cuj.as_deref() {
            Some(expression) => redact::expression(expression).map_err(Error::CujExpression)?.into(),
            None => CujFinder::new(usual_cuj),
        };
        let mut known = Known::default();
        let (disk, root) = (&*monitor.disk, monitor.root());
        for (target, kind, name) in [
            (Target::Executions, transcript::Kind::Cuj, "known-executions.bin"),
            (Target::Providers, transcript::Kind::ProviderCall, "known-providers.bin"),
        ] {
            let (path, cache) = (root.path(&target), root.layout.cache().join(name));
            let read = known.read_cached(disk, (&path, &cache), kind, !options.dry_run);
            read.map_err(Error::io("read", &path))?;
        }
        let mut importer = Self { monitor, options, cuj, known, days: lazy.then(HashSet::new) };
        if !lazy {
            for path in importer.monitor.day_files()? {
                importer.know_day(&path)?;
            }
        }
        Ok(importer)
    }

    fn know_day(&mut self, path: &Path) -> Result<()> {
        let read = self.known.read(&*self.monitor.disk, path, transcript::Kind::Skill);
        read.map_err(Error::io("read", path))
    }

    /// Sees to it that what is on record of the days of these events is known.
    fn know_days(&mut self, events: &[Event]) -> Result<()> {
        let Some(mut days) = self.days.take() else { return Ok(()) };
        let of = |event: &Event| day_of(event.at.saturating_sub(NEAR_MS))..=day_of(event.end().saturating_add(NEAR_MS));
        let wanted: Vec<_> = events.iter().filter(|event| known::is_skill(event.kind)).map(of).collect();
        for path in self.monitor.day_files()? {
            let day = day_of_file(&path).and_then(parse_day);
            let is_wanted = day.is_none_or(|day| wanted.iter().any(|days| days.contains(&day)));
            if is_wanted && days.insert(path.clone()) {
                self.know_day(&path)?;
            }
        }
        self.days = Some(days);
        Ok(())
    }

    /// Imports sessions as far as they can be told at a time, epoch ms, one after the other; several are read at once.
    /// `files` gives the files of each, `done` is told what came of it.
    ///
    /// # Errors
    /// When a file cannot be read, or the disk does not take the records; the sessions before it are imported.
    pub fn import(
        &mut self,
        count: usize,
        now: f64,
        files: impl Fn(usize) -> Vec<SessionFile> + Sync,
        mut done: impl FnMut(usize, ImportReport),
    ) -> Result<()> {
        let (monitor, cuj) = (Arc::clone(&self.monitor), self.cuj.clone());
        let now = crate::event::time::from_js(now);
        let alone_below = if count > 1 { MANY_ALONE_BELOW } else { ONE_ALONE_BELOW };
        let read = |number| read_session((&monitor, &cuj), &files(number), alone_below, now);
        in_order(count, read, |number, read| {
            let (report, events) = read?;
            done(number, self.record(report, &events)?);
            Ok(())
        })
    }

    /// Records what is not on record of a session's events.
    fn record(&mut self, mut report: ImportReport, events: &[Event]) -> Result<ImportReport> {
        self.know_days(events)?;
        let dropped = self.monitor.health().counts.dropped.total;
        #[expect(clippy::cast_precision_loss, reason = "times of dates are far below 2^53")]
        let is_asked = |event: &&Event| self.options.since.is_none_or(|since| event.at as f64 >= since);
        let asked: Vec<&Event> = events.iter().filter(is_asked).collect();
        for event in asked {
            report.count(event);
            if self.is_new(event) {
                report.add(event);
                if !self.options.dry_run {
                    self.monitor.record_event(event)?;
                }
            } else {
                report.already_there += 1;
            }
        }
        self.monitor.flush();
        let counts = self.monitor.health().counts;
        if counts.dropped.total > dropped || counts.pending > 0 {
            let lost = std::io::Error::other("the disk does not take all records; import again when it does");
            return Err(Error::io("import into", self.monitor.state.lock().layout.data())(lost));
        }
        Ok(report)
    }

    fn is_new(&mut self, event: &Event) -> bool {
        let stored = || self.monitor.redact_text(&event.id);
        self.known.add(event, stored) && (self.options.duplicates || !self.known.take_foreign(event))
    }
}

/// Reads a session, and makes events of what can be told of it at a time, epoch ms.
fn read_session(
    (monitor, cuj): (&Monitor, &CujFinder),
    files: &[SessionFile],
    alone_below: u64,
    now: i64,
) -> Result<(ImportReport, Vec<Event>)> {
    for _ in 0..TRIES {
        let session = Session::new(cuj.clone());
        let mut reading = Reading { session, report: ImportReport::default(), alone_below, again: false };
        for file in files {
            reading.file(monitor, file)?;
        }
        if !reading.again {
            let Found { events, waits_until } = reading.session.finish(now);
            return Ok((ImportReport { waits_until, ..reading.report }, events));
        }
    }
    let path = files.first().map_or(Path::new(""), |file| &file.path);
    Err(Error::io("read", path)(std::io::ErrorKind::ResourceBusy.into()))
}

impl Monitor {
    /// Records an event as its own time says.
    fn record_event(&self, event: &Event) -> Result<()> {
        let kind = match event.kind {
            transcript::Kind::Skill | transcript::Kind::Subagent => Kind::Skill,
            transcript::Kind::Cuj => Kind::Execution,
            transcript::Kind::ProviderCall => Kind::ProviderCall,
        };
        let mut state = self.state.lock();
        let redactor = state.redactor();
        let safe = event.error.as_deref().map(|error| redactor.text(error));
        let error = safe.as_deref().map(|error| json::truncate_utf16(error, ERROR_UNITS));
        let fields = event.fields(error);
        #[expect(clippy::cast_precision_loss, reason = "times of dates are far below 2^53")]
        state.record(&*self.disk, kind, None, &(&*fields).into(), event.at as f64)?;
        Ok(())
    }

    /// Where caches go, and where the data files are.
    pub(crate) fn cache_and_data(&self) -> (PathBuf, PathBuf) {
        let state = self.state.lock();
        (state.layout.cache(), state.layout.data().to_owned())
    }

    /// Whether anything may be written.
    pub(crate) fn may_write(&self) -> bool {
        !self.state.lock().disabled
    }

    /// The files of skill invocations.
    fn day_files(&self) -> Result<Vec<PathBuf>> {
        let root = self.root();
        let logs = root.layout.logs().path();
        let listed = self.disk.list(logs).map_err(Error::io("list", logs))?;
        Ok(listed.into_iter().filter(|path| day_of_file(path).is_some()).collect())
    }
}

/// What some lines say.
struct Facts {
    facts: Vec<Fact>,
    /// Their members that nobody here knows.
    new: Unknown,
}

impl Facts {
    fn of(lines: &[u8]) -> Self {
        let mut made = Self { facts: Vec::new(), new: Unknown::default() };
        let mut start = 0;
        while start < lines.len() {
            let end = memchr(b'\n', &lines[start..]).map_or(lines.len(), |at| start + at);
            let line = &lines[start..end];
            start = end + 1;
            if !line.iter().all(u8::is_ascii_whitespace) {
                made.facts.push(read_noting(line, |kind, name| made.new.count(&[kind, b".", name].concat())));
            }
        }
        made
    }
}

/// Hands the lines of files to a session.
struct Reading {
    session: Session,
    report: ImportReport,
    alone_below: u64,
    again: bool,
}

impl Reading {
    fn file(&mut self, monitor: &Monitor, file: &SessionFile) -> Result<()> {
        let agent: Option<transcript::Text> = file.agent.as_deref().map(|agent| agent.as_bytes().into());
        if let (Some(agent), Some(kind)) = (&agent, &file.kind) {
            self.session.name_agent(agent.clone(), kind.as_bytes().into());
        }
        self.session.begin_file(agent);
        let mut reader = LineReader::alone_below(&file.path, self.alone_below);
        reader.catch_up(&*monitor.disk, self).map_err(Error::io("read", &file.path))?;
        self.report.bytes += reader.position();
        Ok(())
    }
}

impl Sink for Reading {
    fn restart(&mut self) {
        self.again = true;
    }

    fn parser(&self) -> Parse {
        |_, lines| Box::new(Facts::of(lines))
    }

    fn take(&mut self, part: Part) {
        let Ok(part) = part.downcast::<Facts>() else { return };
        let Facts { facts, new } = *part;
        self.report.lines += facts.len() as u64;
        self.report.unknown_fields.add(&new);
        for fact in facts {
            match &fact {
                Fact::Damaged => self.report.damaged += 1,
                Fact::Unknown(name) => self.report.unknown_types.count(name),
                Fact::Quiet | Fact::Line(_) => self.session.take(fact),
            }
        }
    }

    // The line is torn, or still being written.
    fn tail(&mut self, _: u64, _: &[u8]) -> bool {
        false
    }

    fn overlong(&mut self) {
        (self.report.lines, self.report.damaged) = (self.report.lines + 1, self.report.damaged + 1);
    }
}
