//! Fields that requests of authors have in common.

use crate::{
    platform::codec::fields::Fields,
    traces::trace::{COORDINATE_LIMIT, Detail, Sentence, rotation_of},
};

/// A text of at most `max_bytes` without control characters.
pub fn name(text: &str, max_bytes: usize) -> Result<String, String> {
    if text.len() > max_bytes {
        return Err(format!("is {} bytes long; at most {max_bytes}", text.len()));
    }
    if text.chars().any(char::is_control) {
        return Err("has a control character".to_owned());
    }
    Ok(text.to_owned())
}

fn message_text(text: &str) -> Result<String, String> {
    if text.len() > Detail::TEXT_BYTES {
        return Err(format!("is {} bytes long; at most {}", text.len(), Detail::TEXT_BYTES));
    }
    Ok(text.to_owned())
}

/// Data that only the game reads.
pub fn data(text: &str) -> Result<String, String> {
    if text.len() > Detail::DATA_BYTES {
        return Err(format!("is {} bytes long; at most {}", text.len(), Detail::DATA_BYTES));
    }
    Ok(text.to_owned())
}

/// The texts of a message.
#[expect(clippy::option_option, reason = "as in Fields: invalid, absent, present")]
pub fn texts(fields: &mut Fields) -> Option<Option<Vec<String>>> {
    let text = fields.optional_texts("text", message_text)?;
    if text.as_ref().is_some_and(|text| text.len() > Detail::TEXTS) {
        fields.wrong("text", format!("has more than {} texts", Detail::TEXTS));
        return None;
    }
    Some(text)
}

/// A number of the game's own, from 1; 0 counts as absent.
pub fn number(fields: &mut Fields, name: &str) -> Option<i32> {
    let number = fields.positive_integer(name, i64::from(i32::MAX)).flatten()?;
    i32::try_from(number).ok()
}

/// The sentence of a message.
pub fn sentence(fields: &mut Fields) -> Sentence {
    let mut number = |name| number(fields, name);
    Sentence {
        template: number("template"),
        word: number("word"),
        conjunction: number("conjunction"),
        template2: number("template2"),
        word2: number("word2"),
        gesture: number("gesture"),
    }
}

/// The rotation of a trace.
#[expect(clippy::option_option, reason = "as in Fields: invalid, absent, present")]
pub fn rotation(fields: &mut Fields) -> Option<Option<[f64; 4]>> {
    Some(fields.optional_numbers::<4>("rot", COORDINATE_LIMIT)?.map(rotation_of))
}
