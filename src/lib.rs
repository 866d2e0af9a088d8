//! Storage and aggregation for agent telemetry.

pub mod json;
pub mod redact;
