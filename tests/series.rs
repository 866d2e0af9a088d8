//! The rows of one id answer as a list of them does, however late they come, whatever is kept, saved or loaded meanwhile.
#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "a test panics when it is wrong, and its numbers are small"
)]

#[path = "support/seeds.rs"]
mod seeds;

use std::any::TypeId;
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

use obs_native::column::{Damaged, Formed, Ids, Input, Place, Row, Series, Sink, Source, Summary};
use seeds::{Random, each_seed};

const HOUR: i64 = 3_600_000;

/// Keeps every form for ever.
#[derive(Default)]
struct Kept {
    forms: RefCell<HashMap<(u64, TypeId), Formed>>,
    stored: Vec<u8>,
}

impl Source for Kept {
    fn formed(&self, key: (u64, TypeId), make: &dyn Fn() -> Result<Formed, Damaged>) -> Result<Formed, Damaged> {
        if let Some(formed) = self.forms.borrow().get(&key) {
            return Ok(formed.clone());
        }
        let formed = make()?;
        self.forms.borrow_mut().insert(key, formed.clone());
        Ok(formed)
    }

    fn bytes<'a>(&self, place: &'a Place) -> Result<Cow<'a, [u8]>, Damaged> {
        match place {
            Place::Memory(bytes) => Ok(Cow::Borrowed(bytes)),
            Place::Stored { offset, length, .. } => {
                let start = usize::try_from(*offset).unwrap();
                Ok(Cow::Owned(self.stored[start..start + *length as usize].to_vec()))
            }
        }
    }
}

#[derive(Default)]
struct Stored(Vec<u8>);

impl Sink for Stored {
    fn put(&mut self, bytes: &[u8]) -> Place {
        let place =
            Place::Stored { offset: self.0.len() as u64, length: u32::try_from(bytes.len()).unwrap(), checksum: 0 };
        self.0.extend_from_slice(bytes);
        place
    }
}

/// Rows as one id has them: mostly in order, the shares of the others drawn for each history.
struct History {
    random: Random,
    late: usize,
    odd: usize,
    now: i64,
    serial: u64,
}

impl History {
    fn new(mut random: Random) -> Self {
        let (late, odd) = (*random.pick(&[1, 2, 20, 100_000]), *random.pick(&[2, 50, 1000, 100_000]));
        Self { random, late, odd, now: 1_767_977_312_275, serial: 0 }
    }

    fn row(&mut self) -> Row {
        self.now += self.random.below(120_000) as i64;
        self.serial += 1 + self.random.below(9) as u64;
        let late = if self.random.once_in(self.late) { self.random.below(172_800_000) as i64 } else { 0 };
        let odd = self.random.once_in(self.odd);
        let at = match self.random.below(4) {
            0 if odd => Some(1000),
            1 if odd => Some(self.now + 900 * HOUR),
            2 if odd => None,
            _ => Some(self.now - late),
        };
        // Quarters, so that their sums are exact in whatever order.
        let quarter = self.random.below(4000) as f64 / 4.0;
        let duration_ms = *self.random.pick(&[quarter, quarter, quarter, -quarter, f64::NAN, 8.0, -0.0]);
        Row { at, serial: self.serial, success: !self.random.once_in(3), duration_ms }
    }
}

fn add_up<'a>(rows: impl Iterator<Item = &'a Row>) -> Summary {
    let mut summary = Summary::default();
    for row in rows {
        summary.add(row.at, row.serial);
        summary.successful += u64::from(row.success);
        summary.measured += u64::from(row.duration_ms.is_finite());
        summary.duration_ms.add(row.duration_ms);
    }
    summary
}

fn durations<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<u64> {
    let mut all: Vec<f64> = rows.map(|row| row.duration_ms).filter(|duration| duration.is_finite()).collect();
    all.sort_by(f64::total_cmp);
    all.into_iter().map(f64::to_bits).collect()
}

/// The last of some rows are enough to tell the last 20, and since when all went alike.
fn check_last(last: &[Row], all: &[Row]) {
    assert_eq!(format!("{last:?}"), format!("{:?}", &all[all.len() - last.len()..]));
    assert!(last.len() >= all.len().min(20));
    let alike = |rows: &[Row]| rows.iter().rev().take_while(|row| row.success == rows[rows.len() - 1].success).count();
    assert_eq!(alike(last), alike(all));
}

