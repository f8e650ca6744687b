//! Routes: `/api/games/{game_id}/media`, `/api/users/{username}/media`.

use poem_openapi::{OpenApi, param::Path};

use super::{
    examples,
    request::{self, MediaChangeRequest, MediaPages, MediaRequest},
    response::{MediaAsked, MediaListed, MediaPage, MediaResponse, stale_or},
    service::Gallery,
};
use crate::{
    http::{
        body::JsonBody,
        conditional::{Conditional, IfNoneMatch},
        failure::{Conflict, Failure, NotFound},
        no_store::NoStore,
        page::PageRequest,
        params::Params,
        revised::{self, Changed, Deleted, IfMatch},
    },
    identity::access::request::{Session, Viewer},
    journal::tags::Tag,
};

/// The routes of media. Cheap to clone.
#[derive(Clone, Debug)]
pub struct MediaApi {
    /// The feature.
    pub media: Gallery,
}

#[OpenApi(prefix_path = "/api", tag = "Tag::Journal")]
impl MediaApi {
    /// Ask for an upload of a screenshot or a clip
    ///
    /// You make the UUID. The answer has the request that uploads the file: send it as it stands, with the bytes as body. Then the file is
    /// checked, which takes seconds: it is `ready`, or `rejected` with a `reason`. The same request again gives another address, as long as
    /// the file has not come. Pictures: PNG, JPEG, WebP, GIF, 20 MiB and 24 megapixels at most. Clips: MP4, WebM, 30 MiB and 60 seconds.
    #[oai(path = "/games/:game_id/media/:media_uuid", method = "post", operation_id = "askForMediaUpload")]
    async fn ask(
        &self,
        session: Session,
        /// The game.
        #[oai(example = "examples::game")]
        game_id: Path<String>,
        /// The UUID.
        #[oai(example = "examples::uuid")]
        media_uuid: Path<String>,
        body: JsonBody<MediaRequest>,
    ) -> Result<MediaAsked, Failure<(NotFound, Conflict)>> {
        let (announced, said) = MediaRequest::read(&body.bytes)?;
        let (title, uuid) = (request::title_id(&game_id.0)?, request::media_uuid(&media_uuid.0)?);
        let asked = self.media.ask(&session.0.user, title, uuid, announced, said).await?;
        Ok(MediaAsked::Created(NoStore(asked.into())))
    }

    /// A screenshot or a clip
    #[oai(path = "/games/:game_id/media/:media_uuid", method = "get", operation_id = "getMedia")]
    async fn get(
        &self,
        viewer: Viewer,
        /// The game.
        #[oai(example = "examples::game")]
        game_id: Path<String>,
        /// The UUID.
        #[oai(example = "examples::uuid")]
        media_uuid: Path<String>,
        if_none_match: IfNoneMatch<'_>,
    ) -> Result<Conditional<MediaResponse>, Failure<NotFound>> {
        let (title, uuid) = (request::title_id(&game_id.0)?, request::media_uuid(&media_uuid.0)?);
        let shown = self.media.one(viewer.user(), title, &uuid).await?;
        let revision = shown.media.revision;
        Ok(revised::answer(revision, &MediaResponse::from(shown), &if_none_match))
    }

    /// Change what you say of a screenshot or a clip of your own
    ///
    /// All of it: what is absent is as in a new one. The file stays.
    #[oai(path = "/games/:game_id/media/:media_uuid", method = "put", operation_id = "changeMedia")]
    async fn change(
        &self,
        session: Session,
        /// The game.
        #[oai(example = "examples::game")]
        game_id: Path<String>,
        /// The UUID.
        #[oai(example = "examples::uuid")]
        media_uuid: Path<String>,
        if_match: IfMatch,
        body: JsonBody<MediaChangeRequest>,
    ) -> Result<Changed<MediaResponse>, Failure<NotFound>> {
        let said = MediaChangeRequest::read(&body.bytes)?;
        let named = (request::title_id(&game_id.0)?, request::media_uuid(&media_uuid.0)?);
        let may_change = |now| if_match.allows(now);
        let shown = self.media.change(&session.0.user, &named, may_change, &said).await.map_err(stale_or)?;
        Ok(Changed { revision: shown.media.revision, thing: shown.into() })
    }

    /// Delete a screenshot or a clip of your own
    ///
    /// With its file.
    #[oai(path = "/games/:game_id/media/:media_uuid", method = "delete", operation_id = "deleteMedia")]
    async fn delete(
        &self,
        session: Session,
        /// The game.
        #[oai(example = "examples::game")]
        game_id: Path<String>,
        /// The UUID.
        #[oai(example = "examples::uuid")]
        media_uuid: Path<String>,
        if_match: IfMatch,
    ) -> Result<Deleted<MediaResponse>, Failure<NotFound>> {
        let named = (request::title_id(&game_id.0)?, request::media_uuid(&media_uuid.0)?);
        self.media.delete(&session.0.user, &named, |now| if_match.allows(now)).await.map_err(stale_or)?;
        Ok(Deleted::default())
    }

    /// The screenshots and clips of a game
    ///
    /// Those that you may see, the newest first; of your own also those that are not ready.
    #[oai(path = "/games/:game_id/media", method = "get", operation_id = "listMediaOfGame")]
    async fn of_game(
        &self,
        viewer: Viewer,
        /// The game.
        #[oai(example = "examples::game")]
        game_id: Path<String>,
        page: Params<PageRequest<MediaPages>>,
    ) -> Result<MediaListed, Failure<NotFound>> {
        let list = request::list(&page.0);
        let page = self.media.on_title(viewer.user(), request::title_id(&game_id.0)?, &list).await?;
        Ok(MediaListed::Page(NoStore(MediaPage::new(page, list.after))))
    }

    /// A person's screenshots and clips
    ///
    /// Those that you may see, the newest first; of your own also those that are not ready.
    #[oai(path = "/users/:username/media", method = "get", operation_id = "listMediaOfUser")]
    async fn of_user(
        &self,
        viewer: Viewer,
        /// Whose they are.
        #[oai(example = "examples::username")]
        username: Path<String>,
        page: Params<PageRequest<MediaPages>>,
    ) -> Result<MediaListed, Failure<NotFound>> {
        let list = request::list(&page.0);
        let page = self.media.of_person(viewer.user(), &username.0, &list).await?;
        Ok(MediaListed::Page(NoStore(MediaPage::new(page, list.after))))
    }
}
