//! Which failures of a CUJ an analysis shows.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::Window;
use crate::column::{Chunks, Damaged, Entry, Executions, Overlap, Source, Span};

/// How many errors and failures an analysis shows.
const TOP_ERRORS: usize = 10;
const RECENT_FAILURES: usize = 5;

/// What a failure analysis shows; texts are fetched from the file by their lines' places.
#[derive(Debug, Default)]
pub struct FailureSelection {
    /// Failed executions in the window.
    pub total: u64,
    /// Different errors among them.
    pub unique: u64,
    /// A line with each of the most frequent errors, and how often it occurred.
    pub top: Vec<(Span, u64)>,
    /// The lines of the last failures, in the order of the file.
    pub recent: Vec<Span>,
}

/// Counts and picks a CUJ's failures.
///
/// # Errors
/// When a chunk is damaged.
pub fn select_failures(
    executions: &Executions,
    source: &dyn Source,
    cuj_id: &[u8],
    window: &Window,
) -> Result<FailureSelection, Damaged> {
    let Some(all) = executions.failures(cuj_id) else { return Ok(FailureSelection::default()) };
    let window = window.range();
    let mut errors = count_errors(all, source, window)?;
    let total = errors.iter().map(|&(_, count)| count).sum();
    let unique = errors.len() as u64;
    errors.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    errors.truncate(TOP_ERRORS);
    Ok(FailureSelection { total, unique, top: errors, recent: latest(all, source, window)? })
}

/// The first line with each error in the window, in the order of the file, and how often the error occurred.
fn count_errors(
    failures: &Chunks<Entry>,
    source: &dyn Source,
    window: Option<(i64, i64)>,
) -> Result<Vec<(Span, u64)>, Damaged> {
    let inside = failures.parts().filter(|part| part.summary.overlap_with(window) != Overlap::None);
    let most = inside.map(|part| part.summary.total).sum::<u64>().try_into().unwrap_or(0);
    let mut places: HashMap<u64, usize, BuildHasherDefault<AsItIs>> = HashMap::default();
    places.reserve(most);
    let mut errors: Vec<(Span, u64)> = Vec::new();
    failures.visit(
        source,
        window,
        |entry| entry.at,
        |entry| {
            let place = *places.entry(entry.hash).or_insert_with(|| {
                errors.push((entry.span, 0));
                errors.len() - 1
            });
            errors[place].1 += 1;
        },
    )?;
    Ok(errors)
}

/// The last failures in the window, in the order of the file.
fn latest(failures: &Chunks<Entry>, source: &dyn Source, window: Option<(i64, i64)>) -> Result<Vec<Span>, Damaged> {
    let mut latest = Vec::with_capacity(RECENT_FAILURES);
    for part in failures.parts().rev().filter(|part| part.summary.overlap_with(window) != Overlap::None) {
        let rows = part.rows(source)?;
        let inside = |row: &&Entry| window.is_none_or(|(from, to)| row.at.is_some_and(|at| from <= at && at < to));
        let missing = RECENT_FAILURES - latest.len();
        latest.extend(rows.iter().rev().filter(inside).take(missing).map(|row| row.span));
        if latest.len() == RECENT_FAILURES {
            break;
        }
    }
    latest.reverse();
    Ok(latest)
}

/// Hashes what is a hash already.
#[derive(Debug, Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.0 = self.0.rotate_left(8) ^ u64::from(byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
