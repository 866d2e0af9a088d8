//! The rows of one id in the order of the file, with a summary for each block of them.

use super::Sum;

/// Rows in a block.
const BLOCK: usize = 1024;

/// Stands for a time that cannot be read; no window but all of history holds it.
const UNREADABLE: i64 = i64::MIN;

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

/// What a set of rows adds up to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Summary {
    /// How many.
    pub total: u64,
    /// How many succeeded.
    pub successful: u64,
    /// How many have a readable time.
    pub readable: u64,
    /// Sum of the durations in milliseconds.
    pub duration_ms: Sum,
    /// Earliest and latest readable time.
    pub times: Option<(i64, i64)>,
}

impl Summary {
    /// Adds one row.
    pub fn add(&mut self, row: &Row) {
        self.total += 1;
        self.successful += u64::from(row.success);
        self.duration_ms.add(row.duration_ms);
        if let Some(at) = row.at {
            self.readable += 1;
            self.widen(at, at);
        }
    }

    /// Adds the rows of another summary.
    pub fn merge(&mut self, other: &Self) {
        self.total += other.total;
        self.successful += other.successful;
        self.readable += other.readable;
        self.duration_ms.merge(other.duration_ms);
        if let Some((first, last)) = other.times {
            self.widen(first, last);
        }
    }

    fn widen(&mut self, first: i64, last: i64) {
        self.times = Some(self.times.map_or((first, last), |(min, max)| (min.min(first), max.max(last))));
    }
}

/// All rows of one id.
#[derive(Debug, Default)]
pub struct Series {
    times: Vec<i64>,
    durations: Vec<f64>,
    successes: Vec<bool>,
    serials: Vec<u64>,
    blocks: Vec<Summary>,
}

impl Series {
    /// Appends a row.
    pub fn push(&mut self, row: &Row) {
        if self.times.len().is_multiple_of(BLOCK) {
            self.blocks.push(Summary::default());
        }
        self.times.push(row.at.unwrap_or(UNREADABLE));
        self.durations.push(row.duration_ms);
        self.successes.push(row.success);
        self.serials.push(row.serial);
        if let Some(block) = self.blocks.last_mut() {
            block.add(row);
        }
    }

    /// How many rows there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// The row with this number in the series.
    #[must_use]
    pub fn row(&self, index: usize) -> Row {
        let at = self.times[index];
        Row {
            at: (at != UNREADABLE).then_some(at),
            serial: self.serials[index],
            success: self.successes[index],
            duration_ms: self.durations[index],
        }
    }

    /// Index of the first row whose serial is at least `serial`.
    #[must_use]
    pub fn index_of(&self, serial: u64) -> usize {
        self.serials.partition_point(|&own| own < serial)
    }

    /// Sums up the rows with `from <= time < to`.
    #[must_use]
    pub fn summarize(&self, from: i64, to: i64) -> Summary {
        let mut summary = Summary::default();
        self.visit(from, to, |part| match part {
            Part::Block(block) => summary.merge(block),
            Part::Row(index) => summary.add(&self.row(index)),
        });
        summary
    }

    /// Sums up all rows, those with unreadable times too.
    #[must_use]
    pub fn summarize_all(&self) -> Summary {
        let mut summary = Summary::default();
        self.blocks.iter().for_each(|block| summary.merge(block));
        summary
    }

    /// The first row, in the order of the file, with a time of at least `from`.
    #[must_use]
    pub fn first_since(&self, from: i64) -> Option<Row> {
        let block = self.blocks.iter().position(|block| block.times.is_some_and(|(_, last)| last >= from))?;
        self.block_rows(block).map(|index| self.row(index)).find(|row| row.at.is_some_and(|at| at >= from))
    }

    /// The finite durations of the rows with a time of at least `from`, or of all rows.
    #[must_use]
    pub fn durations_since(&self, from: Option<i64>) -> Vec<f64> {
        let Some(from) = from else {
            return self.durations.iter().copied().filter(|duration| duration.is_finite()).collect();
        };
        let mut durations = Vec::new();
        for (number, block) in self.blocks.iter().enumerate() {
            if block.times.is_some_and(|(_, last)| last >= from) {
                let rows = self.block_rows(number);
                let picked = self.times[rows.clone()].iter().zip(&self.durations[rows]);
                let picked = picked.filter(|&(&at, duration)| at >= from && at != UNREADABLE && duration.is_finite());
                durations.extend(picked.map(|(_, &duration)| duration));
            }
        }
        durations
    }

    fn block_rows(&self, block: usize) -> std::ops::Range<usize> {
        block * BLOCK..((block + 1) * BLOCK).min(self.len())
    }

    /// Walks over the rows with `from <= time < to`: whole blocks where that holds for all of their rows, else single rows.
    fn visit(&self, from: i64, to: i64, mut visit: impl FnMut(Part<'_>)) {
        for (number, block) in self.blocks.iter().enumerate() {
            let Some((first, last)) = block.times else { continue };
            if last < from || first >= to {
                continue;
            }
            if first >= from && last < to && block.readable == block.total {
                visit(Part::Block(block));
                continue;
            }
            for index in self.block_rows(number) {
                let at = self.times[index];
                if at >= from && at < to && at != UNREADABLE {
                    visit(Part::Row(index));
                }
            }
        }
    }
}

/// What a walk over a window meets.
enum Part<'a> {
    Block(&'a Summary),
    Row(usize),
}
