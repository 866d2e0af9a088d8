//! When skills were used last, at whatever time in history.

use super::{Answer, Monitor};
use crate::aggregate::SkillFilter;
use crate::column::{SkillField, SkillRow, Skills};
use crate::error::Result;
use crate::event::time;
use crate::index::View;

/// The place of a skill among those that were asked for, and when it was used last in a file.
type Seen = (usize, i64);

impl Monitor {
    /// The time of the last call of each skill, given as JSON values, as ISO text; `None` of those without a call that has a
    /// readable time. A file is looked into only where it may tell of a later call than those behind it.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn last_used(&self, skills: &[Vec<u8>], now: f64) -> Result<Vec<Option<String>>> {
        let all = SkillFilter { from: Some(i64::MIN), ..SkillFilter::default() };
        let root = self.root();
        let folder = root.layout.logs();
        let mut last: Vec<Option<i64>> = vec![None; skills.len()];
        for (day, path) in self.days(folder, &all, now)?.into_iter().rev() {
            let seen = self.visit_day(folder, day, &path, |view| used_in(view, skills, &last))?;
            seen.into_iter().for_each(|(place, at)| last[place] = last[place].max(Some(at)));
        }
        Ok(last.into_iter().map(|at| at.map(time::iso)).collect())
    }
}

fn used_in(view: &View<'_, Skills>, skills: &[Vec<u8>], last: &[Option<i64>]) -> Answer<Vec<Seen>> {
    let columns: &Skills = view.columns;
    let latest = columns.rows().summary().times.map(|(_, latest)| latest);
    let asked = skills.iter().zip(last).enumerate().filter(|(_, (_, known))| **known < latest);
    let used = |number: &u32| columns.totals().place(*number).is_some();
    let wanted: Vec<(usize, u32)> =
        asked.filter_map(|(place, (name, _))| Some((place, columns.number(name).filter(used)?))).collect();
    let mut seen: Vec<Option<i64>> = vec![None; wanted.len()];
    if !wanted.is_empty() {
        let visit = |row: &SkillRow| {
            for (seen, (_, number)) in seen.iter_mut().zip(&wanted) {
                *seen = if row.field(SkillField::Skill) == *number { row.at.max(*seen) } else { *seen };
            }
        };
        columns.rows().visit(&*view.chunks, None, |row| row.at, visit)?;
    }
    Ok(wanted.into_iter().zip(seen).filter_map(|((place, _), at)| Some((place, at?))).collect())
}
