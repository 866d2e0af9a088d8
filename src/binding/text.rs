//! Text that crosses from JavaScript into a buffer that is used again and again.

use std::cell::RefCell;

use napi::bindgen_prelude::{FromNapiValue, TypeName, ValidateNapiValue};
use napi::{Error, Status, ValueType, sys};

/// Texts up to this length cross with one call.
const USUAL: usize = 4096;

/// Buffers larger than this are not kept.
const KEEP: usize = 1024 * 1024;

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A JavaScript string as UTF-8.
pub struct Text(Vec<u8>);

impl Text {
    /// The text as UTF-8; each lone surrogate has become U+FFFD, so texts that may hold one cross as JSON.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Text {
    fn drop(&mut self) {
        let buffer = std::mem::take(&mut self.0);
        if buffer.capacity() <= KEEP {
            BUFFER.with(|kept| kept.replace(buffer));
        }
    }
}

impl TypeName for Text {
    fn type_name() -> &'static str {
        "string"
    }

    fn value_type() -> ValueType {
        ValueType::String
    }
}

impl ValidateNapiValue for Text {}

impl FromNapiValue for Text {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> napi::Result<Self> {
        let mut buffer = BUFFER.with(RefCell::take);
        buffer.clear();
        buffer.reserve(USUAL);
        // SAFETY: `env` and `value` are those that Node-API handed to the present call.
        let mut length = unsafe { copy(env, value, &mut buffer)? };
        if length + 4 >= buffer.capacity() {
            // The buffer was filled to its last character, so there may be more: ask for the whole length and copy again.
            // SAFETY: as above.
            let whole = unsafe { byte_length(env, value)? };
            buffer.reserve(whole + 8);
            // SAFETY: as above.
            length = unsafe { copy(env, value, &mut buffer)? };
        }
        // SAFETY: `copy` has written `length` bytes at the start of the buffer, which holds more than that.
        unsafe { buffer.set_len(length) };
        Ok(Self(buffer))
    }
}

/// Copies as much of a string as fits into the buffer's capacity; gives how many bytes that was.
///
/// # Safety
/// `env` and `value` must belong to the present call.
unsafe fn copy(env: sys::napi_env, value: sys::napi_value, buffer: &mut Vec<u8>) -> napi::Result<usize> {
    let mut length = 0;
    // SAFETY: Node-API writes at most `capacity` bytes, the closing zero included, into memory that the buffer owns.
    let status = unsafe {
        sys::napi_get_value_string_utf8(env, value, buffer.as_mut_ptr().cast(), buffer.capacity(), &raw mut length)
    };
    checked(status)?;
    Ok(length)
}

/// # Safety
/// `env` and `value` must belong to the present call.
unsafe fn byte_length(env: sys::napi_env, value: sys::napi_value) -> napi::Result<usize> {
    let mut length = 0;
    // SAFETY: without a buffer Node-API only counts.
    let status = unsafe { sys::napi_get_value_string_utf8(env, value, std::ptr::null_mut(), 0, &raw mut length) };
    checked(status)?;
    Ok(length)
}

/// Reads a string into `units`; lone surrogates stay what they are.
///
/// V8 keeps most texts with one byte for each letter; widening those is a loop that the compiler makes vectors of, which takes
/// a quarter of the time that UTF-8 takes.
///
/// # Safety
/// `env` and `value` must belong to the present call.
pub(super) unsafe fn read_units(env: sys::napi_env, value: sys::napi_value, units: &mut Vec<u16>) -> napi::Result<()> {
    units.clear();
    units.reserve(USUAL);
    // SAFETY: `env` and `value` belong to the present call.
    let mut length = unsafe { copy_units(env, value, units)? };
    if length + 1 >= units.capacity() {
        // The buffer was filled to its last unit, so there may be more: ask for the whole length and copy again.
        let mut whole = 0;
        // SAFETY: without a buffer Node-API only counts.
        checked(unsafe { sys::napi_get_value_string_utf16(env, value, std::ptr::null_mut(), 0, &raw mut whole) })?;
        units.reserve(whole + 1);
        // SAFETY: as above.
        length = unsafe { copy_units(env, value, units)? };
    }
    // SAFETY: `copy_units` has written `length` units at the start of the buffer, which holds more than that.
    unsafe { units.set_len(length) };
    Ok(())
}

/// Copies as much of a string as fits into the buffer's capacity; gives how many units that was.
///
/// # Safety
/// `env` and `value` must belong to the present call.
unsafe fn copy_units(env: sys::napi_env, value: sys::napi_value, units: &mut Vec<u16>) -> napi::Result<usize> {
    let (room, mut length) = (units.capacity(), 0);
    // SAFETY: Node-API writes at most `room` units, the closing zero included, into memory that the buffer owns.
    checked(unsafe { sys::napi_get_value_string_utf16(env, value, units.as_mut_ptr(), room, &raw mut length) })?;
    Ok(length)
}

fn checked(status: sys::napi_status) -> napi::Result<()> {
    if status == sys::Status::napi_ok {
        return Ok(());
    }
    Err(Error::new(Status::from(status), "OBS_INVALID_ARGUMENT: expected a string".to_owned()))
}
