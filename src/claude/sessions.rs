//! Finds the sessions in folders of transcripts: each with its own file and those of its subagents, however deep they lie.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::FileType;
use std::io::Read;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use memchr::memmem;
use serde::Serialize;

use super::state::MOST_BYTES;
use crate::json;
use crate::monitor::SessionFile;
use crate::store::{Disk, OsDisk, Stat, read_whole};

/// How much of a file is looked at for the session that it belongs to.
const BEGINNING: u64 = 16 * 1024;

/// A session and its files, its own first.
#[derive(Debug, Clone)]
pub(super) struct Session {
    /// The path of its own file, which need not be there.
    pub name: PathBuf,
    /// Bytes of all files.
    pub size: u64,
    pub files: Vec<Transcript>,
    modified: i128,
}

/// A file of a session.
#[derive(Debug, Clone)]
pub(super) struct Transcript {
    pub path: PathBuf,
    /// The subagent whose it is.
    pub agent: Option<String>,
    /// How it was when it was looked at.
    pub seen: Stat,
}

impl Transcript {
    /// The file with what the one beside it calls the subagent's type.
    pub fn as_file(&self) -> SessionFile {
        let kind = self.agent.as_ref().and_then(|_| type_of_agent(&self.path));
        SessionFile { path: self.path.clone(), agent: self.agent.clone(), kind }
    }
}

/// How many sessions there are.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Counted {
    /// Their number.
    pub sessions: usize,
    /// When the one was written to last that is longest at rest, epoch ms.
    pub oldest: Option<i64>,
}

impl Counted {
    /// Of sessions as [`find_sessions`] gives them.
    pub(super) fn of(sessions: &[Session]) -> Self {
        let oldest = sessions.first().and_then(|session| i64::try_from(session.modified / 1_000_000).ok());
        Self { sessions: sessions.len(), oldest }
    }
}

/// Counts the sessions below these folders.
#[must_use]
pub fn count_sessions(folders: &[PathBuf]) -> Counted {
    Counted::of(&find_sessions(folders))
}

/// The sessions below these folders; the one that was written to last comes last.
pub(super) fn find_sessions(folders: &[PathBuf]) -> Vec<Session> {
    let mut files = Vec::new();
    for folder in folders {
        transcripts_in(folder, &mut files);
    }
    gather(files)
}

/// The session whose own file has this path, if any file of it is there.
pub(super) fn find_session(name: &Path) -> Option<Session> {
    let mut files = vec![name.to_owned()];
    transcripts_in(&name.with_extension(""), &mut files);
    // Older versions put those of subagents beside the session.
    let beside = entries(name.parent()?);
    files.extend(beside.filter(|(path, kind)| !kind.is_dir() && agent_of(path).is_some()).map(|(path, _)| path));
    gather(files).into_iter().find(|session| session.name == name)
}

fn gather(mut files: Vec<PathBuf>) -> Vec<Session> {
    let mut sessions: HashMap<PathBuf, Session> = HashMap::new();
    files.sort();
    files.dedup();
    for path in files {
        let Some(file) = look(path) else { continue };
        let name = session_of(&file);
        let session =
            sessions.entry(name.clone()).or_insert_with(|| Session { name, size: 0, files: Vec::new(), modified: 0 });
        session.size += file.seen.size;
        if file.agent.is_none() || session.modified == 0 {
            session.modified = file.seen.modified;
        }
        session.files.push(file);
    }
    let mut all: Vec<Session> = sessions.into_values().collect();
    for session in &mut all {
        session
            .files
            .sort_by(|left, right| (left.agent.is_some(), &left.path).cmp(&(right.agent.is_some(), &right.path)));
    }
    all.sort_by(|left, right| (left.modified, &left.name).cmp(&(right.modified, &right.name)));
    all
}

/// Paths of transcripts below a folder. What cannot be listed has none; links to folders are not followed.
fn transcripts_in(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut left = vec![folder.to_owned()];
    while let Some(place) = left.pop() {
        for (path, kind) in entries(&place) {
            if kind.is_dir() {
                if path.file_name() != Some(OsStr::new("tool-results")) {
                    left.push(path);
                }
            } else if is_transcript(&path) && (kind.is_file() || path.is_file()) {
                found.push(path);
            }
        }
    }
}

fn entries(folder: &Path) -> impl Iterator<Item = (PathBuf, FileType)> {
    let all = std::fs::read_dir(folder).into_iter().flatten().flatten();
    all.filter_map(|entry| Some((entry.path(), entry.file_type().ok()?)))
}

fn is_transcript(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().ends_with(b".jsonl"))
}

/// The subagent whose transcript a file is, by its name.
fn agent_of(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_string_lossy();
    let agent = name.strip_prefix("agent-")?.strip_suffix(".jsonl")?;
    (!agent.is_empty()).then(|| agent.to_owned())
}

fn look(path: PathBuf) -> Option<Transcript> {
    let seen = OsDisk.stat(&path).ok()?;
    Some(Transcript { agent: agent_of(&path), path, seen })
}

/// The path of a session's own file.
fn session_of(file: &Transcript) -> PathBuf {
    if file.agent.is_none() {
        return file.path.clone();
    }
    let text = file.path.to_string_lossy();
    let parts: Vec<&str> = text.split(MAIN_SEPARATOR).collect();
    if let Some(at) = parts.iter().rposition(|part| *part == "subagents").filter(|&at| at > 0) {
        return PathBuf::from(format!("{}.jsonl", parts[..at].join(std::path::MAIN_SEPARATOR_STR)));
    }
    // Older versions put them beside the session, which only their lines name.
    let named = named_session(&beginning_of(&file.path));
    named.map_or_else(|| file.path.clone(), |name| file.path.with_file_name(format!("{name}.jsonl")))
}

/// The first `"sessionId":"…"` in a text, when it is made of letters, digits, `_` and `-`.
fn named_session(text: &[u8]) -> Option<String> {
    memmem::find_iter(text, b"\"sessionId\"").find_map(|at| {
        let value = text[at + 11..].trim_ascii_start().strip_prefix(b":")?.trim_ascii_start().strip_prefix(b"\"")?;
        let length = value.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(byte)).count();
        (length > 0 && value.get(length) == Some(&b'"')).then(|| String::from_utf8_lossy(&value[..length]).into_owned())
    })
}

fn beginning_of(file: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read = std::fs::File::open(file).and_then(|file| file.take(BEGINNING).read_to_end(&mut bytes));
    if read.is_ok() { bytes } else { Vec::new() }
}

/// What the file beside a subagent's transcript calls its type.
fn type_of_agent(file: &Path) -> Option<String> {
    let text = read_whole(&OsDisk, &file.with_extension("meta.json"), MOST_BYTES).ok()?;
    let mut found = None;
    json::read_object(&text, |key, value| {
        if &*json::key_name(key) == b"agentType" {
            found = Some(value);
        }
    })
    .ok()?;
    let kind = json::decode(found.filter(|value| value[0] == b'"')?);
    (!kind.is_empty()).then(|| String::from_utf8_lossy(&kind).into_owned())
}
