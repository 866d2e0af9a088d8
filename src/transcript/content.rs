//! What the message of a line says: which tools were called, what came of them, which tokens were used.

use super::line::Text;
use super::message::{Block, Message, ResultValues};
use super::metadata::Tokens;
use super::words::{Says, says};
use crate::json::{self, Elements, Members};

/// An answer of the model, or a part of one.
#[derive(Debug, Default)]
pub(super) struct Response {
    /// The message, and the request that it answers where that is known: several lines with it are one response.
    pub id: Option<Text>,
    pub model: Option<Text>,
    pub usage: Tokens,
    pub tools: Vec<ToolUse>,
    /// What is said instead of an answer when the last attempt failed.
    pub failed: Option<Text>,
    pub skill: Option<Text>,
    pub plugin: Option<Text>,
    pub agent: Option<Text>,
}

#[derive(Debug)]
pub(super) struct ToolUse {
    pub id: Text,
    pub tool: Tool,
}

#[derive(Debug)]
pub(super) enum Tool {
    Skill(Text),
    Agent(Text),
    /// The command is looked at for CUJs and kept no longer.
    Bash(Text),
    Other,
}

/// What came in a line of the user's.
#[derive(Debug, Default)]
pub(super) struct User {
    pub says: Says,
    pub results: Vec<ToolResult>,
    /// Of the subagent that a call started.
    pub agent_id: Option<Text>,
    /// The call goes on in the background.
    pub background: bool,
    pub denied: bool,
    /// The skill's own name, as the tool gave it back.
    pub skill: Option<Text>,
}

#[derive(Debug)]
pub(super) struct ToolResult {
    pub id: Text,
    /// What it says when it failed.
    pub error: Option<Text>,
}

/// How the result of a call begins that somebody did not allow, where older versions say it in no other way.
const DENIED: &[u8] = b"The user doesn't want to ";

/// A string's text, unless it is empty.
pub(super) fn text(value: Option<&[u8]>) -> Option<Text> {
    let value = value.filter(|value| value.len() > 2 && value[0] == b'"')?;
    Some(json::decode(value).into())
}

/// The values of keys of an object, the last one where a key stands twice.
pub(super) fn members<'a, const N: usize>(object: &'a [u8], keys: [&str; N]) -> [Option<&'a [u8]>; N] {
    let mut found = [None; N];
    for (key, value) in Members::new(object) {
        let name = json::key_name(key);
        if let Some(place) = keys.iter().position(|key| key.as_bytes() == &*name) {
            found[place] = Some(value);
        }
    }
    found
}

/// An error's own words, or that it has none.
pub(super) fn error_text(value: Option<&[u8]>) -> Text {
    first_text(value).unwrap_or_else(|| Box::from(*b"Unknown error"))
}

/// The text of a content: itself, or that of its first block that has some.
fn first_text(content: Option<&[u8]>) -> Option<Text> {
    match content?.first()? {
        b'[' => Elements::new(content?).find_map(|block| text(members(block, ["text"])[0])),
        _ => text(content),
    }
}

impl Response {
    /// `None` when the message is no object.
    pub fn of(message: &Message<'_>, request: Option<&[u8]>, failed: bool) -> Option<Self> {
        if !message.is_there {
            return None;
        }
        let id = text(message.id).map(|id| match request {
            Some(request) => [&*id, b":", request].concat().into(),
            None => id,
        });
        let mut response = Self { id, model: text(message.model), ..Self::default() };
        if let Some(usage) = message.usage {
            response.usage = tokens(usage);
        }
        if failed {
            response.failed = Some(error_text(message.content));
        }
        response.tools = message.blocks.iter().filter_map(ToolUse::of).collect();
        Some(response)
    }
}

