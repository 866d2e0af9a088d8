//! The executions of one id: those that came in the order of time, and apart from them those that came late, so that the
//! times of the former's chunks hardly overlap and a window cuts few of them.

use std::sync::Arc;

use super::chunks::{Cell, Chunks, Damaged, Ids, Sink, Source};
use super::part::{Form, Part};
use super::wire::{Input, put_signed};
use super::{Measured, Overlap, Ranking, Row, Summary, Timeline};

/// All rows of one id.
#[derive(Debug)]
pub struct Series {
    punctual: Chunks<Row>,
    /// Those before a time that was reached, and those without a readable time.
    late: Chunks<Row>,
    reached: i64,
    last: i64,
}

impl Default for Series {
    fn default() -> Self {
        Self { punctual: Chunks::default(), late: Chunks::default(), reached: i64::MIN, last: i64::MIN }
    }
}

/// Durations in ascending order.
#[derive(Debug)]
pub enum Run {
    /// Those of a whole part.
    Part(Arc<Ranking>),
    /// Picked ones.
    Some(Vec<f64>),
}

impl std::ops::Deref for Run {
    type Target = [f64];

    fn deref(&self) -> &[f64] {
        match self {
            Self::Part(ranking) => ranking.all(),
            Self::Some(durations) => durations,
        }
    }
}

impl Series {
    /// Appends a row.
    pub fn push(&mut self, row: Row, ids: &mut Ids) {
        let late = row.at.is_none_or(|at| at < self.reached);
        if late { &mut self.late } else { &mut self.punctual }.push(row, ids);
        if let Some(at) = row.at {
            // A time is reached with the second row, so that one row from the future does not make all others late.
            self.reached = self.reached.max(at.min(self.last));
            self.last = at;
        }
    }

