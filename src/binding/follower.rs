//! The handle that follows a stream of records.

use napi_derive::napi;

use crate::monitor::Follower;

/// Follows a stream from its end at the time of the call.
#[napi]
pub struct NativeFollower {
    follower: Option<Follower>,
}

impl NativeFollower {
    pub(super) const fn new(follower: Follower) -> Self {
        Self { follower: Some(follower) }
    }
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
