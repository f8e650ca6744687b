//! Answers, as they go over the wire.

use poem_openapi::{Object, types::Example};

use super::{
    bodies::EXAMPLE_EMAIL as EMAIL,
    model::{Account, Everything, Held, LinkedPlayer, Membership, OpenSession, PendingCode},
    session::Opened,
};
use crate::platform::clock;

const TOKEN: &str = "6f1d0c7be2a94d5f8b3a7c60e1f2d4a96f1d0c7be2a94d5f8b3a7c60e1f2d4a9";
const TIME: &str = "2026-11-21T08:00:00Z";
const USER: &str = "01936b2f4c7e7a10b5d2c3e4f5a60718";
const SESSION: &str = "01936b304c7e7a10b5d2c3e4f5a60718";

/// A letter goes to this address; what it says depends on whether there is an account.
#[derive(Debug, Object)]
#[oai(example)]
pub struct LetterSent {
    /// As it was given.
    pub email: String,
}

impl Example for LetterSent {
    fn example() -> Self {
        Self { email: EMAIL.to_owned() }
    }
}

/// An account.
#[derive(Debug, Object)]
#[oai(example, rename = "Account")]
pub struct AccountResponse {
    /// The user's id.
    user_id: String,
    /// The address, as it was given.
    email: String,
    /// When the account was made.
    created_at: String,
    /// When the password was set.
    password_at: String,
    /// Whether it administers the installation.
    administrator: bool,
}

impl Example for AccountResponse {
    fn example() -> Self {
        let (user_id, email) = (USER.to_owned(), EMAIL.to_owned());
        Self { user_id, email, created_at: TIME.to_owned(), password_at: TIME.to_owned(), administrator: false }
    }
}

impl From<Account> for AccountResponse {
    fn from(account: Account) -> Self {
        Self {
            user_id: account.user.to_string(),
            email: account.email,
            created_at: clock::format(account.created_at_ms),
            password_at: clock::format(account.password_at_ms),
            administrator: account.administrator,
        }
    }
}

/// A session that was just opened.
#[derive(Debug, Object)]
#[oai(example)]
pub struct OpenedSession {
    /// Names the session.
    session_id: String,
    /// Whose it is.
    user_id: String,
    /// Opens the session, as `Authorization: Bearer`; told this once. Absent where the session is a cookie.
    #[oai(skip_serializing_if_is_none)]
    token: Option<String>,
    /// When it ends at the latest.
    expires_at: String,
}

impl Example for OpenedSession {
    fn example() -> Self {
        Self {
            session_id: SESSION.to_owned(),
            user_id: USER.to_owned(),
            token: Some(TOKEN.to_owned()),
            expires_at: TIME.to_owned(),
        }
    }
}

impl From<&Opened> for OpenedSession {
    fn from(opened: &Opened) -> Self {
        Self {
            session_id: opened.shown.id.clone(),
            user_id: opened.user.to_string(),
            token: (!opened.shown.cookie).then(|| opened.token.expose().to_owned()),
            expires_at: clock::format(opened.shown.expires_at_ms),
        }
    }
}

/// An open session.
#[derive(Debug, Object)]
pub struct SessionResponse {
    /// Names the session.
    session_id: String,
    /// Whether it is the one that asks.
    current: bool,
    /// Whether a browser holds it as a cookie.
    cookie: bool,
    /// The address that it was opened from.
    address: String,
    /// What the program that opened it calls itself; a claim.
    agent: String,
    /// When it was opened.
    created_at: String,
    /// When it was last used, to a minute or so.
    used_at: String,
    /// When it ends at the latest.
    expires_at: String,
}

impl SessionResponse {
    fn new(session: OpenSession, current: &str) -> Self {
        Self {
            current: session.id == current,
            session_id: session.id,
            cookie: session.cookie,
            address: session.address,
            agent: session.agent,
            created_at: clock::format(session.created_at_ms),
            used_at: clock::format(session.used_at_ms),
            expires_at: clock::format(session.expires_at_ms),
        }
    }

