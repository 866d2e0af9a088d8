//! What the skills add up to over the dashboard's windows; what past days add to them is kept from one dashboard to the next.

use std::path::PathBuf;

use super::{Answer, Monitor};
use crate::aggregate::{FileStatistics, ResourceValues, SkillFilter, StatisticsBuilder};
use crate::column::{Damaged, InOrder, Skills, Source};
use crate::error::Error;
use crate::event::time;
use crate::index::View;
use crate::store::Folder;

/// How many windows there are.
pub(super) const WINDOWS: usize = 3;

/// Sums over some windows, and the resources of each skill in one of them.
#[derive(Debug, Default)]
pub(super) struct SkillSums {
    pub windows: [StatisticsBuilder; WINDOWS],
    pub resources: InOrder<ResourceValues>,
}

/// What is kept for each window.
pub(super) type Settled = [SettledDays; WINDOWS];

/// What the parts of past day files that lie wholly in a window add up to. Only the part that the window cuts, and today's
/// file, are left to be read each time.
#[derive(Debug, Default)]
pub(super) struct SettledDays {
    files: Vec<Part>,
    sum: StatisticsBuilder,
}

/// The last parts of a file, from one on, and how many rows it had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    set: u64,
    rows: u64,
    from: usize,
}

/// What one window takes in of the past days: rows in parts that it cuts, and whole parts.
struct Past<'a> {
    filter: &'a SkillFilter,
    cut: StatisticsBuilder,
    whole: Vec<Part>,
    /// The cut parts come before all whole ones, as in files whose rows are in order; otherwise nothing is kept.
    in_order: bool,
}

type Found<'v> = Option<(Part, FileStatistics<'v>)>;

impl<'a> Past<'a> {
    fn new(filter: &'a SkillFilter) -> Self {
        Self { filter, cut: StatisticsBuilder::with_durations(), whole: Vec::new(), in_order: true }
    }

    /// What a file adds, `None` when nothing.
    fn find<'v>(&self, skills: &'v Skills, set: u64, source: &dyn Source) -> Result<Found<'v>, Damaged> {
        let Some(selection) = self.filter.prepare(skills) else { return Ok(None) };
        let Some(from) = selection.whole_from(skills) else { return Ok(None) };
        let cut = self.cut.collect(skills, source, &selection.of_parts(0..from), usize::MAX)?;
        Ok(Some((Part { set, rows: skills.totals().all.count, from }, cut)))
    }

    fn add(&mut self, found: &Found<'_>, source: &dyn Source) -> Result<(), Damaged> {
        let Some((part, cut)) = found else { return Ok(()) };
        self.in_order &= self.whole.is_empty() || cut.count() == 0;
        self.whole.push(*part);
        self.cut.add(cut, source)
    }
}

impl Monitor {
    /// Sums over the windows of `filters`, which begin ever earlier, and resources from `from` on.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(super) fn skill_sums(
        &self,
        filters: &[SkillFilter; WINDOWS],
        from: Option<i64>,
        now: f64,
    ) -> Result<SkillSums, Error> {
        let root = self.root();
        let folder = root.layout.logs();
        let days = self.days(folder, &filters[WINDOWS - 1], now)?;
        let today = time::day_of(time::from_js(now));
        let (past_days, open_days) = days.split_at(days.partition_point(|(day, _)| *day < today));
        let mut sums = SkillSums::default();
        let mut past = filters.each_ref().map(Past::new);
        for (day, path) in past_days {
            self.visit_day(folder, *day, path, |view| add_past(view, &mut past, &mut sums, from))?;
        }
        let mut settled = root.settled.lock();
        for ((past, settled), window) in past.into_iter().zip(&mut *settled).zip(&mut sums.windows) {
            *window = self.with_settled(folder, past_days, past, settled)?;
        }
        drop(settled);
        for (day, path) in open_days {
            self.visit_day(folder, *day, path, |view| add_open(view, filters, &mut sums, from))?;
        }
        Ok(sums)
    }

    fn with_settled(
        &self,
        folder: &Folder,
        days: &[(i64, PathBuf)],
        past: Past<'_>,
        settled: &mut SettledDays,
    ) -> Result<StatisticsBuilder, Error> {
        if past.in_order && settled.files != past.whole {
            *settled = self.settle(folder, days, past.filter, true)?;
        }
        if past.in_order && settled.files == past.whole {
            let mut sum = past.cut;
            sum.merge(&settled.sum);
            return Ok(sum);
        }
        // Rows out of order, or a file that grew meanwhile.
        Ok(self.settle(folder, days, past.filter, false)?.sum)
    }

    /// Adds up the matching rows of past days, all or only those in parts that lie wholly in the window.
    fn settle(
        &self,
        folder: &Folder,
        days: &[(i64, PathBuf)],
        filter: &SkillFilter,
        only_whole: bool,
    ) -> Result<SettledDays, Error> {
        let mut settled = SettledDays { files: Vec::new(), sum: StatisticsBuilder::with_durations() };
        for (day, path) in days {
            self.visit_day(folder, *day, path, |view| {
                let (skills, source) = (view.columns, &*view.chunks);
                let Some(selection) = filter.prepare(skills) else { return Ok(()) };
                let Some(from) = selection.whole_from(skills) else { return Ok(()) };
                let parts = if only_whole { from..usize::MAX } else { 0..usize::MAX };
                let file = settled.sum.collect(skills, source, &selection.of_parts(parts), usize::MAX)?;
                settled.sum.add(&file, source)?;
                settled.files.push(Part { set: view.set, rows: skills.totals().all.count, from });
                Ok(())
            })?;
        }
        Ok(settled)
    }
}

/// Takes a past day in. Nothing is added before everything was read: a damaged chunk has the file visited again.
fn add_past(
    view: &View<'_, Skills>,
    past: &mut [Past<'_>; WINDOWS],
    sums: &mut SkillSums,
    from: Option<i64>,
) -> Answer<()> {
    let (skills, source) = (view.columns, &*view.chunks);
    let found: Vec<Found<'_>> =
        past.iter().map(|past| past.find(skills, view.set, source)).collect::<Result<_, Damaged>>()?;
    let resources = resources_of(skills, source, from)?;
    for (past, found) in past.iter_mut().zip(&found) {
        past.add(found, source)?;
    }
    append(&mut sums.resources, resources);
    Ok(())
}

/// The same for a day that is not over.
fn add_open(
    view: &View<'_, Skills>,
    filters: &[SkillFilter; WINDOWS],
    sums: &mut SkillSums,
    from: Option<i64>,
) -> Answer<()> {
    let (skills, source) = (view.columns, &*view.chunks);
    let mut files = Vec::new();
    for (window, filter) in sums.windows.iter().zip(filters) {
        if let Some(selection) = filter.prepare(skills) {
            files.push(window.collect(skills, source, &selection, usize::MAX)?);
        }
    }
    let resources = resources_of(skills, source, from)?;
    for (window, file) in sums.windows.iter_mut().zip(&files) {
        window.add(file, source)?;
    }
    append(&mut sums.resources, resources);
    Ok(())
}

fn resources_of<'a>(
    skills: &'a Skills,
    source: &dyn Source,
    from: Option<i64>,
) -> Result<Vec<(&'a [u8], ResourceValues)>, Damaged> {
    skills.iter_resources().map(|(name, rows)| Ok((name, ResourceValues::collect(rows, source, from)?))).collect()
}

/// Adds a later file's values to those of the same name.
fn append(all: &mut InOrder<ResourceValues>, later: Vec<(&[u8], ResourceValues)>) {
    for (name, values) in later {
        all.of(name).append(values);
    }
}
