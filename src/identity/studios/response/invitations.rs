//! Responses about invitations.

use poem_openapi::{ApiResponse, Object, types::Example};

use crate::{
    http::{
        no_store::NoStore,
        schema::{OneOf, Timestamp},
    },
    identity::{
        access::Role,
        accounts::MembershipResponse,
        examples::{self, TIME_MS},
        studios::model::Invitation,
    },
};

/// A week after [`TIME_MS`].
const EXPIRY_MS: i64 = TIME_MS + 7 * 24 * 3_600_000;

/// An open invitation.
#[derive(Debug, Object)]
#[oai(example, rename = "Invitation")]
pub struct InvitationResponse {
    /// Its id, which is no secret.
    invitation_id: String,
    /// The address that the email went to.
    #[oai(validator(max_length = 254))]
    email: String,
    /// The role that it gives.
    role: OneOf<Role>,
    /// The id of the member who invites; absent after they have deleted their account.
    #[oai(skip_serializing_if_is_none)]
    invited_by: Option<String>,
    /// When it was sent.
    created_at: Timestamp,
    /// When it expires.
    expires_at: Timestamp,
}

impl From<Invitation> for InvitationResponse {
    fn from(invitation: Invitation) -> Self {
        Self {
            invitation_id: invitation.id,
            email: invitation.email,
            role: OneOf(invitation.role),
            invited_by: invitation.invited_by.map(|user| user.to_string()),
            created_at: Timestamp(invitation.created_at_ms),
            expires_at: Timestamp(invitation.expires_at_ms),
        }
    }
}

impl Example for InvitationResponse {
    fn example() -> Self {
        Self {
            invitation_id: examples::invitation(),
            email: "bob@example.org".to_owned(),
            role: OneOf(Role::Developer),
            invited_by: Some(examples::user()),
            created_at: Timestamp(TIME_MS),
            expires_at: Timestamp(EXPIRY_MS),
        }
    }
}

/// The open invitations of a studio.
#[derive(Debug, Object)]
#[oai(example, rename = "InvitationList")]
pub struct InvitationsResponse {
    /// The oldest first.
    items: Vec<InvitationResponse>,
}

impl FromIterator<Invitation> for InvitationsResponse {
    fn from_iter<I: IntoIterator<Item = Invitation>>(invitations: I) -> Self {
        Self { items: invitations.into_iter().map(InvitationResponse::from).collect() }
    }
}

impl Example for InvitationsResponse {
    fn example() -> Self {
        Self { items: vec![InvitationResponse::example()] }
    }
}

#[derive(ApiResponse)]
pub enum Invited {
    /// The invitation; its email is on the way. The answer is the same whether the address has an account or not.
    #[oai(status = 201)]
    Created(NoStore<InvitationResponse>),
}

#[derive(ApiResponse)]
pub enum InvitationsListed {
    /// The invitations.
    #[oai(status = 200)]
    Ok(NoStore<InvitationsResponse>),
}

#[derive(ApiResponse)]
pub enum InvitationAccepted {
    /// The membership.
    #[oai(status = 200)]
    Ok(NoStore<MembershipResponse>),
}
