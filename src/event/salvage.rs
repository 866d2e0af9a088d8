//! Finds a whole record that was glued behind a fragment, without ever taking one that is quoted inside another.

use memchr::memmem;

use super::Record;
use crate::json::{self, Fault, Members};

/// How often a damaged line may be scanned, all tries together, so that a hostile line cannot make reading quadratic. A try
/// that breaks early costs little, so a record behind thousands of fragments is still found.
const SCANS: usize = 64;

/// The offset at which a whole record of kind `R` begins in a line that does not parse.
///
/// A record may begin only where a JSON scanner cannot accept `{`, or inside a string that the fragment left open, and
/// only if everything from there to the end of the line is one record with the kind's leading keys.
///
/// ```
/// use obs_native::event::{ProgressEvent, salvage};
///
/// let record = br#"{"timestamp":0,"iso_timestamp":"","run_id":"r","step":1,"status":"running"}"#;
/// let line = [br#"{"timestamp":17"#.as_slice(), record].concat();
/// assert_eq!(salvage::<ProgressEvent<'_>>(&line), Some(15));
/// ```
#[must_use]
pub fn salvage<'a, R: Record<'a>>(line: &'a [u8]) -> Option<usize> {
    let fault = json::whole_value(line).err()?;
    let opening = format!("{{\"{}\":", R::LEADING_KEYS[0]);
    let mut left = SCANS * line.len();
    for at in memmem::find_iter(line, opening.as_bytes()).filter(|&at| at > 0 && may_begin(line, at, fault)) {
        let record = &line[at..];
        let scanned = match json::whole_value(record) {
            Ok(_) if has_leading_keys::<R>(record) && R::read(record).is_some() => return Some(at),
            Ok(_) => record.len(),
            Err(fault) => fault.at,
        };
        left = left.checked_sub(scanned)?;
    }
    None
}

fn may_begin(line: &[u8], at: usize, fault: Fault) -> bool {
    if at == fault.at || fault.open_string.is_some_and(|open| open < at && at <= fault.at) {
        return true;
    }
    if at < fault.at {
        // The record's own first quote closed the string that the fragment had left open.
        return at + 2 == fault.at;
    }
    // Behind the fault nothing is known of the state; a brace that could be a value is left alone.
    let before = line[..at].iter().rposition(|byte| !matches!(byte, b' ' | b'\t' | b'\r'));
    before.is_none_or(|before| !matches!(line[before], b':' | b'[' | b','))
}

fn has_leading_keys<'a, R: Record<'a>>(record: &[u8]) -> bool {
    let mut members = Members::new(record);
    R::LEADING_KEYS
        .iter()
        .all(|key| members.next().is_some_and(|(token, _)| &token[1..token.len() - 1] == key.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::salvage;
    use crate::event::CujExecution;

    const RECORD: &str = r#"{"timestamp":"2026-01-09T16:48:32.275Z","cuj_id":"CUJ-1","success":true,"duration_ms":5,"error":null,"metadata":{"note":"a:[,{\"x\":1}","in":{"timestamp":"2026-01-09T16:48:32.275Z","cuj_id":"QUOTED","success":true,"duration_ms":5,"error":null,"metadata":{}}}}"#;

    #[test]
    fn finds_a_record_behind_every_fragment_where_it_cannot_be_a_value() {
        let mut lost = Vec::new();
        for cut in 1..RECORD.len() {
            let line = format!("{}{RECORD}", &RECORD[..cut]);
            match salvage::<CujExecution>(line.as_bytes()) {
                Some(at) => assert_eq!(at, cut, "{line}"),
                None => lost.push(&RECORD[cut - 1..cut]),
            }
        }
        assert!(lost.iter().all(|last| matches!(*last, ":" | "[" | ",")), "{lost:?}");
    }

    #[test]
    fn never_takes_a_quoted_record() {
        for cut in 1..RECORD.len() {
            assert_eq!(salvage::<CujExecution>(&RECORD.as_bytes()[..cut]), None, "{}", &RECORD[..cut]);
            assert_eq!(salvage::<CujExecution>(&RECORD.as_bytes()[cut..]), None, "{}", &RECORD[cut..]);
        }
    }

    #[test]
    fn finds_a_record_behind_many_fragments() {
        let line = format!("{}{RECORD}", RECORD[..60].repeat(5_000));
        assert_eq!(salvage::<CujExecution>(line.as_bytes()), Some(60 * 5_000));
    }

    #[test]
    fn takes_a_record_behind_rubbish() {
        for rubbish in ["x", "\0\0\0", "}", "]]", "\"", "{\"half\": tr", "nope "] {
            let line = format!("{rubbish}{RECORD}");
            assert_eq!(salvage::<CujExecution>(line.as_bytes()), Some(rubbish.len()), "{line}");
        }
    }
}
