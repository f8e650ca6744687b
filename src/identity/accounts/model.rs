//! The types of accounts; passwords and codes in [`credentials`], second factors in [`second_factor`], identities in [`identities`],
//! the feature's error in [`error`].

mod agent;
mod credentials;
mod error;
mod identities;
mod second_factor;

use serde::{Deserialize, Serialize};

pub use self::{
    agent::{browser, system},
    credentials::{Code, CodePurpose, Password, PasswordAttempt},
    error::AccountError,
    identities::{LinkedIdentity, ProvenIdentity},
    second_factor::{Enrolment, FactorCode, SecondFactor, SignInChallenge, StoredFactor, draw_recovery_codes},
};
use serde_json::{Map, Value};

use crate::{
    identity::access::{Ban, Environment, Role, UserId},
    platform::mail::EmailAddress,
};

/// A user as the database knows them, with what is needed to check a password and open a session.
#[derive(Clone, Debug)]
pub struct UserRecord {
    /// The user.
    pub user: UserId,
    /// The email address, as it was given.
    pub email: String,
    /// The email address in lower case, which is unique ([`EmailAddress::key`]).
    pub email_key: String,
    /// The hash of the password, a PHC string; empty where the user has none.
    pub password_hash: String,
    /// Sessions of an older epoch are void.
    pub epoch: i64,
    /// Whether they administer the installation.
    pub administrator: bool,
}

/// An account, as its user sees it.
#[derive(Clone, Debug)]
pub struct Account {
    /// The user.
    pub user: UserId,
    /// The email address, as it was given.
    pub email: String,
    /// When the account was created, in ms since the Unix epoch.
    pub created_at_ms: i64,
    /// When the password was last set, in ms since the Unix epoch; nothing where there is none.
    pub password_at_ms: Option<i64>,
    /// Whether the user administers the installation.
    pub administrator: bool,
    /// Whether the user moderates what people write here.
    pub moderator: bool,
    /// That the user is banned, if they are.
    pub ban: Option<Ban>,
}

/// A user's membership in a studio, or an administrator's view of a studio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The studio's name in URLs.
    pub studio: String,
    /// The studio's title; empty where it has none.
    pub title: String,
    /// The user's role; nothing for an administrator who isn't a member.
    pub role: Option<Role>,
    /// Since when the user is a member, in ms since the Unix epoch; for an administrator who isn't one, when the studio
    /// was founded.
    pub since_ms: i64,
}

/// A player who is linked to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedPlayer {
    /// The player's id.
    pub player: String,
    /// The player's display name.
    pub display_name: Option<String>,
    /// The name in URLs of the studio whose game it is.
    pub studio: String,
    /// The game's name in URLs.
    pub game: String,
    /// `live` or `dev`.
    pub environment: Environment,
    /// When the player was linked, in ms since the Unix epoch.
    pub linked_at_ms: i64,
}

/// What a user belongs to outside of this feature.
#[derive(Clone, Debug, Default)]
pub struct Affiliations {
    /// The studios that the user is a member of.
    pub memberships: Vec<Membership>,
    /// The players that are linked to the account.
    pub players: Vec<LinkedPlayer>,
    /// What each feature that keeps something of the user's own has, by its name.
    pub kept: Map<String, Value>,
}

/// What stays of a user whose account is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Nothing.
    Nothing,
    /// The reviews that everybody sees, without their author.
    Reviews,
}

/// What a user sends in order to delete their account.
#[derive(Debug)]
pub struct Deletion {
    /// The password as they entered it.
    pub attempt: PasswordAttempt,
    /// What stays.
    pub keep: Keep,
}

/// A session, as its user sees it.
#[derive(Clone, Debug)]
pub struct OpenSession {
    /// The session's id. It doesn't open the session.
    pub id: String,
    /// Whether a browser holds its token as a cookie.
    pub cookie: bool,
    /// The IP address that it was opened from.
    pub address: String,
    /// The user agent of the program that opened it: a claim.
    pub agent: String,
    /// When it was opened, in ms since the Unix epoch.
    pub created_at_ms: i64,
    /// When it was last used, in ms since the Unix epoch, to a minute or so.
    pub used_at_ms: i64,
    /// When it ends at the latest, in ms since the Unix epoch.
    pub expires_at_ms: i64,
}

/// A session that is to be opened.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The digest of its token.
    pub digest: [u8; 32],
    /// The user.
    pub user: UserId,
    /// The user's epoch when the password was checked.
    pub epoch: i64,
    /// What the user sees of it.
    pub session: OpenSession,
    /// SHA-256 of the client and its idempotency key.
    pub request: Option<[u8; 32]>,
}

/// A valid session that was found by its token.
#[derive(Clone, Debug)]
pub struct ActiveSession {
    /// The session's id.
    pub id: String,
    /// The user.
    pub user: UserId,
    /// When it was last used, in ms since the Unix epoch, to a minute or so.
    pub used_at_ms: i64,
    /// That the user is banned, if they are.
    pub ban: Option<Ban>,
}

/// A code that is to be stored.
#[derive(Clone, Debug)]
pub struct NewCode<'a> {
    /// The digest of the code.
    pub digest: [u8; 32],
    /// What it may be used for.
    pub purpose: CodePurpose,
    /// The address that it is sent to.
    pub email: &'a EmailAddress,
    /// The user whose account it changes; nothing where it creates one.
    pub user: Option<&'a UserRecord>,
    /// When it was drawn, in ms since the Unix epoch.
    pub created_at_ms: i64,
    /// When it expires, in ms since the Unix epoch.
    pub expires_at_ms: i64,
}

/// A valid code that was found by its digest.
#[derive(Clone, Debug)]
pub struct ValidCode {
    /// The digest of the code.
    pub digest: [u8; 32],
    /// The address that it was sent to, as it was given; empty for a setup code.
    pub email: String,
    /// The user whose account it changes, if there is one.
    pub user: Option<UserId>,
}

/// An unused code, as the account's user sees it.
#[derive(Clone, Debug)]
pub struct PendingCode {
    /// What it may be used for.
    pub purpose: CodePurpose,
    /// The address that it was sent to.
    pub email: String,
    /// When it was sent, in ms since the Unix epoch.
    pub created_at_ms: i64,
    /// When it expires, in ms since the Unix epoch.
    pub expires_at_ms: i64,
}

/// How near a studio comes to a bound of what it may store.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct StorageNotice {
    /// A world of the studio, as the studio names it: its game and environment.
    pub world: String,
    /// Whether the bound is that of all its worlds.
    pub of_studio: bool,
    /// What is counted: bytes or scopes.
    pub unit: String,
    /// How many are stored.
    pub used: i64,
    /// How many may be.
    pub bound: i64,
    /// The used part in percent.
    pub percent: i64,
}

impl StorageNotice {
    /// What comes near the bound.
    #[must_use]
    pub fn object(&self) -> &str {
        if self.of_studio { "all worlds" } else { &self.world }
    }

    /// The numbers in words.
    #[must_use]
    pub fn detail(&self) -> String {
        let Self { unit, used, bound, percent, .. } = self;
        format!("{used} of {bound} {unit} are stored ({percent} percent)")
    }
}

/// All data of a user in this feature.
#[derive(Clone, Debug)]
pub struct AccountData {
    /// The account.
    pub account: Account,
    /// The open sessions, newest first.
    pub sessions: Vec<OpenSession>,
    /// The unused codes, newest first.
    pub codes: Vec<PendingCode>,
    /// The second factor.
    pub second_factor: SecondFactor,
    /// The identities.
    pub identities: Vec<LinkedIdentity>,
}
