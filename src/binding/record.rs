//! The quick ways to record: plain functions over values that JavaScript has packed into memory both sides see.
//!
//! They are made with Node-API itself: for a call this cheap the checks of a class's method (unwrapping `this`, the book of
//! borrows, owned arguments) would take as long as the record.

use std::cell::RefCell;
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::ptr;
use std::rc::Rc;
use std::sync::Arc;

use napi::bindgen_prelude::{FromNapiValue, JsObjectValue, Object, Uint8Array, Unknown};
use napi::{Env, Error, JsError, Status, check_status, sys};
use napi_derive::napi;

use super::failed;
use super::text::read_units;
use crate::error;
use crate::monitor::{Kind, Known, Monitor, Packed, Recorded};

/// The bits of a record call's result.
const FAULTS: u32 = 1;
const CHANGED: u32 = 2;
const PENDING: u32 = 4;

/// What became of a record, as bits.
pub(super) fn bits(recorded: error::Result<Recorded>) -> napi::Result<u32> {
    let recorded = recorded.map_err(|error| failed(&error))?;
    let bit = |set: bool, bit: u32| if set { bit } else { 0 };
    Ok(bit(recorded.faults, FAULTS) | bit(recorded.changed, CHANGED) | bit(recorded.pending, PENDING))
}

/// A buffer of texts that has grown beyond so many units is not kept.
const KEEP: usize = 512 * 1024;

const FUNCTIONS: [(&str, Kind); 4] = [
    ("recordSkill", Kind::Skill),
    ("recordExecution", Kind::Execution),
    ("recordProgress", Kind::Progress),
    ("recordProviderCall", Kind::ProviderCall),
];

struct Page {
    memory: Uint8Array,
    known: RefCell<Known>,
    texts: RefCell<Vec<u16>>,
}

/// The memory into which JavaScript packs values (see `lib/page.js`), and the texts that both sides know.
#[napi]
pub struct NativePage(Rc<Page>);

#[napi]
impl NativePage {
    /// The addon's end of `memory`.
    #[napi(constructor, catch_unwind)]
    pub fn new(memory: Uint8Array) -> Self {
        Self(Rc::new(Page { memory, known: RefCell::default(), texts: RefCell::default() }))
    }

    /// Makes a text, given as a JSON string, known; gives the number that stands for it from now on.
    #[napi(catch_unwind)]
    pub fn define(&self, quoted: String) -> u32 {
        let mut known = self.0.known.borrow_mut();
        known.push(quoted.into_bytes().into());
        u32::try_from(known.len() - 1).unwrap_or(u32::MAX)
    }
}

/// What a function knows beside its arguments.
struct Recorder {
    monitor: Arc<Monitor>,
    page: Rc<Page>,
    kind: Kind,
}

/// An object of the four functions, each `(end, texts, now, folder) => bits`: where the values end in `page`, their
/// texts, epoch ms, and for skill invocations the folder of the day files or `null`.
pub(super) fn functions<'env>(env: &'env Env, monitor: &Arc<Monitor>, page: &NativePage) -> napi::Result<Object<'env>> {
    let mut object = Object::new(env)?;
    for (name, kind) in FUNCTIONS {
        let (monitor, page) = (Arc::clone(monitor), Rc::clone(&page.0));
        let function = function(env.raw(), name, Recorder { monitor, page, kind })?;
        // SAFETY: `function` was made for this environment just now.
        object.set_named_property(name, unsafe { Unknown::from_raw_unchecked(env.raw(), function) })?;
    }
    Ok(object)
}

fn function(env: sys::napi_env, name: &str, recorder: Recorder) -> napi::Result<sys::napi_value> {
    let data: *mut c_void = Box::into_raw(Box::new(recorder)).cast();
    let mut function = ptr::null_mut();
    let length = name.len().cast_signed();
    // SAFETY: `name` has `length` bytes; `data` outlives the function, because only its finalizer frees it.
    let made =
        unsafe { sys::napi_create_function(env, name.as_ptr().cast(), length, Some(call), data, &raw mut function) };
    check_status!(made)?;
    // SAFETY: `function` is a live function of `env`, and `data` is what `free` expects.
    let bound = unsafe { sys::napi_wrap(env, function, data, Some(free), ptr::null_mut(), ptr::null_mut()) };
    check_status!(bound)?;
    Ok(function)
}

/// # Safety
/// For Node-API to call once, when the function that owns `data` is gone.
unsafe extern "C" fn free(_env: sys::napi_env, data: *mut c_void, _hint: *mut c_void) {
    // SAFETY: `data` came from `Box::into_raw` in `function`, and Node-API calls a finalizer once.
    let recorder = unsafe { Box::from_raw(data.cast::<Recorder>()) };
    // The last one closes the monitor's files. Nothing may unwind into Node.
    let _ = catch_unwind(AssertUnwindSafe(|| drop(recorder)));
}

/// # Safety
/// For Node-API to call as one of the functions made by `function`.
unsafe extern "C" fn call(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    // SAFETY: `env` and `info` are those of the present call.
    let called = catch_unwind(AssertUnwindSafe(|| unsafe { called(env, info) }));
    let unwound = |_| Err(Error::new(Status::GenericFailure, "OBS_INTERNAL: recording failed".to_owned()));
    match called.unwrap_or_else(unwound) {
        Ok(value) => value,
        Err(error) => {
            // SAFETY: `env` is that of the present call, in which nothing was thrown yet.
            unsafe { JsError::from(error).throw_into(env) };
            ptr::null_mut()
        }
    }
}

/// # Safety
/// `env` and `info` must be those of the present call of a function made by `function`.
unsafe fn called(env: sys::napi_env, info: sys::napi_callback_info) -> napi::Result<sys::napi_value> {
    let (mut count, mut arguments, mut data) = (4, [ptr::null_mut(); 4], ptr::null_mut());
    // SAFETY: there is room for `count` arguments; those that were not given become `undefined`.
    let status = unsafe {
        sys::napi_get_cb_info(env, info, &raw mut count, arguments.as_mut_ptr(), ptr::null_mut(), &raw mut data)
    };
    check_status!(status)?;
    // SAFETY: `data` is the recorder that `function` gave, alive as long as the function that is being called.
    let recorder = unsafe { &*data.cast::<Recorder>() };
    let mut texts = recorder.page.texts.borrow_mut();
    // SAFETY: the arguments are values of the present call.
    let (end, now) = unsafe { (u32::from_napi_value(env, arguments[0])?, f64::from_napi_value(env, arguments[2])?) };
    // SAFETY: as above.
    unsafe { read_units(env, arguments[1], &mut texts)? };
    // SAFETY: as above.
    let folder = unsafe { Option::<String>::from_napi_value(env, arguments[3])? };
    let bits = recorder.record(end as usize, &texts, now, folder.map(PathBuf::from).as_deref())?;
    if texts.capacity() > KEEP {
        *texts = Vec::new();
    }
    let mut value = ptr::null_mut();
    // SAFETY: `env` is that of the present call.
    check_status!(unsafe { sys::napi_create_uint32(env, bits, &raw mut value) })?;
    Ok(value)
}

impl Recorder {
    fn record(&self, end: usize, texts: &[u16], now: f64, folder: Option<&Path>) -> napi::Result<u32> {
        let values = self.page.memory.get(..end).unwrap_or_default();
        let packed = Packed { values, texts, known: &self.page.known.borrow() };
        bits(self.monitor.record_packed(self.kind, folder, packed, now))
    }
}
