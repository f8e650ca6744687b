//! The response with all data of an account, and its parts that other features show too.

use poem_openapi::{ApiResponse, Object, types::Example};

use super::{AccountResponse, TIME, sessions::SessionResponse};
use crate::{
    http::no_store::NoStore,
    identity::accounts::model::{AccountData, Affiliations, LinkedPlayer, Membership, PendingCode},
    platform::clock,
};

#[derive(ApiResponse)]
pub enum AccountExported {
    /// All data of the account.
    #[oai(status = 200)]
    Export(
        NoStore<AccountExportResponse>,
        /// Makes a browser save it as a file.
        #[oai(header = "Content-Disposition")]
        String,
    ),
}

impl From<AccountExportResponse> for AccountExported {
    fn from(export: AccountExportResponse) -> Self {
        Self::Export(NoStore(export), r#"attachment; filename="account.json""#.to_owned())
    }
}

/// A code that was sent and not used.
#[derive(Debug, Object)]
#[oai(rename = "PendingCode")]
pub struct PendingCodeResponse {
    /// `reset_password` or `change_email`.
    purpose: String,
    /// The address that it was sent to.
    email: String,
    /// When it was sent.
    created_at: String,
    /// When it expires.
    expires_at: String,
}

impl From<PendingCode> for PendingCodeResponse {
    fn from(code: PendingCode) -> Self {
        Self {
            purpose: code.purpose.name().to_owned(),
            email: code.email,
            created_at: clock::format(code.created_at_ms),
            expires_at: clock::format(code.expires_at_ms),
        }
    }
}

/// A studio that the user is a member of.
#[derive(Debug, Object)]
#[oai(example, rename = "Membership")]
pub struct MembershipResponse {
    /// The studio's name in URLs.
    studio: String,
    /// The studio's title, if it has one.
    #[oai(skip_serializing_if_is_none)]
    title: Option<String>,
    /// `owner`, `developer`, `moderator` or `viewer`; absent where an administrator sees a studio that they are not a
    /// member of.
    #[oai(skip_serializing_if_is_none)]
    role: Option<String>,
    /// Since when the user is a member; for an administrator who isn't one, when the studio was founded.
    since: String,
}

impl Example for MembershipResponse {
    fn example() -> Self {
        let (title, role) = (Some("Moss & Co".to_owned()), Some("owner".to_owned()));
        Self { studio: "moss".to_owned(), title, role, since: TIME.to_owned() }
    }
}

impl From<Membership> for MembershipResponse {
    fn from(membership: Membership) -> Self {
        Self {
            studio: membership.studio,
            title: Some(membership.title).filter(|title| !title.is_empty()),
            role: membership.role.map(|role| role.name().to_owned()),
            since: clock::format(membership.since_ms),
        }
    }
}

/// A player who is linked to an account.
#[derive(Debug, Object)]
#[oai(example, rename = "LinkedPlayer")]
pub struct LinkedPlayerResponse {
    /// The player's id.
    player_id: String,
    /// The name in URLs of the studio whose game it is.
    studio: String,
    /// The game's name in URLs.
    game: String,
    /// `live` or `dev`.
    environment: String,
    /// When the player was linked.
    linked_at: String,
}

impl Example for LinkedPlayerResponse {
    fn example() -> Self {
        Self {
            player_id: "01936b2f-4c7e-7a10-b5d2-c3e4f5a60718".to_owned(),
            studio: "moss".to_owned(),
            game: "climb".to_owned(),
            environment: "live".to_owned(),
            linked_at: TIME.to_owned(),
        }
    }
}

impl From<LinkedPlayer> for LinkedPlayerResponse {
    fn from(linked: LinkedPlayer) -> Self {
        Self {
            player_id: linked.player,
            studio: linked.studio,
            game: linked.game,
            environment: linked.environment.name().to_owned(),
            linked_at: clock::format(linked.linked_at_ms),
        }
    }
}

/// All data of a user, except for the digests of their secrets.
#[derive(Debug, Object)]
#[oai(example, rename = "AccountExport")]
pub struct AccountExportResponse {
    /// When this export was made.
    exported_at: String,
    /// The account.
    account: AccountResponse,
    /// The open sessions.
    sessions: Vec<SessionResponse>,
    /// The codes that were sent and not used.
    codes: Vec<PendingCodeResponse>,
    /// The studios that the user is a member of.
    memberships: Vec<MembershipResponse>,
    /// The players that are linked to the account.
    players: Vec<LinkedPlayerResponse>,
}

impl Example for AccountExportResponse {
    fn example() -> Self {
        let code = PendingCodeResponse {
            purpose: "change_email".to_owned(),
            email: "ann@new.example".to_owned(),
            created_at: TIME.to_owned(),
            expires_at: TIME.to_owned(),
        };
        Self {
            exported_at: TIME.to_owned(),
            account: AccountResponse::example(),
            sessions: vec![SessionResponse::example()],
            codes: vec![code],
            memberships: vec![MembershipResponse::example()],
            players: vec![LinkedPlayerResponse::example()],
        }
    }
}

impl AccountExportResponse {
    /// As seen from the session whose id is `current`.
    pub fn new(data: AccountData, affiliations: Affiliations, current: &str) -> Self {
        Self {
            exported_at: clock::format(clock::now_ms()),
            account: data.account.into(),
            sessions: data.sessions.into_iter().map(|session| SessionResponse::new(session, current)).collect(),
            codes: data.codes.into_iter().map(PendingCodeResponse::from).collect(),
            memberships: affiliations.memberships.into_iter().map(MembershipResponse::from).collect(),
            players: affiliations.players.into_iter().map(LinkedPlayerResponse::from).collect(),
        }
    }
}