fn check(series: &Series, rows: &[Row], (from, to): (i64, i64), kept: &Kept) {
    let since = || rows.iter().filter(|row| row.at.is_some_and(|at| at >= from));
    let within = || since().filter(|row| row.at.is_some_and(|at| at < to));
    assert_eq!(series.summary(), add_up(rows.iter()), "all");
    assert_eq!(series.since(kept, from), Ok(add_up(since())), "since {from}");
    for buckets in [1, 7, 300] {
        let bounds: Vec<i64> = (0..=buckets).map(|number| from + (to - from) / buckets * number).collect();
        let mut counted = vec![(0, 0); bounds.len() - 1];
        series.count(kept, &bounds, &mut counted).unwrap();
        let mut expected = vec![(0, 0); bounds.len() - 1];
        for row in rows {
            let is_in = |pair: &[i64]| row.at.is_some_and(|at| pair[0] <= at && at < pair[1]);
            for (bucket, _) in bounds.windows(2).enumerate().filter(|(_, pair)| is_in(pair)) {
                expected[bucket] = (expected[bucket].0 + 1, expected[bucket].1 + u64::from(row.success));
            }
        }
        assert_eq!(counted, expected, "{buckets} buckets from {from} to {to}");
    }
    for (window, expected) in [(None, durations(rows.iter())), (Some(from), durations(since()))] {
        let runs = series.durations(kept, window).unwrap();
        assert!(runs.iter().all(|run| run.is_sorted_by(|one, next| one.total_cmp(next).is_le())), "runs are sorted");
        let mut all: Vec<f64> = runs.iter().flat_map(|run| run.iter()).copied().collect();
        all.sort_by(f64::total_cmp);
        assert_eq!(all.into_iter().map(f64::to_bits).collect::<Vec<_>>(), expected, "durations since {window:?}");
    }
    let shown = |rows: Vec<Row>| format!("{rows:?}");
    for (window, expected) in [(None, rows.to_vec()), (Some((from, to)), within().copied().collect::<Vec<_>>())] {
        assert_eq!(series.within(kept, window), Ok(add_up(expected.iter())), "within {window:?}");
        let mut measured = series.measured(kept, window).unwrap();
        measured.sort_by(f64::total_cmp);
        let measured: Vec<u64> = measured.into_iter().map(f64::to_bits).collect();
        assert_eq!(measured, durations(expected.iter()), "measured in {window:?}");
        check_last(&series.last_rows(kept, window, 20).unwrap(), &expected);
    }
    assert_eq!(shown(series.rows(kept, None).unwrap()), shown(rows.to_vec()), "all rows");
    let expected = within().copied().collect();
    assert_eq!(shown(series.rows(kept, Some((from, to))).unwrap()), shown(expected), "rows from {from} to {to}");
}

fn save_and_load(mut series: Series, kept: &mut Kept, ids: &mut Ids) -> Series {
    let (mut sink, mut state) = (Stored(std::mem::take(&mut kept.stored)), Vec::new());
    let source = Kept { forms: std::mem::take(&mut kept.forms), stored: sink.0.clone() };
    series.save(&source, &mut sink, &mut state).unwrap();
    *kept = Kept { forms: source.forms, stored: sink.0 };
    let mut input = Input::new(&state);
    let loaded = Series::load(&mut input, ids).unwrap();
    assert!(input.is_empty());
    loaded
}

#[test]
fn i3_rows_that_come_late_or_with_odd_times_count_as_in_a_list_of_all() {
    each_seed(300, |seed| {
        let mut history = History::new(Random::new(seed));
        let (mut series, mut rows, mut kept, mut ids) =
            (Series::default(), Vec::new(), Kept::default(), Ids::default());
        for _ in 0..=history.random.below(8) {
            for _ in 0..*history.random.pick(&[1, 40, 100, 700, 3000]) {
                let row = history.row();
                rows.push(row);
                series.push(row, &mut ids);
            }
            let edge =
                rows[history.random.below(rows.len())].at.unwrap_or(history.now) + history.random.below(2) as i64;
            let length = *history.random.pick(&[0, 1, HOUR, 24 * HOUR, i64::MAX - edge]);
            check(&series, &rows, (edge, edge + length), &kept);
            if history.random.once_in(3) {
                series = save_and_load(series, &mut kept, &mut ids);
                check(&series, &rows, (edge, edge + length), &kept);
            }
        }
    });
}
