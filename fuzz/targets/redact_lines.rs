//! The law `redact_lines` of `tests/support/laws.rs`.
#![no_main]

obs_native_fuzz::target!("redact_lines");
