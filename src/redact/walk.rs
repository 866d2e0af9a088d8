//! The walk over JSON text that finds what must be replaced, without recursion and without building anything.

use std::ops::Range;

use super::names::{Name, judge};
use crate::json::{Fault, decode, skip_value, skip_whitespace};

/// A container that the walk is inside of.
#[derive(Clone, Copy)]
struct Frame {
    object: bool,
    /// The name above measures tokens: only numbers and booleans stay.
    measure: bool,
}

/// What the walk meets.
pub(super) trait Visitor {
    /// A value that its name makes a secret.
    fn secret(&mut self, value: Range<usize>);
    /// A string, quotes included, which may hold secrets; `key` when it is a key.
    fn string(&mut self, token: Range<usize>, key: bool);
}

/// Walks over one JSON value and tells the visitor what it meets, in the order of the text.
///
/// # Errors
/// Where the text stops being JSON.
pub(super) fn walk(text: &[u8], visitor: &mut impl Visitor) -> Result<(), Fault> {
    let mut frames: Vec<Frame> = Vec::new();
    let mut at = skip_whitespace(text, 0);
    let mut name = Name::Plain;
    loop {
        let opened = match text.get(at) {
            Some(b'{' | b'[') if name != Name::Secret => {
                let measure = name == Name::Measure;
                frames.push(Frame { object: text[at] == b'{', measure });
                at = skip_whitespace(text, at + 1);
                true
            }
            _ => {
                at = leaf(text, at, name, visitor)?;
                false
            }
        };
        let Some((next, frame)) = next_value(text, &mut at, opened, &mut frames)? else { return whole(text, at) };
        at = next;
        name = if frame.measure { Name::Measure } else { Name::Plain };
        if frame.object {
            (at, name) = key(text, at, name, visitor)?;
        }
    }
}

/// Checks that nothing but white space follows the value.
fn whole(text: &[u8], end: usize) -> Result<(), Fault> {
    match skip_whitespace(text, end) {
        rest if rest == text.len() => Ok(()),
        rest => Err(Fault { at: rest, open_string: None }),
    }
}

/// Finds where the next key or value begins, closing the containers that end before it; `None` behind the last.
fn next_value(
    text: &[u8],
    at: &mut usize,
    mut opened: bool,
    frames: &mut Vec<Frame>,
) -> Result<Option<(usize, Frame)>, Fault> {
    while let Some(&frame) = frames.last() {
        *at = skip_whitespace(text, *at);
        match text.get(*at) {
            Some(b'}') if frame.object => *at += 1,
            Some(b']') if !frame.object => *at += 1,
            Some(b',') if !opened => return Ok(Some((skip_whitespace(text, *at + 1), frame))),
            _ if opened => return Ok(Some((*at, frame))),
            _ => return Err(Fault { at: *at, open_string: None }),
        }
        frames.pop();
        opened = false;
    }
    Ok(None)
}

/// Takes a key and its colon; gives where the value begins and what the name says about it.
fn key(text: &[u8], at: usize, above: Name, visitor: &mut impl Visitor) -> Result<(usize, Name), Fault> {
    if text.get(at) != Some(&b'"') {
        return Err(Fault { at, open_string: None });
    }
    let end = skip_value(text, at, &mut ())?;
    visitor.string(at..end, true);
    let colon = skip_whitespace(text, end);
    if text.get(colon) != Some(&b':') {
        return Err(Fault { at: colon, open_string: None });
    }
    let name = match judge(&decode(&text[at..end])) {
        Name::Plain => above,
        judged => judged,
    };
    Ok((skip_whitespace(text, colon + 1), name))
}

/// Takes a value that is not looked into any further.
fn leaf(text: &[u8], at: usize, name: Name, visitor: &mut impl Visitor) -> Result<usize, Fault> {
    let end = skip_value(text, at, &mut ())?;
    let counts = matches!(text[at], b'-' | b'0'..=b'9' | b't' | b'f');
    match name {
        Name::Secret => visitor.secret(at..end),
        Name::Measure if !counts => visitor.secret(at..end),
        _ if text[at] == b'"' => visitor.string(at..end, false),
        _ => {}
    }
    Ok(end)
}
