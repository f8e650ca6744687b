//! Bodies of requests that make and delete accounts.

use poem_openapi::{Object, types::Example};

use crate::{
    identity::{
        accounts::{Code, Deletion, Password},
        examples,
        people::model::PeopleError,
        profiles::Username,
    },
    platform::{
        codec::fields::Fields,
        mail::{EmailAddress, Language},
    },
};

/// One of the two steps of making an account: the address alone; or the code that was sent to it, with the password and the
/// username to have.
#[derive(Debug, Object)]
#[oai(example, rename = "NewUser")]
pub struct UserRequest {
    /// The first step: the address, at most 254 bytes of ASCII. A code is sent to it.
    #[oai(validator(max_length = 254))]
    email: Option<String>,
    /// With the address: the language of the email, as a tag: `ro` and `ro-RO` are Romanian, others English.
    #[oai(validator(max_length = 35))]
    language: Option<String>,
    /// The second step: the code from the email.
    code: Option<String>,
    /// The password to set, of any kind of characters. Common passwords and the email address itself are refused.
    #[oai(validator(min_length = 8, max_length = 128))]
    password: Option<String>,
    /// The name by which others address the user: letters, digits, hyphens and underscores, a letter or digit first and last.
    #[oai(validator(min_length = 3, max_length = 32))]
    username: Option<String>,
}

impl Example for UserRequest {
    fn example() -> Self {
        Self {
            email: None,
            language: None,
            code: Some("6f1d0c7be2a94d5f8b3a7c60e1f2d4a9".to_owned()),
            password: Some("correct horse battery".to_owned()),
            username: Some(examples::username()),
        }
    }
}

/// A step of making an account.
#[derive(Debug)]
pub enum UserStep {
    /// A code is asked for.
    Ask(EmailAddress, Language),
    /// The account is made.
    Create(Code, Password, Username),
}

impl UserRequest {
    /// Reads a step from a body.
    pub fn read(body: &[u8]) -> Result<UserStep, PeopleError> {
        let mut fields = Fields::read(body)?;
        if !["code", "password", "username"].iter().any(|name| fields.is_present(name)) {
            let email = fields.text("email", EmailAddress::parse);
            let language = fields.optional_text("language", Language::parse);
            fields.refuse_others();
            let step = email.zip(language).map(|(email, language)| UserStep::Ask(email, language.unwrap_or_default()));
            return fields.done(step).map_err(PeopleError::Invalid);
        }
        let code = fields.text("code", |text| Ok(Code::new(text)));
        let password = fields.text("password", Password::parse);
        let username = fields.text("username", Username::parse);
        if fields.optional_text("email", |text| Ok(text.to_owned())).is_none_or(|email| email.is_some()) {
            fields.wrong("email", "is known from the code: send it alone, or not at all");
        }
        fields.refuse_others();
        let step = code.zip(password).zip(username);
        let step = step.map(|((code, password), username)| UserStep::Create(code, password, username));
        fields.done(step).map_err(PeopleError::Invalid)
    }
}

/// What proves that it is the user who deletes the account, and what is to stay of it.
#[derive(Debug, Object)]
#[oai(example, rename = "DeletedUser")]
pub struct DeleteUserRequest {
    /// The account's password.
    #[oai(validator(max_length = 128))]
    password: String,
    /// Whether the reviews that everybody sees stay, without their author. Absent: no, they are deleted.
    keep_reviews: Option<bool>,
}

impl Example for DeleteUserRequest {
    fn example() -> Self {
        Self { password: "correct horse battery".to_owned(), keep_reviews: None }
    }
}

impl DeleteUserRequest {
    /// Reads a body.
    pub fn read(body: &[u8]) -> Result<Deletion, PeopleError> {
        let mut fields = Fields::read(body)?;
        let deletion = Deletion::of(&mut fields);
        fields.done(deletion).map_err(PeopleError::Invalid)
    }
}
