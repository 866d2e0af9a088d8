//! Flushes what is pending when the process or the environment ends.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Weak};

use napi::bindgen_prelude::{FnArgs, Function, JsObjectValue, Object};
use napi::{Env, sys};

use crate::monitor::Monitor;

/// `process.on`, for a listener without arguments.
type On<'a> = Function<'a, FnArgs<(&'static str, Function<'a, (), ()>)>, ()>;

thread_local! {
    /// The monitors of this thread's environment; `None` before the first one.
    static OPEN: RefCell<Option<Vec<Weak<Monitor>>>> = const { RefCell::new(None) };
}

/// Remembers a monitor, and with the first one registers the hooks.
///
/// The `exit` listener is put on the process object of the addon's own global: the one inside a Jest sandbox never hears
/// `exit`. A worker that is terminated hears none either, but its environment runs cleanup hooks.
pub(super) fn watch(env: Env, monitor: &Arc<Monitor>) -> napi::Result<()> {
    let first = OPEN.with_borrow_mut(|open| {
        let first = open.is_none();
        let open = open.get_or_insert_default();
        open.retain(|monitor| monitor.strong_count() > 0);
        open.push(Arc::downgrade(monitor));
        first
    });
    if first {
        env.add_env_cleanup_hook((), |()| finish_all())?;
        let process: Object = env.get_global()?.get_named_property("process")?;
        let on: On<'_> = process.get_named_property("on")?;
        let listener = env.create_function::<(), ()>("flush", exiting)?;
        on.apply(process, ("exit", listener).into())?;
    }
    Ok(())
}

/// # Safety
/// For Node-API to call as the listener.
unsafe extern "C" fn exiting(_env: sys::napi_env, _info: sys::napi_callback_info) -> sys::napi_value {
    finish_all();
    std::ptr::null_mut()
}

fn finish_all() {
    // Nothing may unwind into Node, nor may a fault in one monitor keep the others from flushing: the process is ending. Where
    // the thread's own memory is gone already, so are its monitors.
    let open =
        catch_unwind(|| OPEN.with_borrow(|open| open.iter().flatten().filter_map(Weak::upgrade).collect::<Vec<_>>()));
    for monitor in open.unwrap_or_default() {
        let _ = catch_unwind(AssertUnwindSafe(|| monitor.finish()));
    }
}
