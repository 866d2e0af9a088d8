//! The only room that knows Node-API: converts arguments, calls the monitor, converts results.
//!
//! Every function catches unwinds, so that a fault in here reaches JavaScript as an error and never takes its host down.

#![expect(clippy::needless_pass_by_value, reason = "Node-API hands arguments over by value")]

mod exit;
mod export;
mod follower;
mod importer;
mod monitor;
mod objectives;
mod questions;
mod record;
mod redactor;
mod tables;
mod text;
mod unwinding;

use napi::{Error, Status};
use serde::Serialize;

/// An error of this crate as `CODE: sentence`, which the face turns into an error of the caller's realm.
fn failed(error: &crate::error::Error) -> Error {
    Error::new(Status::GenericFailure, format!("{}: {error}", error.code()))
}

/// A result as JSON text.
fn to_json<T: Serialize>(result: crate::error::Result<T>) -> napi::Result<String> {
    let report = result.map_err(|error| failed(&error))?;
    serde_json::to_string(&report).map_err(|error| Error::new(Status::GenericFailure, format!("OBS_INTERNAL: {error}")))
}
