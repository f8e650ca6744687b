//! Studios and their audit logs: `/v1/studios`.

use poem_openapi::{OpenApi, param::Path};

use crate::{
    http::{
        body::JsonBody,
        failure::{Conflict, Failure, NotFound},
        no_store::NoStore,
        page::PageRequest,
        params::Params,
    },
    identity::{
        access::{Role, request::Session},
        examples,
        studios::{
            request::{AuditEntries, StudioRequest},
            response::{AuditListed, AuditPageResponse, StudioCreated, StudiosListed},
            service::Studios,
        },
        tags::Tag,
    },
};

/// The routes of studios. Cheap to clone.
#[derive(Clone, Debug)]
pub struct StudiosApi {
    /// The feature.
    pub studios: Studios,
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Studios")]
impl StudiosApi {
    /// Create a studio
    ///
    /// The user becomes its owner. Who may create studios, and how many, is configured for the server.
    #[oai(path = "/studios", method = "post", operation_id = "createStudio")]
    async fn create(
        &self,
        session: Session,
        body: JsonBody<StudioRequest>,
    ) -> Result<StudioCreated, Failure<(NotFound, Conflict)>> {
        let (slug, title) = StudioRequest::read(&body.bytes)?;
        let created = self.studios.create_owned(&session.0.user, &slug, &title).await?;
        Ok(StudioCreated::Created(NoStore(created.into())))
    }

    /// The studios that the user is a member of
    ///
    /// An administrator sees all studios, those of others without a role.
    #[oai(path = "/studios", method = "get", operation_id = "listStudios")]
    async fn list(&self, session: Session) -> Result<StudiosListed, Failure> {
        let visible = self.studios.visible(&session.0.user).await?;
        Ok(StudiosListed::Ok(NoStore(visible.into_iter().collect())))
    }

    /// The audit log of a studio
    ///
    /// Who did what, the newest first. For developers.
    #[oai(path = "/studios/:studio/audit", method = "get", operation_id = "listAuditEntries")]
    async fn audit(
        &self,
        session: Session,
        /// The studio's name in addresses.
        #[oai(example = "examples::studio")]
        studio: Path<String>,
        page: Params<PageRequest<AuditEntries>>,
    ) -> Result<AuditListed, Failure<NotFound>> {
        let member = self.studios.acting_member(&session.0.user, &studio.0).await?.require(Role::Developer)?;
        let PageRequest { after: before, limit, .. } = page.0;
        let page = self.studios.audit_page(member.studio, before, limit).await?;
        Ok(AuditListed::Ok(NoStore(AuditPageResponse::new(before, page))))
    }
}
