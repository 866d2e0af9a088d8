//! Durations counted by exponential buckets, as native histograms of Prometheus are.

use serde::Serialize;

/// Each bound is 2^(1/8) times the one before, at most 9.1 % more: the schema 3 of native histograms.
const BOUNDS: [f64; 8] = [
    0.5,
    0.545_253_866_332_628_8,
    0.594_603_557_501_360_5,
    0.648_419_777_325_504_8,
    0.707_106_781_186_547_5,
    0.771_105_412_703_970_4,
    0.840_896_415_253_714_4,
    0.917_004_043_204_671_1,
];

/// What is not longer is in the bucket of zero, seconds: 2^-128, as with the clients of Prometheus.
const ZERO_THRESHOLD: f64 = 2.938_735_877_055_719e-39;

/// How often a bucket's exponent is moved in the bits of a number.
const MANTISSA_BITS: u32 = 52;

/// Counts by exponential bucket: the bucket of the number `n` holds what is longer than 2^((n - 1) / 8) s and at most 2^(n / 8) s.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Exponential {
    /// Those of 0 s.
    pub zero: u64,
    /// The number of the first bucket that is counted here.
    pub first: i32,
    /// Counts from there on.
    pub counts: Vec<u64>,
}

impl Exponential {
    /// Adds a duration in seconds, finite and not below 0.
    pub fn add(&mut self, seconds: f64) {
        if seconds <= ZERO_THRESHOLD {
            self.zero += 1;
        } else {
            *self.bucket(number_of(seconds)) += 1;
        }
    }

    /// Adds another one.
    pub fn merge(&mut self, other: &Self) {
        self.zero += other.zero;
        for (number, &count) in (other.first..).zip(&other.counts) {
            *self.bucket(number) += count;
        }
    }

    /// The count of a bucket. There are 9,216 at most, whatever is recorded.
    fn bucket(&mut self, number: i32) -> &mut u64 {
        if self.counts.is_empty() {
            self.first = number;
        }
        let before = usize::try_from(self.first - number).unwrap_or(0);
        if before > 0 {
            self.counts.splice(0..0, std::iter::repeat_n(0, before));
            self.first = number;
        }
        let place = usize::try_from(number - self.first).unwrap_or(0);
        if place >= self.counts.len() {
            self.counts.resize(place + 1, 0);
        }
        &mut self.counts[place]
    }
}

/// The number of the bucket of a normal number above 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "an exponent has 11 bits, a place 4")]
fn number_of(seconds: f64) -> i32 {
    let bits = seconds.to_bits();
    // As `frexp` takes it apart: a fraction from 0.5 on, and how often it is doubled.
    let exponent = ((bits >> MANTISSA_BITS) & 0x7ff) as i32 - 1022;
    let fraction = f64::from_bits((bits & ((1 << MANTISSA_BITS) - 1)) | (1022 << MANTISSA_BITS));
    let place = BOUNDS.partition_point(|&bound| bound < fraction);
    place as i32 + (exponent - 1) * BOUNDS.len() as i32
}

#[cfg(test)]
mod tests {
    use super::{Exponential, number_of};

    #[test]
    fn each_duration_lies_between_the_bounds_of_its_bucket() {
        let bound = |number: i32| (f64::from(number) / 8.0).exp2();
        for step in -4_000..4_000_i32 {
            let seconds = (f64::from(step) / 100.0).exp2() * 1.000_1;
            let number = number_of(seconds);
            assert!(bound(number - 1) < seconds && seconds <= bound(number), "{seconds} is in {number}");
        }
        // A bound belongs to the bucket below it.
        assert_eq!([0.125, 0.5, 1.0, 2.0, 1024.0].map(number_of), [-24, -8, 0, 8, 80]);
        assert_eq!([1.0_f64.next_up(), 1.0_f64.next_down()].map(number_of), [1, 0]);
        assert_eq!([f64::MAX, 3e-39].map(number_of), [8192, -1023]);
    }

    #[test]
    fn nothing_is_lost_in_whatever_order_it_comes() {
        let all = [1.0, 0.0, 1000.0, 0.001, 1e-300, 0.001, 1e9];
        let count = |durations: &[f64]| {
            let mut counted = Exponential::default();
            durations.iter().for_each(|&seconds| counted.add(seconds));
            counted
        };
        let one = count(&all);
        let mut other = count(&all[4..]);
        other.merge(&count(&all[..4]));
        assert_eq!(one, other);
        assert_eq!((one.zero, one.counts.iter().sum::<u64>(), one.first), (2, 5, number_of(0.001)));
        let mut empty = Exponential::default();
        empty.merge(&Exponential::default());
        assert_eq!(empty, Exponential::default());
    }
}
