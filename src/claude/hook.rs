//! What an event of Claude Code becomes: the one table of it, for the program and for Node alike.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::import::{Asked, Import};
use super::place::{Place, Surroundings};
use super::steps::{self, Step};
use crate::error::{Error, Result};
use crate::json;
use crate::monitor::Monitor;

/// What is read of an event; the rest of it is never looked at.
#[derive(Debug, Default)]
pub struct Event<'a> {
    name: Box<[u8]>,
    cwd: Option<&'a [u8]>,
    transcript: Option<&'a [u8]>,
    session: Option<&'a [u8]>,
    task: Option<&'a [u8]>,
    subject: Option<&'a [u8]>,
}

/// What is done on an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    /// The session is imported as far as its transcript has come.
    Import,
    /// The same; its run is over.
    ImportAndEnd,
    /// A task begins: a step of the session's run.
    Begin,
    /// A task is done.
    Finish,
}

/// The table: event by event. Of others nothing is recorded.
fn work_of(event: &[u8]) -> Option<Work> {
    match event {
        b"SessionStart" | b"Stop" | b"StopFailure" | b"SubagentStop" => Some(Work::Import),
        b"SessionEnd" => Some(Work::ImportAndEnd),
        b"TaskCreated" => Some(Work::Begin),
        b"TaskCompleted" => Some(Work::Finish),
        _ => None,
    }
}

impl<'a> Event<'a> {
    /// Reads an event.
    ///
    /// # Errors
    /// When the text is no JSON object.
    pub fn read(text: &'a [u8]) -> Result<Self> {
        let mut event = Self::default();
        let read = json::read_object(text, |key, value| match &*json::key_name(key) {
            b"hook_event_name" => event.name = string(value).unwrap_or_default(),
            b"cwd" => event.cwd = Some(value),
            b"transcript_path" => event.transcript = Some(value),
            b"session_id" => event.session = Some(value),
            b"task_id" => event.task = Some(value),
            b"task_subject" => event.subject = Some(value),
            _ => {}
        });
        let wrong = |fault: json::Fault| Error::Malformed {
            what: "the event on standard input".to_owned(),
            why: format!("it should be a JSON object, and is none from byte {} on", fault.at),
        };
        read.map_err(wrong).map(|()| event)
    }

    fn step(&self, done: bool) -> Option<Step> {
        let session = self.session.and_then(string).filter(|session| !session.is_empty())?;
        let task = self.task.filter(|task| *task != b"null")?;
        let task = string(task).unwrap_or_else(|| task.into());
        let subject = self.subject.and_then(string).unwrap_or_else(|| task.clone());
        Some(Step { session, task, subject, done })
    }

    /// The transcript of the session, when the event names one that can be read.
    fn transcript(&self) -> Option<PathBuf> {
        let path = path(self.transcript)?;
        (path.is_absolute() && path.as_os_str().as_encoded_bytes().ends_with(b".jsonl")).then_some(path)
    }
}

fn string(value: &[u8]) -> Option<Box<[u8]>> {
    (value.first() == Some(&b'"')).then(|| json::decode(value).into())
}

fn path(value: Option<&[u8]>) -> Option<PathBuf> {
    Some(PathBuf::from(String::from_utf8_lossy(&value.and_then(string)?).into_owned()))
}

/// Says what is to be kept of the records in a workspace.
const RETENTION: &str = ".claude/context/config/retention.json";

/// How often, and after how many milliseconds, an import that nobody waits for asks whether another one is done.
const TRIES: u32 = 600;
const PAUSE_MS: u64 = 100;

/// What an event leaves to processes that nobody waits for, because it takes longer than a hook may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The workspace.
    pub place: Place,
    /// The transcript of a session that is to be imported: [`import_left`].
    pub import: Option<PathBuf>,
    /// A session has ended, and only some records are to be kept: `obs retention run`.
    pub retention: bool,
}

