//! The law `packed` of `tests/support/laws.rs`.
#![no_main]

obs_native_fuzz::target!("packed");
