//! Writes the metadata of a record, member by member.

use super::event::Spent;
use super::line::{Context, Text};
use super::prices::PRICES;
use crate::json;

/// The tokens of a response.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Tokens {
    /// Input, output, written to the cache, read from it.
    pub counts: [u64; 4],
    /// How many of those that were written are kept for an hour.
    pub hour: u64,
    /// It was answered faster, later or elsewhere than usual, which has prices of its own.
    pub special: bool,
}

/// The members of a JSON object; what is absent is left out.
#[derive(Debug)]
pub(super) struct Metadata(Vec<u8>);

impl Metadata {
    /// Begins with where the record comes from and by what it is known.
    pub fn new(id: &[u8]) -> Self {
        let mut metadata = Self(b"{\"origin\":\"transcript\"".to_vec());
        metadata.text("id", Some(id));
        metadata
    }

    pub fn text(&mut self, key: &str, value: Option<&[u8]>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.key(key);
            json::append_quoted(&mut self.0, value);
        }
    }

    pub fn number(&mut self, key: &str, value: u64) {
        self.key(key);
        self.0.extend_from_slice(value.to_string().as_bytes());
    }

    /// The versions that the line tells: that of Claude Code, and the branch.
    pub fn context(&mut self, context: &Context) {
        self.text("claude_code", context.version.as_deref());
        self.text("git_branch", context.branch.as_deref());
    }

    /// Tokens by model, under `usage`, and of which day the prices are if there are some.
    pub fn usage(&mut self, usage: &[(Text, Spent)]) {
        if usage.is_empty() {
            return;
        }
        self.key("usage");
        for (at, (model, spent)) in usage.iter().enumerate() {
            self.0.push(if at == 0 { b'{' } else { b',' });
            json::append_quoted(&mut self.0, model);
            self.0.extend_from_slice(b":{");
            self.counts(spent);
            self.0.push(b'}');
        }
        self.0.push(b'}');
        self.prices(usage.iter().any(|(_, spent)| spent.nanodollars.is_some()));
    }

    /// Tokens of one response.
    pub fn tokens(&mut self, spent: &Spent) {
        self.0.push(b',');
        self.counts(spent);
        self.prices(spent.nanodollars.is_some());
    }

    fn prices(&mut self, are_known: bool) {
        self.text("prices", are_known.then_some(PRICES.as_bytes()));
    }

    fn counts(&mut self, spent: &Spent) {
        let [input, output, written, read] = spent.tokens;
        let text = format!(
            "\"input_tokens\":{input},\"output_tokens\":{output},\"cache_write_tokens\":{written},\"cache_read_tokens\":{read}"
        );
        self.0.extend_from_slice(text.as_bytes());
        if spent.hour > 0 {
            self.number("cache_write_1h_tokens", spent.hour);
        }
        if let Some(cost) = spent.nanodollars {
            self.key("cost_usd");
            self.0.extend_from_slice(dollars(cost).as_bytes());
        }
    }

    fn key(&mut self, key: &str) {
        self.0.push(b',');
        json::append_quoted(&mut self.0, key.as_bytes());
        self.0.push(b':');
    }

    pub fn finish(mut self) -> Vec<u8> {
        self.0.push(b'}');
        self.0
    }
}

/// Nanodollars as dollars, with no more digits than it takes.
fn dollars(cost: u64) -> String {
    let text = format!("{}.{:09}", cost / 1_000_000_000, cost % 1_000_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::dollars;

    #[test]
    fn dollars_are_exact() {
        let wanted =
            [(0, "0"), (1, "0.000000001"), (10_500_000, "0.0105"), (1_000_000_000, "1"), (12_340_000_000, "12.34")];
        for (cost, text) in wanted {
            assert_eq!(dollars(cost), text);
        }
    }
}
