//! One's own library.

use poem_openapi::{OpenApi, param::Path};

use crate::{
    http::{
        body::JsonBody,
        failure::{Conflict, Failure, NotFound},
        file_answer::FileAnswer,
        no_store::NoStore,
        params::Params,
    },
    identity::access::request::Session,
    journal::{
        examples,
        library::{
            request::{
                AddRequest, BulkRequest, EntryRequest, ExportQuery, LibraryQuery, PlaythroughRequest, TimeRequest,
                parse_edit, parse_game, parse_number,
            },
            response::{
                EditMade, EditUndone, EntryAdded, EntryShown, LibraryFile, LibraryListed, LibraryPageResponse,
                StatisticsShown, library_file,
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
    ) -> Result<EntryAdded, Failure<(NotFound, Conflict)>> {
        let new = AddRequest::read(&body.bytes)?;
        Ok(EntryAdded::Created(NoStore(self.library.add(&session.0.user, new).await?.into())))
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
    ) -> Result<EntryShown, Failure<NotFound>> {
        Ok(self.library.entry(&session.0.user, parse_game(&game_id.0)?).await?.into())
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
        body: JsonBody<EntryRequest>,
    ) -> Result<EntryShown, Failure<(NotFound, Conflict)>> {
        let (title, change) = (parse_game(&game_id.0)?, EntryRequest::read(&body.bytes)?);
        Ok(self.library.put(&session.0.user, title, &change).await?.into())
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
    ) -> Result<EditMade, Failure<NotFound>> {
        Ok(self.library.delete(&session.0.user, parse_game(&game_id.0)?).await?.into())
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
        body: JsonBody<TimeRequest>,
    ) -> Result<EntryShown, Failure<NotFound>> {
        let (title, (time, number)) = (parse_game(&game_id.0)?, TimeRequest::read(&body.bytes)?);
        Ok(self.library.change_time(&session.0.user, title, number, time).await?.into())
    }

    /// Add a playthrough
    #[oai(path = "/:game_id/playthroughs", method = "post", operation_id = "addPlaythrough")]
    async fn add_playthrough(
        &self,
        session: Session,
        /// The game's id.
        #[oai(example = "examples::game")]
        game_id: Path<String>,
        body: JsonBody<PlaythroughRequest>,
    ) -> Result<EntryAdded, Failure<(NotFound, Conflict)>> {
        let (title, change) = (parse_game(&game_id.0)?, PlaythroughRequest::read(&body.bytes)?);
        let shown = self.library.add_playthrough(&session.0.user, title, change).await?;
        Ok(EntryAdded::Created(NoStore(shown.into())))
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
        body: JsonBody<PlaythroughRequest>,
    ) -> Result<EntryShown, Failure<NotFound>> {
        let (title, number) = (parse_game(&game_id.0)?, parse_number(&playthrough.0)?);
        let change = PlaythroughRequest::read(&body.bytes)?;
        Ok(self.library.put_playthrough(&session.0.user, title, number, change).await?.into())
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
    ) -> Result<EntryShown, Failure<NotFound>> {
        let (title, number) = (parse_game(&game_id.0)?, parse_number(&playthrough.0)?);
        Ok(self.library.remove_playthrough(&session.0.user, title, number).await?.into())
    }
}
