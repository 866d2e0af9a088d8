//! What stands on lines of a data file, for those who read the files themselves: the records, without secrets.

use std::fmt::Write;

use super::Monitor;
use super::follower::Stream;
use crate::event::{CujExecution, ProgressEvent, ProviderCall, Record, SkillInvocation, take_apart};

impl Monitor {
    /// The records on whole lines of a stream's file, those on damaged lines too: a JSON array of `[offset, record]`. Secrets
    /// are taken out by the rules in force, as old lines may hold some.
    ///
    /// ```
    /// use obs_native::monitor::{Monitor, Stream};
    ///
    /// let root = tempfile::tempdir()?;
    /// let monitor = Monitor::open(root.path());
    /// let lines = b"{\"cuj_id\":\"A\",\"token\":\"abc\"}\nno record\n{\"cuj_id\":\"B\"}\n";
    /// let records = r#"[[0,{"cuj_id":"A","token":"[REDACTED]"}],[39,{"cuj_id":"B"}]]"#;
    /// assert_eq!(monitor.records(Stream::Executions, lines), records);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn records(&self, stream: Stream, lines: &[u8]) -> String {
        let redactor = self.state.lock().redactor();
        let mut text = String::from("[");
        let mut push = |offset: usize, record: &[u8]| {
            let separator = if text.len() > 1 { "," } else { "" };
            let safe = redactor.json(record);
            // Writing into a text does not fail.
            let _ = write!(text, "{separator}[{offset},{}]", String::from_utf8_lossy(&safe));
        };
        match stream {
            Stream::Executions => each::<CujExecution<'_>>(lines, &mut push),
            Stream::Progress => each::<ProgressEvent<'_>>(lines, &mut push),
            Stream::Providers => each::<ProviderCall<'_>>(lines, &mut push),
            Stream::Skills => each::<SkillInvocation<'_>>(lines, &mut push),
        }
        text.push(']');
        text
    }
}

/// Hands on each record with the offset at which it begins.
fn each<'a, R: Record<'a>>(lines: &'a [u8], push: &mut impl FnMut(usize, &'a [u8])) {
    let mut start = 0;
    for line in lines.split(|&byte| byte == b'\n') {
        if R::read(line).is_some() {
            push(start, line.trim_ascii());
        } else {
            for record in take_apart::<R>(line).records {
                push(start + record.start, &line[record]);
            }
        }
        start += line.len() + 1;
    }
}

#[cfg(test)]
mod tests {
    use crate::monitor::{Monitor, Stream};

    #[test]
    fn records_on_damaged_lines_have_their_own_offsets() {
        let root = tempfile::tempdir().unwrap();
        let monitor = Monitor::open(root.path());
        let record = r#"{"timestamp":"2026-01-09T16:48:32Z","skill":"s"}"#;
        let lines = format!("{{\"timestamp\":\"20{record}{record}\n\n  {record}\n{{\"cuj_id\":\"A\"}}\n");
        let (first, second) = (16, 16 + record.len());
        let third = second + record.len() + 2;
        let expected = format!("[[{first},{record}],[{second},{record}],[{third},{record}]]");
        assert_eq!(monitor.records(Stream::Skills, lines.as_bytes()), expected);
    }

    #[test]
    fn no_record_is_no_answer() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(Monitor::open(root.path()).records(Stream::Progress, b"7\n[]\n\n"), "[]");
    }
}
