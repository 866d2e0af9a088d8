//! How the resources that records tell of go over time.

use super::percentile::nearest_rank;
use crate::column::{Chunks, Damaged, ResourceRow, Source, Sum};
use crate::event::Resources;
use crate::report::{ResourceTrend, ValueTrend, average};

/// The values of each resource, in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct ResourceValues {
    count: u64,
    values: [Vec<f64>; 4],
}

impl ResourceValues {
    /// Takes the rows with a time of at least `from`, or all rows.
    ///
    /// # Errors
    /// When a chunk is damaged.
    pub fn collect(rows: &Chunks<ResourceRow>, source: &dyn Source, from: Option<i64>) -> Result<Self, Damaged> {
        let mut all = Self::default();
        rows.visit(source, from.map(|from| (from, i64::MAX)), |row| row.at, |row| all.add(&row.values))?;
        Ok(all)
    }

    fn add(&mut self, values: &Resources) {
        self.count += 1;
        for (list, &value) in self.values.iter_mut().zip(values) {
            list.extend(Some(value).filter(|value| !value.is_nan()));
        }
    }

    /// Adds the values of a later file.
    pub fn append(&mut self, later: Self) {
        self.count += later.count;
        for (list, mut values) in self.values.iter_mut().zip(later.values) {
            list.append(&mut values);
        }
    }

    /// How the values went.
    #[must_use]
    pub fn finish(self) -> ResourceTrend {
        let [memory_delta_mb, heap_used_mb, cpu_user_ms, cpu_system_ms] = self.values.map(|mut list| trend(&mut list));
        ResourceTrend { count: self.count, memory_delta_mb, heap_used_mb, cpu_user_ms, cpu_system_ms }
    }

    /// How much memory grew from one record to the next, and over how many records that is said: of the used heap, or where
    /// the records do not tell it, of its changes.
    pub(super) fn memory_growth(&self) -> (f64, u64) {
        let [deltas, heap, ..] = &self.values;
        let list = if heap.is_empty() { deltas } else { heap };
        (slope(list), list.len() as u64)
    }
}

fn mean(list: &[f64]) -> f64 {
    average(Sum::of(list.iter().copied()).value(), list.len() as u64)
}

fn trend(list: &mut [f64]) -> Option<ValueTrend> {
    let (&first, &last) = (list.first()?, list.last()?);
    let (mean, slope) = (mean(list), slope(list));
    let p95 = nearest_rank(list, &[95.0]).first().copied().unwrap_or(0.0);
    Some(ValueTrend { count: list.len() as u64, first, last, mean, p95, slope })
}

/// The slope of the line through the points (0, first), (1, second), … with the least squares.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn slope(list: &[f64]) -> f64 {
    if list.len() < 2 {
        return 0.0;
    }
    let count = list.len() as f64;
    let (middle, mean) = ((count - 1.0) / 2.0, mean(list));
    let products = list.iter().enumerate().map(|(place, &value)| (place as f64 - middle) * (value - mean));
    Sum::of(products).value() / (count * (count * count - 1.0) / 12.0)
}

#[cfg(test)]
mod tests {
    use super::{ResourceValues, slope};

    #[test]
    fn a_line_has_its_slope_and_noise_around_it_none() {
        let close = |list: &[f64], expected: f64| assert!((slope(list) - expected).abs() < 1e-9, "{list:?}");
        close(&[], 0.0);
        close(&[5.0], 0.0);
        close(&[5.0, 7.0], 2.0);
        close(&[3.0; 9], 0.0);
        close(&(0..1000).map(|i| 1e6 - 0.25 * f64::from(i)).collect::<Vec<_>>(), -0.25);
        close(&[0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0], 0.0);
        close(&[1.0, 3.0, 2.0, 5.0], 1.1);
    }

    #[test]
    fn each_resource_has_its_own_count() {
        let mut all = ResourceValues::default();
        all.add(&[f64::NAN, 10.0, 1.0, f64::NAN]);
        let mut later = ResourceValues::default();
        later.add(&[f64::NAN, 14.0, f64::NAN, f64::NAN]);
        all.append(later);
        assert_eq!(all.memory_growth(), (4.0, 2));
        let trend = all.finish();
        assert_eq!((trend.count, trend.memory_delta_mb, trend.cpu_system_ms), (2, None, None));
        let heap = trend.heap_used_mb.unwrap();
        assert_eq!(
            (heap.count, heap.first, heap.last, heap.mean, heap.p95, heap.slope),
            (2, 10.0, 14.0, 12.0, 14.0, 4.0)
        );
        assert_eq!(trend.cpu_user_ms.map(|cpu| (cpu.count, cpu.slope)), Some((1, 0.0)));
        assert_eq!(ResourceValues::default().finish(), super::ResourceTrend::default());
    }
}
