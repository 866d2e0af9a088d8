//! The masks of a sieve by the vector instructions of 64-bit ARM, which all of its processors have.

use std::arch::aarch64::{
    uint8x16_t, vandq_u8, vdupq_n_u8, vgetq_lane_u64, vld1q_u8, vpaddq_u8, vqtbl1q_u8, vreinterpretq_u64_u8,
    vshrq_n_u8, vtstq_u8,
};

use super::{BLOCK, Sieve, WINDOW, window};

/// The bit of each of 16 bytes in its half of the mask.
const BITS: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128];

/// As the portable one.
pub(super) fn fill<const N: usize>(sieve: &Sieve<N>, text: &[u8], from: usize, masks: &mut [u64]) {
    let low = sieve.low.each_ref().map(load);
    let high = sieve.high.each_ref().map(load);
    let mut padded = [0; WINDOW];
    for (mask, at) in masks.iter_mut().zip((from..text.len()).step_by(BLOCK)) {
        let window = window(&text[at..], &mut padded);
        let [a, b, c, d] = [0, 16, 32, 48].map(|at| quarter(&low, &high, window, at));
        // SAFETY: all processors of this architecture have the instructions.
        *mask = unsafe {
            // Each sum of eight bytes is eight bits of the mask.
            let sums = vpaddq_u8(vpaddq_u8(a, b), vpaddq_u8(c, d));
            vgetq_lane_u64::<0>(vreinterpretq_u64_u8(vpaddq_u8(sums, sums)))
        };
    }
}

/// The bits of the 16 bytes at `at`, which is at most 48, each in its byte.
#[inline]
fn quarter<const N: usize>(
    low: &[uint8x16_t; N],
    high: &[uint8x16_t; N],
    window: &[u8; WINDOW],
    at: usize,
) -> uint8x16_t {
    // SAFETY: all processors of this architecture have the instructions.
    unsafe {
        let mut groups = vdupq_n_u8(u8::MAX);
        for place in 0..N {
            let bytes = window[at + place..].first_chunk().map_or(vdupq_n_u8(0), load);
            let lower = vqtbl1q_u8(low[place], vandq_u8(bytes, vdupq_n_u8(15)));
            let upper = vqtbl1q_u8(high[place], vshrq_n_u8::<4>(bytes));
            groups = vandq_u8(groups, vandq_u8(lower, upper));
        }
        vandq_u8(vtstq_u8(groups, groups), load(&BITS))
    }
}

#[inline]
fn load(bytes: &[u8; 16]) -> uint8x16_t {
    // SAFETY: the array has the 16 bytes that are read, and all processors of this architecture have the instruction.
    unsafe { vld1q_u8(bytes.as_ptr()) }
}
