//! Builds a record's line from the fields of a call: redacts, fits it into the size limit, puts keys and values together.

use std::borrow::Cow;

use super::packed::Fields;
use super::time::{self, IsoWriter};
use crate::error::{Error, Result};
use crate::json::{self, Members};
use crate::redact::Redactor;

/// A record ready to be appended.
#[derive(Debug, Default)]
pub struct Draft {
    /// The line with its newline.
    pub line: Vec<u8>,
    /// Whether redaction or the size limit changed what the call gave.
    pub changed: bool,
    /// When it happened, epoch ms.
    pub at: i64,
}

/// Turns the fields of calls into drafts; keeps its buffers from one call to the next.
#[derive(Debug)]
pub struct Drafter {
    iso: IsoWriter,
    max_bytes: usize,
    draft: Draft,
}

/// How a field that is not stored as it was given is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Special {
    /// Any JSON value, stored as a string that holds its JSON text.
    JsonText,
    /// An error's text or `null`: cleaned and cut as executions ask for.
    CleanedError,
    /// An error's text or `null`, cut as provider calls ask for.
    CutError,
}

/// What a kind of record looks like: its time, constant text, and the members of a call's fields, which carry the keys of
/// the line in its order.
#[derive(Debug)]
pub(super) struct Layout {
    /// Whether `timestamp` is epoch ms followed by `iso_timestamp` (else it is ISO text).
    pub epoch: bool,
    /// Text between the time and the fields, such as a constant member.
    pub constant: &'static str,
    /// The member that is written in a special way: how many stand before it, its key, and the way.
    pub special: Option<(usize, &'static str, Special)>,
}

/// An execution's error is cut at this many UTF-16 units, a provider call's at this many (spec of the files).
const EXECUTION_ERROR_UNITS: usize = 500;
const PROVIDER_ERROR_UNITS: usize = 200;

/// Strings are never cut below this many UTF-16 units; a record that is still too large loses whole containers.
const LEAST_UNITS: usize = 64;

/// What stands for `params` that JavaScript could not turn into JSON, so that their member is missing.
const PARSE_ERROR: &[u8] = br#""[PARSE_ERROR]""#;

impl Drafter {
    /// Makes a drafter whose lines have at most `max_bytes` bytes where cutting strings can achieve it.
    #[must_use]
    pub fn new(max_bytes: usize) -> Self {
        Self { iso: IsoWriter::default(), max_bytes, draft: Draft::default() }
    }

    /// Builds the line of one record from the JSON object of its fields.
    pub(super) fn build(
        &mut self,
        layout: &Layout,
        fields: &Fields<'_>,
        now: i64,
        redactor: &Redactor,
    ) -> Result<&Draft> {
        let safe = redactor.json(fields.json);
        let mut changed = matches!(safe, Cow::Owned(_));
        let special = fields.special.clone().filter(|_| !changed);
        self.fill(layout, &Fields { json: &safe, special }, now, redactor)?;
        let mut units = self.max_bytes / 2;
        while self.draft.line.len() > self.max_bytes {
            changed = true;
            let cut = cut_strings(&safe, units);
            self.fill(layout, &Fields::from(&*cut), now, redactor)?;
            if units <= LEAST_UNITS {
                break;
            }
            units = (units / 2).max(LEAST_UNITS);
        }
        if self.draft.line.len() > self.max_bytes {
            self.fill(layout, &Fields::from(&*cut_containers(&safe)), now, redactor)?;
        }
        self.draft.changed = changed;
        self.draft.at = now;
        Ok(&self.draft)
    }

    /// Sets how many bytes lines have at most.
    pub const fn set_max_bytes(&mut self, max_bytes: usize) {
        self.max_bytes = max_bytes;
    }

    /// The last draft that was built.
    #[must_use]
    pub const fn last(&self) -> &Draft {
        &self.draft
    }

