//! Responses about invitations.

use poem_openapi::{ApiResponse, Object, types::Example};

use super::{TIME, USER};
use crate::{
    http::no_store::NoStore,
    identity::{accounts::MembershipResponse, studios::model::Invitation},
    platform::clock,
};

const INVITATION: &str = "01936b304c7e7a10b5d2c3e4f5a60718";

/// An open invitation.
#[derive(Debug, Object)]
#[oai(example, rename = "Invitation")]
pub struct InvitationResponse {
    /// Its id, which is no secret.
    invitation_id: String,
    /// The address that the email went to.
    email: String,
    /// The role that it gives.
    role: String,
    /// The member who invites.
    #[oai(skip_serializing_if_is_none)]
    invited_by: Option<String>,
    /// When (RFC 3339).
    created_at: String,
    /// When it expires (RFC 3339).
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
pub enum InvitationWithdrawn {
    /// Done.
    #[oai(status = 204)]
    NoContent,
}

#[derive(ApiResponse)]
pub enum InvitationAccepted {
    /// The membership.
    #[oai(status = 200)]
    Ok(NoStore<MembershipResponse>),
}
