//! The table: what each operation demands, and what is answered.

use cairn::identity::access::{Permission, Role};

use super::callers::{GAME, READABLE, Shows, User};
use crate::support::keys::names;

/// The credentials that an operation requires.
#[derive(Clone, Copy)]
pub enum Demands {
    Nothing,
    /// A key that may do that, or nothing where the open world is on.
    KeyOrOpen(Permission),
    /// A key that may do that.
    Key(Permission),
    /// A key that may read, or the name of a game that anyone may.
    KeyOrName,
    /// A secret key of the game in the address that may do that, or the session of a member who may.
    StudioCaller(Permission),
    /// The same, of whichever world the key opens, or the session names.
    StudioCallerAnywhere(Permission),
    Player,
    /// The player whose trace it is.
    Author,
    Session,
    /// The session of a member of moss who is at least that.
    Member(Role),
}

/// The answer.
#[derive(Clone, Copy)]
pub enum Answer {
    /// That.
    Is(&'static str),
    /// That, and it is to be seen that it was the caller's world: shown, or written to.
    Of(&'static str),
}

use Answer::{Is, Of};

pub const TABLE: &[(&str, Demands, Answer)] = &[
    ("GET /health", Demands::Nothing, Is("200")),
    ("GET /livez", Demands::Nothing, Is("200")),
    ("GET /readyz", Demands::Nothing, Is("200")),
    ("GET /get-objects", Demands::KeyOrOpen(Permission::Read), Of("200")),
    ("POST /add-object", Demands::KeyOrOpen(Permission::Write), Of("201")),
    ("GET /v1/game", Demands::KeyOrName, Of("200")),
    ("GET /v1/games/{game}/keys", Demands::StudioCaller(Permission::Admin), Of("200")),
    ("GET /v1/games/{game}/settings", Demands::StudioCaller(Permission::Admin), Is("200")),
    ("PATCH /v1/games/{game}/settings", Demands::StudioCaller(Permission::Admin), Is("400 malformed")),
    ("POST /v1/players", Demands::Key(Permission::Write), Is("200")),
    ("POST /v1/players/refresh", Demands::Key(Permission::Write), Is("422 invalid")),
    ("GET /v1/players/me", Demands::Player, Is("200")),
    ("POST /v1/traces", Demands::Player, Is("422 invalid")),
    ("POST /v1/traces/import", Demands::StudioCallerAnywhere(Permission::Admin), Is("200")),
    ("GET /v1/traces/export", Demands::StudioCallerAnywhere(Permission::Admin), Is("200")),
    ("GET /v1/deck", Demands::KeyOrName, Is("200")),
    ("GET /v1/scopes/{scope}/traces", Demands::KeyOrName, Is("200")),
    ("GET /v1/changes", Demands::KeyOrName, Is("200")),
    ("POST /v1/traces/query", Demands::KeyOrName, Is("422 invalid")),
    ("GET /v1/traces/{trace_id}", Demands::KeyOrName, Of("200")),
    ("PATCH /v1/traces/{trace_id}", Demands::Author, Is("200")),
    ("DELETE /v1/traces/{trace_id}", Demands::Author, Is("204")),
    ("GET /v1/players/me/traces", Demands::Player, Is("200")),
    ("POST /v1/traces/sync", Demands::Player, Is("422 invalid")),
    ("GET /v1/players/{player_id}/seed-names", Demands::Key(Permission::Admin), Is("404 player_not_found")),
    ("PUT /v1/players/{player_id}/seed-names/{u_uuid}", Demands::Key(Permission::Admin), Is("404 player_not_found")),
    ("DELETE /v1/players/{player_id}/seed-names/{u_uuid}", Demands::Key(Permission::Admin), Is("404 player_not_found")),
    ("POST /v1/recordings", Demands::Player, Is("422 invalid")),
    ("GET /v1/recordings/{recording_id}", Demands::KeyOrName, Is("404 recording_not_found")),
    ("GET /v1/players/me/hidden", Demands::Player, Is("200")),
    ("PUT /v1/players/me/hidden/{player_id}", Demands::Player, Is("204")),
    ("DELETE /v1/players/me/hidden/{player_id}", Demands::Player, Is("204")),
    ("PUT /v1/traces/{trace_id}/vote", Demands::Player, Is("400 malformed")),
    ("DELETE /v1/traces/{trace_id}/vote", Demands::Player, Is("200")),
    ("POST /v1/traces/{trace_id}/uses", Demands::Player, Is("204")),
    ("PUT /v1/traces/{trace_id}/report", Demands::Player, Is("400 malformed")),
    ("GET /v1/inbox", Demands::Player, Is("200")),
    ("GET /v1/moderation/queue", Demands::StudioCallerAnywhere(Permission::Moderate), Is("200")),
    ("POST /v1/moderation/actions", Demands::StudioCallerAnywhere(Permission::Moderate), Is("422 invalid")),
    ("POST /v1/account/register", Demands::Nothing, Is("422 invalid")),
    ("POST /v1/account", Demands::Nothing, Is("422 invalid")),
    ("POST /v1/account/sessions", Demands::Nothing, Is("422 invalid")),
    ("POST /v1/account/password/forgotten", Demands::Nothing, Is("422 invalid")),
    ("POST /v1/account/password/reset", Demands::Nothing, Is("422 invalid")),
    ("GET /v1/account", Demands::Session, Is("200")),
    ("GET /v1/account/export", Demands::Session, Is("200")),
    ("GET /v1/account/sessions", Demands::Session, Is("200")),
    ("POST /v1/account/delete", Demands::Session, Is("422 invalid")),
    ("POST /v1/account/password/change", Demands::Session, Is("422 invalid")),
    ("POST /v1/account/email/change", Demands::Session, Is("422 invalid")),
    ("POST /v1/account/email/confirm", Demands::Session, Is("422 invalid")),
    ("DELETE /v1/account/sessions/{session_id}", Demands::Session, Is("404 session_not_found")),
    ("POST /v1/setup", Demands::Nothing, Is("422 invalid")),
    ("POST /v1/players/me/link-code", Demands::Player, Is("201")),
    ("POST /v1/account/players", Demands::Session, Is("422 invalid")),
    ("GET /v1/account/players", Demands::Session, Is("200")),
    ("DELETE /v1/account/players/{player_id}", Demands::Session, Is("404 player_not_found")),
    ("POST /v1/studios", Demands::Session, Is("422 invalid")),
    ("GET /v1/studios", Demands::Session, Is("200")),
    ("POST /v1/invitations/accept", Demands::Session, Is("422 invalid")),
    ("GET /v1/studios/{studio}/members", Demands::Member(Role::Viewer), Is("200")),
    ("PATCH /v1/studios/{studio}/members/{user_id}", Demands::Member(Role::Owner), Is("422 invalid")),
    ("DELETE /v1/studios/{studio}/members/{user_id}", Demands::Member(Role::Owner), Is("404 member_not_found")),
    ("POST /v1/studios/{studio}/invitations", Demands::Member(Role::Owner), Is("422 invalid")),
    ("GET /v1/studios/{studio}/invitations", Demands::Member(Role::Owner), Is("200")),
    (
        "DELETE /v1/studios/{studio}/invitations/{invitation_id}",
        Demands::Member(Role::Owner),
        Is("404 invitation_not_found"),
    ),
    ("GET /v1/studios/{studio}/audit", Demands::Member(Role::Developer), Is("200")),
    ("GET /v1/studios/{studio}/games", Demands::Member(Role::Viewer), Is("200")),
    ("POST /v1/studios/{studio}/games", Demands::Member(Role::Developer), Is("422 invalid")),
    ("GET /v1/studios/{studio}/games/{game}/keys", Demands::Member(Role::Developer), Is("200")),
    ("POST /v1/studios/{studio}/games/{game}/keys", Demands::Member(Role::Developer), Is("422 invalid")),
    (
        "POST /v1/studios/{studio}/games/{game}/keys/{key}/rotate",
        Demands::Member(Role::Developer),
        Is("404 key_not_found"),
    ),
    ("DELETE /v1/studios/{studio}/games/{game}/keys/{key}", Demands::Member(Role::Developer), Is("404 key_not_found")),
    ("DELETE /v1/account/sessions/current", Demands::Session, Is("204")),
    ("DELETE /v1/account/sessions", Demands::Session, Is("204")),
];

/// The role of a user in the studio `moss`.
fn role_of(user: User) -> Role {
    match user {
        User::Of(role) => role,
        User::Administrator => Role::Viewer,
        User::Alone | User::Elsewhere => unreachable!("to them it is not there"),
    }
}

/// The permissions of each role in a world.
fn may(role: Role) -> &'static [Permission] {
    match role {
        Role::Viewer => &[Permission::Read],
        Role::Moderator => &[Permission::Read, Permission::Moderate],
        Role::Developer | Role::Owner => {
            &[Permission::Read, Permission::Moderate, Permission::Write, Permission::Admin]
        }
    }
}

/// The expected answer to a caller of an operation with these requirements: `200 moss/climb/live` also says which world it was shown,
/// or wrote to; a word is the code of a problem.
pub fn expected(shows: Shows, demands: Demands, answer: Answer, open: bool) -> String {
    let (status, of_a_world) = match answer {
        Is(status) => (status, false),
        Of(status) => (status, true),
    };
    let in_world = |world: &str| if of_a_world { format!("{status} {world}") } else { status.to_owned() };
    let with_key = |world: &str, scopes: &[Permission], needs: Permission| {
        if scopes.contains(&needs) { in_world(world) } else { "403 scope_missing".to_owned() }
    };
    match (demands, shows) {
        (Demands::Nothing, _)
        | (Demands::Player, Shows::Player | Shows::Author)
        | (Demands::Author, Shows::Author)
        | (Demands::Session, Shows::Session(_)) => status.to_owned(),
        (
            Demands::Session | Demands::Member(_) | Demands::StudioCaller(_) | Demands::StudioCallerAnywhere(_),
            Shows::Player | Shows::Author | Shows::Ended,
        ) => "401 session_not_valid".to_owned(),
        (Demands::Author, Shows::Player) => "403 not_yours".to_owned(),
        (
            Demands::Member(_) | Demands::StudioCaller(_) | Demands::StudioCallerAnywhere(_),
            Shows::Session(User::Alone | User::Elsewhere),
        ) => "404 studio_not_found".to_owned(),
        (Demands::Member(needs), Shows::Session(user)) => {
            let enough = role_of(user) >= needs;
            if enough { status.to_owned() } else { "403 role_missing".to_owned() }
        }
        (Demands::StudioCaller(needs) | Demands::StudioCallerAnywhere(needs), Shows::Session(user)) => {
            let enough = may(role_of(user)).contains(&needs);
            if enough { in_world("moss/climb/live") } else { "403 role_missing".to_owned() }
        }
        (Demands::Session | Demands::Member(_), _) => "401 not_signed_in".to_owned(),
        (Demands::Player | Demands::Author, Shows::Session(_) | Shows::Ended) => "401 player_token_invalid".to_owned(),
        (Demands::Player | Demands::Author, _) => "401 player_token_needed".to_owned(),
        (Demands::KeyOrName, Shows::Name(world)) if world == READABLE => in_world(world),
        (Demands::KeyOrName, Shows::Key(world, scopes)) => with_key(world, scopes, Permission::Read),
        (_, Shows::NoKey) => "401 key_invalid".to_owned(),
        (Demands::StudioCaller(needs), Shows::Key(world, scopes)) => {
            if scopes.contains(&needs) && names(world)[1] != GAME {
                return "404 game_not_found".to_owned();
            }
            with_key(world, scopes, needs)
        }
        (
            Demands::Key(needs) | Demands::KeyOrOpen(needs) | Demands::StudioCallerAnywhere(needs),
            Shows::Key(world, scopes),
        ) => with_key(world, scopes, needs),
        (Demands::KeyOrOpen(_), _) if open => in_world("open"),
        (Demands::StudioCaller(_) | Demands::StudioCallerAnywhere(_), Shows::Nothing | Shows::Name(_)) => {
            "401 key_or_session_needed".to_owned()
        }
        (Demands::Key(_) | Demands::KeyOrName | Demands::KeyOrOpen(_), _) => "401 key_needed".to_owned(),
    }
}
