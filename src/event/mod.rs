//! What a line means: the four kinds of record, how each is written from a call and read back from a file.

mod apart;
mod cuj_execution;
mod draft;
mod error_text;
mod packed;
mod progress;
mod provider_call;
mod resources;
mod skill_invocation;
pub mod time;
mod values;

pub use apart::{Apart, take_apart};
pub use cuj_execution::{CujExecution, CujResources, UNKNOWN_ERROR, error_name};
pub use draft::{Draft, Drafter};
pub use error_text::{ErrorKind, grouping_text};
pub use packed::{Fields, Keys, Known, Packed, unpack};
pub use progress::{ProgressEvent, ProgressStep};
pub use provider_call::ProviderCall;
pub use resources::Resources;
pub use skill_invocation::{SkillError, SkillInvocation};
pub use values::{Reader, Values};

/// A kind of record that can be read back from a line of its file.
pub trait Record<'a>: Sized {
    /// The keys whose values it is made of, at most nine.
    const KEYS: &'static [&'static str];

    /// Whether it is made of what the metadata say of resources, too.
    const RESOURCES: bool = false;

    /// Makes it of the values of its keys; `None` when it lacks the stream's id.
    fn of(values: &Values<'a>) -> Option<Self>;

    /// Reads one line; `None` when it does not count: it is no JSON object or lacks the stream's id.
    #[must_use]
    fn read(line: &'a [u8]) -> Option<Self> {
        Self::of(&Values::read(line, Self::KEYS, Self::RESOURCES)?)
    }
}

/// Whether a value is truthy in JavaScript; an absent one is not.
fn truthy(value: Option<&[u8]>) -> bool {
    value.is_some_and(|value| !crate::json::is_falsy(value))
}

/// The finite number that a value is; NaN stands for anything else, which sums and percentiles leave out.
fn finite(value: Option<&[u8]>) -> f64 {
    value.and_then(crate::json::number).filter(|number| number.is_finite()).unwrap_or(f64::NAN)
}
