//! The law `time` of `tests/support/laws.rs`.
#![no_main]

obs_native_fuzz::target!("time");
