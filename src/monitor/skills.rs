//! Recording skill invocations and answering about them, over the day files of a folder.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::{Answer, Monitor};
use crate::aggregate::{Period, ResourceValues, SkillFilter, StatisticsBuilder, Window};
use crate::column::Skills;
use crate::error::{Error, Result};
use crate::event::time;
use crate::index::{Pieces, View};
use crate::report::{ByName, ResourceTrend, SkillPerformance, Statistics};
use crate::store::{Folder, Target, day_of_file};

impl Monitor {
    /// Matching invocations, oldest first: texts of JSON arrays, none much larger than 16 MiB, whose elements belong
    /// together.
    ///
    /// Without a range the filter means the UTC day of `now`.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn query_logs(&self, folder: Option<&Path>, filter: &SkillFilter, now: f64) -> Result<Vec<String>> {
        let texts = self.visit_days(folder, filter, now, |view, left| {
            let Some(selection) = filter.prepare(view.columns) else { return Ok((0, Vec::new())) };
            let mut spans = Vec::new();
            selection.visit(view.columns, &*view.chunks, |row| {
                spans.push(row.span);
                spans.len() < left
            })?;
            let mut pieces = Pieces::default();
            for &span in &spans {
                if !pieces.push(view.lines.get(span)?) {
                    view.lines.doubt();
                }
            }
            Ok((spans.len(), pieces.finish()))
        })?;
        Ok(texts.into_iter().flatten().collect())
    }

    /// Totals over the invocations that [`Monitor::query_logs`] gives.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn statistics(&self, folder: Option<&Path>, filter: &SkillFilter, now: f64) -> Result<Statistics> {
        Ok(self.add_up(StatisticsBuilder::default(), folder, filter, now)?.finish())
    }

    /// How fast each skill was, over the same invocations, in order of first appearance.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn skill_performance(
        &self,
        folder: Option<&Path>,
        filter: &SkillFilter,
        now: f64,
    ) -> Result<ByName<SkillPerformance>> {
        Ok(self.add_up(StatisticsBuilder::with_durations(), folder, filter, now)?.performance())
    }

    fn add_up(
        &self,
        mut builder: StatisticsBuilder,
        folder: Option<&Path>,
        filter: &SkillFilter,
        now: f64,
    ) -> Result<StatisticsBuilder> {
        self.visit_days(folder, filter, now, |view, left| {
            let Some(selection) = filter.prepare(view.columns) else { return Ok((0, ())) };
            let file = builder.collect(view.columns, &*view.chunks, &selection, left)?;
            builder.add(&file, &*view.chunks)?;
            Ok((file.count(), ()))
        })?;
        Ok(builder)
    }

    /// What the invocations of a skill, given as a JSON value, say of resources, in date order of the files; `window` in
    /// milliseconds, `None` or 0 for all history.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn skill_resources(&self, skill: &[u8], window: Option<f64>, now: f64) -> Result<ResourceTrend> {
        let from = Window::new(window, now).from();
        let filter = SkillFilter { from: from.or(Some(i64::MIN)), ..SkillFilter::default() };
        let mut all = ResourceValues::default();
        self.visit_days(None, &filter, now, |view, _| {
            if let Some(rows) = view.columns.resources(skill) {
                all.append(ResourceValues::collect(rows, &*view.chunks, from)?);
            }
            Ok((0, ()))
        })?;
        Ok(all.finish())
    }

    /// Visits the day files that may hold matching rows, in the order of their days; gives what was made of each. `visit` is
    /// told how many rows are still wanted, at least one, and tells how many it took. It may be called again for the same file
    /// when it fails or has fetched lines.
    pub(super) fn visit_days<T>(
        &self,
        folder: Option<&Path>,
        filter: &SkillFilter,
        now: f64,
        mut visit: impl FnMut(&mut View<'_, Skills>, usize) -> Answer<(usize, T)>,
    ) -> Result<Vec<T>> {
        let root = self.root();
        let folder = folder.map_or_else(|| root.layout.logs().clone(), Folder::new);
        let mut left = filter.limit.unwrap_or(usize::MAX);
        let mut all = Vec::new();
        for (day, path) in self.days(&folder, filter, now)? {
            if left == 0 {
                break;
            }
            let (taken, made) = self.visit_day(&folder, day, &path, |view| visit(view, left))?;
            left -= taken;
            all.push(made);
        }
        Ok(all)
    }

    /// Visits the day files that may hold rows from a moment on, or all, until the end of a period.
    pub(super) fn visit_period<T>(
        &self,
        from: Option<i64>,
        period: &Period,
        mut visit: impl FnMut(&mut View<'_, Skills>) -> Answer<T>,
    ) -> Result<Vec<T>> {
        let filter = SkillFilter { from: from.or(Some(i64::MIN)), to: period.to(), ..SkillFilter::default() };
        #[expect(clippy::cast_precision_loss, reason = "times are below 2^53")]
        let now = period.now() as f64;
        self.visit_days(None, &filter, now, |view, _| Ok((0, visit(view)?)))
    }

    /// Visits one day file; `visit` may be called again when it fails or has fetched lines.
    pub(super) fn visit_day<T>(
        &self,
        folder: &Folder,
        day: i64,
        path: &Path,
        visit: impl FnMut(&mut View<'_, Skills>) -> Answer<T>,
    ) -> Result<T> {
        let root = self.root();
        let pending = self.pending(&Target::Skills(folder.clone(), day));
        let mut indexes = root.index.skills.lock();
        let indexed = indexes.entry(path.to_owned()).or_insert_with(|| root.index.new_skills(path));
        let answer = self.ask_indexed(indexed, &pending, visit);
        indexed.release();
        answer.map_err(Error::io("read", path))
    }

    /// The day files to read. Without a range that is today's. With one it is also every earlier file that was modified on
    /// or after the range's first day, because older programs kept writing to the file of the day on which they started.
    pub(super) fn days(&self, folder: &Folder, filter: &SkillFilter, now: f64) -> Result<Vec<(i64, PathBuf)>> {
        let path = |day| self.root().path(&Target::Skills(folder.clone(), day));
        if !filter.has_range() {
            let today = time::day_of(time::from_js(now));
            return Ok(vec![(today, path(today))]);
        }
        let first = filter.from.map_or(i64::MIN, time::day_of);
        let last = filter.to.map_or(i64::MAX, time::day_of);
        let listed = self.disk.list(folder.path()).map_err(Error::io("list", folder.path()))?;
        // What was kept of files that are gone by now goes too.
        let there: HashSet<&Path> = listed.iter().map(PathBuf::as_path).collect();
        let gone = |path: &Path| path.parent() == Some(folder.path()) && !there.contains(path);
        self.root().index.skills.lock().retain(|path, _| !gone(path));
        let mut days: Vec<(i64, PathBuf)> = listed
            .into_iter()
            .filter_map(|path| Some((time::parse_day(day_of_file(&path)?)?, path)))
            .filter(|(day, path)| *day <= last && (*day >= first || self.modified_since(path, first)))
            .collect();
        days.extend(self.pending_days(folder).into_iter().filter(|day| *day <= last).map(|day| (day, path(day))));
        days.sort();
        days.dedup();
        Ok(days)
    }

    fn modified_since(&self, path: &Path, day: i64) -> bool {
        self.disk.stat(path).is_ok_and(|stat| stat.modified >= i128::from(day) * i128::from(time::DAY_MS) * 1_000_000)
    }

    /// Days for which records are still in memory, perhaps without a file.
    fn pending_days(&self, folder: &Folder) -> Vec<i64> {
        let state = self.state.lock();
        let targets = state.writer.pending_targets();
        targets
            .filter_map(|target| match target {
                Target::Skills(own, day) if own == folder => Some(*day),
                _ => None,
            })
            .collect()
    }
}
