//! Puts the JSON object of a record's fields together from values that the caller packed into memory.
//!
//! `JSON.stringify` is the dearest part of recording, so callers pack plain values instead: a tag for each, behind it where its
//! text ends, or, for objects and arrays, what is in them. Numbers stand apart, at the start of the memory, and so do texts,
//! in one string of UTF-16.

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
const KNOWN: u8 = 5;
const OBJECT: u8 = 6;
const ARRAY: u8 = 7;
const END: u8 = 8;

/// Bytes at the start of the memory that hold numbers.
const NUMBERS: usize = 64 * 8;

/// Nobody packs deeper than this.
const MOST_DEEP: usize = 16;

/// Texts that come again and again, such as keys, as JSON strings: packed values name them by their number.
pub type Known = Vec<Box<[u8]>>;

/// The values of a record.
#[derive(Debug, Clone, Copy)]
pub struct Packed<'a> {
    /// The memory up to where the values end.
    pub values: &'a [u8],
    /// Their texts, one after the other.
    pub texts: &'a [u16],
    /// The texts that values name.
    pub known: &'a Known,
}

struct Unpacker<'a> {
    numbers: std::slice::ChunksExact<'a, u8>,
    rest: &'a [u8],
    texts: &'a [u16],
    known: &'a Known,
}

/// Makes the JSON object of a record's fields in `out`; `None` when the values make no sense.
///
/// ```
/// use obs_native::event::{Keys, Packed, unpack};
///
/// let keys = Keys { quoted: &["\"cuj_id\":", "\"success\":"], special: Some(1) };
/// let mut values = vec![0; 512];
/// values.extend_from_slice(b"\x04\x07\0\x02");
/// let texts: Vec<u16> = "CUJ-005".encode_utf16().collect();
/// let mut out = Vec::new();
/// let fields = unpack(&keys, Packed { values: &values, texts: &texts, known: &Vec::new() }, &mut out).unwrap();
/// assert_eq!(fields.json, br#"{"cuj_id":"CUJ-005","success":true}"#);
/// assert_eq!(&fields.json[fields.special.unwrap()], b"true");
/// ```
pub fn unpack<'o>(keys: &Keys, packed: Packed<'_>, out: &'o mut Vec<u8>) -> Option<Fields<'o>> {
    let Packed { values, texts, known } = packed;
    let (numbers, rest) = values.split_at_checked(NUMBERS)?;
    let mut packed = Unpacker { numbers: numbers.chunks_exact(8), rest, texts, known };
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

impl<'a> Unpacker<'a> {
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
            TEXT | KNOWN => self.text(tag, out)?,
            OBJECT | ARRAY if depth < MOST_DEEP => self.container(tag == OBJECT, out, depth + 1)?,
            _ => return None,
        }
        Some(())
    }

    fn text(&mut self, tag: u8, out: &mut Vec<u8>) -> Option<()> {
        let number = usize::from(u16::from_le_bytes(self.bytes(2)?.try_into().ok()?));
        match tag {
            TEXT => {
                let (text, rest) = self.texts.split_at_checked(number)?;
                self.texts = rest;
                json::append_quoted_units(out, text);
            }
            KNOWN => out.extend_from_slice(self.known.get(number)?),
            _ => return None,
        }
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
                self.text(tag, out)?;
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

    use super::{Keys, Known, NUMBERS, Packed, unpack};
    use crate::json;

    const KEYS: Keys = Keys { quoted: &["\"a\":", "\"b\":"], special: Some(0) };

    fn piece() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            4 => (0_u8..10).prop_map(|tag| vec![tag]),
            4 => (4_u8..6, 0_u8..4).prop_map(|(tag, number)| vec![tag, number, 0]),
            1 => prop::collection::vec(any::<u8>(), 0..4),
        ]
    }

    proptest! {
        /// Whatever stands in the memory, what comes out is a JSON object, or nothing.
        #[test]
        fn gives_json_or_nothing(
            numbers in prop::collection::vec(any::<u8>(), NUMBERS),
            pieces in prop::collection::vec(piece(), 0..12),
            texts in prop::collection::vec(any::<u16>(), 0..20),
        ) {
            let values = [numbers, pieces.concat()].concat();
            let known: Known = vec![br#""x""#[..].into(), br#""\"""#[..].into()];
            let mut out = Vec::new();
            if let Some(fields) = unpack(&KEYS, Packed { values: &values, texts: &texts, known: &known }, &mut out) {
                prop_assert!(json::read_object(fields.json, |_, _| {}).is_ok(), "{}", String::from_utf8_lossy(fields.json));
                let special = fields.special.unwrap();
                prop_assert!(json::whole_value(&fields.json[special]).is_ok());
            }
        }
    }
}
