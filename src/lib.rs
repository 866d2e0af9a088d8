//! Storage and aggregation for agent telemetry: skill invocations, CUJ executions, progress events and provider calls.
//!
//! Records are lines of JSON in files that any program may read, append to and rotate; these files are the only truth.
//! [`monitor::Monitor`] appends to them and answers questions about them from columns that follow the files. The
//! `binding` room, behind the feature `node`, makes it the addon of the npm package `@obs/native`.
//!
//! ```
//! use obs_native::monitor::Monitor;
//!
//! let root = tempfile::tempdir()?;
//! let monitor = Monitor::open(root.path());
//! let now = 1_767_977_312_275.0;
//! monitor.record_execution(br#"{"cuj_id":"CUJ-005","success":true,"duration_ms":1200,"error":null,"metadata":{}}"#, now)?;
//! let answer = monitor.success_rate(br#""CUJ-005""#, Some(86_400_000.0), now)?;
//! assert_eq!((answer.total, answer.rate), (1, 1.0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

// Tests may panic; nothing else may.
#![warn(clippy::unwrap_used, clippy::expect_used)]

pub mod aggregate;
#[cfg(feature = "node")]
mod binding;
pub mod claude;
pub mod column;
pub mod error;
pub mod event;
pub mod export;
pub mod index;
pub mod json;
pub mod monitor;
pub mod objective;
pub mod redact;
pub mod report;
pub mod store;
pub mod transcript;
