//! Asking for uploads, what became of them, changes and deletion. The transactions are the service's, since files are part of them.

use entity::control::journal::media;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult,
    sea_query::{Expr, ExprTrait, Func, LockType, Query},
};

use super::Store;
use crate::{
    catalogue::titles::TitleId,
    identity::{access::UserId, profiles::set_audience},
    journal::media::model::{
        Announced, MAX_MEDIA, MAX_ON_TITLE, Media, MediaError, MediaId, MediaState, MediaUuid, Refusal, Said,
    },
    platform::{blobs::BlobKey, clock, error::StoreError, named::Named},
};

#[derive(Default, FromQueryResult)]
struct CountsRow {
    media: i64,
    on_title: i64,
}

/// What a check has found and stored.
#[derive(Clone, Debug)]
pub struct Ready {
    /// The blob that is shown.
    pub file: BlobKey,
    /// That of the small picture.
    pub thumbnail: Option<BlobKey>,
    /// In base 64.
    pub thumb_hash: Option<String>,
    /// Pixels.
    pub size: (u32, u32),
    /// Of a clip.
    pub duration_ms: Option<u32>,
}

fn too_many(count: i64, most: u64) -> bool {
    u64::try_from(count).is_ok_and(|count| count >= most)
}

fn pixels(side: u32) -> i32 {
    i32::try_from(side).unwrap_or(i32::MAX)
}

