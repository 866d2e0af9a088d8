//! Takes a line apart that is not one record: finds every whole record on it, and never one that is quoted inside another.

use std::ops::Range;

use memchr::memchr3;

use super::{Record, Values, time};
use crate::json::{self, Fault};

/// The records on a line, and what else stands there.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Apart {
    /// Where the records stand, in order.
    pub records: Vec<Range<usize>>,
    /// How many stretches of something else stand before, between and behind them.
    pub skipped: u64,
}

/// Takes a line apart into the records of kind `R` on it.
///
/// A record is a complete object with the stream's id and a readable timestamp; at the line's beginning, where it counted
/// before more was appended to it, the id is enough. It may begin only where the JSON before it can legally not go on, or
/// inside a string that a fragment left open. The time it takes grows with the length of the line.
///
/// ```
/// use obs_native::event::{CujExecution, take_apart};
///
/// let record = br#"{"cuj_id":"A","timestamp":"2026-01-09T16:48:32Z"}"#;
/// let line = [br#"{"timestamp":"20"#.as_slice(), record, record, b" junk"].concat();
/// let apart = take_apart::<CujExecution<'_>>(&line);
/// assert_eq!((apart.records, apart.skipped), (vec![16..65, 65..114], 2));
/// ```
#[must_use]
pub fn take_apart<'a, R: Record<'a>>(line: &'a [u8]) -> Apart {
    let mut apart = Apart::default();
    let first = json::skip_whitespace(line, 0);
    let mut search = Search { line, at: first, certain: true, torn: true };
    let mut junk = false;
    while search.at < line.len() {
        let start = search.at;
        let end = search.step();
        if let Some(end) = end.filter(|&end| counts::<R>(&line[start..end], start == first)) {
            apart.skipped += u64::from(std::mem::take(&mut junk));
            apart.records.push(start..end);
            search.torn = false;
        } else {
            junk = true;
        }
        search.at = json::skip_whitespace(line, search.at);
    }
    apart.skipped += u64::from(junk);
    apart
}

fn counts<'a, R: Record<'a>>(object: &'a [u8], is_first: bool) -> bool {
    R::read(object).is_some() && (is_first || has_time(object))
}

fn has_time(object: &[u8]) -> bool {
    let values = Values::read(object, &["timestamp"], false);
    values.and_then(|values| values.all()[0]).and_then(time::read).is_some()
}

/// A walk over a damaged line, from one place where something may begin to the next.
struct Search<'a> {
    line: &'a [u8],
    at: usize,
    /// Whatever begins here is no value of what stands before.
    certain: bool,
    /// The beginning of what stands here may be missing, or a container came since the last record: further values of it
    /// may follow.
    torn: bool,
}

impl Search<'_> {
    /// Goes on behind what begins here; the end of it, when it is a complete object that is no value of a fragment's.
    fn step(&mut self) -> Option<usize> {
        let start = self.at;
        let first = self.line[start];
        match json::skip_value(self.line, start, &mut ()) {
            Ok(end) if first == b'{' => {
                let alone = self.certain || !self.is_value(start);
                (self.at, self.certain) = (end, true);
                alone.then_some(end)
            }
            Ok(end) => {
                self.torn |= first == b'[';
                self.go_on(start, end);
                None
            }
            Err(fault) => {
                self.torn |= matches!(first, b'{' | b'[') && fault.at > start;
                self.go_on_behind(start, fault);
                None
            }
        }
    }

    /// What begins here cannot go on at the fault.
    fn go_on_behind(&mut self, start: usize, fault: Fault) {
        if fault.open_string.is_none() {
            self.go_on(start, fault.at);
        } else {
            (self.at, self.certain) = (fault.at.max(start + 1), fault.at > start);
        }
    }

    /// What stands before `stop` cannot go on there. When a string ends right before, it may be one that a fragment left
    /// open and that the first quote of a record closed.
    fn go_on(&mut self, start: usize, stop: usize) {
        if let Some(brace) = brace_before(&self.line[..stop]).filter(|&brace| brace > start) {
            // Of a line whose beginning is missing it is not known which quotes open a string and which close one.
            (self.at, self.certain) = (brace, self.certain && self.line[start] == b'{');
        } else if stop > start {
            // A word, number or string may be the end of something whose beginning is missing.
            (self.at, self.certain) = (stop, matches!(self.line[start], b'{' | b'['));
        } else {
            // Nothing begins here. What does not look like a container or a string cannot hide one.
            let rest = &self.line[start + 1..];
            let next = memchr3(b'{', b'[', b'"', rest).unwrap_or(rest.len());
            (self.at, self.certain) = (start + 1 + next, false);
        }
    }

    /// Whether what begins at `start` stands where a value would.
    fn is_value(&self, start: usize) -> bool {
        let before = self.line[..start].iter().rposition(|byte| !matches!(byte, b' ' | b'\t' | b'\r'));
        before.is_some_and(|before| match self.line[before] {
            b':' | b'[' => true,
            b',' => self.torn,
            _ => false,
        })
    }
}

/// Where `{` stands at the end of `text`, before a quote and perhaps white space: the beginning of a record.
fn brace_before(text: &[u8]) -> Option<usize> {
    let before = text.strip_suffix(b"\"")?;
    let end = before.iter().rposition(|byte| !matches!(byte, b' ' | b'\t' | b'\r'))?;
    (before[end] == b'{').then_some(end)
}

