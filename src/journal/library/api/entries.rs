//! One's own library.

use poem_openapi::{OpenApi, param::Path};

use crate::{
    http::{
        body::JsonBody,
        conditional::{Conditional, IfNoneMatch},
        failure::{Conflict, Failure, NotFound},
        file_answer::FileAnswer,
        no_store::NoStore,
        params::Params,
        revised::{self, Changed, Created, OptionalIfMatch, OrStale},
    },
    identity::access::request::Session,
    journal::{
        examples,
        library::{
            request::{
                AddRequest, BulkRequest, EntryRequest, ExportQuery, LibraryQuery, PlaythroughRequest, TimeRequest,
                expected, parse_edit, parse_game, parse_number,
            },
            response::{
                EditMade, EditUndone, EntryResponse, LibraryFile, LibraryListed, LibraryPageResponse, StatisticsShown,
                changed, created, library_file, stale_or,
            },
            service::Library,
        },
        tags::Tag,
    },
};

/// The routes of one's own library. Cheap to clone.
#[derive(Clone, Debug)]
pub struct EntriesApi {
    /// The feature.
    pub library: Library,
}

#[OpenApi(prefix_path = "/api/library", tag = "Tag::Journal")]
impl EntriesApi {
    /// Add a game to the library
    #[oai(path = "/", method = "post", operation_id = "addLibraryEntry")]
    async fn add(
        &self,
        session: Session,
        body: JsonBody<AddRequest>,
    ) -> Result<Created<EntryResponse>, Failure<(NotFound, Conflict)>> {
        let new = AddRequest::read(&body.bytes)?;
        Ok(created(self.library.add(&session.0.user, new).await?))
    }

    /// List the library
    #[oai(path = "/", method = "get", operation_id = "listLibrary")]
    async fn list(&self, session: Session, query: Params<LibraryQuery>) -> Result<LibraryListed, Failure> {
        let (user, request) = (&session.0.user, query.0.0);
        let page = self.library.list(Some(user), user, &request).await?;
        Ok(LibraryListed::Ok(NoStore(LibraryPageResponse::new(page, request.after.as_ref()))))
    }

    /// What the library comes to
    ///
    /// Kept by the database with each change, so it is always that of the entries.
    #[oai(path = "/statistics", method = "get", operation_id = "getLibraryStatistics")]
    async fn statistics(&self, session: Session) -> Result<StatisticsShown, Failure> {
        let user = &session.0.user;
        Ok(StatisticsShown::Ok(NoStore(self.library.statistics(Some(user), user).await?.into())))
    }

    /// Export the library
    ///
    /// All of it, as JSON or CSV. Imported into an empty library it gives the same one. An answer that breaks off is incomplete.
    #[oai(path = "/export", method = "get", operation_id = "exportLibrary")]
    async fn export(&self, session: Session, query: Params<ExportQuery>) -> Result<FileAnswer<LibraryFile>, Failure> {
        let format = query.0.0;
        Ok(library_file(format, self.library.export(&session.0.user, format).await?))
    }

    /// Edit many entries
    ///
    /// All of them or none. The whole edit can be undone for a while (`undo_until`).
    #[oai(path = "/bulk", method = "post", operation_id = "editLibrary")]
    async fn bulk(&self, session: Session, body: JsonBody<BulkRequest>) -> Result<EditMade, Failure> {
        let edit = BulkRequest::read(&body.bytes)?;
        Ok(self.library.edit_many(&session.0.user, edit).await?.into())
    }

    /// Undo an edit of many entries, or a deletion
    ///
    /// Its entries are again as they were, except those that were changed since. Undone a second time, it changes nothing.
    #[oai(path = "/edits/:edit_id/undo", method = "post", operation_id = "undoLibraryEdit")]
    async fn undo(
        &self,
        session: Session,
        /// The id of the edit.
        #[oai(example = "examples::import")]
        edit_id: Path<String>,
    ) -> Result<EditUndone, Failure<NotFound>> {
        Ok(self.library.undo(&session.0.user, &parse_edit(&edit_id.0)?).await?.into())
    }

    /// Get an entry
    ///
    /// With the history of its states.
    #[oai(path = "/:game_id", method = "get", operation_id = "getLibraryEntry")]
    async fn entry(
        &self,
        session: Session,
        /// The game's id.
        #[oai(example = "examples::game")]
        game_id: Path<String>,
        if_none_match: IfNoneMatch<'_>,
    ) -> Result<Conditional<EntryResponse>, Failure<NotFound>> {
        let shown = self.library.entry(&session.0.user, parse_game(&game_id.0)?).await?;
        let revision = shown.entry.revision;
        Ok(revised::answer(revision, &EntryResponse::from(shown), &if_none_match))
    }

