//! What is told of a panic. The standard hook would print its message, which may quote what was being recorded, to stderr; here
//! only the place is kept, for the error that reaches JavaScript, and what that says is redacted there.

use std::panic;
use std::sync::Once;

use napi_derive::napi;
use parking_lot::Mutex;

/// Where the last panic was.
static PLACE: Mutex<Option<String>> = Mutex::new(None);

/// Keeps panics of this addon from stderr. Other addons have hooks of their own.
pub(super) fn keep_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| panic::set_hook(Box::new(|panic| *PLACE.lock() = panic.location().map(ToString::to_string))));
}

/// Where a panic was since the last call, such as `src/monitor/record.rs:80:9`; `null` when there was none. The face names it in
/// the error.
#[napi(catch_unwind)]
#[must_use]
#[cfg_attr(test, allow(dead_code, reason = "only Node calls it"))]
pub fn take_place_of_panic() -> Option<String> {
    PLACE.lock().take()
}
