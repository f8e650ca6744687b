//! Identities: accounts elsewhere with which a user can sign in.

use crate::platform::mail::EmailAddress;

/// What an issuer has said of somebody, and was believed.
#[derive(Clone, Debug)]
pub struct ProvenIdentity {
    /// The id of the provider that is set up for the issuer.
    pub provider: String,
    /// The issuer.
    pub issuer: String,
    /// Who it is, for the issuer.
    pub subject: String,
    /// The email address, if the issuer names one.
    pub email: Option<EmailAddress>,
    /// Whether the issuer says that the address is theirs.
    pub is_email_verified: bool,
}

/// An identity of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedIdentity {
    /// Its id here.
    pub id: String,
    /// The id of the provider.
    pub provider: String,
    /// The issuer.
    pub issuer: String,
    /// Who it is, for the issuer.
    pub subject: String,
    /// The email address that the issuer named last; empty if it named none.
    pub email: String,
    /// When it was linked, in ms since the Unix epoch.
    pub linked_at_ms: i64,
    /// When it was last used, in ms since the Unix epoch.
    pub used_at_ms: Option<i64>,
}
