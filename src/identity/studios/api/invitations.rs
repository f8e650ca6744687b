//! Invitations: `/v1/studios/{studio}/invitations` and `/v1/invitations`.

use poem_openapi::{OpenApi, param::Path};

use crate::{
    http::{
        body::JsonBody,
        client::Client,
        empty_answer::EmptyAnswer,
        failure::{Conflict, Failure, Forbidden, NotFound, TooMany},
        no_store::NoStore,
    },
    identity::{
        access::{Role, request::Session},
        examples,
        studios::{
            model::{ActingMember, StudioError},
            request::{AcceptRequest, InvitationRequest},
            response::{InvitationAccepted, InvitationsListed, Invited},
            service::Studios,
        },
        tags::Tag,
    },
};

/// The routes of invitations. Cheap to clone.
#[derive(Clone, Debug)]
pub struct InvitationsApi {
    /// The feature.
    pub studios: Studios,
}

impl InvitationsApi {
    async fn owner(&self, session: &Session, studio: &str) -> Result<ActingMember, StudioError> {
        self.studios.acting_member(&session.0.user, studio).await?.require(Role::Owner)
    }
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Studios")]
impl InvitationsApi {
    /// Invite somebody
    ///
    /// An email with a code goes to the address. An older invitation to it becomes invalid. For owners.
    #[oai(path = "/studios/:studio/invitations", method = "post", operation_id = "invite")]
    async fn invite(
        &self,
        session: Session,
        client: Client,
        /// The studio's name in addresses.
        #[oai(example = "examples::studio")]
        studio: Path<String>,
        body: JsonBody<InvitationRequest>,
    ) -> Result<Invited, Failure<(NotFound, Conflict, TooMany)>> {
        let owner = self.owner(&session, &studio.0).await?;
        let new_invitation = InvitationRequest::read(&body.bytes)?;
        let invitation = self.studios.invite(&owner, &new_invitation, client.address).await?;
        Ok(Invited::Created(NoStore(invitation.into())))
    }

    /// The open invitations
    ///
    /// For owners.
    #[oai(path = "/studios/:studio/invitations", method = "get", operation_id = "listInvitations")]
    async fn list(
        &self,
        session: Session,
        /// The studio's name in addresses.
        #[oai(example = "examples::studio")]
        studio: Path<String>,
    ) -> Result<InvitationsListed, Failure<NotFound>> {
        let owner = self.owner(&session, &studio.0).await?;
        let invitations = self.studios.invitations(owner.studio).await?;
        Ok(InvitationsListed::Ok(NoStore(invitations.into_iter().collect())))
    }

    /// Withdraw an invitation
    ///
    /// For owners.
    #[oai(path = "/studios/:studio/invitations/:invitation_id", method = "delete", operation_id = "withdrawInvitation")]
    async fn withdraw(
        &self,
        session: Session,
        /// The studio's name in addresses.
        #[oai(example = "examples::studio")]
        studio: Path<String>,
        /// The invitation's id.
        #[oai(example = "examples::invitation")]
        invitation_id: Path<String>,
    ) -> Result<EmptyAnswer, Failure<NotFound>> {
        let owner = self.owner(&session, &studio.0).await?;
        self.studios.withdraw_invitation(&owner, &invitation_id.0).await?;
        Ok(EmptyAnswer::Done)
    }

    /// Accept an invitation
    ///
    /// With the code from the email, in a session of the account that has the address that the email went to.
    #[oai(path = "/invitations/accept", method = "post", operation_id = "acceptInvitation")]
    async fn accept(
        &self,
        session: Session,
        client: Client,
        body: JsonBody<AcceptRequest>,
    ) -> Result<InvitationAccepted, Failure<(Forbidden, NotFound, Conflict, TooMany)>> {
        let code = AcceptRequest::read(&body.bytes)?;
        let membership = self.studios.accept_invitation(&session.0.user, &code, client.address).await?;
        Ok(InvitationAccepted::Ok(NoStore(membership.into())))
    }
}
