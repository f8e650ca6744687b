//! Each kind of caller, and its credentials.

use std::collections::BTreeMap;

use cairn::{
    identity::access::{KeyKind, Permission, Role},
    platform::{
        clock,
        codec::hex,
        signer::{SIGNATURE_BYTES, Signer},
    },
};

use crate::support::{Cairn, Place, game_client::GameClient, keys::id_of, mail::Mailbox, person::Person, samples};

/// The worlds that there are besides the open one.
pub const WORLDS: [&str; 4] = ["moss/climb/live", "moss/climb/dev", "moss/dive/live", "tern/climb/live"];

/// The world that anyone may read who names its game.
pub const READABLE: &str = "moss/dive/live";

/// The game of operations with `{game}` in their path.
pub const GAME: &str = "climb";

/// The credentials that a caller sends.
#[derive(Clone, Copy)]
pub enum Credential {
    Nothing,
    /// A key that opens that world and may do that there.
    Key(&'static str, &'static [Permission]),
    /// A key that is not valid, or no longer.
    NoKey,
    /// The name of a game: of the one that anyone may read, or of another.
    Name(&'static str),
    /// The token of a player.
    Player,
    /// The token of the player whose trace it is.
    Author,
    /// The token of a player or a session that was valid, and is no longer.
    Ended,
    /// The token of the session of a user with that role.
    Session(User),
}

/// The roles of a signed-in user.
#[derive(Clone, Copy)]
pub enum User {
    /// A member of no studio.
    Alone,
    /// A member of moss.
    Of(Role),
    /// An owner of another studio.
    Elsewhere,
    /// A member of no studio, who sees them all.
    Administrator,
}

const BOTH: &[Permission] = &[Permission::Read, Permission::Write];

/// Each kind of caller.
pub const CALLERS: &[(&str, Credential)] = &[
    ("nothing", Credential::Nothing),
    ("publishable moss/climb/live", Credential::Key("moss/climb/live", BOTH)),
    ("secret moss/climb/live", Credential::Key("moss/climb/live", &Permission::ALL)),
    ("publishable moss/climb/dev", Credential::Key("moss/climb/dev", BOTH)),
    ("secret moss/climb/dev", Credential::Key("moss/climb/dev", &Permission::ALL)),
    ("secret moss/dive/live", Credential::Key("moss/dive/live", &Permission::ALL)),
    ("secret tern/climb/live", Credential::Key("tern/climb/live", &Permission::ALL)),
    ("reader", Credential::Key("moss/climb/live", &[Permission::Read])),
    ("writer", Credential::Key("moss/climb/live", &[Permission::Write])),
    ("secret without admin", Credential::Key("moss/climb/live", BOTH)),
    ("revoked", Credential::NoKey),
    ("malformed", Credential::NoKey),
    ("unknown id", Credential::NoKey),
    ("wrong secret", Credential::NoKey),
    ("two keys", Credential::NoKey),
    ("name of a game that anyone may read", Credential::Name("moss/dive/live")),
    ("name of a game that nobody may", Credential::Name("moss/climb/live")),
    ("player", Credential::Player),
    ("author", Credential::Author),
    ("player whose token has ended", Credential::Ended),
    ("user whose session has ended", Credential::Ended),
    ("user", Credential::Session(User::Alone)),
    ("owner of moss", Credential::Session(User::Of(Role::Owner))),
    ("developer of moss", Credential::Session(User::Of(Role::Developer))),
    ("moderator of moss", Credential::Session(User::Of(Role::Moderator))),
    ("viewer of moss", Credential::Session(User::Of(Role::Viewer))),
    ("owner of tern", Credential::Session(User::Elsewhere)),
    ("administrator", Credential::Session(User::Administrator)),
];

/// The callers' credentials, and what identifies each world.
pub struct Callers {
    pub shown: BTreeMap<&'static str, Vec<String>>,
    /// A key of each world that reads.
    pub readers: BTreeMap<&'static str, String>,
    /// The ids of all keys of each world.
    pub ids: BTreeMap<&'static str, Vec<String>>,
    /// The tokens of players, and those that have ended.
    pub tokens: BTreeMap<&'static str, String>,
}

/// The same token of a player, but that it was good until a while ago.
async fn ended(place: &Place, token: &str) -> String {
    let secret = if place.database_url.is_some() { "encode(secret, 'hex')" } else { "hex(secret)" };
    let secret = place.control_texts(&format!("SELECT {secret} FROM signing_key")).await.remove(0);
    let secret = hex::to_bytes(&secret.to_lowercase()).unwrap();
    let (prefix, inside) = token.rsplit_once('_').unwrap();
    let mut inside = hex::to_bytes(inside).unwrap();
    inside.truncate(inside.len() - SIGNATURE_BYTES - 8);
    inside.extend((clock::now_ms() - 1000).to_be_bytes());
    inside.extend(Signer::new(&secret.try_into().unwrap()).sign(&inside));
    format!("{prefix}_{}", hex::of_bytes(&inside))
}

pub async fn set_up(cairn: &Cairn, place: &Place) -> Callers {
    let mut ids = BTreeMap::<&str, Vec<String>>::new();
    let mut made = async |world: &'static str, kind, scopes: &[Permission]| {
        let key = cairn.key(world, kind, scopes).await;
        ids.entry(world).or_default().push(id_of(&key).to_owned());
        key
    };
    let both = [Permission::Read, Permission::Write];
    let (mut shown, mut readers) = (BTreeMap::new(), BTreeMap::new());
    for world in WORLDS {
        let key = made(world, KeyKind::Publishable, &both).await;
        cairn.leave_with(&key, &samples::all_three(world, "left before")).await;
        shown.insert(world, vec![made(world, KeyKind::Secret, &Permission::ALL).await]);
        readers.insert(world, key);
    }
    let first = WORLDS[0];
    let publishable = |world| readers[world].clone();
    let secret = |world| shown[world].clone();
    let revoked = made(first, KeyKind::Secret, &Permission::ALL).await;
    cairn.revoke(&revoked).await;
    let (start, random) = revoked.rsplit_once('_').unwrap();
    let shown = BTreeMap::from([
        ("nothing", vec![]),
        ("publishable moss/climb/live", vec![publishable(first)]),
        ("secret moss/climb/live", secret(first)),
        ("publishable moss/climb/dev", vec![publishable("moss/climb/dev")]),
        ("secret moss/climb/dev", secret("moss/climb/dev")),
        ("secret moss/dive/live", secret("moss/dive/live")),
        ("secret tern/climb/live", secret("tern/climb/live")),
        ("reader", vec![made(first, KeyKind::Publishable, &[Permission::Read]).await]),
        ("writer", vec![made(first, KeyKind::Publishable, &[Permission::Write]).await]),
        ("secret without admin", vec![made(first, KeyKind::Secret, &both).await]),
        ("revoked", vec![revoked.clone()]),
        ("malformed", vec![start.to_owned()]),
        ("unknown id", vec![format!("sk_live_000000000000_{random}")]),
        ("wrong secret", vec![format!("{}_{random}", publishable(first).rsplit_once('_').unwrap().0)]),
        ("two keys", vec![publishable(first), publishable(first)]),
    ]);
    let opened = cairn.http.patch(format!("{}/v1/games/dive/settings", cairn.base));
    let opened = opened.header("X-API-Key", &secret(READABLE)[0]).body(r#"{"public_reads":true}"#);
    assert_eq!(opened.send().await.unwrap().status(), 200);
    let (player, author) =
        (GameClient::with(cairn, &readers[first]).await.token, GameClient::with(cairn, &readers[first]).await.token);
    let (mut user, id) = Person::signed_in(cairn, "ended@example.org", &Mailbox::in_data_of(place)).await;
    let session = user.token.take().unwrap();
    place.execute_control(&format!("UPDATE user_session SET expires_at_ms = 1 WHERE \"user\" = '{id}'")).await;
    let tokens = BTreeMap::from([
        ("player whose token has ended", ended(place, &player).await),
        ("user whose session has ended", session),
        ("player", player),
        ("author", author),
    ]);
    Callers { shown, readers, ids, tokens }
}

pub fn address_of(caller: &str) -> String {
    format!("{}@example.org", caller.replace(' ', "-"))
}

/// The signed-in users of the list of callers.
pub async fn users<'a>(cairn: &'a Cairn, place: &Place) -> BTreeMap<&'static str, Person<'a>> {
    let mailbox = Mailbox::in_data_of(place);
    let (owner, developer) = (Role::Owner.name(), Role::Developer.name());
    let mut users = BTreeMap::new();
    for &(caller, credential) in CALLERS {
        let Credential::Session(user) = credential else { continue };
        let (mut person, id) = Person::signed_in(cairn, &address_of(caller), &mailbox).await;
        // Each from a network of its own, so that nobody is slowed down by the others.
        person.from = format!("203.0.113.{}", 100 + users.len());
        let (studio, role) = match user {
            User::Of(role) => (Some("moss"), role.name()),
            User::Elsewhere => (Some("tern"), owner),
            User::Alone | User::Administrator => (None, developer),
        };
        if let Some(studio) = studio {
            let member = format!("SELECT id, '{id}', '{role}', 1 FROM studio WHERE slug = '{studio}'");
            place.execute_control(&format!("INSERT INTO member (studio, \"user\", role, since_ms) {member}")).await;
        }
        if matches!(user, User::Administrator) {
            place.execute_control(&format!("UPDATE \"user\" SET administrator = TRUE WHERE id = '{id}'")).await;
        }
        users.insert(caller, person);
    }
    users
}
