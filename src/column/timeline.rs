//! Rows in the order of their times, each with what it and the later ones add up to: any window is two searches.

use super::row::sort_by_key;
use super::{Form, Row, Sum, Summary};

/// The rows of a part that have a readable time, the earliest first.
#[derive(Debug)]
pub struct Timeline {
    times: Vec<i64>,
    since: Vec<Since>,
}

/// What a row and all later ones add up to. Only sums from the end are kept: differences of sums would not be exact.
#[derive(Debug, Clone, Copy)]
struct Since {
    duration_ms: Sum,
    serials: (u64, u64),
    successful: u64,
    measured: u64,
}

impl Form<Row> for Timeline {
    fn of(mut rows: Vec<Row>) -> Self {
        rows.retain(|row| row.at.is_some());
        sort_by_key(&mut rows, |row| row.at.unwrap_or_default());
        let mut sum = Since { duration_ms: Sum::default(), serials: (u64::MAX, 0), successful: 0, measured: 0 };
        let add = |row: &Row| {
            sum.duration_ms.add(row.duration_ms);
            sum.serials = (sum.serials.0.min(row.serial), sum.serials.1.max(row.serial));
            sum.successful += u64::from(row.success);
            sum.measured += u64::from(row.duration_ms.is_finite());
            sum
        };
        let mut since: Vec<Since> = rows.iter().rev().map(add).collect();
        since.reverse();
        Self { times: rows.iter().filter_map(|row| row.at).collect(), since }
    }

    fn bytes(&self) -> usize {
        self.times.len() * (size_of::<i64>() + size_of::<Since>())
    }
}

impl Timeline {
    fn place(&self, time: i64) -> usize {
        self.times.partition_point(|&at| at < time)
    }

    /// What the rows with a time of at least `from` add up to.
    #[must_use]
    pub fn since(&self, from: i64) -> Summary {
        let place = self.place(from);
        let (Some(&Since { duration_ms, serials, successful, measured }), Some(&first), Some(&last)) =
            (self.since.get(place), self.times.get(place), self.times.last())
        else {
            return Summary::default();
        };
        let total = (self.times.len() - place) as u64;
        let (times, serials) = (Some((first, last)), Some(serials));
        Summary { total, successful, readable: total, measured, duration_ms, times, serials }
    }

    /// How many rows have a time of at least `from` and below `to`, and how many of them succeeded.
    #[must_use]
    pub fn count(&self, from: i64, to: i64) -> (u64, u64) {
        let (first, behind) = (self.place(from), self.place(to.max(from)));
        let successful = |place: usize| self.since.get(place).map_or(0, |since| since.successful);
        ((behind - first) as u64, successful(first) - successful(behind))
    }
}
