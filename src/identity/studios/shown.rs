//! Keys, members, games and audit_entries, as members are shown them.

use poem_openapi::{Object, types::Example};

use super::model::{AuditEntry, Game, Invitation, Key, Member};
use crate::{identity::accounts::MembershipResponse, platform::clock};

const TIME: &str = "2026-11-21T08:00:00Z";
const USER: &str = "01936b2f4c7e7a10b5d2c3e4f5a60718";
const INVITATION: &str = "01936b304c7e7a10b5d2c3e4f5a60718";

impl FromIterator<Key> for KeyList {
    fn from_iter<I: IntoIterator<Item = Key>>(keys: I) -> Self {
        Self { items: keys.into_iter().map(KeyResponse::from).collect() }
    }
}

/// The keys of a game.
#[derive(Debug, Object)]
#[oai(example)]
pub struct KeyList {
    /// The oldest first.
    items: Vec<KeyResponse>,
}

impl Example for KeyList {
    fn example() -> Self {
        Self { items: vec![KeyResponse::example()] }
    }
}

/// A key, without its secret.
#[derive(Debug, Object)]
#[oai(example)]
pub struct KeyResponse {
    /// What stands in it for everybody to see.
    id: String,
    /// `publishable` or `secret`.
    kind: String,
    /// `live` or `dev`.
    environment: String,
    /// What it may do: `read`, `write`, `moderate`, `admin`.
    scopes: Vec<String>,
    /// What its owner calls it.
    label: String,
    /// When it was minted (RFC 3339).
    created_at: String,
    /// When it was last used, to about a minute; absent if never.
    #[oai(skip_serializing_if_is_none)]
    last_used_at: Option<String>,
    /// Since when it opens nothing; absent while it does.
    #[oai(skip_serializing_if_is_none)]
    revoked_at: Option<String>,
}

impl From<Key> for KeyResponse {
    fn from(key: Key) -> Self {
        Self {
            scopes: key.permissions.names().map(str::to_owned).collect(),
            id: key.id,
            kind: key.kind.name().to_owned(),
            environment: key.environment.name().to_owned(),
            label: key.label,
            created_at: clock::format(key.created_at_ms),
            last_used_at: key.last_used_at_ms.map(clock::format),
            revoked_at: key.revoked_at_ms.map(clock::format),
        }
    }
}

impl Example for KeyResponse {
    fn example() -> Self {
        Self {
            id: "7m2k0qv9x4ta".to_owned(),
            kind: "publishable".to_owned(),
            environment: "live".to_owned(),
            scopes: vec!["read".to_owned(), "write".to_owned()],
            label: "in the game since 1.2".to_owned(),
            created_at: TIME.to_owned(),
            last_used_at: Some("2026-11-21T09:30:00Z".to_owned()),
            revoked_at: None,
        }
    }
}

/// A key that was just minted.
#[derive(Debug, Object)]
#[oai(example)]
pub struct MintedKey {
    /// All of it. It is not seen again.
    pub secret: String,
    /// What can be seen of it from now on.
    pub key: KeyResponse,
}

impl Example for MintedKey {
    fn example() -> Self {
        let secret = "ck_live_7m2k0qv9x4ta_3d8s0c5w1n7r2v9k4q6x0t3b8h".to_owned();
        Self { secret, key: KeyResponse { last_used_at: None, ..KeyResponse::example() } }
    }
}

/// A game of a studio.
#[derive(Debug, Object)]
#[oai(example)]
pub struct StudioGame {
    /// Its name in addresses.
    game: String,
    /// Its title.
    title: String,
    /// When it was registered (RFC 3339).
    created_at: String,
}

impl From<Game> for StudioGame {
    fn from(game: Game) -> Self {
        Self { game: game.slug, title: game.name, created_at: clock::format(game.created_at_ms) }
    }
}

impl Example for StudioGame {
    fn example() -> Self {
        Self { game: "climb".to_owned(), title: "The Climb".to_owned(), created_at: TIME.to_owned() }
    }
}

/// The games of a studio: 100 at most, where its members register them.
#[derive(Debug, Object)]
#[oai(example)]
pub struct GameList {
    /// By name.
    pub items: Vec<StudioGame>,
}

impl Example for GameList {
    fn example() -> Self {
        Self { items: vec![StudioGame::example()] }
    }
}

/// The studios that one belongs to; an administrator's own first, then all others.
#[derive(Debug, Object)]
#[oai(example)]
pub struct StudioList {
    /// By name.
    pub items: Vec<MembershipResponse>,
}

