//! What a set of rows adds up to, and how it lies to a window.

use super::Sum;
use super::wire::{Input, put_signed, put_unsigned};

/// What a set of rows adds up to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Summary {
    /// How many.
    pub total: u64,
    /// How many succeeded.
    pub successful: u64,
    /// How many have a readable time.
    pub readable: u64,
    /// How many have a finite duration.
    pub measured: u64,
    /// Sum of the durations in milliseconds.
    pub duration_ms: Sum,
    /// Earliest and latest readable time.
    pub times: Option<(i64, i64)>,
    /// Number of the first and of the last row in the file.
    pub serials: Option<(u64, u64)>,
}

impl Summary {
    /// Adds one row's time and number.
    pub fn add(&mut self, at: Option<i64>, serial: u64) {
        self.total += 1;
        self.number(serial, serial);
        if let Some(at) = at {
            self.readable += 1;
            self.widen(at, at);
        }
    }

    /// Adds the rows of another summary.
    pub fn merge(&mut self, other: &Self) {
        self.total += other.total;
        self.successful += other.successful;
        self.readable += other.readable;
        self.measured += other.measured;
        self.duration_ms.merge(other.duration_ms);
        if let Some((first, last)) = other.times {
            self.widen(first, last);
        }
        if let Some((first, last)) = other.serials {
            self.number(first, last);
        }
    }

    fn widen(&mut self, first: i64, last: i64) {
        self.times = Some(self.times.map_or((first, last), |(min, max)| (min.min(first), max.max(last))));
    }

    fn number(&mut self, first: u64, last: u64) {
        self.serials = Some(self.serials.map_or((first, last), |(min, max)| (min.min(first), max.max(last))));
    }

    /// How the rows lie to a window from `from` until before `to`.
    #[must_use]
    pub fn overlap(&self, from: i64, to: i64) -> Overlap {
        match self.times {
            Some((first, last)) if last >= from && first < to => {
                let whole = first >= from && last < to && self.readable == self.total;
                if whole { Overlap::Whole } else { Overlap::Part }
            }
            _ => Overlap::None,
        }
    }

    /// The same for a window that may be all of history.
    #[must_use]
    pub fn overlap_with(&self, window: Option<(i64, i64)>) -> Overlap {
        window.map_or(Overlap::Whole, |(from, to)| self.overlap(from, to))
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        put_unsigned(out, self.total);
        put_unsigned(out, self.successful);
        put_unsigned(out, self.readable);
        // Mostly all are, and then this is one byte.
        put_unsigned(out, self.total.saturating_sub(self.measured));
        self.duration_ms.save(out);
        if let Some((first, last)) = self.times.filter(|_| self.readable > 0) {
            put_signed(out, first);
            put_unsigned(out, last.wrapping_sub(first).cast_unsigned());
        }
        if let Some((first, last)) = self.serials {
            put_unsigned(out, first);
            put_unsigned(out, last - first);
        }
    }

    pub(super) fn load(input: &mut Input<'_>) -> Option<Self> {
        let (total, successful, readable) = (input.unsigned()?, input.unsigned()?, input.unsigned()?);
        let measured = total.checked_sub(input.unsigned()?)?;
        let duration_ms = Sum::load(input)?;
        let mut times = None;
        if readable > 0 {
            let first = input.signed()?;
            times = Some((first, first.wrapping_add(input.unsigned()?.cast_signed())));
        }
        let first = input.unsigned()?;
        let serials = Some((first, first.checked_add(input.unsigned()?)?));
        Some(Self { total, successful, readable, measured, duration_ms, times, serials })
            .filter(|summary| summary.total > 0 && successful.max(readable) <= total)
    }
}

/// How much of a chunk lies in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlap {
    /// Nothing.
    None,
    /// Perhaps some rows.
    Part,
    /// Every row.
    Whole,
}
