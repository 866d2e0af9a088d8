//! Where sixteen bytes have the first one of a kind, without a branch: how long strings and numbers are is nothing that a
//! processor could foresee.

/// Bytes that are looked at together.
pub(super) type Lanes = [u8; 16];

#[cfg(not(target_arch = "x86_64"))]
pub(super) use portable::{first_other_than_digit, first_special};
#[cfg(target_arch = "x86_64")]
pub(super) use x86_64::{first_other_than_digit, first_special};

/// With SSE2, which every processor of this kind has.
#[cfg(target_arch = "x86_64")]
mod x86_64 {
    use std::arch::x86_64::{
        __m128i, _mm_cmpeq_epi8, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8,
        _mm_sub_epi8,
    };

    use super::Lanes;

    #[target_feature(enable = "sse2")]
    fn load(bytes: &Lanes) -> __m128i {
        let all = u128::from_le_bytes(*bytes);
        #[expect(clippy::cast_possible_truncation, reason = "the halves")]
        _mm_set_epi64x((all >> 64) as i64, all as i64)
    }

    #[target_feature(enable = "sse2")]
    fn every(byte: u8) -> __m128i {
        _mm_set1_epi8(byte.cast_signed())
    }

    /// Which bytes are at most `most`.
    #[target_feature(enable = "sse2")]
    fn up_to(bytes: __m128i, most: u8) -> __m128i {
        _mm_cmpeq_epi8(_mm_min_epu8(bytes, every(most)), bytes)
    }

    /// The place of the first quote, backslash or control character; 16 or more when there is none.
    #[inline]
    pub fn first_special(bytes: &Lanes) -> usize {
        // SAFETY: SSE2 is a part of x86-64.
        unsafe { special(bytes) }.trailing_zeros() as usize
    }

    #[target_feature(enable = "sse2")]
    fn special(bytes: &Lanes) -> i32 {
        let bytes = load(bytes);
        let ends = _mm_or_si128(_mm_cmpeq_epi8(bytes, every(b'"')), _mm_cmpeq_epi8(bytes, every(b'\\')));
        _mm_movemask_epi8(_mm_or_si128(ends, up_to(bytes, 0x1f)))
    }

    /// The place of the first byte that is no digit; 16 or more when there is none.
    #[inline]
    pub fn first_other_than_digit(bytes: &Lanes) -> usize {
        // SAFETY: SSE2 is a part of x86-64.
        (!unsafe { digits(bytes) }).trailing_zeros() as usize
    }

    #[target_feature(enable = "sse2")]
    fn digits(bytes: &Lanes) -> i32 {
        _mm_movemask_epi8(up_to(_mm_sub_epi8(load(bytes), every(b'0')), 9))
    }
}

/// With ordinary words.
#[cfg(any(test, not(target_arch = "x86_64")))]
mod portable {
    use super::Lanes;

    const fn every(byte: u8) -> u128 {
        u128::from_le_bytes([byte; 16])
    }

    /// Sets the top bit of each byte below `limit`, which is at most 128. A borrow may set it in bytes above the first such
    /// byte too, never below it, and only the first one is used.
    const fn below(bytes: u128, limit: u8) -> u128 {
        bytes.wrapping_sub(every(limit)) & !bytes & every(0x80)
    }

    const fn place(bits: u128) -> usize {
        (bits.trailing_zeros() / 8) as usize
    }

    /// The place of the first quote, backslash or control character; 16 when there is none.
    #[inline]
    pub fn first_special(bytes: &Lanes) -> usize {
        let bytes = u128::from_le_bytes(*bytes);
        let ends = below(bytes ^ every(b'"'), 1) | below(bytes ^ every(b'\\'), 1);
        place(ends | below(bytes, 0x20))
    }

    /// The place of the first byte that is no digit; 16 when there is none.
    #[inline]
    pub fn first_other_than_digit(bytes: &Lanes) -> usize {
        // What is left of a digit is below ten, and six more is below sixteen.
        let rest = u128::from_le_bytes(*bytes) ^ every(b'0');
        place((rest | rest.wrapping_add(every(6))) & every(0xf0))
    }
}

#[cfg(test)]
mod tests {
    use super::{Lanes, first_other_than_digit, first_special, portable};

    #[test]
    fn both_ways_find_the_first() {
        for place in 0..=16 {
            for byte in 0..=u8::MAX {
                for behind in [0, b'"', b'7', b'a', 0xff] {
                    let text = |before: u8| -> Lanes {
                        std::array::from_fn(|i| if i < place { before } else { [byte, behind][usize::from(i > place)] })
                    };
                    let first = |before: u8, of: &dyn Fn(u8) -> bool| text(before).iter().position(|&byte| of(byte));
                    let special = first(b'x', &|byte| byte < 0x20 || byte == b'"' || byte == b'\\').unwrap_or(16);
                    assert_eq!(first_special(&text(b'x')).min(16), special, "{byte} at {place}");
                    assert_eq!(portable::first_special(&text(b'x')), special, "{byte} at {place}");
                    let other = first(b'7', &|byte| !byte.is_ascii_digit()).unwrap_or(16);
                    assert_eq!(first_other_than_digit(&text(b'7')).min(16), other, "{byte} at {place}");
                    assert_eq!(portable::first_other_than_digit(&text(b'7')), other, "{byte} at {place}");
                }
            }
        }
    }
}
