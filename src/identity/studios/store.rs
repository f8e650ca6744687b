//! All SQL of studios and games: the control tables, and the worlds that a game has in its studio's own. Keys stand in
//! [`keys`], what games decide in [`rules`], members in [`members`] and [`invitations`], whole studios on the move in
//! [`moving`].

mod invitations;
mod keys;
mod members;
mod moving;
mod rules;

use entity::{
    control::{
        identity::{audit, game, studio, user},
        traces::game_rules,
    },
    tenant::worlds::world,
};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityName, FromQueryResult, Set,
    sea_query::{Expr, LockType, OnConflict, Order, Query},
};

pub use self::{
    keys::Opened,
    moving::{OwnRows, Snapshot, Table},
    rules::Decided,
};
use super::model::{Actor, AuditEntry, Game, Slug, Studio, StudioError, Title};
use crate::{
    identity::access::{
        model::{Environment, Role},
        user_id::UserId,
    },
    platform::{
        clock,
        db::{Database, StudioId},
        error::StoreError,
    },
};

/// Studios, games and keys. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
}

/// Games that a studio's members register at most.
const MOST_GAMES: u64 = 100;

#[derive(FromQueryResult)]
struct IdRow {
    id: i32,
}

#[derive(FromQueryResult)]
struct UserRow {
    #[expect(dead_code, reason = "the statement returns something")]
    id: String,
}

#[derive(FromQueryResult)]
struct CountRow {
    count: i64,
}

/// A row that was just written is not there.
fn vanished(what: &str) -> StoreError {
    StoreError::Statement(sea_orm::DbErr::RecordNotFound(format!("{what} that was just written")))
}

