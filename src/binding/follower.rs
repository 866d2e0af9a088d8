//! The handle that follows a stream of records, and what stands on lines that JavaScript read itself.

use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

use super::monitor::NativeMonitor;
use crate::monitor::{Follower, Stream};

/// Follows a stream from its end at the time of the call.
#[napi]
pub struct NativeFollower {
    follower: Option<Follower>,
}

#[napi]
impl NativeFollower {
    /// The records since the last call, a JSON array.
    #[napi(catch_unwind)]
    pub fn read(&mut self, now: f64) -> String {
        let pieces = self.follower.as_mut().map(|follower| follower.read(now)).unwrap_or_default();
        let records: Vec<&str> = pieces.iter().map(|piece| &piece[1..piece.len() - 1]).collect();
        format!("[{}]", records.join(","))
    }

    /// Gives back the descriptor.
    #[napi(catch_unwind)]
    pub fn close(&mut self) {
        self.follower = None;
    }
}

#[napi]
impl NativeMonitor {
    /// Follows `executions`, `progress`, `providers` or `skills` from now on.
    #[napi(catch_unwind)]
    pub fn follow(&self, stream: String, now: f64) -> napi::Result<NativeFollower> {
        Ok(NativeFollower { follower: Some(self.monitor.follow(stream_of(&stream)?, now)) })
    }

    /// The records on whole lines of the file of such a stream, without secrets: a JSON array of `[offset, record]`.
    #[napi(catch_unwind)]
    pub fn records(&self, stream: String, lines: Buffer) -> napi::Result<String> {
        Ok(self.monitor.records(stream_of(&stream)?, &lines))
    }
}

fn stream_of(name: &str) -> napi::Result<Stream> {
    match name {
        "executions" => Ok(Stream::Executions),
        "providers" => Ok(Stream::Providers),
        "skills" => Ok(Stream::Skills),
        "progress" => Ok(Stream::Progress),
        _ => Err(napi::Error::from_reason(format!("there is no stream {name}"))),
    }
}
