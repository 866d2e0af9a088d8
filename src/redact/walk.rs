//! The walk over JSON text that finds what must be replaced, without recursion and without building anything.

use std::ops::Range;

use super::names::Name;
use crate::json::{Fault, skip_value, skip_whitespace};

/// A container that the walk is inside of.
#[derive(Clone)]
struct Frame {
    object: bool,
    start: usize,
    /// The name above measures tokens: only numbers and booleans stay.
    measure: bool,
    pair: Pair,
}

/// What a container has shown so far of a name and a value that are not key and value: `{"name": …, "value": …}` in
/// an object, `["authorization", …]` in an array.
#[derive(Clone, Default)]
struct Pair {
    role: Role,
    /// The last string of an array, or the value of an object's key `value`.
    last: Option<Range<usize>>,
    /// An object's key `name` holds a secret's name.
    named: bool,
    /// How many values there have been.
    count: usize,
}

/// What the key that was read last says about its value's part in such a pair.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Role {
    #[default]
    None,
    Name,
    Value,
}

/// What the walk meets.
pub(super) trait Visitor {
    /// A key, quotes included, which may itself hold secrets; says what it means for its value.
    fn key(&mut self, token: Range<usize>) -> (Name, Role);
    /// A string, quotes included, which may hold secrets.
    fn string(&mut self, token: Range<usize>);
    /// A value that its name makes a secret.
    fn secret(&mut self, value: Range<usize>);
    /// Whether a string names a secret that stands under another key.
    fn names_secret(&mut self, token: Range<usize>) -> bool;
    /// Whether a string in an array names the value behind it, which has this place in the array and may be its last.
    fn is_pair(&mut self, name: Range<usize>, value: Range<usize>, place: usize, last: bool) -> bool;
}

/// Walks over one JSON value and tells the visitor what it meets.
///
/// # Errors
/// Where the text stops being JSON.
pub(super) fn walk<V: Visitor>(text: &[u8], visitor: &mut V) -> Result<(), Fault> {
    Walk { text, at: 0, frames: Vec::new(), visitor }.run()
}

struct Walk<'a, V> {
    text: &'a [u8],
    at: usize,
    frames: Vec<Frame>,
    visitor: &'a mut V,
}

/// Whether a string, quotes included, is a finite number, perhaps with a unit: `"0.42"`, `"12,345"`, `"118.2 tok/s"`.
fn is_figure(token: &[u8]) -> bool {
    let text = token.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\""));
    let Some(text) = text.filter(|text| text.len() <= 24).and_then(|text| std::str::from_utf8(text).ok()) else {
        return false;
    };
    let unit = text.trim_end_matches(|char: char| char.is_ascii_alphabetic() || matches!(char, '/' | '%' | ' '));
    let unit = if text.len() - unit.len() <= 8 { unit } else { text };
    unit.replace(',', "").parse::<f64>().is_ok_and(f64::is_finite)
}

impl<V: Visitor> Walk<'_, V> {
    fn run(&mut self) -> Result<(), Fault> {
        self.skip(0);
        let mut name = Name::Plain;
        loop {
            let opened = self.open(name);
            if !opened {
                self.leaf(name)?;
            }
            if !self.advance(opened)? {
                return self.whole();
            }
            let frame = self.frames.last();
            name = if frame.is_some_and(|frame| frame.measure) { Name::Measure } else { Name::Plain };
            if frame.is_some_and(|frame| frame.object) {
                name = self.key(name)?;
            }
        }
    }

    fn skip(&mut self, bytes: usize) {
        self.at = skip_whitespace(self.text, self.at + bytes);
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn broken<T>(&self) -> Result<T, Fault> {
        Err(Fault { at: self.at, open_string: None })
    }

    /// Enters a container, unless it is a secret as a whole.
    fn open(&mut self, name: Name) -> bool {
        let Some(bracket @ (b'{' | b'[')) = self.peek() else { return false };
        if name == Name::Secret {
            return false;
        }
        let frame =
            Frame { object: bracket == b'{', start: self.at, measure: name == Name::Measure, pair: Pair::default() };
        self.frames.push(frame);
        self.skip(1);
        true
    }

    /// Takes a value that is not looked into any further.
    fn leaf(&mut self, name: Name) -> Result<(), Fault> {
        let start = self.at;
        self.at = skip_value(self.text, start, &mut ())?;
        let counts =
            matches!(self.text[start], b'-' | b'0'..=b'9' | b't' | b'f') || is_figure(&self.text[start..self.at]);
        match name {
            Name::Secret => self.visitor.secret(start..self.at),
            Name::Measure if !counts => self.visitor.secret(start..self.at),
            _ if self.text[start] == b'"' => self.visitor.string(start..self.at),
            _ => {}
        }
        self.completed(start);
        Ok(())
    }

    /// Moves to the next key or value, closing the containers that end before it; false behind the last.
    fn advance(&mut self, mut opened: bool) -> Result<bool, Fault> {
        loop {
            let Some(frame) = self.frames.last() else { return Ok(false) };
            let close = if frame.object { b'}' } else { b']' };
            let start = frame.start;
            self.skip(0);
            match self.peek() {
                Some(byte) if byte == close => self.at += 1,
                Some(b',') if !opened => {
                    self.skip(1);
                    return Ok(true);
                }
                _ if opened => return Ok(true),
                _ => return self.broken(),
            }
            self.frames.pop();
            self.completed(start);
            opened = false;
        }
    }

    /// Takes a key and its colon; gives what is known about its value.
    fn key(&mut self, above: Name) -> Result<Name, Fault> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return self.broken();
        }
        self.at = skip_value(self.text, start, &mut ())?;
        let (name, role) = self.visitor.key(start..self.at);
        if let Some(frame) = self.frames.last_mut() {
            frame.pair.role = role;
        }
        self.skip(0);
        if self.peek() != Some(b':') {
            return self.broken();
        }
        self.skip(1);
        Ok(if name == Name::Plain { above } else { name })
    }

    /// Notes that the value that began at `start` has ended, and judges it by its neighbours.
    fn completed(&mut self, start: usize) {
        let value = start..self.at;
        let string = self.text[start] == b'"';
        let Some(frame) = self.frames.last_mut() else { return };
        let (object, pair) = (frame.object, &mut frame.pair);
        pair.count += 1;
        match (object, pair.role) {
            (true, Role::Name) if string && self.visitor.names_secret(value.clone()) => {
                pair.named = true;
                if let Some(value) = pair.last.take() {
                    self.visitor.secret(value);
                }
            }
            (true, Role::Value) if pair.named => self.visitor.secret(value),
            (true, Role::Value) => pair.last = Some(value),
            (true, _) => {}
            (false, _) => {
                let last = self.text.get(skip_whitespace(self.text, self.at)) == Some(&b']');
                let named = pair.last.take();
                if named.is_some_and(|name| self.visitor.is_pair(name, value.clone(), pair.count - 1, last)) {
                    self.visitor.secret(value);
                } else if string {
                    pair.last = Some(value);
                }
            }
        }
    }

    /// Checks that nothing but white space follows the value.
    fn whole(&mut self) -> Result<(), Fault> {
        self.skip(0);
        if self.at == self.text.len() { Ok(()) } else { self.broken() }
    }
}
