//! Which workspace an event of Claude Code belongs to, by the rules of `lib/root.js` that hold where no script was started.

use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::monitor::Settings;
use crate::store::{Durability, day_of_file};

/// What the environment says; an empty text says nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Surroundings {
    /// `OBS_PROJECT_ROOT`.
    pub project_root: Option<String>,
    /// `OBS_DATA_DIR`.
    pub data_dir: Option<String>,
    /// `OBS_DISABLED`.
    pub disabled: Option<String>,
    /// `OBS_DURABILITY`.
    pub durability: Option<String>,
    /// `CLAUDE_PROJECT_DIR`.
    pub claude_project: Option<String>,
}

/// A workspace and the folder of its data files, both absolute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The folder that holds `.claude`.
    pub root: PathBuf,
    /// The folder of `logs` and `analytics`.
    pub data: PathBuf,
}

fn told(value: Option<&String>) -> Option<&str> {
    value.map(String::as_str).filter(|value| !value.is_empty())
}

impl Surroundings {
    /// What this process was started with.
    #[must_use]
    pub fn of_process() -> Self {
        let read = |name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        Self {
            project_root: read("OBS_PROJECT_ROOT"),
            data_dir: read("OBS_DATA_DIR"),
            disabled: read("OBS_DISABLED"),
            durability: read("OBS_DURABILITY"),
            claude_project: read("CLAUDE_PROJECT_DIR"),
        }
    }

    /// The settings of recording; what cannot be used is left out.
    #[must_use]
    pub fn settings(&self) -> Settings {
        let disabled = told(self.disabled.as_ref()).map(str::to_lowercase);
        let disabled = disabled.is_some_and(|word| ["1", "true", "yes", "on"].contains(&&*word));
        let durability = match told(self.durability.as_ref()) {
            Some("write") => Some(Durability::Write),
            Some("batch") => Some(Durability::Batch),
            Some("sync") => Some(Durability::Sync),
            _ => None,
        };
        Settings { durability, disabled: Some(disabled), ..Settings::default() }
    }

    /// The workspace of who works in `cwd`; `None` when it has no `.claude`: nothing is made where nobody asked.
    #[must_use]
    pub fn place(&self, cwd: &Path) -> Option<Place> {
        let home = std::env::home_dir();
        let root = self.root(cwd, home.as_deref());
        root.join(".claude").is_dir().then(|| Place { data: self.data(&root), root })
    }

    fn root(&self, cwd: &Path, home: Option<&Path>) -> PathBuf {
        if let Some(root) = told(self.project_root.as_ref()).and_then(|value| named_root(value, home)) {
            return root;
        }
        match told(self.claude_project.as_ref()) {
            Some(root) => resolve(cwd, Path::new(root)),
            None => find_above(&resolve(cwd, Path::new("")), home).unwrap_or_else(|| resolve(cwd, Path::new(""))),
        }
    }

    fn data(&self, root: &Path) -> PathBuf {
        if let Some(named) = told(self.data_dir.as_ref()) {
            return resolve(root, Path::new(named));
        }
        let usual = root.join(".claude").join("context");
        let newer = usual.join("runtime");
        if holds_data(&newer) && !holds_data(&usual) { newer } else { usual }
    }
}

/// The folder that `OBS_PROJECT_ROOT` names; `None` when it cannot be used.
fn named_root(value: &str, home: Option<&Path>) -> Option<PathBuf> {
    let below_home = value.strip_prefix("~/").or_else(|| value.strip_prefix("~\\"));
    let root = match below_home {
        Some(rest) => home?.join(rest),
        None => PathBuf::from(value),
    };
    (root.is_absolute() && !is_unexpanded(&root.to_string_lossy())).then(|| normal(&root))
}

/// Whether there is a `$NAME`, `${NAME}` or `%NAME%` in it.
fn is_unexpanded(text: &str) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let bytes = text.as_bytes();
    let dollar = |at: usize| {
        let name = if bytes.get(at + 1) == Some(&b'{') { at + 2 } else { at + 1 };
        bytes.get(name).is_some_and(is_word)
    };
    let percent = |at: usize| {
        let length = bytes[at + 1..].iter().take_while(|byte| is_word(byte)).count();
        length > 0 && bytes.get(at + 1 + length) == Some(&b'%')
    };
    (0..bytes.len()).any(|at| (bytes[at] == b'$' && dollar(at)) || (bytes[at] == b'%' && percent(at)))
}

/// `path` seen from `base`, and that from where the process is: absolute, without `.` and `..`.
fn resolve(base: &Path, path: &Path) -> PathBuf {
    let joined = base.join(path);
    if joined.is_absolute() {
        return normal(&joined);
    }
    normal(&std::env::current_dir().unwrap_or_else(|_| std::env::temp_dir()).join(joined))
}

fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            // At the root there is nothing above.
            Component::ParentDir => _ = out.pop(),
            part => out.push(part),
        }
    }
    out
}

/// The nearest folder at or above `start` that holds `.claude`. That of the home folder belongs to the agent itself, so home
/// is taken only where the walk starts there.
fn find_above(start: &Path, home: Option<&Path>) -> Option<PathBuf> {
    let is_home = |folder: &Path| {
        home.is_some_and(|home| normal(home) == folder || std::fs::canonicalize(home).is_ok_and(|home| home == folder))
    };
    let holds = |folder: &&Path| folder.join(".claude").is_dir() && (*folder == start || !is_home(folder));
    start.ancestors().find(holds).map(Path::to_path_buf)
}

fn holds_data(folder: &Path) -> bool {
    const SINGLE: [&str; 5] = [
        "logs/progress.jsonl",
        "analytics/cuj-metrics.jsonl",
        "analytics/provider-health.jsonl",
        "analytics/metrics-dashboard.json",
        "analytics/cuj-performance.json",
    ];
    if !folder.exists() {
        return false;
    }
    if SINGLE.iter().any(|single| folder.join(single).exists()) {
        return true;
    }
    let mut days = std::fs::read_dir(folder.join("logs")).into_iter().flatten().flatten();
    days.any(|entry| day_of_file(&entry.path()).is_some_and(is_day))
}

fn is_day(text: &str) -> bool {
    let fits = |(at, byte): (usize, u8)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() };
    text.len() == 10 && text.bytes().enumerate().all(fits)
}