    /// All rows, in no order.
    pub fn parts(&self) -> impl Iterator<Item = Part<'_, Row>> {
        self.punctual.parts().chain(self.late.parts())
    }

    /// What all rows add up to.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary = self.punctual.summary();
        summary.merge(&self.late.summary());
        summary
    }

    /// What the rows with a time of at least `from` add up to.
    ///
    /// # Errors
    /// When a chunk is damaged; this holds for every question here.
    pub fn since(&self, source: &dyn Source, from: i64) -> Result<Summary, Damaged> {
        let mut summary = Summary::default();
        for chunks in [&self.punctual, &self.late] {
            for part in chunks.walk(|each| each.overlap(from, i64::MAX), |whole| summary.merge(whole)) {
                let (timeline, rest) = part.form::<Timeline>(source)?;
                summary.merge(&timeline.since(from));
                rest.iter().filter(|row| row.is_since(from)).for_each(|row| row.add_to(&mut summary));
            }
        }
        Ok(summary)
    }

    /// What the rows from the first until before the second time, or all rows, add up to.
    ///
    /// # Errors
    /// See [`Self::since`].
    pub fn within(&self, source: &dyn Source, window: Option<(i64, i64)>) -> Result<Summary, Damaged> {
        let Some((from, to)) = window else { return Ok(self.summary()) };
        let mut summary = Summary::default();
        for chunks in [&self.punctual, &self.late] {
            for part in chunks.walk(|each| each.overlap(from, to), |whole| summary.merge(whole)) {
                let rows = part.rows(source)?;
                rows.iter().filter(|row| row.is_in(window)).for_each(|row| row.add_to(&mut summary));
            }
        }
        Ok(summary)
    }

    /// The finite durations of the same rows, in no order.
    ///
    /// # Errors
    /// See [`Self::since`].
    pub fn measured(&self, source: &dyn Source, window: Option<(i64, i64)>) -> Result<Vec<f64>, Damaged> {
        let mut durations = Vec::new();
        for part in self.parts() {
            let mut add = |rows: &[Row]| {
                let inside = rows.iter().filter(|row| row.is_in(window)).map(|row| row.duration_ms);
                durations.extend(inside.filter(|ms| ms.is_finite()));
            };
            match part.summary.overlap_with(window) {
                Overlap::None => {}
                Overlap::Part => add(&part.rows(source)?),
                Overlap::Whole => {
                    let (measured, rest) = part.form::<Measured>(source)?;
                    add(rest);
                    durations.extend_from_slice(measured.all());
                }
            }
        }
        Ok(durations)
    }

    /// The last rows of the same, in the order of the file: at least `least` of them, and so many more that not all of them
    /// went alike; all where there are not so many.
    ///
    /// # Errors
    /// See [`Self::since`].
    pub fn last_rows(
        &self,
        source: &dyn Source,
        window: Option<(i64, i64)>,
        least: usize,
    ) -> Result<Vec<Row>, Damaged> {
        let mut rows = Vec::new();
        let mut begin = 0;
        for chunks in [&self.punctual, &self.late] {
            let mut last: Vec<Row> = Vec::new();
            let mut parts = chunks.parts().rev();
            let enough = |last: &[Row]| last.len() >= least && last.iter().any(|row| row.success != last[0].success);
            while !enough(&last) {
                let Some(part) = parts.next() else { break };
                if part.summary.overlap_with(window) != Overlap::None {
                    last.extend(part.rows(source)?.iter().rev().filter(|row| row.is_in(window)));
                }
            }
            // Of the other ones, only those behind the first of these are known to be all that there are.
            if let (Some(first), true) = (last.last(), parts.next().is_some()) {
                begin = begin.max(first.serial);
            }
            rows.append(&mut last);
        }
        rows.retain(|row| row.serial >= begin);
        rows.sort_unstable_by_key(|row| row.serial);
        Ok(rows)
    }

    /// Adds to `counted`, for each bucket between two neighbours of `bounds`, how many rows have a time in it and how many of
    /// them succeeded. Each part is looked into once, however many buckets it reaches into.
    ///
    /// # Errors
    /// See [`Self::since`].
    pub fn count(&self, source: &dyn Source, bounds: &[i64], counted: &mut [(u64, u64)]) -> Result<(), Damaged> {
        // 0 is before the first bucket; the last place is behind the last bucket.
        let place = |at: i64| bounds.partition_point(|&bound| bound <= at);
        let judge = |summary: &Summary| match summary.times.map(|(first, last)| (place(first), place(last))) {
            Some((first, last)) if last == 0 || first == bounds.len() => Overlap::None,
            Some((first, last)) if first == last && summary.readable == summary.total => Overlap::Whole,
            Some(_) => Overlap::Part,
            None => Overlap::None,
        };
        let mut add = |place: usize, total: u64, successful: u64| {
            if let Some(bucket) = place.checked_sub(1).and_then(|bucket| counted.get_mut(bucket)) {
                *bucket = (bucket.0 + total, bucket.1 + successful);
            }
        };
        for chunks in [&self.punctual, &self.late] {
            let whole = |each: &Summary| {
                each.times.into_iter().for_each(|(first, _)| add(place(first), each.total, each.successful));
            };
            for part in chunks.walk(judge, whole) {
                let (timeline, rest) = part.form::<Timeline>(source)?;
                timeline.count(bounds, &mut add);
                rest.iter().for_each(|row| {
                    row.at.into_iter().for_each(|at| add(place(at), 1, row.success.into()));
                });
            }
        }
        Ok(())
    }

    /// The finite durations of the rows with a time of at least `from`, or of all rows, in several runs.
    ///
    /// # Errors
    /// See [`Self::since`].
    pub fn durations(&self, source: &dyn Source, from: Option<i64>) -> Result<Vec<Run>, Damaged> {
        let mut runs = Vec::new();
        let mut others = Vec::new();
        for part in self.parts() {
            let overlap = part.summary.overlap_with(from.map(|from| (from, i64::MAX)));
            if overlap == Overlap::None {
                continue;
            }
            let (ranking, rest) = part.form::<Ranking>(source)?;
            runs.push(match from {
                Some(from) if overlap == Overlap::Part => Run::Some(ranking.since(from)),
                _ => Run::Part(ranking),
            });
            others.extend(rest.iter().filter(|row| from.is_none_or(|from| row.is_since(from))));
        }
        runs.push(Run::Part(Arc::new(Ranking::of(others))));
        Ok(runs)
    }

    /// Visits the rows from the first until before the second time, or all rows, in no order.
    ///
    /// # Errors
    /// See [`Self::since`].
    pub fn visit(
        &self,
        source: &dyn Source,
        window: Option<(i64, i64)>,
        mut visit: impl FnMut(&Row),
    ) -> Result<(), Damaged> {
        self.punctual.visit(source, window, |row| row.at, &mut visit)?;
        self.late.visit(source, window, |row| row.at, &mut visit)
    }

    /// The same rows, in the order of the file.
    ///
    /// # Errors
    /// See [`Self::since`].
    pub fn rows(&self, source: &dyn Source, window: Option<(i64, i64)>) -> Result<Vec<Row>, Damaged> {
        let mut late = Vec::new();
        self.late.visit(source, window, |row| row.at, |row| late.push(*row))?;
        let mut late = late.into_iter().peekable();
        let mut rows = Vec::with_capacity(self.most_in(window));
        self.punctual.visit(
            source,
            window,
            |row| row.at,
            |row| {
                while let Some(before) = late.next_if(|late| late.serial < row.serial) {
                    rows.push(before);
                }
                rows.push(*row);
            },
        )?;
        rows.extend(late);
        Ok(rows)
    }

    /// No fewer rows than there are in a window.
    fn most_in(&self, window: Option<(i64, i64)>) -> usize {
        let parts = self.parts().filter(|part| part.summary.overlap_with(window) != Overlap::None);
        parts.map(|part| part.summary.total).sum::<u64>().try_into().unwrap_or(0)
    }

    /// Hands to `sink` the chunks that are only in memory.
    pub fn spill(&mut self, sink: &mut dyn Sink) {
        self.punctual.spill(sink);
        self.late.spill(sink);
    }

    /// Writes the state; see [`Chunks::save`].
    ///
    /// # Errors
    /// See [`Self::since`].
    pub fn save(&mut self, source: &dyn Source, sink: &mut dyn Sink, out: &mut Vec<u8>) -> Result<(), Damaged> {
        put_signed(out, self.reached);
        self.punctual.save(source, sink, out)?;
        self.late.save(source, sink, out)
    }

    /// Reads a state back; `None` when it makes no sense.
    #[must_use]
    pub fn load(input: &mut Input<'_>, ids: &mut Ids) -> Option<Self> {
        let reached = input.signed()?;
        let (punctual, late) = (Chunks::load(input, ids)?, Chunks::load(input, ids)?);
        Some(Self { punctual, late, reached, last: reached })
    }
}
