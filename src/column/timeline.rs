//! Rows in the order of their times, with what the later ones add up to every few rows: any window is two searches.

use super::row::sort_by_key;
use super::{Form, Row, Sum, Summary};

/// For so many rows there is one sum of what they and all later ones add up to; fewer would take more memory than the rows.
const BLOCK: usize = 16;

/// The rows of a part that have a readable time, the earliest first.
#[derive(Debug)]
pub struct Timeline {
    times: Vec<i64>,
    durations: Vec<f64>,
    serials: Vec<u64>,
    successes: Vec<bool>,
    /// For each block of rows, what it and all later ones add up to. Only sums from the end are kept: differences of sums
    /// would not be exact.
    since: Vec<Since>,
}

/// What some rows add up to.
#[derive(Debug, Clone, Copy)]
struct Since {
    duration_ms: Sum,
    serials: (u64, u64),
    successful: u64,
    measured: u64,
}

impl Default for Since {
    fn default() -> Self {
        Self { duration_ms: Sum::default(), serials: (u64::MAX, 0), successful: 0, measured: 0 }
    }
}

impl Form<Row> for Timeline {
    fn of(mut rows: Vec<Row>) -> Self {
        rows.retain(|row| row.at.is_some());
        sort_by_key(&mut rows, |row| row.at.unwrap_or_default());
        let mut timeline = Self {
            times: rows.iter().filter_map(|row| row.at).collect(),
            durations: rows.iter().map(|row| row.duration_ms).collect(),
            serials: rows.iter().map(|row| row.serial).collect(),
            successes: rows.iter().map(|row| row.success).collect(),
            since: vec![Since::default(); rows.len() / BLOCK + 1],
        };
        for block in (0..=rows.len() / BLOCK).rev() {
            timeline.since[block] = timeline.sum_from(block * BLOCK);
        }
        timeline
    }

    fn bytes(&self) -> usize {
        self.times.len() * (size_of::<(i64, f64, u64)>() + 1) + self.since.len() * size_of::<Since>()
    }
}

impl Timeline {
    fn place(&self, time: i64) -> usize {
        self.times.partition_point(|&at| at < time)
    }

    /// Where the next block begins, or the end.
    fn next_block(&self, place: usize) -> usize {
        ((place / BLOCK + 1) * BLOCK).min(self.times.len())
    }

    /// What the row at a place and all later ones add up to; the sums of the later blocks are there.
    fn sum_from(&self, place: usize) -> Since {
        let behind = self.next_block(place);
        let mut sum = self.since.get(place / BLOCK + 1).copied().unwrap_or_default();
        // From the end on, as the sums of the blocks were made.
        for row in (place..behind).rev() {
            let (duration, serial) = (self.durations[row], self.serials[row]);
            sum.duration_ms.add(duration);
            sum.serials = (sum.serials.0.min(serial), sum.serials.1.max(serial));
            sum.successful += u64::from(self.successes[row]);
            sum.measured += u64::from(duration.is_finite());
        }
        sum
    }

    /// How many of the rows from a place on succeeded.
    fn successful(&self, place: usize) -> u64 {
        let later = self.since.get(place / BLOCK + 1).map_or(0, |since| since.successful);
        let own = &self.successes[place.min(self.times.len())..self.next_block(place)];
        later + own.iter().map(|&success| u64::from(success)).sum::<u64>()
    }

    /// What the rows with a time of at least `from` add up to.
    #[must_use]
    pub fn since(&self, from: i64) -> Summary {
        let place = self.place(from);
        let (Some(&first), Some(&last)) = (self.times.get(place), self.times.last()) else {
            return Summary::default();
        };
        let Since { duration_ms, serials, successful, measured } = self.sum_from(place);
        let total = (self.times.len() - place) as u64;
        let (times, serials) = (Some((first, last)), Some(serials));
        Summary { total, successful, readable: total, measured, duration_ms, times, serials }
    }

    /// Calls `add` for each bucket between two neighbours of `bounds` that has rows, with the bucket's place from 1, how many
    /// there are, and how many of them succeeded.
    pub fn count(&self, bounds: &[i64], mut add: impl FnMut(usize, u64, u64)) {
        let Some((&earliest, &last)) = self.times.first().zip(self.times.last()) else { return };
        let before = bounds.partition_point(|&bound| bound <= earliest).saturating_sub(1);
        let mut first = bounds.get(before).map_or(0, |&bound| self.place(bound));
        for (bucket, &bound) in bounds.iter().enumerate().skip(before + 1) {
            let behind = self.place(bound);
            if behind > first {
                add(bucket, (behind - first) as u64, self.successful(first) - self.successful(behind));
            }
            first = behind;
            if bound > last {
                break;
            }
        }
    }
}
