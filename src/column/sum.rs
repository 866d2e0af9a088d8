//! A sum in double-double, so that the order and the borders of blocks never show in twelve digits.

/// The sum of some numbers, as an unevaluated pair (Knuth's two-sum).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sum {
    high: f64,
    low: f64,
}

impl Sum {
    /// Adds a number; one that is not finite counts as 0.
    pub fn add(&mut self, value: f64) {
        if value.is_finite() {
            self.add_pair(value, 0.0);
        }
    }

    /// The sum of many numbers.
    pub fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut sum = Self::default();
        values.for_each(|value| sum.add(value));
        sum
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: Self) {
        self.add_pair(other.high, other.low);
    }

    /// A sum beyond the largest number stays there: `JSON` has no infinity.
    fn add_pair(&mut self, high: f64, low: f64) {
        let total = self.high + high;
        if !total.is_finite() {
            *self = Self { high: f64::MAX.copysign(total), low: 0.0 };
            return;
        }
        let part = total - self.high;
        let error = (self.high - (total - part)) + (high - part);
        let low = self.low + low + error;
        self.high = total + low;
        self.low = low - (self.high - total);
    }

    /// Appends the sum as bytes.
    pub(super) fn save(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.high.to_bits().to_le_bytes());
        out.extend_from_slice(&self.low.to_bits().to_le_bytes());
    }

    /// Reads what [`Self::save`] wrote.
    pub(super) fn load(input: &mut super::wire::Input<'_>) -> Option<Self> {
        Some(Self { high: f64::from_bits(input.word()?), low: f64::from_bits(input.word()?) })
    }

    /// The sum as one number.
    #[must_use]
    pub fn value(self) -> f64 {
        self.high + self.low
    }
}

#[cfg(test)]
mod tests {
    use super::Sum;

    #[test]
    fn keeps_what_plain_addition_loses() {
        let mut sum = Sum::default();
        for value in [1e16, 1.0, f64::NAN, -1e16, 0.5, f64::INFINITY] {
            sum.add(value);
        }
        assert!((sum.value() - 1.5).abs() < f64::EPSILON);
        let many = [1e16, 1.0, f64::NAN, -1e16, 0.5, f64::INFINITY, 3.0].into_iter().cycle().take(7000);
        assert!((Sum::of(many).value() - 4500.0).abs() < f64::EPSILON);
        let mut twice = sum;
        twice.merge(sum);
        assert!((twice.value() - 3.0).abs() < f64::EPSILON);
    }
}
