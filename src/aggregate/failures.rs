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
    let all = executions.failures(cuj_id);
    let window = window.range();
    let mut errors = count_errors(all, source, window)?;
    let total = errors.iter().map(|&(_, count)| count).sum();
    let unique = errors.len() as u64;
    errors.sort_unstable_by_key(|&(first, count)| (std::cmp::Reverse(count), first.serial));
    errors.truncate(TOP_ERRORS);
    let top = errors.into_iter().map(|(first, count)| (first.span, count)).collect();
    Ok(FailureSelection { total, unique, top, recent: latest(all, source, window)? })
}

/// The first line with each error in the window, and how often the error occurred.
fn count_errors(
    all: &[Chunks<Entry>],
    source: &dyn Source,
    window: Option<(i64, i64)>,
) -> Result<Vec<(Entry, u64)>, Damaged> {
    let parts = all.iter().flat_map(Chunks::parts);
    let inside = parts.filter(|part| part.summary.overlap_with(window) != Overlap::None);
    let most = inside.map(|part| part.summary.total).sum::<u64>().try_into().unwrap_or(0);
    let mut places: HashMap<u64, usize, BuildHasherDefault<AsItIs>> = HashMap::default();
    places.reserve(most);
    let mut errors: Vec<(Entry, u64)> = Vec::new();
    let mut count = |entry: &Entry| {
        let place = *places.entry(entry.hash).or_insert_with(|| {
            errors.push((*entry, 0));
            errors.len() - 1
        });
        let (first, times) = &mut errors[place];
        *times += 1;
        // Within one CUJ they come in the order of the file; another CUJ may have met the same error earlier.
        if entry.serial < first.serial {
            *first = *entry;
        }
    };
    all.iter().try_for_each(|failures| failures.visit(source, window, |entry| entry.at, &mut count))?;
    Ok(errors)
}

/// The last failures in the window, in the order of the file.
fn latest(all: &[Chunks<Entry>], source: &dyn Source, window: Option<(i64, i64)>) -> Result<Vec<Span>, Damaged> {
    let mut latest = Vec::new();
    for failures in all {
        latest.append(&mut latest_of(failures, source, window, RECENT_FAILURES)?);
    }
    latest.sort_unstable_by_key(|entry| entry.serial);
    Ok(latest[latest.len().saturating_sub(RECENT_FAILURES)..].iter().map(|entry| entry.span).collect())
}

/// The last `most` failures of one CUJ, the latest first.
pub(super) fn latest_of(
    failures: &Chunks<Entry>,
    source: &dyn Source,
    window: Option<(i64, i64)>,
    most: usize,
) -> Result<Vec<Entry>, Damaged> {
    let mut latest = Vec::with_capacity(most);
    for part in failures.parts().rev().filter(|part| part.summary.overlap_with(window) != Overlap::None) {
        let rows = part.rows(source)?;
        let inside = |row: &&Entry| window.is_none_or(|(from, to)| row.at.is_some_and(|at| from <= at && at < to));
        let missing = most - latest.len();
        latest.extend(rows.iter().rev().filter(inside).take(missing).copied());
        if latest.len() == most {
            break;
        }
    }
    Ok(latest)
}

/// Hashes what is a hash already.
#[derive(Debug, Default)]
pub struct AsItIs(u64);

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
