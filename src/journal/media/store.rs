//! All SQL of media.

mod changing;

use entity::control::journal::media;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, SelectStatement};

pub use self::changing::Ready;
use super::model::{
    Announced, ListRequest, Media, MediaId, MediaKind, MediaState, MediaType, MediaUuid, Refusal, Said,
};
use crate::{
    catalogue::titles::{TitleId, fragments},
    identity::{
        access::{ModerationReason, UserId},
        people::{Audience, followed_by, visible_to},
        profiles::asked_audience,
    },
    platform::{
        blobs::Digest,
        db::{Control, Row, union_all},
        error::StoreError,
        named::Named,
        page::{Page, rows_for},
    },
};

/// Media. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    control: Control,
}

impl Media {
    /// A row; `None` where another release has written what this one does not know.
    fn of(row: media::Model) -> Option<Self> {
        let side = |side: Option<i32>| side.and_then(|side| u32::try_from(side).ok());
        Some(Self {
            id: MediaId(row.id),
            uuid: MediaUuid::stored(row.uuid),
            owner: UserId::stored(&row.user_id),
            title: TitleId(row.title),
            hidden: row.hidden.map(ModerationReason::stored),
            said: Said {
                description: row.description,
                taken_at_ms: row.taken_at_ms,
                audience: asked_audience(row.audience, row.audience_asked),
            },
            announced: Announced {
                kind: MediaKind::stored(row.kind),
                media_type: MediaType::of_public_name(&row.media_type)?,
                bytes: u64::try_from(row.bytes).ok()?,
                digest: Digest::of_hex(&row.digest)?,
            },
            state: MediaState::stored(row.state),
            reason: row.reason.as_deref().and_then(Refusal::of_public_name),
            upload: row.upload,
            file: row.file,
            thumbnail: row.thumbnail,
            turn: row.turn,
            thumb_hash: row.thumb_hash,
            size: side(row.width).zip(side(row.height)),
            duration_ms: side(row.duration_ms),
            revision: row.revision,
            created_at_ms: row.created_at_ms,
            changed_at_ms: row.changed_at_ms,
        })
    }
}

/// A column of media.
fn of_media(column: media::Column) -> Expr {
    Expr::col(("media", column))
}

/// That the viewer sees it, whose title must be joined: its owner shows it to them, and it is ready or their own.
fn visible(viewer: Option<&UserId>) -> Condition {
    let ready = of_media(media::Column::State).eq(MediaState::Ready.number());
    let shown = match viewer {
        Some(viewer) => ready.or(of_media(media::Column::UserId).eq(viewer.as_str())),
        None => ready,
    };
    Condition::all()
        .add(fragments::visible_to(viewer))
        .add(visible_to(viewer, of_media(media::Column::UserId), of_media(media::Column::Audience)))
        .add(shown)
}

/// The rows of one page at most, the newest first.
fn newest(mut select: SelectStatement, list: &ListRequest) -> SelectStatement {
    select
        .and_where_option(list.after.map(|after| of_media(media::Column::Id).lt(after)))
        .order_by(("media", media::Column::Id), Order::Desc)
        .limit(rows_for(list.limit));
    select
}

impl Store {
    /// A store on the control tables.
    #[must_use]
    pub fn new(control: Control) -> Self {
        Self { control }
    }

    /// The tables.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// What the viewer sees, without a further condition.
    fn shown(&self, viewer: Option<&UserId>) -> SelectStatement {
        let mut select = self.control.select::<media::Entity>();
        fragments::join(&mut select, of_media(media::Column::Title));
        select.cond_where(visible(viewer));
        select
    }

    async fn page(&self, select: &SelectStatement, list: &ListRequest) -> Result<Page<Media>, StoreError> {
        let rows: Vec<media::Model> = self.control.all(select).await?;
        let page = Page::cut(rows, list.limit);
        Ok(Page { more: page.more, items: page.items.into_iter().filter_map(Media::of).collect() })
    }

    /// That of a UUID, if the viewer sees it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn one(&self, viewer: Option<&UserId>, uuid: &MediaUuid) -> Result<Option<Media>, StoreError> {
        let select = self.shown(viewer).and_where(of_media(media::Column::Uuid).eq(uuid.as_str())).to_owned();
        let rows: Vec<media::Model> = self.control.all(&select).await?;
        Ok(rows.into_iter().next().and_then(Media::of))
    }

    /// That which waits for an upload.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn of_upload(&self, upload: &str) -> Result<Option<Media>, StoreError> {
        let select =
            self.control.select::<media::Entity>().and_where(of_media(media::Column::Upload).eq(upload)).to_owned();
        let rows: Vec<media::Model> = self.control.all(&select).await?;
        Ok(rows.into_iter().next().and_then(Media::of))
    }

    /// That of a user that the viewer sees.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn of_user(
        &self,
        viewer: Option<&UserId>,
        owner: &UserId,
        list: &ListRequest,
    ) -> Result<Page<Media>, StoreError> {
        let select = self.shown(viewer).and_where(of_media(media::Column::UserId).eq(owner.as_str())).to_owned();
        self.page(&newest(select, list), list).await
    }

    /// That on a title, by any of its ids, that the viewer sees: what is for everybody, their own, and that of friends. Each part follows
    /// an index of its own.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn on_title(
        &self,
        viewer: Option<&UserId>,
        ids: &[TitleId],
        list: &ListRequest,
    ) -> Result<Page<Media>, StoreError> {
        let audience = || of_media(media::Column::Audience);
        let owner = || of_media(media::Column::UserId);
        let mut parts = Vec::new();
        for id in ids {
            let all = self.shown(viewer).and_where(of_media(media::Column::Title).eq(id.0)).to_owned();
            let public = all.clone().and_where(audience().eq(Audience::Public.number())).to_owned();
            parts.push(newest(public, list));
            if let Some(viewer) = viewer {
                let own = owner().eq(viewer.as_str()).and(audience().ne(Audience::Public.number()));
                let of_friends = audience().eq(Audience::Friends.number()).and(followed_by(viewer, owner()));
                parts.push(newest(all.clone().and_where(own).to_owned(), list));
                parts.push(newest(all.clone().and_where(of_friends).to_owned(), list));
            }
        }
        let Some(mut select) = union_all(parts) else { return Ok(Page { items: Vec::new(), more: false }) };
        select.order_by(media::Column::Id, Order::Desc).limit(rows_for(list.limit));
        self.page(&select, list).await
    }

    /// All rows of a user, for an export.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rows_of(&self, user: &UserId) -> Result<Vec<Row>, StoreError> {
        let transaction = self.control.begin_reading().await?;
        let own = Expr::col(media::Column::UserId).eq(user.as_str());
        let rows = self.control.rows_where::<media::Entity>(&transaction, own).await?;
        self.control.commit(transaction).await?;
        Ok(rows)
    }
}
