//! The dashboard over the recorded files, and its saved copy.

use super::Monitor;
use super::skill_sums::SkillSums;
use crate::aggregate::{self, FailureSelection, Growth, Resets, ResourceValues, SkillFilter, Window};
use crate::column::{Executions, InOrder};
use crate::error::{Error, Result};
use crate::event::{CujExecution, time};
use crate::index::Lines;
use crate::report::{ByName, CujEntry, Dashboard, Finding, Highlights, SkillEntry, Text};
use crate::store::{self, Target, read_whole};

const HOUR_MS: f64 = 3_600_000.0;
const DAY_MS: f64 = 24.0 * HOUR_MS;

/// The windows of the dashboard, milliseconds.
const WINDOWS: [(&str, f64); 4] = [("1h", HOUR_MS), ("24h", DAY_MS), ("7d", 7.0 * DAY_MS), ("30d", 30.0 * DAY_MS)];

/// A larger file is neither a dashboard nor a list of legacy runs; a sparse one would take all memory.
const MOST_BYTES: u64 = 1 << 28;

/// Some editors and shells begin a file with it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

fn label(window: &str, suffix: &str) -> Text {
    Text::string(format!("{window}{suffix}").as_bytes())
}

/// The window of the highlights and findings.
const OF_FINDINGS: usize = 1;

/// What the executions add to the dashboard.
#[derive(Default)]
struct CujPart {
    entries: ByName<CujEntry>,
    highlights: Highlights,
    failing: Vec<Finding>,
    changed: Option<Finding>,
    flakiest: Option<Finding>,
}

/// What the skill invocations add to it.
#[derive(Default)]
struct SkillPart {
    entries: ByName<SkillEntry>,
    failing: Vec<Finding>,
    slowest: Option<Finding>,
    resources: InOrder<ResourceValues>,
}

/// The text of the most frequent error in a selection of a CUJ's failures.
fn most_frequent(cuj_id: &[u8], failures: &FailureSelection, lines: &mut Lines<'_>) -> std::io::Result<Option<Text>> {
    let Some(&(span, _)) = failures.top.first() else { return Ok(None) };
    let execution =
        lines.record(span, |execution: &CujExecution<'_>| Executions::is_about(cuj_id, execution.cuj_id))?;
    Ok(execution.map(|execution| Text::string(&execution.error_name())))
}

impl Monitor {
    /// What the dashboard shows of the recorded files.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn dashboard(&self, now: f64) -> Result<Dashboard> {
        let generated_at = time::iso(time::from_js(now));
        let cujs = self.cuj_part(now)?;
        let skills = self.skill_part(now)?;
        let mut growth = self.cuj_growth(now)?;
        for (name, values) in skills.resources {
            growth.add("growing_skill", &name, &values, WINDOWS[OF_FINDINGS].0);
        }
        let all = self.all_provider_health(&Resets::default())?;
        let overall = aggregate::overall(all.clone());
        // What fails comes first, then what got worse, then what could be better.
        let failing = cujs.failing.into_iter().chain(skills.failing).chain(aggregate::sick_providers(&all));
        let findings = failing.chain(cujs.changed).chain(skills.slowest).chain(cujs.flakiest).chain(growth.fastest());
        let findings = findings.collect();
        Ok(Dashboard {
            cujs: cujs.entries,
            skills: skills.entries,
            providers: aggregate::provider_section(all, &overall, generated_at.clone()),
            highlights: cujs.highlights,
            findings,
            generated_at,
        })
    }

    fn cuj_part(&self, now: f64) -> Result<CujPart> {
        self.ask(&Target::Executions, &self.root().index.executions, |view| {
            let (executions, source) = (view.columns, &*view.chunks);
            let mut part = CujPart::default();
            for (place, (name, length)) in WINDOWS.into_iter().enumerate() {
                let window = Window::new(Some(length), now);
                let rates = aggregate::all_metrics(executions, source, &window)?;
                let summary = aggregate::cuj_summary(&rates);
                if place == OF_FINDINGS {
                    let labelled = (&window, name);
                    part.highlights = aggregate::highlights(&rates);
                    part.failing = aggregate::failing_cujs(&rates, name);
                    part.changed = aggregate::changed_cuj(executions, source, &rates, labelled)?;
                    part.flakiest = aggregate::flakiest_cuj(executions, source, labelled)?;
                    for finding in &mut part.failing {
                        let cuj_id = finding.subject.as_json().as_bytes();
                        let failures = aggregate::select_failures(executions, source, cuj_id, &window)?;
                        let error = most_frequent(cuj_id, &failures, &mut view.lines)?;
                        finding.error = error;
                    }
                }
                part.entries.0.push((label(name, ""), CujEntry::Rates(rates)));
                part.entries.0.extend(summary.map(|summary| (label(name, "_summary"), CujEntry::Summary(summary))));
            }
            Ok(part)
        })
    }

    /// How the memory grew that the executions tell of.
    fn cuj_growth(&self, now: f64) -> Result<Growth> {
        let (label, length) = WINDOWS[OF_FINDINGS];
        let window = Window::new(Some(length), now);
        self.ask(&Target::Executions, &self.root().index.execution_resources, |view| {
            let mut growth = Growth::default();
            growth.add_cujs(view.columns, &*view.chunks, (&window, label))?;
            Ok(growth)
        })
    }

    /// All windows in one visit of each day file.
    fn skill_part(&self, now: f64) -> Result<SkillPart> {
        let filters = [0, 1, 2].map(|place: usize| {
            let from = Window::new(Some(WINDOWS[place].1), now).from();
            SkillFilter { from, ..SkillFilter::default() }
        });
        let SkillSums { windows, resources } = self.skill_sums(&filters, filters[OF_FINDINGS].from, now)?;
        let mut part = SkillPart { resources, ..SkillPart::default() };
        for (place, ((name, _), builder)) in WINDOWS.into_iter().zip(windows).enumerate() {
            let performance = builder.performance();
            let statistics = builder.finish();
            let top = aggregate::top_skills(&statistics);
            if place == OF_FINDINGS {
                part.failing = aggregate::failing_skills(&statistics, name);
                part.slowest = aggregate::slowest_skill(&performance, name);
            }
            part.entries.0.push((label(name, ""), SkillEntry::Window(aggregate::skill_window(statistics))));
            part.entries.0.push((label(name, "_top_skills"), SkillEntry::Top(top)));
            part.entries.0.push((label(name, "_performance"), SkillEntry::Performance(performance)));
        }
        Ok(part)
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
        let path = state.layout.dashboard();
        let redactor = state.redactor();
        let safe = redactor.json(text);
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
        let bytes = match read_whole(&*self.disk, path, MOST_BYTES) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            bytes => bytes.map_err(Error::io("read", path))?,
        };
        let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
        Ok(Some(String::from_utf8_lossy(text).into_owned()))
    }
}
