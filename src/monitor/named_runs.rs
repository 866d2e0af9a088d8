//! The runs that executions and provider calls name in their metadata. No column knows them, so their lines are looked for,
//! each from the last failure before it on, of which columns know where it stands.

use super::Answer;
use super::run::runs_in;
use crate::aggregate::Moment;
use crate::column::{Chunks, Entry, Source};
use crate::index::{Columns, Lines, Numbered};
use crate::json;
use crate::report::Text;

/// As long as the next one is as near as this, it is walked to.
const NEAR: u64 = 256;

/// Of more ids than this not every failure is asked for: those of the first are near enough.
const MOST_IDS: usize = 64;

/// The last of some failures before the record with a number, or the beginning of the file.
pub(super) fn failed_before(failures: &[&Chunks<Entry>], source: &dyn Source, serial: u64) -> Answer<Numbered> {
    let mut last = Numbered::default();
    for chunks in failures.iter().take(MOST_IDS) {
        let begins = |first: (u64, u64)| first.0 <= serial;
        let Some(part) = chunks.parts().rev().find(|part| part.summary.serials.is_some_and(begins)) else { continue };
        let rows = part.rows(source)?;
        let behind = rows.partition_point(|entry| entry.serial <= serial);
        if let Some(entry) = behind.checked_sub(1).map(|place| rows[place])
            && entry.serial >= last.serial
        {
            last = Numbered { serial: entry.serial, offset: entry.span.offset };
        }
    }
    Ok(last)
}

/// The run of each of some moments, whose rows are the numbers of their records; `known` tells a place before a record.
pub(super) fn runs_of<C: Columns>(
    moments: &[Moment],
    known: impl Fn(u64) -> Answer<Numbered>,
    lines: &mut Lines<'_>,
) -> Answer<Vec<Option<Text>>> {
    let mut wanted: Vec<(u64, usize)> = moments.iter().zip(0..).map(|(moment, place)| (moment.row, place)).collect();
    wanted.sort_unstable();
    let mut runs = vec![None; moments.len()];
    let mut next = 0;
    while let Some(&(serial, _)) = wanted.get(next) {
        let before = next;
        lines.walk::<C>(known(serial)?, &mut |number, record| {
            if let Some(&(serial, place)) = wanted.get(next).filter(|(serial, _)| *serial == number) {
                runs[place] = run_named(record);
                next += 1;
                return wanted.get(next).is_some_and(|(later, _)| later - serial < NEAR);
            }
            true
        })?;
        if next == before {
            lines.doubt();
            break;
        }
    }
    Ok(runs)
}

fn run_named(record: &[u8]) -> Option<Text> {
    runs_in(record).find(|value| !json::is_falsy(value)).map(Text::value)
}