    /// Change an entry, or add it
    ///
    /// What is absent stays as it is; `null` removes the score or the target. A game that is not in the library is added, on the
    /// wish list unless the body says otherwise.
    #[oai(path = "/:game_id", method = "put", operation_id = "putLibraryEntry")]
    async fn put(
        &self,
        session: Session,
        /// The game's id.
        #[oai(example = "examples::game")]
        game_id: Path<String>,
        if_match: OptionalIfMatch,
        body: JsonBody<EntryRequest>,
    ) -> Result<Changed<EntryResponse>, Failure<(NotFound, Conflict)>> {
        let (title, change) = (parse_game(&game_id.0)?, EntryRequest::read(&body.bytes)?);
        let put = self.library.put(&session.0.user, title, &change, &expected(if_match)).await;
        Ok(changed(put.map_err(stale_or)?))
    }

    /// Remove a game from the library
    ///
    /// With its playthroughs. It can be undone for a while (`undo_until`).
    #[oai(path = "/:game_id", method = "delete", operation_id = "deleteLibraryEntry")]
    async fn delete(
        &self,
        session: Session,
        /// The game's id.
        #[oai(example = "examples::game")]
        game_id: Path<String>,
        if_match: OptionalIfMatch,
    ) -> Result<OrStale<EditMade, EntryResponse>, Failure<NotFound>> {
        let title = parse_game(&game_id.0)?;
        let made = self.library.delete(&session.0.user, title, &expected(if_match)).await.map_err(stale_or)?;
        Ok(EditMade::from(made).into())
    }

    /// Add time
    ///
    /// To a playthrough or to the entry: `add 1 h 34`. Without a verb the time is set.
    #[oai(path = "/:game_id/time", method = "post", operation_id = "addLibraryTime")]
    async fn time(
        &self,
        session: Session,
        /// The game's id.
        #[oai(example = "examples::game")]
        game_id: Path<String>,
        if_match: OptionalIfMatch,
        body: JsonBody<TimeRequest>,
    ) -> Result<Changed<EntryResponse>, Failure<NotFound>> {
        let (title, (time, number)) = (parse_game(&game_id.0)?, TimeRequest::read(&body.bytes)?);
        let shown = self.library.change_time(&session.0.user, title, number, time, &expected(if_match)).await;
        Ok(changed(shown.map_err(stale_or)?))
    }

    /// Add a playthrough
    #[oai(path = "/:game_id/playthroughs", method = "post", operation_id = "addPlaythrough")]
    async fn add_playthrough(
        &self,
        session: Session,
        /// The game's id.
        #[oai(example = "examples::game")]
        game_id: Path<String>,
        if_match: OptionalIfMatch,
        body: JsonBody<PlaythroughRequest>,
    ) -> Result<OrStale<Created<EntryResponse>, EntryResponse>, Failure<(NotFound, Conflict)>> {
        let (title, change) = (parse_game(&game_id.0)?, PlaythroughRequest::read(&body.bytes)?);
        let shown = self.library.add_playthrough(&session.0.user, title, change, &expected(if_match)).await;
        Ok(created(shown.map_err(stale_or)?).into())
    }

    /// Write a playthrough
    ///
    /// All of it: what is absent it does not have.
    #[oai(path = "/:game_id/playthroughs/:playthrough", method = "put", operation_id = "putPlaythrough")]
    async fn put_playthrough(
        &self,
        session: Session,
        /// The game's id.
        #[oai(example = "examples::game")]
        game_id: Path<String>,
        /// The number of the playthrough.
        #[oai(example = "examples::number")]
        playthrough: Path<String>,
        if_match: OptionalIfMatch,
        body: JsonBody<PlaythroughRequest>,
    ) -> Result<Changed<EntryResponse>, Failure<NotFound>> {
        let (title, number) = (parse_game(&game_id.0)?, parse_number(&playthrough.0)?);
        let change = PlaythroughRequest::read(&body.bytes)?;
        let shown = self.library.put_playthrough(&session.0.user, title, number, change, &expected(if_match)).await;
        Ok(changed(shown.map_err(stale_or)?))
    }

    /// Remove a playthrough
    ///
    /// With its time.
    #[oai(path = "/:game_id/playthroughs/:playthrough", method = "delete", operation_id = "deletePlaythrough")]
    async fn remove_playthrough(
        &self,
        session: Session,
        /// The game's id.
        #[oai(example = "examples::game")]
        game_id: Path<String>,
        /// The number of the playthrough.
        #[oai(example = "examples::number")]
        playthrough: Path<String>,
        if_match: OptionalIfMatch,
    ) -> Result<Changed<EntryResponse>, Failure<NotFound>> {
        let (title, number) = (parse_game(&game_id.0)?, parse_number(&playthrough.0)?);
        let shown = self.library.remove_playthrough(&session.0.user, title, number, &expected(if_match)).await;
        Ok(changed(shown.map_err(stale_or)?))
    }
}
