//! Libraries of others, as far as the caller may see them.

use poem_openapi::{OpenApi, param::Path};

use crate::{
    http::{
        failure::{Failure, NotFound},
        no_store::NoStore,
        params::Params,
    },
    identity::access::request::Viewer,
    journal::{
        examples,
        library::{
            request::LibraryQuery,
            response::{StatisticsShown, TheirLibraryListed, TheirLibraryPageResponse},
            service::Library,
        },
        tags::Tag,
    },
};

/// The routes of others' libraries. Cheap to clone.
#[derive(Clone, Debug)]
pub struct LibrariesApi {
    /// The feature.
    pub library: Library,
}

#[OpenApi(prefix_path = "/api/users", tag = "Tag::Journal")]
impl LibrariesApi {
    /// List somebody's library
    ///
    /// As far as you may see it: what is for everybody, and among friends what is for friends.
    #[oai(path = "/:username/library", method = "get", operation_id = "listTheirLibrary")]
    async fn list(
        &self,
        viewer: Viewer,
        /// The username.
        #[oai(example = "examples::username")]
        username: Path<String>,
        query: Params<LibraryQuery>,
    ) -> Result<TheirLibraryListed, Failure<NotFound>> {
        let request = query.0.0;
        let owner = self.library.owner(viewer.user(), &username.0).await?;
        let page = self.library.list(viewer.user(), &owner, &request).await?;
        Ok(TheirLibraryListed::Ok(NoStore(TheirLibraryPageResponse::new(page, request.after.as_ref()))))
    }

    /// What somebody's library comes to
    ///
    /// As far as you may see it.
    #[oai(path = "/:username/statistics", method = "get", operation_id = "getTheirStatistics")]
    async fn statistics(
        &self,
        viewer: Viewer,
        /// The username.
        #[oai(example = "examples::username")]
        username: Path<String>,
    ) -> Result<StatisticsShown, Failure<NotFound>> {
        let owner = self.library.owner(viewer.user(), &username.0).await?;
        Ok(StatisticsShown::Ok(NoStore(self.library.statistics(viewer.user(), &owner).await?.into())))
    }
}