fn tokens(usage: &[u8]) -> Tokens {
    let keys = ["input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"];
    let counts = members(usage, keys).map(count);
    let [creation, speed, tier, place] = members(usage, ["cache_creation", "speed", "service_tier", "inference_geo"]);
    let hour = creation.and_then(|creation| members(creation, ["ephemeral_1h_input_tokens"])[0]);
    let usual = |value: Option<&[u8]>| value.is_none_or(|value| matches!(value, b"\"standard\"" | b"null"));
    let special = !usual(speed) || !usual(tier) || place == Some(b"\"us\"");
    Tokens { counts, hour: count(hour).min(counts[2]), special }
}

/// A count of tokens; what is none counts as 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0 and 2^53")]
fn count(value: Option<&[u8]>) -> u64 {
    let number = value.and_then(json::number).unwrap_or(0.0);
    if (0.0..9_007_199_254_740_992.0).contains(&number) { number as u64 } else { 0 }
}

impl ToolUse {
    fn of(&Block { kind, id, name, input, .. }: &Block<'_>) -> Option<Self> {
        if kind != Some(b"\"tool_use\"") {
            return None;
        }
        let asked = |key| text(input.and_then(|input| members(input, [key])[0]));
        let tool = match &*text(name).unwrap_or_default() {
            b"Skill" => {
                let name = asked("skill").or_else(|| asked("command")).unwrap_or_else(|| Box::from(*b"unknown"));
                Tool::Skill(name.strip_prefix(b"/").map_or(name.clone(), Box::from))
            }
            b"Agent" | b"Task" => Tool::Agent(asked("subagent_type").unwrap_or_else(|| Box::from(*b"general-purpose"))),
            b"Bash" => asked("command").map_or(Tool::Other, Tool::Bash),
            _ => Tool::Other,
        };
        Some(Self { id: text(id)?, tool })
    }
}

impl User {
    /// `None` when the message is no object. What Claude Code added itself comes with the session's folder.
    pub fn of(message: &Message<'_>, added: Option<&[u8]>, result: Option<ResultValues<'_>>) -> Option<Self> {
        if !message.is_there {
            return None;
        }
        let mut user = Self::default();
        let refused = user.read_result(result);
        let mut words = text(message.content);
        for block in &message.blocks {
            words = words.or_else(|| text(block.text));
            if block.kind == Some(b"\"tool_result\"") {
                let error = tool_error(block.is_error == Some(b"true") || refused, block.content);
                user.results.extend(text(block.tool_use_id).map(|id| ToolResult { id, error }));
            }
        }
        user.denied |=
            user.results.iter().any(|result| result.error.as_ref().is_some_and(|error| error.starts_with(DENIED)));
        user.says = match words {
            Some(words) => says(&words, added, user.results.is_empty()),
            None if user.results.is_empty() && added.is_none() && message.content.is_some() => Says::Prompt,
            None => Says::Nothing,
        };
        Some(user)
    }

    /// Takes in what the tool gave back beside its text; tells whether it says that the call was refused.
    fn read_result(&mut self, result: Option<ResultValues<'_>>) -> bool {
        let Some([agent, status, background, skill, task, denial, success]) = result else { return false };
        let is_set = |value: Option<&[u8]>| value.is_some_and(|value| !json::is_falsy(value));
        self.agent_id = text(agent);
        self.skill = text(skill);
        self.background = is_set(background) || is_set(task) || status == Some(b"\"async_launched\"");
        self.denied |= is_set(denial);
        success == Some(b"false")
    }
}

/// What a result says of its failure; most results are long and say nothing of one.
fn tool_error(failed: bool, content: Option<&[u8]>) -> Option<Text> {
    if failed {
        return Some(error_text(content));
    }
    let begins = content?.starts_with(b"\"Exit code ") || content?.first() == Some(&b'[');
    if begins { first_text(content).filter(|words| is_exit_code(words)) } else { None }
}

/// `Exit code N` on the first line, N not 0.
fn is_exit_code(words: &[u8]) -> bool {
    let code = words.strip_prefix(b"Exit code ").and_then(|rest| rest.split(|byte| *byte == b'\n').next());
    code.is_some_and(|code| code.iter().all(u8::is_ascii_digit) && code.iter().any(|digit| *digit != b'0'))
}