/// Does what the event on standard input asks for, at a time, epoch ms. Waits for nobody: while another import is at work, the
/// next event sees what this one does not. A transcript of more than `most` bytes is left to others, unless the session ends.
///
/// ```
/// use obs_native::claude::{Surroundings, run_hook};
///
/// let root = tempfile::tempdir()?;
/// std::fs::create_dir(root.path().join(".claude"))?;
/// let around = Surroundings { project_root: root.path().to_str().map(str::to_owned), ..Surroundings::default() };
/// let event = br#"{"hook_event_name":"TaskCreated","session_id":"s","task_id":"1"}"#;
/// assert_eq!(run_hook(event, &around, 1_767_977_312_275.0, u64::MAX)?, None);
/// assert!(root.path().join(".claude/context/logs/progress.jsonl").exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When the text is no event, or something could not be read or written. Claude Code is to hear of none of it.
pub fn run_hook(text: &[u8], around: &Surroundings, now: f64, most: u64) -> Result<Option<Left>> {
    let event = Event::read(text)?;
    let Some(work) = work_of(&event.name) else { return Ok(None) };
    let cwd = path(event.cwd).unwrap_or_default();
    let Some(place) = around.place(&cwd) else { return Ok(None) };
    let import = with_monitor(&place, around, |monitor| carry_out(monitor, work, &event, (now, most)))?;
    let retention = work == Work::ImportAndEnd && place.root.join(RETENTION).exists();
    Ok((import.is_some() || retention).then_some(Left { place, import, retention }))
}

/// Imports the session that a hook left, at a time, epoch ms; while another import is at work it waits, up to a minute.
///
/// # Errors
/// When something could not be read or written.
pub fn import_left(place: &Place, session: &Path, around: &Surroundings, now: f64) -> Result<()> {
    with_monitor(place, around, |monitor| {
        for _ in 0..TRIES {
            if import(monitor, session, now)? {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(PAUSE_MS));
        }
        Ok(())
    })
}

/// Works in a workspace; what could not be written is an error.
fn with_monitor<T>(place: &Place, around: &Surroundings, work: impl FnOnce(&Arc<Monitor>) -> Result<T>) -> Result<T> {
    let monitor = Arc::new(Monitor::open(Path::new("")));
    monitor.configure(&around.settings())?;
    monitor.reopen(&place.root, &place.data);
    let done = work(&monitor);
    monitor.finish();
    let done = done?;
    monitor.take_faults().into_iter().next().map_or(Ok(done), |fault| Err(Error::Setting(fault.message)))
}

/// Gives the transcript that is left to be imported.
fn carry_out(
    monitor: &Arc<Monitor>,
    work: Work,
    event: &Event<'_>,
    (now, most): (f64, u64),
) -> Result<Option<PathBuf>> {
    match work {
        Work::Begin | Work::Finish => {
            event.step(work == Work::Finish).map_or(Ok(()), |step| steps::tell(monitor, &step, now))?;
            Ok(None)
        }
        Work::Import => {
            let Some(session) = event.transcript() else { return Ok(None) };
            if std::fs::metadata(&session).is_ok_and(|transcript| transcript.len() > most) {
                return Ok(Some(session));
            }
            import(monitor, &session, now).map(|_| None)
        }
        Work::ImportAndEnd => {
            let session = event.session.and_then(string).filter(|session| !session.is_empty());
            let ended = session.map_or(Ok(()), |session| steps::end(monitor, &session, now));
            let Some(session) = event.transcript() else { return ended.map(|()| None) };
            // No event comes after this one.
            let done = import(monitor, &session, now)?;
            ended.map(|()| (!done).then_some(session))
        }
    }
}

/// Whether it could be imported: false while another import is at work.
fn import(monitor: &Arc<Monitor>, session: &Path, now: f64) -> Result<bool> {
    let asked = Asked { session: Some(session.to_owned()), ..Asked::default() };
    let mut import = match Import::begin(monitor, asked, now) {
        Err(Error::Busy(_)) => return Ok(false),
        begun => begun?,
    };
    while import.advance()? {}
    Ok(true)
}
