//! One execution or call: when, how long and whether it succeeded.

use super::chunks::{CHUNK_ROWS, Cell};
use super::summary::Summary;
use super::wire::{Input, bit, put_bits, put_signed, put_unsigned};

/// One record of an id.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// Epoch ms; `None` when unreadable.
    pub at: Option<i64>,
    /// Number of the record in its file, counting from 0.
    pub serial: u64,
    /// Whether it succeeded.
    pub success: bool,
    /// Milliseconds; NaN when not a finite number.
    pub duration_ms: f64,
}

impl Row {
    /// Whether it has a readable time of at least `from`.
    #[must_use]
    pub fn is_since(&self, from: i64) -> bool {
        self.at.is_some_and(|at| at >= from)
    }

    /// Whether it is in a window from the first until before the second time, or in all of history.
    #[must_use]
    pub fn is_in(&self, window: Option<(i64, i64)>) -> bool {
        window.is_none_or(|(from, to)| self.at.is_some_and(|at| from <= at && at < to))
    }
}

/// Puts rows into the order of a key; all orders share the code of one sort.
pub(super) fn sort_by_key(rows: &mut Vec<Row>, key: impl Fn(&Row) -> i64) {
    let mut order: Vec<(i64, usize)> = rows.iter().enumerate().map(|(place, row)| (key(row), place)).collect();
    order.sort_unstable();
    *rows = order.into_iter().map(|(_, place)| rows[place]).collect();
}

/// Durations below this that are whole numbers are written as such.
const WHOLE_BELOW: f64 = 4_503_599_627_370_496.0;

fn is_whole(value: f64) -> bool {
    value.is_sign_positive() && value < WHOLE_BELOW && value.fract() == 0.0
}

impl Cell for Row {
    fn add_to(&self, summary: &mut Summary) {
        summary.add(self.at, self.serial);
        summary.successful += u64::from(self.success);
        summary.measured += u64::from(self.duration_ms.is_finite());
        summary.duration_ms.add(self.duration_ms);
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be whole and below 2^52")]
    fn encode(rows: &[Self], out: &mut Vec<u8>) {
        put_unsigned(out, rows.len() as u64);
        put_bits(out, rows.iter().map(|row| row.success));
        put_bits(out, rows.iter().map(|row| is_whole(row.duration_ms)));
        put_times(out, rows.iter().map(|row| row.at));
        put_serials(out, rows.iter().map(|row| row.serial));
        for row in rows {
            match row.duration_ms {
                whole if is_whole(whole) => put_unsigned(out, whole as u64),
                other => out.extend_from_slice(&other.to_bits().to_le_bytes()),
            }
        }
    }

    fn decode(bytes: &[u8]) -> Option<Vec<Self>> {
        let mut input = Input::new(bytes);
        let count = input.count().filter(|&count| count <= CHUNK_ROWS)?;
        let length = count.div_ceil(8);
        let (successes, wholes) = (input.take(length)?, input.take(length)?);
        let (mut times, mut serials) = (Times::begin(&mut input, count)?, Serials::begin(&mut input, count)?);
        let mut rows = Vec::with_capacity(count);
        for index in 0..count {
            let (at, serial) = (times.next(index)?, serials.next()?);
            let duration_ms = duration(&mut input, bit(wholes, index))?;
            rows.push(Self { at, serial, success: bit(successes, index), duration_ms });
        }
        input.is_empty().then_some(rows)
    }
}

/// The finite durations of as many rows, behind their number in what [`Row::encode`] wrote; the rest is passed over.
pub(super) fn finite_durations(input: &mut Input<'_>, count: usize) -> Option<Vec<f64>> {
    let length = count.div_ceil(8);
    let (_, wholes, readable) = (input.take(length)?, input.take(length)?, input.take(length)?);
    let times = (0..count).filter(|&index| bit(readable, index)).count();
    input.skip_numbers(times + count)?;
    let mut durations = Vec::with_capacity(count);
    for index in 0..count {
        durations.push(duration(input, bit(wholes, index))?);
    }
    durations.retain(|ms| ms.is_finite());
    input.is_empty().then_some(durations)
}

#[expect(clippy::cast_precision_loss, reason = "whole durations are below 2^52")]
fn duration(input: &mut Input<'_>, whole: bool) -> Option<f64> {
    Some(if whole { input.unsigned()? as f64 } else { f64::from_bits(input.word()?) })
}

/// Appends times as differences; those that are unreadable are marked.
pub(super) fn put_times(out: &mut Vec<u8>, times: impl Iterator<Item = Option<i64>> + Clone) {
    put_bits(out, times.clone().map(|at| at.is_some()));
    let mut last = 0;
    for at in times.flatten() {
        put_signed(out, at - last);
        last = at;
    }
}

/// Reads what [`put_times`] wrote, one after the other.
struct Times<'a> {
    readable: &'a [u8],
    input: Input<'a>,
    last: i64,
}

