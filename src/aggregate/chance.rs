//! Whether a difference between two shares could be chance.

/// Probabilities that differ by less than this share are taken for equal: the same table reached by other roundings.
const ALIKE: f64 = 1.0 + 1e-7;

/// How probable it is that two groups with one common share of successes differ as much as these do, or more: the two-sided
/// exact test of Fisher. Each group is `(successes, all)`.
///
/// ```
/// use obs_native::aggregate::chance;
///
/// assert!((chance((8, 10), (1, 6)) - 0.034_965).abs() < 1e-6);
/// assert_eq!(chance((3, 3), (5, 5)), 1.0);
/// ```
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub fn chance((good, all): (u64, u64), (other_good, other_all): (u64, u64)) -> f64 {
    let successes = good + other_good;
    let (first, last) = (successes.saturating_sub(other_all), successes.min(all));
    // How much more probable one success more in the first group is, with all sums as they are.
    let step = |place: u64| {
        let up = (all - place) as f64 * (successes - place) as f64;
        up / ((place + 1) as f64 * (other_all + place + 1 - successes) as f64)
    };
    // Everything is reckoned as a multiple of what was seen, so that no factorial is needed.
    let mut sum = Sides { all: 1.0, as_far: 1.0 };
    let mut multiple = 1.0;
    for place in good..last {
        multiple *= step(place);
        if sum.add(multiple) {
            break;
        }
    }
    multiple = 1.0;
    for place in (first..good).rev() {
        multiple /= step(place);
        if sum.add(multiple) {
            break;
        }
    }
    (sum.as_far / sum.all).min(1.0)
}

struct Sides {
    all: f64,
    as_far: f64,
}

impl Sides {
    /// Adds a table; whether those behind it are too improbable to matter.
    fn add(&mut self, multiple: f64) -> bool {
        self.all += multiple;
        if multiple <= ALIKE {
            self.as_far += multiple;
        }
        multiple < self.as_far * 1e-17 || self.all.is_infinite()
    }
}

#[cfg(test)]
mod tests {
    use super::chance;

    type Group = (u64, u64);

    #[expect(clippy::unreadable_literal, reason = "printed by another program, to be compared with it")]
    /// `scipy.stats.fisher_exact([[a, n - a], [b, m - b]]).pvalue`.
    const REFERENCE: &[(Group, Group, f64)] = &[
        ((8, 10), (1, 6), 0.034965034965034975),
        ((3, 6), (6, 6), 0.1818181818181818),
        ((19, 20), (15, 20), 0.18176418176418174),
        ((50, 60), (58, 60), 0.029481336496031636),
        ((0, 3), (3, 3), 0.10000000000000002),
        ((1, 3), (2, 3), 1.0),
        ((980, 1000), (800, 1000), 1.7982369474142608e-42),
        ((980, 1000), (975, 1000), 0.5469121230861224),
        ((95, 100), (88, 100), 0.12617886126369043),
        ((9990, 10000), (9950, 10000), 1.553682296670937e-07),
        ((999000, 1000000), (998900, 1000000), 0.0306330777492635),
        ((7, 9), (700, 1000), 1.0),
        ((1, 2), (499, 1000), 1.0),
        ((50, 80), (20, 20), 0.000609224902949287),
        ((4, 5), (0, 5), 0.04761904761904762),
        ((7, 80), (1863, 2000), 8.92904927605712e-70),
        ((2, 20), (3, 5), 0.037662337662337654),
        ((123, 300), (0, 5), 0.08413145824636231),
        ((289, 300), (0, 5), 2.0524585053839015e-07),
        ((1, 20), (1181, 2000), 5.953177667822476e-07),
        ((113, 300), (0, 5), 0.1616279430921198),
        ((13, 20), (18, 80), 0.000697034639441801),
        ((2, 5), (1147, 2000), 0.6565519864464481),
        ((18, 20), (4, 5), 0.5043478260869566),
        ((3, 20), (70, 80), 1.002238392322296e-09),
        ((0, 5), (1267, 2000), 0.006698550838613598),
        ((17, 20), (218, 300), 0.30041751172822984),
        ((74, 80), (232, 300), 0.0014456587119784222),
        ((31, 80), (23, 80), 0.24175109670444384),
        ((18, 20), (2, 5), 0.03766233766233766),
        ((229, 300), (36, 80), 2.11579327362216e-07),
        ((4, 5), (3, 5), 1.0),
        ((4, 20), (62, 80), 3.1718825236597784e-06),
    ];

    #[test]
    fn agrees_with_the_reference() {
        for &(now, before, expected) in REFERENCE {
            let found = chance(now, before);
            assert!((found - expected).abs() <= 1e-9 * expected, "{now:?} {before:?}: {found} for {expected}");
            assert!((chance(before, now) - found).abs() <= 1e-9 * found, "the groups change places");
        }
    }

    #[test]
    fn the_edges_are_certain() {
        for (now, before) in [((0, 0), (3, 5)), ((5, 5), (7, 7)), ((0, 5), (0, 7))] {
            assert!((chance(now, before) - 1.0).abs() < 1e-15);
        }
        assert!(chance((0, 1_000_000), (1_000_000, 1_000_000)) < 1e-300);
    }
}