#[cfg(test)]
mod tests {
    use super::{Apart, take_apart};
    use crate::event::CujExecution;

    const RECORD: &str = r#"{"timestamp":"2026-01-09T16:48:32.275Z","cuj_id":"CUJ-1","success":true,"duration_ms":5,"error":null,"metadata":{"note":"a:[,{\"x\":1}","in":{"timestamp":"2026-01-09T16:48:32.275Z","cuj_id":"QUOTED","success":true,"duration_ms":5,"error":null,"metadata":{}}}}"#;
    const SHORT: &str = r#"{"cuj_id":"B","timestamp":1767977312275}"#;

    fn apart(line: &str) -> Apart {
        take_apart::<CujExecution>(line.as_bytes())
    }

    /// The records on a line that is made of these pieces, by their places among them.
    fn found(pieces: &[&str]) -> (Vec<usize>, u64) {
        let Apart { records, skipped } = apart(&pieces.concat());
        let start = |piece: usize| pieces[..piece].iter().map(|piece| piece.len()).sum::<usize>();
        let place = |range: &std::ops::Range<usize>| {
            (0..pieces.len()).find(|&piece| start(piece) == range.start && start(piece + 1) == range.end)
        };
        (records.iter().map(|range| place(range).unwrap_or(usize::MAX)).collect(), skipped)
    }

    #[test]
    fn finds_a_record_behind_every_fragment_where_it_cannot_be_a_value() {
        let mut lost = Vec::new();
        for cut in 1..RECORD.len() {
            match found(&[&RECORD[..cut], RECORD]) {
                (places, skipped) if places == [1] => assert_eq!(skipped, 1),
                (places, _) => {
                    assert!(places.is_empty(), "{}", &RECORD[..cut]);
                    lost.push(&RECORD[cut - 1..cut]);
                }
            }
        }
        assert!(lost.iter().all(|last| matches!(*last, ":" | "[")), "{lost:?}");
    }

    #[test]
    fn never_takes_a_quoted_record() {
        for cut in 1..RECORD.len() {
            assert!(found(&[&RECORD[..cut]]).0.is_empty(), "{}", &RECORD[..cut]);
            // Cut right before the quoted one, nothing tells it from a record with rubbish behind it.
            let whole = RECORD[cut..].starts_with("{\"timestamp\"");
            assert!(whole || found(&[&RECORD[cut..]]).0.is_empty(), "{}", &RECORD[cut..]);
        }
    }

    #[test]
    fn takes_all_records_of_a_line_whatever_the_order_of_their_keys() {
        assert_eq!(found(&[SHORT, RECORD, SHORT]), (vec![0, 1, 2], 0));
        assert_eq!(found(&[SHORT, " ", RECORD, "\t", SHORT, " "]), (vec![0, 2, 4], 0));
        assert_eq!(found(&[SHORT, " junk"]), (vec![0], 1));
        assert_eq!(found(&[SHORT, "\0\0"]), (vec![0], 1));
        assert_eq!(found(&["\0\0", SHORT, "x y", RECORD, "}"]), (vec![1, 3], 3));
        assert_eq!(found(&[SHORT, " , ", RECORD]), (vec![0, 2], 1));
        assert_eq!(found(&["{\"timestamp\":17", SHORT]), (vec![1], 1));
        assert_eq!(found(&["{\"a\":\"torn", SHORT, RECORD]), (vec![1, 2], 1));
    }

    #[test]
    fn takes_a_record_behind_rubbish() {
        for rubbish in
            ["x", "\0\0\0", "}", "]]", "\"", "{\"half\": tr", "nope ", "12", "true", "{}", "\"a\" ", "\u{feff}"]
        {
            assert_eq!(found(&[rubbish, RECORD]), (vec![1], 1), "{rubbish}");
        }
    }

    #[test]
    fn leaves_alone_what_is_inside_of_something_else() {
        for line in [
            format!("[{SHORT}"),
            format!("{{\"in\":{SHORT}"),
            format!("{{\"a\":nope,\"in\":{SHORT}}}"),
            format!("{{\"in\":{SHORT}}} x"),
            format!("[{SHORT},{SHORT}] x"),
            format!("{{\"text\":{}}} x", serde_json::to_string(SHORT).unwrap_or_default()),
        ] {
            assert!(apart(&line).records.is_empty(), "{line}");
        }
    }

    #[test]
    fn the_first_one_needs_no_time_the_others_do() {
        let timeless = r#"{"cuj_id":"A"}"#;
        assert_eq!(found(&[timeless, timeless]), (vec![0], 1));
        assert_eq!(found(&[timeless, SHORT, timeless]), (vec![0, 1], 1));
    }

    #[test]
    fn takes_time_that_grows_with_the_line() {
        for piece in
            ["{", "[", "\"", "{\"", "{ \"", "x{\"a\":", "{\"a\":{\"", "\\", "\"{\"", SHORT, "{\"cuj_id\":\"A\"}"]
        {
            let line = piece.repeat(2_000_000 / piece.len());
            assert!(apart(&line).skipped <= 1, "{piece}");
        }
        assert_eq!(found(&[&RECORD[..60].repeat(5_000), RECORD]), (vec![1], 1));
    }
}
