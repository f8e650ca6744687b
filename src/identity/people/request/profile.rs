//! The body of a profile.

use poem_openapi::{Object, types::Example};

use crate::{
    http::schema::OneOf,
    identity::{
        examples,
        people::model::{Bio, FoundBy, Language, MailDigest, PeopleError, Preferences, ProfileChange, Theme, currency},
        players::DisplayName,
        profiles::{Audience, Username},
    },
    platform::{codec::fields::Fields, named::Named},
};

/// Languages of a person at most.
const MAX_LANGUAGES: usize = 8;

/// By what searches find a person.
#[derive(Clone, Copy, Debug, Object)]
#[oai(rename = "FoundBy")]
pub struct FoundByFields {
    /// By username and display name.
    #[oai(default)]
    pub name: bool,
    /// By place; only those for whom the place is to be seen find it.
    #[oai(default)]
    pub place: bool,
    /// By the numbers of the library that everybody sees.
    #[oai(default)]
    pub statistics: bool,
}

/// What a user wants of pages and emails.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Preferences")]
pub struct PreferencesFields {
    /// The colours of pages. Absent: `system`.
    #[oai(skip_serializing_if_is_none)]
    pub theme: Option<OneOf<Theme>>,
    /// The language of pages and emails, as a tag such as `pt-BR`. Absent: the browser's.
    #[oai(skip_serializing_if_is_none, validator(max_length = 16))]
    pub language: Option<String>,
    /// The currency in which prices are shown (ISO 4217). Absent: the server's.
    #[oai(skip_serializing_if_is_none, validator(min_length = 3, max_length = 3))]
    pub currency: Option<String>,
    /// How the notices come by email that the user wants so. Absent: `never`.
    #[oai(skip_serializing_if_is_none)]
    pub mail: Option<OneOf<MailDigest>>,
}

/// The whole profile: what is absent is removed, but for the username, which stays.
#[derive(Debug, Object)]
#[oai(example, rename = "ProfileContent")]
pub struct ProfileRequest {
    /// The name by which others address the user: letters, digits, hyphens and underscores, a letter or digit first and last. It is
    /// unique among names that look alike, and changes once in thirty days. Needed the first time.
    #[oai(validator(min_length = 3, max_length = 32))]
    username: Option<String>,
    /// What others call the user: no characters that control the text around it. Not unique.
    #[oai(validator(max_length = 32))]
    display_name: Option<String>,
    /// What the user says of themselves.
    #[oai(validator(max_length = 500))]
    bio: Option<String>,
    /// The languages that the user speaks, as tags.
    #[oai(validator(max_items = 8))]
    languages: Option<Vec<String>>,
    /// Who sees the profile. Nothing of the user is shown to more people. Absent: `public`.
    audience: Option<OneOf<Audience>>,
    /// By what searches find the user. Absent: by nothing.
    found_by: Option<FoundByFields>,
    /// What the user wants of pages and emails.
    preferences: Option<PreferencesFields>,
}

impl Example for ProfileRequest {
    fn example() -> Self {
        Self {
            username: Some(examples::username()),
            display_name: Some(examples::display_name()),
            bio: Some("Finishes what others drop.".to_owned()),
            languages: Some(vec!["ro".to_owned(), "en".to_owned()]),
            audience: Some(OneOf(Audience::Public)),
            found_by: Some(FoundByFields { name: true, place: false, statistics: false }),
            preferences: Some(PreferencesFields {
                theme: Some(OneOf(Theme::Dark)),
                language: Some("ro".to_owned()),
                currency: Some("RON".to_owned()),
                mail: Some(OneOf(MailDigest::Daily)),
            }),
        }
    }
}

/// Reads an optional object in a body; its faults become those of the body.
fn within<T: Default>(fields: &mut Fields, name: &str, read: impl FnOnce(&mut Fields) -> Option<T>) -> Option<T> {
    let Some(object) = fields.optional_object(name)? else { return Some(T::default()) };
    let mut inner = Fields::within(object, format!("/{name}"));
    let value = read(&mut inner);
    inner.refuse_others();
    match inner.done(value) {
        Ok(value) => Some(value),
        Err(faults) => {
            fields.wrong_too(faults);
            None
        }
    }
}

fn found_by(fields: &mut Fields) -> Option<FoundBy> {
    let (name, place, statistics) = (fields.flag("name"), fields.flag("place"), fields.flag("statistics"));
    Some(FoundBy { name: name?, place: place?, statistics: statistics? })
}

fn preferences(fields: &mut Fields) -> Option<Preferences> {
    let theme = fields.optional_text("theme", Theme::parse);
    let language = fields.optional_text("language", Language::parse);
    let currency = fields.optional_text("currency", currency);
    let mail = fields.optional_text("mail", MailDigest::parse);
    Some(Preferences {
        theme: theme?.unwrap_or_default(),
        language: language?.map(|language| language.as_str().to_owned()),
        currency: currency?,
        mail: mail?.unwrap_or_default(),
    })
}

impl ProfileRequest {
    /// Reads a profile from a body.
    pub fn read(body: &[u8]) -> Result<ProfileChange, PeopleError> {
        let mut fields = Fields::read(body)?;
        let username = fields.optional_text("username", Username::parse);
        let display_name = fields.optional_text("display_name", DisplayName::parse);
        let bio = fields.optional_text("bio", Bio::parse);
        let languages = fields.optional_texts("languages", Language::parse);
        if let Some(Some(languages)) = &languages
            && languages.len() > MAX_LANGUAGES
        {
            fields.wrong("languages", format!("has {} items; at most {MAX_LANGUAGES}", languages.len()));
        }
        let audience = fields.optional_text("audience", Audience::parse);
        let found_by = within(&mut fields, "found_by", found_by);
        let preferences = within(&mut fields, "preferences", preferences);
        fields.refuse_others();
        let change = || {
            Some(ProfileChange {
                username: username?,
                display_name: display_name?,
                bio: bio?.unwrap_or_default(),
                languages: languages?.unwrap_or_default(),
                audience: audience?.unwrap_or(Audience::Public),
                found_by: found_by?,
                preferences: preferences?,
            })
        };
        let change = change();
        fields.done(change).map_err(PeopleError::Invalid)
    }
}
