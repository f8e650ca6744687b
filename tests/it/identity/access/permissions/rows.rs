//! The table: what each operation requires, and what is answered.

use cairn::identity::access::{Permission, Role};

use super::callers::{Credential, GAME, READABLE, User};
use crate::support::keys::names;

/// The credentials that an operation requires.
#[derive(Clone, Copy)]
pub enum Requires {
    Nothing,
    /// A key that may do that, or nothing where the open world is on.
    KeyOrOpen(Permission),
    /// A key that may do that.
    Key(Permission),
    /// A key that may read, or the name of a game that anyone may.
    KeyOrName,
    /// The same, or the token of a player.
    KeyOrNameOrPlayer,
    /// A secret key of the game in the address that may do that, or the session of a member who may.
    StudioCaller(Permission),
    /// A secret key of the game in the address that may moderate, or the session of any member.
    StudioReader,
    /// As `StudioCaller`, of whichever world the key opens, or the session names.
    StudioCallerAnywhere(Permission),
    Player,
    /// The player whose trace it is.
    Author,
    Session,
    /// Nothing; but a session that is shown must be valid.
    Viewer,
    /// The session of an administrator of the installation.
    Administrator,
    /// The session of somebody who moderates the installation, as administrators do.
    Moderator,
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

pub const TABLE: &[(&str, Requires, Answer)] = &[
    ("GET /health", Requires::Nothing, Is("200")),
    ("GET /livez", Requires::Nothing, Is("200")),
    ("GET /readyz", Requires::Nothing, Is("200")),
    ("PUT /blobs/{bucket}/{key}", Requires::Nothing, Is("400 upload_header_missing")),
    ("GET /blobs/{bucket}/{key}", Requires::Nothing, Is("404 file_not_found")),
    ("GET /get-objects", Requires::KeyOrOpen(Permission::Read), Of("200")),
    ("POST /add-object", Requires::KeyOrOpen(Permission::Write), Of("201")),
    ("GET /v1/game", Requires::KeyOrName, Of("200")),
    ("GET /v1/games/{game}/keys", Requires::StudioCaller(Permission::Admin), Of("200")),
    ("GET /v1/games/{game}/scopes", Requires::StudioReader, Is("200")),
    ("GET /v1/games/{game}/map", Requires::StudioReader, Is("200")),
    ("GET /v1/games/{game}/settings", Requires::StudioCaller(Permission::Admin), Is("200")),
    ("GET /v1/storage", Requires::StudioCallerAnywhere(Permission::Admin), Is("200")),
    ("PATCH /v1/games/{game}/settings", Requires::StudioCaller(Permission::Admin), Is("400 malformed")),
    ("POST /v1/players", Requires::Key(Permission::Write), Is("200")),
    ("POST /v1/players/refresh", Requires::Key(Permission::Write), Is("422 invalid")),
    ("GET /v1/players/me", Requires::Player, Is("200")),
    ("PATCH /v1/players/me", Requires::Player, Is("200")),
    ("POST /v1/players/me/change", Requires::Player, Is("422 invalid")),
    ("POST /v1/players/names", Requires::KeyOrName, Is("422 invalid")),
    ("POST /v1/traces", Requires::Player, Is("422 invalid")),
    ("POST /v1/traces/import", Requires::StudioCallerAnywhere(Permission::Admin), Is("200")),
    ("GET /v1/traces/export", Requires::StudioCallerAnywhere(Permission::Admin), Is("200")),
    ("GET /v1/deck", Requires::KeyOrName, Is("200")),
    ("GET /v1/scopes/{scope}/traces", Requires::KeyOrName, Is("200")),
    ("GET /v1/changes", Requires::KeyOrName, Is("200")),
    ("POST /v1/traces/query", Requires::KeyOrNameOrPlayer, Is("422 invalid")),
    ("GET /v1/traces/{trace_id}", Requires::KeyOrName, Of("200")),
    ("PATCH /v1/traces/{trace_id}", Requires::Author, Is("200")),
    ("POST /v1/traces/{trace_id}/change", Requires::Author, Is("200")),
    ("DELETE /v1/traces/{trace_id}", Requires::Author, Is("204")),
    ("POST /v1/traces/{trace_id}/withdraw", Requires::Author, Is("204")),
    ("GET /v1/players/me/traces", Requires::Player, Is("200")),
    ("POST /v1/traces/sync", Requires::Player, Is("422 invalid")),
    ("GET /v1/players/{player_id}/v0-names", Requires::Key(Permission::Admin), Is("404 player_not_found")),
    ("PUT /v1/players/{player_id}/v0-names/{u_uuid}", Requires::Key(Permission::Admin), Is("404 player_not_found")),
    ("DELETE /v1/players/{player_id}/v0-names/{u_uuid}", Requires::Key(Permission::Admin), Is("404 player_not_found")),
    ("POST /v1/recordings", Requires::Player, Is("422 invalid")),
    ("POST /v1/recordings/packed", Requires::Player, Is("415 unsupported_media_type")),
    ("GET /v1/recordings/{recording_id}", Requires::KeyOrName, Is("404 recording_not_found")),
    ("GET /v1/recordings/{recording_id}/packed", Requires::KeyOrName, Is("404 recording_not_found")),
    ("GET /v1/players/me/hidden", Requires::Player, Is("200")),
    ("PUT /v1/players/me/hidden/{player_id}", Requires::Player, Is("204")),
    ("DELETE /v1/players/me/hidden/{player_id}", Requires::Player, Is("204")),
    ("POST /v1/players/me/hidden/{player_id}", Requires::Player, Is("204")),
    ("POST /v1/players/me/hidden/{player_id}/remove", Requires::Player, Is("204")),
    ("PUT /v1/traces/{trace_id}/vote", Requires::Player, Is("400 malformed")),
    ("DELETE /v1/traces/{trace_id}/vote", Requires::Player, Is("200")),
    ("POST /v1/traces/{trace_id}/vote", Requires::Player, Is("422 invalid")),
    ("POST /v1/traces/{trace_id}/vote/withdraw", Requires::Player, Is("200")),
    ("POST /v1/votes", Requires::Player, Is("422 invalid")),
    ("POST /v1/uses", Requires::Player, Is("422 invalid")),
    ("POST /v1/traces/{trace_id}/uses", Requires::Player, Is("204")),
    ("PUT /v1/traces/{trace_id}/report", Requires::Player, Is("400 malformed")),
    ("POST /v1/traces/{trace_id}/report", Requires::Player, Is("422 invalid")),
    ("GET /v1/inbox", Requires::Player, Is("200")),
    ("GET /v1/moderation/queue", Requires::StudioCallerAnywhere(Permission::Moderate), Is("200")),
    ("POST /v1/moderation/actions", Requires::StudioCallerAnywhere(Permission::Moderate), Is("422 invalid")),
    ("POST /v1/account/register", Requires::Nothing, Is("422 invalid")),
    ("POST /v1/account", Requires::Nothing, Is("422 invalid")),
    ("POST /v1/account/sessions", Requires::Nothing, Is("422 invalid")),
    ("POST /v1/account/password/forgotten", Requires::Nothing, Is("422 invalid")),
    ("POST /v1/account/password/reset", Requires::Nothing, Is("422 invalid")),
    ("GET /v1/account", Requires::Session, Is("200")),
    ("GET /v1/account/export", Requires::Session, Is("200")),
    ("GET /v1/account/sessions", Requires::Session, Is("200")),
    ("POST /v1/account/delete", Requires::Session, Is("422 invalid")),
    ("POST /v1/account/password/change", Requires::Session, Is("422 invalid")),
    ("POST /v1/account/email/change", Requires::Session, Is("422 invalid")),
    ("POST /v1/account/email/confirm", Requires::Session, Is("422 invalid")),
    ("DELETE /v1/account/sessions/{session_id}", Requires::Session, Is("404 session_not_found")),
    ("POST /v1/account/sessions/second-factor", Requires::Nothing, Is("422 invalid")),
    ("GET /v1/account/second-factor", Requires::Session, Is("200")),
    ("POST /v1/account/second-factor", Requires::Session, Is("422 invalid")),
    ("POST /v1/account/second-factor/confirm", Requires::Session, Is("422 invalid")),
    ("POST /v1/account/second-factor/recovery-codes", Requires::Session, Is("422 invalid")),
    ("POST /v1/account/second-factor/remove", Requires::Session, Is("422 invalid")),
    ("GET /v1/account/providers", Requires::Nothing, Is("200")),
    ("GET /v1/account/oidc/{provider}/start", Requires::Nothing, Is("302")),
    ("GET /v1/account/oidc/{provider}/callback", Requires::Nothing, Is("302")),
    ("GET /v1/account/identities", Requires::Session, Is("200")),
    ("POST /v1/account/identities", Requires::Session, Is("422 invalid")),
    ("DELETE /v1/account/identities/{identity_id}", Requires::Session, Is("404 identity_not_found")),
    ("POST /v1/setup", Requires::Nothing, Is("422 invalid")),
    ("POST /v1/players/me/link-code", Requires::Player, Is("201")),
    ("POST /v1/account/players", Requires::Session, Is("422 invalid")),
    ("GET /v1/account/players", Requires::Session, Is("200")),
    ("DELETE /v1/account/players/{player_id}", Requires::Session, Is("404 player_not_found")),
    ("POST /v1/studios", Requires::Session, Is("422 invalid")),
    ("GET /v1/studios", Requires::Session, Is("200")),
    ("POST /v1/invitations/accept", Requires::Session, Is("422 invalid")),
    ("GET /v1/studios/{studio}/members", Requires::Member(Role::Viewer), Is("200")),
    ("PATCH /v1/studios/{studio}/members/{user_id}", Requires::Member(Role::Owner), Is("422 invalid")),
    ("DELETE /v1/studios/{studio}/members/{user_id}", Requires::Member(Role::Owner), Is("404 member_not_found")),
    ("POST /v1/studios/{studio}/invitations", Requires::Member(Role::Owner), Is("422 invalid")),
    ("GET /v1/studios/{studio}/invitations", Requires::Member(Role::Owner), Is("200")),
    (
        "DELETE /v1/studios/{studio}/invitations/{invitation_id}",
        Requires::Member(Role::Owner),
        Is("404 invitation_not_found"),
    ),
    ("GET /v1/studios/{studio}/audit", Requires::Member(Role::Developer), Is("200")),
    ("GET /v1/studios/{studio}/games", Requires::Member(Role::Viewer), Is("200")),
    ("POST /v1/studios/{studio}/games", Requires::Member(Role::Developer), Is("422 invalid")),
    ("GET /v1/studios/{studio}/games/{game}/keys", Requires::Member(Role::Developer), Is("200")),
    ("POST /v1/studios/{studio}/games/{game}/keys", Requires::Member(Role::Developer), Is("422 invalid")),
    (
        "POST /v1/studios/{studio}/games/{game}/keys/{key}/rotate",
        Requires::Member(Role::Developer),
        Is("404 key_not_found"),
    ),
    ("DELETE /v1/studios/{studio}/games/{game}/keys/{key}", Requires::Member(Role::Developer), Is("404 key_not_found")),
    ("POST /api/users", Requires::Nothing, Is("422 invalid")),
    ("GET /api/users", Requires::Session, Is("200")),
    ("PUT /api/users", Requires::Session, Is("400 malformed")),
    ("DELETE /api/users", Requires::Session, Is("400 malformed")),
    ("GET /api/users/{username}", Requires::Viewer, Is("404 person_not_found")),
    ("GET /api/people", Requires::Session, Is("422 invalid")),
    ("GET /api/people/place", Requires::Session, Is("404 place_not_found")),
    ("PUT /api/people/place", Requires::Session, Is("400 malformed")),
    ("DELETE /api/people/place", Requires::Session, Is("204")),
    ("GET /api/follows", Requires::Session, Is("200")),
    ("PUT /api/follows/{username}", Requires::Session, Is("404 person_not_found")),
    ("DELETE /api/follows/{username}", Requires::Session, Is("204")),
    ("GET /api/blocks", Requires::Session, Is("200")),
    ("PUT /api/blocks/{username}", Requires::Session, Is("404 person_not_found")),
    ("DELETE /api/blocks/{username}", Requires::Session, Is("204")),
    ("GET /api/notices", Requires::Session, Is("200")),
    ("POST /api/notices/read", Requires::Session, Is("422 invalid")),
    ("GET /api/notices/settings", Requires::Session, Is("200")),
    ("PUT /api/notices/settings/{kind}", Requires::Session, Is("400 malformed")),
    ("DELETE /api/notices/{notice_id}", Requires::Session, Is("404 notice_not_found")),
    ("GET /v1/players/me/export", Requires::Player, Is("200")),
    (
        "GET /v1/players/{player_id}/export",
        Requires::StudioCallerAnywhere(Permission::Admin),
        Is("404 player_not_found"),
    ),
    ("DELETE /v1/players/{player_id}", Requires::StudioCallerAnywhere(Permission::Admin), Is("404 player_not_found")),
    ("DELETE /v1/players/me", Requires::Player, Is("204")),
    ("POST /v1/players/me/erase", Requires::Player, Is("204")),
    ("DELETE /v1/account/sessions/current", Requires::Session, Is("204")),
    ("POST /api/library", Requires::Session, Is("422 invalid")),
    ("GET /api/library", Requires::Session, Is("200")),
    ("GET /api/library/statistics", Requires::Session, Is("200")),
    ("GET /api/library/export", Requires::Session, Is("200")),
    ("POST /api/library/bulk", Requires::Session, Is("422 invalid")),
    ("POST /api/library/edits/{edit_id}/undo", Requires::Session, Is("404 edit_not_found")),
    ("GET /api/library/{game_id}", Requires::Session, Is("404 entry_not_found")),
    ("PUT /api/library/{game_id}", Requires::Session, Is("404 entry_not_found")),
    ("DELETE /api/library/{game_id}", Requires::Session, Is("404 entry_not_found")),
    ("POST /api/library/{game_id}/time", Requires::Session, Is("404 entry_not_found")),
    ("POST /api/library/{game_id}/playthroughs", Requires::Session, Is("404 entry_not_found")),
    ("PUT /api/library/{game_id}/playthroughs/{playthrough}", Requires::Session, Is("404 entry_not_found")),
    ("DELETE /api/library/{game_id}/playthroughs/{playthrough}", Requires::Session, Is("404 entry_not_found")),
    ("POST /api/library/import", Requires::Session, Is("422 import_unknown")),
    ("GET /api/library/import", Requires::Session, Is("200")),
    ("GET /api/library/import/{import_id}", Requires::Session, Is("404 import_not_found")),
    ("DELETE /api/library/import/{import_id}", Requires::Session, Is("404 import_not_found")),
    ("GET /api/library/import/{import_id}/rows", Requires::Session, Is("404 import_not_found")),
    ("PUT /api/library/import/{import_id}/rows/{row}", Requires::Session, Is("404 import_not_found")),
    ("POST /api/library/import/{import_id}/apply", Requires::Session, Is("404 import_not_found")),
    ("POST /api/library/import/{import_id}/undo", Requires::Session, Is("404 import_not_found")),
    ("GET /api/users/{username}/library", Requires::Viewer, Is("404 person_not_found")),
    ("GET /api/users/{username}/statistics", Requires::Viewer, Is("404 person_not_found")),
    ("DELETE /v1/account/sessions", Requires::Session, Is("204")),
    ("GET /api/feed", Requires::Session, Is("200")),
    ("GET /api/home", Requires::Session, Is("200")),
    ("POST /api/reports", Requires::Session, Is("422 invalid")),
    ("GET /api/verdicts", Requires::Session, Is("200")),
    ("POST /api/verdicts/{verdict_id}/appeal", Requires::Session, Is("404 verdict_not_found")),
    ("GET /api/moderation/queue", Requires::Moderator, Is("200")),
    ("POST /api/moderation/verdicts", Requires::Session, Is("422 invalid")),
    ("POST /api/moderation/verdicts/{verdict_id}/undo", Requires::Moderator, Is("404 verdict_not_found")),
    ("GET /api/moderation/audit", Requires::Moderator, Is("200")),
    ("GET /api/moderation/moderators", Requires::Moderator, Is("200")),
    ("PUT /api/moderation/moderators/{username}", Requires::Administrator, Is("404 person_not_found")),
    ("DELETE /api/moderation/moderators/{username}", Requires::Administrator, Is("404 person_not_found")),
    ("GET /api/app-passwords", Requires::Session, Is("200")),
    ("POST /api/app-passwords", Requires::Session, Is("422 invalid")),
    ("DELETE /api/app-passwords/{password_id}", Requires::Session, Is("404 app_password_not_found")),
    ("GET /api/saves", Requires::Session, Is("200")),
    ("POST /api/saves", Requires::Session, Is("422 invalid")),
    ("GET /api/saves/{save_id}", Requires::Session, Is("404 save_not_found")),
    ("DELETE /api/saves/{save_id}", Requires::Session, Is("428 if_match_needed")),
    ("GET /api/saves/{save_id}/versions", Requires::Session, Is("404 save_not_found")),
    ("POST /api/saves/{save_id}/versions", Requires::Session, Is("428 if_match_needed")),
    ("GET /api/saves/{save_id}/versions/{number}", Requires::Session, Is("404 save_not_found")),
    ("POST /api/saves/{save_id}/versions/{number}/uploads", Requires::Session, Is("404 save_not_found")),
    ("POST /api/saves/{save_id}/versions/{number}/restore", Requires::Session, Is("428 if_match_needed")),
    ("POST /api/games/{game_id}/media/{media_uuid}", Requires::Session, Is("422 invalid")),
    ("GET /api/games/{game_id}/media/{media_uuid}", Requires::Viewer, Is("404 game_not_found")),
    ("PUT /api/games/{game_id}/media/{media_uuid}", Requires::Session, Is("428 if_match_needed")),
    ("DELETE /api/games/{game_id}/media/{media_uuid}", Requires::Session, Is("428 if_match_needed")),
    ("GET /api/games/{game_id}/media", Requires::Viewer, Is("404 game_not_found")),
    ("GET /api/users/{username}/media", Requires::Viewer, Is("404 person_not_found")),
    ("POST /api/challenges", Requires::Session, Is("422 invalid")),
    ("GET /api/challenges", Requires::Session, Is("200")),
    ("GET /api/challenges/{challenge_id}", Requires::Viewer, Is("404 challenge_not_found")),
    ("PUT /api/challenges/{challenge_id}", Requires::Session, Is("428 if_match_needed")),
    ("DELETE /api/challenges/{challenge_id}", Requires::Session, Is("428 if_match_needed")),
    ("GET /api/challenges/{challenge_id}/moves", Requires::Viewer, Is("404 challenge_not_found")),
    ("POST /api/challenges/{challenge_id}/moves", Requires::Session, Is("404 challenge_not_found")),
    ("GET /api/challenges/{challenge_id}/calendar", Requires::Session, Is("404 challenge_not_found")),
    ("POST /api/thoughts", Requires::Session, Is("422 invalid")),
    ("GET /api/thoughts", Requires::Session, Is("200")),
    ("GET /api/games/{game_id}/thoughts", Requires::Viewer, Is("404 game_not_found")),
    ("GET /api/users/{username}/thoughts", Requires::Viewer, Is("404 person_not_found")),
    ("GET /api/thoughts/{thought_id}", Requires::Viewer, Is("404 thought_not_found")),
    ("PUT /api/thoughts/{thought_id}", Requires::Session, Is("428 if_match_needed")),
    ("DELETE /api/thoughts/{thought_id}", Requires::Session, Is("428 if_match_needed")),
    ("GET /api/thoughts/{thought_id}/history", Requires::Session, Is("404 thought_not_found")),
    ("GET /api/thoughts/{thought_id}/comments", Requires::Viewer, Is("404 thought_not_found")),
    ("POST /api/thoughts/{thought_id}/comments", Requires::Session, Is("404 thought_not_found")),
    ("DELETE /api/thoughts/{thought_id}/comments/{comment_id}", Requires::Session, Is("404 thought_not_found")),
    ("PUT /api/thoughts/{thought_id}/reaction", Requires::Session, Is("404 thought_not_found")),
    ("DELETE /api/thoughts/{thought_id}/reaction", Requires::Session, Is("404 thought_not_found")),
    ("GET /api/games", Requires::Viewer, Is("200")),
    ("POST /api/games", Requires::Session, Is("422 invalid")),
    ("GET /api/games/discover", Requires::Session, Is("422 invalid")),
    ("GET /api/games/{game_id}/traces", Requires::Session, Is("404 game_not_found")),
    ("GET /api/games/{game_id}/prices", Requires::Viewer, Is("404 game_not_found")),
    ("GET /api/games/{game_id}", Requires::Viewer, Is("404 game_not_found")),
    ("PUT /api/games/{game_id}", Requires::Session, Is("428 if_match_needed")),
    ("DELETE /api/games/{game_id}", Requires::Session, Is("428 if_match_needed")),
    ("POST /api/games/{game_id}/approve", Requires::Administrator, Is("404 game_not_found")),
    ("POST /api/games/{game_id}/merge", Requires::Session, Is("422 invalid")),
    ("GET /api/games/unclear", Requires::Administrator, Is("200")),
    ("POST /api/games/unclear/{record_id}", Requires::Session, Is("422 invalid")),
    ("PUT /api/games/{game_id}/studio-games/{studio}/{game}", Requires::Member(Role::Owner), Is("404 game_not_found")),
    (
        "DELETE /api/games/{game_id}/studio-games/{studio}/{game}",
        Requires::Member(Role::Owner),
        Is("404 game_not_found"),
    ),
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
pub fn expected(credential: Credential, requires: Requires, answer: Answer, open: bool) -> String {
    let (status, of_a_world) = match answer {
        Is(status) => (status, false),
        Of(status) => (status, true),
    };
    // A key needs more than a member does.
    let requires = match (requires, credential) {
        (Requires::StudioReader, Credential::Session(_)) => Requires::StudioCaller(Permission::Read),
        (Requires::StudioReader, _) => Requires::StudioCaller(Permission::Moderate),
        _ => requires,
    };
    let in_world = |world: &str| if of_a_world { format!("{status} {world}") } else { status.to_owned() };
    let with_key = |world: &str, scopes: &[Permission], needs: Permission| {
        if scopes.contains(&needs) { in_world(world) } else { "403 scope_missing".to_owned() }
    };
    match (requires, credential) {
        (Requires::Nothing, _)
        | (Requires::Player | Requires::KeyOrNameOrPlayer, Credential::Player | Credential::Author)
        | (Requires::Author, Credential::Author)
        | (Requires::Session | Requires::Viewer, Credential::Session(_))
        | (Requires::Administrator | Requires::Moderator, Credential::Session(User::Administrator))
        | (Requires::Viewer, Credential::Nothing | Credential::NoKey | Credential::Name(_) | Credential::Key(..)) => {
            status.to_owned()
        }
        (Requires::Administrator, Credential::Session(_)) => "403 administrator_needed".to_owned(),
        (Requires::Moderator, Credential::Session(_)) => "403 moderator_needed".to_owned(),
        (
            Requires::Session
            | Requires::Viewer
            | Requires::Administrator
            | Requires::Moderator
            | Requires::Member(_)
            | Requires::StudioCaller(_)
            | Requires::StudioCallerAnywhere(_),
            Credential::Player | Credential::Author | Credential::Ended,
        ) => "401 session_not_valid".to_owned(),
        (Requires::Author, Credential::Player) => "403 not_yours".to_owned(),
        (
            Requires::Member(_) | Requires::StudioCaller(_) | Requires::StudioCallerAnywhere(_),
            Credential::Session(User::Alone | User::Elsewhere),
        ) => "404 studio_not_found".to_owned(),
        (Requires::Member(needs), Credential::Session(user)) => {
            let enough = role_of(user) >= needs;
            if enough { status.to_owned() } else { "403 role_missing".to_owned() }
        }
        (Requires::StudioCaller(needs) | Requires::StudioCallerAnywhere(needs), Credential::Session(user)) => {
            let enough = may(role_of(user)).contains(&needs);
            if enough { in_world("moss/climb/live") } else { "403 role_missing".to_owned() }
        }
        (Requires::Session | Requires::Administrator | Requires::Moderator | Requires::Member(_), _) => {
            "401 not_signed_in".to_owned()
        }
        (Requires::Player | Requires::Author, Credential::Session(_) | Credential::Ended) => {
            "401 player_token_invalid".to_owned()
        }
        (Requires::Player | Requires::Author, _) => "401 player_token_needed".to_owned(),
        (Requires::KeyOrName | Requires::KeyOrNameOrPlayer, Credential::Name(world)) if world == READABLE => {
            in_world(world)
        }
        (Requires::KeyOrName | Requires::KeyOrNameOrPlayer, Credential::Key(world, scopes)) => {
            with_key(world, scopes, Permission::Read)
        }
        (_, Credential::NoKey) => "401 key_invalid".to_owned(),
        (Requires::StudioCaller(needs), Credential::Key(world, scopes)) => {
            if scopes.contains(&needs) && names(world)[1] != GAME {
                return "404 game_not_found".to_owned();
            }
            with_key(world, scopes, needs)
        }
        (
            Requires::Key(needs) | Requires::KeyOrOpen(needs) | Requires::StudioCallerAnywhere(needs),
            Credential::Key(world, scopes),
        ) => with_key(world, scopes, needs),
        (Requires::KeyOrOpen(_), _) if open => in_world("open"),
        (Requires::StudioCaller(_) | Requires::StudioCallerAnywhere(_), Credential::Nothing | Credential::Name(_)) => {
            "401 key_or_session_needed".to_owned()
        }
        (Requires::StudioReader, _) => unreachable!("it is one of the others, by the credential"),
        (Requires::Key(_) | Requires::KeyOrName | Requires::KeyOrNameOrPlayer | Requires::KeyOrOpen(_), _) => {
            "401 key_needed".to_owned()
        }
    }
}
