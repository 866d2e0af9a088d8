//! The line under Claude Code's prompt: the run in progress, how the last day went, what fires and who is not well.
//!
//! It is made of the small state and of the last lines about progress, and never waits: who finds the state old has it made
//! anew for the next time.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::place::{Place, Surroundings};
use super::status::{Firing, KnownRun, Status};
use super::words::{cut, percent, plain, span, width};
use crate::event::{ProgressStep, Record, time};
use crate::json;
use crate::monitor::{has_ended, total_steps};
use crate::store::{Disk, Layout, OsDisk, Target};

/// A state older than this is made anew.
const REFRESH_MS: i64 = 15_000;

/// One older than this says so.
const STALE_MS: i64 = 120_000;

/// The same of alerts, which somebody has to check.
const ALERTS_STALE_MS: i64 = time::DAY_MS;

/// How much of the end of a file is looked at.
const TAIL: usize = 64 * 1024;

/// While nothing was learned, a run that is silent for so long is no run in progress.
const SILENT_MS: u64 = 10 * 60_000;

/// A name is cut at this many columns, a list of names at this many names.
const NAME: usize = 32;
const NAMES: usize = 3;

const USUAL_COLUMNS: usize = 80;

/// What there is to see, and whether somebody should make the state anew.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Glance {
    /// One line, without its newline; empty where there is no workspace.
    pub line: String,
    /// The place whose state is old.
    pub refresh: Option<Place>,
}

/// What Claude Code says on standard input.
#[derive(Debug, Default)]
struct Said {
    cwd: Option<PathBuf>,
    project: Option<PathBuf>,
    session: Option<String>,
}

impl Said {
    fn read(text: &[u8]) -> Self {
        let mut said = Self::default();
        let mut workspace = &b""[..];
        // What cannot be read says nothing: there is a line all the same.
        let read = json::read_object(text, |key, value| match &*json::key_name(key) {
            b"cwd" => said.cwd = string(value).map(PathBuf::from),
            b"session_id" => said.session = string(value),
            b"workspace" => workspace = value,
            _ => {}
        });
        if read.is_err() {
            return Self::default();
        }
        for (key, value) in json::Members::new(workspace) {
            if &*json::key_name(key) == b"project_dir" {
                said.project = string(value).map(PathBuf::from);
            }
        }
        said
    }
}

fn string(value: &[u8]) -> Option<String> {
    (value.first() == Some(&b'"')).then(|| String::from_utf8_lossy(&json::decode(value)).into_owned())
}

/// The line for what Claude Code said, in at most `columns` (`None`: 80), at a time, epoch ms.
///
/// ```
/// use obs_native::claude::{Surroundings, status_line};
///
/// let root = tempfile::tempdir()?;
/// std::fs::create_dir(root.path().join(".claude"))?;
/// let around = Surroundings { project_root: root.path().to_str().map(str::to_owned), ..Surroundings::default() };
/// let glance = status_line(b"{}", &around, None, 1_767_977_312_275.0);
/// assert_eq!(glance.line, "obs: no figures yet");
/// assert!(glance.refresh.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn status_line(text: &[u8], around: &Surroundings, columns: Option<usize>, now: f64) -> Glance {
    let said = Said::read(text);
    let cwd = said.project.as_deref().or(said.cwd.as_deref()).unwrap_or(Path::new(""));
    let Some(place) = around.place(cwd) else { return Glance::default() };
    let now = time::from_js(now);
    let status = Status::read(&place);
    let firing = Firing::read(&place);
    let event = latest_run(&place, said.session.as_deref(), status.as_ref(), now);
    let known = |run: &Latest| status.as_ref()?.runs.iter().find(|known| known.id == run.id);
    // What is last is left out first, and figures never without their age.
    let age = status.as_ref().map(|status| now - status.at).filter(|age| *age > STALE_MS);
    let parts = [
        firing.and_then(|firing| alerts(&firing, now)),
        event.map(|run| run.words(known(&run), now)),
        age.map(|age| format!("{} old", span(age))),
        status.as_ref().and_then(providers),
        status.as_ref().and_then(success),
    ];
    let is_old = status.as_ref().is_none_or(|status| !(0..REFRESH_MS).contains(&(now - status.at)));
    let may_write = around.settings().disabled != Some(true);
    let line = fitting(parts.into_iter().flatten().collect(), columns.unwrap_or(USUAL_COLUMNS));
    Glance { line, refresh: Some(place).filter(|_| is_old && may_write) }
}

/// The parts in one line; the last ones are left out where there is no room.
fn fitting(mut parts: Vec<String>, columns: usize) -> String {
    if parts.is_empty() {
        return cut("obs: no figures yet", columns);
    }
    loop {
        let line = format!("obs: {}", parts.join(" · "));
        if width(&line) <= columns || parts.len() == 1 {
            return cut(&line, columns);
        }
        parts.pop();
    }
}

fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(NAMES).map(|name| plain(name, NAME)).collect();
    let more = names.len().saturating_sub(NAMES);
    if more > 0 { format!("{}, {more} more", shown.join(", ")) } else { shown.join(", ") }
}

fn alerts(firing: &Firing, now: i64) -> Option<String> {
    let count = firing.names.len();
    let old = now - firing.at > ALERTS_STALE_MS;
    let checked = if old { format!(" (checked {} ago)", span(now - firing.at)) } else { String::new() };
    let word = if count == 1 { "alert" } else { "alerts" };
    (count > 0).then(|| format!("! {count} {word}: {}{checked}", listed(&firing.names)))
}

