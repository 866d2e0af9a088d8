//! Which file holds what: the paths under a project root, and the day files of skill invocations.

use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where a workspace keeps what belongs to its agents' context.
const CONTEXT: &str = ".claude/context";

/// Prefix and ending of a day file's name.
const DAY_FILE: (&str, &str) = ("skill-invocations-", ".jsonl");

/// A folder of day files. Two are equal when they are spelled alike, which is much cheaper to see than that two paths are.
#[derive(Debug, Clone)]
pub struct Folder(Arc<Path>);

impl Folder {
    /// The folder at `path`.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self(path.into())
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl PartialEq for Folder {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.as_os_str() == other.0.as_os_str()
    }
}

impl Eq for Folder {}

/// A file that records are appended to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// CUJ executions.
    Executions,
    /// Progress events.
    Progress,
    /// Provider calls.
    Providers,
    /// Skill invocations of one UTC day, counted from 1970, in a folder.
    Skills(Folder, i64),
}

/// The paths of the data files under one project root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    root: PathBuf,
    data: PathBuf,
    logs: Folder,
}

impl Layout {
    /// The layout under `root`, with its data in `.claude/context`.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self::with_data(root, &root.join(CONTEXT))
    }

    /// The layout under `root` with its data, the folders `logs` and `analytics`, in another folder.
    #[must_use]
    pub fn with_data(root: &Path, data: &Path) -> Self {
        Self { root: root.to_owned(), data: data.to_owned(), logs: Folder::new(&data.join("logs")) }
    }

    /// The folder of the data files.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The project root.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The default folder of skill invocations and progress.
    #[must_use]
    pub const fn logs(&self) -> &Folder {
        &self.logs
    }

    fn analytics(&self, name: &str) -> PathBuf {
        self.data.join("analytics").join(name)
    }

    /// Where the latest dashboard is saved.
    #[must_use]
    pub fn dashboard(&self) -> PathBuf {
        self.analytics("metrics-dashboard.json")
    }

    /// Where older runners left their runs.
    #[must_use]
    pub fn legacy_performance(&self) -> PathBuf {
        self.analytics("cuj-performance.json")
    }

    /// Where whatever else is kept goes: a cache that can be deleted at any time.
    #[must_use]
    pub fn cache(&self) -> PathBuf {
        self.root.join(CONTEXT).join(".obs")
    }

    /// The path of a target; `day_text` writes a day, counted from 1970, as `YYYY-MM-DD`.
    ///
    /// ```
    /// use std::path::Path;
    /// use obs_native::event::time;
    /// use obs_native::store::{Layout, Target};
    ///
    /// let layout = Layout::new(Path::new("/app"));
    /// let target = Target::Skills(layout.logs().clone(), 20_462);
    /// let path = layout.path(&target, time::day_text);
    /// assert!(path.ends_with(".claude/context/logs/skill-invocations-2026-01-09.jsonl"));
    /// ```
    #[must_use]
    pub fn path(&self, target: &Target, day_text: impl Fn(i64) -> String) -> PathBuf {
        match target {
            Target::Executions => self.analytics("cuj-metrics.jsonl"),
            Target::Providers => self.analytics("provider-health.jsonl"),
            Target::Progress => self.logs.path().join("progress.jsonl"),
            Target::Skills(folder, day) => {
                folder.path().join(format!("{}{}{}", DAY_FILE.0, day_text(*day), DAY_FILE.1))
            }
        }
    }
}

/// The day that a day file's name carries; `None` for any other file.
#[must_use]
pub fn day_of_file(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()?.strip_prefix(DAY_FILE.0)?.strip_suffix(DAY_FILE.1)
}