impl<'a> Times<'a> {
    /// Those of so many rows; `input` moves behind them.
    fn begin(input: &mut Input<'a>, count: usize) -> Option<Self> {
        let readable = input.take(count.div_ceil(8))?;
        let times = Self { readable, input: input.clone(), last: 0 };
        input.skip_numbers((0..count).filter(|&index| bit(readable, index)).count())?;
        Some(times)
    }

    #[inline]
    #[expect(clippy::option_option, reason = "damaged bytes are something else than a time that was not readable")]
    fn next(&mut self, index: usize) -> Option<Option<i64>> {
        if !bit(self.readable, index) {
            return Some(None);
        }
        self.last = self.last.checked_add(self.input.signed()?)?;
        Some(Some(self.last))
    }
}

/// Reads what [`put_times`] wrote.
pub(super) fn times(input: &mut Input<'_>, count: usize) -> Option<Vec<Option<i64>>> {
    let mut times = Times::begin(input, count)?;
    (0..count).map(|index| times.next(index)).collect()
}

/// Appends ascending numbers as differences.
pub(super) fn put_serials(out: &mut Vec<u8>, serials: impl Iterator<Item = u64>) {
    let mut last = 0;
    for serial in serials {
        put_unsigned(out, serial - last);
        last = serial;
    }
}

/// Reads what [`put_serials`] wrote, one after the other.
struct Serials<'a> {
    input: Input<'a>,
    last: u64,
}

impl<'a> Serials<'a> {
    /// Those of so many rows; `input` moves behind them.
    fn begin(input: &mut Input<'a>, count: usize) -> Option<Self> {
        let serials = Self { input: input.clone(), last: 0 };
        input.skip_numbers(count)?;
        Some(serials)
    }

    #[inline]
    fn next(&mut self) -> Option<u64> {
        self.last = self.last.checked_add(self.input.unsigned()?)?;
        Some(self.last)
    }
}

/// Reads what [`put_serials`] wrote.
pub(super) fn serials(input: &mut Input<'_>, count: usize) -> Option<Vec<u64>> {
    let mut serials = Serials::begin(input, count)?;
    (0..count).map(|_| serials.next()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Cell, Row};
    use crate::column::{Form, Measured};

    #[test]
    fn decodes_what_it_encoded() {
        let durations = [0.0, -0.0, 1.5, 60_000.0, f64::NAN, -7.0, 1e300, 4_503_599_627_370_496.0];
        let rows: Vec<Row> = (0..1000_u32)
            .map(|i| Row {
                at: (i % 7 != 3).then(|| 1_767_960_000_000 + i64::from(i * 7919 % 1000) - 500),
                serial: u64::from(i) * 3,
                success: i % 5 != 0,
                duration_ms: durations[i as usize % durations.len()],
            })
            .collect();
        let mut bytes = Vec::new();
        Row::encode(&rows, &mut bytes);
        let decoded = Row::decode(&bytes).unwrap();
        assert_eq!(format!("{decoded:?}"), format!("{rows:?}"));
        let finite: Vec<f64> = rows.iter().map(|row| row.duration_ms).filter(|ms| ms.is_finite()).collect();
        assert_eq!(format!("{:?}", Measured::read(&bytes, 1000).unwrap().all()), format!("{finite:?}"));
        assert!(Measured::read(&bytes, 999).is_none());
        for cut in 0..bytes.len() {
            assert!(Row::decode(&bytes[..cut]).is_none() && Measured::read(&bytes[..cut], 1000).is_none(), "{cut}");
        }
    }
}