    fn example() -> Self {
        let [created_at, used_at, expires_at] = [TIME; 3].map(str::to_owned);
        let (address, agent) = ("203.0.113.9".to_owned(), "curl/7.88".to_owned());
        Self {
            session_id: SESSION.to_owned(),
            current: true,
            cookie: false,
            address,
            agent,
            created_at,
            used_at,
            expires_at,
        }
    }
}

/// The open sessions of a user: 50 at most.
#[derive(Debug, Object)]
#[oai(example)]
pub struct SessionsResponse {
    /// Newest first.
    items: Vec<SessionResponse>,
}

impl Example for SessionsResponse {
    fn example() -> Self {
        Self { items: vec![SessionResponse::example()] }
    }
}

impl SessionsResponse {
    /// As the session called `current` sees them.
    pub fn new(everything: Everything, current: &str) -> Self {
        let shown = |session| SessionResponse::new(session, current);
        Self { items: everything.sessions.into_iter().map(shown).collect() }
    }
}

/// A code that was sent and not used.
#[derive(Debug, Object)]
pub struct CodeResponse {
    /// `reset_password` or `change_email`.
    purpose: String,
    /// Where it was sent.
    email: String,
    /// When.
    created_at: String,
    /// When it ends.
    expires_at: String,
}

impl From<PendingCode> for CodeResponse {
    fn from(code: PendingCode) -> Self {
        Self {
            purpose: code.purpose.to_owned(),
            email: code.email,
            created_at: clock::format(code.created_at_ms),
            expires_at: clock::format(code.expires_at_ms),
        }
    }
}

/// A studio that one belongs to.
#[derive(Debug, Object)]
#[oai(example, rename = "Membership")]
pub struct MembershipResponse {
    /// The studio's name in addresses.
    studio: String,
    /// Its title, if it has one.
    #[oai(skip_serializing_if_is_none)]
    title: Option<String>,
    /// `owner`, `developer`, `moderator` or `viewer`; absent where an administrator sees a studio that is another's.
    #[oai(skip_serializing_if_is_none)]
    role: Option<String>,
    /// Since when one belongs to it; to an administrator who does not, since when there is one.
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

/// A player that belongs to an account.
#[derive(Debug, Object)]
#[oai(example, rename = "LinkedPlayer")]
pub struct LinkedPlayerResponse {
    /// The player's id.
    player_id: String,
    /// Whose game it is, by its name in addresses.
    studio: String,
    /// The game, by its name in addresses.
    game: String,
    /// `live` or `dev`.
    environment: String,
    /// Since when the player belongs to the account.
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

/// All that is kept of a user, but for the digests of its secrets.
#[derive(Debug, Object)]
#[oai(example)]
pub struct Export {
    /// When this was written.
    exported_at: String,
    /// The account.
    account: AccountResponse,
    /// Its sessions.
    sessions: Vec<SessionResponse>,
    /// Codes that were sent and not used.
    codes: Vec<CodeResponse>,
    /// The studios that the user belongs to.
    memberships: Vec<MembershipResponse>,
    /// The players that belong to the account.
    players: Vec<LinkedPlayerResponse>,
}

impl Example for Export {
    fn example() -> Self {
        let code = CodeResponse {
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

impl Export {
    /// As the session called `current` sees it.
    pub fn new(everything: Everything, held: Held, current: &str) -> Self {
        let shown = |session| SessionResponse::new(session, current);
        Self {
            exported_at: clock::format(clock::now_ms()),
            account: everything.account.into(),
            sessions: everything.sessions.into_iter().map(shown).collect(),
            codes: everything.codes.into_iter().map(CodeResponse::from).collect(),
            memberships: held.memberships.into_iter().map(MembershipResponse::from).collect(),
            players: held.players.into_iter().map(LinkedPlayerResponse::from).collect(),
        }
    }
}
