//! Questions that one id's rows answer, chunk by chunk: a chunk wholly inside a window answers from its summary.

use super::chunks::{Chunks, Damaged, Source};
use super::row::Row;
use super::summary::{Overlap, Summary};

/// All rows of one id.
pub type Series = Chunks<Row>;

impl Chunks<Row> {
    /// Sums up the rows with `from <= time < to`.
    ///
    /// # Errors
    /// When a chunk is damaged.
    pub fn summarize(&self, source: &dyn Source, from: i64, to: i64) -> Result<Summary, Damaged> {
        let mut summary = Summary::default();
        for part in self.parts() {
            match part.summary.overlap(from, to) {
                Overlap::None => {}
                Overlap::Whole => summary.merge(part.summary),
                Overlap::Part => {
                    let inside = |row: &&Row| row.at.is_some_and(|at| at >= from && at < to);
                    part.rows(source)?.iter().filter(inside).for_each(|row| add(&mut summary, row));
                }
            }
        }
        Ok(summary)
    }

    /// Sums up the rows from number `serial` of the file on.
    ///
    /// # Errors
    /// When a chunk is damaged.
    pub fn summarize_since(&self, source: &dyn Source, serial: u64) -> Result<Summary, Damaged> {
        let mut summary = Summary::default();
        for part in self.parts() {
            match part.summary.serials {
                Some((first, _)) if first >= serial => summary.merge(part.summary),
                Some((_, last)) if last >= serial => {
                    let rows = part.rows(source)?;
                    rows.iter().filter(|row| row.serial >= serial).for_each(|row| add(&mut summary, row));
                }
                _ => {}
            }
        }
        Ok(summary)
    }

    /// The number in the file of the first row with a time of at least `from`.
    ///
    /// # Errors
    /// When a chunk is damaged.
    pub fn first_since(&self, source: &dyn Source, from: i64) -> Result<Option<u64>, Damaged> {
        for part in self.parts() {
            match part.summary.overlap(from, i64::MAX) {
                Overlap::None => {}
                Overlap::Whole => return Ok(part.summary.serials.map(|(first, _)| first)),
                Overlap::Part => {
                    let rows = part.rows(source)?;
                    if let Some(row) = rows.iter().find(|row| row.at.is_some_and(|at| at >= from)) {
                        return Ok(Some(row.serial));
                    }
                }
            }
        }
        Ok(None)
    }

    /// The finite durations of the rows with a time of at least `from`, or of all rows.
    ///
    /// # Errors
    /// When a chunk is damaged.
    pub fn durations_since(&self, source: &dyn Source, from: Option<i64>) -> Result<Vec<f64>, Damaged> {
        self.durations(source, from.map(|from| (from, i64::MAX)))
    }

    /// The finite durations of the rows from the first until before the second time, or of all rows.
    ///
    /// # Errors
    /// When a chunk is damaged.
    pub fn durations(&self, source: &dyn Source, window: Option<(i64, i64)>) -> Result<Vec<f64>, Damaged> {
        let mut durations = Vec::new();
        let mut take = |row: &Row| durations.extend(Some(row.duration_ms).filter(|duration| duration.is_finite()));
        self.visit(source, window, |row| row.at, &mut take)?;
        Ok(durations)
    }

    /// Visits the rows from the last one back, as long as `visit` says true.
    ///
    /// # Errors
    /// When a chunk is damaged.
    pub fn visit_back(&self, source: &dyn Source, mut visit: impl FnMut(&Row) -> bool) -> Result<(), Damaged> {
        for part in self.parts().rev() {
            if !part.rows(source)?.iter().rev().all(&mut visit) {
                break;
            }
        }
        Ok(())
    }
}

fn add(summary: &mut Summary, row: &Row) {
    use super::chunks::Cell;
    row.add_to(summary);
}