impl Example for StudioList {
    fn example() -> Self {
        Self { items: vec![MembershipResponse::example()] }
    }
}

/// Somebody who belongs to a studio.
#[derive(Debug, Object)]
#[oai(example, rename = "Member")]
pub struct MemberResponse {
    /// The user's id.
    user_id: String,
    /// The account's address.
    email: String,
    /// `owner`, `developer`, `moderator` or `viewer`.
    role: String,
    /// Since when (RFC 3339).
    since: String,
}

impl From<Member> for MemberResponse {
    fn from(member: Member) -> Self {
        Self {
            user_id: member.user.to_string(),
            email: member.email,
            role: member.role.name().to_owned(),
            since: clock::format(member.since_ms),
        }
    }
}

impl Example for MemberResponse {
    fn example() -> Self {
        let (user_id, email) = (USER.to_owned(), "ann@example.org".to_owned());
        Self { user_id, email, role: "owner".to_owned(), since: TIME.to_owned() }
    }
}

/// The members of a studio: with its open invitations 200 at most.
#[derive(Debug, Object)]
#[oai(example)]
pub struct MemberList {
    /// Who was first first.
    pub items: Vec<MemberResponse>,
}

impl Example for MemberList {
    fn example() -> Self {
        Self { items: vec![MemberResponse::example()] }
    }
}

/// An invitation that is open.
#[derive(Debug, Object)]
#[oai(example, rename = "Invitation")]
pub struct InvitationResponse {
    /// Names it, and opens nothing.
    invitation_id: String,
    /// The address that the letter went to.
    email: String,
    /// What whoever accepts it will be.
    role: String,
    /// Which member invites.
    #[oai(skip_serializing_if_is_none)]
    invited_by: Option<String>,
    /// When (RFC 3339).
    created_at: String,
    /// When it ends.
    expires_at: String,
}

impl From<Invitation> for InvitationResponse {
    fn from(invitation: Invitation) -> Self {
        Self {
            invitation_id: invitation.id,
            email: invitation.email,
            role: invitation.role.name().to_owned(),
            invited_by: invitation.invited_by.map(|user| user.to_string()),
            created_at: clock::format(invitation.created_at_ms),
            expires_at: clock::format(invitation.expires_at_ms),
        }
    }
}

impl Example for InvitationResponse {
    fn example() -> Self {
        Self {
            invitation_id: INVITATION.to_owned(),
            email: "bob@example.org".to_owned(),
            role: "developer".to_owned(),
            invited_by: Some(USER.to_owned()),
            created_at: TIME.to_owned(),
            expires_at: "2026-11-28T08:00:00Z".to_owned(),
        }
    }
}

/// The open invitations of a studio.
#[derive(Debug, Object)]
#[oai(example)]
pub struct InvitationList {
    /// The oldest first.
    pub items: Vec<InvitationResponse>,
}

impl Example for InvitationList {
    fn example() -> Self {
        Self { items: vec![InvitationResponse::example()] }
    }
}

/// Something that was done, and by whom.
#[derive(Debug, Object)]
#[oai(rename = "AuditEntry")]
pub struct AuditEntryResponse {
    /// When (RFC 3339).
    at: String,
    /// Who: `user:<id>`, `key:<id>`, `command line`, or `cairn` by itself.
    actor: String,
    /// What: `key.minted`, `member.invited` and so on.
    action: String,
    /// To what: `key:<id>`, `user:<id>`, `game:<name>` and so on.
    object: String,
    /// More about it, if there is more.
    #[oai(skip_serializing_if_is_empty)]
    detail: String,
}

impl From<AuditEntry> for AuditEntryResponse {
    fn from(deed: AuditEntry) -> Self {
        let AuditEntry { at_ms, actor, action, object, detail, .. } = deed;
        Self { at: clock::format(at_ms), actor, action, object, detail }
    }
}

/// A page of what was done at a studio.
#[derive(Debug, Object)]
#[oai(example)]
pub struct AuditPage {
    /// The newest first.
    pub items: Vec<AuditEntryResponse>,
    /// As `after` it gives the page that follows, of what was done before.
    pub next: String,
    /// Whether there is one.
    pub more: bool,
}

impl Example for AuditPage {
    fn example() -> Self {
        let deed = AuditEntryResponse {
            at: TIME.to_owned(),
            actor: format!("user:{USER}"),
            action: "key.minted".to_owned(),
            object: "key:7m2k0qv9x4ta".to_owned(),
            detail: "climb live publishable: read write".to_owned(),
        };
        Self { items: vec![deed], next: "812".to_owned(), more: true }
    }
}
