//! What stands in a line's message and in what a tool gave back beside it, taken apart on the one walk over the line.

use crate::json::{Cursor, Fault};

/// A message.
#[derive(Debug, Default)]
pub(super) struct Message<'a> {
    /// Whether it is an object.
    pub is_there: bool,
    pub id: Option<&'a [u8]>,
    pub model: Option<&'a [u8]>,
    pub usage: Option<&'a [u8]>,
    pub content: Option<&'a [u8]>,
    pub blocks: Vec<Block<'a>>,
}

/// A block of a message's content.
#[derive(Debug, Default)]
pub(super) struct Block<'a> {
    pub kind: Option<&'a [u8]>,
    pub id: Option<&'a [u8]>,
    pub name: Option<&'a [u8]>,
    pub input: Option<&'a [u8]>,
    pub text: Option<&'a [u8]>,
    pub tool_use_id: Option<&'a [u8]>,
    pub is_error: Option<&'a [u8]>,
    pub content: Option<&'a [u8]>,
}

/// Of what a tool gave back beside its text.
pub(super) const RESULT_KEYS: [&str; 7] =
    ["agentId", "status", "background", "commandName", "backgroundTaskId", "toolDenialKind", "success"];

/// Their values.
pub(super) type ResultValues<'a> = [Option<&'a [u8]>; RESULT_KEYS.len()];

impl<'a> Message<'a> {
    /// Walks over a message.
    pub fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let mut message = Self { is_there: cursor.first() == Some(b'{'), ..Self::default() };
        if !message.is_there {
            return cursor.skip().map(|_| message);
        }
        cursor.members(|cursor, key| {
            match &*key {
                b"content" => return message.read_content(cursor),
                b"id" => message.id = Some(cursor.skip()?),
                b"model" => message.model = Some(cursor.skip()?),
                b"usage" => message.usage = Some(cursor.skip()?),
                _ => _ = cursor.skip()?,
            }
            Ok(())
        })?;
        Ok(message)
    }

    fn read_content(&mut self, cursor: &mut Cursor<'a>) -> Result<(), Fault> {
        self.blocks.clear();
        self.content = Some(if cursor.first() == Some(b'[') {
            cursor.within(|cursor| {
                cursor.elements(|cursor| {
                    self.blocks.push(Block::read(cursor)?);
                    Ok(())
                })
            })?
        } else {
            cursor.skip()?
        });
        Ok(())
    }
}

impl<'a> Block<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let keys = ["type", "id", "name", "input", "text", "tool_use_id", "is_error", "content"];
        let [kind, id, name, input, text, tool_use_id, is_error, content] = cursor.pick(keys)?;
        Ok(Self { kind, id, name, input, text, tool_use_id, is_error, content })
    }
}
