//! What comes out: an event that becomes a record.

use super::line::Text;
use crate::json;

/// The kinds of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A skill was invoked; its duration is that of its episode.
    Skill,
    /// A subagent ran.
    Subagent,
    /// A CUJ was run through Bash.
    Cuj,
    /// A response of a model, or a request that failed.
    ProviderCall,
}

/// Tokens of responses, and what they cost at list prices.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// Input, output, written to the cache, read from it.
    pub tokens: [u64; 4],
    /// How many of those that were written are kept for an hour.
    pub hour: u64,
    /// `None` when the price of one of them is not known.
    pub nanodollars: Option<u64>,
}

impl Spent {
    /// Adds what another one spent.
    pub fn add(&mut self, other: &Self) {
        self.tokens.iter_mut().zip(other.tokens).for_each(|(sum, tokens)| *sum = sum.saturating_add(tokens));
        self.hour = self.hour.saturating_add(other.hour);
        self.nanodollars = self.nanodollars.zip(other.nanodollars).and_then(|(sum, cost)| sum.checked_add(cost));
    }
}

/// An event, ready to be recorded.
#[derive(Debug, Clone)]
pub struct Event {
    /// What it is.
    pub kind: Kind,
    /// By what it is known wherever it is copied to.
    pub id: Text,
    /// When it began, epoch ms.
    pub at: i64,
    /// The skill, the subagent's type behind `agent:`, the CUJ or the provider.
    pub name: Text,
    /// `success`, `failure`, or `unknown` where the transcript does not tell.
    pub result: &'static str,
    /// Milliseconds; `None` when the transcript does not tell.
    pub duration_ms: Option<i64>,
    /// Who did it.
    pub agent: Text,
    /// The session.
    pub run_id: Text,
    /// What went wrong, not redacted yet.
    pub error: Option<Text>,
    /// Of a response: its model, and its tokens.
    pub spent: Option<(Text, Spent)>,
    /// Whether there was an episode.
    pub episode: bool,
    /// A JSON object.
    pub metadata: Vec<u8>,
}

impl Event {
    /// The JSON object of the fields of its record, with the error as it may be shown.
    #[must_use]
    pub fn fields(&self, error: Option<&[u8]>) -> Vec<u8> {
        let mut out = Vec::with_capacity(256 + self.metadata.len());
        let duration = self.duration_ms.map_or_else(|| "null".to_owned(), |duration| duration.to_string());
        let success = if self.result == "success" { "true" } else { "false" };
        match self.kind {
            Kind::Skill | Kind::Subagent => {
                member(&mut out, b"{\"skill\":", &self.name);
                let fixed = format!(
                    ",\"params\":{{}},\"result\":\"{}\",\"duration_ms\":{duration},\"cache_hit\":false",
                    self.result
                );
                out.extend_from_slice(fixed.as_bytes());
                member(&mut out, b",\"agent\":", &self.agent);
                member(&mut out, b",\"run_id\":", &self.run_id);
                out.extend_from_slice(b",\"cuj_id\":null");
            }
            Kind::Cuj => {
                member(&mut out, b"{\"cuj_id\":", &self.name);
                out.extend_from_slice(format!(",\"success\":{success},\"duration_ms\":{duration}").as_bytes());
            }
            Kind::ProviderCall => {
                member(&mut out, b"{\"provider\":", &self.name);
                out.extend_from_slice(format!(",\"success\":{success},\"latency_ms\":{duration}").as_bytes());
            }
        }
        out.extend_from_slice(b",\"error\":");
        match error {
            Some(error) => json::append_quoted(&mut out, error),
            None => out.extend_from_slice(b"null"),
        }
        out.extend_from_slice(b",\"metadata\":");
        out.extend_from_slice(&self.metadata);
        out.push(b'}');
        out
    }

    /// When it was over, epoch ms.
    #[must_use]
    pub fn end(&self) -> i64 {
        self.at.saturating_add(self.duration_ms.unwrap_or(0))
    }
}

/// A member whose value is a text, `null` where that is empty.
fn member(out: &mut Vec<u8>, key: &[u8], value: &[u8]) {
    out.extend_from_slice(key);
    if value.is_empty() { out.extend_from_slice(b"null") } else { json::append_quoted(out, value) }
}