impl Store {
    /// That of a user and a UUID, which nobody changes until the transaction ends.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lock(
        &self,
        transaction: &DatabaseTransaction,
        owner: &UserId,
        uuid: &MediaUuid,
    ) -> Result<Option<Media>, StoreError> {
        let select = self
            .control
            .select::<media::Entity>()
            .and_where(media::Column::Uuid.eq(uuid.as_str()))
            .and_where(media::Column::UserId.eq(owner.as_str()))
            .lock(LockType::Update)
            .to_owned();
        let rows: Vec<media::Model> = self.control.returned(transaction, &select).await?;
        Ok(rows.into_iter().next().and_then(Media::of))
    }

    /// Stores what waits for an upload.
    ///
    /// # Errors
    /// [`MediaError::Exists`], [`MediaError::TooMany`], or [`StoreError`].
    pub async fn insert(
        &self,
        transaction: &DatabaseTransaction,
        (owner, title, uuid): (&UserId, TitleId, &MediaUuid),
        (announced, said): (&Announced, &Said),
        upload: &BlobKey,
    ) -> Result<(), MediaError> {
        let on_title = Expr::case(media::Column::Title.eq(title.0), 1).finally(Expr::cust("NULL"));
        let counts = Query::select()
            .expr_as(Expr::cust("count(*)"), "media")
            .expr_as(Func::count(Expr::Case(Box::new(on_title))), "on_title")
            .from(self.control.table(media::Entity))
            .and_where(media::Column::UserId.eq(owner.as_str()))
            .to_owned();
        let counts: Vec<CountsRow> = self.control.returned(transaction, &counts).await?;
        let counts = counts.into_iter().next().unwrap_or_default();
        if too_many(counts.media, MAX_MEDIA) || too_many(counts.on_title, MAX_ON_TITLE) {
            return Err(MediaError::TooMany);
        }
        let insert = Query::insert()
            .into_table(self.control.table(media::Entity))
            .columns([
                media::Column::Uuid,
                media::Column::UserId,
                media::Column::Title,
                media::Column::Audience,
                media::Column::Kind,
                media::Column::State,
                media::Column::Description,
                media::Column::TakenAtMs,
                media::Column::MediaType,
                media::Column::Bytes,
                media::Column::Digest,
                media::Column::Upload,
                media::Column::Revision,
                media::Column::CreatedAtMs,
            ])
            .values([
                Expr::val(uuid.as_str()),
                Expr::val(owner.as_str()),
                Expr::val(title.0),
                Expr::val(said.audience.number()),
                Expr::val(announced.kind.number()),
                Expr::val(MediaState::Pending.number()),
                Expr::val(said.description.as_str()),
                Expr::val(said.taken_at_ms),
                Expr::val(announced.media_type.name()),
                Expr::val(i64::try_from(announced.bytes).unwrap_or(i64::MAX)),
                Expr::val(announced.digest.to_hex()),
                Expr::val(upload.as_str()),
                Expr::val(1_i64),
                Expr::val(clock::now_ms()),
            ])
            .map_err(|error| StoreError::Statement(sea_orm::DbErr::Type(error.to_string())))?
            .to_owned();
        self.control.execute(transaction, &insert).await.map_err(|error| {
            // The user and the title are there: the UUID is the only constraint that a row can violate.
            if let StoreError::InvalidRow(cause) = &error
                && matches!(cause.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_)))
            {
                return MediaError::Exists;
            }
            error.into()
        })?;
        Ok(())
    }

    /// Has something wait for another upload, and be what was said last.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn wait_again(
        &self,
        transaction: &DatabaseTransaction,
        id: MediaId,
        said: &Said,
        upload: &BlobKey,
    ) -> Result<(), StoreError> {
        let mut update = Query::update();
        update
            .table(self.control.table(media::Entity))
            .value(media::Column::Upload, upload.as_str())
            .value(media::Column::Description, said.description.as_str())
            .value(media::Column::TakenAtMs, said.taken_at_ms)
            .and_where(media::Column::Id.eq(id.0));
        set_audience(&mut update, said.audience);
        self.control.execute(transaction, &update).await.map(drop)
    }

    /// Notes what a check has found, if the thing still waits for that upload.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn settle(
        &self,
        transaction: &DatabaseTransaction,
        (id, upload): (MediaId, &BlobKey),
        found: Result<&Ready, Refusal>,
    ) -> Result<bool, StoreError> {
        let mut update = Query::update();
        update
            .table(self.control.table(media::Entity))
            .value(media::Column::Upload, None::<String>)
            .value(media::Column::Revision, Expr::col(media::Column::Revision).add(1))
            .and_where(media::Column::Id.eq(id.0))
            .and_where(media::Column::Upload.eq(upload.as_str()));
        match found {
            Ok(ready) => update
                .value(media::Column::State, MediaState::Ready.number())
                .value(media::Column::File, ready.file.as_str())
                .value(media::Column::Thumbnail, ready.thumbnail.as_ref().map(|key| key.as_str().to_owned()))
                .value(media::Column::ThumbHash, ready.thumb_hash.clone())
                .value(media::Column::Width, pixels(ready.size.0))
                .value(media::Column::Height, pixels(ready.size.1))
                .value(media::Column::DurationMs, ready.duration_ms.map(pixels)),
            Err(reason) => update
                .value(media::Column::State, MediaState::Rejected.number())
                .value(media::Column::Reason, reason.public_name()),
        };
        Ok(self.control.execute(transaction, &update).await? == 1)
    }

    /// Changes what is said of something.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn update(&self, transaction: &DatabaseTransaction, id: MediaId, said: &Said) -> Result<(), StoreError> {
        let mut update = Query::update();
        update
            .table(self.control.table(media::Entity))
            .value(media::Column::Description, said.description.as_str())
            .value(media::Column::TakenAtMs, said.taken_at_ms)
            .value(media::Column::Revision, Expr::col(media::Column::Revision).add(1))
            .value(media::Column::ChangedAtMs, clock::now_ms())
            .and_where(media::Column::Id.eq(id.0));
        set_audience(&mut update, said.audience);
        self.control.execute(transaction, &update).await.map(drop)
    }

    /// Raises the turn of the links to the files of something; returns it as it is then.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn next_turn(
        &self,
        transaction: &DatabaseTransaction,
        uuid: &MediaUuid,
    ) -> Result<Option<Media>, StoreError> {
        // Beyond any hour no link would be told from another.
        let next = Expr::cust(r#"("turn" + 1) % 1000"#);
        let of_uuid = || media::Column::Uuid.eq(uuid.as_str());
        let update = Query::update()
            .table(self.control.table(media::Entity))
            .value(media::Column::Turn, next)
            .and_where(of_uuid())
            .to_owned();
        self.control.execute(transaction, &update).await?;
        let select = self.control.select::<media::Entity>().and_where(of_uuid()).to_owned();
        let rows: Vec<media::Model> = self.control.returned(transaction, &select).await?;
        Ok(rows.into_iter().next().and_then(Media::of))
    }

    /// Deletes something.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete(&self, transaction: &DatabaseTransaction, id: MediaId) -> Result<(), StoreError> {
        self.control.delete(transaction, media::Entity, media::Column::Id.eq(id.0)).await.map(drop)
    }
}
