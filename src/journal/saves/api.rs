//! Routes: `/api/saves`; and the door of WebDAV in [`door`].

mod door;

use poem_openapi::{OpenApi, param::Path};

pub use self::door::Door;
use super::{
    examples,
    model::Folder,
    request::{self, ForceQuery, SavePages, SaveRequest, SavesQuery, VersionRequest},
    response::{
        ConflictResponse, ManifestResponse, SavePage, SaveResponse, SaveVersionPage, SavesListed, UploadsGiven,
        VersionAsked, VersionRestored, VersionsListed, stale_or,
    },
    service::Saves,
};
use crate::{
    http::{
        body::JsonBody,
        conditional::{Conditional, IfNoneMatch},
        failure::{Conflict, Failure, NotFound},
        no_store::NoStore,
        page::PageRequest,
        params::Params,
        revised::{self, Created, Deleted, IfMatch, OrStale},
    },
    identity::access::request::Session,
    journal::tags::Tag,
};

/// The routes of saves. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SavesApi {
    /// The feature.
    pub saves: Saves,
}

#[OpenApi(prefix_path = "/api", tag = "Tag::Journal")]
impl SavesApi {
    /// List your saves
    ///
    /// The newest first. Nobody else sees them.
    #[oai(path = "/saves", method = "get", operation_id = "listSaves")]
    async fn list(&self, session: Session, query: Params<SavesQuery>) -> Result<SavesListed, Failure<NotFound>> {
        let (folder, list) = (query.0.game.map(Folder::Title), request::list(&query.0.page));
        let page = self.saves.list(&session.0.user, folder.as_ref(), &list).await?;
        Ok(SavesListed::Page(NoStore(SavePage::new(page, list.after))))
    }

    /// Make a save
    ///
    /// A place for the files of one game. It has no version yet: make one with the `ETag` of the answer.
    #[oai(path = "/saves", method = "post", operation_id = "makeSave")]
    async fn make(
        &self,
        session: Session,
        body: JsonBody<SaveRequest>,
    ) -> Result<Created<SaveResponse>, Failure<(NotFound, Conflict)>> {
        let (folder, name) = SaveRequest::read(&body.bytes)?;
        let shown = self.saves.make(&session.0.user, &folder, &name).await?;
        Ok(Created { revision: shown.slot.revision(), thing: shown.into() })
    }

    /// A save of yours
    #[oai(path = "/saves/:save_id", method = "get", operation_id = "getSave")]
    async fn get(
        &self,
        session: Session,
        /// The save.
        #[oai(example = "examples::save")]
        save_id: Path<String>,
        if_none_match: IfNoneMatch<'_>,
    ) -> Result<Conditional<SaveResponse>, Failure<NotFound>> {
        let shown = self.saves.slot(&session.0.user, request::slot_id(&save_id.0)?).await?;
        let revision = shown.slot.revision();
        Ok(revised::answer(revision, &SaveResponse::from(shown), &if_none_match))
    }

    /// Delete a save with all its versions
    #[oai(path = "/saves/:save_id", method = "delete", operation_id = "deleteSave")]
    async fn delete(
        &self,
        session: Session,
        /// The save.
        #[oai(example = "examples::save")]
        save_id: Path<String>,
        if_match: IfMatch,
    ) -> Result<Deleted<ConflictResponse>, Failure<NotFound>> {
        let slot = request::slot_id(&save_id.0)?;
        self.saves.delete(&session.0.user, slot, |now| if_match.allows(now)).await.map_err(stale_or)?;
        Ok(Deleted::default())
    }

    /// List the versions of a save
    ///
    /// The newest first: ten that are kept, and those that wait for their files or are held.
    #[oai(path = "/saves/:save_id/versions", method = "get", operation_id = "listSaveVersions")]
    async fn versions(
        &self,
        session: Session,
        /// The save.
        #[oai(example = "examples::save")]
        save_id: Path<String>,
        page: Params<PageRequest<SavePages>>,
    ) -> Result<VersionsListed, Failure<NotFound>> {
        let (slot, list) = (request::slot_id(&save_id.0)?, request::list(&page.0));
        let page = self.saves.versions(&session.0.user, slot, &list).await?;
        Ok(VersionsListed::Page(NoStore(SaveVersionPage::new(page, list.after))))
    }

