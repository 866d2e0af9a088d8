//! The masks of a sieve by the vector instructions of x86-64.

use std::arch::x86_64::{
    __m256i, _mm_loadu_si128, _mm256_and_si256, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8, _mm256_loadu_si256,
    _mm256_movemask_epi8, _mm256_set1_epi8, _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16,
};

use super::{BLOCK, Sieve, WINDOW, window};

/// As the portable one.
#[target_feature(enable = "avx2")]
pub(super) fn fill<const N: usize>(sieve: &Sieve<N>, text: &[u8], from: usize, masks: &mut [u64]) {
    let low = sieve.low.each_ref().map(|table| spread(table));
    let high = sieve.high.each_ref().map(|table| spread(table));
    let mut padded = [0; WINDOW];
    for (mask, at) in masks.iter_mut().zip((from..text.len()).step_by(BLOCK)) {
        let window = window(&text[at..], &mut padded);
        *mask = u64::from(half(&low, &high, window, 0)) | u64::from(half(&low, &high, window, 32)) << 32;
    }
}

/// The bits of the 32 bytes at `at`, which is at most 32.
#[target_feature(enable = "avx2")]
#[inline]
fn half<const N: usize>(low: &[__m256i; N], high: &[__m256i; N], window: &[u8; WINDOW], at: usize) -> u32 {
    let nibble = _mm256_set1_epi8(15);
    let mut groups = _mm256_set1_epi8(-1);
    for place in 0..N {
        let bytes = &window[at + place..at + place + 32];
        // SAFETY: the slice has the 32 bytes that are read.
        let bytes = unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) };
        let lower = _mm256_shuffle_epi8(low[place], _mm256_and_si256(bytes, nibble));
        let upper = _mm256_shuffle_epi8(high[place], _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble));
        groups = _mm256_and_si256(groups, _mm256_and_si256(lower, upper));
    }
    !_mm256_movemask_epi8(_mm256_cmpeq_epi8(groups, _mm256_setzero_si256())).cast_unsigned()
}

#[target_feature(enable = "avx2")]
#[inline]
fn spread(table: &[u8; 16]) -> __m256i {
    // SAFETY: the array has the 16 bytes that are read.
    _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(table.as_ptr().cast()) })
}
