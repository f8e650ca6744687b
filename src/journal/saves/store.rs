//! All SQL of saves. The transactions are the service's, since files are part of them; each begins by locking the user's keeper row, so
//! that what one user changes at once happens one after the other.

mod contents;
mod slots;
mod versions;
mod windows;

use entity::control::journal::{save_content, save_keeper, save_slot, save_version, save_window};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult,
    sea_query::{Expr, ExprTrait, OnConflict, Query, SelectStatement},
};

use super::model::{
    Content, Entry, HeldFor, Origin, SavePath, Slot, SlotId, Version, VersionId, VersionState, What, Window,
};
use crate::{
    catalogue::titles::TitleId,
    identity::access::UserId,
    platform::{
        blobs::{BlobKey, Digest},
        db::{Control, Row},
        error::StoreError,
    },
};

/// Saves. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    control: Control,
}

/// How much a user stores, locked until the transaction ends.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Keeper {
    /// By which jobs name the user.
    pub id: i64,
    /// Different files.
    pub contents: i64,
    /// Bytes of these.
    pub bytes: i64,
}

/// A number that says nothing by itself.
#[derive(Clone, Copy, Debug, Default, FromQueryResult)]
struct NumberRow {
    number: i64,
}

#[derive(FromQueryResult)]
struct UserRow {
    user_id: String,
}

/// Something at a path, with its content.
#[derive(FromQueryResult)]
struct EntryRow {
    path: String,
    kind: i16,
    modified_ms: Option<i64>,
    content_id: Option<i64>,
    digest: Option<String>,
    bytes: Option<i64>,
    blob: Option<String>,
    awaited: Option<bool>,
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn statement_error(error: &sea_orm::sea_query::error::Error) -> StoreError {
    StoreError::Statement(sea_orm::DbErr::Type(error.to_string()))
}

impl From<save_slot::Model> for Slot {
    fn from(row: save_slot::Model) -> Self {
        Self {
            id: SlotId(row.id),
            user: UserId::stored(&row.user_id),
            folder: row.folder,
            name: row.name,
            title: row.title.map(TitleId),
            current: row.current,
            created_at_ms: row.created_at_ms,
            changed_at_ms: row.changed_at_ms,
        }
    }
}

impl From<save_version::Model> for Version {
    fn from(row: save_version::Model) -> Self {
        Self {
            id: VersionId(row.id),
            slot: SlotId(row.slot_id),
            number: row.number,
            state: VersionState::stored(row.state),
            held_for: row.held_for.map(HeldFor::stored),
            origin: Origin::stored(row.origin),
            device: row.device,
            base: row.base,
            restored: row.restored,
            files: u64::try_from(row.files).unwrap_or_default(),
            bytes: unsigned(row.bytes),
            created_at_ms: row.created_at_ms,
            finished_at_ms: row.finished_at_ms,
        }
    }
}

impl From<save_window::Model> for Window {
    fn from(row: save_window::Model) -> Self {
        let save_window::Model { id, slot_id, device, opened_at_ms, changed_at_ms, .. } = row;
        Self { id, slot: SlotId(slot_id), device, opened_at_ms, changed_at_ms }
    }
}

impl Content {
    /// A row; `None` where another release has written what this one does not know.
    fn of(row: &save_content::Model) -> Option<Self> {
        Some(Self {
            id: row.id,
            digest: Digest::of_hex(&row.digest)?,
            bytes: unsigned(row.bytes),
            blob: row.blob.as_deref().and_then(BlobKey::parse),
            awaited: row.awaited,
        })
    }
}

impl EntryRow {
    fn entry(self) -> Option<Entry> {
        let what = match self.kind {
            0 => What::File(Content {
                id: self.content_id?,
                digest: Digest::of_hex(&self.digest?)?,
                bytes: unsigned(self.bytes?),
                blob: self.blob.as_deref().and_then(BlobKey::parse),
                awaited: self.awaited?,
            }),
            1 => What::Folder,
            _ => What::Removed,
        };
        Some(Entry { path: SavePath::stored(self.path), what, modified_ms: self.modified_ms })
    }
}

/// Adds the columns of a content to a query that reads paths of a table with a column for it.
fn with_content(select: &mut SelectStatement, control: &Control, table: &'static str) {
    let content = |column| Expr::col(("save_content", column));
    select
        .expr(Expr::col((table, "path")))
        .expr(Expr::col((table, "kind")))
        .expr(Expr::col((table, "modified_ms")))
        .expr(Expr::col((table, "content_id")))
        .expr(content(save_content::Column::Digest))
        .expr(content(save_content::Column::Bytes))
        .expr(content(save_content::Column::Blob))
        .expr(content(save_content::Column::Awaited))
        .left_join(
            control.table(save_content::Entity),
            content(save_content::Column::Id).equals((table, "content_id")),
        );
}

/// Which paths are looked at.
#[derive(Clone, Copy, Debug)]
pub enum Paths<'a> {
    /// All.
    All,
    /// One, the folders that it is in, and all below it.
    Around(&'a SavePath),
    /// One, and all below it.
    Tree(&'a SavePath),
}

impl Paths<'_> {
    fn narrow(self, select: &mut SelectStatement, table: &'static str) {
        let path = || Expr::col((table, "path"));
        match self {
            Self::All => {}
            Self::Around(top) | Self::Tree(top) => {
                // All texts that begin with the path and a slash: `0` follows the slash.
                let (from, to) = (top.below(), format!("{}0", top.as_str()));
                let below = path().gte(from).and(path().lt(to));
                let is_it = if matches!(self, Self::Around(_)) {
                    let these = top.parents().map(|parent| parent.as_str().to_owned()).chain([top.as_str().to_owned()]);
                    path().is_in(these)
                } else {
                    path().eq(top.as_str())
                };
                select.and_where(is_it.or(below));
            }
        }
    }
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

    /// Locks what a user stores, until the transaction ends.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lock(&self, transaction: &DatabaseTransaction, user: &UserId) -> Result<Keeper, StoreError> {
        let same = OnConflict::column(save_keeper::Column::UserId)
            .value(save_keeper::Column::Contents, Expr::col(("save_keeper", save_keeper::Column::Contents)))
            .to_owned();
        let insert = Query::insert()
            .into_table(self.control.table(save_keeper::Entity))
            .columns([save_keeper::Column::UserId, save_keeper::Column::Contents, save_keeper::Column::Bytes])
            .values([Expr::val(user.as_str()), Expr::val(0_i64), Expr::val(0_i64)])
            .map_err(|error| statement_error(&error))?
            .on_conflict(same)
            .returning(Query::returning().columns([
                save_keeper::Column::Id,
                save_keeper::Column::Contents,
                save_keeper::Column::Bytes,
            ]))
            .to_owned();
        let rows: Vec<Keeper> = self.control.returned(transaction, &insert).await?;
        rows.into_iter().next().ok_or_else(|| StoreError::Unavailable("no row was written".to_owned()))
    }

