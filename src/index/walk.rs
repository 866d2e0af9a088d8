//! Finds records by their numbers in the file, from a place on at which the number is known.

use std::io;

use memchr::memrchr;

use super::fold::BYTE_ORDER_MARK;
use super::indexed::PENDING_BASE;
use super::{Columns, Lines};
use crate::event::{Record, take_apart};

/// How much of the file is looked at at once; more only where a line is longer.
const BLOCK: usize = 64 * 1024;
const LARGEST: usize = 256 << 20;

/// A place in a file, and the number of the record that begins there or comes next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Numbered {
    /// The record's number in its file, counting from 0.
    pub serial: u64,
    /// Where.
    pub offset: u64,
}

/// Takes a record's number and text; whether it wants more.
pub type Visit<'v> = &'v mut dyn FnMut(u64, &[u8]) -> bool;

impl Lines<'_> {
    /// Hands over the records of the columns' file from a known place on.
    ///
    /// # Errors
    /// As the disk says.
    pub fn walk<C: Columns>(&mut self, from: Numbered, visit: Visit<'_>) -> io::Result<()> {
        let Numbered { mut serial, mut offset } = from;
        let mut most = BLOCK;
        while offset < PENDING_BASE && most <= LARGEST {
            let block = self.block(offset, most)?;
            // The last line of a file may have no newline yet.
            let ends = block.len() < most;
            let whole = if ends { block.len() } else { memrchr(b'\n', block).map_or(0, |end| end + 1) };
            let begins = offset == 0 && block.starts_with(BYTE_ORDER_MARK);
            let lines = block.get(if begins { BYTE_ORDER_MARK.len() } else { 0 }..whole).unwrap_or_default();
            if !records::<C>(lines, &mut serial, visit) {
                return Ok(());
            }
            if ends {
                break;
            }
            most = if whole == 0 { 2 * most } else { BLOCK };
            offset += whole as u64;
        }
        let start = usize::try_from(offset.saturating_sub(PENDING_BASE)).unwrap_or(usize::MAX);
        records::<C>(self.pending().get(start..).unwrap_or_default(), &mut serial, visit);
        Ok(())
    }
}

/// The records on some lines, counted as they are folded; whether more are wanted.
fn records<C: Columns>(lines: &[u8], serial: &mut u64, visit: Visit<'_>) -> bool {
    let mut hand_over = |record: &[u8]| {
        *serial += 1;
        visit(*serial - 1, record)
    };
    lines.split(|&byte| byte == b'\n').all(|line| {
        if C::Record::read(line).is_some() {
            return hand_over(line);
        }
        let apart = if line.is_empty() { Vec::new() } else { take_apart::<C::Record<'_>>(line).records };
        let mut counted = apart.into_iter().map(|range| &line[range]).filter(|text| C::Record::read(text).is_some());
        counted.all(&mut hand_over)
    })
}
