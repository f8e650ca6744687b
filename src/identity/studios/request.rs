//! Request bodies and parameters: their documentation, and how they are read.

use poem_openapi::{Object, types::Example};

use super::model::{NewInvitation, NewKey, Slug, StudioError, Title};
use crate::{
    http::{page::Paged, schema::OneOf},
    identity::{
        access::{Environment, KeyKind, Permission, Permissions, Role},
        accounts::Code,
        examples,
    },
    platform::{
        codec::fields::{BodyReader, Fields},
        mail::EmailAddress,
    },
};

/// Reads the fields of a body. `read` returns `None` where a field is wrong.
fn read<T>(body: &[u8], read: impl FnOnce(&mut Fields) -> Option<T>) -> Result<T, StudioError> {
    let mut fields = Fields::read(body)?;
    let value = read(&mut fields);
    fields.done(value).map_err(StudioError::Invalid)
}

fn slug(fields: &mut Fields, name: &str) -> Option<Slug> {
    let detail = "must be 1 to 40 small letters, digits and hyphens, the first no hyphen";
    fields.text(name, |text| Slug::parse(text).map_err(|_| detail.to_owned()))
}

#[expect(clippy::option_option, reason = "as in Fields: invalid, absent, present")]
fn optional_title(fields: &mut Fields, name: &str) -> Option<Option<Title>> {
    let detail = "must have at most 100 bytes, and no control characters";
    fields.optional_text(name, |text| Title::parse(text).map_err(|_| detail.to_owned()))
}

/// A title, `default` if it is absent.
fn title(fields: &mut Fields, name: &str, default: &str) -> Option<Title> {
    optional_title(fields, name)?.or_else(|| Title::parse(default).ok())
}

/// The `display_name`, or `title`, which is the member's old name; `default` if both are absent.
fn display_name(fields: &mut Fields, default: &str) -> Option<Title> {
    let (new, old) = (optional_title(fields, "display_name"), optional_title(fields, "title"));
    match (new?, old?) {
        (Some(_), Some(_)) => {
            fields.wrong("title", "is the old name of display_name: send one of them");
            None
        }
        (new, old) => new.or(old).or_else(|| Title::parse(default).ok()),
    }
}

fn role(fields: &mut Fields) -> Option<Role> {
    let detail = "must be owner, developer, moderator or viewer";
    fields.text("role", |text| Role::parse(text).ok_or_else(|| detail.to_owned()))
}

/// A new studio.
#[derive(Debug, Object)]
#[oai(example, rename = "NewStudio")]
pub struct StudioRequest {
    /// Its name in addresses: small letters, digits and hyphens, the first no hyphen.
    #[oai(validator(min_length = 1, max_length = 40, pattern = "^[a-z0-9][a-z0-9-]*$"))]
    name: String,
    /// What people call it: at most 100 bytes, no control characters. Absent: nothing.
    #[oai(validator(max_length = 100))]
    display_name: Option<String>,
}

impl Example for StudioRequest {
    fn example() -> Self {
        Self { name: examples::studio(), display_name: Some("Moss & Co".to_owned()) }
    }
}

impl StudioRequest {
    /// Reads a body.
    pub fn read(body: &[u8]) -> Result<(Slug, Title), StudioError> {
        read(body, |fields| {
            let (name, display_name) = (slug(fields, "name"), display_name(fields, ""));
            name.zip(display_name)
        })
    }
}

/// A new game.
#[derive(Debug, Object)]
#[oai(example, rename = "NewGame")]
pub struct GameRequest {
    /// Its name in addresses: small letters, digits and hyphens, the first no hyphen.
    #[oai(validator(min_length = 1, max_length = 40, pattern = "^[a-z0-9][a-z0-9-]*$"))]
    game: String,
    /// What people call it: at most 100 bytes, no control characters. Absent: as its name in addresses.
    #[oai(validator(max_length = 100))]
    display_name: Option<String>,
}

impl Example for GameRequest {
    fn example() -> Self {
        Self { game: examples::game(), display_name: Some("The Climb".to_owned()) }
    }
}

impl GameRequest {
    /// Reads a body.
    pub fn read(body: &[u8]) -> Result<(Slug, Title), StudioError> {
        read(body, |fields| {
            let game = slug(fields, "game");
            let display_name = display_name(fields, game.as_ref().map_or("", Slug::as_str));
            game.zip(display_name)
        })
    }
}