    /// The user of a keeper row.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn user_of(&self, keeper: i64) -> Result<Option<UserId>, StoreError> {
        let select = Query::select()
            .column(save_keeper::Column::UserId)
            .from(self.control.table(save_keeper::Entity))
            .and_where(save_keeper::Column::Id.eq(keeper))
            .to_owned();
        let rows: Vec<UserRow> = self.control.all(&select).await?;
        Ok(rows.into_iter().next().map(|row| UserId::stored(&row.user_id)))
    }

    /// Adds to what a user stores.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add(
        &self,
        transaction: &DatabaseTransaction,
        keeper: i64,
        (contents, bytes): (i64, i64),
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table(self.control.table(save_keeper::Entity))
            .value(save_keeper::Column::Contents, Expr::col(save_keeper::Column::Contents).add(contents))
            .value(save_keeper::Column::Bytes, Expr::col(save_keeper::Column::Bytes).add(bytes))
            .and_where(save_keeper::Column::Id.eq(keeper))
            .to_owned();
        self.control.execute(transaction, &update).await.map(drop)
    }

    /// All rows of a user, by table, for an export.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rows_of(&self, user: &UserId) -> Result<Vec<(&'static str, Vec<Row>)>, StoreError> {
        use entity::control::journal::{save_change, save_entry};
        let slots = Query::select()
            .column(save_slot::Column::Id)
            .from(self.control.table(save_slot::Entity))
            .and_where(save_slot::Column::UserId.eq(user.as_str()))
            .to_owned();
        let of_slots = |entity, id: &'static str| {
            Query::select()
                .column(id)
                .from(entity)
                .and_where(Expr::col("slot_id").in_subquery(slots.clone()))
                .to_owned()
        };
        let versions = of_slots(self.control.table(save_version::Entity), "id");
        let windows = of_slots(self.control.table(save_window::Entity), "id");
        let own = || Expr::col("user_id").eq(user.as_str());
        let of_slot = || Expr::col("slot_id").in_subquery(slots.clone());
        let transaction = self.control.begin_reading().await?;
        let control = &self.control;
        let rows = vec![
            ("slots", control.rows_where::<save_slot::Entity>(&transaction, own()).await?),
            ("versions", control.rows_where::<save_version::Entity>(&transaction, of_slot()).await?),
            (
                "files",
                control
                    .rows_where::<save_entry::Entity>(&transaction, Expr::col("version_id").in_subquery(versions))
                    .await?,
            ),
            ("windows", control.rows_where::<save_window::Entity>(&transaction, of_slot()).await?),
            (
                "changes",
                control
                    .rows_where::<save_change::Entity>(&transaction, Expr::col("window_id").in_subquery(windows))
                    .await?,
            ),
            ("contents", control.rows_where::<save_content::Entity>(&transaction, own()).await?),
            ("stored", control.rows_where::<save_keeper::Entity>(&transaction, own()).await?),
        ];
        control.commit(transaction).await?;
        Ok(rows)
    }
}