    fn fill(&mut self, layout: &Layout, fields: &Fields<'_>, now: i64, redactor: &Redactor) -> Result<()> {
        let members = fields.json.strip_prefix(b"{").filter(|members| members.ends_with(b"}"));
        let members = members.ok_or_else(|| Error::Malformed {
            what: "the fields of a record".to_owned(),
            why: "they should be a JSON object without white space around it".to_owned(),
        })?;
        let line = &mut self.draft.line;
        line.clear();
        line.extend_from_slice(b"{\"timestamp\":");
        if layout.epoch {
            line.extend_from_slice(now.to_string().as_bytes());
            line.extend_from_slice(b",\"iso_timestamp\":");
        }
        line.push(b'"');
        self.iso.append(line, now);
        line.push(b'"');
        line.extend_from_slice(layout.constant.as_bytes());
        line.push(b',');
        match (layout.special, &fields.special) {
            (None, _) => line.extend_from_slice(members),
            (Some((.., special)), Some(value)) => {
                line.extend_from_slice(&fields.json[1..value.start]);
                append_value(line, special, &fields.json[value.clone()], redactor);
                line.extend_from_slice(&fields.json[value.end..]);
            }
            (Some((before, key, special)), None) => {
                append_special(line, fields.json, before, key, special, redactor);
            }
        }
        line.push(b'\n');
        Ok(())
    }
}

/// Finds a member among those of `fields` and appends them all, that one in a special way; the others are copied as they are.
fn append_special(line: &mut Vec<u8>, fields: &[u8], before: usize, key: &str, special: Special, redactor: &Redactor) {
    let mut members = Members::new(fields);
    let start = if before == 0 { 1 } else { members.nth(before - 1).map_or(1, |_| members.offset()) };
    let found = members.next().filter(|(token, _)| &token[1..token.len() - 1] == key.as_bytes());
    line.extend_from_slice(&fields[1..start]);
    let Some((_, value)) = found else {
        // Only params can be without JSON; what comes behind them follows.
        line.extend_from_slice(format!(",\"{key}\":").as_bytes());
        json::append_quoted_json(line, PARSE_ERROR);
        line.extend_from_slice(&fields[start..]);
        return;
    };
    line.extend_from_slice(if before == 0 { b"\"" } else { b",\"" });
    line.extend_from_slice(key.as_bytes());
    line.extend_from_slice(b"\":");
    append_value(line, special, value, redactor);
    line.extend_from_slice(&fields[members.offset()..]);
}

fn append_value(line: &mut Vec<u8>, special: Special, value: &[u8], redactor: &Redactor) {
    match special {
        Special::JsonText => json::append_quoted_json(line, value),
        _ if value.first() != Some(&b'"') => line.extend_from_slice(value),
        Special::CleanedError => {
            let text = redactor.clean_error(&json::decode(value));
            append_error(line, json::truncate_utf16(&text, EXECUTION_ERROR_UNITS));
        }
        Special::CutError => append_error(line, json::truncate_utf16(&json::decode(value), PROVIDER_ERROR_UNITS)),
    }
}

fn append_error(line: &mut Vec<u8>, text: &[u8]) {
    if text.is_empty() { line.extend_from_slice(b"null") } else { json::append_quoted(line, text) }
}

/// Copies JSON text with every string value cut to `units` UTF-16 units and a marker that tells how many are gone.
fn cut_strings(text: &[u8], units: usize) -> Vec<u8> {
    struct Cut<'a> {
        text: &'a [u8],
        units: usize,
        copied: usize,
        out: Vec<u8>,
    }
    impl Cut<'_> {
        fn token(&mut self, start: usize, end: usize) {
            if end - start <= self.units {
                return;
            }
            let string = json::decode(&self.text[start..end]);
            let length = json::utf16_len(&string);
            if length > self.units {
                let kept = json::truncate_utf16(&string, self.units);
                let marker = format!("[Truncated {} units]", length - json::utf16_len(kept));
                self.out.extend_from_slice(&self.text[self.copied..start]);
                json::append_quoted(&mut self.out, &[kept, marker.as_bytes()].concat());
                self.copied = end;
            }
        }
    }
    impl json::Progress for Cut<'_> {
        fn key(&mut self, start: usize, end: usize, _depth: usize) {
            self.token(start, end);
        }
        fn string(&mut self, start: usize, end: usize) {
            self.token(start, end);
        }
    }
    let mut cut = Cut { text, units, copied: 0, out: Vec::new() };
    // The text was scanned before, so the scan cannot break; if it did, the rest is copied as it is.
    let _ = json::skip_value(text, 0, &mut cut);
    cut.out.extend_from_slice(&text[cut.copied..]);
    cut.out
}

/// Copies fields with their strings cut as short as they get and their containers replaced by a marker.
fn cut_containers(fields: &[u8]) -> Vec<u8> {
    let mut out = vec![b'{'];
    for (key, value) in Members::new(fields) {
        if out.len() > 1 {
            out.push(b',');
        }
        out.extend_from_slice(key);
        out.push(b':');
        match value[0] {
            b'{' | b'[' => {
                let units = json::utf16_len(value);
                out.extend_from_slice(format!("\"[Truncated {units} units]\"").as_bytes());
            }
            _ => out.extend_from_slice(&cut_strings(value, LEAST_UNITS)),
        }
    }
    out.push(b'}');
    out
}

/// The UTC day of a draft.
impl Draft {
    /// The UTC day that the record belongs to, counted from 1970.
    #[must_use]
    pub const fn day(&self) -> i64 {
        time::day_of(self.at)
    }
}
