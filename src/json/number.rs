//! The value of a number, the very one that JavaScript gives it.

/// The number that a JSON value is, infinite where JavaScript's would be; `None` when it is not a number.
#[must_use]
pub fn number(value: &[u8]) -> Option<f64> {
    if !matches!(value.first(), Some(b'-' | b'0'..=b'9')) {
        return None;
    }
    plain_number(value).or_else(|| std::str::from_utf8(value).ok()?.parse().ok())
}

/// More digits may not fit into 64 bits.
const DIGITS: usize = 19;

/// Powers of ten by their exponent.
const POWERS: [u64; DIGITS + 1] = {
    let mut powers = [1; DIGITS + 1];
    let mut exponent = 1;
    while exponent <= DIGITS {
        powers[exponent] = powers[exponent - 1] * 10;
        exponent += 1;
    }
    powers
};

/// A number without an exponent and with at most 19 digits: a whole number divided by a power of ten.
fn plain_number(value: &[u8]) -> Option<f64> {
    let (negative, text) = value.strip_prefix(b"-").map_or((false, value), |digits| (true, digits));
    let point = text.iter().position(|&byte| byte == b'.').unwrap_or(text.len());
    let fraction = text.get(point + 1..).unwrap_or_default();
    if point + fraction.len() > DIGITS {
        return None;
    }
    let number = append_digits(append_digits(0, &text[..point])?, fraction)?;
    let nearest = nearest_quotient(number, fraction.len());
    Some(if negative { -nearest } else { nearest })
}

/// The number with more digits behind it; `None` when one of them is none.
fn append_digits(mut number: u64, digits: &[u8]) -> Option<u64> {
    let (words, rest) = digits.as_chunks::<8>();
    for word in words {
        number = number * POWERS[8] + eight_digits(u64::from_le_bytes(*word), 8)?;
    }
    if !rest.is_empty()
        && let Some(last) = digits.last_chunk::<8>()
    {
        return Some(number * POWERS[rest.len()] + eight_digits(u64::from_le_bytes(*last), rest.len())?);
    }
    rest.iter().try_fold(number, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u64::from(byte - b'0')))
}

/// The number that the last `count` of eight digits are, two, four and eight of them at a time.
fn eight_digits(word: u64, count: usize) -> Option<u64> {
    const SIXES: u64 = u64::from_le_bytes([6; 8]);
    // What is left of a digit is below ten, and six more is below sixteen.
    let rest = word ^ u64::from_le_bytes([b'0'; 8]);
    if (rest | rest.wrapping_add(SIXES)) & u64::from_le_bytes([0xf0; 8]) != 0 {
        return None;
    }
    let word = rest & (u64::MAX << (8 * (8 - count)));
    let word = (word.wrapping_mul((10 << 8) + 1) >> 8) & 0x00ff_00ff_00ff_00ff;
    let word = (word.wrapping_mul((100 << 16) + 1) >> 16) & 0x0000_ffff_0000_ffff;
    Some(word.wrapping_mul((10_000 << 32) + 1) >> 32)
}

/// The `f64` nearest to a number divided by a power of ten. Below 2^53 both are exact as `f64`, which makes it one division
/// (W. D. Clinger, "How to Read Floating Point Numbers Accurately").
#[expect(clippy::cast_precision_loss, reason = "either exact, or meant to round")]
fn nearest_quotient(number: u64, exponent: usize) -> f64 {
    if exponent == 0 {
        return number as f64;
    }
    if number < 1 << 53 {
        return number as f64 / POWERS[exponent] as f64;
    }
    nearest_product(number, exponent).unwrap_or_else(|| nearest_exact(number, POWERS[exponent]))
}

/// The first 64 bits of what one divided by a power of ten is, and how many places they are shifted.
const INVERSES: [(u64, i32); DIGITS + 1] = {
    let mut inverses = [(0, 0); DIGITS + 1];
    let mut exponent = 1;
    while exponent <= DIGITS {
        let power = POWERS[exponent];
        let shift = 127 - power.leading_zeros();
        #[expect(clippy::cast_possible_truncation, reason = "the shift leaves 64 bits")]
        let bits = ((1 << shift) / power as u128) as u64;
        inverses[exponent] = (bits, shift.cast_signed());
        exponent += 1;
    }
    inverses
};