impl Store {
    /// On that database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// All studios, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn studios(&self) -> Result<Vec<Studio>, StoreError> {
        let control = self.database.control();
        let select = control.select::<studio::Entity>().order_by(studio::Column::Slug, Order::Asc).to_owned();
        let rows: Vec<studio::Model> = control.all(&select).await?;
        let studio = |row: studio::Model| {
            let studio::Model { id, slug, title, created_at_ms, .. } = row;
            Studio { id: StudioId(id), slug, title, created_at_ms }
        };
        Ok(rows.into_iter().map(studio).collect())
    }

    /// The studio of that name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn studio(&self, slug: &Slug) -> Result<Option<StudioId>, StoreError> {
        let control = self.database.control();
        let select = control.select::<studio::Entity>().and_where(studio::Column::Slug.eq(slug.as_str())).to_owned();
        let rows: Vec<IdRow> = control.all(&select).await?;
        Ok(rows.first().map(|row| StudioId(row.id)))
    }

    /// Founds a studio, without its tables; nothing when there is one of that name. A user who founds one owns it, and may
    /// found `most`.
    ///
    /// # Errors
    /// [`StudioError::TooManyStudios`], [`StudioError::Gone`], or [`StoreError`].
    pub async fn found(
        &self,
        slug: &Slug,
        title: &Title,
        most: Option<u32>,
        actor: Actor<'_>,
    ) -> Result<Option<StudioId>, StudioError> {
        let control = self.database.control();
        let founder = if let Actor::User(user) = actor { Some(user) } else { None };
        let transaction = control.begin().await?;
        if let Some(user) = founder {
            self.hold_founder(&transaction, user, most).await?;
        }
        let insert = Query::insert()
            .into_table(control.table(studio::Entity))
            .columns([
                studio::Column::Slug,
                studio::Column::Title,
                studio::Column::Founder,
                studio::Column::CreatedAtMs,
            ])
            .values_panic([
                slug.as_str().into(),
                title.as_str().into(),
                founder.map(|user| user.as_str().to_owned()).into(),
                clock::now_ms().into(),
            ])
            .on_conflict(OnConflict::column(studio::Column::Slug).do_nothing().to_owned())
            .returning_col(studio::Column::Id)
            .to_owned();
        let rows: Vec<IdRow> = control.returned(&transaction, &insert).await?;
        let Some(studio) = rows.first().map(|row| StudioId(row.id)) else { return Ok(None) };
        let object = format!("studio:{}", slug.as_str());
        self.write_down(&transaction, Some(studio), actor, "studio.founded", object, String::new()).await?;
        if let Some(user) = founder {
            self.insert_member(&transaction, studio, user, Role::Owner).await?;
        }
        control.commit(transaction).await?;
        Ok(Some(studio))
    }

    /// Removes a studio whose tables are gone, and its games. Its keys stay, revoked, so that every instance learns of it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn remove(&self, studio: StudioId, slug: &Slug, actor: Actor<'_>) -> Result<(), StoreError> {
        let control = self.database.control();
        let transaction = control.begin().await?;
        let games = Query::select()
            .column(game::Column::Id)
            .from(control.table(game::Entity))
            .and_where(game::Column::Studio.eq(studio.0))
            .to_owned();
        control.delete(&transaction, game_rules::Entity, game_rules::Column::Game.in_subquery(games)).await?;
        control.delete(&transaction, game::Entity, game::Column::Studio.eq(studio.0)).await?;
        control.delete(&transaction, studio::Entity, studio::Column::Id.eq(studio.0)).await?;
        let object = format!("studio:{}", slug.as_str());
        self.write_down(&transaction, Some(studio), actor, "studio.deleted", object, String::new()).await?;
        control.commit(transaction).await
    }

    /// The games of a studio, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn games(&self, studio: StudioId) -> Result<Vec<Game>, StoreError> {
        let control = self.database.control();
        let select = control
            .select::<game::Entity>()
            .and_where(game::Column::Studio.eq(studio.0))
            .order_by(game::Column::Slug, Order::Asc)
            .to_owned();
        let rows: Vec<game::Model> = control.all(&select).await?;
        let game = |row: game::Model| Game {
            id: row.id,
            studio: StudioId(row.studio),
            slug: row.slug,
            name: row.name,
            live_world: row.live_world,
            dev_world: row.dev_world,
            created_at_ms: row.created_at_ms,
        };
        Ok(rows.into_iter().map(game).collect())
    }

    /// Registers a game whose worlds are made; false when there is one of that name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add_game(
        &self,
        studio: StudioId,
        slug: &Slug,
        name: &Title,
        [live, dev]: [i32; 2],
        actor: Actor<'_>,
    ) -> Result<bool, StudioError> {
        let control = self.database.control();
        let transaction = control.begin().await?;
        self.hold_studio(&transaction, studio).await?;
        // Who may run the program decides for himself.
        if matches!(actor, Actor::User(_)) {
            let games = self.count(&transaction, game::Entity, game::Column::Studio.eq(studio.0)).await?;
            if games >= MOST_GAMES {
                return Err(StudioError::TooManyThings { what: "games", most: MOST_GAMES });
            }
        }
        let insert = Query::insert()
            .into_table(control.table(game::Entity))
            .columns([
                game::Column::Studio,
                game::Column::Slug,
                game::Column::Name,
                game::Column::LiveWorld,
                game::Column::DevWorld,
                game::Column::CreatedAtMs,
            ])
            .values_panic([
                studio.0.into(),
                slug.as_str().into(),
                name.as_str().into(),
                live.into(),
                dev.into(),
                clock::now_ms().into(),
            ])
            .on_conflict(OnConflict::columns([game::Column::Studio, game::Column::Slug]).do_nothing().to_owned())
            .to_owned();
        if control.execute(&transaction, &insert).await? == 0 {
            return Ok(false);
        }
        let object = format!("game:{}", slug.as_str());
        self.write_down(&transaction, Some(studio), actor, "game.registered", object, name.as_str().to_owned()).await?;
        control.commit(transaction).await?;
        Ok(true)
    }

    /// A game's world in an environment, made when it is not there yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn make_world(&self, studio: StudioId, game: &Slug, environment: Environment) -> Result<i32, StoreError> {
        let tenant = self.database.tenant(studio).await?;
        let transaction = tenant.begin().await?;
        let insert = Query::insert()
            .into_table(tenant.table(world::Entity))
            .columns([world::Column::Game, world::Column::Environment])
            .values_panic([game.as_str().into(), environment.name().into()])
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .to_owned();
        tenant.execute(&transaction, &insert).await?;
        tenant.commit(transaction).await?;
        let find = tenant
            .select::<world::Entity>()
            .and_where(world::Column::Game.eq(game.as_str()))
            .and_where(world::Column::Environment.eq(environment.name()))
            .to_owned();
        let rows: Vec<IdRow> = tenant.all(&find).await?;
        rows.first().map(|row| row.id).ok_or_else(|| vanished("the world"))
    }

    /// What was done at a studio, the newest first, at most `limit`; only what was done before one of them, if that is named.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn audit_entries(
        &self,
        studio: StudioId,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let control = self.database.control();
        let select = control
            .select::<audit::Entity>()
            .and_where(audit::Column::Studio.eq(studio.0))
            .and_where_option(before.map(|before| audit::Column::Id.lt(before)))
            .order_by(audit::Column::Id, Order::Desc)
            .limit(limit)
            .to_owned();
        let rows: Vec<audit::Model> = control.all(&select).await?;
        let deed = |row: audit::Model| AuditEntry {
            id: row.id,
            at_ms: row.at_ms,
            actor: row.actor,
            action: row.action,
            object: row.object,
            detail: row.detail,
        };
        Ok(rows.into_iter().map(deed).collect())
    }

    /// Adds to the audit what is done elsewhere.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn note(
        &self,
        studio: StudioId,
        actor: Actor<'_>,
        action: &str,
        object: String,
        detail: String,
    ) -> Result<(), StoreError> {
        let transaction = self.database.control().begin().await?;
        self.write_down(&transaction, Some(studio), actor, action, object, detail).await?;
        self.database.control().commit(transaction).await
    }

    /// Until the transaction ends nobody else changes the studio's members or games.
    pub(super) async fn hold_studio(
        &self,
        transaction: &DatabaseTransaction,
        studio: StudioId,
    ) -> Result<(), StudioError> {
        let control = self.database.control();
        let hold = Query::select()
            .column(studio::Column::Id)
            .from(control.table(studio::Entity))
            .and_where(studio::Column::Id.eq(studio.0))
            .lock(LockType::Update)
            .to_owned();
        let rows: Vec<IdRow> = control.returned(transaction, &hold).await?;
        rows.first().map(drop).ok_or_else(|| StudioError::NoStudio(studio.to_string()))
    }

    /// Until the transaction ends the user founds nothing else.
    pub(super) async fn hold_founder(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        most: Option<u32>,
    ) -> Result<(), StudioError> {
        let control = self.database.control();
        let hold = Query::select()
            .column(user::Column::Id)
            .from(control.table(user::Entity))
            .and_where(user::Column::Id.eq(user.as_str()))
            .lock(LockType::Update)
            .to_owned();
        if control.returned::<UserRow>(transaction, &hold).await?.is_empty() {
            return Err(StudioError::Gone);
        }
        let Some(most) = most else { return Ok(()) };
        let founded = self.count(transaction, studio::Entity, studio::Column::Founder.eq(user.as_str())).await?;
        if founded < u64::from(most) { Ok(()) } else { Err(StudioError::TooManyStudios(most)) }
    }

    /// How many rows of a table there are, of those that `condition` names.
    async fn count<E: EntityName>(
        &self,
        transaction: &DatabaseTransaction,
        entity: E,
        condition: Expr,
    ) -> Result<u64, StoreError> {
        let control = self.database.control();
        let count = Query::select()
            .expr_as(Expr::cust("count(*)"), "count")
            .from(control.table(entity))
            .and_where(condition)
            .to_owned();
        let rows: Vec<CountRow> = control.returned(transaction, &count).await?;
        Ok(rows.first().map_or(0, |row| row.count.unsigned_abs()))
    }

    /// Adds to the audit, in the transaction of what was done.
    async fn write_down(
        &self,
        transaction: &DatabaseTransaction,
        studio: Option<StudioId>,
        actor: Actor<'_>,
        action: &str,
        object: String,
        detail: String,
    ) -> Result<(), StoreError> {
        let deed = audit::ActiveModel {
            at_ms: Set(clock::now_ms()),
            studio: Set(studio.map(|studio| studio.0)),
            actor: Set(actor.to_string()),
            action: Set(action.to_owned()),
            object: Set(object),
            detail: Set(detail),
            ..audit::ActiveModel::default()
        };
        self.database.control().insert(transaction, vec![deed]).await
    }
}
