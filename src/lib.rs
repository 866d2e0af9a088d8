//! Storage and aggregation for agent telemetry.

pub mod error;
pub mod event;
pub mod json;
pub mod redact;
pub mod store;
pub mod aggregate;
pub mod column;
pub mod report;
pub mod index;
pub mod monitor;
