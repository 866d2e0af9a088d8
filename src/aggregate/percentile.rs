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

/// The same over several runs of values that are each sorted already: they are searched, not joined.
///
/// ```
/// use obs_native::aggregate::nearest_rank_of_runs;
///
/// assert_eq!(nearest_rank_of_runs(&[&[10.0, 40.0], &[20.0, 30.0]], &[50.0, 95.0]), [20.0, 40.0]);
/// ```
#[must_use]
pub fn nearest_rank_of_runs(runs: &[&[f64]], percentages: &[f64]) -> Vec<f64> {
    let count = runs.iter().map(|run| run.len()).sum();
    if count == 0 {
        return Vec::new();
    }
    // Ranks ascend, so what lies below one need not be looked at for the next.
    let mut left = runs.to_vec();
    let mut passed = 0;
    let mut result = |percentage: &f64| {
        let index = rank(*percentage, count);
        let value = select(&mut left, index - passed);
        passed = count - left.iter().map(|run| run.len()).sum::<usize>();
        value
    };
    percentages.iter().map(&mut result).collect()
}

/// So few values are joined and selected from at once.
const FEW: usize = 64;

/// The value at `index` of all values; what is found to lie below it is cut off the runs.
fn select(runs: &mut [&[f64]], mut index: usize) -> f64 {
    let mut ends: Vec<usize> = runs.iter().map(|run| run.len()).collect();
    for round in 0.. {
        let count: usize = ends.iter().sum();
        let candidates = || runs.iter().zip(&ends).map(|(run, &end)| &run[..end]);
        if index == 0 {
            return candidates().filter_map(|run| run.first()).copied().min_by(f64::total_cmp).unwrap_or(f64::NAN);
        }
        let Some(longest) = candidates().max_by_key(|run| run.len()).filter(|_| count > FEW) else { break };
        // Runs are mostly alike, so that the same share of each lies below; those that are not are halved in turn.
        let guess = if round % 4 == 3 { longest.len() / 2 } else { longest.len() * index / count };
        let pivot = longest[guess];
        let below: Vec<usize> = candidates().map(|run| run.partition_point(|v| v.total_cmp(&pivot).is_lt())).collect();
        if index < below.iter().sum() {
            ends = below;
            continue;
        }
        let equal = |(run, &below): (&[f64], &usize)| run[below..].partition_point(|v| v.total_cmp(&pivot).is_le());
        let upto: Vec<usize> = candidates().zip(&below).map(|both| both.1 + equal(both)).collect();
        if index < upto.iter().sum() {
            return pivot;
        }
        index -= upto.iter().sum::<usize>();
        for ((run, end), upto) in runs.iter_mut().zip(&mut ends).zip(upto) {
            *run = &run[upto..];
            *end -= upto;
        }
    }
    let mut rest: Vec<f64> = runs.iter().zip(&ends).flat_map(|(run, &end)| &run[..end]).copied().collect();
    *rest.select_nth_unstable_by(index, f64::total_cmp).1
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
    use super::{nearest_rank, nearest_rank_of_runs, rank};

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

    #[test]
    fn runs_give_what_their_values_give_together() {
        const ALL: [f64; 7] = [0.0, 50.0, 75.0, 90.0, 95.0, 99.0, 100.0];
        // Alike, one behind the other, of one value, and with zeros of both signs.
        let kinds: [fn(u32) -> f64; 4] = [
            |i| f64::from(i.wrapping_mul(2_654_435_761) >> 12),
            f64::from,
            |_| 7.5,
            |i| [-0.0, 0.0, 1.0][i as usize % 3],
        ];
        for (count, each) in [(0, 1), (1, 1), (63, 10), (500, 7), (5000, 1024), (20_000, 300)] {
            for kind in kinds {
                let mut values: Vec<f64> = (0..count).map(kind).collect();
                let mut runs: Vec<Vec<f64>> = values.chunks(each).map(<[f64]>::to_vec).collect();
                runs.push(Vec::new());
                runs.iter_mut().for_each(|run| run.sort_by(f64::total_cmp));
                let runs: Vec<&[f64]> = runs.iter().map(|run| &**run).collect();
                let bits = |ranks: Vec<f64>| ranks.into_iter().map(f64::to_bits).collect::<Vec<_>>();
                assert_eq!(
                    bits(nearest_rank_of_runs(&runs, &ALL)),
                    bits(nearest_rank(&mut values, &ALL)),
                    "{count} in runs of {each}"
                );
            }
        }
    }
}
