//! A line to be fetched again from its file: where it stands, when it happened, and a hash to group it by.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use super::Span;
use super::chunks::{CHUNK_ROWS, Cell};
use super::row::{put_serials, put_times, serials, times};
use super::summary::Summary;
use super::wire::{Input, put_signed, put_unsigned};
use crate::event::grouping_text;

/// One line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Epoch ms; `None` when unreadable or of no interest.
    pub at: Option<i64>,
    /// Number of the record in its file, counting from 0.
    pub serial: u64,
    /// Where it stands.
    pub span: Span,
    /// Hash of its text; 0 when that is not compared.
    pub hash: u64,
    /// Hash of what it has in common with others like it; 0 when it is not grouped.
    pub group: u64,
}

impl Cell for Entry {
    fn add_to(&self, summary: &mut Summary) {
        summary.add(self.at, self.serial);
    }

    fn encode(rows: &[Self], out: &mut Vec<u8>) {
        put_unsigned(out, rows.len() as u64);
        put_times(out, rows.iter().map(|row| row.at));
        put_serials(out, rows.iter().map(|row| row.serial));
        put_spans(out, rows.iter().map(|row| row.span));
        put_hashes(out, rows, |row| row.hash);
        put_hashes(out, rows, |row| row.group);
    }

    fn decode(bytes: &[u8]) -> Option<Vec<Self>> {
        let mut input = Input::new(bytes);
        let count = input.count().filter(|&count| count <= CHUNK_ROWS)?;
        let (times, serials) = (times(&mut input, count)?, serials(&mut input, count)?);
        let spans = spans(&mut input, count)?;
        let (hashes, groups) = (hashes(&mut input, count)?, hashes(&mut input, count)?);
        let mut rows = Vec::with_capacity(count);
        for (((at, serial), span), (hash, group)) in
            times.into_iter().zip(serials).zip(spans).zip(hashes.into_iter().zip(groups))
        {
            rows.push(Self { at, serial, span, hash, group });
        }
        input.is_empty().then_some(rows)
    }
}

/// Appends a hash of each row, or that there is none.
fn put_hashes(out: &mut Vec<u8>, rows: &[Entry], hash: impl Fn(&Entry) -> u64) {
    let hashed = rows.iter().any(|row| hash(row) != 0);
    out.push(u8::from(hashed));
    if hashed {
        rows.iter().for_each(|row| out.extend_from_slice(&hash(row).to_le_bytes()));
    }
}

/// Reads what [`put_hashes`] wrote.
fn hashes(input: &mut Input<'_>, count: usize) -> Option<Vec<u64>> {
    if input.take(1)? == [0] {
        return Some(vec![0; count]);
    }
    (0..count).map(|_| input.word()).collect()
}

/// A hash that is the same in every process, because hashes are saved.
pub(super) fn saved_hash(text: &[u8]) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(text);
    hasher.finish()
}

/// A hash of what an error text has in common with others like it.
#[must_use]
pub fn group_hash(error: &[u8]) -> u64 {
    saved_hash(&grouping_text(error))
}

/// Appends places as differences.
pub(super) fn put_spans(out: &mut Vec<u8>, spans: impl Iterator<Item = Span>) {
    let mut last = 0;
    for span in spans {
        put_signed(out, span.offset.wrapping_sub(last).cast_signed());
        put_unsigned(out, span.length.into());
        last = span.offset;
    }
}

/// Reads what [`put_spans`] wrote.
pub(super) fn spans(input: &mut Input<'_>, count: usize) -> Option<Vec<Span>> {
    let mut last = 0_u64;
    let mut spans = Vec::with_capacity(count);
    for _ in 0..count {
        last = last.wrapping_add(input.signed()?.cast_unsigned());
        spans.push(Span { offset: last, length: u32::try_from(input.unsigned()?).ok()? });
    }
    Some(spans)
}

#[cfg(test)]
mod tests {
    use super::{Cell, Entry, Span};

    #[test]
    fn decodes_what_it_encoded() {
        for (hash, group) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let entry = |i: u64| Entry {
                at: (i % 9 != 0).then_some(i.cast_signed() * 1000 - 5),
                serial: i,
                span: Span { offset: if i == 99 { 1 << 62 } else { i * 300 }, length: 299 },
                hash: (hash * i).wrapping_mul(0x9e37_79b9_7f4a_7c15),
                group: (group * i % 7).wrapping_mul(0x9e37_79b9_7f4a_7c15),
            };
            let rows: Vec<Entry> = (0..100).map(entry).collect();
            let mut bytes = Vec::new();
            Entry::encode(&rows, &mut bytes);
            assert_eq!(Entry::decode(&bytes).as_ref(), Some(&rows));
            assert!((0..bytes.len()).all(|cut| Entry::decode(&bytes[..cut]).is_none()));
        }
    }
}
