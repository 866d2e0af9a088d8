//! Writes the metadata of a record, member by member.

use super::line::{Context, Text};
use crate::json;

/// Tokens: input, output, written to the cache, read from it.
pub(super) type Usage = [u64; 4];

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

    /// Tokens by model, under `usage`.
    pub fn usage(&mut self, usage: &[(Text, Usage)]) {
        if usage.is_empty() {
            return;
        }
        self.key("usage");
        for (at, (model, tokens)) in usage.iter().enumerate() {
            self.0.push(if at == 0 { b'{' } else { b',' });
            json::append_quoted(&mut self.0, model);
            self.0.extend_from_slice(b":{");
            self.counts(*tokens);
            self.0.push(b'}');
        }
        self.0.push(b'}');
    }

    /// Tokens of one response.
    pub fn tokens(&mut self, tokens: Usage) {
        self.0.push(b',');
        self.counts(tokens);
    }

    fn counts(&mut self, [input, output, written, read]: Usage) {
        let text = format!(
            "\"input_tokens\":{input},\"output_tokens\":{output},\"cache_write_tokens\":{written},\"cache_read_tokens\":{read}"
        );
        self.0.extend_from_slice(text.as_bytes());
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
