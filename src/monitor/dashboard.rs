//! The dashboard over the recorded files, and its saved copy.

use super::Monitor;
use crate::aggregate::{self, Resets, SkillFilter, Window};
use crate::error::{Error, Result};
use crate::event::time;
use crate::report::{ByName, CujEntry, Dashboard, SkillEntry, Text};
use crate::store::{self, Layout};

const HOUR_MS: f64 = 3_600_000.0;
const DAY_MS: f64 = 24.0 * HOUR_MS;

/// The windows of the dashboard, milliseconds.
const WINDOWS: [(&str, f64); 4] = [("1h", HOUR_MS), ("24h", DAY_MS), ("7d", 7.0 * DAY_MS), ("30d", 30.0 * DAY_MS)];

/// Skills are shown over the first three windows.
const SKILL_WINDOWS: usize = 3;

fn label(window: &str, suffix: &str) -> Text {
    Text::string(format!("{window}{suffix}").as_bytes())
}

impl Monitor {
    /// What the dashboard shows of the recorded files.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn dashboard(&self, now: f64) -> Result<Dashboard> {
        let generated_at = time::iso(time::from_js(now));
        let (cujs, highlights) = self.cuj_entries(now)?;
        let all = self.all_provider_health(&Resets::default())?;
        let overall = aggregate::overall(all.clone());
        Ok(Dashboard {
            cujs,
            skills: self.skill_entries(now)?,
            providers: aggregate::provider_section(all, &overall, generated_at.clone()),
            highlights,
            generated_at,
        })
    }

    fn cuj_entries(&self, now: f64) -> Result<(ByName<CujEntry>, crate::report::Highlights)> {
        let mut entries = ByName::default();
        let mut highlights = crate::report::Highlights::default();
        for (window, length) in WINDOWS {
            let rates = self.all_metrics(Some(length), now)?;
            let summary = aggregate::cuj_summary(&rates);
            if window == "24h" {
                highlights = aggregate::highlights(&rates);
            }
            entries.0.push((label(window, ""), CujEntry::Rates(rates)));
            entries.0.extend(summary.map(|summary| (label(window, "_summary"), CujEntry::Summary(summary))));
        }
        Ok((entries, highlights))
    }

    fn skill_entries(&self, now: f64) -> Result<ByName<SkillEntry>> {
        let mut entries = ByName::default();
        for (window, length) in &WINDOWS[..SKILL_WINDOWS] {
            let filter = SkillFilter { from: Window::new(Some(*length), now).from(), ..SkillFilter::default() };
            let statistics = self.statistics(None, &filter, now)?;
            let top = aggregate::top_skills(&statistics);
            entries.0.push((label(window, ""), SkillEntry::Window(aggregate::skill_window(statistics))));
            entries.0.push((label(window, "_top_skills"), SkillEntry::Top(top)));
        }
        Ok(entries)
    }

    /// Saves a dashboard's text, replacing the last one at once; gives the file's path.
    ///
    /// # Errors
    /// When the disk refuses it, or nothing may be written.
    pub fn save_dashboard(&self, text: &[u8]) -> Result<std::path::PathBuf> {
        let state = self.state.lock();
        if state.disabled {
            return Err(Error::Disabled("save a dashboard"));
        }
        let path = Layout::new(&state.folder).dashboard();
        let safe = state.redactor.json(text);
        store::replace(&*self.disk, &path, &safe).map_err(Error::io("save", &path))?;
        Ok(path)
    }

    /// The saved dashboard's text; `None` when there is none.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn load_dashboard(&self) -> Result<Option<String>> {
        self.read_file(&self.root().layout.dashboard())
    }

    pub(super) fn read_file(&self, path: &std::path::Path) -> Result<Option<String>> {
        let file = match self.disk.open_read(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            file => file.map_err(Error::io("read", path))?,
        };
        let size = file.stat().map_err(Error::io("read", path))?.size;
        let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
        let count = file.read_at(&mut bytes, 0).map_err(Error::io("read", path))?;
        bytes.truncate(count);
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }
}
