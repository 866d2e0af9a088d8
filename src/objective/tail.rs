//! The exact upper tail of the binomial distribution: how probable so many failures are when nothing is wrong.

use std::f64::consts::TAU;

/// The probability of at least `failed` failures among `total` runs that each fail with probability `share`, to 12 digits.
///
/// ```
/// use obs_native::objective::tail;
///
/// assert!((tail(2, 4, 0.05) - 0.014_018_75).abs() < 1e-15);
/// assert_eq!((tail(0, 4, 0.05), tail(5, 4, 0.05)), (1.0, 0.0));
/// ```
#[must_use]
pub fn tail(failed: u64, total: u64, share: f64) -> f64 {
    if failed == 0 {
        return 1.0;
    }
    if failed > total || share <= 0.0 {
        return 0.0;
    }
    if share >= 1.0 {
        return 1.0;
    }
    if float(failed) > float(total) * share {
        return (mass(failed, total, share) * multiples(failed, total, share, true)).min(1.0);
    }
    let below = failed - 1;
    (1.0 - mass(below, total, share) * multiples(below, total, share, false)).clamp(0.0, 1.0)
}

/// Whether `tail` is below `limit`, which is less than 1; of many runs a bound that costs nothing tells mostly.
#[must_use]
pub fn is_below(limit: f64, failed: u64, total: u64, share: f64) -> bool {
    if failed == 0 || failed > total || float(failed) <= float(total) * share {
        return failed > total;
    }
    // Chernoff: the tail is never more than the exponential of minus the divergence.
    let expected = float(total) * share;
    let divergence = deviance(float(failed), expected) + deviance(float(total - failed), float(total) - expected);
    // Where both are equal, rounding must not decide.
    divergence > -limit.ln() + 1e-9 || tail(failed, total, share) < limit
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
const fn float(count: u64) -> f64 {
    count as f64
}

/// What the probabilities from `failed` on, upwards or downwards, add up to, as a multiple of the first one. They only fall.
fn multiples(failed: u64, total: u64, share: f64, upwards: bool) -> f64 {
    let odds = share / (1.0 - share);
    let (mut sum, mut term, mut place) = (1.0, 1.0, failed);
    while if upwards { place < total } else { place > 0 } {
        if upwards {
            term *= float(total - place) / float(place + 1) * odds;
            place += 1;
        } else {
            term *= float(place) / float(total - place + 1) / odds;
            place -= 1;
        }
        sum += term;
        if term < sum * 1e-18 {
            break;
        }
    }
    sum
}

/// The probability of exactly `failed` failures, by Loader's saddle point: no factorials, whose logarithms would cancel.
fn mass(failed: u64, total: u64, share: f64) -> f64 {
    if failed == 0 {
        return (float(total) * (-share).ln_1p()).exp();
    }
    if failed == total {
        return (float(total) * share.ln()).exp();
    }
    let (bad, good, all) = (float(failed), float(total - failed), float(total));
    let exponent = stirling_error(total)
        - stirling_error(failed)
        - stirling_error(total - failed)
        - deviance(bad, all * share)
        - deviance(good, all * (1.0 - share));
    exponent.exp() * (all / (TAU * bad * good)).sqrt()
}

/// `ln n! - ln(sqrt(2 pi n) (n/e)^n)`.
fn stirling_error(count: u64) -> f64 {
    let n = float(count);
    if count < 16 {
        let factorial: f64 = (1..=count).map(float).product();
        return factorial.ln() - (n + 0.5) * n.ln() + n - 0.5 * TAU.ln();
    }
    let square = n * n;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / square) / square) / square) / square)
        / n
}

/// `x ln(x / expected) + expected - x`, without cancellation where both are close.
fn deviance(x: f64, expected: f64) -> f64 {
    let difference = x - expected;
    if x == 0.0 {
        return expected;
    }
    if difference.abs() >= 0.1 * (x + expected) {
        return x * (x / expected).ln() - difference;
    }
    let ratio = difference / (x + expected);
    let (mut sum, mut power) = (difference * ratio, 2.0 * x * ratio);
    for odd in (3..1000).step_by(2) {
        power *= ratio * ratio;
        let next = sum + power / f64::from(odd);
        if next.to_bits() == sum.to_bits() {
            break;
        }
        sum = next;
    }
    sum
}

#[cfg(test)]
#[path = "tail_reference.rs"]
mod reference;

#[cfg(test)]
mod tests {
    use super::reference::REFERENCE;
    use super::{is_below, tail};

    #[test]
    fn agrees_with_the_reference_to_12_digits() {
        for &(failed, total, share, expected) in REFERENCE {
            let found = tail(failed, total, share);
            assert!(
                (found - expected).abs() <= 1e-12 * expected,
                "{failed} of {total} at {share}: {found:e} for {expected:e}, off by {:e}",
                (found - expected).abs() / expected
            );
        }
    }

    /// The figures of the low counts that the thresholds rest on: the fewest failures that are no chance at 95 %.
    #[test]
    fn few_runs_need_many_failures() {
        for (total, fewest) in [(3, 2), (5, 3), (10, 4), (20, 5), (50, 8), (100, 12)] {
            let found = (1..=total).find(|&failed| tail(failed, total, 0.05) < 0.01);
            assert_eq!(found, Some(fewest), "of {total}");
        }
    }

    #[test]
    fn the_quick_answer_is_the_exact_one() {
        for share in [0.001, 0.01, 0.05, 0.2, 0.5, 0.9] {
            for total in [0, 1, 2, 3, 5, 10, 50, 333, 1000] {
                for failed in 0..=total + 1 {
                    for limit in [0.01, 0.01 / 28.0] {
                        let exact = tail(failed, total, share) < limit;
                        assert_eq!(is_below(limit, failed, total, share), exact, "{failed} of {total} at {share}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_edges_are_certain() {
        let edges = [tail(0, 0, 0.5), tail(1, 0, 0.5), tail(3, 7, 0.0), tail(3, 7, 1.0)];
        assert_eq!(edges.map(f64::to_bits), [1.0, 0.0, 0.0, 1.0].map(f64::to_bits));
        assert!(tail(900_000, 1_000_000, 0.05) < f64::MIN_POSITIVE, "what no number can hold is nothing");
    }
}
