//! Random numbers that a printed seed brings back, and how many sequences to run.
#![allow(dead_code, clippy::cast_possible_truncation, reason = "each test crate uses a part, with small numbers")]

/// A small generator (`SplitMix64`).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678_9abc_def0)
    }

    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`.
    pub const fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// True once in `odds` times.
    pub const fn once_in(&mut self, odds: usize) -> bool {
        self.below(odds) == 0
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Calls `run` with each seed: `count` of them, a hundred times as many with `OBS_LONG=1`, or just `OBS_TEST_SEED`.
pub fn each_seed(count: u64, mut run: impl FnMut(u64)) {
    if let Some(seed) = std::env::var("OBS_TEST_SEED").ok().and_then(|seed| seed.parse().ok()) {
        return run(seed);
    }
    let count = if long() { count * 100 } else { count };
    for seed in 0..count {
        let shown = Shown(seed);
        run(seed);
        std::mem::forget(shown);
    }
}

pub fn long() -> bool {
    std::env::var_os("OBS_LONG").is_some_and(|value| value == "1")
}

/// Tells the seed when the test panics.
struct Shown(u64);

impl Drop for Shown {
    fn drop(&mut self) {
        eprintln!("failed with OBS_TEST_SEED={}", self.0);
    }
}
