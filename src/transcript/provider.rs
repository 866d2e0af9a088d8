//! Whose model it is.

/// How the names of models begin, and who makes them.
const MAKERS: [(&[u8], &str); 8] = [
    (b"claude", "anthropic"),
    (b"gpt", "openai"),
    (b"o1", "openai"),
    (b"o3", "openai"),
    (b"o4", "openai"),
    (b"gemini", "google"),
    (b"glm", "zai"),
    (b"deepseek", "deepseek"),
];

/// The provider of a model; behind a gateway the name may stand behind a prefix, as in `us.anthropic.claude-…`. What is not
/// known is Claude Code's own provider.
pub(super) fn provider(model: Option<&[u8]>) -> &'static str {
    let begins = |part: &[u8]| MAKERS.iter().find(|(name, _)| part.starts_with(name)).map(|&(_, maker)| maker);
    model.and_then(|model| model.split(|byte| matches!(byte, b'.' | b'/')).find_map(begins)).unwrap_or("anthropic")
}

#[cfg(test)]
mod tests {
    use super::provider;

    #[test]
    fn providers_of_models() {
        for (model, wanted) in [
            ("claude-opus-4-8", "anthropic"),
            ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic"),
            ("openai/gpt-5", "openai"),
            ("gemini-3-pro", "google"),
            ("<synthetic>", "anthropic"),
        ] {
            assert_eq!(provider(Some(model.as_bytes())), wanted, "{model}");
        }
        assert_eq!(provider(None), "anthropic");
    }
}
