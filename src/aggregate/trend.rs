//! How long a CUJ's executions took over time.

use super::executions::Stretch;
use super::percentile::nearest_rank;
use crate::column::{Damaged, Executions, Source, Sum};
use crate::report::{PerformanceBucket, average};

/// An execution's time, duration and success.
type Execution = (i64, f64, bool);

/// The success and the durations of a CUJ in `buckets` buckets of `size` milliseconds that end at `now`, oldest first.
///
/// # Errors
/// When a chunk is damaged.
pub fn performance_trend(
    executions: &Executions,
    source: &dyn Source,
    cuj_id: &[u8],
    (buckets, size): (u32, f64),
    now: f64,
) -> Result<Vec<PerformanceBucket>, Damaged> {
    let stretches = (0..buckets).rev().map(|back| Stretch::new(now, back, size));
    let window = (Stretch::new(now, buckets.saturating_sub(1), size).from, Stretch::new(now, 0, size).to);
    let mut found: Vec<Execution> = Vec::new();
    for series in executions.chosen(cuj_id) {
        let rows = series.rows(source, Some(window))?;
        found.extend(rows.iter().filter_map(|row| row.at.map(|at| (at, row.duration_ms, row.success))));
    }
    // Each bucket is then a slice, however many there are.
    found.sort_by_key(|&(at, ..)| at);
    let place = |time: i64| found.partition_point(|&(at, ..)| at < time);
    Ok(stretches.map(|stretch| bucket(&stretch, &found[place(stretch.from)..place(stretch.to)])).collect())
}

fn bucket(stretch: &Stretch, executions: &[Execution]) -> PerformanceBucket {
    let total = executions.len() as u64;
    let successful = executions.iter().filter(|&&(_, _, success)| success).count() as u64;
    let sum = Sum::of(executions.iter().map(|&(_, duration, _)| duration));
    let mut durations: Vec<f64> =
        executions.iter().map(|&(_, duration, _)| duration).filter(|duration| duration.is_finite()).collect();
    let ranks = nearest_rank(&mut durations, &[50.0, 95.0, 100.0]);
    let rank = |place: usize| ranks.get(place).copied().unwrap_or(0.0);
    PerformanceBucket {
        bucket: stretch.bucket(total, successful),
        avg_duration_ms: average(sum.value(), total),
        p50: rank(0),
        p95: rank(1),
        max: rank(2),
    }
}

#[cfg(test)]
mod tests {
    use super::{Stretch, bucket};

    #[test]
    fn a_bucket_leaves_out_what_is_no_duration() {
        let stretch = Stretch::new(1000.0, 0, 100.0);
        let all: Vec<_> = [30.0, f64::NAN, 10.0, 20.0].map(|duration| (950, duration, duration > 15.0)).to_vec();
        let found = bucket(&stretch, &all);
        assert_eq!((found.bucket.total, found.bucket.successful, found.avg_duration_ms), (4, 2, 15.0));
        assert_eq!((found.p50, found.p95, found.max), (20.0, 30.0, 30.0));
        let empty = bucket(&stretch, &[]);
        assert_eq!(
            (empty.avg_duration_ms, empty.p50, empty.p95, empty.max, empty.bucket.rate),
            (0.0, 0.0, 0.0, 0.0, 0.0)
        );
    }
}
