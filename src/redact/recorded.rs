//! Takes the secrets out of lines that are on record already, piece by piece.

use std::borrow::Cow;

use super::wide::Wide;
use super::{ROUNDS, Redactor};
use crate::json;

const REPLACEMENT: &[u8] = b"[REDACTED]";
const BEGIN: &[u8] = b"-----BEGIN";
const END: &[u8] = b"-----END";

/// Redacts one file: knows which line it is at, and whether that line is inside of a private key of several lines.
#[derive(Debug)]
pub struct LineRedactor {
    redactor: &'static Redactor,
    line: u64,
    in_key: bool,
}

/// Where a secret stands, and of which kind it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Counted from 1.
    pub line: u64,
    /// The name of the rule's kind, such as `github-token`.
    pub kind: &'static str,
}

/// What was found in a piece of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Redacted {
    /// In the order of the lines.
    pub hits: Vec<Hit>,
    /// The piece without its secrets; `None` when it has none.
    pub text: Option<Vec<u8>>,
    /// Lines that are no text of UTF-8. Those of UTF-16 are looked into as such, others byte by byte.
    pub unreadable: u64,
}

impl Default for LineRedactor {
    fn default() -> Self {
        Self { redactor: Redactor::standard(), line: 0, in_key: false }
    }
}

impl LineRedactor {
    /// Redacts the next lines of the file. Every line but the file's last ends in its newline.
    ///
    /// Lines stay lines: their number, order and ends do not change, and those without secrets are copied as they are.
    ///
    /// ```
    /// use obs_native::redact::LineRedactor;
    ///
    /// let found = LineRedactor::default().lines(b"{\"a\":1}\n{\"password\":\"x\"}\n");
    /// assert_eq!((found.hits[0].line, found.hits[0].kind), (2, "named-key"));
    /// assert_eq!(found.text.as_deref(), Some(&b"{\"a\":1}\n{\"password\":\"[REDACTED]\"}\n"[..]));
    /// ```
    pub fn lines(&mut self, piece: &[u8]) -> Redacted {
        let mut redacted = Redacted::default();
        let (mut at, mut copied) = (0, 0);
        for line in piece.split_inclusive(|&byte| byte == b'\n') {
            self.line += 1;
            let body = without_end(line);
            let wide = Wide::read(body);
            redacted.unreadable += u64::from(wide.is_some() || std::str::from_utf8(body).is_err());
            if let Some(clean) = self.line(body, wide.as_ref(), &mut redacted.hits) {
                let text = redacted.text.get_or_insert_with(|| Vec::with_capacity(piece.len()));
                text.extend_from_slice(&piece[copied..at]);
                text.extend_from_slice(&clean);
                copied = at + body.len();
            }
            at += line.len();
        }
        if let Some(text) = &mut redacted.text {
            text.extend_from_slice(&piece[copied..]);
        }
        redacted
    }

    /// Redacts a whole file that is one JSON value over any number of lines; `None` when it is not JSON.
    #[must_use]
    pub fn document(&self, text: &[u8]) -> Option<Redacted> {
        json::whole_value(text).ok()?;
        let Cow::Owned(clean) = self.redactor.json(text) else { return Some(Redacted::default()) };
        let (mut line, mut counted) = (1, 0);
        let mut hits = Vec::new();
        for finding in self.redactor.findings(text) {
            line += memchr::memchr_iter(b'\n', &text[counted..finding.range.start]).count() as u64;
            counted = finding.range.start;
            hits.push(Hit { line, kind: finding.kind });
        }
        Some(Redacted { hits, text: Some(clean), unreadable: 0 })
    }

    /// A text that belongs to no file without its secrets.
    #[must_use]
    pub fn text<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        self.redactor.text(text)
    }

    /// A line without its secrets; `None` when it has none.
    fn line(&mut self, body: &[u8], wide: Option<&Wide>, hits: &mut Vec<Hit>) -> Option<Vec<u8>> {
        let mut clean = self.look_once(body, wide, hits)?;
        // What was taken out may have hidden that the rest is of two bytes for each letter, or of one.
        let mut was_wide = wide.is_some();
        for _ in 0..ROUNDS {
            let wide = Wide::read(&clean);
            if wide.is_some() == was_wide {
                break;
            }
            was_wide = !was_wide;
            // A key that begins in the line goes on behind it, not in it.
            let in_key = std::mem::take(&mut self.in_key);
            let cleaner = self.look_once(&clean, wide.as_ref(), hits);
            self.in_key |= in_key;
            clean = cleaner.unwrap_or(clean);
        }
        Some(clean)
    }

    fn look_once(&mut self, body: &[u8], wide: Option<&Wide>, hits: &mut Vec<Hit>) -> Option<Vec<u8>> {
        let Some(wide) = wide else { return self.text_line(body, hits) };
        let text = wide.text.trim_start_matches('\u{feff}');
        // The mark at the beginning is no part of the text, and says to other programs how the file is to be read.
        let mark = &wide.text[..wide.text.len() - text.len()];
        let clean = self.text_line(text.as_bytes(), hits)?;
        Some(wide.write(&format!("{mark}{}", String::from_utf8_lossy(&clean))))
    }

    fn text_line(&mut self, body: &[u8], hits: &mut Vec<Hit>) -> Option<Vec<u8>> {
        if let Some(rest) = self.key_ends(body) {
            hits.push(Hit { line: self.line, kind: "private-key" });
            let rest = self.redactor.text(&body[rest..]);
            return Some([REPLACEMENT, &rest].concat());
        }
        let is_json = json::whole_value(body).is_ok();
        let clean = if is_json { self.redactor.json(body) } else { self.redactor.text(body) };
        if *clean == *body {
            return None;
        }
        let findings = self.redactor.findings(body);
        self.in_key = !is_json && findings.iter().any(|found| found.kind == "private-key") && opens_key(body);
        hits.extend(findings.iter().map(|found| Hit { line: self.line, kind: found.kind }));
        Some(clean.into_owned())
    }

    /// Where a line stops being part of the private key that an earlier line began; `None` when it is no part of one.
    fn key_ends(&mut self, body: &[u8]) -> Option<usize> {
        // A blank line stands between the headers of a key and its body.
        if !self.in_key || body.trim_ascii().is_empty() {
            return None;
        }
        let end = memchr::memmem::find(body, END);
        let is_part = is_armor(body[..end.unwrap_or(body.len())].trim_ascii());
        self.in_key = is_part && end.is_none();
        is_part.then(|| end.map_or(body.len(), |end| label_end(body, end + END.len())))
    }
}

fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Whether the last key that begins in a line does not end in it.
fn opens_key(body: &[u8]) -> bool {
    let begin = memchr::memmem::rfind(body, BEGIN);
    begin.is_some_and(|begin| memchr::memmem::find(&body[begin..], END).is_none())
}

/// Behind the dashes that close a label.
fn label_end(body: &[u8], label: usize) -> usize {
    memchr::memmem::find(&body[label..], b"-----").map_or(body.len(), |dashes| label + dashes + 5)
}

/// Whether a line may stand in a key: base64, or a header such as `DEK-Info: AES-128-CBC,…`.
fn is_armor(line: &[u8]) -> bool {
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=-_".contains(byte);
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let header = memchr::memmem::find(line, b": ").is_some_and(|colon| line[..colon].iter().all(is_name));
    header || line.iter().all(is_base64)
}