    /// Make a new version of a save
    ///
    /// Send what the version has, and the `ETag` of the save that you have read as `If-Match`: it says which version this one follows. The
    /// answer has an upload for each file that you have not stored before. The version counts once they have come. If another device
    /// was faster, nothing is changed, and the answer (412) has both sets of files; if it is faster while yours come, the version is
    /// `held`. A set that is empty, or has less than a fifth of the bytes that the last one has, is refused (409 `save_shrinks`) without
    /// `force`.
    #[oai(path = "/saves/:save_id/versions", method = "post", operation_id = "makeSaveVersion")]
    async fn ask(
        &self,
        session: Session,
        /// The save.
        #[oai(example = "examples::save")]
        save_id: Path<String>,
        query: Params<ForceQuery>,
        if_match: IfMatch,
        body: JsonBody<VersionRequest>,
    ) -> Result<OrStale<VersionAsked, ConflictResponse>, Failure<(NotFound, Conflict)>> {
        let announced = VersionRequest::read(&body.bytes, self.saves.most_bytes())?;
        let slot = request::slot_id(&save_id.0)?;
        let what = (announced, query.0.force);
        let asked = self.saves.ask(&session.0.user, slot, |now| if_match.allows(now), what).await.map_err(stale_or)?;
        Ok(VersionAsked::Created(NoStore(asked.into())).into())
    }

    /// A version of a save, with its files
    ///
    /// Each file that has arrived has an address, from which it can be fetched for an hour or two.
    #[oai(path = "/saves/:save_id/versions/:number", method = "get", operation_id = "getSaveVersion")]
    async fn version(
        &self,
        session: Session,
        /// The save.
        #[oai(example = "examples::save")]
        save_id: Path<String>,
        /// The number of the version.
        #[oai(example = "examples::number")]
        number: Path<String>,
        if_none_match: IfNoneMatch<'_>,
    ) -> Result<Conditional<ManifestResponse>, Failure<NotFound>> {
        let (slot, number) = (request::slot_id(&save_id.0)?, request::number(&number.0)?);
        let manifest = self.saves.version(&session.0.user, slot, number).await?;
        Ok(revised::answer(number, &ManifestResponse::from(manifest), &if_none_match))
    }

    /// Ask for addresses of what a version waits for
    ///
    /// Those that were given before work no more.
    #[oai(path = "/saves/:save_id/versions/:number/uploads", method = "post", operation_id = "askForSaveUploads")]
    async fn uploads(
        &self,
        session: Session,
        /// The save.
        #[oai(example = "examples::save")]
        save_id: Path<String>,
        /// The number of the version.
        #[oai(example = "examples::number")]
        number: Path<String>,
    ) -> Result<UploadsGiven, Failure<(NotFound, Conflict)>> {
        let (slot, number) = (request::slot_id(&save_id.0)?, request::number(&number.0)?);
        let asked = self.saves.uploads(&session.0.user, slot, number).await?;
        Ok(UploadsGiven::Given(NoStore(asked.into())))
    }

    /// Restore a version of a save
    ///
    /// Makes a new version with its files, which counts at once; the others stay. So is decided for one that is held, too.
    #[oai(path = "/saves/:save_id/versions/:number/restore", method = "post", operation_id = "restoreSaveVersion")]
    async fn restore(
        &self,
        session: Session,
        /// The save.
        #[oai(example = "examples::save")]
        save_id: Path<String>,
        /// The number of the version.
        #[oai(example = "examples::number")]
        number: Path<String>,
        if_match: IfMatch,
    ) -> Result<OrStale<VersionRestored, ConflictResponse>, Failure<(NotFound, Conflict)>> {
        let what = (request::slot_id(&save_id.0)?, request::number(&number.0)?);
        let version = self.saves.restore(&session.0.user, what, |now| if_match.allows(now)).await.map_err(stale_or)?;
        Ok(VersionRestored::Created(NoStore(version.into())).into())
    }
}
