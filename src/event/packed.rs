//! Puts the JSON object of a record's fields together from values that the caller packed into memory.
//!
//! `JSON.stringify` is the dearest part of recording, so callers pack plain values instead: a tag for each, behind it the
//! text or, for objects and arrays, what is in them. Numbers stand apart, at the start of the memory.

use std::ops::Range;

use crate::json;

/// The JSON object of a record's fields.
#[derive(Debug, Clone)]
pub struct Fields<'a> {
    /// The object's text.
    pub json: &'a [u8],
    /// Where the value of the member that is written in a special way stands in it, if that is known.
    pub special: Option<Range<usize>>,
}

impl<'a> From<&'a [u8]> for Fields<'a> {
    fn from(json: &'a [u8]) -> Self {
        Self { json, special: None }
    }
}

/// The keys of a kind of record.
#[derive(Debug)]
pub struct Keys {
    /// As they stand before their values (`"key":`), in the order of the record.
    pub quoted: &'static [&'static str],
    /// Which member is written in a special way, if any is.
    pub special: Option<usize>,
}

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const NUMBER: u8 = 3;
const TEXT: u8 = 4;
const WIDE: u8 = 5;
const OBJECT: u8 = 6;
const ARRAY: u8 = 7;
const END: u8 = 8;

/// Bytes at the start of the memory that hold numbers.
const NUMBERS: usize = 64 * 8;

/// Nobody packs deeper than this.
const MOST_DEEP: usize = 16;

struct Packed<'a> {
    numbers: std::slice::ChunksExact<'a, u8>,
    rest: &'a [u8],
}

/// Makes the JSON object of a record's fields in `out`: `values` is the memory up to where the packed values end. `None` when
/// they make no sense.
///
/// ```
/// use obs_native::event::{Keys, unpack};
///
/// let keys = Keys { quoted: &["\"cuj_id\":", "\"success\":"], special: Some(1) };
/// let mut values = vec![0; 512];
/// values.extend_from_slice(b"\x04\x07CUJ-005\x02");
/// let mut out = Vec::new();
/// let fields = unpack(&keys, &values, &mut out).unwrap();
/// assert_eq!(fields.json, br#"{"cuj_id":"CUJ-005","success":true}"#);
/// assert_eq!(&fields.json[fields.special.unwrap()], b"true");
/// ```
pub fn unpack<'o>(keys: &Keys, values: &[u8], out: &'o mut Vec<u8>) -> Option<Fields<'o>> {
    let (numbers, rest) = values.split_at_checked(NUMBERS)?;
    let mut packed = Packed { numbers: numbers.chunks_exact(8), rest };
    let mut special = None;
    out.clear();
    for (index, key) in keys.quoted.iter().enumerate() {
        out.push(if index == 0 { b'{' } else { b',' });
        out.extend_from_slice(key.as_bytes());
        let start = out.len();
        let tag = packed.byte()?;
        packed.value(tag, out, 0)?;
        if keys.special == Some(index) {
            special = Some(start..out.len());
        }
    }
    out.push(b'}');
    packed.rest.is_empty().then_some(Fields { json: out, special })
}

impl<'a> Packed<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(byte)
    }

    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(bytes)
    }

    fn value(&mut self, tag: u8, out: &mut Vec<u8>, depth: usize) -> Option<()> {
        match tag {
            NULL => out.extend_from_slice(b"null"),
            FALSE => out.extend_from_slice(b"false"),
            TRUE => out.extend_from_slice(b"true"),
            NUMBER => append_number(out, f64::from_ne_bytes(self.numbers.next()?.try_into().ok()?)),
            TEXT | WIDE => self.text(tag, out)?,
            OBJECT | ARRAY if depth < MOST_DEEP => self.container(tag == OBJECT, out, depth + 1)?,
            _ => return None,
        }
        Some(())
    }

    fn text(&mut self, tag: u8, out: &mut Vec<u8>) -> Option<()> {
        if tag == TEXT {
            let length = self.byte()?;
            json::append_quoted(out, self.bytes(length.into())?);
            return Some(());
        }
        let length = u32::from_le_bytes(self.bytes(4)?.try_into().ok()?);
        let units = self.bytes(usize::try_from(length).ok()?.checked_mul(2)?)?;
        json::append_quoted_units(out, units);
        Some(())
    }

    fn container(&mut self, is_object: bool, out: &mut Vec<u8>, depth: usize) -> Option<()> {
        let (open, close) = if is_object { (b'{', b'}') } else { (b'[', b']') };
        out.push(open);
        let mut first = true;
        loop {
            let tag = self.byte()?;
            if tag == END {
                out.push(close);
                return Some(());
            }
            if !std::mem::take(&mut first) {
                out.push(b',');
            }
            if is_object {
                self.text(tag, out).filter(|()| matches!(tag, TEXT | WIDE))?;
                out.push(b':');
                let tag = self.byte()?;
                self.value(tag, out, depth)?;
            } else {
                self.value(tag, out, depth)?;
            }
        }
    }
}

/// As `JSON.stringify` writes it: what is not finite becomes `null`.
fn append_number(out: &mut Vec<u8>, number: f64) {
    #[expect(clippy::cast_possible_truncation, reason = "compared right behind")]
    let whole = number as i32;
    #[expect(clippy::float_cmp, reason = "whole numbers are exact")]
    if f64::from(whole) == number {
        out.extend_from_slice(itoa::Buffer::new().format(whole).as_bytes());
    } else if number.is_finite() {
        out.extend_from_slice(ryu_js::Buffer::new().format_finite(number).as_bytes());
    } else {
        out.extend_from_slice(b"null");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Keys, NUMBERS, unpack};
    use crate::json;

    const KEYS: Keys = Keys { quoted: &["\"a\":", "\"b\":"], special: Some(0) };

    fn piece() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            4 => (0_u8..10).prop_map(|tag| vec![tag]),
            2 => "[ -~]{0,9}".prop_map(|text| [&[4, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat()),
            1 => prop::collection::vec(any::<u16>(), 0..5).prop_map(|units| {
                let mut bytes = vec![5, u8::try_from(units.len()).unwrap(), 0, 0, 0];
                bytes.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
                bytes
            }),
            1 => prop::collection::vec(any::<u8>(), 0..4),
        ]
    }

    proptest! {
        /// Whatever stands in the memory, what comes out is a JSON object, or nothing.
        #[test]
        fn gives_json_or_nothing(
            numbers in prop::collection::vec(any::<u8>(), NUMBERS),
            pieces in prop::collection::vec(piece(), 0..12),
        ) {
            let values = [numbers, pieces.concat()].concat();
            let mut out = Vec::new();
            if let Some(fields) = unpack(&KEYS, &values, &mut out) {
                prop_assert!(json::read_object(fields.json, |_, _| {}).is_ok(), "{}", String::from_utf8_lossy(fields.json));
                let special = fields.special.unwrap();
                prop_assert!(json::whole_value(&fields.json[special]).is_ok());
            }
        }
    }
}
