//! Request bodies and parameters: their documentation, and how they are read.

use poem_openapi::{Object, types::Example};

use super::model::{NewInvitation, NewKey, Slug, StudioError, Title};
use crate::{
    http::page::Paged,
    identity::{
        access::{Environment, KeyKind, Permission, Permissions, Role},
        accounts::Code,
    },
    platform::{codec::fields::Fields, mail::EmailAddress},
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

/// A title, `default` if it is absent.
fn title(fields: &mut Fields, name: &str, default: &str) -> Option<Title> {
    let detail = "must have at most 100 bytes, and no control characters";
    let given = fields.optional_text(name, |text| Title::parse(text).map_err(|_| detail.to_owned()))?;
    given.or_else(|| Title::parse(default).ok())
}

fn role(fields: &mut Fields) -> Option<Role> {
    let detail = "must be owner, developer, moderator or viewer";
    fields.text("role", |text| Role::parse(text).ok_or_else(|| detail.to_owned()))
}

/// A new studio.
#[derive(Debug, Object)]
#[oai(example)]
pub struct StudioRequest {
    /// Its name in addresses: 1 to 40 small letters, digits and hyphens, the first no hyphen.
    name: String,
    /// Its title: at most 100 bytes. Absent: none.
    title: Option<String>,
}

impl Example for StudioRequest {
    fn example() -> Self {
        Self { name: "moss".to_owned(), title: Some("Moss & Co".to_owned()) }
    }
}

impl StudioRequest {
    /// Reads a body.
    pub fn read(body: &[u8]) -> Result<(Slug, Title), StudioError> {
        read(body, |fields| {
            let (name, title) = (slug(fields, "name"), title(fields, "title", ""));
            name.zip(title)
        })
    }
}

/// A new game.
#[derive(Debug, Object)]
#[oai(example)]
pub struct GameRequest {
    /// Its name in addresses: 1 to 40 small letters, digits and hyphens, the first no hyphen.
    game: String,
    /// Its title: at most 100 bytes. Absent: as its name in addresses.
    title: Option<String>,
}

impl Example for GameRequest {
    fn example() -> Self {
        Self { game: "climb".to_owned(), title: Some("The Climb".to_owned()) }
    }
}

impl GameRequest {
    /// Reads a body.
    pub fn read(body: &[u8]) -> Result<(Slug, Title), StudioError> {
        read(body, |fields| {
            let game = slug(fields, "game");
            let title = title(fields, "title", game.as_ref().map_or("", Slug::as_str));
            game.zip(title)
        })
    }
}

/// A new key.
#[derive(Debug, Object)]
#[oai(example)]
pub struct KeyRequest {
    /// Which of the game's worlds it opens: `live` or `dev`.
    environment: String,
    /// `publishable` ships inside the game, `secret` stays with your servers. Absent: `publishable`.
    kind: Option<String>,
    /// What it may do: `read`, `write`, and a secret one `moderate` and `admin`. Absent: as much as its kind may.
    scopes: Option<Vec<String>>,
    /// What you call it: at most 100 bytes. Absent: nothing.
    label: Option<String>,
}

impl Example for KeyRequest {
    fn example() -> Self {
        Self {
            environment: "live".to_owned(),
            kind: Some("publishable".to_owned()),
            scopes: Some(vec!["read".to_owned(), "write".to_owned()]),
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
#[oai(example)]
pub struct RoleRequest {
    /// `owner`, `developer`, `moderator` or `viewer`.
    role: String,
}

impl Example for RoleRequest {
    fn example() -> Self {
        Self { role: "moderator".to_owned() }
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
#[oai(example)]
pub struct InvitationRequest {
    /// The address that the email goes to: at most 254 bytes of ASCII.
    email: String,
    /// `owner`, `developer`, `moderator` or `viewer`.
    role: String,
}

impl Example for InvitationRequest {
    fn example() -> Self {
        Self { email: "bob@example.org".to_owned(), role: "developer".to_owned() }
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
#[oai(example)]
pub struct AcceptRequest {
    /// From the email.
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
