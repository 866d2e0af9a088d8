//! What an import found in a session, and what became of it.

use std::collections::BTreeMap;

use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Serialize};

use crate::json;
use crate::transcript::{Event, Kind, Spent};

/// More unknown names than this are counted together.
const MOST_NAMES: usize = 50;

/// More models than this are counted together.
const MOST_MODELS: usize = 50;

/// An unknown name is cut at this many UTF-16 units.
const NAME_UNITS: usize = 40;

/// A model's name is cut at this many UTF-16 units.
const MODEL_UNITS: usize = 100;

/// How often names were met that are not known: a bounded number of them, the rest as `…`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Unknown(BTreeMap<String, u64>);

impl Unknown {
    /// Whether there were none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Counts a name.
    pub fn count(&mut self, name: &[u8]) {
        self.count_many(&String::from_utf8_lossy(json::truncate_utf16(name, NAME_UNITS)), 1);
    }

    /// Adds what was met elsewhere.
    pub fn add(&mut self, other: &Self) {
        other.0.iter().for_each(|(name, count)| self.count_many(name, *count));
    }

    fn count_many(&mut self, name: &str, count: u64) {
        if let Some(known) = self.0.get_mut(name) {
            *known += count;
            return;
        }
        let name = if self.0.len() < MOST_NAMES { name } else { "…" };
        *self.0.entry(name.to_owned()).or_default() += count;
    }
}

/// Responses of a model, their tokens, and what they cost at list prices.
#[derive(Debug, Default)]
pub struct ModelUsage {
    responses: u64,
    /// Input, output, written to the cache, read from it.
    tokens: [u64; 4],
    /// Of the responses whose price is known.
    nanodollars: u64,
    /// Responses whose price is not known.
    unpriced: u64,
}

impl ModelUsage {
    fn add(&mut self, spent: &Spent) {
        self.responses += 1;
        self.tokens.iter_mut().zip(spent.tokens).for_each(|(sum, tokens)| *sum = sum.saturating_add(tokens));
        match spent.nanodollars {
            Some(cost) => self.nanodollars = self.nanodollars.saturating_add(cost),
            None => self.unpriced += 1,
        }
    }

    /// Adds that of another session.
    pub fn merge(&mut self, other: &Self) {
        self.responses += other.responses;
        self.tokens.iter_mut().zip(other.tokens).for_each(|(sum, tokens)| *sum = sum.saturating_add(tokens));
        self.nanodollars = self.nanodollars.saturating_add(other.nanodollars);
        self.unpriced += other.unpriced;
    }
}

impl Serialize for ModelUsage {
    #[expect(clippy::cast_precision_loss, reason = "2^53 nanodollars are nine million dollars")]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let [input, output, written, read] = self.tokens;
        let cost = (self.unpriced < self.responses).then(|| self.nanodollars as f64 / 1e9);
        let mut map = serializer.serialize_struct("ModelUsage", 7)?;
        map.serialize_field("responses", &self.responses)?;
        map.serialize_field("input_tokens", &input)?;
        map.serialize_field("output_tokens", &output)?;
        map.serialize_field("cache_write_tokens", &written)?;
        map.serialize_field("cache_read_tokens", &read)?;
        map.serialize_field("cost_usd", &cost)?;
        map.serialize_field("unpriced", &self.unpriced)?;
        map.end()
    }
}

/// What was found in the files of a session, and what became of it.
#[derive(Debug, Default)]
pub struct ImportReport {
    /// Lines read.
    pub lines: u64,
    /// Bytes read.
    pub bytes: u64,
    /// How many lines have a type that is not known, by type.
    pub unknown_types: Unknown,
    /// How often members of lines of known types were met that are not known, as `type.member`.
    pub unknown_fields: Unknown,
    /// Skill invocations.
    pub skills: u64,
    /// Those that had an episode.
    pub episodes: u64,
    /// Runs of subagents.
    pub subagents: u64,
    /// CUJ runs.
    pub cujs: u64,
    /// Provider calls.
    pub provider_calls: u64,
    /// Recorded by this import; of a dry run, what would have been.
    pub imported: u64,
    /// Tokens of the provider calls of `imported`, by model.
    pub usage: BTreeMap<String, ModelUsage>,
    /// On record before, by an import, a hook or the workspace's own runner.
    pub already_there: u64,
    /// Lines that are no JSON objects or too long.
    pub damaged: u64,
    /// The times of the first and the last event, epoch ms.
    pub first: Option<i64>,
    /// See `first`.
    pub last: Option<i64>,
    /// When more can be said although nothing is written, epoch ms.
    pub waits_until: Option<i64>,
}

impl ImportReport {
    /// Counts an event that is not on record yet.
    pub fn add(&mut self, event: &Event) {
        self.imported += 1;
        let Some((model, spent)) = &event.spent else { return };
        let name = String::from_utf8_lossy(json::truncate_utf16(model, MODEL_UNITS)).into_owned();
        let is_full = self.usage.len() >= MOST_MODELS && !self.usage.contains_key(&name);
        self.usage.entry(if is_full { "…".to_owned() } else { name }).or_default().add(spent);
    }

    /// Counts an event.
    pub fn count(&mut self, event: &Event) {
        let count = match event.kind {
            Kind::Skill => &mut self.skills,
            Kind::Subagent => &mut self.subagents,
            Kind::Cuj => &mut self.cujs,
            Kind::ProviderCall => &mut self.provider_calls,
        };
        *count += 1;
        self.episodes += u64::from(event.episode);
        self.first = Some(self.first.map_or(event.at, |first| first.min(event.at)));
        self.last = Some(self.last.map_or(event.at, |last| last.max(event.at)));
    }
}