/// The quotient by multiplication with the inverse. What the inverse lacks makes the product too small by less than one in
/// its upper half; `None` when that could decide how it is rounded.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "53 bits are left")]
fn nearest_product(number: u64, exponent: usize) -> Option<f64> {
    let (inverse, shift) = INVERSES[exponent];
    let zeros = number.leading_zeros();
    let product = u128::from(number << zeros) * u128::from(inverse);
    let (high, low) = ((product >> 64) as u64, product as u64);
    let spare = 11 - high.leading_zeros();
    let (half, rest) = (1 << (spare - 1), high & ((1 << spare) - 1));
    if rest == half - 1 || (rest == half && low == 0) {
        return None;
    }
    let mantissa = (high >> spare) + u64::from(rest >= half);
    let power = 64 + spare.cast_signed() - zeros.cast_signed() - shift;
    Some(mantissa as f64 * f64::from_bits(u64::from((1023 + power).cast_unsigned()) << 52))
}

/// The quotient of whole numbers with more bits than an `f64` has, of which the last tells whether anything is left over;
/// that decides a tie.
#[expect(clippy::cast_precision_loss, reason = "meant to round")]
fn nearest_exact(number: u64, power: u64) -> f64 {
    const TWO_TO_65: f64 = 36_893_488_147_419_103_232.0;
    let (numerator, power) = (u128::from(number) << 64, u128::from(power));
    let quotient = numerator / power;
    let left_over = numerator != quotient * power;
    ((quotient << 1) | u128::from(left_over)) as f64 / TWO_TO_65
}

#[cfg(test)]
mod tests {
    use super::{POWERS, nearest_exact, nearest_product, number, plain_number};

    #[test]
    fn reads_numbers_as_the_standard_library_does() {
        let mut seed = 1_u64;
        let (mut taken, mut undecided) = (0, 0);
        for _ in 0..200_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let digits = format!("{:020}", seed ^ (seed >> 31));
            let count = 1 + (seed >> 33) as usize % 20;
            let (whole, fraction) = digits[20 - count..].split_at((seed >> 40) as usize % count);
            let sign = if seed & 64 == 0 { "-" } else { "" };
            let whole = whole.trim_start_matches('0');
            let text = format!("{sign}{}.{fraction}0", if whole.is_empty() { "0" } else { whole });
            let expected: f64 = text.parse().unwrap();
            assert_eq!(number(text.as_bytes()).map(f64::to_bits), Some(expected.to_bits()), "{text}");
            taken += u32::from(plain_number(text.as_bytes()).is_some());
        }
        assert!(taken > 100_000, "{taken}");
        // The numbers next to what lies halfway between two neighbours.
        for (exponent, &power) in POWERS.iter().enumerate().skip(1) {
            for step in 0..2_000_u64 {
                let between = (1 << 53) + 2 * (step * 2_251_799_813_687 % (1 << 52)) + 1;
                let product = u128::from(between) * u128::from(power);
                let below = product >> 64_u32.saturating_sub(product.leading_zeros());
                let below = u64::try_from(below).unwrap();
                for number in [below.max(1 << 53), below.saturating_add(1)] {
                    let exact = nearest_exact(number, power).to_bits();
                    let found = nearest_product(number, exponent).map(f64::to_bits);
                    assert!(found.is_none_or(|found| found == exact), "{number}e-{exponent}");
                    undecided += u32::from(found.is_none());
                }
            }
        }
        assert!(undecided > 0);
        for text in ["1.2.3", "1.+2", "12345678x.5", "1.234567890123456x"] {
            assert_eq!(plain_number(text.as_bytes()), None, "{text}");
        }
        assert_eq!(number(b"-0").map(f64::to_bits), Some((-0.0_f64).to_bits()));
        assert_eq!(number(b"9007199254740993"), Some(9_007_199_254_740_992.0));
        // Halfway between two neighbours, and the least bit above and below it.
        for text in ["900719925474099.25", "4503599627370497.500", "4503599627370497.501", "4503599627370497.499"] {
            assert_eq!(number(text.as_bytes()), text.parse().ok(), "{text}");
        }
        for number in (0..100_000_u32).map(|i| (f64::from(i) + 0.5) / f64::from(i % 977 + 3)) {
            assert_eq!(super::number(number.to_string().as_bytes()), Some(number));
        }
        assert_eq!((number(b"1e999"), number(b"true")), (Some(f64::INFINITY), None));
    }
}
