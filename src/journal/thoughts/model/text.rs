//! The texts of thoughts and comments.

/// The most characters of a thought: some six pages.
pub const MAX_CHARS: usize = 16_000;

/// The most characters of a comment.
pub const MAX_COMMENT_CHARS: usize = 500;

/// What somebody thinks, in Markdown, as they wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThoughtText(String);

impl ThoughtText {
    /// Checks a text, or says what is wrong with it.
    ///
    /// # Errors
    /// It is empty, too long, or has control characters.
    pub fn parse(text: &str) -> Result<Self, String> {
        checked(text, MAX_CHARS, |char| matches!(char, '\n' | '\r' | '\t'))?;
        Ok(Self(text.to_owned()))
    }

    /// A text that was checked before.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A comment: plain text, without white space around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentText(String);

impl CommentText {
    /// Checks a text, or says what is wrong with it.
    ///
    /// # Errors
    /// It is empty, too long, or has control characters.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        checked(text, MAX_COMMENT_CHARS, |char| char == '\n')?;
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn checked(text: &str, most: usize, is_layout: impl Fn(char) -> bool) -> Result<(), String> {
    let chars = text.chars().count();
    if text.chars().all(char::is_whitespace) {
        return Err("has nothing but white space".to_owned());
    }
    if chars > most {
        return Err(format!("has {chars} characters; at most {most}"));
    }
    if text.chars().any(|char| char.is_control() && !is_layout(char)) {
        return Err("has a control character".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thought_is_kept_as_it_was_written() {
        let text = "  # Head\r\n\n\tcode  \n";
        assert_eq!(ThoughtText::parse(text).unwrap().as_str(), text);
        assert_eq!(CommentText::parse(" good\n").unwrap().as_str(), "good");
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert!(ThoughtText::parse(&"é".repeat(MAX_CHARS)).is_ok());
        assert!(
            ThoughtText::parse(&"é".repeat(MAX_CHARS + 1)).unwrap_err().contains("16001 characters; at most 16000")
        );
        assert!(CommentText::parse(&"é".repeat(MAX_COMMENT_CHARS)).is_ok());
        assert!(CommentText::parse(&"é".repeat(MAX_COMMENT_CHARS + 1)).unwrap_err().contains("501"));
    }

    #[test]
    fn nothing_and_control_characters_are_refused() {
        for text in ["", " \n\t", "a\u{7}b", "a\u{1b}[31m", "a\u{9f}"] {
            assert!(ThoughtText::parse(text).is_err(), "{text:?}");
        }
        for text in ["", "\n", "a\tb", "a\rb", "a\u{0}"] {
            assert!(CommentText::parse(text).is_err(), "{text:?}");
        }
    }
}
