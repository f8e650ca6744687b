//! Imports into one's own library.

use poem_openapi::{OpenApi, param::Path};

use crate::{
    http::{
        body::JsonBody,
        empty_answer::EmptyAnswer,
        failure::{Conflict, Failure, NotFound},
        file_upload::FileUpload,
        no_store::NoStore,
        params::Params,
        payer::Paying,
        problem::Problem,
    },
    identity::access::request::Session,
    journal::{
        examples,
        library::{
            request::{ImportQuery, ResolutionRequest, RowQuery, parse_import, parse_row},
            response::{EditUndone, ImportRead, ImportRowsResponse, ImportShown, ImportsListed, RowShown, RowsListed},
            service::{BrokenImport, Library},
        },
        tags::Tag,
    },
};

/// The bytes that an import stores beside its rows.
const IMPORT_BYTES: i64 = 2_000;

/// The bytes that each of its rows stores, at once and when it is applied, with its entries in indexes.
const ROW_BYTES: i64 = 1_500;

/// The routes of imports. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ImportsApi {
    /// The feature.
    pub library: Library,
}

#[OpenApi(prefix_path = "/api/library/import", tag = "Tag::Journal")]
impl ImportsApi {
    /// Read a file for an import
    ///
    /// A file of Steam, GOG Galaxy, Playnite, Backloggd, Grouvee, `HowLongToBeat`, IGDB, Yamtrack, Ryot, vglist, or of the export of a
    /// library (`docs/journal.md`), gzipped or not. Which one it is shows in its content. Nothing is in the library yet: the answer
    /// says what would become of its rows. The import is kept for an hour, in which it can be applied by its id.
    #[oai(path = "/", method = "post", operation_id = "readLibraryImport")]
    async fn read(
        &self,
        session: Session,
        paying: Paying,
        query: Params<ImportQuery>,
        file: FileUpload,
    ) -> Result<ImportRead, Failure<Conflict>> {
        paying.0.pay(IMPORT_BYTES)?;
        let (user, gzipped) = (&session.0.user, file.gzipped);
        let read = Box::pin(self.library.read_import(user, query.0.0, gzipped, file.into_stream())).await;
        let import = read.map_err(|broken| match broken {
            BrokenImport::Body(problem) => problem,
            BrokenImport::Library(error) => Problem::from(error),
        })?;
        paying.0.owe(i64::from(import.counts.total()) * ROW_BYTES);
        Ok(ImportRead::Created(NoStore(import.into())))
    }

    /// List imports
    ///
    /// Those that are kept, the newest first.
    #[oai(path = "/", method = "get", operation_id = "listLibraryImports")]
    async fn list(&self, session: Session) -> Result<ImportsListed, Failure> {
        Ok(ImportsListed::Ok(NoStore(self.library.imports(&session.0.user).await?.into_iter().collect())))
    }

    /// Get an import
    #[oai(path = "/:import_id", method = "get", operation_id = "getLibraryImport")]
    async fn import(
        &self,
        session: Session,
        /// The id of the import.
        #[oai(example = "examples::import")]
        import_id: Path<String>,
    ) -> Result<ImportShown, Failure<NotFound>> {
        let import = self.library.import(&session.0.user, &parse_import(&import_id.0)?).await?;
        Ok(ImportShown::Ok(NoStore(import.into())))
    }

    /// Forget an import
    ///
    /// What it has put into the library stays there, and can't be undone any more.
    #[oai(path = "/:import_id", method = "delete", operation_id = "deleteLibraryImport")]
    async fn forget(
        &self,
        session: Session,
        /// The id of the import.
        #[oai(example = "examples::import")]
        import_id: Path<String>,
    ) -> Result<EmptyAnswer, Failure<NotFound>> {
        self.library.forget_import(&session.0.user, &parse_import(&import_id.0)?).await?;
        Ok(EmptyAnswer::Done)
    }

    /// List the rows of an import
    ///
    /// Each with what becomes of it, and why.
    #[oai(path = "/:import_id/rows", method = "get", operation_id = "listLibraryImportRows")]
    async fn rows(
        &self,
        session: Session,
        /// The id of the import.
        #[oai(example = "examples::import")]
        import_id: Path<String>,
        query: Params<RowQuery>,
    ) -> Result<RowsListed, Failure<NotFound>> {
        let page = query.0.0;
        let rows = self.library.import_rows(&session.0.user, &parse_import(&import_id.0)?, page).await?;
        Ok(RowsListed::Ok(NoStore(ImportRowsResponse::new(rows, page.after))))
    }

    /// Say which game a row means
    ///
    /// Of a row whose game is unclear, before the import is applied. Without a game the row is left out.
    #[oai(path = "/:import_id/rows/:row", method = "put", operation_id = "resolveLibraryImportRow")]
    async fn resolve(
        &self,
        session: Session,
        /// The id of the import.
        #[oai(example = "examples::import")]
        import_id: Path<String>,
        /// The number of the row.
        #[oai(example = "examples::number")]
        row: Path<String>,
        body: JsonBody<ResolutionRequest>,
    ) -> Result<RowShown, Failure<(NotFound, Conflict)>> {
        let (import, number) = (parse_import(&import_id.0)?, parse_row(&row.0)?);
        let resolution = ResolutionRequest::read(&body.bytes)?;
        let row = self.library.resolve_row(&session.0.user, &import, number, resolution).await?;
        Ok(RowShown::Ok(NoStore(row.into())))
    }

    /// Apply an import
    ///
    /// Puts its rows into the library. What a person has written is never overwritten. Applied again, after a failure, it goes on
    /// where it was. Rows that are still unclear are left out.
    #[oai(path = "/:import_id/apply", method = "post", operation_id = "applyLibraryImport")]
    async fn apply(
        &self,
        session: Session,
        /// The id of the import.
        #[oai(example = "examples::import")]
        import_id: Path<String>,
    ) -> Result<ImportShown, Failure<(NotFound, Conflict)>> {
        let import = self.library.apply_import(&session.0.user, &parse_import(&import_id.0)?).await?;
        Ok(ImportShown::Ok(NoStore(import.into())))
    }

    /// Undo an import
    ///
    /// The whole import, or as much of it as was applied: games that it has added are removed, entries that it has changed are again
    /// as they were, except those that were changed since.
    #[oai(path = "/:import_id/undo", method = "post", operation_id = "undoLibraryImport")]
    async fn undo(
        &self,
        session: Session,
        /// The id of the import.
        #[oai(example = "examples::import")]
        import_id: Path<String>,
    ) -> Result<EditUndone, Failure<(NotFound, Conflict)>> {
        Ok(self.library.undo_import(&session.0.user, &parse_import(&import_id.0)?).await?.into())
    }
}
