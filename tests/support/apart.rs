//! Takes a damaged line apart by trying every brace on it, straight from the specification; shares nothing with `src/`.
#![allow(dead_code, reason = "each test crate uses a part")]

use std::ops::Range;

use super::json::Json;
use super::rescan::{Stream, time};

/// The records on a line with their places, and how many stretches of something else stand there.
pub fn take_apart(stream: Stream, line: &[u8]) -> (Vec<(Range<usize>, Json)>, usize) {
    if let Some(record) = Json::read(line).filter(|value| has_id(stream, value)) {
        let blank = line.len() - line.trim_ascii_start().len();
        return (vec![(blank..line.trim_ascii_end().len(), record)], 0);
    }
    let (mut records, mut others) = (Vec::new(), 0);
    let first = line.iter().take_while(|&&byte| is_space(byte)).count();
    // Where what is not understood begins, whether it is known what its quotes mean, and where the next brace is looked for.
    let (mut from, mut sure, mut at, mut junk) = (first, true, first, false);
    while at < line.len() {
        let begins = begins(&line[from..], at - from, sure, records.is_empty());
        let Some((end, value)) = begins.and_then(|_| object_at(line, at)) else {
            // Another beginning of an object, which may be all that there is of it.
            if let Some(Begins { sure: is_sure }) = begins.filter(|_| at > from) {
                (from, sure, junk) = (at, is_sure, true);
            }
            at += 1;
            continue;
        };
        if has_id(stream, &value) && (at == first || time(&value).is_some()) {
            others += usize::from(junk || !is_blank(&line[from..at]));
            records.push((at..end, value));
            junk = false;
        } else {
            junk = true;
        }
        (from, sure, at) = (end, true, end);
    }
    (records, others + usize::from(junk || !is_blank(&line[from..])))
}

fn is_blank(text: &[u8]) -> bool {
    text.iter().all(|&byte| is_space(byte))
}

fn has_id(stream: Stream, value: &Json) -> bool {
    matches!(value, Json::Object(_)) && stream.id.is_none_or(|id| value.get(id).is_some_and(Json::is_truthy))
}

/// The complete object that begins at `at`.
fn object_at(line: &[u8], at: usize) -> Option<(usize, Json)> {
    let mut ends = (at + 1..=line.len()).filter(|&end| line[end - 1] == b'}');
    ends.find_map(|end| Some((end, Json::read(&line[at..end])?)))
}

/// Something begins; whether it is known that it is no part of what stands before it.
#[derive(Clone, Copy)]
struct Begins {
    sure: bool,
}

/// Whether the brace at `at` is no value of what stands before it in `text`: JSON can legally not go on there, or a string is
/// open. Where that is not known, a brace that looks like a value is left alone.
fn begins(text: &[u8], at: usize, sure: bool, torn: bool) -> Option<Begins> {
    let before = &text[..at];
    if text[at] != b'{' || is_blank(before) {
        return (text[at] == b'{').then_some(Begins { sure });
    }
    match state(before) {
        State::Value => return None,
        State::Other if matches!(before[0], b'{' | b'[') => return Some(Begins { sure: true }),
        State::InString if !closes_string(text, at) => return None,
        State::InString if before[0] == b'{' && sure => return Some(Begins { sure }),
        _ => {}
    }
    let begins = match before.iter().rev().find(|byte| !is_space(**byte)) {
        Some(b':' | b'[') => false,
        Some(b',') => !torn && !before.iter().any(|byte| matches!(byte, b'{' | b'[')),
        _ => true,
    };
    begins.then_some(Begins { sure: false })
}

/// Whether the first quote of what begins at `at` closes a string, and JSON cannot go on behind that.
fn closes_string(text: &[u8], at: usize) -> bool {
    let behind = |at: usize| (at + 1..text.len()).find(|&next| !is_space(text[next]));
    let quote = behind(at).filter(|&quote| text[quote] == b'"');
    quote.and_then(behind).is_some_and(|next| state(&text[..=next]) == State::Broken)
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r')
}

#[derive(Debug, PartialEq)]
enum State {
    /// A value may begin here.
    Value,
    InString,
    /// Something else must come.
    Other,
    /// No JSON text begins so.
    Broken,
}

/// What a JSON scanner waits for behind `text`, found by trying how the text can be completed.
fn state(text: &[u8]) -> State {
    let mut stack = Vec::new();
    let (mut quoted, mut escaped) = (false, false);
    for &byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => stack.push(if byte == b'{' { b'}' } else { b']' }),
            b'}' | b']' if !quoted => drop(stack.pop()),
            _ => {}
        }
    }
    let closing: Vec<u8> = stack.iter().rev().copied().collect();
    let whole = |middle: &[u8]| Json::read(&[text, middle, &closing[..]].concat()).is_some();
    if whole(b"{}") {
        return State::Value;
    }
    let ends: [&[u8]; 4] = [b"", b":0", b"0", b"\"\":0"];
    let quoted_ends: [&[u8]; 12] = [
        b"\"",
        b"\":0",
        b"\\\"",
        b"\\\":0",
        b"n\"",
        b"n\":0",
        b"0000\"",
        b"0000\":0",
        b"000\"",
        b"00\"",
        b"0\"",
        b"0\":0",
    ];
    if quoted && quoted_ends.iter().any(|end| whole(end)) {
        return State::InString;
    }
    let words: [&[u8]; 9] = [b"rue", b"ue", b"e", b"alse", b"lse", b"se", b"ull", b"ll", b"l"];
    if !quoted && ends.iter().chain(&words).any(|end| whole(end)) { State::Other } else { State::Broken }
}
