//! The latest skill invocations that match.

use super::{Answer, Monitor};
use crate::aggregate::SkillFilter;
use crate::column::Skills;
use crate::error::{Error, Result};
use crate::index::{Pieces, View};
use crate::redact;

impl Monitor {
    /// The last `limit` of the filter's invocations whose lines match the expression `grep`, as [`Monitor::query_logs`] gives
    /// them: oldest first, in date order of the files. Without a range all days are looked at, from the latest back.
    ///
    /// # Errors
    /// When a file cannot be read, or `grep` is no expression.
    pub fn latest_logs(&self, filter: &SkillFilter, grep: Option<&str>, now: f64) -> Result<Vec<String>> {
        let grep = grep.map(redact::expression).transpose().map_err(Error::Expression)?;
        let everywhere = SkillFilter { from: filter.from.or(Some(i64::MIN)), ..filter.clone() };
        let root = self.root();
        let folder = root.layout.logs();
        let mut left = filter.limit.unwrap_or(usize::MAX);
        let mut found = Vec::new();
        let days = self.days(folder, &everywhere, now)?;
        for (day, path) in days.into_iter().rev() {
            if left == 0 {
                break;
            }
            let lines = self.visit_day(folder, day, &path, |view| {
                matching(view, filter, left, |line| grep.as_ref().is_none_or(|grep| grep.is_match(line)))
            })?;
            left -= lines.len();
            found.extend(lines);
        }
        let mut pieces = Pieces::default();
        found.iter().rev().for_each(|line| _ = pieces.push(line));
        Ok(pieces.finish())
    }
}

/// The last lines of a day, the latest first.
fn matching(
    view: &mut View<'_, Skills>,
    filter: &SkillFilter,
    most: usize,
    fits: impl Fn(&[u8]) -> bool,
) -> Answer<Vec<Vec<u8>>> {
    let Some(selection) = filter.prepare(view.columns) else { return Ok(Vec::new()) };
    let mut spans = Vec::new();
    selection.visit(view.columns, &*view.chunks, |row| {
        spans.push(row.span);
        true
    })?;
    let mut found = Vec::new();
    for span in spans.into_iter().rev() {
        if found.len() == most {
            break;
        }
        let line = view.lines.get(span)?;
        if fits(line) {
            found.push(line.to_vec());
        }
    }
    Ok(found)
}
