//! Exact nearest-rank percentiles.

/// The values at the given percentages: each is the one at index `ceil(p / 100 * n) - 1` of the sorted values.
///
/// The percentages must ascend. Empty when there are no values. The values are reordered.
///
/// ```
/// use obs_native::aggregate::nearest_rank;
///
/// assert_eq!(nearest_rank(&mut [40.0, 10.0, 30.0, 20.0], &[50.0, 95.0]), [20.0, 40.0]);
/// ```
#[must_use]
pub fn nearest_rank(values: &mut [f64], percentages: &[f64]) -> Vec<f64> {
    if values.is_empty() {
        return Vec::new();
    }
    let count = values.len();
    let mut sorted_to = 0;
    let mut results = Vec::with_capacity(percentages.len());
    for percentage in percentages {
        let index = rank(*percentage, count);
        // Ranks ascend, so what was selected before is smaller and need not be looked at again.
        if index >= sorted_to {
            values[sorted_to..].select_nth_unstable_by(index - sorted_to, f64::total_cmp);
            sorted_to = index + 1;
        }
        results.push(values[index]);
    }
    results
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts are far below 2^53"
)]
fn rank(percentage: f64, count: usize) -> usize {
    ((percentage / 100.0 * count as f64).ceil() as usize).clamp(1, count) - 1
}

#[cfg(test)]
mod tests {
    use super::{nearest_rank, rank};

    #[test]
    fn agrees_with_sorting() {
        let ranks = [(50.0, 4, 1), (51.0, 4, 2), (99.0, 4, 3), (0.0, 4, 0), (100.0, 4, 3), (75.0, 1, 0)];
        assert!(ranks.iter().all(|&(percentage, count, index)| rank(percentage, count) == index));
        for count in 1..200_u32 {
            let values: Vec<f64> = (0..count).map(|i| f64::from(i * 7919 % 101)).collect();
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            let expected: Vec<f64> =
                [50.0, 75.0, 90.0, 95.0, 99.0_f64].iter().map(|p| sorted[rank(*p, sorted.len())]).collect();
            assert_eq!(nearest_rank(&mut values.clone(), &[50.0, 75.0, 90.0, 95.0, 99.0]), expected, "{count}");
        }
    }
}
