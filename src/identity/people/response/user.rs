//! The user themself, and others.

use poem_openapi::{ApiResponse, Object, types::Example};

use crate::{
    http::{
        conditional::ConditionalContent,
        no_store::NoStore,
        schema::{OneOf, Timestamp},
    },
    identity::{
        access::{ModerationReason, UserId},
        accounts::{Account, EmailSentResponse},
        examples::{self, TIME_MS},
        people::{
            model::{Band, OwnProfile, Person},
            request::{FoundByFields, PreferencesFields},
        },
        profiles::Audience,
    },
};

/// The answer to a step of making an account.
#[derive(ApiResponse)]
#[expect(clippy::large_enum_variant, reason = "made once for an answer, and moved into it")]
pub enum UserAnswer {
    /// An email will be sent. The answer is the same whether the address has an account or not.
    #[oai(status = 202)]
    Email(NoStore<EmailSentResponse>),
    /// The account was made.
    #[oai(status = 201)]
    Created(NoStore<MeResponse>),
}

/// The answer with the user themself.
#[derive(ApiResponse)]
pub enum ProfileAnswer {
    /// The user.
    #[oai(status = 200)]
    Me(NoStore<MeResponse>),
}

/// The user themself.
#[derive(Debug, Object)]
#[oai(example, rename = "Me")]
pub struct MeResponse {
    /// The account's id.
    user_id: String,
    /// The account's address, as it was given.
    #[oai(validator(max_length = 254))]
    email: String,
    /// When the account was made.
    created_at: Timestamp,
    /// The name by which others address the user; absent until it is chosen. Until then nobody is shown anything of the user.
    #[oai(skip_serializing_if_is_none, validator(min_length = 3, max_length = 32))]
    username: Option<String>,
    /// When the username may be changed again; absent where it may now.
    #[oai(skip_serializing_if_is_none)]
    username_changes_at: Option<Timestamp>,
    /// What others call the user.
    #[oai(skip_serializing_if_is_none, validator(min_length = 1, max_length = 32))]
    display_name: Option<String>,
    /// What the user says of themselves.
    #[oai(skip_serializing_if_is_none, validator(max_length = 500))]
    bio: Option<String>,
    /// The languages that the user speaks, as tags.
    #[oai(validator(max_items = 8))]
    languages: Vec<String>,
    /// Who sees the profile.
    audience: OneOf<Audience>,
    /// Why a moderator has hidden the profile, and all that is the user's with it; absent where none has.
    #[oai(skip_serializing_if_is_none)]
    hidden: Option<OneOf<ModerationReason>>,
    /// By what searches find the user.
    found_by: FoundByFields,
    /// What the user wants of pages and emails.
    preferences: PreferencesFields,
}

impl Example for MeResponse {
    fn example() -> Self {
        let account = Account {
            user: UserId::stored(examples::USER),
            email: "ann@example.org".to_owned(),
            created_at_ms: TIME_MS,
            password_at_ms: Some(TIME_MS),
            administrator: false,
            moderator: false,
            ban: None,
        };
        let profile = OwnProfile {
            username: examples::username(),
            display_name: Some(examples::display_name()),
            bio: "Finishes what others drop.".to_owned(),
            languages: vec!["ro".to_owned(), "en".to_owned()],
            ..OwnProfile::nothing()
        };
        Self::new(account, Some(profile))
    }
}

impl MeResponse {
    /// An account with its profile, which is missing until a username is chosen.
    pub fn new(account: Account, profile: Option<OwnProfile>) -> Self {
        let changes_at = profile.as_ref().and_then(OwnProfile::username_changes_at_ms).map(Timestamp);
        let (username, profile) = match profile {
            Some(profile) => (Some(profile.username.clone()), profile),
            None => (None, OwnProfile::nothing()),
        };
        Self {
            user_id: account.user.to_string(),
            email: account.email,
            created_at: Timestamp(account.created_at_ms),
            username,
            username_changes_at: changes_at,
            display_name: profile.display_name,
            bio: Some(profile.bio).filter(|bio| !bio.is_empty()),
            languages: profile.languages,
            audience: OneOf(profile.audience),
            hidden: profile.hidden.map(OneOf),
            found_by: FoundByFields {
                name: profile.found_by.name,
                place: profile.found_by.place,
                statistics: profile.found_by.statistics,
            },
            preferences: PreferencesFields {
                theme: Some(OneOf(profile.preferences.theme)),
                language: profile.preferences.language,
                currency: profile.preferences.currency,
                mail: Some(OneOf(profile.preferences.mail)),
            },
        }
    }
}

impl ConditionalContent for MeResponse {
    const OK: &'static str = "The user.";
    const NOT_MODIFIED: &'static str = "The user is as the client knows them.";
}

/// A person as another sees them.
#[derive(Debug, Object)]
#[oai(example, rename = "Person")]
pub struct PersonResponse {
    /// The name by which others address the person.
    #[oai(validator(min_length = 3, max_length = 32))]
    username: String,
    /// What others call the person.
    #[oai(skip_serializing_if_is_none, validator(min_length = 1, max_length = 32))]
    display_name: Option<String>,
    /// What the person says of themselves, to those who see the profile.
    #[oai(skip_serializing_if_is_none, validator(max_length = 500))]
    bio: Option<String>,
    /// The languages that the person speaks, as tags; none for those who don't see the profile.
    #[oai(validator(max_items = 8))]
    languages: Vec<String>,
    /// Whether you follow the person; absent where you are not signed in, or are that person.
    #[oai(skip_serializing_if_is_none)]
    followed: Option<bool>,
    /// Whether the person follows you; absent as `followed`.
    #[oai(skip_serializing_if_is_none)]
    follows_you: Option<bool>,
    /// How far away the person is; absent where one of you has said nothing of the kind, or not to the other.
    #[oai(skip_serializing_if_is_none)]
    band: Option<OneOf<Band>>,
}

impl Example for PersonResponse {
    fn example() -> Self {
        Self {
            username: examples::username(),
            display_name: Some(examples::display_name()),
            bio: Some("Finishes what others drop.".to_owned()),
            languages: vec!["ro".to_owned(), "en".to_owned()],
            followed: Some(true),
            follows_you: Some(false),
            band: Some(OneOf(Band::Under25Km)),
        }
    }
}

impl PersonResponse {
    /// A person who is that far away.
    pub fn new(person: Person, band: Option<Band>) -> Self {
        Self {
            username: person.card.username,
            display_name: person.card.display_name,
            bio: Some(person.bio).filter(|bio| !bio.is_empty()),
            languages: person.languages,
            followed: person.relation.map(|relation| relation.follows),
            follows_you: person.relation.map(|relation| relation.is_followed),
            band: band.map(OneOf),
        }
    }
}

impl ConditionalContent for PersonResponse {
    const OK: &'static str = "The person.";
    const NOT_MODIFIED: &'static str = "The person is as the client knows them.";
}
