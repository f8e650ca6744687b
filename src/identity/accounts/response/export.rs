//! The response with all data of an account, and its parts that other features show too.

use poem_openapi::{ApiResponse, Object, types::Example};
use serde_json::{Value, json};

use super::{AccountResponse, SecondFactorResponse, sessions::SessionResponse};
use crate::{
    http::{
        long_object::LongObject,
        schema::{OneOf, Timestamp},
    },
    identity::{
        access::{Environment, Role},
        accounts::{
            model::{AccountData, Affiliations, CodePurpose, LinkedIdentity, LinkedPlayer, Membership, PendingCode},
            ports::Pieces,
        },
        examples::{self, TIME_MS},
    },
    platform::clock,
};

#[derive(ApiResponse)]
pub enum AccountExported {
    /// All data of the account.
    #[oai(status = 200)]
    Export(
        LongObject<AccountExportResponse>,
        /// Makes a browser save it as a file.
        #[oai(header = "Content-Disposition")]
        String,
    ),
}

impl AccountExported {
    /// The data of an account, and its library in pieces.
    pub fn new(export: &AccountExportResponse, library: Pieces) -> Self {
        let object = LongObject::new(export, "library", library);
        Self::Export(object, r#"attachment; filename="account.json""#.to_owned())
    }
}

/// A code that was sent and not used.
#[derive(Debug, Object)]
#[oai(example, rename = "PendingCode")]
pub struct PendingCodeResponse {
    /// What it may be used for, such as `reset_password`. Later versions may have further purposes.
    purpose: String,
    /// The address that it was sent to.
    #[oai(validator(max_length = 254))]
    email: String,
    /// When it was sent.
    created_at: Timestamp,
    /// When it expires.
    expires_at: Timestamp,
}

impl Example for PendingCodeResponse {
    fn example() -> Self {
        Self {
            purpose: CodePurpose::ChangeEmail.name().to_owned(),
            email: "ann@new.example".to_owned(),
            created_at: Timestamp(TIME_MS),
            expires_at: Timestamp(TIME_MS + 3_600_000),
        }
    }
}

impl From<PendingCode> for PendingCodeResponse {
    fn from(code: PendingCode) -> Self {
        Self {
            purpose: code.purpose.name().to_owned(),
            email: code.email,
            created_at: Timestamp(code.created_at_ms),
            expires_at: Timestamp(code.expires_at_ms),
        }
    }
}

/// An account at a provider with which the user can sign in.
#[derive(Debug, Object)]
#[oai(example, rename = "ExportedIdentity")]
pub struct ExportedIdentityResponse {
    /// The provider's id.
    provider: String,
    /// The issuer.
    issuer: String,
    /// Who the user is, for the issuer.
    subject: String,
    /// The email address that the issuer named last; absent if it named none.
    #[oai(skip_serializing_if_is_none)]
    email: Option<String>,
    /// When it was linked.
    linked_at: Timestamp,
    /// When it was last used; absent if it was not.
    #[oai(skip_serializing_if_is_none)]
    used_at: Option<Timestamp>,
}

impl Example for ExportedIdentityResponse {
    fn example() -> Self {
        Self {
            provider: "google".to_owned(),
            issuer: "https://accounts.google.com".to_owned(),
            subject: "110169484474386276334".to_owned(),
            email: Some("ann@example.org".to_owned()),
            linked_at: Timestamp(TIME_MS),
            used_at: Some(Timestamp(TIME_MS)),
        }
    }
}

impl From<LinkedIdentity> for ExportedIdentityResponse {
    fn from(identity: LinkedIdentity) -> Self {
        Self {
            provider: identity.provider,
            issuer: identity.issuer,
            subject: identity.subject,
            email: Some(identity.email).filter(|email| !email.is_empty()),
            linked_at: Timestamp(identity.linked_at_ms),
            used_at: identity.used_at_ms.map(Timestamp),
        }
    }
}

/// A studio that the user is a member of, or that an administrator sees.
#[derive(Debug, Object)]
#[oai(example, rename = "Membership")]
pub struct MembershipResponse {
    /// The studio's name in addresses.
    #[oai(validator(min_length = 1, max_length = 40))]
    studio: String,
    /// What people call the studio; absent where nobody has said.
    #[oai(skip_serializing_if_is_none, validator(max_length = 100))]
    display_name: Option<String>,
    /// The user's role; absent where an administrator sees a studio that they are not a member of.
    #[oai(skip_serializing_if_is_none)]
    role: Option<OneOf<Role>>,
    /// Since when the user is a member; for an administrator who isn't one, when the studio was founded.
    since: Timestamp,
}

impl Example for MembershipResponse {
    fn example() -> Self {
        let (display_name, role) = (Some("Moss & Co".to_owned()), Some(OneOf(Role::Owner)));
        Self { studio: examples::studio(), display_name, role, since: Timestamp(TIME_MS) }
    }
}

impl From<Membership> for MembershipResponse {
    fn from(membership: Membership) -> Self {
        Self {
            studio: membership.studio,
            display_name: Some(membership.title).filter(|title| !title.is_empty()),
            role: membership.role.map(OneOf),
            since: Timestamp(membership.since_ms),
        }
    }
}

/// A player who is linked to an account.
#[derive(Debug, Object)]
#[oai(example, rename = "LinkedPlayer")]
pub struct LinkedPlayerResponse {
    /// The player's id.
    player_id: String,
    /// The player's display name; absent if the player has none.
    #[oai(skip_serializing_if_is_none, validator(min_length = 1, max_length = 32))]
    display_name: Option<String>,
    /// The name in addresses of the studio whose game it is.
    studio: String,
    /// The game's name in addresses.
    game: String,
    /// The game's environment.
    environment: OneOf<Environment>,
    /// When the player was linked.
    linked_at: Timestamp,
}

impl Example for LinkedPlayerResponse {
    fn example() -> Self {
        Self {
            player_id: examples::player(),
            display_name: Some(examples::display_name()),
            studio: examples::studio(),
            game: examples::game(),
            environment: OneOf(Environment::Live),
            linked_at: Timestamp(TIME_MS),
        }
    }
}

impl From<LinkedPlayer> for LinkedPlayerResponse {
    fn from(linked: LinkedPlayer) -> Self {
        Self {
            player_id: linked.player,
            display_name: linked.display_name,
            studio: linked.studio,
            game: linked.game,
            environment: OneOf(linked.environment),
            linked_at: Timestamp(linked.linked_at_ms),
        }
    }
}

/// All data of a user, except for the digests of their secrets.
#[derive(Debug, Object)]
#[oai(example, rename = "AccountExport")]
pub struct AccountExportResponse {
    /// When this export was made.
    exported_at: Timestamp,
    /// The account.
    account: AccountResponse,
    /// The open sessions.
    sessions: Vec<SessionResponse>,
    /// The codes that were sent and not used.
    codes: Vec<PendingCodeResponse>,
    /// The second factor.
    second_factor: SecondFactorResponse,
    /// The identities: accounts at providers with which the user can sign in.
    identities: Vec<ExportedIdentityResponse>,
    /// The studios that the user is a member of.
    memberships: Vec<MembershipResponse>,
    /// The players that are linked to the account.
    players: Vec<LinkedPlayerResponse>,
    /// All else that is kept of the user, by what it is: `people`, `notices` and so on. Later versions may have more in it.
    kept: Value,
    /// The library, as `GET /api/library/export` has it: the import takes it as a file.
    #[oai(skip_serializing_if_is_none)]
    library: Option<Value>,
}

impl Example for AccountExportResponse {
    fn example() -> Self {
        Self {
            exported_at: Timestamp(TIME_MS),
            account: AccountResponse::example(),
            sessions: vec![SessionResponse::example()],
            codes: vec![PendingCodeResponse::example()],
            second_factor: SecondFactorResponse::example(),
            identities: vec![ExportedIdentityResponse::example()],
            memberships: vec![MembershipResponse::example()],
            players: vec![LinkedPlayerResponse::example()],
            kept: json!({"people": {"username": examples::username()}}),
            library: Some(json!({"format": "cairn-library-1", "exported_at": "2026-11-21T08:00:00Z", "entries": []})),
        }
    }
}

impl AccountExportResponse {
    /// As seen from the session whose id is `current`.
    pub fn new(data: AccountData, affiliations: Affiliations, current: &str) -> Self {
        Self {
            exported_at: Timestamp(clock::now_ms()),
            account: data.account.into(),
            sessions: data.sessions.into_iter().map(|session| SessionResponse::new(session, current)).collect(),
            codes: data.codes.into_iter().map(PendingCodeResponse::from).collect(),
            second_factor: data.second_factor.into(),
            identities: data.identities.into_iter().map(ExportedIdentityResponse::from).collect(),
            memberships: affiliations.memberships.into_iter().map(MembershipResponse::from).collect(),
            players: affiliations.players.into_iter().map(LinkedPlayerResponse::from).collect(),
            kept: affiliations.kept.into(),
            // Sent after all this, while it is read.
            library: None,
        }
    }
}
