//! The small state that the status line is made of: what questions said some seconds ago, kept in a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::place::{Place, Surroundings};
use super::state::{MOST_BYTES, write_private};
use crate::aggregate::Period;
use crate::error::{Error, Result};
use crate::event::time;
use crate::json;
use crate::monitor::{AgainstUsual, Monitor, Question, SubjectKind};
use crate::objective::Verdict;
use crate::report::RunState;
use crate::store::{Disk, OsDisk, make_cache_folder, read_whole};

/// Another number means that it is made anew.
const VERSION: u32 = 1;

const NAME: &str = "status.json";

/// What is usual is told by the days before the last.
const USUAL_MS: i64 = 30 * time::DAY_MS;

/// The calls to a provider in so many milliseconds say whether it is well.
const PROVIDER_MS: i64 = time::DAY_MS / 24;

/// So few calls say nothing of a provider.
const LEAST_CALLS: u64 = 3;

/// At most so many names are kept of each kind.
const MOST_NAMES: usize = 20;

/// How many there were, and how many of them were good.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tally {
    pub good: u64,
    pub total: u64,
}

/// A run in progress, as far as its past runs tell something of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct KnownRun {
    pub id: String,
    /// Epoch ms.
    pub started: i64,
    /// How long runs of its kind took, the median and the 90th percentile, milliseconds.
    pub expected: Option<(f64, f64)>,
    pub stalled_after: u64,
}

/// A provider of which too many calls failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Unwell {
    pub name: String,
    pub calls: Tally,
}

/// What is shown, and when it was found out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Status {
    version: u32,
    data: PathBuf,
    /// Epoch ms.
    pub at: i64,
    pub runs: Vec<KnownRun>,
    /// What the tallies count: CUJ runs, or skill invocations where there are none.
    pub of_cujs: bool,
    pub recent: Tally,
    pub usual: Tally,
    /// What fails more often than usual.
    pub worse: Vec<String>,
    pub providers: Vec<Unwell>,
}

/// The names of the alerts that fire, as the last check of objectives left them.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Firing {
    data: PathBuf,
    /// Epoch ms.
    pub at: i64,
    #[serde(rename = "firing")]
    pub names: Vec<String>,
}

pub(super) fn cache_of(root: &Path) -> PathBuf {
    root.join(".claude").join("context").join(".obs")
}

impl Status {
    /// What was kept last of a place.
    pub fn read(place: &Place) -> Option<Self> {
        let text = read_whole(&OsDisk, &cache_of(&place.root).join(NAME), MOST_BYTES).ok()?;
        let found: Self = serde_json::from_slice(&text).ok()?;
        (found.version == VERSION && found.data == place.data).then_some(found)
    }

    /// Asks the questions anew.
    fn ask(monitor: &Monitor, data: &Path, now: f64) -> Result<Self> {
        let at = time::from_js(now);
        let usual = |kind, recent, period_ms| {
            let question = Question { kind, name: "*".to_owned(), share: 0.5, slower_than: None, period_ms };
            monitor.against_usual(&question, recent, now)
        };
        let cujs = usual(SubjectKind::Cuj, time::DAY_MS, USUAL_MS)?;
        let of_cujs = cujs.iter().any(|each| each.usual.recent.total + each.usual.before.total > 0);
        let subjects = if of_cujs { cujs } else { usual(SubjectKind::Skill, time::DAY_MS, USUAL_MS)? };
        let providers = usual(SubjectKind::Provider, PROVIDER_MS, 7 * time::DAY_MS)?;
        Ok(Self {
            version: VERSION,
            data: data.to_owned(),
            at,
            runs: runs(monitor, at, now)?,
            of_cujs,
            recent: tally(subjects.iter().map(|each| (each.usual.recent.total, each.usual.recent.failed))),
            usual: tally(subjects.iter().map(|each| (each.usual.before.total, each.usual.before.failed))),
            worse: subjects.iter().filter(|each| is_worse(each)).map(name_of).take(MOST_NAMES).collect(),
            providers: providers.iter().filter_map(unwell).take(MOST_NAMES).collect(),
        })
    }
}

fn is_worse(subject: &AgainstUsual) -> bool {
    subject.usual.verdict == Verdict::Burning
}

fn name_of(subject: &AgainstUsual) -> String {
    text(subject.subject.as_json())
}

/// The text of a JSON value; what is no string as it stands.
fn text(value: &str) -> String {
    String::from_utf8_lossy(&json::decode_value(value.as_bytes())).into_owned()
}

fn unwell(provider: &AgainstUsual) -> Option<Unwell> {
    let calls = tally(std::iter::once((provider.usual.recent.total, provider.usual.recent.failed)));
    let mostly_fails = calls.total >= LEAST_CALLS && calls.good * 2 <= calls.total;
    (mostly_fails || is_worse(provider)).then(|| Unwell { name: name_of(provider), calls })
}

fn tally(counts: impl Iterator<Item = (u64, u64)>) -> Tally {
    counts.fold(Tally::default(), |sum, (total, failed)| Tally {
        good: sum.good + total - failed,
        total: sum.total + total,
    })
}

fn runs(monitor: &Monitor, at: i64, now: f64) -> Result<Vec<KnownRun>> {
    let found = monitor.runs(MOST_NAMES, &Period::new(Some(at - time::DAY_MS), None, now))?;
    let goes_on = found.runs.into_iter().filter(|run| matches!(run.state, RunState::Running | RunState::Stalled));
    Ok(goes_on
        .filter_map(|run| {
            Some(KnownRun {
                id: text(run.run_id.as_json()),
                started: time::parse(run.started_at?.as_bytes())?,
                expected: run.expected.map(|expected| (expected.p50_ms, expected.p90_ms)),
                stalled_after: run.stalled_after_ms,
            })
        })
        .collect())
}

impl Firing {
    pub fn read(place: &Place) -> Option<Self> {
        let text = read_whole(&OsDisk, &cache_of(&place.root).join("firing.json"), MOST_BYTES).ok()?;
        serde_json::from_slice::<Self>(&text).ok().filter(|found| found.data == place.data)
    }
}

/// Makes the state of a place anew, unless somebody else is at it or nothing may be written.
///
/// # Errors
/// When what is on record cannot be read, or the state cannot be kept.
pub fn refresh_status(place: &Place, around: &Surroundings, now: f64) -> Result<()> {
    let monitor = Arc::new(Monitor::open(Path::new("")));
    monitor.configure(&around.settings())?;
    if !monitor.may_write() {
        return Ok(());
    }
    monitor.reopen(&place.root, &place.data);
    let folder = cache_of(&place.root);
    make_cache_folder(&OsDisk, &folder).map_err(Error::io("make", &folder))?;
    let path = folder.join("status.lock");
    let Some(_lock) = OsDisk.try_lock(&path).map_err(Error::io("lock", &path))? else { return Ok(()) };
    let status = Status::ask(&monitor, &place.data, now)?;
    let (file, next) = (folder.join(NAME), folder.join(format!("{NAME}.new")));
    let text = serde_json::to_vec(&status).unwrap_or_default();
    let _ = std::fs::remove_file(&next);
    write_private(&next, &text).and_then(|()| OsDisk.rename(&next, &file)).map_err(Error::io("write", &file))
}