/// A new key.
#[derive(Debug, Object)]
#[oai(example, rename = "NewKey")]
pub struct KeyRequest {
    /// Which of the game's worlds it opens.
    environment: OneOf<Environment>,
    /// Whether it ships inside the game, or stays with your servers. Absent: `publishable`.
    kind: Option<OneOf<KeyKind>>,
    /// What it may do; only a secret key may moderate and administer. Absent: as much as its kind may.
    scopes: Option<Vec<OneOf<Permission>>>,
    /// What you call it: at most 100 bytes, no control characters. Absent: nothing.
    #[oai(validator(max_length = 100))]
    label: Option<String>,
}

impl Example for KeyRequest {
    fn example() -> Self {
        Self {
            environment: OneOf(Environment::Live),
            kind: Some(OneOf(KeyKind::Publishable)),
            scopes: Some(vec![OneOf(Permission::Read), OneOf(Permission::Write)]),
            label: Some("in the game since 1.2".to_owned()),
        }
    }
}

impl KeyRequest {
    /// Reads a body.
    pub fn read(body: &[u8]) -> Result<NewKey, StudioError> {
        read(body, |fields| {
            let environment = fields
                .text("environment", |text| Environment::parse(text).ok_or_else(|| "must be live or dev".to_owned()));
            let kind = fields.optional_text("kind", |text| {
                KeyKind::parse(text).ok_or_else(|| "must be publishable or secret".to_owned())
            });
            let permissions = fields.optional_texts("scopes", |text| {
                Permission::parse(text).ok_or_else(|| "must be read, write, moderate or admin".to_owned())
            });
            let label = title(fields, "label", "");
            let kind = kind?.unwrap_or(KeyKind::Publishable);
            let all = kind.max_permissions();
            let permissions = permissions?.map_or(all, |permissions| Permissions::of(&permissions));
            if !permissions.is_subset_of(all) {
                fields.wrong("scopes", format!("a {} key may do at most: {}", kind.name(), all));
            }
            Some(NewKey { environment: environment?, kind, permissions, label: label? })
        })
    }
}

/// A member's new role.
#[derive(Debug, Object)]
#[oai(example, rename = "RoleChange")]
pub struct RoleRequest {
    /// The new role.
    role: OneOf<Role>,
}

impl Example for RoleRequest {
    fn example() -> Self {
        Self { role: OneOf(Role::Moderator) }
    }
}

impl RoleRequest {
    /// Reads a body.
    pub fn read(body: &[u8]) -> Result<Role, StudioError> {
        read(body, role)
    }
}

/// A new invitation.
#[derive(Debug, Object)]
#[oai(example, rename = "NewInvitation")]
pub struct InvitationRequest {
    /// The address that the email goes to: at most 254 bytes of ASCII.
    #[oai(validator(max_length = 254))]
    email: String,
    /// The role that it gives.
    role: OneOf<Role>,
}

impl Example for InvitationRequest {
    fn example() -> Self {
        Self { email: "bob@example.org".to_owned(), role: OneOf(Role::Developer) }
    }
}

impl InvitationRequest {
    /// Reads a body.
    pub fn read(body: &[u8]) -> Result<NewInvitation, StudioError> {
        read(body, |fields| {
            let (email, role) = (fields.text("email", EmailAddress::parse), role(fields));
            Some(NewInvitation { email: email?, role: role? })
        })
    }
}

/// A code from an invitation.
#[derive(Debug, Object)]
#[oai(example, rename = "InvitationCode")]
pub struct AcceptRequest {
    /// The code from the email.
    code: String,
}

impl Example for AcceptRequest {
    fn example() -> Self {
        Self { code: "6f1d0c7be2a94d5f8b3a7c60e1f2d4a9".to_owned() }
    }
}

impl AcceptRequest {
    /// Reads a body.
    pub fn read(body: &[u8]) -> Result<Code, StudioError> {
        read(body, |fields| fields.text("code", |text| Ok(Code::new(text))))
    }
}

/// The entries of an audit log, in pages, the newest first.
#[derive(Debug)]
pub struct AuditEntries;

impl Paged for AuditEntries {
    type Cursor = i64;
    const DEFAULT_LIMIT: usize = 50;
    const MAX_LIMIT: usize = 200;
    const EXAMPLE_CURSOR: &'static str = "311";

    fn parse(cursor: &str) -> Result<i64, String> {
        cursor.parse().map_err(|_| "must be a page's next".to_owned())
    }
}

/// The readers of bodies here.
pub const BODY_READERS: &[BodyReader] = &[
    ("StudioRequest", |body| StudioRequest::read(body).is_ok()),
    ("GameRequest", |body| GameRequest::read(body).is_ok()),
    ("KeyRequest", |body| KeyRequest::read(body).is_ok()),
    ("RoleRequest", |body| RoleRequest::read(body).is_ok()),
    ("InvitationRequest", |body| InvitationRequest::read(body).is_ok()),
    ("AcceptRequest", |body| AcceptRequest::read(body).is_ok()),
];
