//! Members of a studio: `/v1/studios/{studio}/members`.

use poem_openapi::{OpenApi, param::Path};

use crate::{
    http::{
        body::JsonBody,
        empty_answer::EmptyAnswer,
        failure::{Conflict, Failure, NotFound},
        no_store::NoStore,
    },
    identity::{
        access::{Role, UserId, request::Session},
        examples,
        studios::{
            request::RoleRequest,
            response::{MembersListed, RoleChanged},
            service::Studios,
        },
        tags::Tag,
    },
};

/// The routes of members. Cheap to clone.
#[derive(Clone, Debug)]
pub struct MembersApi {
    /// The feature.
    pub studios: Studios,
}

#[OpenApi(prefix_path = "/v1/studios", tag = "Tag::Studios")]
impl MembersApi {
    /// The members of a studio
    ///
    /// For every member.
    #[oai(path = "/:studio/members", method = "get", operation_id = "listMembers")]
    async fn list(
        &self,
        session: Session,
        /// The studio's name in addresses.
        #[oai(example = "examples::studio")]
        studio: Path<String>,
    ) -> Result<MembersListed, Failure<NotFound>> {
        let member = self.studios.acting_member(&session.0.user, &studio.0).await?;
        let members = self.studios.members(member.studio).await?;
        Ok(MembersListed::Ok(NoStore(members.into_iter().collect())))
    }

    /// Change a member's role
    ///
    /// For owners. The last owner can't become anything else (409).
    #[oai(path = "/:studio/members/:user_id", method = "patch", operation_id = "changeRole")]
    async fn change_role(
        &self,
        session: Session,
        /// The studio's name in addresses.
        #[oai(example = "examples::studio")]
        studio: Path<String>,
        /// The member's id.
        #[oai(example = "examples::user")]
        user_id: Path<String>,
        body: JsonBody<RoleRequest>,
    ) -> Result<RoleChanged, Failure<(NotFound, Conflict)>> {
        let owner = self.studios.acting_member(&session.0.user, &studio.0).await?.require(Role::Owner)?;
        let role = RoleRequest::read(&body.bytes)?;
        let member = self.studios.change_role(&owner, &UserId::stored(&user_id.0), role).await?;
        Ok(RoleChanged::Ok(NoStore(member.into())))
    }

    /// Remove a member, or leave
    ///
    /// For owners; every member may leave. The last owner can't (409).
    #[oai(path = "/:studio/members/:user_id", method = "delete", operation_id = "removeMember")]
    async fn remove(
        &self,
        session: Session,
        /// The studio's name in addresses.
        #[oai(example = "examples::studio")]
        studio: Path<String>,
        /// The member's id.
        #[oai(example = "examples::user")]
        user_id: Path<String>,
    ) -> Result<EmptyAnswer, Failure<(NotFound, Conflict)>> {
        let member = self.studios.acting_member(&session.0.user, &studio.0).await?;
        self.studios.remove_member(member, &UserId::stored(&user_id.0)).await?;
        Ok(EmptyAnswer::Done)
    }
}