fn providers(status: &Status) -> Option<String> {
    let words: Vec<String> = status
        .providers
        .iter()
        .take(NAMES)
        .map(|provider| {
            let failed = provider.calls.total - provider.calls.good;
            format!("{} failed {failed} of {}", plain(&provider.name, NAME), provider.calls.total)
        })
        .collect();
    (!words.is_empty()).then(|| format!("{} in 1h", words.join(", ")))
}

fn success(status: &Status) -> Option<String> {
    let (recent, usual) = (status.recent, status.usual);
    let word = if status.of_cujs { "CUJ runs" } else { "skill uses" };
    let usually = format!("usually {}%", percent(usual.good, usual.total));
    let worse =
        if status.worse.is_empty() { String::new() } else { format!(", worse than usual: {}", listed(&status.worse)) };
    match (recent.total, usual.total) {
        (0, 0) => None,
        (0, _) => Some(format!("24h: no {word}")),
        (_, 0) => Some(format!("24h: {} of {} {word} ok", recent.good, recent.total)),
        _ => Some(format!("24h: {} of {} {word} ok ({usually}{worse})", recent.good, recent.total)),
    }
}

/// A run as its latest event tells of it.
struct Latest {
    id: String,
    at: i64,
    step: String,
    total: Option<u64>,
    percentage: f64,
}

impl Latest {
    fn words(&self, known: Option<&KnownRun>, now: i64) -> String {
        let name = plain(&self.id, NAME);
        let of = self.total.map_or_else(String::new, |total| format!(" of {total}"));
        let step = if self.step.is_empty() { String::new() } else { format!(" step {}{of}", self.step) };
        let share = if self.percentage.is_finite() {
            format!(" {}%", self.percentage.clamp(0.0, 100.0).floor())
        } else {
            String::new()
        };
        let silent = now.saturating_sub(self.at);
        let left = match known {
            Some(known) if u64::try_from(silent).unwrap_or(0) > known.stalled_after => {
                format!(", silent {}", span(silent))
            }
            Some(KnownRun { started, expected: Some((soon, late)), .. }) => {
                left(now.saturating_sub(*started), *soon, *late)
            }
            _ => String::new(),
        };
        format!("{name}{step}{share}{left}")
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "milliseconds, far below 2^53")]
fn left(elapsed: i64, soon: f64, late: f64) -> String {
    let until = |end: f64| (end - elapsed as f64).max(0.0) as i64;
    match (until(soon), until(late)) {
        (_, 0) => ", late".to_owned(),
        (0, late) => format!(", left up to {}", span(late)),
        (soon, late) if span(soon) == span(late) => format!(", left about {}", span(soon)),
        (soon, late) => format!(", left {} to {}", span(soon), span(late)),
    }
}

/// The run that goes on: the session's own, or else the one that was heard of last.
fn latest_run(place: &Place, session: Option<&str>, status: Option<&Status>, now: i64) -> Option<Latest> {
    let path = Layout::with_data(&place.root, &place.data).path(&Target::Progress, time::day_text);
    let bytes = tail(&path).unwrap_or_default();
    let mut seen: Vec<Box<[u8]>> = Vec::new();
    let mut best: Option<Latest> = None;
    for line in bytes.split(|&byte| byte == b'\n').rev() {
        let Some(event) = ProgressStep::read(line.trim_ascii()) else { continue };
        let Some(id) = event.run_id.filter(|id| !seen.iter().any(|known| &**known == *id)) else { continue };
        seen.push(id.into());
        let Some(run) = going_on(&event, id, status, now) else { continue };
        if session == Some(&*run.id) {
            return Some(run);
        }
        if best.is_none() {
            best = Some(run);
        }
    }
    best
}

fn going_on(event: &ProgressStep<'_>, id: &[u8], status: Option<&Status>, now: i64) -> Option<Latest> {
    let at = event.at?;
    let id = String::from_utf8_lossy(&json::decode_value(id)).into_owned();
    let known = status.and_then(|status| status.runs.iter().find(|known| known.id == id));
    // One that is silent for twice as long as any before was left lying.
    let most = known.map_or(SILENT_MS, |known| known.stalled_after.saturating_mul(2));
    let silent = u64::try_from(now.saturating_sub(at)).unwrap_or(0);
    let step = event
        .step
        .filter(|step| *step != b"null")
        .map(|step| String::from_utf8_lossy(&json::decode_value(step)).into_owned());
    let step = plain(&step.unwrap_or_default(), NAME);
    let (total, percentage) = (total_steps(event), event.percentage);
    (!has_ended(event) && silent <= most).then_some(Latest { id, at, step, total, percentage })
}

/// The whole lines at the end of a file.
fn tail(path: &Path) -> Option<Vec<u8>> {
    let file = OsDisk.open_read(path).ok()?;
    let size = file.stat().ok()?.size;
    let from = size.saturating_sub(TAIL as u64);
    let mut bytes = vec![0; usize::try_from(size - from).unwrap_or(TAIL)];
    let count = file.read_at(&mut bytes, from).ok()?;
    bytes.truncate(count);
    if from > 0 {
        let whole = bytes.iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |at| at + 1);
        bytes.drain(..whole);
    }
    Some(bytes)
}
