//! The laws that the tests hold, for a fuzzer that sees which branches an input takes.

#[path = "../tests/support/fault_disk.rs"]
mod fault_disk;
#[path = "../tests/support/json.rs"]
mod json;
#[path = "../tests/support/laws.rs"]
mod laws;

/// Holds the law of this name.
pub fn hold(name: &str, input: &[u8]) {
    let (_, law) = laws::LAWS.iter().find(|(own, _)| *own == name).expect("a law of this name");
    law(input);
}

#[doc(hidden)]
pub use libfuzzer_sys;

/// A target for one law.
#[macro_export]
macro_rules! target {
    ($name:literal) => {
        $crate::libfuzzer_sys::fuzz_target!(|input: &[u8]| $crate::hold($name, input));
    };
}
