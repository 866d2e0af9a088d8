//! How sure a share of few is: Wilson's interval at 95 %.

/// Two-sided 95 % of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// Where the true share of successes lies with 95 % confidence, by Wilson; everything is possible with none.
///
/// ```
/// use obs_native::aggregate::interval;
///
/// let (low, high) = interval(19, 20);
/// assert!((low - 0.763_868_8).abs() < 1e-7 && (high - 0.991_118_6).abs() < 1e-7);
/// assert_eq!(interval(0, 0), (0.0, 1.0));
/// ```
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub fn interval(successes: u64, all: u64) -> (f64, f64) {
    if all == 0 {
        return (0.0, 1.0);
    }
    let (n, share) = (all as f64, successes as f64 / all as f64);
    let centre = share + Z * Z / (2.0 * n);
    let spread = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    // What is certain stays certain whatever the rounding.
    let low = if successes == 0 { 0.0 } else { ((centre - spread) / scale).max(0.0) };
    let high = if successes == all { 1.0 } else { ((centre + spread) / scale).min(1.0) };
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::interval;

    #[test]
    fn holds_the_share_and_narrows() {
        for (k, n, share) in [(0, 1, 0.0), (1, 1, 1.0), (3, 10, 0.3), (95, 100, 0.95), (1, 1_000_000, 1e-6)] {
            let (low, high) = interval(k, n);
            assert!((0.0..=share).contains(&low) && (share..=1.0).contains(&high), "{k} of {n}");
        }
        let width = |n| interval(n / 2, n).1 - interval(n / 2, n).0;
        assert!(width(10) > width(100) && width(100) > width(10_000));
    }
}
