//! The texts of challenges: what a host says, the name of an area, and an address.

use crate::platform::secret::Secret;

/// The most characters of what a host says.
pub const MAX_TEXT: usize = 1_000;

/// The most characters of the name of an area.
pub const MAX_AREA: usize = 60;

/// The most characters of an address.
pub const MAX_ADDRESS: usize = 300;

fn checked(text: &str, most: usize) -> Result<&str, String> {
    let text = text.trim();
    let chars = text.chars().count();
    if chars == 0 {
        return Err("has nothing but white space".to_owned());
    }
    if chars > most {
        return Err(format!("has {chars} characters; at most {most}"));
    }
    Ok(text)
}

/// What a host says: plain text, which may have lines.
///
/// # Errors
/// What is wrong with it.
pub fn text(text: &str) -> Result<String, String> {
    let text = checked(text, MAX_TEXT)?;
    if text.chars().any(|char| char.is_control() && char != '\n') {
        return Err("has a control character".to_owned());
    }
    Ok(text.to_owned())
}

/// The name of an area, which stands in emails: so it can't hold anything that programs make a link of.
///
/// # Errors
/// What is wrong with it.
pub fn area(text: &str) -> Result<String, String> {
    let text = checked(text, MAX_AREA)?;
    let is_plain =
        |char: char| char.is_alphanumeric() || matches!(char, ' ' | '-' | '\'' | '’' | ',' | '(' | ')' | '.');
    let mut pairs = text.chars().zip(text.chars().skip(1));
    if !text.chars().all(is_plain) || pairs.any(|(one, next)| one == '.' && next != ' ') {
        return Err("must be letters, digits, spaces and - ' , ( ), and dots that a space follows".to_owned());
    }
    Ok(text.to_owned())
}

/// An address. It is a secret: no log has it, and what is wrong with it is said without it.
///
/// # Errors
/// What is wrong with it.
pub fn address(text: &str) -> Result<Secret, String> {
    let text = checked(text, MAX_ADDRESS)?;
    if text.chars().any(|char| char.is_control() && char != '\n') {
        return Err("has a control character".to_owned());
    }
    Ok(Secret::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_a_name_that_no_program_makes_a_link_of() {
        for name in ["Iași, Copou", "St. Gallen", "Târgu Mureș (centru)", "L'Aquila"] {
            assert_eq!(area(&format!(" {name} ")).unwrap(), name);
        }
        for bad in ["", " ", "evil.example", "http://evil", "a@b", "a\nb", "a/b", &"x".repeat(61)] {
            assert!(area(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn texts_have_their_bounds_and_no_control_characters() {
        assert_eq!(text(" Bring cables.\nAnd tea. ").unwrap(), "Bring cables.\nAnd tea.");
        assert!(text(&"é".repeat(MAX_TEXT)).is_ok());
        assert!(text(&"é".repeat(MAX_TEXT + 1)).unwrap_err().contains("1001 characters; at most 1000"));
        assert!(address(&"é".repeat(MAX_ADDRESS + 1)).unwrap_err().contains("301 characters; at most 300"));
        assert!(text("a\u{7}").is_err() && address("a\u{1b}").is_err());
        assert!(!format!("{:?}", address("Strada Lungă 1").unwrap()).contains("Lung"), "no log has it");
    }
}
