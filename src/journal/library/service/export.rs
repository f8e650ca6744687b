//! The export of a library: everything in it, in the form that the import reads back.

use futures_util::{Stream, StreamExt, stream};

use super::Library;
use crate::{
    catalogue::titles::TitleId,
    identity::access::UserId,
    journal::library::{
        formats::{self, CSV_COLUMNS, ExportedTitle, FORMAT},
        model::{ExportFormat, LibraryError},
        store::With,
    },
    platform::{clock, codec::json},
};

/// Entries that are read at once.
const PAGE: u64 = 100;

/// How far an export is.
enum At {
    Start,
    After(i64),
    End,
}

struct Export {
    library: Library,
    user: UserId,
    format: ExportFormat,
    at: At,
    is_first: bool,
}

impl Library {
    /// All of a library, piece by piece, in the order of the titles' ids. The first pieces are there already, so that a database that
    /// is away is answered as for any request.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn export(
        &self,
        user: &UserId,
        format: ExportFormat,
    ) -> Result<impl Stream<Item = Result<Vec<u8>, LibraryError>> + Send + 'static, LibraryError> {
        let (library, user) = (self.clone(), user.clone());
        let mut export = Export { library, user, format, at: At::Start, is_first: true };
        let first = [export.next().await?, export.next().await?];
        let rest = stream::try_unfold(export, |mut export| async move {
            let piece = export.next().await?;
            Ok(piece.map(|piece| (piece, export)))
        });
        Ok(stream::iter(first.into_iter().flatten().map(Ok)).chain(rest))
    }
}

impl Export {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, LibraryError> {
        match self.at {
            At::Start => {
                self.at = At::After(i64::MIN);
                Ok(Some(self.head()))
            }
            At::After(last) => self.page(last).await.map(Some),
            At::End => Ok(None),
        }
    }

    fn head(&self) -> Vec<u8> {
        match self.format {
            ExportFormat::Csv => CSV_COLUMNS.as_bytes().to_vec(),
            ExportFormat::Json => {
                let (format, at) = (json::quoted(FORMAT), json::quoted(&clock::format(clock::now_ms())));
                format!("{{\"format\":{format},\"exported_at\":{at},\"entries\":[").into_bytes()
            }
        }
    }

    async fn page(&mut self, last: i64) -> Result<Vec<u8>, LibraryError> {
        let titles = self.library.store.titles_after(&self.user, last, PAGE).await?;
        let Some(last) = titles.last() else {
            self.at = At::End;
            let end: &[u8] = if self.format == ExportFormat::Json { b"\n]}\n" } else { b"" };
            return Ok(end.to_vec());
        };
        self.at = At::After(*last);
        let entries = self.library.store.entries(None, &self.user, &titles, With::All).await?;
        let ids: Vec<TitleId> = titles.iter().copied().map(TitleId).collect();
        let cards = self.library.cards(Some(&self.user), &ids).await?;
        let mut out = Vec::new();
        for entry in entries.values() {
            let card = cards.get(&entry.title);
            let title = ExportedTitle {
                name: card.map(|card| card.name.clone()).unwrap_or_default(),
                year: card.and_then(|card| card.year),
                external: Vec::new(),
            };
            match self.format {
                ExportFormat::Csv => formats::to_csv(entry, &title, &mut out),
                ExportFormat::Json => {
                    out.extend_from_slice(if self.is_first { b"\n" } else { b",\n" });
                    out.extend_from_slice(formats::to_json(entry, &title).to_string().as_bytes());
                }
            }
            self.is_first = false;
        }
        Ok(out)
    }
}
